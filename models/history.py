"""What people changed: a chain of revisions that lies over what machines wrote.

Each row carries the hash of the row before it, so that a change made to the file from outside shows; number and hash
of the last row are kept apart, so that a shorter history shows too. A record's version is the number of revisions of
that field; machines write version 0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict

from sqlite_utils import Database

from models.errors import StaleEdit
from models.folding import fold, nfc
from models.frozen import refuse_edit_if_frozen
from models.records import Revision
from models.store import Row, now, reading, writing

FIRST = "0" * 64
"""The hash before the first row."""

EDITABLE = {
    "utterance": ("text", "speaker"),
    "question": ("summary", "text", "topic", "status", "asker", "address", "agency", "deadline", "deadline_date",
                 "answer_text", "answered_by", "answer_utterances", "spans", "personal_data", "flags", "dropped",
                 "reviewed"),
    "meeting": ("title", "date", "place", "topics", "officials", "glossary"),
    "approval": ("reason", "content", "instead_of", "state"),
    "follow_up": ("agency", "due", "answer", "document", "answered_on", "file"),
    # Of a password only that it was set: neither it nor its hash ever stands in the history.
    "account": ("login", "name", "roles", "sees_denunciations", "email", "disabled", "password"),
}


def revise(db: Database, record: str, record_id: int, field: str, before: str, after: str, by: str,
           based_on: int) -> Revision:
    """Writes one change down. `before` is the text that `by` saw, at version `based_on`.

    Raises StaleEdit when someone saved another version in between; nothing is written then.
    """
    with writing(db):
        return revise_within(db, record, record_id, field, before, after, by, based_on)


def revise_within(db: Database, record: str, record_id: int, field: str, before: str, after: str, by: str,
                  based_on: int | None = None) -> Revision:
    """As `revise`, as a part of a transaction that writes several changes or none. Raises FrozenMinutes too.

    Without `based_on` it lies over whatever stands there: `before` was read in the same transaction.
    """
    if field not in EDITABLE[record]:
        raise ValueError(f"{record}.{field} cannot be edited")
    refuse_edit_if_frozen(db, record, record_id)
    last = latest(db, record, record_id, field)
    version = last.version if last else 0
    if based_on not in (None, version):
        raise StaleEdit(field, last.after if last else before, after)
    content: Row = {"record": record, "record_id": record_id, "field": field, "before": nfc(before),
                    "after": nfc(after), "by": by, "at": now(), "based_on": version, "version": version + 1,
                    "previous_hash": _last_hash(db)}
    row = content | {"hash": _hash(content)}
    revision_id = int(str(db.table("revisions").insert(row).last_pk))
    _note_end(db, revision_id, row["hash"])
    if record == "utterance":
        _follow(db, record_id, field, after)
    return Revision(**row, id=revision_id)


def _follow(db: Database, utterance: int, field: str, after: str) -> None:
    """The line by which an utterance is found follows its text, and a speaker whose role is known."""
    line = "where record = 'utterance' and record_id = ?"
    if field == "text":
        db.execute(f"update lines set text = ?, heard = '', folded = ? {line}", [nfc(after), fold(after), utterance])
        return
    known = ("select coalesce(nullif(role, ''), 'official') from people where meeting = lines.meeting and name = :s "
             "union all select role from lines as other where meeting = lines.meeting and record = 'utterance' "
             "and speaker = :s limit 1")
    db.execute(f"update lines set role = coalesce(({known}), role), speaker = :s {line.replace('?', ':u')}",
               {"s": after, "u": utterance})


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


def versions(db: Database, record: str, keys: Sequence[int]) -> dict[tuple[int, str], int]:
    """The latest version of each edited field, by record and field; what is not there is at version 0."""
    query = ("select record_id, field, max(version) as version from revisions "
             "where record = ? and record_id in (select value from json_each(?)) group by record_id, field")
    return {(row["record_id"], row["field"]): row["version"]
            for row in db.query(query, [record, json.dumps(list(keys))])}


def latest(db: Database, record: str, record_id: int, field: str) -> Revision | None:
    """The last change of a field, or None when nobody changed it."""
    where = "record = ? and record_id = ? and field = ?"
    for row in db.table("revisions").rows_where(where, [record, record_id, field], order_by="version desc", limit=1):
        return Revision(**row)
    return None


def last_id(db: Database) -> int:
    """The number of the last change of all, 0 before the first."""
    return int(next(db.query("select coalesce(max(id), 0) as id from revisions"))["id"])


def end(db: Database) -> tuple[int, str]:
    """Number and hash of the last change of all; 0 and `FIRST` before the first."""
    for row in db.table("revisions").rows_where(order_by="id desc", limit=1):
        return row["id"], row["hash"]
    return 0, FIRST


def is_reached(db: Database, number: int, hashed: str) -> bool:
    """Whether the history still holds the row that was once its end."""
    return bool(db.table("revisions").count_where("id = ? and hash = ?", [number, hashed]))


def broken_links(db: Database) -> list[int]:
    """The numbers of changes that no longer agree with their hash or with the row before, or that are missing at the
    end. Numbers follow one another without a gap."""
    broken, number, previous = [], 0, FIRST
    with nullcontext() if db.conn.in_transaction else reading(db):  # the rows and their end belong together
        for row in db.table("revisions").rows_where(order_by="id"):
            revision = Revision(**row)
            content = {k: v for k, v in asdict(revision).items() if k not in ("id", "hash")}
            if (row["id"], revision.previous_hash, revision.hash) != (number + 1, previous, _hash(content)):
                broken.append(row["id"])
            number, previous = row["id"], revision.hash
        return broken + _beyond(db, number, previous, broken)


def _beyond(db: Database, number: int, hashed: str, broken: Sequence[int]) -> list[int]:
    """What is missing behind the last row, or the last row itself when it is not the one that was noted as such."""
    noted: Row = next(db.table("chain").rows, {"last": 0, "hash": FIRST})
    if (noted["last"], noted["hash"]) == (number, hashed):
        return []
    return list(range(number + 1, noted["last"] + 1)) or [number] * (number not in broken)


def _note_end(db: Database, number: int, hashed: str) -> None:
    if not db.execute("update chain set last = ?, hash = ?", [number, hashed]).rowcount:
        db.table("chain").insert({"last": number, "hash": hashed})


def _last_hash(db: Database) -> str:
    return end(db)[1]


def _hash(content: Row) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
