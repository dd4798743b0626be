"""The processes that work behind the pages: which there are, who runs, and how they are started.

Each is kept to one by a lock file in the data folder, and outlives whoever started it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlite_utils import Database

from models import jobs
from models.folders import home
from models.jobs import Job
from models.locks import is_held
from recorder.clocks import clock
from recorder.process import APART
from ui.discreet import FORMAT, Discreet
from ui.errors import explain

PATIENCE = 30.0
"""Seconds that a process may take to start before another is started in its place."""


log = logging.getLogger("doithoai.worker")


def ensure_running(folder: Path | None = None) -> None:
    """Starts a worker on the data folder unless one is there; it outlives whoever started it."""
    folder = folder or home()
    _ensure(folder, worker_lock(folder), "ui.worker")


def ensure_following(folder: Path, meeting: int) -> None:
    """Starts the process that follows a live recording of the meeting, unless one does."""
    _ensure(folder, live_lock(folder, meeting), "ui.live", str(meeting))


def ensure_captioning(folder: Path, meeting: int) -> None:
    """Starts the process that writes captions of the meeting, unless one does."""
    _ensure(folder, captions_lock(folder, meeting), "ui.captioning", str(meeting))


def worker_lock(folder: Path) -> Path:
    """The lock of the one worker on a data folder."""
    return folder / "worker.lock"


def live_lock(folder: Path, meeting: int) -> Path:
    """The lock of the one process that follows a meeting's recording."""
    return _lock(folder, f"live-{meeting}")


def captions_lock(folder: Path, meeting: int) -> Path:
    """The lock of the one process that writes captions of a meeting."""
    return _lock(folder, f"captions-{meeting}")


def log_to(folder: Path) -> None:
    """The log of all that works behind the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(folder / "worker.log", encoding="utf-8")
    handler.setFormatter(Discreet(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Holds the lock of a process as long as it works. Raises filelock.Timeout when another holds it."""
    with FileLock(lock, timeout=0):
        _starting(lock).unlink(missing_ok=True)
        yield


def carry_out(db: Database, job: Job, do: Callable[[Callable[[float, str], None]], str]) -> None:
    """Does one job, which tells how far it has come, and writes down the words it ended with; an error is told, never
    passed over."""
    def progress(share: float, message: str) -> None:
        jobs.report(db, job.id, jobs.RUNNING, share, message)

    try:
        jobs.report(db, job.id, jobs.DONE, 1.0, do(progress))
    except Exception as error:  # the border where anything may arrive and must be told
        log.exception("job %s of meeting %s failed", job.id, job.meeting)
        jobs.report(db, job.id, jobs.FAILED, job.progress, explain(error))


def _ensure(folder: Path, lock: Path, module: str, *arguments: str) -> None:
    """Starts a process unless it runs, or was started and has not come so far: it loads for seconds, and pages ask
    twice a second."""
    if is_held(lock) or _was_just_started(lock):
        return
    _starting(lock).write_text(str(clock()), encoding="ascii")
    _spawn(folder, module, *arguments)


def _was_just_started(lock: Path) -> bool:
    try:
        started = float(_starting(lock).read_text(encoding="ascii"))
    except (OSError, ValueError):  # there is none, or it is being written
        return False
    return 0 <= clock() - started < PATIENCE  # a start in the future is from before a boot


def _starting(lock: Path) -> Path:
    """There from the moment a process is started until it holds its lock; says when that was, by a clock that nobody
    sets."""
    return lock.with_suffix(".starting")


def _lock(folder: Path, name: str) -> Path:
    locks = folder / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    return locks / f"{name}.lock"


def _spawn(folder: Path, module: str, *arguments: str) -> None:
    """A process of its own, apart from this one."""
    subprocess.Popen([sys.executable, "-m", module, *arguments], env=os.environ | {"DOITHOAI_HOME": str(folder)},
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **APART)
