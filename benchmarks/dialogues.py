"""The dialogues of `tests/data`: those that programs here learn from, and those that only measure them.

Every script that learns takes its dialogues from here, so that none of them meets what the tests hold as unseen.
The shared evaluation dialogues lie elsewhere and are never learned from.
"""

from __future__ import annotations

from pathlib import Path

DIALOGUES = Path(__file__).parents[1] / "tests" / "data" / "dialogues"
NEVER_LEARNED = ("khmer", "nghe", "u1", "u2", "u3", "u4")


def learned_from() -> list[Path]:
    """The folders to learn from, by name."""
    return [folder for folder in sorted(DIALOGUES.iterdir()) if _name(folder) not in NEVER_LEARNED]


def unseen() -> list[Path]:
    """The folders that nothing was learned from."""
    return [folder for folder in sorted(DIALOGUES.iterdir()) if _name(folder) in NEVER_LEARNED]


def _name(folder: Path) -> str:
    return folder.name.removeprefix("dialogue_")
