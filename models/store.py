"""The one SQLite file: opened, migrated, and its meetings, recordings and papers.

What is said lives in `models.transcripts`, what people changed in `models.history`, what is
found again in `models.search`, and work waiting to be done in `models.jobs`. Every function
takes the open database first; nothing is cached between calls.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlite_utils import Database

from models.errors import DiskFull, NotFound
from models.folders import home
from models.frozen import refuse_if_frozen
from models.migrations import migrations
from models.records import Document, Meeting, MeetingState, Person, Recording, Topic

WAIT_FOR_WRITER = 30.0
"""Seconds to wait while another process writes."""

DATABASE = "doithoai.sqlite"

Row = dict[str, Any]


@contextmanager
def open_store(folder: Path | None = None) -> Iterator[Database]:
    """The database in the data folder, up to date, closed afterwards.

    Raises DiskFull when SQLite finds no room.
    """
    folder = folder or home()
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / DATABASE, timeout=WAIT_FOR_WRITER)
    db = Database(connection)
    try:
        # WAL with FULL: what was acknowledged survives a power cut.
        db.execute("PRAGMA synchronous = FULL")
        _migrate(db, folder)
        yield db
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise DiskFull(folder) from error
        raise
    finally:
        db.close()


def _migrate(db: Database, folder: Path) -> None:
    """Brings the file up to date; two programs that start at once take turns."""
    if not migrations.pending(db):
        return
    with FileLock(folder / "migrating.lock"):
        db.enable_wal()
        migrations.apply(db)


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """A transaction that holds the write lock from its start.

    What is read inside stays true until it is written, also with other writers about.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.rollback()
        raise
    db.commit()


@contextmanager
def reading(db: Database) -> Iterator[Database]:
    """All that is read inside is of one moment, also with writers about: a text and its version belong together."""
    db.conn.execute("BEGIN")
    try:
        yield db
    finally:
        db.rollback()


def now() -> str:
    """The present as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def add_meeting(db: Database, meeting: Meeting) -> Meeting:
    """Stores a meeting with its topics and people, and returns it with its id."""
    with writing(db):
        row = {"title": meeting.title, "date": meeting.date, "place": meeting.place,
               "state": meeting.state.value, "created": now(),
               "glossary": json.dumps(meeting.glossary, ensure_ascii=False)}
        table = db.table("meetings").insert(row)
        meeting_id = int(str(table.last_pk))
        add_topics_and_people(db, meeting_id, meeting)
    return replace(meeting, id=meeting_id)


def add_topics_and_people(db: Database, meeting_id: int, meeting: Meeting) -> None:
    """As a part of a transaction."""
    db.table("topics").insert_all(
        {"meeting": meeting_id, "position": i, **asdict(topic)} for i, topic in enumerate(meeting.topics))
    db.table("people").insert_all(
        {"meeting": meeting_id, "position": i, **asdict(person)} for i, person in enumerate(meeting.officials))


def find_meeting(db: Database, meeting: Meeting) -> Meeting | None:
    """The stored meeting with the same title, date and place, if there is one."""
    where, values = "title = ? and date = ? and place = ?", [meeting.title, meeting.date, meeting.place]
    for found in _meetings(db, where, values, order_by="id"):
        return found
    return None


def meeting(db: Database, meeting_id: int) -> Meeting:
    """One meeting. Raises NotFound."""
    for found in _meetings(db, "id = ?", [meeting_id]):
        return found
    raise NotFound("meetings", meeting_id)


def meetings(db: Database) -> list[Meeting]:
    """All meetings, the latest first."""
    return _meetings(db, order_by="date desc, id desc")


def set_state(db: Database, meeting_id: int, state: MeetingState) -> None:
    """Raises FrozenMinutes: signed and approved minutes leave their state by `models.approval` alone."""
    with writing(db):
        refuse_if_frozen(db, meeting_id)
        db.table("meetings").update(meeting_id, {"state": state.value})


def _meetings(db: Database, where: str = "1", values: Sequence[object] = (), order_by: str = "id") -> list[Meeting]:
    """These meetings with their topics and people, read with three queries however many they are."""
    rows = list(db.table("meetings").rows_where(where, values, order_by=order_by))
    keys = json.dumps([row["id"] for row in rows])

    def children(table: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {row["id"]: [] for row in rows}
        for child in db.table(table).rows_where(
                "meeting in (select value from json_each(?))", [keys], order_by="position"):
            found[child["meeting"]].append(child)
        return found

    topics, people = children("topics"), children("people")
    return [Meeting(row["title"], row["date"], row["place"],
                    tuple(Topic(r["id"], r["name"], r["description"]) for r in topics[row["id"]]),
                    tuple(Person(r["name"], r["title"], r["role"]) for r in people[row["id"]]),
                    MeetingState(row["state"]), row["id"], tuple(json.loads(row["glossary"]))) for row in rows]


def add_recording(db: Database, recording: Recording) -> Recording:
    """Stores a recording and returns it with its id."""
    row = asdict(recording) | {"flags": json.dumps(recording.flags), "created": now()}
    del row["id"]
    with writing(db):
        table = db.table("recordings").insert(row)
    return replace(recording, id=int(str(table.last_pk)))


def find_recording(db: Database, sha256: str, meeting_id: int) -> Recording | None:
    """The meeting's recording with these bytes, if it was imported before."""
    where = "sha256 = ? and meeting = ?"
    for row in db.table("recordings").rows_where(where, [sha256, meeting_id], order_by="id"):
        return _recording(row)
    return None


def recording(db: Database, recording_id: int) -> Recording:
    """One recording. Raises NotFound."""
    return _recording(_one(db, "recordings", recording_id))


def recordings(db: Database, meeting_id: int) -> list[Recording]:
    """The recordings of a meeting in the order they came."""
    return [_recording(row) for row in db.table("recordings").rows_where("meeting = ?", [meeting_id], order_by="id")]


def _recording(row: Row) -> Recording:
    return Recording(row["name"], row["sha256"], row["original"], row["sound"], row["duration"],
                     tuple(json.loads(row["flags"])), row["meeting"], row["id"])


def add_document(db: Database, document: Document) -> Document:
    """Stores what is known of a paper and returns it with its id."""
    row = asdict(document)
    del row["id"]
    with writing(db):
        table = db.table("documents").insert(row)
    return replace(document, id=int(str(table.last_pk)))


def documents(db: Database, meeting_id: int) -> list[Document]:
    """The papers of a meeting, the latest first."""
    rows = db.table("documents").rows_where("meeting = ?", [meeting_id], order_by="id desc")
    return [Document(**row) for row in rows]


def document(db: Database, document_id: int) -> Document | None:
    """One paper; None where it is not kept any more."""
    for row in db.table("documents").rows_where("id = ?", [document_id]):
        return Document(**row)
    return None


def _one(db: Database, table: str, key: int) -> Row:
    """The row with this id. Raises NotFound."""
    for row in db.table(table).rows_where("id = ?", [key]):
        return dict(row)
    raise NotFound(table, key)
