"""Days and terms as people say them («thứ Ba tuần sau», «trong quý III»), and the date they mean.

Works on flat text, so on both forms: «trước ngày 25/10» and «trước ngày hai mươi lăm tháng
mười». A term without a year is taken to lie after the meeting when it is a deadline; a term that
can only be understood with something nobody said («kể từ khi nộp») has no date.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from models.clocks import after
from summarize.cues import UNITS
from summarize.flat import Flat

PAST_WITHIN = 10  # words of one clause in which «đã» makes a day a past one
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}

UNIT = "(?:một|mốt|hai|ba|bốn|tư|lăm|nhăm|năm|sáu|bảy|bẩy|tám|chín)"
SMALL = (rf"(?:\d{{1,3}}|(?:hai|ba|bốn|năm|sáu|bảy|tám|chín)(?: mươi| chục)(?: {UNIT})?|(?:hăm|băm) {UNIT}|"
         rf"mười(?: {UNIT})?|(?:hai|ba) (?:mốt|lăm)|(?:một|hai|ba|bốn|tư|năm|sáu|bảy|bẩy|tám|chín))")
DAY = rf"(?:hai (?:{UNIT})(?! (?:mươi|chục))|ba mốt|{SMALL})"
"""A day of a month; «hai bảy» is the 27th."""
HUNDREDS = rf"(?:{UNIT} trăm(?: (?:linh |lẻ )?{SMALL})?|{SMALL})"
MONTH = (r"(?:\d{1,2}|mười một|mười hai|mười|giêng|chạp|một|hai|ba|bốn|tư|"
         r"năm(?! (?:\d{4}|nay|này|sau|tới|hai))|sáu|bảy|tám|chín)")
YEAR = (r"(?: năm (?P<year>\d{4}|nay|này|sau|tới|hai (?:ngàn|nghìn)(?: không trăm)?(?: linh| lẻ)?"
        rf"(?: (?:{UNIT} mươi|mười|hai|ba)(?: {UNIT})?)?|hai không (?:không|{UNIT}) (?:không|{UNIT})))?")
NEARS = "này|nay|ni|tới|sau|kế|sang"
NEAR = f"(?P<near>{NEARS})"
YEAR_ALONE = r"(?: (?P<year>\d{4}))?"
BEFORE = "trước $"
LONG_AGO = 120  # days behind the meeting within which a day is one that has gone by
LONG_PAST = 4  # the same for a month, in months
EVERY = frozenset({"mỗi", "từng", "hàng", "hằng"})
NO_TERM = re.compile(r"(?:hàng|hằng|mỗi) (?:ngày|tuần|tháng)|(?:(?:tuần|tháng|năm) )?(?:qua|vừa rồi|vừa qua|"
                     r"ngoái)(?!\S)|(?:tuần|tháng|năm) (?:trước|rồi)(?!\S)|trở lại đây")
SHARE = re.compile(r"(?:hộ|người|thôn|ấp|xóm|em|cháu|tiêu chí|chỉ tiêu|điểm|đơn vị|tuyến|công trình|xã|phường|nhà)"
                   r"(?!\S)")
LUNAR = re.compile(r"âm(?: lịch)?(?!\S)")
FIRM = r"chậm nhất|trễ nhất|muộn nhất|hạn chót|hạn cuối|(?<!gia )hạn|trước|nội|tối đa|trong vòng|không quá"
LEADING = f"(?:{FIRM}|đến hết|hết|đến|kể từ|bắt đầu từ|từ|vào|trong|khoảng|sau|kỳ chi|đợt chi)(?: là| vào| trong)*"
LEAD = f"(?P<lead>(?:{LEADING} )*)"
PART = r"(?P<part>(?:cuối|đầu|giữa|trong|hết) )?"
DAYTIME = r"(?:sáng|trưa|chiều|tối|đêm|khuya)"


@dataclass(frozen=True)
class Term:
    """Words [first, last) that name a day or term, as said, its last day, and whether it binds («trước»)."""

    first: int
    last: int
    text: str
    day: date | None
    is_firm: bool


def terms(flat: Flat, today: date) -> list[Term]:
    """The terms of a text in their order, without overlaps; of two that overlap the longer one."""
    found = [term for pattern, meaning in READINGS for term in _read(flat, pattern, meaning, today)]
    kept: list[Term] = []
    for term in sorted(found, key=lambda term: (term.first - term.last, term.first)):
        if all(term.last <= other.first or term.first >= other.last for other in kept):
            kept.append(term)
    return sorted(kept, key=lambda term: term.first)


def coming(flat: Flat, today: date) -> list[Term]:
    """Those that do not lie before the meeting and are not told as past."""
    return [term for term in terms(flat, today) if (term.day is None or term.day >= today) and not _is_past(flat, term)]


@lru_cache(maxsize=8192)
def deadline(flat: Flat, today: date) -> Term | None:
    """What an answer undertakes: the last binding term, else the last one."""
    found = coming(flat, today)
    return max(found, key=lambda term: (term.is_firm, term.first), default=None)


def number(words: str) -> int | None:
    """The number that digits or words under a thousand say."""
    if words.isdigit():
        return int(words)
    if " trăm" in words:
        hundreds, _, rest = words.partition(" trăm")
        below = number(re.sub("^(?:linh|lẻ) ", "", rest.strip()) or "không")
        return None if below is None else UNITS[hundreds] * 100 + below
    value = 0
    for word in words.split():
        if word in ("mươi", "chục"):
            value *= 10
        elif word == "mười":
            value = 10
        elif word in ("hăm", "băm"):
            value = 20 if word == "hăm" else 30
        elif word in UNITS:
            value = value * 10 + UNITS[word] if 0 < value < 10 else value + UNITS[word]
        else:
            return None
    return value


Meaning = Callable[[re.Match[str], date, bool], date | None]


def _read(flat: Flat, pattern: re.Pattern[str], meaning: Meaning, today: date) -> Iterator[Term]:
    for match in pattern.finditer(flat.text):
        first, last = flat.at(match.start()), flat.at(match.end() - 1) + 1
        lead_ends = flat.at(match.end("lead") - 1) + 1 if match["lead"] else first
        if any(word.ends_clause for word in flat.words[first:lead_ends]):
            first = lead_ends  # «báo sau, sáng mai …»
        if any(word.ends_sentence for word in flat.words[first:last - 1]):
            continue
        if _recurs_or_is_past(flat, first, last):
            continue
        lead = match["lead"] or ""
        is_firm = re.search(FIRM, lead) is not None
        try:
            day = meaning(match, today, is_firm)
        except (ValueError, OverflowError):  # «ngày 31 tháng 2», «mất 3 ngày»
            continue
        if LUNAR.match(flat.between(last, min(last + 2, len(flat.words)))):
            day = None
        text = flat.original[flat.words[first].start:flat.words[last - 1].end]
        yield Term(first, last, " ".join(text.split()), day, is_firm)


def _recurs_or_is_past(flat: Flat, first: int, last: int) -> bool:
    """«mỗi ngày 2 chuyến», «thứ hai hàng tuần», «trong 6 tháng qua», «8/12 hộ»: no term."""
    after = flat.between(last, min(last + 3, len(flat.words)))
    return ((first > 0 and flat.as_said[first - 1] in EVERY)
            or NO_TERM.match(after) is not None
            or ("/" in flat.between(first, last) and SHARE.match(after) is not None))


def _is_past(flat: Flat, term: Term) -> bool:
    """«đã được phê duyệt ngày …», «nộp từ tháng 8»: what happened is no deadline."""
    begin = term.first
    while begin > max(0, term.first - PAST_WITHIN) and not flat.words[begin - 1].ends_clause:
        begin -= 1
    before = flat.between(begin, term.first)
    return re.search(r"(?<!\S)(?:đã|bị|hồi|trả lại|từng|vừa)(?!\S)(?!.* sẽ )", before) is not None and not term.is_firm


def _dated(match: re.Match[str], today: date, ahead: bool) -> date | None:
    day, month = number(match["day"]), _month(match["month"])
    if re.search(rf"(?<!\S){MUNG}.* tháng (?:giêng|chạp)", match[0]):
        return None  # of the moon
    year = _year(match["year"], today)
    if day is None or month is None:
        return None
    return date(year, month, day) if year else _nearest(today, month, day, ahead)


def _nearest(today: date, month: int, day: int, ahead: bool) -> date:
    """Without a year: this year's day, or next year's when this year's is long past (at all past, if it lies ahead);
    of 29 February the next there is. Raises ValueError for a day that no year has."""
    if (month, day) == (2, 29):
        years = (year for year in range(today.year, today.year + 9) if isleap(year))
        return next(leap for year in years if (today - (leap := date(year, 2, 29))).days <= (0 if ahead else LONG_AGO))
    this = date(today.year, month, day)
    return date(today.year + 1, month, day) if (today - this).days > (0 if ahead else LONG_AGO) else this


def _slashed(match: re.Match[str], today: date, ahead: bool) -> date | None:
    if match["slashed"] == "24/7":
        raise ValueError("always")
    day, month, *year = (int(part) for part in re.split("[/. ]", match["slashed"]))
    return date(year[0], month, day) if year else _nearest(today, month, day, ahead)


def _day_alone(match: re.Match[str], today: date, ahead: bool) -> date | None:
    day = number(match["day"])
    if day is None or not 1 <= day <= 31:
        return None
    first = today.replace(day=1)
    if re.search(r"(?<!\S)hôm ", match[0]):
        return _add_months(first, 0 if day <= today.day else -1).replace(day=day)
    months = (_add_months(first, ahead) for ahead in range(0 if day >= today.day else 1, 3))
    return next(month.replace(day=day) for month in months if day <= monthrange(month.year, month.month)[1])


def _day_of_month(match: re.Match[str], today: date, ahead: bool) -> date | None:
    """«ngày 25 tháng sau»: the last day that month has, where it has no such day."""
    day = number(match["day"])
    if day is None or not 1 <= day <= 31:
        return None
    month = _add_months(today.replace(day=1), _steps(match["near"]))
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _weekday(match: re.Match[str], today: date, ahead: bool) -> date | None:
    wanted = 6 if match["sunday"] else WEEKDAYS[match["weekday"]]
    near = match["near"] or ""
    if match["week"]:
        monday = today - timedelta(today.weekday())
        return monday + timedelta(wanted + (0 if near in ("này", "nay", "ni") else 7))
    days = (wanted - today.weekday()) % 7
    return today + timedelta(days or (7 if near in ("tới", "sau") else 0))


def _week(match: re.Match[str], today: date, ahead: bool) -> date | None:
    monday = today - timedelta(today.weekday()) + timedelta(7 * _steps(match["near"]))
    if re.search(BEFORE, match["lead"] or "") and not _part(match):
        return monday - timedelta(1)
    return monday + timedelta(1 if _part(match) == "đầu" else 6)


def _this_month(match: re.Match[str], today: date, ahead: bool) -> date | None:
    return _in_month(_add_months(today, _steps(match["near"])), _part(match), match["lead"] or "")


def _named_month(match: re.Match[str], today: date, ahead: bool) -> date | None:
    month = _month(match["month"])
    if month is None:
        return None
    next_year = month < today.month - (0 if ahead else LONG_PAST)
    year = _year(match["year"], today) or today.year + next_year
    return _in_month(date(year, month, 1), _part(match), match["lead"])


def _in_month(within: date, part: str, lead: str) -> date:
    if part in ("đầu", "giữa"):
        return within.replace(day=10 if part == "đầu" else 20)
    if re.search(BEFORE, lead) and not part:
        return within.replace(day=1) - timedelta(1)
    return _add_months(within.replace(day=1), 1) - timedelta(1)


def _quarter(match: re.Match[str], today: date, ahead: bool) -> date | None:
    if match["near"]:
        at = _add_months(today, 3 * _steps(match["near"]))
        year, quarter = at.year, (at.month + 2) // 3
    else:
        quarter = ROMAN.get(match["quarter"]) or number(match["quarter"]) or 0
        year = _year(match["year"], today) or today.year + (quarter * 3 < today.month)
    if not 1 <= quarter <= 4:
        return None
    if _part(match) == "đầu":
        return date(year, quarter * 3 - 2, 10)
    if re.search(BEFORE, match["lead"] or "") and not _part(match):
        return date(year, quarter * 3 - 2, 1) - timedelta(1)
    return _add_months(date(year, quarter * 3, 1), 1) - timedelta(1)


def _this_year(match: re.Match[str], today: date, ahead: bool) -> date | None:
    year = today.year + _steps(match["near"]) if match["near"] else int(match["year"])
    if re.search(BEFORE, match["lead"] or "") and not _part(match):
        year -= 1
    return date(year, 3, 31) if _part(match) == "đầu" else date(year, 12, 31)


def _half_year(match: re.Match[str], today: date, ahead: bool) -> date | None:
    year = _year(match["year"], today) or today.year
    return date(year, 6, 30) if match["half"] == "đầu" else date(year, 12, 31)


def _end_of(match: re.Match[str], today: date, ahead: bool) -> date | None:
    if match["unit"] == "tuần":
        return today + timedelta(6 - today.weekday())
    return date(today.year, 12, 31) if match["unit"] == "năm" else _in_month(today, "cuối", "")


def _halves(match: re.Match[str], today: date, ahead: bool) -> date | None:
    months = number(match["months"]) if match["months"] else 0
    return None if months is None else _add_months(today, months) + timedelta(15)


def _within(match: re.Match[str], today: date, ahead: bool) -> date | None:
    many, since = number(match["many"]), match["since"] or ""
    if not (match["lead"] or since or match["working"] or match["ending"]):
        raise ValueError("a number of days alone is no term")
    if many is None or (since and not match["slashed"] and not re.search("nay$", since)):
        return None  # «kể từ khi nộp»: nobody knows when that will be
    begin = _slashed(match, today, False) if match["slashed"] else today
    assert begin is not None
    if match["unit"] == "tháng":
        return _add_months(begin, many)
    if match["working"]:
        return after(begin, many, working=True)  # public holidays are not known here
    return begin + timedelta((7 if match["unit"] == "tuần" else 1) * many)


def _soon(match: re.Match[str], today: date, ahead: bool) -> date | None:
    word = (match["soon"] or "nay").split()[-1]
    return today + timedelta({"mai": 1, "mốt": 2, "kia": 2}.get(word, 0))


def _unknown(match: re.Match[str], today: date, ahead: bool) -> date | None:
    return None


def _add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one that month has."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(day.day - 1), following - timedelta(1))


def _steps(near: str) -> int:
    return 0 if near in ("này", "nay", "ni") else 1


def _part(match: re.Match[str]) -> str:
    return (match["part"] or "").strip()


def _month(words: str) -> int | None:
    month = {"giêng": 1, "chạp": 12}.get(words) or number(words)
    return month if month and 1 <= month <= 12 else None


def _year(words: str | None, today: date) -> int | None:
    if not words:
        return None
    if words.isdigit():
        return int(words)
    if words in ("nay", "này", "sau", "tới"):
        return today.year + _steps(words)
    rest = re.sub(r"^hai (?:(?:ngàn|nghìn)(?: không trăm)?(?: linh| lẻ)?|không) ?", "", words)
    return 2000 + (number(rest.removeprefix("không ")) or 0)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){LEAD}{expression}(?!\S)")


MUNG = "(?:mùng|mồng) "
AMOUNTS = rf"(?: (?:ngày|tháng|giờ|đồng|triệu|hộ|năm(?! (?:nay|này|sau|tới))|{UNIT}|mươi|chục|lần|chuyến|ca|buổi))"
SLASHED = r"(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}\.\d{1,2}\.\d{4})"
DASHED = r"(?P<slashed>\d{1,2} (?:0?[1-9]|1[0-2])(?: \d{4})?)"
WEEKDAY = "(?:thứ (?P<weekday>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật))"
READINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (_pattern(rf"(?:ngày |hôm )?{SLASHED}(?: này| tới)?"), _slashed),
    (_pattern(rf"(?:ngày|hôm) {DASHED}"), _slashed),
    (_pattern(rf"(?:ngày |hôm )?(?:{MUNG})?(?P<day>{DAY}) tháng (?P<month>{MONTH}){YEAR}(?: này| tới)?"), _dated),
    (_pattern(rf"(?:(?:ngày|hôm) (?!một(?!\S))(?:{MUNG})?|{MUNG})(?P<day>{DAY})(?!{AMOUNTS})(?: (?:này|tới))?"),
     _day_alone),
    (_pattern(rf"(?:ngày |hôm )?(?:{MUNG})?(?P<day>{DAY}) tháng {NEAR}"), _day_of_month),
    (_pattern(rf"(?:{DAYTIME} )?{WEEKDAY}(?: (?P<week>tuần )?{NEAR})"), _weekday),
    (re.compile(rf"(?<!\S)(?P<lead>(?:(?:{FIRM}|đến|từ|vào|bắt đầu từ)(?: là| vào)* |{DAYTIME} |ngày ))"
                rf"{WEEKDAY}(?P<week>)(?P<near>)(?!\S)"), _weekday),
    (_pattern(rf"{PART}tuần {NEAR}"), _week),
    (_pattern(rf"{PART}tháng {NEAR}"), _this_month),
    (re.compile(rf"(?<!\S)(?P<lead>(?:{LEADING} )|(?=(?:cuối|đầu|giữa) ))"
                rf"{PART}tháng (?P<month>{MONTH}){YEAR}(?: này| tới)?(?!\S)"), _named_month),
    (_pattern(rf"{PART}quý (?:{NEAR}|(?P<quarter>i|ii|iii|iv|[1-4]|một|hai|ba|tư|bốn){YEAR})"), _quarter),
    (_pattern(rf"(?P<part>(?:cuối|đầu|giữa|trong|hết) )năm (?:{NEAR}|(?P<year>\d{{4}}))"), _this_year),
    (re.compile(r"(?<!\S)(?P<lead>(?:trước|đến|đến hết) )(?P<part>)năm (?P<near>)(?P<year>\d{4})(?!\S)"), _this_year),
    (_pattern(rf"(?:sáu|6) tháng (?P<half>đầu|cuối) năm(?! sau| tới)(?: (?:này|nay))?{YEAR_ALONE}"), _half_year),
    (_pattern(rf"(?:đến )?(?:cuối|hết) (?P<unit>tuần|tháng|năm)(?! (?:{NEARS}|{MONTH}(?!\S)|\d|học))"), _end_of),
    (_pattern(rf"(?:nửa tháng|(?P<months>{SMALL}) tháng rưỡi)(?: nữa| tới)"), _halves),
    (_pattern(rf"(?P<many>{HUNDREDS}) (?P<unit>ngày|tuần|tháng)(?P<working> làm việc)?"
              rf"(?P<since> (?:kể )?từ (?:ngày |hôm )?(?:{SLASHED}|(?:hôm |bữa )?nay|\S+ \S+))?"
              r"(?P<ending> nữa| tới| là xong| sau| xong)?"), _within),
    (_pattern(r"(?:ngay (?:trong )?|trong )(?:ngày )?hôm nay(?P<soon>)"), _soon),
    (_pattern(rf"(?P<soon>(?:{DAYTIME}|ngày|hôm) (?:mai|mốt|kia)|{DAYTIME} (?:nay|ni)|"
              r"mai(?= (?:tôi|em|con|tui|anh|xã|phường)))"), _soon),
    (_pattern(r"(?:sang năm|năm (?:sau|tới)|trước tết|sau tết|đầu năm học(?: tới| mới)?|(?:vụ|đợt|kỳ) (?:tới|sau))"),
     _unknown),
)
