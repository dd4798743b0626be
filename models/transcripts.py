"""What was said and what was understood of it, as stored.

A new transcript or analysis never replaces an older one: the latest is the current one. What
people changed lies over it as revisions (`models.history`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlite_utils import Database

from models.errors import NotFound
from models.folding import fold, nfc
from models.history import edits
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
    with db.atomic():
        db.table("blocks").insert(row, ignore=True)


def blocks(db: Database, sound: str, generator: str) -> list[str]:
    """The contents of the blocks done so far, in order of time."""
    where = "sound = ? and generator = ?"
    return [row["content"] for row in db.table("blocks").rows_where(where, [sound, generator], order_by="start")]


def save_transcript(db: Database, meeting: int, recording: int | None, generator: str,
                    utterances: Sequence[Utterance]) -> Transcript:
    """Stores utterances as the meeting's current transcript and makes them searchable."""
    with writing(db):
        row = {"meeting": meeting, "recording": recording, "generator": generator, "created": now()}
        transcript = int(str(db.table("transcripts").insert(row).last_pk))
        db.table("utterances").insert_all(
            _utterance_row(transcript, i, utterance) for i, utterance in enumerate(utterances))
        stored = _utterances(db, transcript)
        _replace_lines(db, meeting, "utterance", [(u.id, u.text) for u in stored if u.id is not None])
        # Questions found in the transcript before this one no longer describe the meeting.
        _replace_lines(db, meeting, "question", [])
    return Transcript(transcript, meeting, recording, generator, stored)


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
    """Stores what was understood as the current analysis of a transcript."""
    with writing(db):
        row = {"transcript": transcript.id, "generator": analysis.generator,
               "places": json.dumps(analysis.places), "created": now()}
        analysis_id = int(str(db.table("analyses").insert(row).last_pk))
        questions = tuple(_save_question(db, analysis_id, question) for question in analysis.questions)
        _replace_lines(db, transcript.meeting, "question",
                       [(q.id, f"{q.summary}\n{q.text}\n{q.answer.text}") for q in questions if q.id is not None])
    return replace(analysis, questions=questions)


def current_analysis(db: Database, transcript: Transcript) -> Analysis | None:
    """The latest analysis of a transcript with the edits people made, or None."""
    for row in db.table("analyses").rows_where("transcript = ?", [transcript.id], order_by="id desc", limit=1):
        places = tuple(Place(place) for place in json.loads(row["places"]))
        return Analysis(_questions(db, row["id"]), places, row["generator"])
    return None


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


def _save_question(db: Database, analysis: int, question: Question) -> Question:
    row = {name: getattr(question, name)
           for name in ("number", "text", "summary", "topic", "topic_score", "asker", "address")}
    row |= {"analysis": analysis, "status": question.status.value,
            "spans": json.dumps([asdict(span) for span in question.spans]),
            "personal_data": json.dumps([asdict(data) for data in question.personal_data]),
            "flags": json.dumps(question.flags), "reasons": json.dumps(dict(question.reasons), ensure_ascii=False)}
    question_id = int(str(db.table("questions").insert(row).last_pk))
    answer = asdict(question.answer) | {"question": question_id, "utterances": json.dumps(question.answer.utterances)}
    db.table("answers").insert(answer)
    return replace(question, id=question_id)


def _questions(db: Database, analysis: int) -> tuple[Question, ...]:
    query = ("select questions.*, answers.utterances as answer_utterances, answers.text as answer_text, "
             "answered_by, agency, deadline from questions join answers on answers.question = questions.id "
             "where analysis = ? order by number")
    rows = list(db.query(query, [analysis]))
    changed = edits(db, "question", [row["id"] for row in rows])
    return tuple(_question(row | changed.get(row["id"], {})) for row in rows)


def _question(row: Row) -> Question:
    answer = Answer(tuple(json.loads(row["answer_utterances"])), row["answer_text"], row["answered_by"],
                    row["agency"], row["deadline"])
    return Question(
        row["number"], tuple(Span(**span) for span in json.loads(row["spans"])), row["text"], row["summary"],
        row["topic"] or None, row["topic_score"], Status(row["status"]), answer, row["asker"], row["address"],
        tuple(PersonalData(**data) for data in json.loads(row["personal_data"])), tuple(json.loads(row["flags"])),
        json.loads(row["reasons"]), row["id"])


def _replace_lines(db: Database, meeting: int, record: str, lines: list[tuple[int, str]]) -> None:
    """Makes these texts, and no older ones, the searchable lines of a meeting."""
    db.table("lines").delete_where("meeting = ? and record = ?", [meeting, record])
    db.table("lines").insert_all(
        {"meeting": meeting, "record": record, "record_id": key, "text": nfc(text), "folded": fold(text),
         "embedder": None, "vector": None} for key, text in lines)
