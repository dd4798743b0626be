"""What in a reply tells what became of the question: words in a row, groups of cues, days and figures.

Every feature keeps the words it was found in, so that a decision can show what it rests on. Words count by
their sound, so that «giấy báo» and «dấy báo» are one; all numbers are one word and
all forms of address another, as it does not matter who is addressed and how much is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from summarize.cues import NUMBER, cue, outcome_groups
from summarize.dates import terms
from summarize.flat import Flat
from summarize.mishearing import sound

VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""
ANY_DAY = date(2000, 1, 1)  # whether a term is named does not depend on today
LONGEST_ROW = 2  # words
NEAR = 10  # words within which two cues speak of one thing
LAST = 25  # words at the end of a reply, where it says what it comes to
SHORT = 12  # words of a reply that hardly says anything
ADDRESSED = frozenset(("anh", "chị", "cô", "chú", "bác", "ông", "bà", "cụ", "em", "cháu", "con", "o", "mệ", "dì", "cậu",
                       "thím", "mế", "ôn"))


Cue = tuple[str, int, int]
"""A group of cues and the words [first, last) in which it is met."""


@dataclass(frozen=True)
class Feature:
    """A name, how strongly it is met, and the words [first, last) of the reply where it is met first."""

    name: str
    value: float
    first: int
    last: int

    @property
    def is_cue(self) -> bool:
        """Whether it is a group of cues or a day, whose words belong together."""
        return self.name.startswith(("says:", "ends:"))


def features(flat: Flat) -> Iterator[Feature]:
    """The features of a reply, none of one without words."""
    if not flat.words:
        return
    cues = list(_cues(flat))
    yield from _rows(flat)
    yield from _groups(cues, len(flat.words))
    yield from _pairs(cues)
    yield from _length(flat)


def _rows(flat: Flat) -> Iterator[Feature]:
    """Words in a row, without those of politeness."""
    polite = {i for match in cue("fillers").finditer(flat.text)
              for i in range(flat.at(match.start()), flat.at(match.end() - 1) + 1)}
    kinds = [(i, _kind(token)) for i, token in enumerate(flat.text.split()) if i not in polite]
    worth = 1 / max(3.0, len(kinds) ** 0.5)
    seen: set[str] = set()
    for length in range(1, LONGEST_ROW + 1):
        for at in range(len(kinds) - length + 1):
            row = kinds[at:at + length]
            name = " ".join(kind for _, kind in row)
            if name not in seen:
                seen.add(name)
                yield Feature(f"words:{name}", worth, row[0][0], row[-1][0] + 1)


@lru_cache(maxsize=65536)
def _kind(token: str) -> str:
    if token in ADDRESSED:
        return "@"
    return "#" if re.fullmatch(NUMBER, token) else sound(token)


def _cues(flat: Flat) -> Iterator[Cue]:
    for name in outcome_groups():
        for match in cue(name).finditer(flat.text):
            yield name, flat.at(match.start()), flat.at(match.end() - 1) + 1
    for term in terms(flat, ANY_DAY):
        yield "firm day" if term.is_firm else "day", term.first, term.last


def _groups(cues: Sequence[Cue], length: int) -> Iterator[Feature]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, first, last in cues:
        found[name].append((first, last))
    for name, places in found.items():
        yield Feature(f"says:{name}", min(2.0, len(places) ** 0.5), *places[0])
        if places[-1][1] > length - LAST:
            yield Feature(f"ends:{name}", 1.0, *places[-1])


def _pairs(cues: Sequence[Cue]) -> Iterator[Feature]:
    """Two cues close together, in their order."""
    placed = sorted(cues, key=lambda one: one[1:])
    seen: set[str] = set()
    for i, (name, first, _) in enumerate(placed):
        for other, begin, last in placed[i + 1:]:
            if begin - first > NEAR:
                break
            pair = f"{name} + {other}"
            if name != other and pair not in seen:
                seen.add(pair)
                yield Feature(f"near:{pair}", 0.5, first, last)


def _length(flat: Flat) -> Iterator[Feature]:
    many = len(flat.words)
    yield Feature("bias", 1.0, 0, 0)
    yield Feature("long", min(2.0, many / 40), 0, 0)
    if many < SHORT:
        yield Feature("short", 1.0, 0, 0)
