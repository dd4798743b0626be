"""How every matter of a meeting stands while its replies are given away: one column for each thing to know of them.

A long meeting has hundreds of matters and of replies, and each reply is weighed beside all that was put before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from summarize.answer_features import Column, Flags, Standing
from summarize.catalogue import subject
from summarize.flat import Flat, flatten
from summarize.likeness import Rarity, units
from summarize.matters import Matter
from summarize.replies import numbered, spoken_to
from summarize.turns import Turn

LATELY = 2  # turns
NEVER, NOBODY = -1.0, -1
Voices = npt.NDArray[np.int_]
Index = Mapping[str, Voices]


@dataclass(frozen=True)
class Ledger:
    """Columns have shape (matters,), in the order the matters were put; an index tells for a word which of them."""

    voices: Mapping[str, int]
    turn: Column
    group: Voices
    together: Column
    ordinal: Column
    of: Column
    asker: Voices
    is_denunciation: Flags
    called: Index  # by the words that call their askers by name
    about: Index  # by subject
    units: Index
    # What changes as the walk goes on.
    waits: Flags  # not replied to yet
    is_settled: Flags
    is_pressed: Flags
    last_reply: Column  # the turn
    replied_by: Voices
    asker_spoke: Column  # the turn in which its asker spoke last

    def put_before(self, i: int) -> int:
        """How many matters were put before turn `i`."""
        return int(np.searchsorted(self.turn, i))

    def hear(self, i: int, speaker: str) -> None:
        """Somebody has spoken in turn `i`."""
        self.asker_spoke[self.asker == self.voices[speaker]] = i

    def keep(self, at: int, i: int, speaker: str, is_settled: bool) -> None:
        """A matter, by number, was replied to in turn `i`."""
        self.waits[at], self.last_reply[at], self.replied_by[at] = False, i, self.voices[speaker]
        self.is_settled[at] = is_settled

    def standing(self, i: int, spoken: Sequence[Turn], flat: Flat, thoughts: Sequence[tuple[int, int]], prompt: Flat,
                 rarity: Rarity) -> Standing:
        """How all that was put before stands when reply `i` is given; `prompt` was said since the last reply."""
        many = self.put_before(i)
        every = slice(many)
        turn, ordinal, of, asker = self.turn[every], self.ordinal[every], self.of[every], self.asker[every]
        replied, numbers = ~self.waits[every], numbered(flat)
        lately = [self.voices[earlier.speaker] for earlier in spoken[max(0, i - LATELY):i]]
        subjects = Counter(subject(flat.between(first, last)) for first, last in thoughts)
        return Standing(
            turn, self.group[every], self.together[every], ordinal, of, self.waits[every], self.last_reply[every],
            self.is_settled[every], self.is_pressed[every], self.is_denunciation[every],
            self._weigh(dict.fromkeys(spoken_to(flat), 1.0), self.called)[every] > 0,
            self._weigh(dict.fromkeys(spoken_to(prompt), 1.0), self.called)[every] > 0,
            (turn == turn[-1]) & (of > 1) & (_any_of(ordinal, numbers) | _any_of(ordinal - 1 - of, numbers)),
            self._weigh({about: times for about, times in subjects.items() if about}, self.about)[every],
            self._weigh({unit: rarity.of(unit) for unit in units(prompt.text)}, self.units)[every],
            replied & (self.replied_by[every] == self.voices[spoken[i].speaker]),
            asker == lately[-1], _any_of(asker, lately), replied & (self.asker_spoke[every] > self.last_reply[every]))

    def _weigh(self, worth: Mapping[str, float], index: Index) -> Column:
        """For each matter what all its words are worth."""
        total = np.zeros(len(self.turn))
        for word, value in worth.items():
            if word in index:
                total[index[word]] += value
        return total


def open_ledger(found: Sequence[Matter], spoken: Sequence[Turn]) -> Ledger:
    """Of matters none of which has been replied to."""
    labels = dict.fromkeys((*(turn.speaker for turn in spoken), *(matter.asker for matter in found)))
    voices = {label: number for number, label in enumerate(labels)}
    many = len(found)
    _, group, sizes = np.unique([matter.turn for matter in found], return_inverse=True, return_counts=True)
    return Ledger(
        voices, _column(matter.turn for matter in found), group, sizes[group].astype(np.float64),
        _column(matter.ordinal for matter in found),
        _column(matter.of for matter in found), np.array([voices[matter.asker] for matter in found], dtype=np.int_),
        np.array([matter.is_denunciation for matter in found], dtype=np.bool_),
        _index(_called(matter.name) for matter in found),
        _index(filter(None, [subject(matter.flat)]) for matter in found),
        _index(units(matter.flat) for matter in found),
        np.ones(many, dtype=np.bool_), np.zeros(many, dtype=np.bool_), np.zeros(many, dtype=np.bool_),
        np.full(many, NEVER), np.full(many, NOBODY), np.full(many, NEVER))


def _any_of(column: npt.NDArray[Any], wanted: Iterable[int]) -> Flags:
    found: Flags = np.zeros(len(column), dtype=np.bool_)
    for value in wanted:
        found |= column == value
    return found


def _column(values: Iterable[int]) -> Column:
    return np.array(list(values), dtype=np.float64)


def _index(words_of: Iterable[Iterable[str]]) -> Index:
    found: dict[str, list[int]] = {}
    for at, words in enumerate(words_of):
        for word in words:
            found.setdefault(word, []).append(at)
    return {word: np.array(where) for word, where in found.items()}


@lru_cache(maxsize=4096)
def _called(name: str) -> frozenset[str]:
    """The words of a name by which its bearer may be called: not the first, which is the family's."""
    parts = flatten(name).text.split()
    return frozenset(parts[min(1, len(parts) - 1):]) - {"thị", "văn"} if parts else frozenset()
