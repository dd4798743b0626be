"""Matters told one by one after an announcement: «gồm bốn nội dung: một là …; hai là …»."""

from __future__ import annotations

from transcribe.wording.line import Line, Phrases

_ANNOUNCED = Phrases(["gồm", "nội dung", "như sau", "sau đây", "nội dung đã thông báo"])
_SERIES = (("một là", "hai là", "ba là", "bốn là", "năm là", "sáu là"),
           ("thứ nhất", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu"))
_SERIES_PHRASES = tuple(tuple(Phrases([said]) for said in series) for series in _SERIES)
_NEAR, _ITEM = 14, 18
"""How many words may stand between the announcement and the first matter, and be in one matter."""


def stops(line: Line) -> dict[int, str]:
    """The positions before which «:» or «;» stands, in announced lists of short matters."""
    found: dict[int, str] = {}
    for first, *others in _SERIES_PHRASES:
        for start in range(len(line)):
            if first.end(line, start) and _is_announced(line, start):
                items = _items(line, start, others)
                found |= {start: ":", **dict.fromkeys(items, ";")} if items else {}
    return found


def _is_announced(line: Line, start: int) -> bool:
    return any(_ANNOUNCED.end(line, position) for position in range(max(0, start - _NEAR), start))


def _items(line: Line, start: int, others: list[Phrases]) -> list[int]:
    """Where the second matter and those after it begin, each near the one before."""
    found: list[int] = []
    for other in others:
        near = range(start + 2, min(len(line), start + _ITEM))
        position = next((position for position in near if other.end(line, position)), None)
        if position is None:
            break
        found.append(position)
        start = position
    return found
