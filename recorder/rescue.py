"""After the recording: an interrupted one is made whole, and any becomes a record."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from filelock import FileLock, Timeout

from models.files import sha256_of
from models.records import Recording
from recorder import disk, journal, sound
from recorder.capture import LOCK
from recorder.errors import AlreadyRecording
from recorder.parts import form_in_journal, part_files, parts
from recorder.wav import HEADER, form_of, repair_header


@dataclass(frozen=True)
class Repaired:
    """What a repair found: the length in seconds, the files in order, and those whose header was behind."""

    seconds: float
    parts: tuple[str, ...]
    corrected: tuple[str, ...]


def repair(folder: Path) -> Repaired:
    """Makes an interrupted recording readable by any program; done twice, it changes nothing.

    The sound in the parts is never touched: their headers are made to say what the disk holds, and
    sound.wav is completed from them. Raises AlreadyRecording while a recorder is at work, and OSError.
    """
    try:
        with FileLock(folder / LOCK, timeout=1.0):
            corrected = tuple(path.name for path in part_files(folder) if _corrected(folder, path))
            seconds = sound.complete(folder)
            disk.free_spare(folder)
            return Repaired(seconds, tuple(part.path.name for part in parts(folder)), corrected)
    except Timeout as error:
        raise AlreadyRecording(folder) from error


def finished(folder: Path, home: Path, name: str) -> Recording:
    """The record of a recording that has ended; its paths are relative to `home`.

    `original` is the folder of the parts and `sha256` that of their bytes in order. Flags
    "interrupted" when a recorder died, "gaps" when silence stands for sound that never came, and
    "breaks" when sound is missing without silence in its place. Repairs first, and raises as `repair`.
    """
    repaired = repair(folder)
    told = [event["event"] for event in journal.events(folder)]
    ends = [event for event in told if event in ("start", "stop")]
    died = any(event == "start" and following != "stop" for event, following in zip_longest(ends, ends[1:]))
    flags = {"interrupted": died, "gaps": "gap" in told, "breaks": "break" in told}
    return Recording(name, sha256_of(*(folder / part for part in repaired.parts)), folder.relative_to(home).as_posix(),
                     (folder / sound.SOUND).relative_to(home).as_posix(), repaired.seconds,
                     tuple(flag for flag, holds in flags.items() if holds))


def _corrected(folder: Path, path: Path) -> bool:
    """Repairs one header; a part that never got one, nor any sound, is left as it is."""
    form = form_of(path) or form_in_journal(folder, path.name)
    return form is not None and path.stat().st_size >= HEADER.size and repair_header(path, form)
