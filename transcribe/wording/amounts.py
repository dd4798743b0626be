"""Money, measures, shares.

Whole thousands are written out («500.000 đồng», where «đồng» went without saying it is added);
what was said in millions or billions stays so («3,2 triệu», «2,346 tỷ đồng»), unless thousands were
said too («2.850.000»). A price by area is «3,2 triệu đồng/m²». Metric units become symbols, the
others stay words («3 công đất», «4 tấc»). «rưỡi» becomes «,5» («34,5 triệu», «2,5 ha»).
"""

from __future__ import annotations

from decimal import Decimal

from transcribe.wording.cardinals import DIGITS, Number, decimals, digits, is_another_word, number, tail
from transcribe.wording.line import Line, Phrases, Reading
from transcribe.wording.lists import phrases, table, words

_MEASURES = table("numbers", "measures")
_MEASURE_PHRASES = Phrases(_MEASURES)
_NOT_MEASURES = {unit: frozenset(after.split()) for unit, after in table("numbers", "not_measures").items()}
_FAR = frozenset({"dài", "khoảng", "chừng", "cỡ", "cách", "đây", "xa", "tới", "đi", "hơn", "gần"})
_DECIMAL = frozenset({"m", "km", "tấn", "tạ"})
"""Units behind which tenths may be said without a comma: «hai mét tám», «một tấn hai»."""
_AREAS = frozenset({"m²", "ha", "m³"})
_COUNTED = phrases("numbers", "counted")
_NOTHING_COUNTED = words("numbers", "function_words")
"""Behind these a sum is money: «hai chục ngàn một tháng»."""
_ABOUT_MONEY = words("numbers", "about_money")
_MONEY_WORDS = frozenset({"nhiêu", "đồng", "ngàn", "nghìn", "triệu", "tỷ", "rưỡi"})
_WOUNDED = frozenset({"thương", "bệnh"})
"""Whose grade is told out of four: «thương binh hạng ba trên tư»."""
_TALL = frozenset({"cao", "rộng", "sâu", "dài", "ngang", "lấn", "chừng", "khoảng", "cỡ"})


def written(found: Number) -> str:
    """The number with the scale it was said in: «3,2 triệu», «12 tỷ», «1.250»."""
    if found.scale == 10**4:
        return f"{digits(found.value / 10**4)} vạn"
    for name, scale in (("tỷ", 10**9), ("triệu", 10**6)):
        if found.scale >= 10**6 and found.value >= scale:
            return f"{digits(found.value / scale)} {name}"
    return digits(found.value)


def money(line: Line, start: int) -> Reading | None:
    """A sum of a thousand or more, with what it is paid for if that is a measure."""
    found = number(line, start)
    if found is None or found.scale < 1000:
        return None
    said = line[found.end] == "đồng"
    if area := _by_area(line, found.end + said):
        return Reading(f"{written(found)} đồng/{area.text}", area.end)
    is_sum = _lacks_unit(line, found) and _is_about_money(line, start, found.end)
    return Reading(f"{written(found)} đồng" if is_sum else written(found), found.end)


def _lacks_unit(line: Line, found: Number) -> bool:
    after = line[found.end]
    return line[found.end - 1] in ("ngàn", "nghìn") and (not after or after in _NOTHING_COUNTED) and after != "em"


def _is_about_money(line: Line, start: int, end: int) -> bool:
    """Whether nothing else was said, a price for each is given, or money is spoken of nearby."""
    alone = end - start == len(line)
    near = {*line.between(max(0, start - 15), end), *line.between(end, end + 4)}
    return alone or line[end] in ("một", "mỗi") or bool(_ABOUT_MONEY & near)


