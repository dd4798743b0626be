"""What can go wrong, named. The words a person reads for each are in `ui/errors.py`."""

from __future__ import annotations

from pathlib import Path


class DoiThoaiError(Exception):
    """The root of every error that is explained to a person in one sentence."""


class BadFile(DoiThoaiError):
    """A file that cannot be used; `reason` is a short key and `detail` what it is about."""

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason} {detail}".strip())
        self.path = path
        self.reason = reason
        self.detail = detail


class BadMeeting(BadFile):
    """A meeting file: not_found, not_yaml, not_mapping, unknown_key, missing_key, bad_value,
    bad_date, duplicate_topic."""


class BadSound(BadFile):
    """A sound file: not_found, empty, not_sound, no_speech."""


class BadTranscript(BadFile):
    """A transcript: not_found, not_json, missing_key, bad_value, empty."""


class BadTemplate(BadFile):
    """A Word template: not_docx, unknown_field (`detail` names it), broken_field."""


class WeightsMissing(DoiThoaiError):
    """Weights that are not installed, or whose files do not carry the expected SHA-256."""

    def __init__(self, name: str, reason: str = "missing") -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class WeightsUnreachable(DoiThoaiError):
    """The package that carries the weights could not be downloaded."""

    def __init__(self, name: str, package: str, detail: str) -> None:
        super().__init__(f"{name}: {package}: {detail}")
        self.name = name
        self.package = package
        self.detail = detail


class DiskFull(DoiThoaiError):
    """No room left at `path`; `needed` bytes would have been enough (0 when unknown)."""

    def __init__(self, path: Path, needed: int = 0) -> None:
        super().__init__(f"{path}: {needed} bytes needed")
        self.path = path
        self.needed = needed


class Busy(DoiThoaiError):
    """Another process is already at work on `what`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NotFound(DoiThoaiError):
    """No record of this kind has this id."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key}")
        self.kind = kind
        self.key = key


class StaleEdit(DoiThoaiError):
    """An edit based on an older version: `yours` was typed while `theirs` was saved."""

    def __init__(self, field: str, theirs: str, yours: str) -> None:
        super().__init__(f"{field}: {theirs!r} / {yours!r}")
        self.field = field
        self.theirs = theirs
        self.yours = yours
