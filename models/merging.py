"""A newer transcript beside the one people worked on: what stays, what changes, and whose edits go where.

Both are cut into stretches of time that no utterance of either reaches over. Where nobody edited,
the new words hold. An edit goes over to the new utterance only when one old and one new utterance
fill its stretch alike; otherwise the old ones stay as they are, edits and all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from models.records import Utterance

OVERLAP = 0.3
"""Seconds by which utterances of neighbouring stretches may overlap: two engines time words a little otherwise."""
ALIKE = 0.5
"""Seconds by which the edges of two utterances may differ that are taken for the same."""
SAME_SPEAKER = 0.7
"""Share of a speaker's time that must fall to one new speaker, and the other way round, to be the same person."""
KEPT = "kept"
"""The flag of an old utterance that stays because somebody edited it or one beside it."""


class Outcome(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    CARRIED = "carried"
    """New words below, a person's edit above."""
    KEPT = "kept"
    """The old utterances stay: where the edit belongs is not certain."""


@dataclass(frozen=True)
class Side:
    """A stretch of time in both transcripts; `old` as people see it, `new` as the machine heard it anew."""

    old: tuple[Utterance, ...]
    new: tuple[Utterance, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Line:
    """One utterance of both together as the machine wrote it, and the `edits` of the old one `edited`."""

    utterance: Utterance
    edited: int | None = None
    edits: Mapping[str, str] = field(default_factory=dict)


Edits = Mapping[int, Mapping[str, str]]
"""For each edited utterance, by its id, the text of each edited field."""


def compared(old: Sequence[Utterance], new: Sequence[Utterance], edited: Edits) -> list[Side]:
    """Both transcripts side by side, in order of time; every utterance is in exactly one stretch.

    `old` is as the machine wrote it; its speakers are given their names of the new transcript.
    """
    names = same_speakers(old, new)
    return [Side(tuple(edited_as(one, edited, names) for one in before), tuple(after),
                 _outcome(before, after, edited, names)) for before, after in _stretches(old, new)]


def merged(old: Sequence[Utterance], new: Sequence[Utterance], edited: Edits) -> list[Line]:
    """The lines of both together, in order of time."""
    names = same_speakers(old, new)
    found: list[Line] = []
    for before, after in _stretches(old, new):
        outcome = _outcome(before, after, edited, names)
        if outcome == Outcome.KEPT:
            found += [_line(_kept(one, names), one.id, edited, names) for one in before]
        elif outcome == Outcome.CARRIED:
            found.append(_line(after[0], before[0].id, edited, names))
        else:
            found += [Line(one) for one in after]
    return found


def _line(utterance: Utterance, old: int | None, edited: Edits, names: Mapping[str, str]) -> Line:
    edits = edited.get(old or 0)
    return Line(utterance, old, _named(edits, names)) if edits else Line(utterance)


def edited_as(utterance: Utterance, edited: Edits, names: Mapping[str, str]) -> Utterance:
    """The utterance as people see it, its speaker named as in the new transcript."""
    shown = {"speaker": names[utterance.speaker]} | _named(edited.get(utterance.id or 0, {}), names)
    return replace(utterance, speaker=shown["speaker"], text=shown.get("text", utterance.text))


def same_speakers(old: Sequence[Utterance], new: Sequence[Utterance]) -> dict[str, str]:
    """The new name of every old speaker: of the one who speaks at the same times, otherwise a name nobody has.

    Words must not pass to whoever happens to bear the same number.
    """
    shared: defaultdict[tuple[str, str], float] = defaultdict(float)
    for before, after in _stretches(old, new):
        for one in before:
            for other in after:
                shared[one.speaker, other.speaker] += max(0.0, min(one.end, other.end) - max(one.start, other.start))
    of_old, of_new = _totals(shared, 0), _totals(shared, 1)
    names: dict[str, str] = {}
    free = _free_names({one.speaker for one in (*old, *new)})
    for speaker in dict.fromkeys(one.speaker for one in old):
        pairs = [(seconds, pair[1]) for pair, seconds in shared.items() if pair[0] == speaker]
        seconds, likely = max(pairs, default=(0.0, ""))
        sure = seconds > 0 and seconds >= SAME_SPEAKER * max(of_old[speaker], of_new[likely])
        names[speaker] = likely if sure else next(free)
    return names


def _totals(shared: Mapping[tuple[str, str], float], position: int) -> Mapping[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for pair, seconds in shared.items():
        totals[pair[position]] += seconds
    return totals


def _free_names(taken: Collection[str]) -> Iterator[str]:
    numbers = [int(match[1]) for name in taken if (match := re.fullmatch(r"S(\d+)", name))]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"S{number}"


def _named(edits: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """The edits, a speaker chosen among the old ones named anew."""
    return {name: names.get(text, text) if name == "speaker" else text for name, text in edits.items()}


def _kept(utterance: Utterance, names: Mapping[str, str]) -> Utterance:
    return replace(utterance, speaker=names[utterance.speaker], flags=tuple(dict.fromkeys((*utterance.flags, KEPT))))


def _outcome(before: Sequence[Utterance], after: Sequence[Utterance], edited: Edits,
             names: Mapping[str, str]) -> Outcome:
    if any(one.id in edited for one in before):
        return Outcome.CARRIED if _are_alike(before, after) else Outcome.KEPT
    same = [(names[one.speaker], one.text) for one in before] == [(one.speaker, one.text) for one in after]
    return Outcome.SAME if same else Outcome.CHANGED


def _are_alike(before: Sequence[Utterance], after: Sequence[Utterance]) -> bool:
    if len(before) != 1 or len(after) != 1:
        return False
    return abs(before[0].start - after[0].start) <= ALIKE and abs(before[0].end - after[0].end) <= ALIKE


def _stretches(old: Sequence[Utterance], new: Sequence[Utterance]) -> Iterator[tuple[list[Utterance], list[Utterance]]]:
    """Old and new utterances of each stretch of time that none of them reaches over."""
    both = [(one, 0) for one in old] + [(one, 1) for one in new]
    sides: tuple[list[Utterance], list[Utterance]] = ([], [])
    end = 0.0
    for one, side in sorted(both, key=lambda pair: (pair[0].start, pair[1])):
        if any(sides) and one.start >= end - OVERLAP:
            yield sides
            sides, end = ([], []), 0.0
        sides[side].append(one)
        end = max(end, one.end)
    if any(sides):
        yield sides
