"""Single things out of a long meeting, without reading all that was said."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

from models.history import edits
from models.records import Question, Utterance
from models.transcripts import last_analysis, questions_of_analysis, utterance

CURRENT = "select id from transcripts where meeting = ? order by id desc limit 1"


def questions_of(db: Database, meeting: int) -> Sequence[Question] | None:
    """The meeting's current questions; None before anything was understood."""
    for row in db.query(CURRENT, [meeting]):
        analysis = last_analysis(db, row["id"])
        return None if analysis is None else questions_of_analysis(db, analysis)
    return None


def utterance_at(db: Database, meeting: int, position: int) -> Utterance | None:
    """The utterance at this position of the meeting's current transcript."""
    query = f"select id from utterances where transcript = ({CURRENT}) and position = ?"
    for row in db.query(query, [meeting, position]):
        return utterance(db, row["id"])[0]
    return None


def position_of(db: Database, utterance_id: int) -> int:
    """Where in its transcript an utterance stands."""
    return int(next(db.query("select position from utterances where id = ?", [utterance_id]))["position"])


def positions_of_question(db: Database, question: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where in its transcript a question stands, and where its answer."""
    query = ("select spans, answers.utterances as answer_utterances from questions "
             "join answers on answers.question = questions.id where questions.id = ?")
    for row in db.query(query, [question]):
        standing = row | edits(db, "question", [question]).get(question, {})
        return (tuple(span["utterance"] for span in json.loads(standing["spans"])),
                tuple(json.loads(standing["answer_utterances"])))
    return (), ()


def recording_of(db: Database, meeting: int) -> int | None:
    """The recording that the meeting's current transcript was made from, None when there is none."""
    for row in db.query(f"select recording from transcripts where id = ({CURRENT})", [meeting]):
        return int(row["recording"]) if row["recording"] else None
    return None


def has_sound(db: Database, meeting: int) -> bool:
    """Whether the meeting's current transcript was made from a recording."""
    return recording_of(db, meeting) is not None
