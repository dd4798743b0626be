"""Finding what was said, asked and answered, by word and by meaning, and by whom, where and when.

A query typed without tone marks goes to the folded column only. Otherwise, where vectors are
there, full text and meaning are joined by reciprocal rank fusion (Cormack et al., SIGIR 2009)
with weights 1 and 2 and k = 10, measured as the best routing for this kind of text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from models.approval import published_heads
from models.communes import commune
from models.folding import fold, has_marks, nfc
from models.frozen import PUBLISHED
from models.lines import Audience, Record
from models.rights import Account, Act
from models.store import Row

Vector = NDArray[np.float32]
Keys = NDArray[np.int64]

FUSION_K = 10
WEIGHT_OF_WORDS, WEIGHT_OF_MEANING = 1.0, 2.0
DEEP = 100
"""How many hits of each kind are looked at before they are joined."""


class Kind(StrEnum):
    """What is looked through."""

    ALL = "all"
    QUESTIONS = "questions"
    ANSWERS = "answers"


RECORDS = {Kind.ALL: tuple(Record), Kind.QUESTIONS: (Record.QUESTION,), Kind.ANSWERS: (Record.ANSWER,)}


@dataclass(frozen=True)
class Filters:
    """What else a line must be; empty is anything. `topic` is a topic's name, `role` one of `models.lines`."""

    commune: str = ""
    year: int | None = None
    topic: str = ""
    status: str = ""
    agency: str = ""
    role: str = ""
    kind: Kind = Kind.ALL


@dataclass(frozen=True)
class Sight:
    """Which lines somebody may find."""

    audience: Audience = Audience.HOUSE
    denunciations: bool = True


EVERYTHING, ANYTHING = Sight(), Filters()


@dataclass(frozen=True)
class Hit:
    """A line that was found, with all that it can be found by (see `models.lines.Line`)."""

    meeting: int
    record: str
    record_id: int
    text: str
    score: float
    topic: str = ""
    status: str = ""
    agency: str = ""
    speaker: str = ""
    role: str = ""


def visible(account: Account) -> Sight:
    """What an account may find: who sees no drafts, only what is published, with what is private masked."""
    audience = Audience.HOUSE if account.may(Act.SEE_DRAFTS) else Audience.PUBLIC
    return Sight(audience, account.sees_denunciations)


def search_words(db: Database, words: str, limit: int = 20, filters: Filters = ANYTHING,
                 sight: Sight = EVERYTHING) -> list[Hit]:
    """Lines that hold all the words as they are written or as they were heard, the best first."""
    marks = has_marks(words)
    columns, wanted = ("{text heard}", _quoted(nfc(words).lower())) if marks else ("folded", _quoted(fold(words)))
    if not wanted:
        return []
    chosen = _selection(db, filters, sight)
    # The plus keeps SQLite from asking the full text line by line.
    query = ("select lines.*, found.rank as rank from (select rowid, rank from lines_fts where lines_fts match :words "
             f"and +rowid {'not in' if chosen.turned else 'in'} ({chosen.ids}) order by rank limit :limit) as found "
             "join lines on lines.id = found.rowid order by found.rank")
    rows = db.query(query, {"words": f"{columns} : ({wanted})", "limit": limit, **chosen.values})
    return [_hit(row, -row["rank"]) for row in rows]


def search_meaning(db: Database, query: Vector, embedder: str, limit: int = 20, filters: Filters = ANYTHING,
                   sight: Sight = EVERYTHING) -> list[Hit]:
    """Questions and answers whose vectors, made by `embedder`, lie nearest to the query's (shape (d,), unit length)."""
    chosen = _selection(db, filters, sight, but="utterance")
    keys, meetings, scores = _scores(db, query, embedder)
    listed = np.fromiter((row[0] for row in db.execute(chosen.ids, chosen.values)), dtype=np.int64)
    scores[np.isin(keys, listed, invert=not chosen.turned)] = -np.inf
    best = np.argsort(-scores, kind="stable")[:2 * limit]
    nearest = [(int(meetings[i]), int(keys[i]), float(scores[i])) for i in best if np.isfinite(scores[i])]
    return _still_there(db, nearest, embedder)[:limit]


def search(db: Database, words: str, query: Vector | None = None, embedder: str = "", limit: int = 20,
           filters: Filters = ANYTHING, sight: Sight = EVERYTHING) -> list[Hit]:
    """Lines found by words, and by meaning when a query vector is given and tone marks were typed."""
    by_words = search_words(db, words, max(DEEP, limit), filters, sight)
    if query is None or not has_marks(words):
        return by_words[:limit]
    by_meaning = search_meaning(db, query, embedder, max(DEEP, limit), filters, sight)
    scores: dict[tuple[str, int], float] = {}
    lines: dict[tuple[str, int], Hit] = {}
    for weight, hits in ((WEIGHT_OF_WORDS, by_words), (WEIGHT_OF_MEANING, by_meaning)):
        for rank, hit in enumerate(hits, 1):
            key = (hit.record, hit.record_id)
            lines[key] = hit
            scores[key] = scores.get(key, 0.0) + weight / (FUSION_K + rank)
    best = sorted(scores, key=lambda key: -scores[key])[:limit]
    return [replace(lines[key], score=scores[key]) for key in best]


