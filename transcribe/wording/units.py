"""Names of administrative units behind their kind: «xã Ia Púch», «quận Ba Đình»."""

from __future__ import annotations

from transcribe.wording.line import Line, Phrases
from transcribe.wording.lists import units

_UNITS = {kind: Phrases(names) for kind, names in units().items()}
_KINDS = Phrases(_UNITS)
KINDS = frozenset({*_UNITS, "ấp", "thôn", "xóm", "khóm", "tổ", "đường", "cầu", "chợ"})
"""What stands before the name of a place."""


def unit_end(line: Line, start: int) -> int | None:
    """Where the name that begins at `start` ends, if its kind stands before it."""
    kind = _KINDS.start(line, start)
    return _UNITS[" ".join(line.between(kind, start))].end(line, start) if kind is not None else None
