"""Which dialogues programs here learn from, and which only measure them.

Every script that learns takes its dialogues from here, so that none of them meets what the tests hold as unseen.
Those of `benchmarks/data` serve for nothing but learning; of `tests/data` all but the named ones are learned from.
The shared evaluation dialogues lie elsewhere and are never learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.formats import read_transcript

ROOT = Path(__file__).parents[1]
DIALOGUES = ROOT / "tests" / "data" / "dialogues"
ONLY_LEARNED = ROOT / "benchmarks" / "data" / "dialogues"
NEVER_LEARNED = ("khmer", "nghe", "u1", "u2", "u3", "u4", "v1", "v2", "v3", "v4")


def learned_from() -> list[Path]:
    """The folders to learn from, by name."""
    return [folder for folder in _folders() if _name(folder) not in NEVER_LEARNED]


def unseen() -> list[Path]:
    """The folders that nothing was learned from."""
    return [folder for folder in _folders() if _name(folder) in NEVER_LEARNED]


def asked_in(folder: Path, questions: Sequence[dict[str, Any]], form: str) -> list[str]:
    """The words of each question that the gold file of a dialogue marks, in this form."""
    said = read_transcript(folder / f"{form}.jsonl")
    return [" ".join(" ".join(said[span["utterance"]].text.split()[slice(*span[form])]) for span in question["spans"])
            for question in questions]


def _folders() -> list[Path]:
    return sorted([*DIALOGUES.iterdir(), *ONLY_LEARNED.iterdir()], key=_name)


def _name(folder: Path) -> str:
    return folder.name.removeprefix("dialogue_")
