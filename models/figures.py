"""What many meetings come to in numbers: questions by topic and status, who spoke how long, how long answers took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from sqlite_utils import Database

from models import store
from models.communes import commune
from models.follow_up import Promise, Standing
from models.lines import CITIZEN, OFFICIAL, Audience
from models.records import Meeting, MeetingState, Status
from models.search import Sight

STEPS = (10, 30, 60)
"""Days after the meeting at which a wait counts as longer."""


class Side(StrEnum):
    """Who speaks; `LEADS` are chair and secretary."""

    CITIZENS = "citizens"
    OFFICIALS = "officials"
    LEADS = "leads"


class Wait(StrEnum):
    """What became of what was not answered at the meeting: when the answer came, or how it is still owed."""

    WITHIN_10 = "within_10"
    WITHIN_30 = "within_30"
    WITHIN_60 = "within_60"
    LONGER = "longer"
    OWED = "owed"
    UNDATED = "undated"
    OVERDUE = "overdue"


SIDES = {CITIZEN: Side.CITIZENS, OFFICIAL: Side.OFFICIALS}
ANSWERED_WITHIN = (Wait.WITHIN_10, Wait.WITHIN_30, Wait.WITHIN_60, Wait.LONGER)


@dataclass(frozen=True)
class Waiting:
    """How many promises there are of each kind, and the days that recorded answers took."""

    counts: Mapping[Wait, int]
    days: Sequence[int]

    @property
    def middle(self) -> float | None:
        """Half of the recorded answers took no longer, in days."""
        return median(self.days) if self.days else None


def meetings_of(db: Database, sight: Sight, place: str = "", year: str = "") -> list[Meeting]:
    """The meetings of a commune and year that somebody may see, the earliest first."""
    return [meeting for meeting in reversed(store.meetings(db))
            if (sight.audience is Audience.HOUSE or meeting.state is MeetingState.PUBLISHED)
            and place in ("", commune(meeting.title, meeting.place)) and meeting.date.startswith(year)]


def by_topic(db: Database, meetings: Sequence[Meeting]) -> dict[tuple[str, Status], int]:
    """How many questions of each topic, by its name (empty outside all), ended how."""
    rows = _counted(db, "topic, status", meetings)
    return {(topic, Status(status)): count for topic, status, count in rows}


def by_meeting(db: Database, meetings: Sequence[Meeting]) -> dict[tuple[int, Status], int]:
    """How many questions of each meeting ended how."""
    rows = _counted(db, "meeting, status", meetings)
    return {(int(meeting), Status(status)): count for meeting, status, count in rows}


def speaking(db: Database, meetings: Sequence[Meeting]) -> dict[tuple[int, Side], float]:
    """Seconds that each side spoke in each meeting; whose side is not known is left out."""
    query = ("select meeting, role, sum(seconds) from lines where record = 'utterance' and audience = 'house' "
             "and role <> '' and meeting in (select value from json_each(?)) group by meeting, role")
    found: dict[tuple[int, Side], float] = {}
    for meeting, role, seconds in db.execute(query, [_keys(meetings)]):
        key = (meeting, SIDES.get(role, Side.LEADS))
        found[key] = found.get(key, 0.0) + seconds
    return found


def waiting(promises: Sequence[Promise], today: date) -> Waiting:
    """How long answers took that came after the meeting, and what is still owed."""
    days = [(promise.answered_on - date.fromisoformat(promise.meeting.date)).days for promise in promises
            if promise.is_answered and promise.answered_on]
    return Waiting(Counter(filter(None, (_wait(promise, today) for promise in promises))), days)


def _wait(promise: Promise, today: date) -> Wait | None:
    """None for an answer whose day nobody recorded."""
    if promise.is_answered:
        if promise.answered_on is None:
            return None
        took = (promise.answered_on - date.fromisoformat(promise.meeting.date)).days
        return ANSWERED_WITHIN[sum(took > step for step in STEPS)]
    standing = promise.standing(today, 0)
    return {Standing.OVERDUE: Wait.OVERDUE, Standing.UNDATED: Wait.UNDATED}.get(standing, Wait.OWED)


def _counted(db: Database, by: str, meetings: Sequence[Meeting]) -> list[tuple[str, str, int]]:
    query = (f"select {by}, count(*) from lines where record = 'question' and audience = 'house' "
             f"and meeting in (select value from json_each(?)) group by {by}")
    return db.execute(query, [_keys(meetings)]).fetchall()


def _keys(meetings: Sequence[Meeting]) -> str:
    return json.dumps([meeting.id for meeting in meetings])
