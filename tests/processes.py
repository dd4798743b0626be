"""Other processes: waiting for what they do, and finding them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path


def until(holds: Callable[[], object], seconds: float) -> float:
    """Waits until something holds and returns how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited too long"
        time.sleep(0.02)
    return time.monotonic() - began


def running(command: str, environment: str = "") -> Iterator[int]:
    """The processes in whose command line and surroundings these words stand."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and command in _read(entry / "cmdline") and environment in _read(entry / "environ"):
            yield int(entry.name)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it has just ended
