"""What was promised and not yet given: agency, last day, and the answer that came later.

A promise is a question of a meeting's current analysis that was not answered there. What people
record about it is kept as revisions of the record "follow_up", so that every entry names who and
when, an entry over another's is refused, and the chain of hashes covers it. Found again in a newer
analysis by its words; a promise whose question is there no longer stays in the list by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlite_utils import Database

from models import store, transcripts
from models.clocks import Clock, Clocks
from models.due import due
from models.history import revise_within
from models.lookup import questions_of
from models.records import Meeting, MeetingState, Question, Status

RECORD = "follow_up"
FIELDS = ("agency", "due", "answer", "document", "answered_on", "file")


class Standing(StrEnum):
    """How a promise stands on a given day, the most urgent first."""

    OVERDUE = "overdue"
    SOON = "soon"
    UNDATED = "undated"
    LATER = "later"
    ANSWERED = "answered"


ORDER = tuple(Standing)


@dataclass(frozen=True)
class Promise:
    """One question that is owed an answer; `due` and `answered_on` are days, `file` the id of a kept paper.

    `key` names its entries in the history, `versions` how many there are of each field.
    """

    meeting: Meeting
    question: Question
    agency: str
    due: date | None
    answer: str = ""
    document: str = ""
    answered_on: date | None = None
    file: int | None = None
    key: int = 0
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        return bool(self.answer or self.document)

    def days_left(self, today: date) -> int | None:
        """Days until the last day, below zero when it has passed; None without one."""
        return (self.due - today).days if self.due else None

    def standing(self, today: date, remind_before: int) -> Standing:
        left = self.days_left(today)
        if self.is_answered:
            return Standing.ANSWERED
        if left is None:
            return Standing.UNDATED
        return Standing.OVERDUE if left < 0 else Standing.SOON if left <= remind_before else Standing.LATER


@dataclass(frozen=True)
class Duty:
    """What a meeting as a whole still owes by law or plan, and until when."""

    meeting: Meeting
    clock: Clock
    due: date

    def days_left(self, today: date) -> int:
        return (self.due - today).days


def promises(db: Database, clocks: Clocks, meeting: int | None = None) -> list[Promise]:
    """All promises of a meeting, or of all meetings, in the order they were made."""
    return promises_of(db, clocks, reversed(store.meetings(db)) if meeting is None else [store.meeting(db, meeting)])


def promises_of(db: Database, clocks: Clocks, meetings: Iterable[Meeting]) -> list[Promise]:
    """All promises of these meetings."""
    recorded = _recorded(db)
    owners = _owners(db, list(recorded))
    set_days = _set_days(db)
    found: list[Promise] = []
    for held in meetings:
        assert held.id is not None
        older = {key: analysis for key, (owner, analysis) in owners.items() if owner == held.id}
        found += _of_meeting(db, held, questions_of(db, held.id) or (), recorded, older, set_days, clocks)
    return found


def urgent_first(found: Sequence[Promise], today: date, remind_before: int) -> list[Promise]:
    """What is overdue longest comes first, what was answered last."""
    return sorted(found, key=lambda p: (ORDER.index(p.standing(today, remind_before)), p.due or date.max,
                                        p.meeting.date, p.question.number))


def record(db: Database, promise: Promise, by: str, **changes: str) -> None:
    """Writes down what changed: all of it, or, when someone wrote in between, nothing (StaleEdit).

    Dates are ISO 8601. Raises ValueError for a field that does not exist or a day that is none.
    """
    seen = _texts(promise)
    for name, value in changes.items():
        if name in ("due", "answered_on") and value:
            date.fromisoformat(value)
    with store.writing(db):
        for name, value in changes.items():
            if value != seen[name]:
                revise_within(db, RECORD, promise.key, name, seen[name], value, by, promise.versions.get(name, 0))


def duties(meetings: Sequence[Meeting], clocks: Clocks, today: date) -> list[Duty]:
    """What each meeting owes as a whole: before it the announcement, after it conclusion and publication.

    Done when it is published; terms that did not hold yet on the day of the meeting do not bind it.
    """
    found = []
    for meeting in meetings:
        day = date.fromisoformat(meeting.date)
        wanted = () if meeting.state is MeetingState.PUBLISHED else ("conclusion", "publish") if day <= today else (
            "announce",)
        found += [Duty(meeting, clocks.clocks[key], clocks.due(key, day)) for key in wanted
                  if clocks.clocks[key].since <= day]
    return sorted(found, key=lambda duty: (duty.due, duty.clock.key))


def held_in(meetings: Sequence[Meeting], year: int, today: date) -> tuple[int, int]:
    """How many meetings of a year were held by today, and how many are still to come."""
    days = [day for meeting in meetings if (day := date.fromisoformat(meeting.date)).year == year]
    return sum(day <= today for day in days), sum(day > today for day in days)


def _of_meeting(db: Database, meeting: Meeting, questions: Sequence[Question],
                recorded: Mapping[int, Mapping[str, tuple[str, int]]], older: Mapping[int, int],
                set_days: Mapping[int, str], clocks: Clocks) -> Iterator[Promise]:
    """The promises among the current questions, then those that only an older analysis knows."""
    current = {question.id: question for question in questions}
    left = {key: question for key, question in _older_questions(db, older).items() if key not in current}
    for question in questions:
        assert question.id is not None
        key = question.id
        if key not in recorded:
            key = next((old for old, past in left.items() if past.text == question.text), key)
            left.pop(key, None)
        if key in recorded or question.status is not Status.ANSWERED:
            yield _promise(meeting, question, key, recorded.get(key, {}), set_days, clocks)
    for key, question in left.items():
        yield _promise(meeting, question, key, recorded[key], set_days, clocks)


def _promise(meeting: Meeting, question: Question, key: int, entries: Mapping[str, tuple[str, int]],
             set_days: Mapping[int, str], clocks: Clocks) -> Promise:
    said = _day(set_days.get(question.id or 0, "")) or _said(question, date.fromisoformat(meeting.date), clocks)
    texts = {"agency": question.answer.agency, "due": said.isoformat() if said else "", "answer": "",
             "document": "", "answered_on": "", "file": ""} | {name: text for name, (text, _) in entries.items()}
    return Promise(meeting, question, texts["agency"], _day(texts["due"]), texts["answer"], texts["document"],
                   _day(texts["answered_on"]), int(texts["file"]) if texts["file"] else None, key,
                   {name: version for name, (_, version) in entries.items()})


def _said(question: Question, meeting: date, clocks: Clocks) -> date | None:
    """The day that the words mean: as it stands beside them, but working days without the commune's holidays."""
    answer = question.answer
    counted = due(answer.deadline, meeting, clocks.holidays)
    return counted if "làm việc" in answer.deadline else _day(answer.deadline_date) or counted