def share(line: Line, start: int) -> Reading | None:
    """Percentages and simple fractions."""
    found = number(line, start)
    if found is None:
        return None
    if line[found.end] == "trên":
        return _out_of(line, found)
    high = number(line, found.end + 1) if line[found.end] in ("đến", "tới") else None
    if high and found.value < high.value and line.between(high.end, high.end + 2) == ("phần", "trăm"):
        return Reading(f"{digits(found.value)} {line[found.end]} {digits(high.value)}%", high.end + 2)
    if line[found.end] != "phần":
        return None
    if line[found.end + 1] == "trăm":
        each = line[found.end + 3] if line[found.end + 2] in ("một", "mỗi") else ""
        if each in ("năm", "tháng", "ngày"):
            return Reading(f"{digits(found.value)}%/{each}", found.end + 4)
        return Reading(f"{digits(found.value)}%", found.end + 2)
    below = {**DIGITS, "tư": 4, "mười": 10}.get(line[found.end + 1], 0)
    if found.value >= below or is_another_word(line, found.end + 1):
        return None
    return Reading(f"{found.value}/{below}", found.end + 2)


def wounded(line: Line, start: int) -> Reading | None:
    """The grade of a wounded veteran, which would otherwise be a label: «hạng ba trên tư» → «hạng 3/4»."""
    said = DIGITS.get(line[start], 0)
    near = _WOUNDED & set(line.between(max(0, start - 4), start))
    sure = 1 <= said <= 4 and line[start + 1] == "trên" and line[start + 2] in ("tư", "bốn") and bool(near)
    return Reading(f"{said}/4", start + 3) if sure else None


def _out_of(line: Line, some: Number) -> Reading | None:
    """«bảy trên mười hộ» → «7/10 hộ»."""
    whole = number(line, some.end + 1)
    if whole is None or whole.value < some.value or whole.value < 10 or not _COUNTED.end(line, whole.end):
        return None
    return Reading(f"{digits(some.value)}/{digits(whole.value)}", whole.end)


def measure(line: Line, start: int) -> Reading | None:
    """Lengths, areas, volumes and weights: «hai mét tám» is «2,8 m», «công rưỡi» «1,5 công»."""
    found = number(line, start) or Number(Decimal(1), start)
    unit = _unit(line, found.end)
    if unit is None or (line[start] == "một" and line[start - 1] in _MONEY_WORDS):
        return None
    if line.between(found.end, unit.end) == ("cây",) and line[start - 1] not in _FAR:
        return None
    value, end = _with_tenths(line, found, unit)
    if found.end == start and not _is_bare(line, start, end, unit):
        return None
    amount = written(found) if value == found.value else digits(value)
    return Reading(f"{amount} {unit.text}", end)


def _unit(line: Line, start: int) -> Reading | None:
    if line[start] == "cây" and tail(line, start + 1) and not _COUNTED.end(line, start + 2):
        return Reading("km", start + 1)
    end = _MEASURE_PHRASES.end(line, start)
    if end is None or (line[end] in _NOT_MEASURES.get(line[start], ()) and end == start + 1):
        return None
    return Reading(_MEASURES[" ".join(line.between(start, end))], end)


def _with_tenths(line: Line, found: Number, unit: Reading) -> tuple[Decimal, int]:
    """The value with what is said behind the unit: «rưỡi», «tám», or centimetres «sáu lăm»."""
    if line[unit.end] == "rưỡi":
        return found.value + Decimal("0.5"), unit.end + 1
    if unit.text not in _DECIMAL or found.value != int(found.value):
        return found.value, unit.end
    short = tail(line, unit.end)
    if short and not _COUNTED.end(line, short[1]) and line[short[1]] not in ("bên", "đầu"):
        return found.value + short[0] / 10, short[1]
    hundredths, end = decimals(line, unit.end)
    if unit.text == "m" and len(hundredths) == 2 and not _COUNTED.end(line, end):
        return found.value + Decimal(hundredths) / 100, end
    return found.value, unit.end


def _is_bare(line: Line, start: int, end: int, unit: Reading) -> bool:
    """Whether the one went without saying: «công rưỡi», «cao mét tám»."""
    return end > unit.end and (line[end - 1] == "rưỡi" or line[start - 1] in _TALL)


def _by_area(line: Line, start: int) -> Reading | None:
    """«một mét vuông» behind a price."""
    unit = _unit(line, start + 1) if line[start] in ("một", "mỗi", "trên") else None
    return unit if unit and unit.text in _AREAS else None
