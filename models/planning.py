"""What was typed in for a meeting, put right later: its title, day, place, topics, people and names.

Each change is a revision of the record "meeting", so that it stands in the history with who and when. Topics and people
stand there one a line, as people read them. Signed minutes are refused, and what somebody else changed meanwhile.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from models import store
from models.errors import StaleEdit
from models.frozen import refuse_if_frozen
from models.history import revise_within
from models.records import Meeting
from models.store import writing

RECORD = "meeting"


def change_meeting(db: Database, seen: Meeting, wanted: Meeting, by: str) -> None:
    """Puts `wanted` in place of the meeting as it was `seen`. Raises FrozenMinutes, StaleEdit."""
    assert seen.id is not None
    with writing(db):
        refuse_if_frozen(db, seen.id)
        there, before, after = (_texts(meeting) for meeting in (store.meeting(db, seen.id), seen, wanted))
        for field, text in after.items():
            if there[field] != before[field]:
                raise StaleEdit(field, there[field], text)
            if text != before[field]:
                revise_within(db, RECORD, seen.id, field, before[field], text, by)
        _write(db, seen.id, wanted)


def is_understood_otherwise(seen: Meeting, wanted: Meeting) -> bool:
    """Whether questions, their topics and terms rest on what changed."""
    return (seen.date, seen.topics, seen.officials) != (wanted.date, wanted.topics, wanted.officials)


def _texts(meeting: Meeting) -> dict[str, str]:
    topics = (": ".join(filter(None, (topic.name, topic.description))) for topic in meeting.topics)
    people = (", ".join(filter(None, (person.name, person.title, person.role))) for person in meeting.officials)
    return {"title": meeting.title, "date": meeting.date, "place": meeting.place, "topics": "\n".join(topics),
            "officials": "\n".join(people), "glossary": "\n".join(meeting.glossary)}


def _write(db: Database, key: int, wanted: Meeting) -> None:
    db.table("meetings").update(key, {
        "title": wanted.title, "date": wanted.date, "place": wanted.place,
        "glossary": json.dumps(wanted.glossary, ensure_ascii=False)})
    for table in ("topics", "people"):
        db.table(table).delete_where("meeting = ?", [key])
    store.add_topics_and_people(db, key, wanted)
