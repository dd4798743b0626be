"""The searchable lines of a meeting: what was said, each question, each answer, with all they are found by.

They follow the transcript and its questions in the same transaction. Lines for the "public" hold
what the version published last says; they fall away when the meeting changes its state, and are
made again before the public searches next (`unpublished`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlite_utils import Database

from models.folding import fold, nfc
from models.frozen import PUBLISHED
from models.records import Analysis, Place, Question, Utterance
from models.store import Row

DENUNCIATION = "denunciation"
CITIZEN, OFFICIAL, CHAIR = "citizen", "official", "chair"
ROLE_AT = {Place.QUESTION: CITIZEN, Place.ANSWER: OFFICIAL, Place.OPENING: CHAIR, Place.PROCEDURE: CHAIR,
           Place.CLOSING: CHAIR}
"""Whose words mostly stand at a place of the record; a name that the meeting knows says more."""


class Record(StrEnum):
    """What a line is; `record_id` is the id of the utterance, or of the question whose answer it is."""

    SAID = "utterance"
    QUESTION = "question"
    ANSWER = "answer"


class Audience(StrEnum):
    HOUSE = "house"
    PUBLIC = "public"


@dataclass(frozen=True)
class Line:
    """A line as it is to be found; `seconds` is how long an utterance took.

    `role` is whose words these are: citizen, official, chair, secretary.
    """

    record: Record
    record_id: int
    text: str
    heard: str = ""
    topic: str = ""
    status: str = ""
    agency: str = ""
    speaker: str = ""
    role: str = ""
    secret: int = 0
    seconds: float = 0.0



def index_said(db: Database, meeting: int, said: Sequence[Utterance]) -> None:
    """Makes a new transcript searchable; what was found in the one before no longer describes the meeting."""
    db.table("lines").delete_where("meeting = ?", [meeting])
    people = _roles_of_people(db, meeting)
    _insert(db, meeting, Audience.HOUSE, (
        Line(Record.SAID, u.id, u.text, u.heard, speaker=u.speaker, role=people.get(u.speaker, ""),
             seconds=u.end - u.start)
        for u in said if u.id is not None))
    db.execute("update meetings set indexed = 1 where id = ?", [meeting])


def index_roles(db: Database, meeting: int, said: Sequence[Utterance], analysis: Analysis) -> None:
    """Notes whose words each utterance holds, as a new analysis tells."""
    roles = speaker_roles(said, analysis.places) | _roles_of_people(db, meeting)
    for speaker in {utterance.speaker for utterance in said}:
        db.execute("update lines set role = ? where meeting = ? and record = 'utterance' and speaker = ?",
                   [roles.get(speaker, ""), meeting, speaker])


def index_questions(db: Database, meeting: int, questions: Sequence[Question], said: Sequence[Utterance]) -> None:
    """Makes these, and no others, the meeting's questions that can be searched for, in a transaction.

    What is as before stays untouched, with its vector; so does what was published.
    """
    _withhold(db, meeting, questions, said)
    wanted = {(line.record.value, line.record_id): line for line in question_lines(db, meeting, questions)}
    there = {(row["record"], row["record_id"]): row for row in db.table("lines").rows_where(
        "meeting = ? and record <> ? and audience = ?", [meeting, Record.SAID, Audience.HOUSE])}
    gone = [row["id"] for key, row in there.items() if key not in wanted]
    db.table("lines").delete_where("id in (select value from json_each(?))", [json.dumps(gone)])
    _insert(db, meeting, Audience.HOUSE, (line for key, line in wanted.items() if key not in there))
    for key, line in wanted.items():
        if key in there:
            _update(db, there[key], line)


def question_lines(db: Database, meeting: int, questions: Iterable[Question]) -> list[Line]:
    """A line for each question and one for each answer."""
    topics = {row["id"]: row["name"] for row in db.table("topics").rows_where("meeting = ?", [meeting])}
    people = _roles_of_people(db, meeting)
    found = []
    for question in questions:
        assert question.id is not None
        answer = question.answer
        facts = {"topic": topics.get(question.topic, ""), "status": question.status.value, "agency": answer.agency,
                 "secret": int(DENUNCIATION in question.flags)}
        found.append(Line(Record.QUESTION, question.id, f"{question.summary}\n{question.text}",
                          speaker=question.asker, role=CITIZEN, **facts))
        if answer.text:
            found.append(Line(Record.ANSWER, question.id, answer.text, speaker=answer.answered_by,
                              role=people.get(answer.answered_by, OFFICIAL), **facts))
    return found


def outdated(db: Database) -> list[int]:
    """Meetings whose lines were made by an older version of the program."""
    query = "select id from meetings where indexed = 0 and id in (select meeting from transcripts)"
    return [row["id"] for row in db.query(query)]


def unpublished(db: Database) -> list[int]:
    """Published meetings whose public lines are still to be made."""
    query = (f"select id from meetings where id in ({PUBLISHED}) and id not in "
             "(select meeting from lines where audience = 'public')")
    return [row["id"] for row in db.query(query)]


def with_secrets(db: Database) -> set[int]:
    """Meetings in which somebody was denounced."""
    return {row["meeting"] for row in db.query("select distinct meeting from lines where secret = 1")}


def publish(db: Database, meeting: int, lines: Iterable[Line]) -> None:
    """Makes these the lines of a meeting that everybody may find, in a transaction."""
    db.table("lines").delete_where("meeting = ? and audience = ?", [meeting, Audience.PUBLIC])
    _insert(db, meeting, Audience.PUBLIC, lines)


def speaker_roles(said: Sequence[Utterance], places: Sequence[Place]) -> dict[str, str]:
    """By speaker: whose words theirs mostly are, judged by the places of the record at which they speak."""
    times: dict[str, dict[str, float]] = {}
    for utterance, place in zip(said, places, strict=False):
        if role := ROLE_AT.get(place):
            own = times.setdefault(utterance.speaker, {})
            own[role] = own.get(role, 0.0) + utterance.end - utterance.start
    return {speaker: max(own, key=lambda role: own[role]) for speaker, own in times.items()}


def _roles_of_people(db: Database, meeting: int) -> dict[str, str]:
    return {row["name"]: row["role"] or OFFICIAL for row in db.table("people").rows_where("meeting = ?", [meeting])}


def _withhold(db: Database, meeting: int, questions: Sequence[Question], said: Sequence[Utterance]) -> None:
    """Marks the utterances in which a denunciation is made, pressed for or answered."""
    secret = [question for question in questions if DENUNCIATION in question.flags]
    positions = {span.utterance for question in secret for span in (*question.spans, *question.follow_ups)}
    positions |= {position for question in secret for position in question.answer.utterances}
    keys = json.dumps([said[position].id for position in sorted(positions) if position < len(said)])
    inside = "record_id in (select value from json_each(?))"
    db.execute(f"update lines set secret = not secret where meeting = ? and record = 'utterance' "
               f"and secret <> ({inside})", [meeting, keys])


def _insert(db: Database, meeting: int, audience: Audience, lines: Iterable[Line]) -> None:
    db.table("lines").insert_all(_row(line) | {"meeting": meeting, "audience": audience.value} for line in lines)


def _update(db: Database, there: Row, line: Line) -> None:
    changed = {name: value for name, value in asdict(line).items() if value != there[name]}
    if {"text", "heard"} & changed.keys():
        changed |= _row(line) | {"embedder": None}
    if changed:
        db.table("lines").update(there["id"], changed)


def _row(line: Line) -> Row:
    return asdict(line) | {"record": line.record.value, "text": nfc(line.text), "heard": nfc(line.heard),
                           "folded": fold(f"{line.text}\n{line.heard}")}
