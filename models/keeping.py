"""Questions found anew: what people changed in the old ones is carried over, so that nothing is silently lost.

A new question is an old one when both stand on the same utterances. Edits become revisions of the new question, under
the name of who made them. A question that a person added, or edited and that is not found any more, stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

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
        if last is None:
            return saved
        same = _paired(db, last, saved.questions)
        _carry_remarks(db, same)
        if edited := _edited(db, last):
            _carry(db, transcripts.last_analysis(db, transcript.id) or 0, last, same, edited)
            current = transcripts.current_analysis(db, transcript)
            assert current is not None
            lines.index_questions(db, transcript.meeting, current.questions, transcript.utterances)
            return current
    return saved


def _edited(db: Database, analysis: int) -> dict[int, Edits]:
    keys = [question.id for question in transcripts.as_understood(db, analysis) if question.id is not None]
    return dict(history.edits(db, "question", keys))


def _carry(db: Database, analysis: int, last: int, same: Mapping[int, Question], edited: Mapping[int, Edits]) -> None:
    as_edited = {question.id: question for question in transcripts.questions_of_analysis(db, last)}
    for old in transcripts.as_understood(db, last):
        if old.id is None or old.id not in edited:
            continue
        if new := same.get(old.id):
            _lay_over(db, old, new, edited[old.id])
        elif old.id in as_edited:  # not dropped by a person
            _keep(db, analysis, as_edited[old.id], edited[old.id], old.id)


def _carry_remarks(db: Database, same: Mapping[int, Question]) -> None:
    """What people told one another about an old question stands beside the new one."""
    for old, new in same.items():
        db.execute("update remarks set record_id = ? where record = 'question' and record_id = ?", [new.id, old])


def _paired(db: Database, last: int, found: Sequence[Question]) -> dict[int, Question]:
    """By the id of an old question the new one that stands on the same utterances. Of several cut from the same ones
    those belong together whose words are most alike, as they were understood or as people put them since."""
    standing = {question.id: question.text for question in transcripts.questions_of_analysis(db, last)}
    before = [old for old in transcripts.as_understood(db, last) if old.id is not None]
    pairs = [(share, max(_alike(new.text, old.text), _alike(new.text, standing.get(old.id, ""))), old.id or 0, j)
             for old in before for j, new in enumerate(found) if (share := _shared(old, new)) >= LEAST_SHARED]
    same: dict[int, Question] = {}
    taken: set[int] = set()
    for _, _, key, j in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        if key not in same and j not in taken:
            same[key] = found[j]
            taken.add(j)
    return same


def _alike(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


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
        if name in ("flags", "personal_data"):
            value = _with_what_is_new(was[name], value, there[name])
        if value != there[name] and not changed_below:
            history.revise_within(db, "question", new.id, name, there[name], value, _who(db, old.id, name), 0)


def _with_what_is_new(was: str, edited: str, there: str) -> str:
    """Flags or marks as a person left them, and those found only now: what a person took away stays away."""
    old, mine, new = (json.loads(text or "[]") for text in (was, edited, there))
    known = [_place(item) for item in (*old, *mine)]
    both = [*mine, *(item for item in new if _place(item) not in known)]
    return there if both == new else json.dumps(both, ensure_ascii=False)


def _place(item: Any) -> Any:
    """A flag itself; of a mark what it stands on, whether it is lifted or not."""
    return (item["utterance"], item["start"], item["end"]) if isinstance(item, dict) else item


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
