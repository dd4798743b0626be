"""A 16-bit PCM WAV file that grows, readable after the writer dies at any byte.

The header is written ahead and its two lengths are brought up to date whenever the file is
flushed. Whoever reads here believes the size of the file, not the header, so that a header left
behind by a kill never hides sound that is on the disk.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Sound as numbers: one row for each frame, one column for each channel."""

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
BYTES_PER_SAMPLE = 2
LARGEST_LENGTH = 0xFFFFFFFF


@dataclass(frozen=True)
class Form:
    """How sound is written: `rate` in Hz and the number of channels, always 16-bit."""

    rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * BYTES_PER_SAMPLE

    @property
    def bytes_per_second(self) -> int:
        return self.rate * self.frame_bytes


class GrowingWav:
    """A WAV file open for appending; continues after the last whole frame when the file is there already."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path, self.form = path, form
        self.frames = frames_on_disk(path, form) if path.exists() else 0
        mode = "r+b" if path.exists() else "x+b"
        self._file = path.open(mode, buffering=0)  # a kill must find nothing in a buffer of ours
        self.write_header()
        self._file.seek(HEADER.size + self.frames * form.frame_bytes)

    def append(self, sound: bytes) -> None:
        """Writes whole frames at the end. Raises OSError; what was written before stays readable."""
        rest = memoryview(sound)
        try:
            while rest:  # an unbuffered write may take only a part
                rest = rest[self._file.write(rest):]
        except OSError:  # a full disk: what fitted counts
            self.frames = frames_on_disk(self.path, self.form)
            raise
        self.frames += len(sound) // self.form.frame_bytes

    def sync(self) -> None:
        """Puts everything on the disk itself, with a header that says so."""
        self.write_header()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        if not self._file.closed:
            try:
                self.sync()
            finally:
                self._file.close()

    def write_header(self) -> None:
        """Brings the header up to date, for readers that believe it."""
        here = self._file.tell()
        self._file.seek(0)
        self._file.write(header(self.form, self.frames))
        self._file.seek(max(here, HEADER.size))


def header(form: Form, frames: int) -> bytes:
    """The 44 bytes in front of so many frames."""
    length = min(frames * form.frame_bytes, LARGEST_LENGTH - HEADER.size)
    return HEADER.pack(b"RIFF", length + HEADER.size - 8, b"WAVE", b"fmt ", 16, 1, form.channels, form.rate,
                       form.bytes_per_second, form.frame_bytes, 8 * BYTES_PER_SAMPLE, b"data", length)


def form_of(path: Path) -> Form | None:
    """What the header says of rate and channels; None when it is broken."""
    with path.open("rb") as file:
        head = file.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    riff, _, wave, fmt, _, coding, channels, rate, _, _, bits, data, _ = HEADER.unpack(head)
    sane = (riff, wave, fmt, data, coding, bits) == (b"RIFF", b"WAVE", b"fmt ", b"data", 1, 8 * BYTES_PER_SAMPLE)
    return Form(rate, channels) if sane and rate and channels else None


def frames_on_disk(path: Path, form: Form) -> int:
    """The whole frames that the file holds, whatever its header says."""
    return max(0, path.stat().st_size - HEADER.size) // form.frame_bytes


def read_frames(path: Path, form: Form, first: int, count: int) -> Samples:
    """Frames [first, first + count) of the file, fewer where it ends."""
    with path.open("rb") as file:
        file.seek(HEADER.size + first * form.frame_bytes)
        sound = file.read(count * form.frame_bytes)
    return samples(sound[:len(sound) - len(sound) % form.frame_bytes], form.channels)


def samples(sound: bytes, channels: int) -> Samples:
    return np.frombuffer(sound, dtype="<i2").reshape(-1, channels)


def repair_header(path: Path, form: Form) -> bool:
    """Makes the header say what the disk holds; returns whether it had to be changed. The sound is not touched."""
    right = header(form, frames_on_disk(path, form))
    with path.open("r+b") as file:
        if file.read(HEADER.size) == right:
            return False
        file.seek(0)
        file.write(right)
        sync_file(file)
    return True


def sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
