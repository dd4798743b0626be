"""Commas where they are quite sure: after «dạ», around addresses, before «nhưng», in «thưa …, thưa …»."""

from __future__ import annotations

from transcribe.wording.cardinals import DIGITS
from transcribe.wording.line import Line
from transcribe.wording.lists import phrases, words

_BEFORE = phrases("sentences", "comma_before")
_AFTER_OPENING = phrases("sentences", "comma_after_opening")
_ORDINALS = phrases("sentences", "comma_after")
_APPOSITIONS = words("sentences", "appositions")
_NO_COMMA_AFTER = words("sentences", "no_comma_after")


def commas(line: Line, start: int, end: int, people: dict[int, int]) -> set[int]:
    """The positions in the sentence [start, end) before which a comma stands; `people` are names of persons."""
    found = {position for position in range(start + 2, end - 1) if _is_before(line, position)}
    for phrases_at, places in ((_AFTER_OPENING, [start]), (_ORDINALS, range(start, end))):
        found |= {behind for place in places if (behind := phrases_at.end(line, place)) and behind < end}
    names_within = [behind for name, behind in people.items() if start < name and behind < end]
    found |= {behind for behind in names_within if _is_apposition(line, behind)}
    return {position for position in found if line[position] not in ("là", "thì", "của", "nữa", "ạ", "ơi")}


def _is_before(line: Line, position: int) -> bool:
    if line[position] == "ấp":
        return line[position - 1] in DIGITS and line[position - 2] in ("tổ", "số")
    return bool(_BEFORE.end(line, position)) and line[position - 1] not in _NO_COMMA_AFTER


def _is_apposition(line: Line, position: int) -> bool:
    """What is told of a person right behind the name: age, home, office."""
    said = line[position]
    return said in DIGITS or said in _APPOSITIONS
