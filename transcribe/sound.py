"""Reads stretches of the sound on disk: 16 kHz, mono, 16-bit WAV, never the whole of it at once."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadSound

Samples = NDArray[np.float32]
"""Sound as shape (samples,), values from -1 to 1, at SAMPLE_RATE."""

SAMPLE_RATE = 16_000
_SAMPLE_BYTES = 2


def duration(path: Path) -> float:
    """Seconds of sound in the file, as far as they are really on the disk.

    Raises BadSound when the file is missing or of another form.
    """
    with _open(path) as file:
        return _frames(file, path) / SAMPLE_RATE


def read(path: Path, start: float, end: float) -> Samples:
    """The samples from `start` to `end` (seconds); fewer when the file ends before.

    Raises BadSound when the file is missing or of another form.
    """
    return samples_of(read_bytes(path, start, end))


def read_bytes(path: Path, start: float, end: float) -> bytes:
    """The same as 16-bit numbers, the lower byte first: half as much to send to another process."""
    with _open(path) as file:
        frames = _frames(file, path)
        first, last = (min(max(round(time * SAMPLE_RATE), 0), frames) for time in (start, end))
        file.setpos(first)
        return file.readframes(max(last - first, 0))


def samples_of(data: bytes) -> Samples:
    """The samples that `read_bytes` gave."""
    whole = len(data) // _SAMPLE_BYTES * _SAMPLE_BYTES
    return np.frombuffer(data[:whole], dtype="<i2").astype(np.float32) / np.float32(32768)


def _open(path: Path) -> wave.Wave_read:
    try:
        file = wave.open(str(path), "rb")  # noqa: SIM115
    except FileNotFoundError:
        raise BadSound(path, "not_found") from None
    except (wave.Error, EOFError) as error:
        raise BadSound(path, "not_sound", str(error)) from None
    form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
    if form != (SAMPLE_RATE, 1, _SAMPLE_BYTES):
        file.close()
        raise BadSound(path, "not_sound", f"{form[0]} Hz, {form[1]} channels, {8 * form[2]} bits")
    return file


def _frames(file: wave.Wave_read, path: Path) -> int:
    """Frames the header promises, but no more than the file can hold: a killed writer leaves it short."""
    return min(file.getnframes(), path.stat().st_size // _SAMPLE_BYTES)
