"""What was said and what was understood of it, as stored.

A new transcript or analysis never replaces an older one: the latest is the current one. What
people changed lies over it as revisions (`models.history`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlite_utils import Database

from models import lines
from models.due import due
from models.errors import NotFound
from models.folding import nfc
from models.frozen import refuse_if_frozen
from models.history import edits, revise_within
from models.records import Analysis, Answer, PersonalData, Place, Question, Span, Status, Utterance, Word
from models.store import Row, now, writing


@dataclass(frozen=True)
class Transcript:
    """The utterances of one recording, or of a dialogue that came as text (`recording` None)."""

    id: int
    meeting: int
    recording: int | None
    generator: str
    utterances: tuple[Utterance, ...]


def save_block(db: Database, sound: str, generator: str, start: float, end: float, content: str) -> None:
    """Keeps one recognised block of the sound with this SHA-256; a second time changes nothing."""
    row = {"sound": sound, "generator": generator, "start": start, "end": end, "content": content}
    with writing(db):
        db.table("blocks").insert(row, ignore=True)


def blocks(db: Database, sound: str, generator: str) -> list[str]:
    """The contents of the blocks done so far, in order of time."""
    where = "sound = ? and generator = ?"
    return [row["content"] for row in db.table("blocks").rows_where(where, [sound, generator], order_by="start")]


def block_generators(db: Database, sound: str) -> list[str]:
    """What has recognised this sound, or a part of it."""
    query = "select distinct generator from blocks where sound = ?"
    return [row["generator"] for row in db.query(query, [sound])]


def adopt_blocks(db: Database, live: str, sound: str) -> None:
    """Gives blocks recognised while their sound still grew, kept under the recording's name, to its SHA-256."""
    with writing(db):
        db.execute("update or ignore blocks set sound = ? where sound = ?", [sound, live])
        db.table("blocks").delete_where("sound = ?", [live])


def save_transcript(db: Database, meeting: int, recording: int | None, generator: str,
                    utterances: Sequence[Utterance]) -> Transcript:
    """Stores utterances as the meeting's current transcript and makes them searchable."""
    with writing(db):
        return save_transcript_within(db, meeting, recording, generator, utterances)


def save_transcript_within(db: Database, meeting: int, recording: int | None, generator: str,
                           utterances: Sequence[Utterance]) -> Transcript:
    """As `save_transcript`, as a part of a transaction. Raises FrozenMinutes."""
    refuse_if_frozen(db, meeting)
    row = {"meeting": meeting, "recording": recording, "generator": generator, "created": now()}
    transcript = int(str(db.table("transcripts").insert(row).last_pk))
    db.table("utterances").insert_all(
        _utterance_row(transcript, i, utterance) for i, utterance in enumerate(utterances))
    stored = _utterances(db, transcript)
    lines.index_said(db, meeting, stored)
    return Transcript(transcript, meeting, recording, generator, stored)


def as_recognised(db: Database, transcript: int) -> tuple[Utterance, ...]:
    """The utterances of a transcript as the machine wrote them, without the edits people made."""
    rows = db.table("utterances").rows_where("transcript = ?", [transcript], order_by="position")
    return tuple(_utterance(row, {}) for row in rows)


def current_transcript(db: Database, meeting: int) -> Transcript | None:
    """The latest transcript of a meeting with the edits people made, or None."""
    for row in db.table("transcripts").rows_where("meeting = ?", [meeting], order_by="id desc", limit=1):
        return Transcript(row["id"], meeting, row["recording"], row["generator"], _utterances(db, row["id"]))
    return None


def utterance(db: Database, utterance_id: int) -> tuple[Utterance, int | None]:
    """One utterance and the recording it was said in. Raises NotFound."""
    query = ("select utterances.*, transcripts.recording as recording from utterances "
             "join transcripts on transcripts.id = utterances.transcript where utterances.id = ?")
    for row in db.query(query, [utterance_id]):
        return _utterance(row, edits(db, "utterance", [utterance_id]).get(utterance_id, {})), row["recording"]
    raise NotFound("utterances", utterance_id)


def save_analysis(db: Database, transcript: Transcript, analysis: Analysis) -> Analysis:
    """Stores what was understood as the current analysis of a transcript. Raises FrozenMinutes."""
    with writing(db):
        return save_analysis_within(db, transcript, analysis)


