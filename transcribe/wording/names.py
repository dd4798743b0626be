"""Full names of people: a family name, a middle name and one or two syllables more."""

from __future__ import annotations

from collections.abc import Iterator

from transcribe.wording.compounds import binds
from transcribe.wording.line import Line
from transcribe.wording.lists import phrases, words

_FAMILIES = words("names", "families")
_DOUBTFUL = words("names", "doubtful_families")
_MIDDLES = words("names", "middles")
_GIVEN = words("names", "given")
_BEFORE_ANH = words("names", "before_anh")
_INTRODUCTIONS = phrases("names", "introductions")
_TITLES = words("names", "titles")
_NUMBERS = words("names", "numbers")


def names(line: Line) -> Iterator[tuple[int, int]]:
    """Where each full name begins and ends."""
    position = 0
    while position < len(line):
        end = name_end(line, position)
        if end:
            yield position, end
        position = end or position + 1


def name_end(line: Line, start: int) -> int | None:
    """Where the full name that begins at `start` ends; None when none begins there."""
    if line[start] not in _FAMILIES:
        return None
    introduced = _INTRODUCTIONS.start(line, start) is not None
    middle = line[start + 1]
    if middle in ("văn", "thị") and line[start + 2] and (introduced or line[start] not in _DOUBTFUL):
        return _after_middle(line, start + 2)
    if middle not in _MIDDLES and middle not in _GIVEN:
        return None
    end = _after_middle(line, start + 2) if middle in _MIDDLES and _is_given(line, start + 2) else start + 2
    long = end >= start + 3
    if line[start] in _DOUBTFUL:
        return end if introduced and long else None
    return end if long or introduced else None


def _after_middle(line: Line, position: int) -> int:
    """The given name: one syllable, and one more where it can be nothing else than part of it."""
    after = position + 1
    if line[position - 1] == "văn" or line[position] in _NUMBERS:
        return after
    if not _is_given(line, after) or binds(line, after + 1):
        return after
    is_title = line[after] in _TITLES and line[position] not in _BEFORE_ANH
    return after if is_title or line[after] in _NUMBERS else after + 1


def _is_given(line: Line, position: int) -> bool:
    return line[position] in _GIVEN
