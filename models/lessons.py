"""Topics that people corrected in review, kept as examples for later meetings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from models import store
from models.lookup import questions_of
from models.records import Meeting, Question, Topic

MOST = 300
"""Lessons taken at most, of the latest meetings."""


@dataclass(frozen=True)
class Lesson:
    """A question whose topic a person chose against the machine; `topic` None: outside those announced there."""

    question: Question
    topic: Topic | None
    meeting: Meeting


def corrected_topics(db: Database, but: int) -> list[Lesson]:
    """What people corrected in all meetings `but` this one, the latest first.

    A correction that was taken back teaches nothing, and neither does a denunciation, whose words stay where they are.
    """
    found: list[Lesson] = []
    for meeting in store.meetings(db):
        if meeting.id is None or meeting.id == but or len(found) >= MOST:
            continue
        machine = _by_machine(db, meeting.id)
        topics = {topic.id: topic for topic in meeting.topics}
        found += [Lesson(question, topics.get(question.topic or ""), meeting)
                  for question in (questions_of(db, meeting.id) or ()) if machine
                  if question.id in machine and (question.topic or "") != machine[question.id]
                  if "denunciation" not in question.flags]
    return found[:MOST]


def _by_machine(db: Database, meeting: int) -> dict[int, str]:
    """The first topic of every question of this meeting whose topic a person ever changed."""
    query = ("select record_id, before from revisions where record = 'question' and field = 'topic' and version = 1 "
             "and record_id in (select questions.id from questions join analyses on analyses.id = analysis "
             "join transcripts on transcripts.id = transcript where meeting = ?)")
    return {row["record_id"]: row["before"] for row in db.query(query, [meeting])}
