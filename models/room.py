"""Room on the disk: asked for before work, and named when it runs out."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import DiskFull


@contextmanager
def room_for(folder: Path, needed: int) -> Iterator[None]:
    """Refuses work for which there is no room, and names a disk that fills up on the way. Raises DiskFull."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if shutil.disk_usage(there).free < needed:
        raise DiskFull(folder, needed)
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder, needed) from error
        raise