def save_analysis_within(db: Database, transcript: Transcript, analysis: Analysis) -> Analysis:
    """As `save_analysis`, as a part of a transaction."""
    refuse_if_frozen(db, transcript.meeting)
    row = {"transcript": transcript.id, "generator": analysis.generator,
           "places": json.dumps(analysis.places), "created": now()}
    analysis_id = int(str(db.table("analyses").insert(row).last_pk))
    questions = tuple(_save_question(db, analysis_id, question) for question in analysis.questions)
    analysis = replace(analysis, questions=questions)
    _index(db, transcript, analysis)
    return analysis


def last_analysis(db: Database, transcript: int) -> int | None:
    """The number of the current analysis of a transcript; None before anything was understood."""
    for row in db.query("select id from analyses where transcript = ? order by id desc limit 1", [transcript]):
        return int(row["id"])
    return None


def as_understood(db: Database, analysis: int, added: bool = True) -> tuple[Question, ...]:
    """The questions of an analysis as they were first written, without the edits people made; with those `added`."""
    return tuple(_question(row) for row in _rows_of_analysis(db, analysis) if added or not row["dropped"])


def index_anew(db: Database) -> None:
    """Makes lines anew that an older version of the program made."""
    for meeting in lines.outdated(db):
        with writing(db):
            transcript = current_transcript(db, meeting)
            if transcript is None:
                continue
            lines.index_said(db, meeting, transcript.utterances)
            if analysis := current_analysis(db, transcript):
                _index(db, transcript, analysis)


def _index(db: Database, transcript: Transcript, analysis: Analysis) -> None:
    lines.index_roles(db, transcript.meeting, transcript.utterances, analysis)
    lines.index_questions(db, transcript.meeting, analysis.questions, transcript.utterances)


def current_analysis(db: Database, transcript: Transcript) -> Analysis | None:
    """The latest analysis of a transcript with the edits people made, or None."""
    for row in db.table("analyses").rows_where("transcript = ?", [transcript.id], order_by="id desc", limit=1):
        rows = _rows_of_analysis(db, row["id"])
        made = [question for question in rows if not question["dropped"]]
        questions = _as_edited(db, row["id"], rows)
        places = _moved([Place(place) for place in json.loads(row["places"])], map(_question, made), questions)
        return Analysis(questions, places, row["generator"])
    return None


def _moved(places: list[Place], made: Iterable[Question], now: Sequence[Question]) -> tuple[Place, ...]:
    """The places that the machine gave, following what people moved in or out of its questions."""
    was, is_now = _parts(made), _parts(now)
    for position in was.keys() | is_now.keys():
        if was.get(position) != is_now.get(position) and position < len(places):
            places[position] = is_now.get(position, Place.OTHER)
    return tuple(places)


def _parts(questions: Iterable[Question]) -> dict[int, Place]:
    """Question or answer, by position in the transcript; what does both counts as question."""
    questions = list(questions)
    answers = {position: Place.ANSWER for question in questions for position in question.answer.utterances}
    return answers | {span.utterance: Place.QUESTION for question in questions for span in question.spans}


def _utterance_row(transcript: int, position: int, utterance: Utterance) -> Row:
    row = asdict(utterance) | {"transcript": transcript, "position": position}
    del row["id"]
    return row | {"text": nfc(utterance.text), "heard": nfc(utterance.heard), "flags": json.dumps(utterance.flags),
                  "words": json.dumps([[w.word, w.start, w.end, w.confidence] for w in utterance.words],
                                      ensure_ascii=False)}


def _utterances(db: Database, transcript: int) -> tuple[Utterance, ...]:
    rows = list(db.table("utterances").rows_where("transcript = ?", [transcript], order_by="position"))
    changed = edits(db, "utterance", [row["id"] for row in rows])
    return tuple(_utterance(row, changed.get(row["id"], {})) for row in rows)


def _utterance(row: Row, changed: dict[str, str]) -> Utterance:
    words = tuple(Word(*word) for word in json.loads(row["words"]))
    said = {"speaker": row["speaker"], "text": row["text"]} | changed
    return Utterance(row["start"], row["end"], said["speaker"], said["text"], row["heard"], words,
                     tuple(json.loads(row["flags"])), row["id"])


