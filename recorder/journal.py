"""What happened during a recording, one JSON line for each event, on the disk before it is forgotten.

Every event carries `event`, `position` (seconds of sound before it), `clock` (see `clocks.clock`)
and `wall` (ISO 8601); those of gap and break are of the moment at which sound came again. What else an event
carries, by its name:

    start       device, rate, channels, continued,      a recorder begins to work in the folder; `boot` as in `clocks`,
                boot, paused                            `paused` when it goes on with a pause
    anchor                                              the frame at `position` was heard at `clock` and `wall`;
                                                        told again each minute, for the drift of the device
    part        name, rate, channels                    a file was opened
    gap         frames, seconds, reason                 silence was written in place of sound that never came
    break       seconds, reason                         sound is missing here and was not replaced; after a boot the
                                                        seconds are those of the wall clock
    overflow    count                                   the sound system says it dropped something
    pause, resume
    mark        name                                    a key was pressed, such as "câu hỏi mới"
    lost        device                                  the device went silent
    back        device, rate, channels                  it, or one of its name, is open again
    switch      device, rate, channels                  another device was chosen and is open
    switch_failed  device                               another device was chosen and cannot be opened
    fed         by                                      the source of the sound server that feeds the stream
    strayed     to                                      the sound server feeds the stream from another source
    returned    to                                      the source is the one that fed it at first
    asleep      seconds                                 the machine, or this program, stood still
    disk_low    minutes
    copy_failed detail                                  sound.wav is behind and will be made again from the parts
    stop        reason, detail                          asked, shutdown, disk_full or failed: the orderly end

A gap's reason is late, overflow, device_lost, switch or interrupted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from recorder.clocks import Clock, Wall, boot, clock, wall

JOURNAL = "journal.jsonl"
SAME_BOOT = 5.0
"""Seconds by which the two clocks may disagree on a span before they count as from different boots, where the platform
does not name them."""
UNWISHED = ("failed", "disk_full", "shutdown")
"""Reasons of a stop that nobody asked for: what is missing after it is a hole."""

Event = dict[str, Any]


class Journal:
    """The journal of a folder, open for appending."""

    def __init__(self, folder: Path, clock: Clock = clock, wall: Wall = wall) -> None:
        self._clock, self._wall = clock, wall
        self._file = (folder / JOURNAL).open("ab", buffering=0)
        if self._file.tell() and not _ends_with_newline(folder / JOURNAL):
            self._file.write(b"\n")  # a line half written before a kill must not swallow the next

    def write(self, event: str, position: float, heard: float | None = None, **facts: Any) -> None:
        """Appends an event and waits until the disk has it; `heard` is its clock time when that is not now."""
        now = self._clock()
        heard = now if heard is None else heard
        at = self._wall() - timedelta(seconds=now - heard)
        line = {"event": event, "position": round(position, 6), "clock": round(heard, 6),
                "wall": at.isoformat(timespec="milliseconds"), **facts}
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True)
class Anchor:
    """The frame at `position` seconds was heard at `clock` and `wall`; so is all after it, up to the next anchor."""

    position: float
    clock: float
    wall: datetime


def events(folder: Path) -> list[Event]:
    """All events of a recording in order; a line that was half written is left out."""
    path = folder / JOURNAL
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [event for line in lines if (event := _parsed(line))]


def anchors(of: Sequence[Event]) -> list[Anchor]:
    return [Anchor(event["position"], event["clock"], at)
            for event, at in zip(of, times_of_day(of), strict=True) if event["event"] == "anchor"]


def times_of_day(of: Sequence[Event]) -> list[datetime]:
    """The time of day of each event, as the clock on the wall tells it in the end.

    A computer whose clock was wrong is set right in the middle of a meeting: what happened before, since the same boot,
    moves along with it.
    """
    found: list[datetime] = []
    for run in _boots(of):
        last = run[-1]
        set_right = datetime.fromisoformat(last["wall"])
        found += [set_right - timedelta(seconds=last["clock"] - event["clock"]) for event in run]
    return found


def due(told: Sequence[Event], end: float, clock: Clock = clock, wall: Wall = wall) -> float | None:
    """The clock time at which sound that ends at `end` seconds should go on; None when nothing says that it should.

    Nothing does after a pause or a stop that was asked for, nor after a boot, since the clock has started
    anew then: see `broke_off_at`.
    """
    known = anchors(told)
    if not known or _meant_to_be_silent(told) or not _is_same_boot(told, clock, wall):
        return None
    return known[-1].clock + end - known[-1].position


def broke_off_at(told: Sequence[Event], end: float, clock: Clock = clock, wall: Wall = wall) -> datetime | None:
    """The time of day at which sound that ends at `end` seconds was broken off by a boot, else None."""
    known = anchors(told)
    if not known or _meant_to_be_silent(told) or _is_same_boot(told, clock, wall):
        return None
    return known[-1].wall + timedelta(seconds=end - known[-1].position)


def is_paused(told: Iterable[Event]) -> bool:
    """Whether a recorder that died was pausing: a pause lasts until somebody ends it."""
    wishes = [event for event in told if event["event"] in ("start", "pause", "resume")]
    return bool(wishes) and _pauses(wishes[-1])


def _pauses(event: Event) -> bool:
    return event["event"] == "pause" or (event["event"] == "start" and bool(event.get("paused")))


def _meant_to_be_silent(told: Iterable[Event]) -> bool:
    """Whether the last thing anybody wanted was that nothing be recorded."""
    wishes = [event for event in told if event["event"] in ("start", "pause", "resume", "stop")
              and event.get("reason") not in UNWISHED]
    return bool(wishes) and (_pauses(wishes[-1]) or wishes[-1]["event"] == "stop")


def _is_same_boot(told: Sequence[Event], clock: Clock, wall: Wall) -> bool:
    """Whether the clock has run on since the last event."""
    known = next((event["boot"] for event in reversed(told) if event.get("boot")), "")
    if known and boot():
        return bool(known == boot())
    by_clock: float = clock() - told[-1]["clock"]
    by_wall: float = (wall() - datetime.fromisoformat(told[-1]["wall"])).total_seconds()
    return abs(by_clock - by_wall) < SAME_BOOT


def _boots(of: Iterable[Event]) -> list[list[Event]]:
    """The events in runs within which the clock ran on."""
    runs: list[list[Event]] = []
    known = ""
    for event in of:
        another = event["event"] == "start" and (event.get("boot", "") != known or not known)
        if another:
            known = event.get("boot", "")
        if another or not runs:
            runs.append([])
        runs[-1].append(event)
    return runs


def _parsed(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
