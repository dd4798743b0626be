"""Processes that write through the models until they are done or killed; apart from the tests, to start fast."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlite_utils import Database

from models import history, review
from models.errors import StaleEdit
from models.review import Edit
from models.store import open_store, reading
from models.transcripts import current_analysis, current_transcript

FIELDS = ("summary", "agency", "deadline", "address")


def edit(db: Database, meeting: int, by: str, word: str, field: str) -> bool:
    """One step of a person: a field of the first question and what follows from it; False when someone was faster."""
    with reading(db):
        transcript = current_transcript(db, meeting)
        analysis = current_analysis(db, transcript) if transcript else None
        assert analysis
        question = analysis.questions[0]
        key = question.id or 0
        version = history.versions(db, "question", [key]).get((key, field), 0)
    try:
        review.change(db, meeting, by, [Edit("question", key, field, review.fields_of(question)[field], word, version)])
    except StaleEdit:
        return False
    return True


def write_for_ever(meeting: int) -> None:
    """In a process of its own: edits, and says of each that it is saved, until it is killed."""
    with open_store() as db:
        number = 0
        while True:
            number += 1
            assert edit(db, meeting, "Hân", f"lần {number}", "summary")
            print(number, flush=True)


def write_many(folder: str, meeting: int, writer: int, count: int) -> None:
    """In a process of its own: so many edits, each tried until it is not refused."""
    with open_store(Path(folder)) as db:
        for i in range(count):
            while not edit(db, meeting, f"người {writer}", f"{writer}-{i}", FIELDS[i % len(FIELDS)]):
                pass


if __name__ == "__main__":
    write_for_ever(int(sys.argv[1]))
