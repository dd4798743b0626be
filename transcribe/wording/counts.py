"""Labels, ordinals and plain counts.

A number behind a label is a position and always in digits («tổ 7», «ấp 1», «quý III»). Ordinals
stay words («ý thứ hai», «câu thứ ba») but for rows, seats and rounds («hàng ghế thứ 2») and from
eleven on. Counts are in digits («3 ý», «47 hộ»), but «một» stays a word, and so does a single digit
with nothing to count behind it. «ba», «năm» and «chín», which are also father, year and ripe, are
counts only before words that are counted.
"""

from __future__ import annotations

from transcribe.wording.amounts import written
from transcribe.wording.cardinals import DIGITS, TENS, UNITS_OF_TENS, Number, is_another_word, is_single, number
from transcribe.wording.line import Line, Reading
from transcribe.wording.lists import phrases, words
from transcribe.wording.times import year_number

_LABELS = phrases("numbers", "labels")
_BEFORE_MANY = words("numbers", "before_so_of_many")
_COUNTED = phrases("numbers", "counted")
_FUNCTION_WORDS = words("numbers", "function_words")
_QUANTITY = words("numbers", "quantity")
_BEFORE_THE_YEAR = words("numbers", "before_the_year")
_IN_DIGITS = words("numbers", "ordinals_in_digits")
_QUARTERS = {"một": "I", "nhất": "I", "hai": "II", "ba": "III", "tư": "IV", "bốn": "IV"}
_FATHER = frozenset({"má", "mẹ", "lô"})
_LETTERED = phrases("numbers", "lettered")
_NO_COUNT_BEHIND = words("numbers", "no_count_behind")
_SEVERAL = frozenset({*DIGITS, *UNITS_OF_TENS, *TENS, "mười"}) - {"không", "một"}
_NEAR = 20
"""How many words lie at most between two counts that are compared."""
_RANGE = frozenset({"đến", "tới", "hoặc", "hay"})


def label(line: Line, start: int) -> Reading | None:
    """The number of something numbered: «tổ bảy», «đợt một», «số mười tám»."""
    if line[start - 1] in ("quý", "quí") and line[start] in _QUARTERS:
        return Reading(_QUARTERS[line[start]], start + 1)
    if not _is_labelled(line, start):
        return None
    if line[start] == "tư" and not is_another_word(line, start):
        return Reading("4", start + 1)
    if reading := _lettered(line, start):
        return reading
    found = number(line, start)
    if found is None or found.value != int(found.value) or found.scale >= 1000:
        return None
    if is_single(line, start, found) and not _is_position(line, start):
        return None
    return Reading(str(found.value), found.end)


def _lettered(line: Line, start: int) -> Reading | None:
    """«quốc lộ một a» → «quốc lộ 1A»."""
    found = number(line, start) if _LETTERED.start(line, start) is not None else None
    letter = {"a": "A", "bê": "B", "xê": "C"}.get(line[found.end]) if found else None
    return Reading(f"{found.value}{letter}", found.end + 1) if found and letter else None


def ordinal(line: Line, start: int) -> Reading | None:
    """The number behind «thứ»."""
    if line[start - 1] != "thứ":
        return None
    found = number(line, start)
    if found is None:
        return None
    in_row = any(word in _IN_DIGITS for word in line.between(max(0, start - 4), start - 1))
    return Reading(str(found.value) if in_row or found.value > 10 else None, found.end)


def count(line: Line, start: int) -> Reading | None:
    """How many there are of something; years of age are said as «sáu hai tuổi» too."""
    found = number(line, start, pairs=line[start + 2] == "tuổi")
    if found is None or line[start - 1] in ("thứ", "phẩy"):
        return None
    if reading := _range(line, start, found):
        return reading
    if line[start] == "một" and _is_compared(line, start):
        return Reading("1", found.end)
    if is_single(line, start, found):
        return Reading(str(found.value), found.end) if _counts(line, start) else None
    return Reading(written(found), found.end)


def _is_compared(line: Line, start: int) -> bool:
    """Whether more of the same are counted nearby: «thiếu hai bác sĩ, nay có một bác sĩ»."""
    end = _COUNTED.end(line, start + 1)
    often = _COUNTED.end(line, start - 1) == start
    if end is None or often or line[end] in _NO_COUNT_BEHIND:
        return False
    counted = line.between(start + 1, end)
    near = range(max(1, start - _NEAR), min(len(line), start + _NEAR))
    return any(
        line.between(place, place + len(counted)) == counted and line[place - 1] in _SEVERAL for place in near)


def _is_labelled(line: Line, start: int) -> bool:
    if line[start - 1] == "số":
        return line[start - 2] not in _BEFORE_MANY
    return _LABELS.start(line, start) is not None


def _is_position(line: Line, start: int) -> bool:
    """Whether a single digit behind a label numbers it: not «ấp năm ngoái», «cấp một sổ», «đợt năm 2025»."""
    said, after = line[start], line[start + 1]
    if said == "không" or (said == "ba" and after in _FATHER):
        return False
    if said == "năm" and (is_another_word(line, start) or year_number(line, start + 1)):
        return False
    if line[start - 1] == "số" and said in ("năm", "một"):
        return not _COUNTED.end(line, start + 1) and line[start - 2] != ""
    return not (said == "một" and _COUNTED.end(line, start + 1) and line[start + 1] not in ("ấp", "xã", "năm"))


def _range(line: Line, start: int, low: Number) -> Reading | None:
    """«từ ba đến năm ngày», «mười lăm hai mươi triệu», «ba bốn lần»."""
    join = line[low.end] if line[low.end] in _RANGE else ""
    high = number(line, low.end + bool(join))
    if high is None or high.value <= low.value:
        return None
    if not join and low.value >= 10 and high.scale >= 10**6 and low.value * high.scale < high.value:
        return Reading(f"{written(low)}, {written(high)}", high.end)
    if not _COUNTED.end(line, high.end):
        return None
    if not join and low.value < 10 and (high.value != low.value + 1 or low.end > start + 1):
        return None
    return Reading(f"{written(low)}{' ' + join if join else ','} {written(high)}", high.end)


def _counts(line: Line, start: int) -> bool:
    """Whether a single digit counts the word behind it."""
    said, after, before = line[start], line[start + 1], line[start - 1]
    if said in ("không", "một") or not after:
        return False
    end = _COUNTED.end(line, start + 1)
    counted = end is not None and (end > start + 2 or said == "năm" or not is_another_word(line, start))
    if said == "năm":
        return counted and not _is_the_year(line, start)
    if said in ("ba", "chín"):
        return counted or (said == "ba" and before in _QUANTITY and not _is_no_thing(line, start))
    return counted or not _is_no_thing(line, start)


def _is_the_year(line: Line, start: int) -> bool:
    before = line[start - 1]
    counted = before in DIGITS or before in ("mươi", "mười", "chục")
    return counted or before in _BEFORE_THE_YEAR or is_another_word(line, start)


def _is_no_thing(line: Line, start: int) -> bool:
    after = line[start + 1]
    return after in _FUNCTION_WORDS or after in DIGITS or after == "rưỡi" or is_another_word(line, start)
