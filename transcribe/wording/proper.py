"""Proper names that no rule and no list knows, told by the words around them; learned from written dialogues.

«mời anh Sết đi», «ở bờ kinh Ba Rinh», «tôi là Hải, ban bồi thường»: most names are said behind words that
call for one, or are syllables nobody uses otherwise. Each word near, what the rules made of it and of
its neighbours, and the lists its syllables stand in are features; their weights (`proper.json`) are
learned by `benchmarks/proper.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from transcribe.wording.compounds import binds
from transcribe.wording.line import Line
from transcribe.wording.lists import words

LIKELY = 0.7
"""Log-odds from which a word is written with a capital letter: a name too few is better than one too many."""
_LISTS = {name: words(file, name) for file, name in (
    ("names", "families"), ("names", "middles"), ("names", "given"), ("names", "everyday"), ("names", "titles"),
    ("capitals", "first_of_place"), ("capitals", "second_of_place"), ("numbers", "function_words"))}


class Learnt(NamedTuple):
    bias: float
    weights: dict[str, float]
    known: frozenset[str]
    """Words of everyday speech: all others are features only by being others."""


def proper(texts: Sequence[str], except_at: Collection[int] = (), learnt: Learnt | None = None,
           likely: float = LIKELY) -> list[bool]:
    """Which words, some of which the rules gave capitals, are proper names; none at `except_at` is one anew.

    Behind a full name the sentence goes on: «Võ Thanh Sang | đại diện …».
    """
    learnt = learnt or _learnt()
    line = Line(texts)
    found = [text[:1].isupper() for text in texts]
    for position, text in enumerate(texts):
        if not found[position] and text.isalpha() and position not in except_at:
            odds = sum(learnt.weights.get(name, 0.0) for name in features(line, position, found, learnt.known))
            found[position] = learnt.bias + odds > likely
    return found


def features(line: Line, position: int, proper: Sequence[bool], known: frozenset[str]) -> Iterator[str]:
    """What is seen at a word; `proper` are names so far: by any means before it, by rule behind it."""
    said = {place: _kind(line[position + place], known) for place in range(-3, 4)}
    yield from (f"{place}:{word}" for place, word in said.items() if abs(place) < 3)
    for places in ((-1, 0), (0, 1), (-2, -1), (-1, 1), (-3, -2, -1), (1, 2)):
        yield f"{places[0]}:{' '.join(said[place] for place in places)}"
    for place in (-2, -1, 0, 1):
        yield from (f"{place} in {name}" for name, listed in _LISTS.items() if line[position + place] in listed)
    near = "".join("A" if 0 <= at < len(proper) and proper[at] else "a" for at in range(position - 2, position))
    behind = position + 1 < len(proper) and proper[position + 1]
    yield f"names before:{near}"
    yield f"names around:{near[1]}{'A' if behind else 'a'}"
    yield f"name before, then {said[0]}:{near[1]}"
    kind = "unknown" if said[0] == "?" else "given" if line[position] in _LISTS["given"] else "other"
    yield f"{said[-1]} before {kind}"
    yield f"{near[1]} then {said[0]} then {said[1]}"
    yield from (f"binds:{place}" for place in (0, 1) if binds(line, position + place))


def _kind(word: str, known: frozenset[str]) -> str:
    return "#" if word[:1].isdigit() else word if word in known or not word else "?"


@cache
def _learnt() -> Learnt:
    stored = json.loads(files("transcribe.wording").joinpath("proper.json").read_text(encoding="utf-8"))
    return Learnt(stored["bias"], stored["weights"], frozenset(stored["known"]))
