"""What others ask of the recorder: lines appended to `commands.jsonl`, which it looks at ten times a second.

pause, resume, stop, mark (with `name`) and switch (with `device`). Each carries `clock`, the moment
at which the key was pressed, so that a mark stands where it was meant.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from recorder.clocks import clock

COMMANDS = "commands.jsonl"
NAMES = ("pause", "resume", "stop", "mark", "switch")


@dataclass(frozen=True)
class Command:
    """`clock` is when it was given (see `clocks.clock`)."""

    command: str
    clock: float
    name: str = ""
    device: str = ""


def append(folder: Path, command: str, name: str = "", device: str = "") -> None:
    """Hands a command over. Raises OSError, and ValueError for a command that does not exist."""
    if command not in NAMES:
        raise ValueError(command)
    line = json.dumps(asdict(Command(command, clock(), name, device)), ensure_ascii=False)
    with (folder / COMMANDS).open("ab", buffering=0) as file:
        file.write(line.encode() + b"\n")
        os.fsync(file.fileno())


class Inbox:
    """Reads the commands given after it was opened."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / COMMANDS
        self._at = self._path.stat().st_size if self._path.exists() else 0

    def new(self) -> list[Command]:
        """The commands since the last look; a line still being written waits for the next."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole = file.read().rpartition(b"\n")[0]
        self._at += len(whole) + 1 if whole else 0
        return [command for line in whole.split(b"\n") if (command := _parsed(line))]


def _parsed(line: bytes) -> Command | None:
    try:
        command = Command(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return command if command.command in NAMES else None