def browse(db: Database, limit: int = 20, filters: Filters = ANYTHING, sight: Sight = EVERYTHING) -> list[Hit]:
    """Questions, or answers when only these are asked for, that fit the filters, of the latest meetings first."""
    kind = Kind.ANSWERS if filters.kind is Kind.ANSWERS else Kind.QUESTIONS
    condition, values = _fulfilling(db, replace(filters, kind=kind), sight)
    query = (f"select lines.* from lines join meetings on meetings.id = meeting where {condition} "
             "order by date desc, meeting desc, lines.id limit :limit")
    return [_hit(row, 0.0) for row in db.query(query, {**values, "limit": limit})]


def choices(db: Database, sight: Sight = EVERYTHING) -> Mapping[str, list[str]]:
    """What there is to filter by, for each of commune, year, topic and agency, of what may be found."""
    condition, values = _fulfilling(db, ANYTHING, sight)
    found = {name: [row[0] for row in db.execute(
        f"select distinct {name} from lines where {condition} and record = 'question' and {name} <> ''", values)]
        for name in ("topic", "agency")}
    meetings = _meetings(db, sight)
    found["commune"] = list({commune(row["title"], row["place"]) for row in meetings})
    found["year"] = list({row["date"][:4] for row in meetings})
    return {name: sorted(values, reverse=name == "year") for name, values in found.items()}


@dataclass(frozen=True)
class _Selection:
    """Which lines may be found: those whose ids the query `ids` gives, or, `turned`, all others."""

    ids: str
    values: dict[str, str]
    turned: bool = False


def _selection(db: Database, filters: Filters, sight: Sight, but: str = "") -> _Selection:
    """Without filters the few lines that may not be found are told, instead of the many that may.

    Lines of the record `but` do not matter.
    """
    if filters == ANYTHING and sight.audience is Audience.HOUSE:
        secret = "" if sight.denunciations else " union all select id from lines where secret = 1"
        return _Selection(f"select id from lines where audience = 'public'{secret}", {}, turned=True)
    condition, values = _fulfilling(db, filters, sight)
    return _Selection(f"select id from lines where {condition} and record <> :but", values | {"but": but})


def _fulfilling(db: Database, filters: Filters, sight: Sight) -> tuple[str, dict[str, str]]:
    """What a row of `lines` must fulfil, in SQL, and its values."""
    records = ", ".join(f"'{record.value}'" for record in RECORDS[filters.kind])
    parts = [f"record in ({records})", "audience = :audience"]
    values = {"audience": sight.audience.value}
    if sight.audience is Audience.PUBLIC:
        parts.append(f"meeting in ({PUBLISHED})")
    if not sight.denunciations or sight.audience is Audience.PUBLIC:
        parts.append("secret = 0")
    if filters.commune or filters.year:
        parts.append("meeting in (select value from json_each(:meetings))")
        values["meetings"] = json.dumps([row["id"] for row in _meetings(db, sight) if _is_there(row, filters)])
    for name in ("topic", "status", "agency", "role"):
        if value := getattr(filters, name):
            parts.append(f"{name} = :{name}")
            values[name] = value
    return " and ".join(parts), values


def _meetings(db: Database, sight: Sight) -> list[Row]:
    if sight.audience is Audience.PUBLIC:
        return [asdict(head) for head in published_heads(db)]
    return list(db.query("select id, title, place, date from meetings"))


def _is_there(meeting: Row, filters: Filters) -> bool:
    """Whether a meeting was held in the commune and year asked for."""
    return (not filters.year or meeting["date"].startswith(f"{filters.year}-")) and (
        not filters.commune or commune(meeting["title"], meeting["place"]) == filters.commune)


def _scores(db: Database, query: Vector, embedder: str) -> tuple[Keys, Keys, Vector]:
    """All lines that have a vector, their meetings, and how near each lies to the query."""
    keys, meetings, scores = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for meeting, numbers, vectors in db.execute(
            "select meeting, keys, vectors from packs where embedder = ?", [embedder]):
        keys.append(np.frombuffer(numbers, np.int64))
        meetings.append(np.full(len(keys[-1]), meeting))
        scores.append(np.frombuffer(vectors, np.float16).reshape(len(keys[-1]), -1).astype(np.float32) @ query)
    return np.concatenate(keys), np.concatenate(meetings), np.concatenate(scores)


def _still_there(db: Database, nearest: Sequence[tuple[int, int, float]], embedder: str) -> list[Hit]:
    """The lines of these meetings, ids and scores, without any that changed since its vector was made."""
    query = "select * from lines where id in (select value from json_each(?)) and embedder = ?"
    rows = {row["id"]: row for row in db.query(query, [json.dumps([key for _, key, _ in nearest]), embedder])}
    return [_hit(rows[key], score) for meeting, key, score in nearest
            if key in rows and rows[key]["meeting"] == meeting]


def _quoted(words: str) -> str:
    """Each word as a string of FTS5's query language, so that no sign in it is an operator."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words.split() if any(c.isalnum() for c in word))


def _hit(row: Row, score: float) -> Hit:
    return Hit(row["meeting"], row["record"], row["record_id"], row["text"], score, row["topic"], row["status"],
               row["agency"], row["speaker"], row["role"])
