"""What people change while they review a meeting, one step at a time.

A step is one thing a person did (a corrected line, two questions made one) and holds the revisions
that it took. What a machine wrote is never touched: each step lies over it in the chain of
`models.history`, and is undone by another step that sets every field back. A change based on an
older state is refused (StaleEdit); nothing of its step is written then. What a person looked through
counts as such only as it was then: a question that a step changes loses its tick.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TypeVar

from sqlite_utils import Database

from models import approval, history, lines, transcripts
from models.carrying import carried, carried_stretch
from models.errors import KeptSecret, NotFound, StaleEdit
from models.records import PersonalData, Question, Revision, Span, Utterance
from models.store import now, writing
from models.transcripts import Transcript

SHAPE = ("spans", "answer_utterances", "dropped")
"""The fields that say what belongs to a question."""

Stretch = TypeVar("Stretch", Span, PersonalData)


class Kind(StrEnum):
    """What a step did."""

    CHANGED = "changed"
    REVIEWED = "reviewed"
    DROPPED = "dropped"
    MERGED = "merged"
    ADDED = "added"
    PARTED = "parted"
    MOVED = "moved"
    REPLACED = "replaced"
    MASKED = "masked"
    UNDONE = "undone"


@dataclass(frozen=True)
class Step:
    """One thing that a person did: its revisions are numbered `first` to `last`."""

    id: int
    meeting: int
    by: str
    at: str
    kind: Kind
    first: int
    last: int
    undoes: int | None


@dataclass(frozen=True)
class Edit:
    """A new text for a field, typed over `before`, the text of version `based_on`."""

    record: str
    record_id: int
    field: str
    before: str
    after: str
    based_on: int


def change(db: Database, meeting: int, by: str, edits: Sequence[Edit], kind: Kind = Kind.CHANGED) -> None:
    """Writes some edits down as one step, all or none.

    A corrected line is carried over to the questions that quote it, and what was marked in it as
    private moves with its words. Questions come first, so that what is edited in them is not taken
    for a change by another. Raises StaleEdit, and NotFound for a line or question that belongs to the meeting no more.
    """
    def written(edit: Edit) -> None:
        history.revise_within(db, edit.record, edit.record_id, edit.field, edit.before, edit.after, by, edit.based_on)

    with _step(db, meeting, by, kind) as transcript:
        known = _questions(db, transcript)
        for edit in edits:
            if edit.record == "question":
                _question(known, edit.record_id)
            elif edit.record == "utterance" and edit.record_id not in {line.id for line in transcript.utterances}:
                raise NotFound("utterances", edit.record_id)
            if edit.record != "utterance":
                written(edit)
        questions = _questions(db, transcript)
        for edit in edits:
            if edit.record == "utterance":
                written(edit)
            if (edit.record, edit.field) == ("utterance", "text"):
                position = next(i for i, u in enumerate(transcript.utterances) if u.id == edit.record_id)
                questions = [_quoting(db, question, position, edit, by) for question in questions]


def mark_reviewed(db: Database, meeting: int, by: str, question: int, reviewed: bool, seen: int) -> None:
    """Says of a question that a person has looked through it, or takes that back.

    `seen`: the last change of all that the person had before their eyes (`history.last_id`). Raises StaleEdit when
    somebody else changed the question since.
    """
    with _step(db, meeting, by, Kind.REVIEWED) as transcript:
        _same_since(db, [question], seen, by, shape=())  # what one just saved oneself, one has seen
        _set(db, _question(_questions(db, transcript), question), {"reviewed": "yes" if reviewed else ""}, by)


def drop(db: Database, meeting: int, by: str, question: int, seen: int) -> None:
    """Takes a question out of the meeting. `seen`: as for `mark_reviewed`, also in what follows.

    Raises KeptSecret for a denunciation: what is left of no question would be published.
    """
    with _step(db, meeting, by, Kind.DROPPED) as transcript:
        _same_since(db, [question], seen, by)
        gone = _question(_questions(db, transcript), question)
        _refuse_if_secret(gone)
        _set(db, gone, {"dropped": "yes"}, by)


def merge(db: Database, meeting: int, by: str, into: int, other: int, seen: int) -> None:
    """Makes one question of two: `into` keeps its topic and status, and takes over all that was said."""
    with _step(db, meeting, by, Kind.MERGED) as transcript:
        _same_since(db, [into, other], seen, by)
        questions = _questions(db, transcript)
        one, two = sorted((_question(questions, into), _question(questions, other)), key=lambda q: q.number)
        kept, gone = (one, two) if one.id == into else (two, one)
        _set(db, kept, {
            "spans": _spans((*one.spans, *two.spans)), "text": _joined(one.text, two.text),
            "summary": _joined(one.summary, two.summary),
            "answer_utterances": json.dumps(sorted({*one.answer.utterances, *two.answer.utterances})),
            "answer_text": _merged_answer(one, two, transcript.utterances),
            "answered_by": kept.answer.answered_by or gone.answer.answered_by,
            "agency": kept.answer.agency or gone.answer.agency,
            "deadline": kept.answer.deadline or gone.answer.deadline,
            "deadline_date": (kept if kept.answer.deadline else gone).answer.deadline_date,
            "asker": kept.asker or gone.asker, "address": kept.address or gone.address,
            **_private(one, two), "reviewed": ""}, by)
        _set(db, gone, {"dropped": "yes"}, by)


def add(db: Database, meeting: int, by: str, made: Question, source: int | None, seen: int) -> int:
    """Adds a question that a person found in some lines, and returns its id.

    Where the question `source` keeps other lines, these leave it: it is split. Raises StaleEdit also when a line no
    longer says what `made` quotes.
    """
    positions = {span.utterance for span in made.spans}
    with _step(db, meeting, by, Kind.ADDED) as transcript:
        _still_said(made, transcript.utterances)
        questions = _questions(db, transcript)
        if source is not None:
            _same_since(db, [source], seen, by)
            old = _question(questions, source)
            made = replace(made, topic=old.topic, asker=made.asker or old.asker, address=made.address or old.address)
            if any(span.utterance not in positions for span in old.spans):
                _release(db, old, positions, transcript.utterances, by)
        for question in questions:
            if positions & {span.utterance for span in question.spans}:
                made = _as_private_as(made, question)
        return transcripts.add_question(db, _analysis(db, transcript), made, by)


def part(db: Database, meeting: int, by: str, first: Question, second: Question, seen: int) -> int:
    """Makes two questions of one, also within a line, and returns the id of the `second`; the `first` keeps its own.

    Both say how they stand after that (spans, text, summary); the rest of the question, its answer too, goes to both.
    """
    with _step(db, meeting, by, Kind.PARTED) as transcript:
        assert first.id is not None
        _same_since(db, [first.id], seen, by)
        old = _question(_questions(db, transcript), first.id)
        _set(db, old, {"spans": _spans(first.spans), "text": first.text, "summary": first.summary, "reviewed": ""}, by)
        made = replace(old, spans=second.spans, text=second.text, summary=second.summary, reviewed=False, linked=(),
                       follow_ups=())
        return transcripts.add_question(db, _analysis(db, transcript), made, by)


def move(db: Database, meeting: int, by: str, positions: Iterable[int], to: int, as_answer: bool, seen: int) -> None:
    """Moves lines into a question. As its question they leave all others, and one left with none is dropped;
    as its answer they may stay in others too, since one answer often serves several. Raises KeptSecret for lines of a
    denunciation that would answer what is none."""
    chosen = set(positions)
    with _step(db, meeting, by, Kind.MOVED) as transcript:
        _same_since(db, [to], seen, by)
        said, questions = transcript.utterances, _questions(db, transcript)
        target = _question(questions, to)
        if as_answer:
            if lines.DENUNCIATION not in target.flags:
                _refuse_if_secret(*(other for other in questions if other.id != to and chosen & _lines_of(other)))
            if any(span.utterance not in chosen for span in target.spans):
                target = _release(db, target, chosen, said, by)
            there = sorted(chosen | set(target.answer.utterances))
            _set(db, target, {"answer_utterances": json.dumps(there),
                              "answer_text": _with_answers(target, chosen, said)}, by)
            return
        fresh = sorted(chosen - {span.utterance for span in target.spans})
        for question in questions:
            if question.id != to and chosen & {span.utterance for span in question.spans}:
                left = _release(db, question, chosen, said, by)
                target = _as_private_as(target, question)
                if not left.spans:
                    _set(db, left, {"dropped": "yes"}, by)
        spans = (*target.spans, *(Span(i, 0, len(said[i].text)) for i in fresh))
        _set(db, _question(questions, to), {
            "spans": _spans(spans), "text": _joined(target.text, *(said[i].text for i in fresh)),
            "answer_utterances": json.dumps([i for i in target.answer.utterances if i not in chosen]),
            "answer_text": _without(target.answer.text, target.answer.utterances, chosen, said),
            **_private(target)}, by)


def release(db: Database, meeting: int, by: str, positions: Iterable[int], question: int, seen: int) -> None:
    """Takes lines out of a question and its answer; left with no line it is dropped. Raises KeptSecret as `drop`."""
    with _step(db, meeting, by, Kind.MOVED) as transcript:
        _same_since(db, [question], seen, by)
        left = _release(db, _question(_questions(db, transcript), question), set(positions), transcript.utterances, by)
        if not left.spans:
            _refuse_if_secret(left)
            _set(db, left, {"dropped": "yes"}, by)


def last_step(db: Database, meeting: int, by: str) -> Step | None:
    """What this person did last and has not taken back, since the questions were found: older ones have other ids."""
    query = ("select * from steps where meeting = ? and by = ? and undoes is null and id not in "
             "(select undoes from steps where undoes is not null) and at >= (select max(analyses.created) "
             "from analyses join transcripts on transcripts.id = transcript where meeting = ?) "
             "order by id desc limit 1")
    for row in db.query(query, [meeting, by, meeting]):
        return Step(**row | {"kind": Kind(row["kind"])})
    return None


def undo(db: Database, step: Step) -> None:
    """Sets everything that a step changed back to what it was. Raises StaleEdit where someone went on from it."""
    with _step(db, step.meeting, step.by, Kind.UNDONE, step.id):
        rows = db.table("revisions").rows_where("id between ? and ?", [step.first, step.last], order_by="id desc")
        changes = [Revision(**row) for row in rows]
        is_tick = all(done.field == "reviewed" for done in changes)
        for done in changes:
            last = history.latest(db, done.record, done.record_id, done.field)
            if done.field == "reviewed" and not is_tick and last and last.after != done.after:
                continue  # looked through since, with what is taken back now: it loses that tick
            if last is None or last.after != done.after:
                raise StaleEdit(done.field, last.after if last else "", done.before)
            history.revise_within(db, done.record, done.record_id, done.field, done.after, done.before, step.by)


@contextmanager
def _step(db: Database, meeting: int, by: str, kind: Kind, undoes: int | None = None) -> Iterator[Transcript]:
    """A transaction whose revisions make one step; what can be searched for follows."""
    with writing(db):
        transcript = transcripts.current_transcript(db, meeting)
        if transcript is None:
            raise NotFound("transcript", meeting)
        before = history.last_id(db)
        yield transcript
        _untick_changed(db, before, by)
        last = history.last_id(db)
        if last > before:
            db.table("steps").insert({"meeting": meeting, "by": by, "at": now(), "kind": kind.value,
                                      "first": before + 1, "last": last, "undoes": undoes})
            lines.index_questions(db, meeting, _questions(db, transcript), transcript.utterances)
            approval.begin_review(db, meeting, by)


def _questions(db: Database, transcript: Transcript) -> list[Question]:
    analysis = transcripts.last_analysis(db, transcript.id)
    return [] if analysis is None else list(transcripts.questions_of_analysis(db, analysis))


def _question(questions: Iterable[Question], key: int) -> Question:
    """Raises NotFound when the question is not there (any more)."""
    for question in questions:
        if question.id == key:
            return question
    raise NotFound("questions", key)


def _analysis(db: Database, transcript: Transcript) -> int:
    """The number of the current analysis. Raises NotFound."""
    found = transcripts.last_analysis(db, transcript.id)
    if found is None:
        raise NotFound("transcript", transcript.meeting)
    return found


def _same_since(db: Database, questions: Sequence[int], seen: int, by: str, shape: Sequence[str] = SHAPE) -> None:
    """Raises StaleEdit, with both texts, when somebody else changed these questions after the change `seen`, or anybody
    their `shape`."""
    where = ("record = 'question' and id > ? and record_id in (select value from json_each(?)) "
             f"and field <> 'reviewed' and (by <> ? or field in ({', '.join('?' * len(shape))}))")
    rows = list(db.table("revisions").rows_where(where, [seen, json.dumps(list(questions)), by, *shape], order_by="id"))
    for first in rows:
        last = next(row for row in reversed(rows) if (row["record_id"], row["field"]) == (
            first["record_id"], first["field"]))
        if last["after"] != first["before"] or first["field"] in SHAPE:
            raise StaleEdit(first["field"], last["after"], first["before"])


def _still_said(made: Question, said: Sequence[Utterance]) -> None:
    for span in made.spans:
        words = said[span.utterance].text if span.utterance < len(said) else ""
        if span.end != len(words) or words not in made.text:
            raise StaleEdit("text", words, made.text)


def _untick_changed(db: Database, after: int, by: str) -> None:
    """Takes back the ticks of questions that were changed after this change, unless their tick was set there too."""
    query = ("select distinct record_id from revisions where id > :after and record = 'question' and record_id not in "
             "(select record_id from revisions where id > :after and record = 'question' and field = 'reviewed')")
    for row in list(db.query(query, {"after": after})):
        last = history.latest(db, "question", row["record_id"], "reviewed")
        if last and last.after:
            history.revise_within(db, "question", row["record_id"], "reviewed", last.after, "", by)


def _set(db: Database, question: Question, values: Mapping[str, str], by: str) -> None:
    """Revises the fields of a question that differ; `question` is as it stands now, within this transaction."""
    assert question.id is not None
    there = fields_of(question)
    for name, value in values.items():
        if value != there[name]:
            history.revise_within(db, "question", question.id, name, there[name], value, by)


def fields_of(question: Question) -> dict[str, str]:
    """The fields of a question that people change, as they stand in the history."""
    answer = question.answer
    return {"summary": question.summary, "text": question.text, "topic": question.topic or "",
            "status": question.status.value, "asker": question.asker, "address": question.address,
            "agency": answer.agency, "deadline": answer.deadline, "deadline_date": answer.deadline_date,
            "answer_text": answer.text, "answered_by": answer.answered_by,
            "answer_utterances": json.dumps(answer.utterances),
            "spans": _spans(question.spans), "personal_data": marks_text(question.personal_data),
            "flags": json.dumps(question.flags), "dropped": "", "reviewed": "yes" if question.reviewed else ""}


def _spans(spans: Iterable[Span]) -> str:
    return json.dumps([asdict(span) for span in sorted(set(spans), key=lambda s: (s.utterance, s.start))])


def marks_text(data: Iterable[PersonalData]) -> str:
    """Marks of private words as they stand in the history."""
    return json.dumps([asdict(item) for item in data], ensure_ascii=False)


def _refuse_if_secret(*questions: Question) -> None:
    if any(lines.DENUNCIATION in question.flags for question in questions):
        raise KeptSecret


def _lines_of(question: Question) -> set[int]:
    """The positions of all that was said in a question, for it and in answer to it."""
    return {*(span.utterance for span in (*question.spans, *question.follow_ups)), *question.answer.utterances}


def _private(*questions: Question) -> dict[str, str]:
    """The private data and flags of all of these together."""
    flags = dict.fromkeys(flag for question in questions for flag in question.flags)
    data = dict.fromkeys(item for question in questions for item in question.personal_data)
    return {"flags": json.dumps(tuple(flags)), "personal_data": marks_text(data)}


def _as_private_as(question: Question, other: Question) -> Question:
    """What came from a denunciation or from private words stays as secret as it was."""
    return replace(question, flags=tuple(dict.fromkeys((*question.flags, *other.flags))),
                   personal_data=tuple(dict.fromkeys((*question.personal_data, *other.personal_data))))


def _release(db: Database, question: Question, positions: set[int], said: Sequence[Utterance], by: str) -> Question:
    """The question without these lines, written down. What was private stays marked: rather once too often."""
    gone = [said[s.utterance].text[s.start:s.end] for s in question.spans if s.utterance in positions]
    text = question.text
    for piece in gone:
        text = " ".join(text.replace(piece, " ", 1).split())
    answer = replace(question.answer, text=_without(question.answer.text, question.answer.utterances, positions, said),
                     utterances=tuple(i for i in question.answer.utterances if i not in positions))
    left = replace(question, spans=tuple(s for s in question.spans if s.utterance not in positions),
                   text=text or question.text, answer=answer)
    now_there = fields_of(left)
    _set(db, question, {name: now_there[name] for name in ("spans", "text", "answer_utterances", "answer_text")}, by)
    return left


def _without(text: str, answers: Sequence[int], positions: set[int], said: Sequence[Utterance]) -> str:
    """An answer without what these lines said in it; as it was where none of them belongs to it.

    Written anew from the lines that stay where it no longer can be told apart.
    """
    if not positions & set(answers):
        return text
    left = [said[i].text for i in answers if i not in positions]
    for i in positions & set(answers):
        text = " ".join(text.replace(said[i].text, " ", 1).split())
    return text if not left or any(said[i].text in text for i in answers if i not in positions) else " ".join(left)


def _with_answers(question: Question, positions: set[int], said: Sequence[Utterance]) -> str:
    fresh = sorted(positions - set(question.answer.utterances))
    return _joined(question.answer.text, *(said[i].text for i in fresh))


def _merged_answer(one: Question, two: Question, said: Sequence[Utterance]) -> str:
    """What answered either; a line that answered both is told once."""
    if one.answer.text == two.answer.text:
        return one.answer.text
    twice = set(one.answer.utterances) & set(two.answer.utterances)
    return _joined(one.answer.text, _without(two.answer.text, two.answer.utterances, twice, said))


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))


def _quoting(db: Database, question: Question, position: int, edit: Edit, by: str) -> Question:
    """The question after a line at this position was corrected: its quotations and marks follow."""
    def carry(at: Stretch) -> Stretch:
        if at.utterance != position:
            return at
        start, end = carried_stretch(at.start, at.end, edit.before, edit.after)
        return replace(at, start=start, end=end)

    asked = any(at.utterance == position for at in question.spans)
    answered = position in question.answer.utterances
    spans, marked = tuple(map(carry, question.spans)), tuple(map(carry, question.personal_data))
    values = {"spans": _spans(spans), "personal_data": marks_text(marked)}
    there = fields_of(question)
    for name, quotes in (("text", asked), ("summary", asked), ("answer_text", answered)):
        if quotes:
            values[name] = carried(there[name], edit.before, edit.after)
    _set(db, question, values, by)
    return replace(question, spans=spans, text=values.get("text", question.text),
                   summary=values.get("summary", question.summary), personal_data=marked,
                   answer=replace(question.answer, text=values.get("answer_text", question.answer.text)))
