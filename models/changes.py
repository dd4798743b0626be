"""The history of everything as people read it: which change, of which meeting, at what place; newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from models.records import Revision


class Area(StrEnum):
    """What a change was about."""

    WORDS = "words"
    SPEAKERS = "speakers"
    QUESTIONS = "questions"
    REVIEWED = "reviewed"
    MEETING = "meeting"
    APPROVAL = "approval"
    FOLLOW_UP = "follow_up"
    ACCOUNTS = "accounts"


_OF_AREA = {
    Area.WORDS: "r.record = 'utterance' and r.field = 'text'",
    Area.SPEAKERS: "r.record = 'utterance' and r.field = 'speaker'",
    Area.QUESTIONS: "r.record = 'question' and r.field != 'reviewed'",
    Area.REVIEWED: "r.record = 'question' and r.field = 'reviewed'",
    Area.MEETING: "r.record = 'meeting'",
    Area.APPROVAL: "r.record = 'approval' and r.field = 'state'",
    Area.FOLLOW_UP: "r.record = 'follow_up'",
    Area.ACCOUNTS: "r.record = 'account'",
}
_JOINED = """
    from revisions r
    left join utterances u on r.record = 'utterance' and u.id = r.record_id
    left join questions q on r.record in ('question', 'follow_up') and q.id = r.record_id
    left join analyses a on a.id = q.analysis
    left join accounts c on r.record = 'account' and c.id = r.record_id
    left join transcripts t on t.id = coalesce(u.transcript, a.transcript)
    where (r.record != 'approval' or r.field = 'state')"""
"""What was written with a step of the approval (its reason, its SHA-256) is read with that step."""
_MEETING = "case when r.record in ('approval', 'meeting') then r.record_id else t.meeting end"


@dataclass(frozen=True)
class Wanted:
    """Which changes to show, of those that may be shown (`areas`); empty for all."""

    areas: frozenset[Area] = frozenset(Area)
    by: str = ""
    area: Area | None = None
    meeting: int | None = None
    question: int | None = None


@dataclass(frozen=True)
class Change:
    """One change with where it was made: `transcript`, and the `position` and second (`start`) of an utterance, or the
    summary of a question as it was first found, or the name of an account. `reason` is that of a step of the approval,
    or for whom somebody approved.
    """

    revision: Revision
    meeting: int | None
    transcript: int | None
    position: int | None
    start: float | None
    summary: str = ""
    reason: str = ""


def changes(db: Database, wanted: Wanted, limit: int, skip: int = 0) -> list[Change]:
    """So many changes after the first `skip`, the newest first."""
    where, values = _where(wanted)
    query = (f"select r.*, {_MEETING} as held, "
             "t.id as transcript, u.position as position, u.start as start, coalesce(q.summary, c.name) as summary "
             f"{_JOINED}{where} order by r.id desc limit ? offset ?")
    return [_change(db, row) for row in db.query(query, [*values, limit, skip])]


def count(db: Database, wanted: Wanted) -> int:
    where, values = _where(wanted)
    return int(next(db.query(f"select count(*) as count {_JOINED}{where}", values))["count"])


def people(db: Database) -> Sequence[str]:
    """All who ever changed something, by name."""
    return [row["by"] for row in db.query("select distinct by from revisions order by by")]


def denounced(db: Database, transcript: int) -> tuple[frozenset[int], frozenset[int]]:
    """The questions of a transcript that are, or ever were, marked as a denunciation, dropped ones too; and the
    positions of the utterances that they hold or held."""
    query = """
        select id, spans from questions where analysis in (select id from analyses where transcript = :transcript)
        and (flags like :mark or exists (select 1 from revisions where record = 'question' and record_id = questions.id
                                         and field = 'flags' and (before like :mark or after like :mark)))"""
    rows = list(db.query(query, {"transcript": transcript, "mark": '%"denunciation"%'}))
    keys = frozenset(row["id"] for row in rows)
    spans = [row["spans"] for row in rows]
    where = "record = 'question' and field = 'spans' and record_id in (select value from json_each(?))"
    spans += [row["after"] for row in db.table("revisions").rows_where(where, [json.dumps(list(keys))])]
    return keys, frozenset(span["utterance"] for text in spans for span in json.loads(text))


def _where(wanted: Wanted) -> tuple[str, list[str | int]]:
    allowed = " or ".join(_OF_AREA[area] for area in Area if area in wanted.areas) or "0"
    where, values = f" and ({allowed})", list[str | int]()
    if wanted.by:
        where, values = f"{where} and r.by = ?", [*values, wanted.by]
    if wanted.area:
        where += f" and {_OF_AREA[wanted.area]}"
    if wanted.meeting is not None:
        where += f" and {_MEETING} = ?"
        values.append(wanted.meeting)
    if wanted.question is not None:
        where += " and r.record in ('question', 'follow_up') and r.record_id = ?"
        values.append(wanted.question)
    return where, values


def _change(db: Database, row: dict[str, object]) -> Change:
    names = Revision.__dataclass_fields__
    revision = Revision(**{name: row[name] for name in names})  # type: ignore[arg-type]
    reason = _reason(db, revision) if revision.record == "approval" else ""
    return Change(revision, row["held"], row["transcript"], row["position"], row["start"],  # type: ignore[arg-type]
                  str(row["summary"] or ""), reason)


def _reason(db: Database, state: Revision) -> str:
    """The reason that was written down with a step, or for whom it was taken: right before it, with nothing but its own
    rows between."""
    where = "record = 'approval' and record_id = ? and id < ?"
    for row in db.table("revisions").rows_where(where, [state.record_id, state.id], order_by="id desc"):
        if row["field"] == "state":
            return ""
        if row["field"] in ("reason", "instead_of"):
            return str(row["after"])
    return ""