def add_question(db: Database, analysis: int, question: Question, by: str) -> int:
    """Writes down a question that a person made, as a part of a transaction, and returns its id.

    It is stored as dropped, and shows by a revision of theirs: without their edits the machine's questions are left.
    """
    last = next(db.query("select max(number) as number from questions where analysis = ?", [analysis]))["number"]
    added = _save_question(db, analysis, replace(question, number=(last or 0) + 1), "yes")
    assert added.id is not None
    revise_within(db, "question", added.id, "dropped", "yes", "", by)
    return added.id


def _save_question(db: Database, analysis: int, question: Question, dropped: str = "") -> Question:
    row = {name: getattr(question, name)
           for name in ("number", "text", "summary", "topic", "topic_score", "asker", "address", "second_topic",
                         "second_score")}
    row |= {"analysis": analysis, "status": question.status.value, "dropped": dropped,
            "spans": json.dumps([asdict(span) for span in question.spans]),
            "personal_data": json.dumps([asdict(data) for data in question.personal_data]),
            "linked": json.dumps(question.linked),
            "follow_ups": json.dumps([asdict(span) for span in question.follow_ups]),
            "flags": json.dumps(question.flags), "reasons": json.dumps(dict(question.reasons), ensure_ascii=False)}
    question_id = int(str(db.table("questions").insert(row).last_pk))
    answer = asdict(question.answer) | {"question": question_id, "utterances": json.dumps(question.answer.utterances)}
    db.table("answers").insert(answer)
    return replace(question, id=question_id)


def questions_of_analysis(db: Database, analysis: int) -> tuple[Question, ...]:
    """The questions of one analysis with the edits people made, in the order they were put, numbered anew."""
    return _as_edited(db, analysis, _rows_of_analysis(db, analysis))


def _as_edited(db: Database, analysis: int, rows: Sequence[Row]) -> tuple[Question, ...]:
    changed = edits(db, "question", [row["id"] for row in rows])
    held = _day_of_analysis(db, analysis) if changed else None
    kept = [_with_its_day(row, changed.get(row["id"], {}), held) for row in rows]
    found = sorted((_question(row) for row in kept if not row["dropped"]), key=_begins)
    numbers = {question.number: number for number, question in enumerate(found, 1)}
    return tuple(replace(question, number=numbers[question.number],
                         linked=tuple(sorted(numbers[other] for other in question.linked if other in numbers)))
                 for question in found)


def _with_its_day(row: Row, changed: dict[str, str], held: date | None) -> Row:
    """A question as edited; of a term put into other words the day that these mean, unless a person set one."""
    if held and changed.get("deadline", row["deadline"]) != row["deadline"] and not changed.get("deadline_date"):
        day = due(changed["deadline"], held)
        return row | changed | {"deadline_date": day.isoformat() if day else ""}
    return row | changed


def _day_of_analysis(db: Database, analysis: int) -> date:
    query = ("select date from meetings where id = (select meeting from transcripts where id = "
             "(select transcript from analyses where id = ?))")
    return date.fromisoformat(next(db.query(query, [analysis]))["date"])


def _begins(question: Question) -> tuple[int, int, int]:
    first = min(question.spans, key=lambda span: (span.utterance, span.start), default=Span(0, 0, 0))
    return first.utterance, first.start, question.number


def _rows_of_analysis(db: Database, analysis: int) -> list[Row]:
    """The questions as they were first written, each with its answer."""
    query = ("select questions.*, answers.utterances as answer_utterances, answers.text as answer_text, "
             "answered_by, agency, deadline, deadline_date, answers.summary as answer_summary, '' as reviewed "
             "from questions join answers on answers.question = questions.id where analysis = ? order by number")
    return list(db.query(query, [analysis]))


def _question(row: Row) -> Question:
    answer = Answer(tuple(json.loads(row["answer_utterances"])), row["answer_text"], row["answered_by"],
                    row["agency"], row["deadline"], row["deadline_date"], row["answer_summary"])
    return Question(
        row["number"], tuple(Span(**span) for span in json.loads(row["spans"])), row["text"], row["summary"],
        row["topic"] or None, row["topic_score"], Status(row["status"]), answer, row["asker"], row["address"],
        tuple(PersonalData(**data) for data in json.loads(row["personal_data"])), tuple(json.loads(row["flags"])),
        json.loads(row["reasons"]), row["id"], row["second_topic"], row["second_score"],
        tuple(json.loads(row["linked"])), tuple(Span(**span) for span in json.loads(row["follow_ups"])),
        bool(row["reviewed"]))
