"""What the recorder says of itself four times a second, in `status.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path

from recorder.level import FLOOR

STATUS = "status.json"


class State(StrEnum):
    """`starting` until frames arrive; the last four are ends, `interrupted` one that nobody wrote down."""

    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    DEVICE_LOST = "device_lost"
    STOPPED = "stopped"
    DISK_FULL = "disk_full"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_live(self) -> bool:
        return self in (State.STARTING, State.RECORDING, State.PAUSED, State.DEVICE_LOST)


@dataclass(frozen=True)
class Status:
    """One moment of a recorder. Times are in seconds, levels in dBFS.

    `seconds` and `frames` are what is written, silence in gaps included; `lost_frames` how much of
    it is such silence. `gaps` and `lost` (seconds) count every hole of the recording, filled or not.
    `quiet` is for how long the device brought nothing but silence, `fed_by` the source that the sound
    server put in place of the one that was opened (empty: none). `awake` tells whether the machine is
    kept from sleeping, `boot` in which of its runs this was written (see `clocks.boot`). `unheard` is how
    long ago the last sound came, `behind` how much waits to be written. `minutes_left` is what the disk
    will hold (-1: not known); `clock` and `heartbeat` are when this was written.
    """

    state: State
    pid: int
    device: str = ""
    rate: int = 0
    channels: int = 0
    seconds: float = 0.0
    frames: int = 0
    lost_frames: int = 0
    lost: float = 0.0
    gaps: int = 0
    overflows: int = 0
    marks: int = 0
    peak: float = FLOOR
    rms: float = FLOOR
    clipping: bool = False
    quiet: float = 0.0
    fed_by: str = ""
    awake: bool = True
    unheard: float = 0.0
    behind: float = 0.0
    part: str = ""
    minutes_left: float = -1.0
    disk_low: bool = False
    reason: str = ""
    detail: str = ""
    started: float = 0.0
    clock: float = 0.0
    boot: str = ""
    heartbeat: str = ""


def write_status(folder: Path, status: Status) -> None:
    """Replaces the file as a whole. A turn is left out when Windows has a reader's hand on it, or the disk is full."""
    new = folder / f"{STATUS}.new"
    try:
        new.write_text(json.dumps(asdict(status), ensure_ascii=False), encoding="utf-8")
        new.replace(folder / STATUS)
    except OSError:
        pass  # the next one comes in a quarter of a second, and the sound matters more


def read_status(folder: Path) -> Status | None:
    """What was written last; None before anything was."""
    try:
        facts = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = {field.name for field in fields(Status)}  # a recorder of another version may run
    return Status(**{name: fact for name, fact in facts.items() if name in known} | {"state": State(facts["state"])})
