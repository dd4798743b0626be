"""The sound of a recording as it lies on the disk: `part-0001.wav`, `part-0002.wav`, …

Each part is 16-bit PCM at the device's own rate, with up to two channels as they came (a mix that
cancels itself out could not be undone). The timeline is the parts one after another: they join
without a gap or a double frame. A part begins when the one before is long enough, and when another
device brings another rate. Positions are seconds from the start of the first part.
"""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import av
import numpy as np

from models.files import sync_folder
from recorder import journal
from recorder.wav import BYTES_PER_SAMPLE, Form, GrowingWav, Samples, form_of, frames_on_disk, read_frames

NAME = re.compile(r"part-\d+\.wav")
PART_SECONDS = 30 * 60.0
"""Seconds after which the next part begins: far below 2 GB with any device."""
BLOCK_SECONDS = 1.0


@dataclass(frozen=True)
class Part:
    """One file: its place on the timeline (`start` in seconds) and how many whole frames the disk holds."""

    path: Path
    form: Form
    frames: int
    start: float

    @property
    def end(self) -> float:
        return self.start + self.frames / self.form.rate


@dataclass(frozen=True)
class Block:
    """A stretch of sound within one part, `start` in seconds."""

    start: float
    form: Form
    samples: Samples


class PartWriter:
    """Appends to the last part and opens the next; never touches a part that was there before.

    `opening` is told the name and form of a part before its file is made.
    """

    def __init__(self, folder: Path, part_seconds: float, opening: Callable[[str, Form], None]) -> None:
        self._folder, self._part_seconds, self._opening = folder, part_seconds, opening
        self._before = seconds(folder)
        self._number = max(map(_number, part_files(folder)), default=0)
        self._part: GrowingWav | None = None

    @property
    def position(self) -> float:
        """Seconds of sound written so far, all parts together."""
        return self._before + (self._part.frames / self._part.form.rate if self._part else 0.0)

    @property
    def name(self) -> str:
        """The part being written, empty before the first."""
        return self._part.path.name if self._part else ""

    def write(self, sound: bytes, form: Form) -> None:
        """Writes whole frames, the last of them into the next part where this one is long enough. Raises OSError."""
        while sound:
            part = self._part_for(form)
            room = round(self._part_seconds * form.rate) - part.frames
            part.append(sound[:room * form.frame_bytes])
            sound = sound[room * form.frame_bytes:]

    def sync(self) -> None:
        if self._part:
            self._part.sync()

    def close(self) -> None:
        if self._part:
            self._before, part = self.position, self._part
            self._part = None
            part.close()

    def _part_for(self, form: Form) -> GrowingWav:
        """The part that the next frame of this form belongs to."""
        part = self._part
        if part and part.form == form and part.frames < round(self._part_seconds * form.rate):
            return part
        self.close()
        self._number += 1
        self._opening(_name(self._number), form)
        self._part = GrowingWav(self._folder / _name(self._number), form)
        self._part.sync()
        sync_folder(self._folder)
        return self._part


def part_files(folder: Path) -> list[Path]:
    """The files of the parts in order; «part-0001 - Copy.wav» is none."""
    return sorted((path for path in folder.glob("part-*.wav") if NAME.fullmatch(path.name)), key=_number)


def parts(folder: Path) -> list[Part]:
    """The parts of a recording in order, with what the disk holds of each now; also while it grows."""
    found: list[Part] = []
    for path in part_files(folder):
        if form := form_of(path) or form_in_journal(folder, path.name):
            found.append(Part(path, form, frames_on_disk(path, form), found[-1].end if found else 0.0))
    return found


def seconds(folder: Path) -> float:
    """The length of a recording, silence that fills gaps included."""
    found = parts(folder)
    return found[-1].end if found else 0.0


def frames(folder: Path) -> int:
    """The frames of all parts together."""
    return sum(part.frames for part in parts(folder))


def blocks(folder: Path, start: float = 0.0, end: float | None = None) -> Iterator[Block]:
    """The sound from `start` to `end` (seconds) in blocks of at most a second; a reader of hours keeps one in memory.

    Two stretches that meet at a time meet at the same frame.
    """
    for part in parts(folder):
        first = _frame(part, start)
        last = part.frames if end is None else _frame(part, end)
        step = int(BLOCK_SECONDS * part.form.rate)
        for at in range(first, last, step):
            block = read_frames(part.path, part.form, at, min(step, last - at))
            yield Block(part.start + at / part.form.rate, part.form, block)


def read(folder: Path, start: float = 0.0, end: float | None = None) -> tuple[Samples, int]:
    """The sound from `start` to `end` (seconds) and its rate in Hz.

    Where the device changed in between, all of it comes in the form of the first part.
    """
    found = list(blocks(folder, start, end))
    if not found:
        return np.zeros((0, 1), dtype=np.int16), 0
    form = found[0].form
    same = all(block.form == form for block in found)
    return np.concatenate([block.samples for block in found] if same else _converted(found, form)), form.rate


def clip(folder: Path, start: float, end: float) -> bytes:
    """A stretch (seconds) as a small WAV file, for listening."""
    sound, rate = read(folder, start, end)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(sound.shape[1])
        out.setsampwidth(BYTES_PER_SAMPLE)
        out.setframerate(rate or 16_000)
        out.writeframes(sound.tobytes())
    return file.getvalue()


def form_in_journal(folder: Path, name: str) -> Form | None:
    """What the journal says of a part whose own header was lost."""
    for event in journal.events(folder):
        if event["event"] == "part" and event.get("name") == name:
            return Form(event["rate"], event["channels"])
    return None


def _converted(found: list[Block], form: Form) -> list[Samples]:
    """The blocks in one form; sound of one device passes through one converter, so that nothing clicks."""
    converted: list[Samples] = []
    for theirs, run in groupby(found, key=lambda block: block.form):
        resampler = av.AudioResampler("s16", _layout(form), form.rate)
        waiting = [out for block in run for out in resampler.resample(as_frame(block.samples, theirs))]
        converted += [out.to_ndarray().astype(np.int16).reshape(-1, form.channels)
                      for out in [*waiting, *resampler.resample(None)]]
    return converted


def as_frame(sound: Samples, form: Form) -> av.AudioFrame:
    """The samples as PyAV takes them."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound).reshape(1, -1), format="s16",
                                       layout=_layout(form))
    frame.sample_rate = form.rate
    return frame


def _layout(form: Form) -> str:
    return "mono" if form.channels == 1 else "stereo"


def _frame(part: Part, position: float) -> int:
    """The frame of a part at a position on the timeline, held within the part."""
    return max(0, min(part.frames, round((position - part.start) * part.form.rate)))


def _name(number: int) -> str:
    return f"part-{number:04d}.wav"


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("part-"))
