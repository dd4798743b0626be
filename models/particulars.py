"""What minutes must hold and nobody says aloud: filled in by the clerk before the minutes are signed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from models.errors import BadParticulars
from models.frozen import refuse_if_frozen
from models.store import now, writing

NUMBER = re.compile(r"\d{1,5}[a-zA-Z]?")


@dataclass(frozen=True)
class Particulars:
    """`began` and `ended` are times of day (HH:MM), `present` how many people were there (0 if unknown), `number` that
    of the minutes, `signer` who signs the other papers. What is empty is left to the clerk in Word."""

    began: str = ""
    ended: str = ""
    present: int = 0
    number: str = ""
    signer: str = ""


def particulars(db: Database, meeting: int) -> Particulars:
    for row in db.table("particulars").rows_where("meeting = ?", [meeting]):
        return Particulars(row["began"], row["ended"], row["present"], row["number"], row["signer"])
    return Particulars()


def fill_in(db: Database, meeting: int, filled: Particulars, by: str) -> None:
    """Raises BadParticulars (number, order) and FrozenMinutes."""
    if filled.number and not NUMBER.fullmatch(filled.number):
        raise BadParticulars("number", filled.number)
    if filled.began and filled.ended and filled.ended <= filled.began:
        raise BadParticulars("order", f"{filled.began}, {filled.ended}")
    with writing(db):
        refuse_if_frozen(db, meeting)
        db.table("particulars").upsert({"meeting": meeting, **asdict(filled), "by": by, "at": now()}, pk="meeting")
