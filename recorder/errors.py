"""What can go wrong with a live recording, named."""

from __future__ import annotations

from pathlib import Path

from models.errors import Busy, DoiThoaiError


class NoDevice(DoiThoaiError):
    """No input device of this name; an empty name stands for "no microphone at all"."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name or "no input device")
        self.name = name


class DeviceBusy(DoiThoaiError):
    """A device that is there but cannot be opened; `detail` is what the sound system said."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


class AlreadyRecording(Busy):
    """Another recorder holds this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class NotRecording(DoiThoaiError):
    """No recorder is at work in this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class FolderNotWritable(DoiThoaiError):
    """A folder in which nothing can be written; `detail` is what the system said."""

    def __init__(self, folder: Path, detail: str = "") -> None:
        super().__init__(f"{folder}: {detail}")
        self.folder = folder
        self.detail = detail


class RecorderFailed(DoiThoaiError):
    """The recorder ended for a reason that has no name of its own; `detail` is what is known."""

    def __init__(self, folder: Path, detail: str) -> None:
        super().__init__(f"{folder}: {detail}")
        self.folder = folder
        self.detail = detail
