"""The day that a promise's own words mean: «trước ngày 31/12», «trong 10 ngày làm việc», «cuối quý IV».

Words that name no day give none, and a day before the meeting is something that happened, not a
term: a clerk then sets the day. A guessed term would be held against someone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection
from datetime import date, timedelta

from models.clocks import after
from models.folding import nfc

LONG_AGO = 90
"""Days before the meeting beyond which a day without a year means next year's."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

DAY = re.compile(r"(?<![\d/])(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:(?:[/.-]| năm )(\d{4}))?(?![\d/])"
                 r"(?! (?:ngày|tuần|tháng))")
DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2}) tháng (này|nay|tới|sau)(?!\w)")
TERM = re.compile(r"(?<![\d,.-])(?:\d{1,3} ?[-–] ?)?(\d{1,3}) (ngày làm việc|ngày|tuần|tháng)"
                  r"(?! \d| này| nay| sau| cuối| đầu)")
MONTH = re.compile(r"(trước |đầu )?tháng (\d{1,2})(?:(?:/| năm )(\d{4}))?(?!\d)")
QUARTER = re.compile(r"(trước |đầu )?quý (iv|i{1,3}|[1-4])(?!\w)(?:(?:/| năm )(\d{4}))?")
NEAR = re.compile(r"(tuần|tháng|quý|năm) (này|nay|tới|sau)|(?:hết|cuối|trong) (năm)(?! \d| này| nay| tới| sau)")


def due(words: str, meeting: date, holidays: Collection[date] = ()) -> date | None:
    """The last day that the words allow, counted from the meeting; None when they name none that lies ahead."""
    text = nfc(words).lower()
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        (DAY, lambda m: _dated(int(m[1]), int(m[2]), m[3], meeting)),
        (DAY_OF_MONTH, lambda m: _in_month(int(m[1]), m[2] in ("tới", "sau"), meeting)),
        (TERM, lambda m: _counted(int(m[1]), m[2], meeting, holidays)),
        (QUARTER, lambda m: _month(3 * _quarter(m[2]), m[3], meeting, -3 if m[1] else 0)),
        (MONTH, lambda m: _month(int(m[2]), m[3], meeting, -1 if m[1] and m[1].startswith("trước") else 0)),
        (NEAR, lambda m: _near(m[1] or m[3], m[2] or "này", meeting)),
    )
    for pattern, read in readers:
        if match := pattern.search(text):
            return read(match)
    return None


def _dated(day: int, month: int, year: str | None, meeting: date) -> date | None:
    try:
        found = date(int(year) if year else meeting.year, month, day)
        if not year and (meeting - found).days > LONG_AGO:
            found = found.replace(year=meeting.year + 1)
    except ValueError:
        return None
    return found if found >= meeting else None


def _in_month(day: int, ahead: bool, meeting: date) -> date | None:
    """«ngày 15 tháng sau»; the last day of the month where it has no such one."""
    last = _end_of_month(meeting.year, meeting.month + ahead)
    found = last.replace(day=min(day, last.day)) if 1 <= day <= 31 else None
    return found if found and found >= meeting else None


def _counted(count: int, unit: str, meeting: date, holidays: Collection[date]) -> date:
    if unit == "tháng":
        last = _end_of_month(meeting.year, meeting.month + count)
        return last.replace(day=min(last.day, meeting.day))
    return after(meeting, count * (7 if unit == "tuần" else 1), unit == "ngày làm việc", holidays)


def _month(month: int, year: str | None, meeting: date, shift: int) -> date | None:
    """The end of a month, `shift` months from the one that was named."""
    if not 1 <= month <= 12:
        return None
    found = _end_of_month(int(year) if year else meeting.year, month + shift)
    if not year and (meeting - found).days > LONG_AGO:
        found = _end_of_month(meeting.year + 1, month + shift)
    return found if found >= meeting else None


def _quarter(written: str) -> int:
    return ROMAN.get(written) or int(written)


def _near(unit: str, which: str, meeting: date) -> date:
    """The end of this or the next week, month, quarter or year."""
    ahead = which in ("tới", "sau")
    if unit == "tuần":
        return meeting + timedelta(6 - meeting.weekday() + 7 * ahead)
    if unit == "tháng":
        return _end_of_month(meeting.year, meeting.month + ahead)
    if unit == "quý":
        return _end_of_month(meeting.year, 3 * ((meeting.month - 1) // 3 + 1 + ahead))
    return date(meeting.year + ahead, 12, 31)


def _end_of_month(year: int, month: int) -> date:
    """Months beyond December, or before January, belong to the years around."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])