def _texts(promise: Promise) -> dict[str, str]:
    return {name: str(value) if (value := getattr(promise, name)) is not None else "" for name in FIELDS}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _recorded(db: Database) -> dict[int, dict[str, tuple[str, int]]]:
    """By promise and field: what was last recorded, and its version."""
    found: dict[int, dict[str, tuple[str, int]]] = {}
    for row in db.table("revisions").rows_where("record = ?", [RECORD], order_by="id"):
        found.setdefault(row["record_id"], {})[row["field"]] = (row["after"], row["version"])
    return found


def _set_days(db: Database) -> dict[int, str]:
    """By question: the last day that a person set in the review, over what the words of the promise mean."""
    rows = db.table("revisions").rows_where("record = 'question' and field = 'deadline_date'", order_by="id")
    return {row["record_id"]: row["after"] for row in rows}


def _owners(db: Database, keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The meeting and the analysis of each of these questions."""
    query = ("select questions.id, meeting, analysis from questions join analyses on analyses.id = analysis "
             "join transcripts on transcripts.id = transcript where questions.id in (select value from json_each(?))")
    return {row["id"]: (row["meeting"], row["analysis"]) for row in db.query(query, [json.dumps(list(keys))])}


def _older_questions(db: Database, older: Mapping[int, int]) -> dict[int, Question]:
    """The questions with these ids, each out of its analysis."""
    found = [question for analysis in set(older.values())
             for question in transcripts.questions_of_analysis(db, analysis)]
    return {question.id: question for question in found if question.id is not None and question.id in older}
