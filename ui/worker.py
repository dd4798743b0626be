"""The worker: its own process, which takes jobs from the store until none is left.

Only one runs on a data folder; whoever adds a job calls `processes.ensure_running`. Killed at any
time, it goes on from what the store says is done when it is started again.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

from filelock import Timeout
from sqlite_utils import Database

from models import jobs
from models.folders import home
from models.jobs import Job
from models.store import open_store
from ui import final, processes, work

IDLE_SECONDS = 20.0
"""How long the worker waits for another job before it ends."""

log = logging.getLogger("doithoai.worker")


def run(folder: Path, idle: float = IDLE_SECONDS) -> None:
    """Does all jobs of a data folder, then waits `idle` seconds for more."""
    try:
        with processes.only_one(processes.worker_lock(folder)), open_store(folder) as db:
            last = time.monotonic()
            while time.monotonic() - last < idle:
                if job := jobs.next_job(db):
                    do(db, folder, job)
                    work.index_afterwards(db)
                    last = time.monotonic()
                else:
                    time.sleep(0.3)
    except Timeout:
        log.info("another worker is running")


def do(db: Database, folder: Path, job: Job) -> None:
    """Does one job and writes down how it ended."""
    room = final if job.kind == jobs.FINAL else work
    processes.carry_out(db, job, lambda progress: room.do_job(db, folder, job, progress))


def main() -> None:
    folder = home()
    processes.log_to(folder)
    run(folder)


if __name__ == "__main__":
    main()
