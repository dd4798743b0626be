"""The thread that writes, the only one that may wait for the disk.

Sound and orders come through one queue, so that every event stands in the journal at its place in
the sound. What cannot be written ends the recording with everything before it readable.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from recorder import disk, parts
from recorder.clocks import Clock, Wall, boot, clock, wall
from recorder.continuity import Arrival, Continuity
from recorder.journal import Event, Journal, broke_off_at, due, events, is_paused
from recorder.level import SILENT, Level, Meter
from recorder.sound import FORM as SOUND_FORM
from recorder.sound import SoundCopy, complete, copied
from recorder.wav import Form, Samples, samples

SYNC_EVERY = 0.4
"""Seconds between two flushes to the disk."""
TAKE_EVERY = 0.05
BEAT = 0.1
"""Seconds after which the level and sound.wav are brought up to date."""
LONGEST_FILL = 30 * 60.0
"""Seconds of missing sound beyond which no silence is written: a lid closed over lunch is not a gap in the talk."""
LONGEST_CATCH_UP = 60.0
"""Seconds by which sound.wav may be behind when a recording goes on; more would keep the microphone waiting."""
ANCHOR_EVERY = 60.0
OVERFLOW_TOLD_EVERY = 1.0
GAP_BEFORE = {"start": "interrupted", "back": "device_lost", "switch": "switch"}
"""Why sound is missing before a stream, by the event that opened it."""

log = logging.getLogger("doithoai.recorder")


@dataclass(frozen=True)
class Heard:
    """What one callback brought."""

    sound: bytes
    arrival: Arrival


@dataclass(frozen=True)
class Written:
    """How far the writer has come; seconds and frames with the silence that fills gaps, which `lost_frames` counts.

    `gaps` and `lost` (seconds) count every hole, filled or not, also those that earlier recorders left.
    """

    seconds: float = 0.0
    frames: int = 0
    lost_frames: int = 0
    lost: float = 0.0
    gaps: int = 0
    overflows: int = 0
    marks: int = 0
    part: str = ""
    level: Level = SILENT


class Writer(threading.Thread):
    """Takes what was heard from the queue and puts it on the disk."""

    def __init__(self, folder: Path, part_seconds: float = parts.PART_SECONDS,
                 clock: Clock = clock, wall: Wall = wall, as_it_was: bool = False) -> None:
        """With `as_it_was` it goes on with a pause. Raises OSError when nothing can be written in the folder."""
        super().__init__(name="writer", daemon=True)
        self._folder, self._clock, self._wall = folder, clock, wall
        self.queue: SimpleQueue[Heard | Callable[[], None]] = SimpleQueue()
        disk.keep_spare(folder)
        self._parts = parts.PartWriter(folder, part_seconds, self._tell_part)
        told = events(folder)
        self.continued = any(event["event"] == "start" for event in told)
        self._due = due(told, self._parts.position, clock, wall)
        self._broke_off = broke_off_at(told, self._parts.position, clock, wall)
        self._reason = ""
        self._journal = Journal(folder, clock, wall)
        self._copy = self._opened_copy()
        self._form = Form(0, 1)
        self._channels = 1
        self._block = 0
        self._continuity: Continuity | None = None
        self._meter = Meter()
        self._fresh: list[Samples] = []
        self._held: list[Samples] = []
        self._beat = self._synced = self._anchored = self._overflow_told = 0.0
        self._ending: tuple[str, str] | None = None
        self.written = replace(counted(told), seconds=self._parts.position, frames=parts.frames(folder))
        self.paused = as_it_was and is_paused(told)
        self.failed: Exception | None = None

    # What the other threads ask for

    def opened(self, device: str, rate: int, channels: int, event: str) -> None:
        """The next frames come from this device; `event` is start, back or switch."""
        self.queue.put(lambda: self._begin_stream(device, rate, channels, event))

    def pause(self) -> None:
        self.queue.put(self._pause)

    def go_on(self) -> None:
        self.queue.put(self._go_on)

    def mark(self, name: str, pressed: float) -> None:
        """Marks the sound heard at the clock time `pressed`."""
        self.queue.put(lambda: self._mark(name, pressed))

    def note(self, event: str, **facts: Any) -> None:
        """Writes any other event down."""
        self.queue.put(lambda: self._journal.write(event, self._parts.position, **facts))

    def stop(self, reason: str, detail: str = "") -> None:
        """Writes what has come so far and ends."""
        self.queue.put(lambda: self._end(reason, detail))

    def behind(self) -> float:
        """Seconds of sound that wait to be written, by the size of the last block."""
        return self.queue.qsize() * self._block / self._form.rate if self._form.rate else 0.0

    # The thread

    def run(self) -> None:
        try:
            while self._ending is None:
                self._take_what_is_there()
                self._keep_up()
            self._finish(*self._ending)
        except Exception as error:  # a thread that dies in silence would lose the meeting
            log.exception("cannot write")
            self.failed = error
            self._say_last_words(error)

    def _take_what_is_there(self) -> None:
        """Looks twenty times a second: a device may call five hundred times, and waking for each costs more."""
        time.sleep(TAKE_EVERY)
        with suppress(Empty):
            for _ in range(self.queue.qsize()):
                self._take(self.queue.get_nowait())
                if self._ending is not None:
                    return

    def _take(self, item: Heard | Callable[[], None]) -> None:
        if isinstance(item, Heard):
            self._hear(item)
        else:
            item()

    def _hear(self, heard: Heard) -> None:
        self._block = heard.arrival.frames
        sound = kept(heard.sound, self._channels)
        if self.paused or self._continuity is None:
            self._meter.hear(sound, self._form.rate)
            return
        if heard.arrival.overflow:
            self._tell_overflow()
        first = self._continuity.end is None
        began = heard.arrival.clock - heard.arrival.frames / self._form.rate
        self._tell_what_a_boot_cost(began)
        missing = self._continuity.missing(heard.arrival)
        if self._continuity.in_doubt:
            self._held.append(sound)
            return
        filled = self._fill(missing, "overflow" if heard.arrival.overflow else self._reason, began)
        if not filled or (first and self._due is None):
            self._anchor(began)
        self._reason = "late"
        self._release()
        self._write(sound)

    def _tell_what_a_boot_cost(self, until: float) -> None:
        """The clock began anew, so that only the wall clock knows how long nothing was recorded."""
        if self._broke_off:
            away = (self._wall() - self._broke_off).total_seconds() - (self._clock() - until)
            self._broke_off = None
            self._break(round(max(0.0, away), 1), "interrupted", until)

    def _break(self, seconds: float, reason: str, until: float) -> None:
        self._journal.write("break", self._parts.position, until, seconds=seconds, reason=reason)
        self._count(seconds)

    def _count(self, seconds: float, frames: int = 0) -> None:
        written = self.written
        self.written = replace(written, gaps=written.gaps + 1, lost=written.lost + seconds,
                               lost_frames=written.lost_frames + frames)

    def _fill(self, missing: int, reason: str, until: float) -> bool:
        """Writes silence in place of the frames missing before the clock time `until`; returns False when it is too
        much of it."""
        seconds = round(missing / self._form.rate, 6)
        if seconds > LONGEST_FILL:
            self._break(seconds, reason, until)
            return False
        if missing:
            self._journal.write("gap", self._parts.position, until, frames=missing, seconds=seconds, reason=reason)
            self._count(seconds, missing)
        for at in range(0, missing, self._form.rate):
            self._write(np.zeros((min(self._form.rate, missing - at), self._form.channels), dtype=np.int16))
            self._flush_fresh()  # half an hour of silence must not lie in memory
        if missing:
            self._meter = Meter()  # it was not the hall that was silent
        return True

    def _write(self, sound: Samples) -> None:
        self._parts.write(sound.astype("<i2").tobytes(), self._form)
        self._fresh.append(sound)

    def _release(self) -> None:
        """Writes what waited until it was known whether something is missing before it."""
        held, self._held = self._held, []
        for sound in held:
            self._write(sound)

    def _keep_up(self) -> None:
        """Brings the level and sound.wav up to date, and the disk."""
        now = self._clock()
        if now - self._beat >= BEAT:
            self._beat = now
            self._flush_fresh()
        if now - self._synced >= SYNC_EVERY:
            self._synced = now
            self._parts.sync()
        if now - self._anchored >= ANCHOR_EVERY and self._continuity and self._continuity.end and not self._held:
            self._anchor(self._continuity.end)

    def _anchor(self, heard: float) -> None:
        """Ties the timeline to the clock, again each minute: no device's own clock is quite ours."""
        self._anchored = self._clock()
        self._journal.write("anchor", self._parts.position, heard=heard)

    def _flush_fresh(self) -> None:
        if self._fresh:
            fresh, self._fresh = np.concatenate(self._fresh), []
            self.written = replace(self.written, frames=self.written.frames + len(fresh), seconds=self._parts.position)
            self._meter.hear(fresh, self._form.rate)
            self._copy_out(fresh)
        self.written = replace(self.written, level=self._meter.level(), part=self._parts.name)

    def _copy_out(self, sound: Samples) -> None:
        """Feeds sound.wav. Trouble there never touches the recording: it is made again from the parts."""
        if self._copy is None:
            return
        try:
            self._copy.feed(sound, self._form)
            self._copy.write_header()
        except (OSError, ValueError) as error:
            log.exception("sound.wav is left behind")
            self._copy = None
            self._journal.write("copy_failed", self._parts.position, detail=str(error))

    # Orders

    def _begin_stream(self, device: str, rate: int, channels: int, event: str) -> None:
        self._release()
        self._flush_fresh()
        self._form, self._channels = Form(rate, kept_channels(channels)), channels
        self._due = (self._continuity and self._continuity.end) or self._due
        self._reason = GAP_BEFORE[event]
        self._continuity = None if self.paused else Continuity(rate, self._due)
        self._meter = Meter()
        facts: dict[str, Any] = {"device": device, "rate": rate, "channels": channels}
        if event == "start":
            facts |= {"continued": self.continued, "boot": boot(), "paused": self.paused}
        self._journal.write(event, self._parts.position, **facts)

    def _pause(self) -> None:
        if not self.paused:
            self._release()
            self.paused, self._continuity, self._due = True, None, None
            self._flush_fresh()
            self._journal.write("pause", self._parts.position)

    def _go_on(self) -> None:
        if self.paused:
            self.paused, self._broke_off = False, None
            self._continuity = Continuity(self._form.rate)
            self._journal.write("resume", self._parts.position)

    def _mark(self, name: str, pressed: float) -> None:
        self._release()
        end = self._continuity.end if self._continuity else None
        position = self._parts.position
        if end is not None:
            position = max(0.0, position - max(0.0, end - pressed))
        self._journal.write("mark", position, heard=pressed, name=name)
        self.written = replace(self.written, marks=self.written.marks + 1)

    # Beginning and end

    def _end(self, reason: str, detail: str) -> None:
        self._ending = reason, detail

    def _tell_part(self, name: str, form: Form) -> None:
        self._journal.write("part", self._parts.position, name=name, rate=form.rate, channels=form.channels)

    def _tell_overflow(self) -> None:
        overflows = self.written.overflows + 1
        self.written = replace(self.written, overflows=overflows)
        if self._clock() - self._overflow_told > OVERFLOW_TOLD_EVERY:
            self._overflow_told = self._clock()
            self._journal.write("overflow", self._parts.position, count=overflows)

    def _opened_copy(self) -> SoundCopy | None:
        behind = self._parts.position - copied(self._folder) / SOUND_FORM.rate
        if behind > LONGEST_CATCH_UP:
            self._journal.write("copy_failed", self._parts.position, detail=f"{behind:.0f} s behind")
            return None
        complete(self._folder)
        return SoundCopy(self._folder, self._parts.position)

    def _finish(self, reason: str, detail: str) -> None:
        self._release()
        self._flush_fresh()
        self._parts.close()
        with suppress(OSError):
            disk.free_spare(self._folder)
        if self._copy:
            self._copy.finish()
            self._copy.close()
        self._journal.write("stop", self._parts.position, reason=reason, detail=detail)
        self._journal.close()

    def _say_last_words(self, error: Exception) -> None:
        """Ends a recording that can no longer be written; the room kept aside holds what is still to be told."""
        with suppress(OSError):
            disk.free_spare(self._folder)
        with suppress(OSError):
            self._parts.close()
        with suppress(OSError):
            reason = "disk_full" if disk.is_full(error) else "failed"
            self._journal.write("stop", self._parts.position, reason=reason, detail=str(error))
        if self._copy:
            with suppress(OSError):
                self._copy.close()


def counted(told: Sequence[Event]) -> Written:
    """The holes, marks and overflows that earlier recorders wrote down."""
    holes = [event for event in told if event["event"] in ("gap", "break")]
    overflows = [event["count"] for event in told if event["event"] == "overflow"]
    return Written(lost_frames=sum(hole.get("frames", 0) for hole in holes), gaps=len(holes),
                   lost=sum(hole["seconds"] for hole in holes), overflows=overflows[-1] if overflows else 0,
                   marks=sum(event["event"] == "mark" for event in told))


def kept(sound: bytes, channels: int) -> Samples:
    """The channels that are stored: one or two as they came, the mean of more."""
    came = samples(sound, channels)
    return came if kept_channels(channels) == channels else np.rint(came.mean(axis=1, keepdims=True)).astype(np.int16)


def kept_channels(channels: int) -> int:
    return channels if channels <= 2 else 1
