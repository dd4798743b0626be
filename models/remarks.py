"""What official and secretary tell one another about a question or a line while they review a meeting.

A remark is open until somebody says that it is done. It is talk about the draft, no part of the minutes: it stands in
no paper, and once the minutes are signed nobody adds or closes one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from models.folding import nfc
from models.frozen import refuse_if_frozen
from models.store import now, writing


@dataclass(frozen=True)
class Remark:
    """`record` is "question" or "utterance"; times are ISO 8601 in UTC, `done_by` and `done_at` empty while open."""

    id: int
    meeting: int
    record: str
    record_id: int
    text: str
    by: str
    at: str
    done_by: str
    done_at: str

    @property
    def is_open(self) -> bool:
        return not self.done_by


def add(db: Database, meeting: int, record: str, record_id: int, text: str, by: str) -> None:
    """Raises FrozenMinutes, and ValueError for a remark that says nothing."""
    if not text.strip() or record not in ("question", "utterance"):
        raise ValueError("a remark needs words, and a question or line")
    with writing(db):
        refuse_if_frozen(db, meeting)
        db.table("remarks").insert({"meeting": meeting, "record": record, "record_id": record_id,
                                    "text": nfc(text).strip(), "by": by, "at": now(), "done_by": "", "done_at": ""})


def settle(db: Database, remark: Remark, by: str, is_done: bool = True) -> None:
    """Says that a remark is done, or open again. Raises FrozenMinutes."""
    with writing(db):
        refuse_if_frozen(db, remark.meeting)
        db.table("remarks").update(remark.id, {"done_by": by if is_done else "", "done_at": now() if is_done else ""})


def remarks(db: Database, meeting: int) -> list[Remark]:
    """All remarks of a meeting, the oldest first."""
    return [Remark(**row) for row in db.table("remarks").rows_where("meeting = ?", [meeting], order_by="id")]


def count_open(db: Database, meeting: int) -> int:
    """How many remarks nobody has said to be done."""
    return db.table("remarks").count_where("meeting = ? and done_by = ''", [meeting])
