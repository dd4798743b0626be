"""Work waiting to be done by the worker process, and how far it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from models.errors import NotFound
from models.store import Row, now, writing

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
LIVE = "live"
"""The kind of job that follows a live recording: a process of its own does it (`ui.live`), not the worker."""

FINAL = "final"
"""The kind of job that hears a meeting's stored sound anew (`ui.final`)."""


@dataclass(frozen=True)
class Job:
    """One piece of work; `progress` runs from 0 to 1, `message` is for people."""

    id: int
    meeting: int
    recording: int | None
    kind: str
    options: dict[str, Any]
    state: str
    progress: float
    message: str
    updated: str


def add_job(db: Database, kind: str, meeting: int, recording: int | None = None, **options: object) -> Job:
    row = {"meeting": meeting, "recording": recording, "kind": kind, "options": json.dumps(options),
           "state": WAITING, "progress": 0.0, "message": "", "created": now(), "updated": now()}
    with writing(db):
        key = int(str(db.table("jobs").insert(row).last_pk))
    return job(db, key)


def next_job(db: Database) -> Job | None:
    """The oldest job not finished, live ones left out. One left running by a worker that died is taken up again:
    only one worker runs at a time, so whatever is marked running is not."""
    where, values = "state in (?, ?) and kind != ?", [WAITING, RUNNING, LIVE]
    for row in db.table("jobs").rows_where(where, values, order_by="id", limit=1):
        report(db, row["id"], RUNNING, row["progress"])
        return job(db, row["id"])
    return None


def live_job(db: Database, meeting: int) -> Job | None:
    """The unfinished job that follows a live recording of the meeting, or None."""
    where, values = "meeting = ? and kind = ? and state in (?, ?)", [meeting, LIVE, WAITING, RUNNING]
    for row in db.table("jobs").rows_where(where, values, order_by="id desc", limit=1):
        return _job(row)
    return None


def report(db: Database, job_id: int, state: str, progress: float, message: str = "") -> None:
    """Says how far a job is."""
    with writing(db):
        db.table("jobs").update(job_id, {"state": state, "progress": progress, "message": message, "updated": now()})


def job(db: Database, job_id: int) -> Job:
    """One job. Raises NotFound."""
    for row in db.table("jobs").rows_where("id = ?", [job_id]):
        return _job(row)
    raise NotFound("jobs", job_id)


def latest_job(db: Database, meeting: int) -> Job | None:
    """The job that was last asked for in a meeting, or None."""
    for row in db.table("jobs").rows_where("meeting = ?", [meeting], order_by="id desc", limit=1):
        return _job(row)
    return None


def _job(row: Row) -> Job:
    return Job(row["id"], row["meeting"], row["recording"], row["kind"], json.loads(row["options"]), row["state"],
               row["progress"], row["message"], row["updated"])
