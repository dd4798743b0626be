"""The dialogues of `data` and what is understood of them: worked out once for all tests, for it takes seconds each.

Everything handed out is frozen, and must be left as it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dialogues import DIALOGUES, NEVER_LEARNED
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Analysis, Meeting, Utterance
from summarize.questions import understand

FORMS = ("written", "heard")
SHARED = Path(__file__).parents[2] / "shared" / "evaluation" / "meetings"


@dataclass(frozen=True)
class Dialogue:
    """One dialogue in one form."""

    folder: Path
    form: str

    @property
    def name(self) -> str:
        return self.folder.name.removeprefix("dialogue_")

    @property
    def was_learned_from(self) -> bool:
        return self.name not in NEVER_LEARNED

    @property
    def said(self) -> tuple[Utterance, ...]:
        return _read(self)[0]

    @property
    def meeting(self) -> Meeting:
        return _read(self)[1]

    @property
    def analysis(self) -> Analysis:
        """What is found in it by words alone."""
        return _understood(self)

    @property
    def gold(self) -> dict[str, Any]:
        """What people say is in it."""
        found: dict[str, Any] = json.loads((self.folder / "gold.json").read_text(encoding="utf-8"))
        return found


@cache
def _read(dialogue: Dialogue) -> tuple[tuple[Utterance, ...], Meeting]:
    folder = dialogue.folder
    return read_transcript(folder / f"{dialogue.form}.jsonl"), read_meeting(folder / "meeting.yaml")


@cache
def _understood(dialogue: Dialogue) -> Analysis:
    return understand(dialogue.said, dialogue.meeting, None)


def named(name: str, form: str) -> Dialogue:
    return Dialogue(DIALOGUES / f"dialogue_{name}", form)


def both_forms(folder: Path) -> list[Dialogue]:
    return [Dialogue(folder, form) for form in FORMS]


OURS = [one for folder in sorted(DIALOGUES.glob("dialogue_*")) for one in both_forms(folder)]
EVERY = OURS + [one for folder in sorted(SHARED.glob("dialogue_*")) for one in both_forms(folder)]
"""Those of the shared evaluation too, where they lie beside this checkout."""

in_each = pytest.mark.parametrize("dialogue", OURS, ids=lambda one: f"{one.name}-{one.form}")
in_each_known = pytest.mark.parametrize("dialogue", EVERY, ids=lambda one: f"{one.name}-{one.form}")
