"""Which syllables make one word: Vietnamese writes a space within words too."""

from __future__ import annotations

from transcribe.wording.line import Line
from transcribe.wording.lists import words

_STRENGTHS = {
    pair: strength
    for strength, name in ((1, "weak"), (2, "middling"), (3, "strong"))
    for pair in words("compounds", name)
}


def binds(line: Line, position: int) -> bool:
    """Whether the words before and at `position` are one, and not each bound more firmly to its other neighbour."""
    strength = _strength(line, position)
    return strength > 0 and strength >= max(_strength(line, position - 1), _strength(line, position + 1))


def _strength(line: Line, position: int) -> int:
    return _STRENGTHS.get(f"{line[position - 1]}_{line[position]}", 0)
