"""How long the disk will last, and a little room kept aside for the last words."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from recorder.wav import sync_file

SPARE = "spare.bin"
SPARE_BYTES = 256 * 1024
LOW_MINUTES = 30.0
"""Minutes left below which the secretary is warned."""


def minutes_left(folder: Path, bytes_per_second: int) -> float:
    """Minutes of recording for which there is room."""
    return round(shutil.disk_usage(folder).free / bytes_per_second / 60, 1)


def keep_spare(folder: Path) -> None:
    """Sets room aside, so that a full disk can still be written down in the journal. Raises OSError."""
    with (folder / SPARE).open("wb") as file:
        file.write(bytes(SPARE_BYTES))
        sync_file(file)


def free_spare(folder: Path) -> None:
    (folder / SPARE).unlink(missing_ok=True)


def is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
