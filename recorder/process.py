"""The recorder as a process of its own, and how others start it, ask it and end it.

It outlives whoever started it. Everything passes through files in the folder of the recording:
`status.json`, `commands.jsonl`, `journal.jsonl`, `recorder.log`, the parts and `sound.wav`.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from models import locks
from models.errors import DiskFull, DoiThoaiError
from recorder import commands, disk, parts
from recorder.capture import LOCK, record
from recorder.clocks import boot, clock
from recorder.errors import (
    AlreadyRecording,
    DeviceBusy,
    FolderNotWritable,
    NoDevice,
    NotRecording,
    RecorderFailed,
)
from recorder.journal import events
from recorder.status import State, Status, read_status

LOG = "recorder.log"
SHUTDOWN = "shutdown"
"""The reason of a stop that the system asked for, not a person."""
POLL = 0.05
JUST_NOW = 120.0
"""Seconds since the last sign of life."""
FIRST_WORD = 15.0
"""Seconds that a new process may take until it says anything."""

APART: dict[str, Any] = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}  # type: ignore[attr-defined]
    if sys.platform == "win32" else {"start_new_session": True})
"""How a process is started apart from this one: no window, no terminal, no signals of ours."""

log = logging.getLogger("doithoai.recorder")


def start(folder: Path, device: str | None = None, wait: float = 5.0,
          part_seconds: float = parts.PART_SECONDS, as_it_was: bool = False) -> int:
    """Starts a recorder on a folder and returns its process number; `as_it_was` as in `capture.record`.

    Comes back when frames arrive, or after `wait` seconds: ask `status` which. Raises NoDevice,
    DeviceBusy, AlreadyRecording, FolderNotWritable, DiskFull and RecorderFailed.
    """
    _try_folder(folder)
    if is_held(folder):
        raise AlreadyRecording(folder)
    asked_at, before = clock(), _run(read_status(folder))
    process = spawn(folder, device, part_seconds, as_it_was)
    until = asked_at + FIRST_WORD
    while clock() < until:
        said = read_status(folder)
        if said and said.started >= asked_at and _run(said) != before:
            if not said.state.is_live:
                raise _as_error(folder, device, said)
            if said.state is not State.STARTING or clock() > asked_at + wait:
                return said.pid
        elif process.poll() is not None:
            break
        time.sleep(POLL)
    raise AlreadyRecording(folder) if is_held(folder) else RecorderFailed(folder, _last_line(folder))


def _run(said: Status | None) -> tuple[int, float] | None:
    """Which run of a recorder a status is of: the clock begins anew when the computer does."""
    return (said.pid, said.started) if said else None


def status(folder: Path) -> Status | None:
    """What the recorder of a folder says of itself, None when there never was one.

    `interrupted` stands for a recorder that is gone without having said so.
    """
    said = read_status(folder)
    if said and said.state.is_live and not is_held(folder):
        said = read_status(folder)  # it may have ended between the two looks
        if said and said.state.is_live:
            return replace(said, state=State.INTERRUPTED)
    return said


def send(folder: Path, command: str, name: str = "", device: str = "") -> None:
    """Hands over pause, resume, stop, mark (with a name) or switch (to a device). Raises NotRecording."""
    if not is_held(folder):
        raise NotRecording(folder)
    commands.append(folder, command, name, device)


def stop(folder: Path, wait: float = 10.0) -> Status:
    """Ends a recording and returns its last status. Raises NotRecording, and RecorderFailed when it does not end."""
    send(folder, "stop")
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if not is_held(folder) and (said := read_status(folder)):
            return said
        time.sleep(POLL)
    raise RecorderFailed(folder, "does not stop")


def interrupted(folder: Path) -> bool:
    """Whether a recording was begun here whose recorder is gone without an orderly end."""
    ends = [event for event in events(folder) if event["event"] in ("start", "stop")]
    failed = [end["event"] for end in ends[-2:]] == ["start", "stop"] and ends[-1]["reason"] == "failed"
    return bool(ends) and (ends[-1]["event"] == "start" or failed) and not is_held(folder)


def last_device(folder: Path) -> str | None:
    """The name of the device that was open last."""
    return next((event["device"] for event in reversed(events(folder))
                 if event["event"] in ("start", "back", "switch")), None)


def died_just_now(folder: Path) -> bool:
    """Whether a recorder is gone that nobody ended, so short a time ago that people still believe it to record.

    One that broke off long ago, or before the machine was started anew, is only gone on with when a person says so.
    """
    said = status(folder)
    return (said is not None and said.state in (State.INTERRUPTED, State.FAILED) and said.boot == boot()
            and 0 <= clock() - said.clock < JUST_NOW and interrupted(folder))


def is_held(folder: Path) -> bool:
    """Whether a recorder is at work in the folder."""
    if not (folder / LOCK).exists():
        return False
    try:
        return locks.is_held(folder / LOCK)
    except OSError:
        return False  # a folder in which nothing can be locked holds no recorder


def spawn(folder: Path, device: str | None, part_seconds: float, as_it_was: bool = False) -> subprocess.Popen[bytes]:
    """A recorder as a new process, apart from this one."""
    order = [sys.executable, "-m", "recorder.process", str(folder), "--part-seconds", str(part_seconds)]
    order += ["--device", device] if device else []
    order += ["--as-it-was"] if as_it_was else []
    ours = str(Path(__file__).resolve().parent.parent)
    paths = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH", "")]))
    with (folder / LOG).open("ab") as file:
        return subprocess.Popen(order, env=os.environ | {"PYTHONPATH": paths}, stdin=subprocess.DEVNULL,
                                stdout=file, stderr=file, **APART)


def main() -> None:
    parser = argparse.ArgumentParser(description="Record from a microphone into a folder until told to stop.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", help="name of the microphone, or a part of it that no other has")
    parser.add_argument("--part-seconds", type=float, default=parts.PART_SECONDS)
    parser.add_argument("--as-it-was", action="store_true", help="take the place of a recorder that died")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    _stop_in_order_when_killed(given.folder)

    def hung(device: str) -> None:
        spawn(given.folder, device or given.device, given.part_seconds, as_it_was=True)
        os._exit(1)  # the lock goes with the process; PortAudio would never let it end by itself

    try:
        record(given.folder, given.device, given.part_seconds, hung, as_it_was=given.as_it_was)
    except DoiThoaiError as error:
        sys.exit(f"{type(error).__name__}: {error}")


def _stop_in_order_when_killed(folder: Path) -> None:
    """A polite kill, as at shutdown, is a stop."""
    def ask(*_: object) -> None:
        commands.append(folder, "stop", SHUTDOWN)

    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask)


def _try_folder(folder: Path) -> None:
    """Raises FolderNotWritable or DiskFull before anything is promised."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(bytes(4096))
        probe.unlink()
    except OSError as error:
        with suppress(OSError):
            (folder / ".probe").unlink(missing_ok=True)
        raise DiskFull(folder) if disk.is_full(error) else FolderNotWritable(folder, str(error)) from error


def _as_error(folder: Path, device: str | None, said: Status) -> DoiThoaiError:
    """The end of a recorder that never recorded, by its name."""
    if said.state is State.DISK_FULL:
        return DiskFull(folder)
    if said.reason == NoDevice.__name__:
        return NoDevice(device or "")
    if said.reason == DeviceBusy.__name__:
        return DeviceBusy(device or said.device, said.detail)
    return RecorderFailed(folder, f"{said.reason}: {said.detail}")


def _last_line(folder: Path) -> str:
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


if __name__ == "__main__":
    main()
