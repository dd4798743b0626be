"""What sounds like a number and is none, or is so vague that it stays in words.

«ba phải», «chú Ba», «kêu là Tám», «hai ba lần», «gần hai năm trời», «hai mươi mấy hộ».
"""

from __future__ import annotations

from transcribe.wording.cardinals import DIGITS, SCALES, UNITS_OF_TENS, is_single, number
from transcribe.wording.line import Line, Reading
from transcribe.wording.lists import phrases, words
from transcribe.wording.units import unit_end

_FIXED = phrases("numbers", "fixed")
_KIN = words("numbers", "kin")
_RANKS = words("numbers", "ranks")
_NOT_AFTER_NAME = words("numbers", "not_after_ranked_name")
_CALLED = phrases("numbers", "called")
_APPROXIMATE = phrases("numbers", "approximate")
_LOOSE = phrases("numbers", "loose")
_VAGUE_YEARS = words("numbers", "vague_years")
_COUNTED = phrases("numbers", "counted")
_LABELS = phrases("numbers", "labels")
_NAMED = phrases("numbers", "named")
_MORE_DIGITS = frozenset({*DIGITS, *UNITS_OF_TENS, "mươi", "phẩy"})


def place(line: Line, start: int) -> Reading | None:
    """A name that begins like a number: «quận Ba Đình», «ấp Năm Căn»."""
    end = unit_end(line, start) or (_LABELS.start(line, start) is not None and _NAMED.end(line, start)) or None
    return Reading(None, end) if end and number(line, start) else None


def kept(line: Line, start: int) -> Reading | None:
    """The words from `start` on that must stay as they were heard."""
    end = (
        _FIXED.end(line, start)
        or _ranked_name(line, start)
        or _told_by_number(line, start)
        or _approximate(line, start)
        or _vague_years(line, start)
        or _some_more(line, start)
        or _times(line, start)
        or _a_dozen(line, start)
    )
    return Reading(None, end) if end else None


def _ranked_name(line: Line, start: int) -> int | None:
    """«chú Ba», «kêu là Tám»: names by rank of birth."""
    if line[start] not in _RANKS or line[start + 1] in _NOT_AFTER_NAME:
        return None
    if line[start] == "mười" and line[start + 1] in _MORE_DIGITS:
        return None
    if line[start - 1] in _KIN:
        several = line[start - 2] in ("các", "mấy", "những")
        return None if several and _COUNTED.end(line, start + 1) else start + 1
    return start + 1 if _CALLED.start(line, start) is not None and not _COUNTED.end(line, start + 1) else None


def _told_by_number(line: Line, start: int) -> int | None:
    """«lượt hai», «câu ba», «ý hai»: what is numbered within a speech."""
    one = number(line, start) if line[start - 1] in ("lượt", "ý", "câu", "điểm") else None
    return one.end if one and is_single(line, start, one) else None


def _approximate(line: Line, start: int) -> int | None:
    """«năm bảy người», «hai ba chục triệu»; «ba bốn ngày» counts and «bốn năm nữa» is four years."""
    end = _APPROXIMATE.end(line, start)
    if end is None or line[end] in _MORE_DIGITS:
        return None
    tens = end
    while line[tens] in ("chục", "trăm", "ngàn", "nghìn", "triệu", "tỷ", "tỉ"):
        tens += 1
    counts = _COUNTED.end(line, end) or line.between(start, end) == ("bốn", "năm")
    return None if counts and tens == end and not _LOOSE.end(line, start) else tens


def _vague_years(line: Line, start: int) -> int | None:
    """«gần hai năm trời», «ba năm nay», «cúp nước ba hôm»."""
    few = number(line, start)
    if few is None or not is_single(line, start, few) or few.value >= 10:
        return None
    if line[few.end] == "hôm":
        return few.end
    return few.end + 2 if line[few.end] == "năm" and line[few.end + 1] in _VAGUE_YEARS else None


def _some_more(line: Line, start: int) -> int | None:
    """«hai mươi mấy hộ», «trăm mấy»."""
    some = number(line, start)
    return some.end + 1 if some and line[some.end] == "mấy" else None


def _times(line: Line, start: int) -> int | None:
    """«gấp ba năm ngoái»: three times as much, not three years."""
    return start + 1 if line[start - 1] == "gấp" and line[start] in DIGITS and line[start + 1] != "lần" else None


def _a_dozen(line: Line, start: int) -> int | None:
    """«một chục trứng», which is twelve in some provinces."""
    many = line[start + 2] in SCALES
    return start + 2 if line.between(start, start + 2) == ("một", "chục") and not many else None
