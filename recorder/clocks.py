"""The one clock a recording is held against, and the wall clock, which is only ever written down."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

Clock = Callable[[], float]
Wall = Callable[[], datetime]


def clock() -> float:
    """Seconds that only ever grow, also while the machine sleeps, and that every process shares until the next boot.

    A sleep is then a gap in the sound like any other, and setting the time of day changes nothing.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # time.monotonic() stands still there during sleep
    return time.monotonic()


def boot() -> str:
    """Names the run of the machine within which `clock` can be compared; empty where the platform does not name it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def wall() -> datetime:
    """The local time of day, with its distance from UTC."""
    return datetime.now().astimezone()
