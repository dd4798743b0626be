"""The recorder itself: three threads, of which only the writer may wait for the disk.

The callback of the device copies what came into a queue. The main thread opens the device, watches
that it keeps calling, and opens it again when it does not; all that touches PortAudio happens there,
as Windows demands. The desk (`recorder.desk`) reads commands and tells the status, also while the
main thread waits for a device that hangs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sounddevice as sd
from filelock import FileLock, Timeout

from recorder import devices, disk, parts
from recorder.awake import awake
from recorder.clocks import Clock, Wall, clock, wall
from recorder.continuity import Arrival
from recorder.desk import Desk, Shared
from recorder.devices import Device
from recorder.errors import AlreadyRecording, DeviceBusy, NoDevice
from recorder.feed import fed_as_opened
from recorder.status import State, Status
from recorder.writer import Heard, Writer

LOCK = "recorder.lock"
LOOK_EVERY = 0.1
SILENT_TOO_LONG = 1.0
"""Seconds without a callback after which a device counts as lost."""
FIRST_SOUND = 3.0
"""Seconds that a device may take until its first callback."""
TRY_AGAIN_EVERY = 1.0
USUAL_RATES = (48_000, 44_100, 16_000)
"""Hz, for devices that refuse their own default rate."""

log = logging.getLogger("doithoai.recorder")


def record(folder: Path, device: str | None = None, part_seconds: float = parts.PART_SECONDS,
           hung: Callable[[str], None] | None = None, clock: Clock = clock, wall: Wall = wall,
           as_it_was: bool = False) -> Status:
    """Records into the folder until a stop is asked for or the disk is full; returns how it ended.

    Goes on where an earlier recorder left off, and through the loss of the device. `hung` is called, with
    the device, when PortAudio no longer returns. A recorder that takes the place of one that died goes on
    `as_it_was`: it pauses if that one did, and waits for a device that is not there.
    Raises AlreadyRecording, NoDevice, DeviceBusy and OSError.
    """
    with only_recorder(folder), awake() as is_awake:
        shared = Shared(folder, clock, wall)
        shared.awake = is_awake
        writer = Writer(folder, part_seconds, clock, wall, as_it_was)
        with fed_as_opened(shared, writer):
            return Capture(shared, writer, hung).run(device, as_it_was)


@contextmanager
def only_recorder(folder: Path) -> Iterator[None]:
    """Holds the lock that one recorder has on a folder. Raises AlreadyRecording."""
    try:
        with FileLock(folder / LOCK, timeout=1.0):  # whoever asks whether it is held holds it for an instant
            yield
    except Timeout as error:
        raise AlreadyRecording(folder) from error


class Capture:
    """The main thread: keeps one device open, whatever happens to it."""

    def __init__(self, shared: Shared, writer: Writer, hung: Callable[[str], None] | None = None) -> None:
        self._shared, self._writer = shared, writer
        self._desk = Desk(shared, writer, hung)
        self._stream: sd.RawInputStream | None = None
        self._last_look = 0.0

    def run(self, device: str | None, as_it_was: bool = False) -> Status:
        """Raises NoDevice and DeviceBusy when the device cannot be opened at the start, and is not waited for."""
        self._desk.start()
        self._writer.start()
        try:
            self._begin(device, as_it_was)
            while not self._ended():
                self._keep_open()
        except BaseException as error:
            self._leave("failed", str(error))
            self._desk.end(State.FAILED, type(error).__name__, str(error))
            raise
        self._leave(self._shared.stop_reason)
        return self._desk.end(*self._ending())

    def _begin(self, device: str | None, as_it_was: bool) -> None:
        try:
            with self._shared.inside_portaudio():
                among = devices.inputs()
            self._open(devices.choose(device, among), among, "start")
        except (NoDevice, DeviceBusy):
            if not (as_it_was and device):
                raise
            self._shared.device, self._shared.lost = device, True
            self._reopen("start")

    def _keep_open(self) -> None:
        """Waits until something is wrong or wished for, and opens a device again."""
        event = self._until_it_must_be_reopened()
        if event is None:
            return
        if event == "back":
            self._shared.lost = True
            self._writer.note("lost", device=self._shared.device)
        self._close()
        self._reopen(event)

    def _until_it_must_be_reopened(self) -> str | None:
        """None at the end of the recording, "switch" for another device, "back" for one that was lost."""
        while not self._shared.stop.wait(LOOK_EVERY) and not self._ended():
            if self._shared.wanted is not None:
                return "switch"
            if self._is_silent():
                return "back"
            if self._shared.called:
                self._shared.lost = False
        return None

    def _is_silent(self) -> bool:
        """Whether the device stopped calling; a machine that just woke up is given time."""
        now, last_look = self._shared.clock(), self._last_look
        self._last_look = now
        if now - last_look > SILENT_TOO_LONG:
            self._shared.heard_at = max(self._shared.heard_at, now - LOOK_EVERY)
        patience = SILENT_TOO_LONG if self._shared.called else FIRST_SOUND
        return now - self._shared.heard_at > patience or self._stream is None or not self._stream.active

    def _reopen(self, event: str) -> None:
        """Opens the device that is wished for, else the one there was, and tries again every second."""
        while not self._ended():
            wanted, self._shared.wanted = self._shared.wanted, None
            if wanted is not None and self._opened_again(wanted, "switch"):
                return
            if wanted is not None:
                self._writer.note("switch_failed", device=wanted)
            if self._opened_again(self._shared.device, event):
                return
            self._shared.lost = True
            self._shared.stop.wait(TRY_AGAIN_EVERY)

    def _opened_again(self, name: str, event: str) -> bool:
        try:
            with self._shared.inside_portaudio():
                devices.look_again()
                among = devices.inputs()
            again = name == self._shared.device
            device = devices.choose_again(name, self._shared.beside, among) if again else devices.choose(name, among)
            self._open(device, among, event)
        except (NoDevice, DeviceBusy, sd.PortAudioError) as error:
            log.warning("%s: %s", name, error)
            return False
        return True

    def _open(self, device: Device, among: Sequence[Device], event: str) -> None:
        beside = {other.name for other in among} - {device.name}
        with self._shared.inside_portaudio():
            stream, rate, channels = self._agreed(device)
            self._stream = stream
            self._writer.opened(device.name, rate, channels, event)
            self._shared.chosen += event != "back"
            self._shared.opened(device.name, beside, rate, channels)
            stream.start()

    def _agreed(self, device: Device) -> tuple[sd.RawInputStream, int, int]:
        """A stream in the device's own form, or the nearest that it agrees to. Raises DeviceBusy."""
        detail = ""
        for rate, channels in forms(device):
            try:
                stream = sd.RawInputStream(device=device.index, samplerate=rate, channels=channels, dtype="int16",
                                           latency="low", dither_off=True, callback=self._callback())
                return stream, rate, channels
            except sd.PortAudioError as error:
                detail = str(error)
                log.warning("%s at %d Hz, %d channels: %s", device.name, rate, channels, error)
        raise DeviceBusy(device.name, detail)

    def _callback(self) -> Callable[..., None]:
        """Copies and stamps, nothing else: it runs while the device waits."""
        put, now, shared = self._writer.queue.put, self._shared.clock, self._shared

        def callback(sound: Any, frames: int, time: Any, status: sd.CallbackFlags) -> None:
            at = now()
            put(Heard(bytes(sound), Arrival(at, frames, bool(status.input_overflow))))
            shared.heard_at, shared.called = at, True

        return callback

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream:
            with self._shared.inside_portaudio():
                try:
                    stream.abort(ignore_errors=True)
                    stream.close(ignore_errors=True)
                except sd.PortAudioError:
                    log.exception("closing")

    def _leave(self, reason: str, detail: str = "") -> None:
        """Closes the device, then lets the writer put down all that it brought."""
        self._close()
        self._writer.stop(reason, detail)
        self._writer.join()

    def _ended(self) -> bool:
        return self._shared.stop.is_set() or self._writer.failed is not None

    def _ending(self) -> tuple[State, str, str]:
        error = self._writer.failed
        if error is None:
            return State.STOPPED, "", ""
        return (State.DISK_FULL if disk.is_full(error) else State.FAILED), type(error).__name__, str(error)


def forms(device: Device) -> list[tuple[int, int]]:
    """(rate, channels) worth trying, the device's own first."""
    channels = dict.fromkeys((min(device.channels, 2), device.channels, 1))
    rates = dict.fromkeys((device.rate, *USUAL_RATES))
    return [(rate, count) for rate in rates for count in channels]
