"""Days, months, years, hours and days of the week.

«ngày hai mươi hai tháng năm năm hai ngàn không trăm hai mươi lăm» → «ngày 22/5/2025»;
«tháng tám năm …» → «tháng 8 năm 2023»; the first lunar month is not «/1» («ngày 14 tháng 1»), the
last, which never is December, keeps its name («ngày 23 tháng Chạp»);
«mười bảy mười tám tháng sáu» → «17, 18/6»; «mười giờ bốn mươi lăm» → «10 giờ 45»; half hours stay
«6 giờ rưỡi»; days of the week are names: «thứ Hai».
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from transcribe.wording.cardinals import DIGITS, ZEROS, Number, is_another_word, is_single, number, opens_year
from transcribe.wording.line import Line, Reading
from transcribe.wording.lists import phrases, table, words

_EARLY = frozenset({"mùng", "mồng"})
_LUNAR_MONTHS = {"giêng": 1, "chạp": 12}
_JOINS = frozenset({"và", "với", "đến", "tới", "hoặc", "hay"})
_BEFORE_DAY = frozenset({"ngày", "hôm", "lễ", "dịp"})
_NEAR_DAY = frozenset({"từ", "đến", "tới", "trước", "sau", "hết", "vào", "hôm", "qua"})
_VAGUE = words("numbers", "vague") | words("numbers", "before_the_year")
_BEFORE_COUNTED_MONTHS = _VAGUE - {"đầu", "cuối", "giữa"} | {"chục", "mươi", "mười", "trăm"}
_COUNTED = phrases("numbers", "counted")
_PARTS_OF_DAY = frozenset({"sáng", "trưa", "chiều", "tối", "đêm", "khuya"})
_BEFORE_YEARS = frozenset({"năm", "đoạn", "kỳ", "khóa", "từ", "đến", "tới", "trước", "sau"})
_WEEKDAYS = table("numbers", "weekdays")
_BEFORE_WEEKDAY = words("numbers", "day_before_weekday")
_AFTER_WEEKDAY = words("numbers", "day_after_weekday")
_AMOUNT_GOES_ON = frozenset({"đồng", "phẩy", "rưỡi", "trên", "triệu", "tỷ", "tỉ", "một", "mỗi", *DIGITS})
_BEFORE_AMOUNT = words("numbers", "quantity") - {"tới", "đến", "sau", "trước", "trên", "trong"} | {"giá", "với"}
_NUMBERED = frozenset({"số", "máy", "gọi", "thoại", "lô", "thửa", "tờ"}) | DIGITS.keys()
_THIS_YEAR = {"nay": 0, "ngoái": -1, "sau": 1, "tới": 1}


def date(line: Line, start: int) -> Reading | None:
    """Days with their month, and with the year if it was said."""
    early = line[start] in _EARLY
    if line[start - 1] == "thứ" and line[start] in _WEEKDAYS:
        return None
    days, end = _days(line, start + early)
    month = _month_number(line, end + 1) if days and line[end] == "tháng" else None
    if month is None:
        return Reading(f"{line[start]} {days[0].value}", days[0].end) if early and days else _lone_day(line, start)
    sure = early or line[start - 1] in _BEFORE_DAY or len(days) > 1 or days[0].value >= 13
    if not sure:
        return None
    said = _listed(line, days)
    lunar = line[end + 1] in _LUNAR_MONTHS or line[month.end] == "âm"
    if lunar:
        named = "Chạp" if line[end + 1] == "chạp" else month.value
        return Reading(f"{line[start] + ' ' if early else ''}{said} tháng {named}", month.end)
    year, end = _year_of_date(line, month.end)
    return Reading(f"{'ngày ' if early and line[start - 1] != 'ngày' else ''}{said}/{month.value}{year}", end)


def month(line: Line, start: int) -> Reading | None:
    """The number behind «tháng», or several, unless months are counted: «một tháng ba lần», «tháng hai lần»."""
    if line[start - 1] != "tháng" or line[start - 2] in _BEFORE_COUNTED_MONTHS or line[start - 2] in DIGITS:
        return None
    found = _month_number(line, start)
    if found is None or line[start] in _LUNAR_MONTHS or line[found.end] in ("lần", "buổi", "chuyến", "bữa", "cuộc"):
        return None
    months = [found]
    while more := _next_month(line, months[-1].end, months[-1]):
        months.append(more)
    return Reading(_listed(line, months), months[-1].end)


def year(line: Line, start: int) -> Reading | None:
    """A year behind «năm», or the years of a term: «nhiệm kỳ 2025 – 2030»."""
    before = line[start - 1]
    if before not in _BEFORE_YEARS:
        return _bare_year(line, start)
    first = year_number(line, start) or (_short_year(line, start) if before == "năm" else None)
    if first is None or (before != "năm" and _COUNTED.end(line, first.end)):
        return None
    join = line[first.end] if line[first.end] in ("đến", "tới") else ""
    second = year_number(line, first.end + bool(join))
    if second is None:
        return Reading(str(first.value), first.end)
    return Reading(f"{first.value} {join or '–'} {second.value}", second.end)


def _bare_year(line: Line, start: int) -> Reading | None:
    """A year without «năm»: «tới hẹn là hai nghìn không trăm hai mươi lăm», «sinh một chín năm sáu»."""
    found = year_number(line, start)
    if found is None or _COUNTED.end(line, found.end) or line[found.end] in _AMOUNT_GOES_ON:
        return None
    if line[start + 1] in ("nghìn", "ngàn"):
        sure = line[start + 2] == "không" or found.value < 2000
        return Reading(str(found.value), found.end) if sure and line[start - 1] not in _BEFORE_AMOUNT else None
    said_by_digits = line.between(start, start + 2) == ("một", "chín") and found.end == start + 4
    return Reading(str(found.value), found.end) if said_by_digits and line[start - 1] not in _NUMBERED else None


def year_number(line: Line, start: int) -> Number | None:
    """A year said in full or by its halves: «hai không hai lăm», «một chín bảy lăm»."""
    if line[start] == "hai" and line[start + 1] in ZEROS and DIGITS.get(line[start + 2]):
        return Number(Decimal(2000 + DIGITS[line[start + 2]]), start + 3)
    century = {("hai", "không"): 2000, ("một", "chín"): 1900}.get((line[start], line[start + 1]))
    if century:
        zero = line[start + 2] == "không"
        rest = number(line, start + 2 + zero, pairs=True)
        if rest and (10 <= rest.value < 100 or (zero and rest.value < 10)):
            return Number(rest.value + century, rest.end)
    whole = number(line, start, pairs=True)
    return whole if whole and 1900 <= whole.value <= 2100 and not is_single(line, start, whole) else None


def hour(line: Line, start: int) -> Reading | None:
    """«bảy giờ ba mươi», «mười giờ năm mươi phút», «bảy rưỡi sáng»."""
    hours = None if line[start] == "năm" and line[start - 1] in _VAGUE else number(line, start)
    if hours is None or not _is_whole(hours, 0, 24):
        return None
    if line[hours.end] == "rưỡi" and line[hours.end + 1] in _PARTS_OF_DAY:
        return Reading(str(hours.value), hours.end)
    if line[hours.end] != "giờ":
        return None
    minutes = _minutes(line, hours.end + 1)
    after = line[hours.end + 1]
    if hours.value == 1 and minutes is None and after not in _PARTS_OF_DAY and after not in ("rưỡi", "kém", "đúng"):
        return None
    if minutes:
        return Reading(f"{hours.value} giờ {minutes.text}", minutes.end)
    return Reading(str(hours.value), hours.end)


def weekday(line: Line, start: int) -> Reading | None:
    """«sáng thứ Hai», «thứ Tư tuần tới»; an ordinal otherwise, which is not for this rule."""
    name = _WEEKDAYS.get(line[start])
    if name is None or line[start - 1] != "thứ":
        return None
    after = line[start + 1]
    near = line[start - 2] in _BEFORE_WEEKDAY or after in _AFTER_WEEKDAY or after == "ngày"
    return Reading(name, start + 1) if near or date(line, start + 1) else None


def _days(line: Line, start: int) -> tuple[list[Number], int]:
    """One day or several, and where the last ends."""
    days: list[Number] = []
    position = end = start
    while (day := number(line, position, pairs=True)) and _is_whole(day, 1, 31):
        days.append(day)
        end = day.end
        position = end + (line[end] in _JOINS)
    return days, end


def _next_month(line: Line, end: int, before: Number) -> Number | None:
    """The next of «tháng bảy tám chín và mười»: one more than the month before it."""
    if opens_year(line, end):
        return None
    more = _month_number(line, end + (line[end] in ("và", "với")))
    follows = more is not None and more.value == before.value + 1
    return more if more and follows and not _COUNTED.end(line, more.end) else None


def _listed(line: Line, numbers: list[Number]) -> str:
    """The numbers with the words between them, or commas: «17, 18», «17 và 18»."""
    text = str(numbers[0].value)
    for before, after in pairwise(numbers):
        text += f" {line[before.end]} {after.value}" if line[before.end] in _JOINS else f", {after.value}"
    return text


def _lone_day(line: Line, start: int) -> Reading | None:
    """«tới ngày hai mươi»; a single digit only where a day is meant: «từ ngày năm»."""
    day = number(line, start, pairs=True)
    if day is None or line[start - 1] != "ngày" or not _is_whole(day, 1, 31) or _COUNTED.end(line, day.end):
        return None
    sure = day.value >= 10 or (line[start - 2] in _NEAR_DAY and not is_another_word(line, start))
    return Reading(str(day.value), day.end) if sure else None


def _month_number(line: Line, start: int) -> Number | None:
    special = {**_LUNAR_MONTHS, "tư": 4}.get(line[start])
    if special:
        return Number(Decimal(special), start + 1)
    found = number(line, start)
    return found if found and _is_whole(found, 1, 12) else None


def _year_of_date(line: Line, start: int) -> tuple[str, int]:
    """«/2025» and where the year ends, or nothing."""
    if line[start] != "năm":
        return "", start
    if line.year and line[start + 1] in _THIS_YEAR:
        return f"/{line.year + _THIS_YEAR[line[start + 1]]}", start + 2
    said = year_number(line, start + 1)
    return (f"/{said.value}", said.end) if said else ("", start)


def _short_year(line: Line, start: int) -> Number | None:
    """«năm chín lăm», «năm tám mươi sáu», «năm hai hai»: the century goes without saying."""
    found = number(line, start, pairs=True)
    if found is None or not _is_whole(found, 20, 99) or _COUNTED.end(line, found.end) or line[found.end] == "phần":
        return None
    if found.value == 20:
        return None
    return Number(found.value + (1900 if found.value >= 30 else 2000), found.end)


def _minutes(line: Line, start: int) -> Reading | None:
    """The minutes behind the hour, with «kém» or «lẻ» before them."""
    word = line[start] if line[start] in ("kém", "lẻ") else ""
    found = number(line, start + bool(word))
    if found is None or not _is_whole(found, 1, 59):
        return None
    if word == "lẻ":
        return Reading(f"{found.value:02}", found.end)
    if word:
        return Reading(f"kém {found.value}", found.end)
    counted = _COUNTED.end(line, found.end) and line[found.end] != "phút"
    sure = line[found.end] == "phút" or (found.value >= 10 and not counted)
    return Reading(str(found.value), found.end) if sure else None


def _is_whole(found: Number, lowest: int, highest: int) -> bool:
    return found.value == int(found.value) and lowest <= found.value <= highest
