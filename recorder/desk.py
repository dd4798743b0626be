"""The desk beside the recorder: takes commands, tells the status, watches the disk and the machine."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from recorder import disk
from recorder.clocks import Clock, Wall, boot
from recorder.commands import Command, Inbox
from recorder.sound import FORM as SOUND_FORM
from recorder.status import State, Status, write_status
from recorder.wav import Form
from recorder.writer import Writer, kept_channels

LOOK_EVERY = 0.1
TELL_EVERY = 0.25
LOOK_AT_DISK_EVERY = 2.0
STOOD_STILL = 3.0
"""Seconds between two looks that only a sleeping machine, or a stopped program, explains."""
HUNG = 8.0
"""Seconds inside PortAudio after which it will not come back: some drivers never do after an unplugged device."""

log = logging.getLogger("doithoai.recorder")


class Shared:
    """What the threads of a recorder know of each other; each value has one that sets it.

    `device` is the name of what is, or was last, recorded from, `beside` those that were there with it;
    `wanted` another that was asked for; `called` whether the open stream has brought anything,
    `heard_at` when it last did; `chosen` how often a person chose a device, `fed_by` the source that
    the sound server put in place of its own (`recorder.feed`).
    """

    def __init__(self, folder: Path, clock: Clock, wall: Wall) -> None:
        self.folder, self.clock, self.wall = folder, clock, wall
        self.started = clock()
        self.stop = threading.Event()
        self.device, self.beside = "", frozenset[str]()
        self.fed_by, self.awake = "", True
        self.stop_reason = "asked"
        self.form = Form(0, 1)
        self.wanted: str | None = None
        self.called = self.lost = False
        self.chosen = 0
        self.heard_at = self.started
        self.in_portaudio_since: float | None = None

    def opened(self, device: str, beside: Collection[str], rate: int, channels: int) -> None:
        """A stream was opened; it counts from now until its first sound."""
        self.device, self.beside, self.form = device, frozenset(beside), Form(rate, channels)
        self.called, self.heard_at = False, self.clock()

    @contextmanager
    def inside_portaudio(self) -> Iterator[None]:
        """Marks a stretch that may never return."""
        self.in_portaudio_since = self.clock()
        try:
            yield
        finally:
            self.in_portaudio_since = None


class Desk(threading.Thread):
    """Looks up ten times a second."""

    def __init__(self, shared: Shared, writer: Writer, hung: Callable[[str], None] | None = None) -> None:
        super().__init__(name="desk", daemon=True)
        self._shared, self._writer, self._hung = shared, writer, hung
        self._inbox = Inbox(shared.folder)
        self._closed = threading.Event()
        self._looked = self._told = self._looked_at_disk = 0.0
        self._minutes, self._low = -1.0, False
        self._boot = boot()

    def run(self) -> None:
        while not self._closed.wait(LOOK_EVERY):
            try:
                self._look()
            except OSError:
                log.exception("at the desk")  # the folder may be gone for a moment; the sound goes on

    def end(self, state: State, reason: str = "", detail: str = "") -> Status:
        """Closes the desk and tells how it ended."""
        self._closed.set()
        self.join()
        status = self._status(state, reason, detail)
        write_status(self._shared.folder, status)
        return status

    def _look(self) -> None:
        now, before = self._shared.clock(), self._looked
        self._looked = now
        if before and now - before > STOOD_STILL:
            self._writer.note("asleep", seconds=round(now - before, 1))
        for command in self._inbox.new():
            self._obey(command)
        if now - self._looked_at_disk >= LOOK_AT_DISK_EVERY:
            self._looked_at_disk = now
            self._look_at_disk()
        if now - self._told >= TELL_EVERY:
            self._told = now
            write_status(self._shared.folder, self._status(self._state()))
        self._leave_when_hung(now)

    def _obey(self, command: Command) -> None:
        log.info("%s", command)
        match command.command:
            case "pause":
                self._writer.pause()
            case "resume":
                self._writer.go_on()
            case "mark":
                self._writer.mark(command.name, command.clock)
            case "switch":
                self._shared.wanted = command.device
            case "stop":
                self._shared.stop_reason = command.name or "asked"
                self._shared.stop.set()

    def _look_at_disk(self) -> None:
        if not self._shared.form.rate:
            return
        kept = Form(self._shared.form.rate, kept_channels(self._shared.form.channels))
        self._minutes = disk.minutes_left(self._shared.folder, kept.bytes_per_second + SOUND_FORM.bytes_per_second)
        low = self._minutes < disk.LOW_MINUTES
        if low and not self._low:
            self._writer.note("disk_low", minutes=self._minutes)
        self._low = low

    def _leave_when_hung(self, now: float) -> None:
        since = self._shared.in_portaudio_since
        if self._hung is None or since is None or now - since < HUNG:
            return
        log.error("PortAudio does not return")
        self._writer.stop("failed", "hung")
        self._writer.join(HUNG)
        self._hung(self._shared.device)

    def _state(self) -> State:
        if self._shared.lost:
            return State.DEVICE_LOST
        if not self._shared.called:
            return State.STARTING
        return State.PAUSED if self._writer.paused else State.RECORDING

    def _status(self, state: State, reason: str = "", detail: str = "") -> Status:
        shared, written = self._shared, self._writer.written
        return Status(
            state, os.getpid(), shared.device, shared.form.rate, shared.form.channels, round(written.seconds, 3),
            written.frames, written.lost_frames, round(written.lost, 3), written.gaps, written.overflows, written.marks,
            written.level.peak, written.level.rms, written.level.clipping, written.level.quiet,
            shared.fed_by, shared.awake,
            unheard=round(shared.clock() - shared.heard_at, 3), behind=round(self._writer.behind(), 3),
            part=written.part, minutes_left=self._minutes, disk_low=self._low, reason=reason, detail=detail,
            started=shared.started, clock=shared.clock(), boot=self._boot,
            heartbeat=shared.wall().isoformat(timespec="milliseconds"))
