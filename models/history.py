"""What people changed: a chain of revisions that lies over what machines wrote.

Each row carries the hash of the row before it, so that a change made to the file from outside
shows. A record's version is the number of revisions of that field; machines write version 0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlite_utils import Database

from models.errors import StaleEdit
from models.folding import fold, nfc
from models.records import Revision
from models.store import Row, now, writing

FIRST = "0" * 64
"""The hash before the first row."""

EDITABLE = {
    "utterance": ("text", "speaker"),
    "question": ("summary", "text", "topic", "status", "asker", "address", "agency", "deadline"),
}


def revise(db: Database, record: str, record_id: int, field: str, before: str, after: str, by: str,
           based_on: int) -> Revision:
    """Writes one change down. `before` is the text that `by` saw, at version `based_on`.

    Raises StaleEdit when someone saved another version in between; nothing is written then.
    """
    if field not in EDITABLE[record]:
        raise ValueError(f"{record}.{field} cannot be edited")
    with writing(db):
        latest = _latest(db, record, record_id, field)
        version = latest.version if latest else 0
        if version != based_on:
            raise StaleEdit(field, latest.after if latest else before, after)
        content: Row = {"record": record, "record_id": record_id, "field": field, "before": nfc(before),
                        "after": nfc(after), "by": by, "at": now(), "based_on": based_on, "version": version + 1,
                        "previous_hash": _last_hash(db)}
        row = content | {"hash": _hash(content)}
        revision_id = int(str(db.table("revisions").insert(row).last_pk))
        if record == "utterance" and field == "text":
            db.execute("update lines set text = ?, folded = ?, vector = null where record = ? and record_id = ?",
                       [nfc(after), fold(after), record, record_id])
    return Revision(**row, id=revision_id)


def history(db: Database, record: str, record_id: int) -> list[Revision]:
    """All changes of a record, the oldest first."""
    rows = db.table("revisions").rows_where("record = ? and record_id = ?", [record, record_id], order_by="id")
    return [Revision(**row) for row in rows]


def edits(db: Database, record: str, keys: Sequence[int]) -> dict[int, dict[str, str]]:
    """For each edited record, the latest text of each edited field."""
    found: dict[int, dict[str, str]] = {}
    where = "record = ? and record_id in (select value from json_each(?))"
    for row in db.table("revisions").rows_where(where, [record, json.dumps(list(keys))], order_by="id"):
        found.setdefault(row["record_id"], {})[row["field"]] = row["after"]
    return found


def broken_links(db: Database) -> list[int]:
    """The ids of revisions that no longer agree with their hash or with the row before."""
    broken, previous = [], FIRST
    for row in db.table("revisions").rows_where(order_by="id"):
        revision = Revision(**row)
        content = {k: v for k, v in asdict(revision).items() if k not in ("id", "hash")}
        if revision.previous_hash != previous or revision.hash != _hash(content):
            broken.append(row["id"])
        previous = revision.hash
    return broken


def _latest(db: Database, record: str, record_id: int, field: str) -> Revision | None:
    where = "record = ? and record_id = ? and field = ?"
    for row in db.table("revisions").rows_where(where, [record, record_id, field], order_by="version desc", limit=1):
        return Revision(**row)
    return None


def _last_hash(db: Database) -> str:
    for row in db.table("revisions").rows_where(order_by="id desc", limit=1):
        return str(row["hash"])
    return FIRST


def _hash(content: Row) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
