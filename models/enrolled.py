"""Voice prints that are kept: those of officials who agreed, by name. And those that are not: erased.

A print is sensitive personal data. It leaves no trace in the file when it goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from models.folding import nfc
from models.store import Row, now, writing


@dataclass(frozen=True)
class Enrolled:
    """The voice of somebody who agreed to be known again.

    `print` is a unit vector of 32-bit floats, little-endian, that only the same `generator` can
    compare; `seconds` of speech made it; `source` says in words from where, `by` who took it down.
    """

    name: str
    generator: str
    print: bytes
    seconds: float
    source: str
    by: str
    created: str = ""
    id: int | None = None


def enrol(db: Database, voice: Enrolled) -> Enrolled:
    """Keeps a voice; the one kept under the same name before is forgotten."""
    row: Row = {"name": nfc(voice.name), "generator": voice.generator, "print": voice.print,
                "seconds": voice.seconds, "source": voice.source, "by": voice.by, "created": now()}
    with without_trace(db), writing(db):
        db.table("enrolled").delete_where("name = ? and generator = ?", [row["name"], voice.generator])
        key = int(str(db.table("enrolled").insert(row).last_pk))
    return Enrolled(**row, id=key)


def enrolled(db: Database) -> list[Enrolled]:
    """All kept voices by name."""
    return [Enrolled(**row) for row in db.table("enrolled").rows_where(order_by="name")]


def forget(db: Database, key: int) -> None:
    """Erases one kept voice."""
    with without_trace(db), writing(db):
        db.table("enrolled").delete_where("id = ?", [key])


def erase_prints(db: Database, meeting: int) -> int:
    """Erases the voice prints of a meeting's recordings and returns how many blocks had some.

    Words and times stay, and so do voices that were enrolled. A part of the transaction that approves the minutes,
    within `without_trace`: speakers cannot be told apart anew afterwards.
    """
    query = ("select blocks.rowid as key, content from blocks join recordings "
             "on blocks.sound in (recordings.sha256, recordings.original) where meeting = ?")
    found = {row["key"]: json.loads(row["content"]) for row in db.query(query, [meeting])}
    heard = {key: content for key, content in found.items() if content["voices"]}
    for key, content in heard.items():
        db.execute("update blocks set content = ? where rowid = ?",
                   [json.dumps(content | {"voices": []}, ensure_ascii=False), key])
    return len(heard)


@contextmanager
def without_trace(db: Database) -> Iterator[None]:
    """What is deleted inside is overwritten, and does not stay in the write-ahead log."""
    db.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
