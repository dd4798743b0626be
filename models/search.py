"""Finding what was asked and answered, by word and by meaning.

A query typed without tone marks goes to the folded column only. Otherwise, where vectors are
there, full text and meaning are joined by reciprocal rank fusion (Cormack et al., SIGIR 2009)
with weights 1 and 2 and k = 10, measured as the best routing for this kind of text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from models.folding import fold, has_marks, nfc
from models.store import Row, writing

Vector = NDArray[np.float32]

FUSION_K = 10
WEIGHT_OF_WORDS, WEIGHT_OF_MEANING = 1.0, 2.0
DEEP = 100
"""How many hits of each kind are looked at before they are joined."""


@dataclass(frozen=True)
class Hit:
    """A line that was found: an utterance or a question (`record`) of a meeting."""

    meeting: int
    record: str
    record_id: int
    text: str
    score: float


def search_words(db: Database, words: str, limit: int = 20) -> list[Hit]:
    """Lines that hold all the words, the best first."""
    column = "text" if has_marks(words) else "folded"
    wanted = _quoted(nfc(words).lower() if column == "text" else fold(words))
    if not wanted:
        return []
    query = ("select lines.*, bm25(lines_fts) as rank from lines_fts join lines on lines.id = lines_fts.rowid "
             "where lines_fts match ? order by rank limit ?")
    return [_hit(row, -row["rank"]) for row in db.query(query, [f"{column} : ({wanted})", limit])]


def search_meaning(db: Database, query: Vector, embedder: str, limit: int = 20) -> list[Hit]:
    """Lines whose vectors, made by `embedder`, lie nearest to the query's (shape (d,), unit length)."""
    rows = list(db.table("lines").rows_where("embedder = ? and vector is not null", [embedder]))
    if not rows:
        return []
    scores = np.stack([np.frombuffer(row["vector"], dtype=np.float16) for row in rows]).astype(np.float32) @ query
    best = np.argsort(-scores, kind="stable")[:limit]
    return [_hit(rows[i], float(scores[i])) for i in best]


def search(db: Database, words: str, query: Vector | None = None, embedder: str = "", limit: int = 20) -> list[Hit]:
    """Lines found by words, and by meaning when a query vector is given and tone marks were typed."""
    by_words = search_words(db, words, DEEP)
    if query is None or not has_marks(words):
        return by_words[:limit]
    by_meaning = search_meaning(db, query, embedder, DEEP)
    scores: dict[tuple[str, int], float] = {}
    lines: dict[tuple[str, int], Hit] = {}
    for weight, hits in ((WEIGHT_OF_WORDS, by_words), (WEIGHT_OF_MEANING, by_meaning)):
        for rank, hit in enumerate(hits, 1):
            key = (hit.record, hit.record_id)
            lines[key] = hit
            scores[key] = scores.get(key, 0.0) + weight / (FUSION_K + rank)
    best = sorted(scores, key=lambda key: -scores[key])[:limit]
    return [Hit(lines[k].meeting, *k, lines[k].text, scores[k]) for k in best]


def add_vectors(db: Database, embed: Callable[[list[str]], Vector], embedder: str, batch: int = 32) -> int:
    """Makes the vectors that are missing, of all meetings; returns how many were made.

    `embed` turns texts into unit vectors of shape (texts, d).
    """
    made = 0
    where = "embedder is not ? or vector is null"
    while rows := list(db.table("lines").rows_where(where, [embedder], limit=batch)):
        vectors = embed([row["text"] for row in rows]).astype(np.float16)
        with writing(db):
            for row, vector in zip(rows, vectors, strict=True):
                # The text may have been edited meanwhile: then its vector is made next time round.
                db.execute("update lines set embedder = ?, vector = ? where id = ? and text = ?",
                           [embedder, vector.tobytes(), row["id"], row["text"]])
        made += len(rows)
    return made


def _quoted(words: str) -> str:
    """Each word as a string of FTS5's query language, so that no sign in it is an operator."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words.split() if any(c.isalnum() for c in word))


def _hit(row: Row, score: float) -> Hit:
    return Hit(row["meeting"], row["record"], row["record_id"], row["text"], score)
