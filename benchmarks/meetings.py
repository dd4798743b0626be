"""Written material to learn from: announced topics, and what was asked and answered, one matter at a time.

Each meeting of `benchmarks/data/meetings.tsv` is a line META (what kind of meeting), its lines TOPIC (id, name) and its
lines Q (id of the topic or `none`, status, question, answer or `-` where nobody said anything).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from models.records import Topic

FILE = Path(__file__).parent / "data" / "meetings.tsv"
OUTSIDE, NO_ANSWER = "none", "-"


@dataclass(frozen=True)
class Asked:
    """A question, its topic (None: outside the announced ones), its answer (empty: none) and what became of it."""

    topic: str | None
    status: str
    question: str
    answer: str


@dataclass(frozen=True)
class Written:
    """The announced topics of a meeting and what was asked there."""

    topics: list[Topic] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def written() -> list[Written]:
    """All meetings, in the order of the file."""
    meetings: list[Written] = []
    with FILE.open(encoding="utf-8") as file:
        for kind, *fields in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if kind == "META":
                meetings.append(Written())
            elif kind == "TOPIC":
                meetings[-1].topics.append(Topic(*fields))
            else:
                topic, status, question, answer = fields
                meetings[-1].asked.append(Asked(None if topic == OUTSIDE else topic, status, question,
                                                "" if answer == NO_ANSWER else answer))
    return meetings
