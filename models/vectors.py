"""The vectors of questions and answers, by which they are found by meaning: one pack of them for each meeting.

A pack is read whole for every search, which is far quicker than line by line. A line whose text
changed loses the name of its embedder until its vector is made again: what a pack still holds of
it no longer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from models.store import writing

Vector = NDArray[np.float32]
Embed = Callable[[list[str]], Vector]
"""Turns texts into unit vectors of shape (texts, d)."""


def add_vectors(db: Database, embed: Embed, embedder: str, batch: int = 32) -> int:
    """Makes the vectors that are missing, of all meetings; returns how many were made."""
    _forget_others(db, embedder)
    query = "select distinct meeting from lines where embedder is null and record <> 'utterance'"
    return sum(_add(db, row[0], embed, embedder, batch) for row in db.execute(query).fetchall())


@dataclass(frozen=True)
class Placed:
    """The vector of a question and where it stands; shape (d,), unit length, made by `embedder`."""

    meeting: int
    embedder: str
    vector: Vector


def question_vectors(db: Database) -> dict[int, Placed]:
    """The vectors of all questions that can be searched for, by their ids; those not made yet are left out."""
    query = ("select id, record_id from lines where record = 'question' and audience = 'house' "
             "and embedder is not null")
    questions: dict[int, int] = dict(db.execute(query).fetchall())
    found: dict[int, Placed] = {}
    for meeting, embedder, keys, vectors in db.execute("select meeting, embedder, keys, vectors from packs"):
        numbers = np.frombuffer(keys, np.int64)
        rows = np.frombuffer(vectors, np.float16).reshape(len(numbers), -1).astype(np.float32)
        found |= {questions[int(key)]: Placed(meeting, embedder, row)
                  for key, row in zip(numbers, rows, strict=True) if int(key) in questions}
    return found


def _forget_others(db: Database, embedder: str) -> None:
    """Vectors of another embedder say nothing beside those of this one."""
    if db.execute("select 1 from packs where embedder <> ? limit 1", [embedder]).fetchone():
        with writing(db):
            db.execute("update lines set embedder = null where embedder <> ?", [embedder])
            db.execute("delete from packs where embedder <> ?", [embedder])


def _add(db: Database, meeting: int, embed: Embed, embedder: str, batch: int) -> int:
    """The vectors that one meeting lacks."""
    query = "select id, text from lines where meeting = ? and embedder is null and record <> 'utterance'"
    lacking = db.execute(query, [meeting]).fetchall()
    made: dict[tuple[int, str], NDArray[np.float16]] = {}
    for first in range(0, len(lacking), batch):
        part = lacking[first:first + batch]
        made.update(zip(part, embed([text for _, text in part]).astype(np.float16), strict=True))
    with writing(db):
        # What was edited meanwhile keeps lacking its vector: it is made next time round.
        still = set(db.execute(query, [meeting]))
        fresh = {line[0]: vector for line, vector in made.items() if line in still}
        pack = {key: vector for key, vector in _pack(db, meeting).items() if key not in fresh} | fresh
        db.conn.executemany("update lines set embedder = ? where id = ?", [(embedder, key) for key in fresh])
        row = {"meeting": meeting, "embedder": embedder, "keys": np.array(list(pack), np.int64).tobytes(),
               "vectors": np.array(list(pack.values()), np.float16).tobytes()}
        db.table("packs").insert(row, replace=True)
    return len(fresh)


def _pack(db: Database, meeting: int) -> dict[int, NDArray[np.float16]]:
    """The vectors of a meeting that still stand for their lines, by line."""
    standing = {row[0] for row in db.execute(
        "select id from lines where meeting = ? and embedder is not null", [meeting])}
    for keys, vectors in db.execute("select keys, vectors from packs where meeting = ?", [meeting]):
        numbers = np.frombuffer(keys, np.int64)
        rows = np.frombuffer(vectors, np.float16).reshape(len(numbers), -1)
        return {int(key): row for key, row in zip(numbers, rows, strict=True) if int(key) in standing}
    return {}
