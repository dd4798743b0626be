"""One piece of work at a time, also between processes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from models.errors import Busy


def is_held(lock: Path) -> bool:
    """Whether somebody holds the lock of this file."""
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True


@contextmanager
def alone(folder: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock on one piece of work. Raises Busy when another still holds it after `wait` seconds."""
    locks = folder / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    try:
        with FileLock(locks / f"{name}.lock", timeout=wait):
            yield
    except Timeout as error:
        raise Busy(what) from error
