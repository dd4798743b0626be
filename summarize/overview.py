"""What the chair sees at one glance while the meeting goes on: who waits how long, what was promised without a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.records import Analysis, Status, Utterance


@dataclass(frozen=True)
class Waiting:
    """A question that nobody answered yet and for how long, in seconds since it was asked."""

    number: int
    seconds: float


@dataclass(frozen=True)
class Overview:
    """Who waits, promises without a day, questions whose topic is not sure: by number."""

    waiting: tuple[Waiting, ...]
    promised_without_date: tuple[int, ...]
    unsure_topic: tuple[int, ...]


def overview(utterances: Sequence[Utterance], analysis: Analysis) -> Overview:
    """The state of all questions at the end of the transcript; the longest wait first."""
    now = utterances[-1].end if utterances else 0.0
    asked = {q.number: max(utterances[span.utterance].end for span in q.spans) for q in analysis.questions}
    waiting = [Waiting(q.number, now - asked[q.number]) for q in analysis.questions if q.status == Status.UNANSWERED]
    return Overview(
        tuple(sorted(waiting, key=lambda wait: -wait.seconds)),
        tuple(q.number for q in analysis.questions
              if q.status in (Status.PROMISED, Status.WRITTEN, Status.ESCALATED) and not q.answer.deadline_date),
        tuple(q.number for q in analysis.questions if "unsure_topic" in q.flags))
