"""`sound.wav`: the recording as recognition reads it, 16 kHz mono, growing beside the parts.

It can be made again from the parts at any time, and only ever grows at its end, so that a worker
may follow it. Its sample at time t is the sound of the timeline at time t, also where a device with
another rate takes over.
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from recorder import parts
from recorder.wav import Form, GrowingWav, Samples, form_of, frames_on_disk, read_frames, repair_header

SOUND = "sound.wav"
FORM = Form(rate=16_000, channels=1)
LEAD = 1.0
"""Seconds heard again before going on after an interruption, so that the filter is warm."""
CANCELLED = 0.05
"""Share of a channel's energy below which a mix counts as two channels that cancel each other."""


class SoundCopy:
    """Appends to sound.wav what is written to the parts."""

    def __init__(self, folder: Path, position: float) -> None:
        """Goes on at `position` seconds of the timeline; what the file holds beyond is not written twice."""
        self._wav = GrowingWav(folder / SOUND, FORM)
        self._form: Form | None = None
        self._fed = position
        self._begin()

    def feed(self, sound: Samples, form: Form) -> None:
        """Appends the next frames of the timeline. Raises OSError."""
        if self._form and self._form != form:
            self._change_form()
        self._form = form
        self._fed += len(sound) / form.rate
        self._append(self._resampler.resample(parts.as_frame(mono(sound), Form(form.rate, 1))))

    def finish(self) -> None:
        """Writes what the resampler still holds and ends at the very length of the timeline."""
        self._change_form()
        self._wav.sync()

    def close(self) -> None:
        self._wav.close()

    def write_header(self) -> None:
        """For readers that believe it; the disk need not have this file at once, it can be made again."""
        self._wav.write_header()

    def _change_form(self) -> None:
        self._append(self._resampler.resample(None))
        self._begin()

    def _begin(self) -> None:
        """What comes next begins at its own time on the timeline, not at what rounding left."""
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=FORM.rate)
        self._skip = self._wav.frames - round(self._fed * FORM.rate)
        if self._skip < 0:
            self._wav.append(bytes(-self._skip * FORM.frame_bytes))
            self._skip = 0

    def _append(self, resampled: list[av.AudioFrame]) -> None:
        for frame in resampled:
            sound = frame.to_ndarray().reshape(-1)
            skipped = min(self._skip, len(sound))
            self._skip -= skipped
            self._wav.append(sound[skipped:].astype("<i2").tobytes())


def mono(sound: Samples) -> Samples:
    """One channel: the mean, or the first where the two would cancel each other (a miswired plug)."""
    if sound.shape[1] == 1:
        return sound
    mean = sound.mean(axis=1, dtype=np.float32)
    first = sound[:, 0].astype(np.float32)
    if np.dot(mean, mean) < CANCELLED * np.dot(first, first):
        return sound[:, :1]
    mixed: Samples = np.rint(mean).astype(np.int16)[:, None]
    return mixed


def complete(folder: Path) -> float:
    """Brings sound.wav up to the length of the parts and returns that length in seconds. Raises OSError."""
    length = parts.seconds(folder)
    behind = copied(folder)
    if round(length * FORM.rate) > behind:
        start = max(0.0, float(int(behind / FORM.rate - LEAD)))
        _extend(folder, start)
    elif behind:
        repair_header(folder / SOUND, FORM)
    return length


def copied(folder: Path) -> int:
    """The samples of sound.wav on the disk."""
    path = folder / SOUND
    return frames_on_disk(path, FORM) if path.exists() and form_of(path) else 0


def read_sound(folder: Path, first: int, count: int) -> Samples:
    """Samples [first, first + count) of sound.wav as one row of numbers, fewer where it ends for now."""
    if not (folder / SOUND).exists():
        return np.zeros(0, dtype=np.int16)
    return read_frames(folder / SOUND, FORM, first, count).reshape(-1)


def _extend(folder: Path, start: float) -> None:
    copy = SoundCopy(folder, start)
    try:
        for block in parts.blocks(folder, start):
            copy.feed(block.samples, block.form)
        copy.finish()
    finally:
        copy.close()

