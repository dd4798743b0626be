"""Who spoke, as people put it right: a voice named, two voices joined, one voice parted.

Each of these is one step: revisions of the speaker of many utterances, written all or not at all,
and taken back together. What the machine heard stays below them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlite_utils import Database

from models.errors import StaleEdit
from models.frozen import refuse_if_frozen
from models.history import edits, latest, revise_within
from models.records import Meeting, Person, Utterance
from models.store import Row, now, writing

ANONYMOUS = re.compile(r"S(\d+)")
"""How machines call speakers."""
CITIZEN = "citizen"


class Kind(StrEnum):
    NAME = "name"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True)
class Step:
    """What a person did at once: so many `lines` that were spoken by `before` are now by `after`."""

    id: int
    transcript: int
    kind: Kind
    before: str
    after: str
    lines: int
    by: str
    at: str


def is_anonymous(speaker: str) -> bool:
    """Whether nobody has given this speaker a name."""
    return ANONYMOUS.fullmatch(speaker) is not None


def fresh_speaker(said: Sequence[Utterance]) -> str:
    """The first S-number behind all that are in use."""
    numbers = [int(found[1]) for u in said if (found := ANONYMOUS.fullmatch(u.speaker))]
    return f"S{max(numbers, default=0) + 1}"


def give(db: Database, transcript: int, kind: Kind, said: Sequence[Utterance], speaker: str, by: str,
         role: str = "", title: str = "") -> Step:
    """Gives these utterances of a transcript, as the person saw them, to another speaker.

    `role` and `title` say who that is when nobody of the name was entered for the meeting.

    Raises StaleEdit when someone gave one of them to somebody else in between; nothing is written
    then. Raises ValueError without utterances, speaker or person.
    """
    moved = [utterance for utterance in said if utterance.speaker != speaker]
    if not (moved and speaker.strip() and by.strip()):
        raise ValueError("utterances, a speaker and a person are needed")
    with writing(db):
        keys = [utterance.id for utterance in moved if utterance.id is not None]
        revised = [_revise(db, key, utterance.speaker, speaker, by)
                   for key, utterance in zip(keys, moved, strict=True)]
        row: Row = {"transcript": transcript, "kind": kind.value, "before": moved[0].speaker, "after": speaker,
                    "lines": len(moved), "revisions": json.dumps(revised), "by": by, "at": now(), "undone": 0,
                    "role": role, "title": title}
        key = int(str(db.table("voice_steps").insert(row).last_pk))
    return _step(row | {"id": key})


def say_role(db: Database, transcript: int, speaker: str, role: str, by: str) -> None:
    """Says who somebody of this name is in the meeting: "citizen", "official", …; the name stays.

    Raises FrozenMinutes, and ValueError for a voice without a name.
    """
    if is_anonymous(speaker) or not (role and by.strip()):
        raise ValueError("a named speaker, a role and a person are needed")
    with writing(db):
        meeting = next(db.query("select meeting from transcripts where id = ?", [transcript]))["meeting"]
        refuse_if_frozen(db, meeting)
        db.table("voice_steps").insert({
            "transcript": transcript, "kind": Kind.NAME.value, "before": speaker, "after": speaker, "lines": 0,
            "revisions": "[]", "by": by, "at": now(), "undone": 0, "role": role,
            "title": _title(db, transcript, speaker)})


def role_said(db: Database, transcript: int, speaker: str) -> str:
    """The role that a person said last for this name; empty when nobody did."""
    where = "transcript = ? and after = ? and undone = 0 and role <> ''"
    rows = db.table("voice_steps").rows_where(where, [transcript, speaker], order_by="id desc", limit=1)
    return next((str(row["role"]) for row in rows), "")


def _title(db: Database, transcript: int, speaker: str) -> str:
    where = "transcript = ? and after = ? and undone = 0 and title <> ''"
    rows = db.table("voice_steps").rows_where(where, [transcript, speaker], order_by="id desc", limit=1)
    return next((str(row["title"]) for row in rows), "")


def last_step(db: Database, transcript: int) -> Step | None:
    """The latest step that was not taken back, or None."""
    where = "transcript = ? and undone = 0"
    for row in db.table("voice_steps").rows_where(where, [transcript], order_by="id desc", limit=1):
        return _step(row)
    return None


def undo(db: Database, step: Step, by: str) -> None:
    """Takes a step back, by revisions of its own: the history keeps both.

    Raises StaleEdit when one of its utterances was given to somebody else since, and FrozenMinutes; nothing is
    written then.
    """
    with writing(db):
        row = next(iter(db.table("voice_steps").rows_where("id = ?", [step.id])))
        of_meeting = "select meeting from transcripts where id = ?"
        refuse_if_frozen(db, next(db.query(of_meeting, [row["transcript"]]))["meeting"])
        where = "id in (select value from json_each(?))"
        for revision in list(db.table("revisions").rows_where(where, [row["revisions"]], order_by="id")):
            _revise(db, revision["record_id"], revision["after"], revision["before"], by)
        db.execute("update voice_steps set undone = 1, at = ? where id = ?", [now(), step.id])


def confirmed_names(db: Database, transcript: int) -> frozenset[str]:
    """The names that people gave to voices of a transcript."""
    query = "select distinct after from voice_steps where transcript = ? and undone = 0"
    return frozenset(row["after"] for row in db.query(query, [transcript]) if not is_anonymous(row["after"]))


def who_is_who(db: Database, meeting: Meeting, transcript: int) -> tuple[Meeting, frozenset[str]]:
    """The meeting with the officials that people found among its voices, and the names they gave to citizens."""
    where = "transcript = ? and undone = 0 and role <> ''"
    rows = db.table("voice_steps").rows_where(where, [transcript], order_by="id")
    people = {row["after"]: Person(row["after"], row["title"], row["role"]) for row in rows}
    citizens = frozenset(name for name, person in people.items() if person.role == CITIZEN)
    entered = {person.name for person in meeting.officials}
    found = (person for name, person in people.items() if name not in citizens | entered)
    return replace(meeting, officials=(*meeting.officials, *found)), citizens


def changed_since(db: Database, transcript: int) -> bool:
    """Whether speakers were changed, or a change taken back, after the current analysis was made."""
    query = ("select max(at) > (select created from analyses where transcript = :t order by id desc limit 1) as later "
             "from voice_steps where transcript = :t")
    return any(row["later"] for row in db.query(query, {"t": transcript}))


def is_outdated(db: Database, transcript: int) -> bool:
    """Whether questions are to be found anew: speakers were changed, and no question was by a person."""
    return changed_since(db, transcript) and not has_edited_questions(db, transcript)


def has_edited_questions(db: Database, transcript: int) -> bool:
    """Whether a person changed a question of the current analysis: finding questions anew would hide that."""
    query = ("select id from questions where analysis = "
             "(select id from analyses where transcript = ? order by id desc limit 1)")
    return bool(edits(db, "question", [row["id"] for row in db.query(query, [transcript])]))


def _revise(db: Database, utterance: int, before: str, after: str, by: str) -> int:
    """One revision over the speaker that was seen; the id of the revision."""
    last = latest(db, "utterance", utterance, "speaker")
    if last and last.after != before:
        raise StaleEdit("speaker", last.after, after)
    revision = revise_within(db, "utterance", utterance, "speaker", before, after, by)
    assert revision.id is not None
    return revision.id


def _step(row: Row) -> Step:
    return Step(row["id"], row["transcript"], Kind(row["kind"]), row["before"], row["after"], row["lines"], row["by"],
                row["at"])
