"""The worker: its own process, which takes jobs from the store until none is left.

Only one runs on a data folder; whoever adds a job calls `ensure_running`. Killed at any time,
it goes on from what the store says is done when it is started again.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from models import jobs
from models.folders import home
from models.jobs import Job
from models.store import open_store
from ui import work
from ui.errors import explain

LOCK = "worker.lock"
IDLE_SECONDS = 20.0
"""How long the worker waits for another job before it ends."""

log = logging.getLogger("doithoai.worker")


def ensure_running(folder: Path | None = None) -> None:
    """Starts a worker on the data folder unless one is there; it outlives whoever started it."""
    folder = folder or home()
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    lock.release()
    environment = os.environ | {"DOITHOAI_HOME": str(folder)}
    apart = ({"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}  # type: ignore[attr-defined]
             if sys.platform == "win32" else {"start_new_session": True})
    subprocess.Popen([sys.executable, "-m", "ui.worker"], env=environment, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **apart)


def run(folder: Path, idle: float = IDLE_SECONDS) -> None:
    """Does all jobs of a data folder, then waits `idle` seconds for more."""
    try:
        with FileLock(folder / LOCK, timeout=0), open_store(folder) as db:
            last = time.monotonic()
            while time.monotonic() - last < idle:
                if job := jobs.next_job(db):
                    do(db, folder, job)
                    last = time.monotonic()
                else:
                    time.sleep(0.3)
    except Timeout:
        log.info("another worker is running")


def do(db: Database, folder: Path, job: Job) -> None:
    """Does one job and writes down how it ended; an error is told, never passed over."""
    def progress(share: float, message: str) -> None:
        jobs.report(db, job.id, jobs.RUNNING, share, message)

    try:
        ended = work.do_job(db, folder, job, progress)
        jobs.report(db, job.id, jobs.DONE, 1.0, ended)
    except Exception as error:  # the one border where anything may arrive and must be told
        log.exception("job %s failed", job.id)
        jobs.report(db, job.id, jobs.FAILED, job.progress, explain(error))


def main() -> None:
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "worker.log", level=logging.INFO, encoding="utf-8",
                        format="%(asctime)s %(levelname)s %(message)s")
    run(folder)


if __name__ == "__main__":
    main()
