"""What is heard and understood of a meeting while it is being recorded.

All of it is passing: it shows people that they are heard, and is forgotten when the transcript is
made from the recognised blocks. `live` names the recording: its folder, relative to the data folder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlite_utils import Database

from models.records import Status, Word
from models.store import Row, now, writing

SURE = 0.6
"""Confidence from which a word counts as heard: noise brings words, too, but none that the recogniser is sure of."""


@dataclass(frozen=True)
class CaptionLine:
    """What was said between two pauses; the words of `pending` may still change. A line without any stands for sound
    that was left out, to keep up with what is being said."""

    number: int
    start: float
    end: float
    words: tuple[Word, ...] = ()
    pending: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(word.word for word in (*self.words, *self.pending))

    @property
    def is_left_out(self) -> bool:
        return not self.words and not self.pending


@dataclass(frozen=True)
class LiveLine:
    """An utterance as it stands so far."""

    start: float
    end: float
    speaker: str
    text: str
    is_secret: bool = False
    """Part of a denunciation, as far as is known by now."""


@dataclass(frozen=True)
class LiveQuestion:
    """A question as it stands so far; `topic` is the id of an announced topic, None outside them."""

    number: int
    start: float
    summary: str
    topic: str | None
    status: Status
    asker: str = ""
    is_secret: bool = False


@dataclass(frozen=True)
class LiveDraft:
    """What was understood up to `position` seconds; `times` says how long was spoken, by place of the record."""

    position: float
    lines: tuple[LiveLine, ...] = ()
    questions: tuple[LiveQuestion, ...] = ()
    times: dict[str, float] = field(default_factory=dict)


def save_captions(db: Database, live: str, lines: Sequence[CaptionLine]) -> None:
    """Stores lines, each in place of the one with its number."""
    if lines:
        with writing(db):
            db.table("captions").upsert_all([_row(live, line) for line in lines])


def captions(db: Database, live: str, since: float = 0.0) -> list[CaptionLine]:
    """The lines of a recording that end after `since` seconds, in order."""
    rows = db.table("captions").rows_where("live = ? and end > ?", [live, since], order_by="number")
    return [CaptionLine(row["number"], row["start"], row["end"], _words(row["words"]), _words(row["pending"]))
            for row in rows]


def next_number(db: Database, live: str) -> int:
    """The number of the next line of a recording."""
    return int(next(db.query("select coalesce(max(number) + 1, 0) as number from captions where live = ?",
                             [live]))["number"])


def captioned_until(db: Database, live: str) -> float:
    """Seconds of a recording up to which there are captions."""
    query = "select coalesce(max(end), 0.0) as end from captions where live = ?"
    return float(next(db.query(query, [live]))["end"])


def words_heard(db: Database, live: str, since: float, confidence: float = 0.0) -> int:
    """How many words were heard, with at least this confidence, in lines that end after `since` seconds."""
    query = ("select count(*) as heard from captions, json_each(json_array(words, pending)) as both, "
             "json_each(both.value) as word where live = ? and end > ? and json_extract(word.value, '$[3]') >= ?")
    return int(next(db.query(query, [live, since, confidence]))["heard"])


def left_out(db: Database, live: str, since: float) -> float:
    """Seconds of sound after `since` for which captions were left out."""
    query = ("select coalesce(sum(end - start), 0.0) as seconds from captions "
             "where live = ? and end > ? and words = '[]' and pending = '[]'")
    return float(next(db.query(query, [live, since]))["seconds"])


def save_draft(db: Database, live: str, draft: LiveDraft) -> None:
    content = json.dumps(asdict(draft), ensure_ascii=False)
    with writing(db):
        db.table("live_drafts").upsert({"live": live, "content": content, "updated": now()})


def draft(db: Database, live: str) -> LiveDraft | None:
    """What was understood so far; None before anything was."""
    for row in db.table("live_drafts").rows_where("live = ?", [live]):
        content = json.loads(row["content"])
        return LiveDraft(
            content["position"], tuple(LiveLine(**line) for line in content["lines"]),
            tuple(LiveQuestion(**question | {"status": Status(question["status"])})
                  for question in content["questions"]),
            content["times"])
    return None


def forget(db: Database, live: str) -> None:
    """Forgets a recording's passing words, once its transcript stands."""
    with writing(db):
        db.table("captions").delete_where("live = ?", [live])
        db.table("live_drafts").delete_where("live = ?", [live])


def _row(live: str, line: CaptionLine) -> Row:
    return {"live": live, "number": line.number, "start": line.start, "end": line.end,
            "words": _as_json(line.words), "pending": _as_json(line.pending)}


def _as_json(words: Sequence[Word]) -> str:
    return json.dumps([[word.word, word.start, word.end, word.confidence] for word in words], ensure_ascii=False)


def _words(content: str) -> tuple[Word, ...]:
    return tuple(Word(*word) for word in json.loads(content))
