"""What somebody is typing and has not saved yet, kept so that neither a refresh nor a restart loses it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from models.folding import nfc
from models.review import Edit
from models.store import now, writing

OWN = ("meeting", "by", "record", "record_id", "field")


@dataclass(frozen=True)
class Typed:
    """One unsaved text: an edit of a meeting by a person."""

    meeting: int
    by: str
    edit: Edit


def keep(db: Database, typed: Typed) -> None:
    """Keeps an unsaved text in place of the one before; one that changes nothing is forgotten."""
    edit = typed.edit
    with writing(db):
        if edit.after == edit.before:
            _forget(db, typed)
        else:
            db.table("typed").upsert({
                "meeting": typed.meeting, "by": typed.by, "record": edit.record, "record_id": edit.record_id,
                "field": edit.field, "text": nfc(edit.after), "before": edit.before, "based_on": edit.based_on,
                "at": now()}, pk=OWN)


def forget(db: Database, typed: Typed) -> None:
    with writing(db):
        _forget(db, typed)


def unsaved(db: Database, meeting: int, by: str) -> dict[tuple[str, int, str], Edit]:
    """All unsaved texts of a person in a meeting, by record, its id and field."""
    return {(row["record"], row["record_id"], row["field"]):
            Edit(row["record"], row["record_id"], row["field"], row["before"], row["text"], row["based_on"])
            for row in db.table("typed").rows_where("meeting = ? and by = ?", [meeting, by], order_by="at")}


def writers(db: Database, meeting: int) -> dict[str, int]:
    """Who has unsaved texts in a meeting, and how many."""
    query = "select by, count(*) as count from typed where meeting = ? group by by order by by"
    return {row["by"]: row["count"] for row in db.query(query, [meeting])}


def _forget(db: Database, typed: Typed) -> None:
    edit = typed.edit
    db.table("typed").delete_where(" and ".join(f"{name} = ?" for name in OWN),
                                   [typed.meeting, typed.by, edit.record, edit.record_id, edit.field])
