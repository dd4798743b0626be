"""What was heard, as the rules of this package look at it: a line of words and phrases to find in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.folding import nfc

_OLD_PLACE = re.compile(r"(?<!q)([ou])([àáảãạèéẻẽẹỳýỷỹỵ])$")
"""Endings such as «oà» and «uỷ», whose tone mark newer spelling puts on the first vowel."""
_MARKED = {
    "o": dict(zip("àáảãạèéẻẽẹ", ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe"), strict=True)),
    "u": dict(zip("ỳýỷỹỵ", ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of written text and the heard words [start, end) it stands for."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """How the words from some position to `end` are written; None leaves them as they were heard."""

    text: str | None
    end: int


class Line:
    """Heard words in lower case and one spelling; beyond both ends it reads as the empty word.

    `year` is the year in which they were said, if known: the «năm nay» of a date.
    """

    def __init__(self, words: Iterable[str], year: int | None = None) -> None:
        self._words = tuple(spelled(word) for word in words)
        self.year = year

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, position: int) -> str:
        return self._words[position] if 0 <= position < len(self._words) else ""

    def between(self, start: int, end: int) -> tuple[str, ...]:
        """The words [start, end)."""
        return self._words[start:end]


class Phrases:
    """A set of phrases of one or more words, looked up by where they begin or end in a line."""

    def __init__(self, phrases: Collection[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted((tuple(map(spelled, phrase.split())) for phrase in phrases), key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append(phrase)
            self._by_last.setdefault(phrase[-1], []).append(phrase)

    def end(self, line: Line, start: int) -> int | None:
        """Where the longest phrase that begins at `start` ends; None when none does."""
        for phrase in self._by_first.get(line[start], ()):
            if line.between(start, start + len(phrase)) == phrase:
                return start + len(phrase)
        return None

    def start(self, line: Line, end: int) -> int | None:
        """Where the longest phrase that ends just before `end` begins; None when none does."""
        for phrase in self._by_last.get(line[end - 1], ()):
            if end >= len(phrase) and line.between(end - len(phrase), end) == phrase:
                return end - len(phrase)
        return None


def as_heard(written: str) -> str:
    """The words of a name as they are heard: small letters, no dash, no comma."""
    return " ".join(spelled(word.strip(",")) for word in written.split() if word not in ("–", "-"))


def spelled(word: str) -> str:
    """The word as the lists of this package spell it: NFC, lower case, «hòa» rather than «hoà»."""
    return _OLD_PLACE.sub(lambda ending: _MARKED.get(ending[1], {}).get(ending[2], ending[0]), nfc(word).lower())
