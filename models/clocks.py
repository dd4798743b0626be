"""The terms that law and local plans set, read from `clocks.yaml`, each with its source.

The data folder's own `clocks.yaml` wins, entry by entry: numbers differ between communes and
change over the years, so that none of them stands in code.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from models.errors import BadSetting
from models.settings import read_settings

FILE = "clocks.yaml"
SATURDAY = 5


@dataclass(frozen=True)
class Clock:
    """One term: so many days after the meeting (or `before` it), counted in `working` days or all days.

    `verified` tells whether the number was read in the source itself.
    """

    key: str
    name: str
    days: int
    source: str
    since: date
    working: bool = False
    before: bool = False
    verified: bool = False


@dataclass(frozen=True)
class Clocks:
    """All terms, the number of meetings a year (`least` to `most`), and days before a term to remind of it."""

    clocks: dict[str, Clock]
    least: int
    most: int
    plan_source: str
    remind_before: int
    holidays: frozenset[date]

    def due(self, key: str, meeting: date) -> date:
        """The last day of a term for a meeting on this day."""
        clock = self.clocks[key]
        if clock.before:
            return meeting - timedelta(clock.days)
        return after(meeting, clock.days, clock.working, self.holidays)


def after(start: date, days: int, working: bool = False, holidays: Collection[date] = ()) -> date:
    """The day that comes so many days, or working days, after another."""
    if not working:
        return start + timedelta(days)
    day = start
    while days > 0:
        day += timedelta(1)
        days -= day.weekday() < SATURDAY and day not in holidays
    return day


def read_clocks(folder: Path) -> Clocks:
    """The settings as they hold for this data folder. Raises BadSetting."""
    found, own = read_settings(Path(__file__).with_name(FILE)), folder / FILE
    if own.is_file():
        for key, value in read_settings(own).items():
            if key not in found:
                raise BadSetting(own, "unknown_key", str(key))
            found[key] = _merged(found[key], value, own, str(key))
    try:
        return _clocks(found)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadSetting(own, "bad_value", str(error)) from error


def _merged(theirs: Any, own: Any, path: Path, where: str) -> Any:
    """Mappings join, anything else is replaced. Raises BadSetting for a name that does not exist."""
    if not isinstance(theirs, dict):
        return own
    if not isinstance(own, dict):
        raise BadSetting(path, "bad_value", where)
    known = Clock.__dataclass_fields__ if where.startswith("clocks.") else theirs
    for key in own:
        if key not in known:
            raise BadSetting(path, "unknown_key", f"{where}.{key}")
    return theirs | {key: _merged(theirs.get(key), value, path, f"{where}.{key}") for key, value in own.items()}


def _clocks(found: dict[str, Any]) -> Clocks:
    clocks = {key: Clock(key, **values) for key, values in found["clocks"].items()}
    for clock in clocks.values():
        _whole(clock.days, clock.key)
        if not isinstance(clock.since, date):
            raise ValueError(f"{clock.key}.since")
    plan = found["meetings_per_year"]
    holidays = frozenset(found["holidays"] or ())
    if not all(isinstance(day, date) for day in holidays):
        raise ValueError("holidays")
    return Clocks(clocks, _whole(plan["least"], "least"), _whole(plan["most"], "most"), str(plan["source"]),
                  _whole(found["remind_before"], "remind_before"), holidays)


def _whole(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3650:
        raise ValueError(where)
    return value
