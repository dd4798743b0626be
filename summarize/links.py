"""Questions of different citizens on one matter: linked, so that one answer is not looked for twice, never merged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarize.cues import cue
from summarize.cutting import content
from summarize.flat import flatten
from summarize.introductions import given_name
from summarize.matters import Matter

NAMED = "dẫn lại câu của {name}: «{words}»"
ALIKE = "nói cùng việc với câu {number}: «{words}»"
ALIKE_SHARE = 0.5  # of the shorter question's telling words
FEWEST_ALIKE = 5  # words
SHOWN = 6  # of the shared words


def links(matters: Sequence[Matter]) -> dict[int, tuple[int, str]]:
    """For each matter that takes up another citizen's: the position of that one and, in Vietnamese, why."""
    found, telling = {}, [content(matter.flat) for matter in matters]
    open_ones = [i for i, matter in enumerate(matters) if not matter.is_denunciation]
    for many, i in enumerate(open_ones):
        earlier = [j for j in open_ones[:many] if matters[j].asker != matters[i].asker]
        if link := _named(matters[i], earlier, matters) or _alike(matters[i], earlier, telling):
            found[i] = link
    return found


def _named(matter: Matter, earlier: Sequence[int], matters: Sequence[Matter]) -> tuple[int, str] | None:
    """«Em cũng bị như bà Hảo»: of that citizen's matters the one most alike."""
    for match in cue("same_as").finditer(matter.flat):
        called = matter.flat[match.end():].split()[:2]
        theirs = [j for j in earlier if (name := matters[j].name) and (
            given_name(name) in called or set(flatten(name).as_said) & set(called))]
        if theirs:
            nearest = max(theirs, key=lambda j: len(content(matters[j].flat) & content(matter.flat)))
            words = f"{match[0]} {called[0]}"
            return nearest, NAMED.format(name=matters[nearest].name, words=words)
    return None


def _alike(matter: Matter, earlier: Sequence[int], telling: Sequence[frozenset[str]]) -> tuple[int, str] | None:
    """Most of the telling words are the same."""
    own = content(matter.flat)
    for j in reversed(earlier):
        shared = own & telling[j]
        if len(shared) >= FEWEST_ALIKE and len(shared) >= ALIKE_SHARE * min(len(own), len(telling[j])):
            in_order = [word for word in re.findall(r"\S+", matter.flat) if word in shared]
            return j, ALIKE.format(number=j + 1, words=", ".join(dict.fromkeys(in_order[:SHOWN])))
    return None
