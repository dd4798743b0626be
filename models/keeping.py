"""Questions found anew: what people changed in the old ones is carried over, so that nothing is silently lost.

A new question is an old one when both stand on the same utterances. Edits become revisions of the new question, under
the name of who made them. A question that a person added, or edited and that is not found any more, stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from models import history, lines, transcripts
from models.records import Analysis, Question
from models.store import writing
from models.transcripts import Transcript

LEAST_SHARED = 0.5
"""Share of the utterances of both together that an old and a new question must have in common to be the same."""
NOT_SEEN = ("reviewed", "dropped")
"""All other fields must be as they were for a question to count as still reviewed."""

Edits = Mapping[str, str]


def save_anew(db: Database, transcript: Transcript, found: Analysis) -> Analysis:
    """Stores what was found as the current analysis of a transcript, people's edits of the one before on top."""
    with writing(db):
        last = transcripts.last_analysis(db, transcript.id)
        saved = transcripts.save_analysis_within(db, transcript, found)
        if last is not None:
            _carry_remarks(db, last, saved.questions)
        if last is not None and (edited := _edited(db, last)):
            _carry(db, transcripts.last_analysis(db, transcript.id) or 0, last, saved.questions, edited)
            current = transcripts.current_analysis(db, transcript)
            assert current is not None
            lines.index_questions(db, transcript.meeting, current.questions, transcript.utterances)
            return current
    return saved


def _edited(db: Database, analysis: int) -> dict[int, Edits]:
    keys = [question.id for question in transcripts.as_understood(db, analysis) if question.id is not None]
    return dict(history.edits(db, "question", keys))


def _carry(db: Database, analysis: int, last: int, found: Sequence[Question], edited: Mapping[int, Edits]) -> None:
    as_edited = {question.id: question for question in transcripts.questions_of_analysis(db, last)}
    left = list(found)
    for old in transcripts.as_understood(db, last):
        if old.id is None or old.id not in edited:
            continue
        new = _same(old, left)
        if new:
            left.remove(new)
            _lay_over(db, old, new, edited[old.id])
        elif old.id in as_edited:  # not dropped by a person
            _keep(db, analysis, as_edited[old.id], edited[old.id], old.id)


def _carry_remarks(db: Database, last: int, found: Sequence[Question]) -> None:
    """What people told one another about an old question stands beside the new one."""
    for old in transcripts.as_understood(db, last):
        if old.id is not None and (new := _same(old, found)) and new.id is not None:
            db.execute("update remarks set record_id = ? where record = 'question' and record_id = ?", [new.id, old.id])


def _same(old: Question, found: Sequence[Question]) -> Question | None:
    """The question that stands on the same utterances, the most alike first."""
    shared = [(_shared(old, new), new.text == old.text, -i) for i, new in enumerate(found)]
    best = max(shared, default=(0.0, False, 0))
    return found[-best[2]] if best[0] >= LEAST_SHARED else None


def _shared(one: Question, two: Question) -> float:
    first, second = ({span.utterance for span in question.spans} for question in (one, two))
    return len(first & second) / max(len(first | second), 1)


def _lay_over(db: Database, old: Question, new: Question, edits: Edits) -> None:
    from models.review import fields_of
    assert old.id is not None and new.id is not None
    there, was = fields_of(new), fields_of(old)
    for name, value in edits.items():
        changed_below = name == "reviewed" and any(
            there[field] != was[field] for field in there if field not in edits and field not in NOT_SEEN)
        if value != there[name] and not changed_below:
            history.revise_within(db, "question", new.id, name, there[name], value, _who(db, old.id, name), 0)


def _keep(db: Database, analysis: int, question: Question, edits: Edits, old: int) -> None:
    """The question as it stands, as one that a person added."""
    field = "dropped" if "dropped" in edits else next(iter(edits))
    kept = replace(question, reviewed=False, linked=())
    added = transcripts.add_question(db, analysis, kept, _who(db, old, field))
    if question.reviewed:
        history.revise_within(db, "question", added, "reviewed", "", "yes", _who(db, old, "reviewed"))


def _who(db: Database, question: int, field: str) -> str:
    last = history.latest(db, "question", question, field)
    assert last is not None
    return last.by
