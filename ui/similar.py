"""«Đã hỏi ở phiên …, khi đó trả lời …»: like questions of meetings held before, and whether the promise was kept.

Works on the vectors that lie in the store for search, so that no page waits for a model. Lines without a vector yet are
not found; a denunciation has no earlier ones and is none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlite_utils import Database

from models import store
from models.clocks import Clocks
from models.follow_up import Promise, promises
from models.lookup import questions_of
from models.records import Meeting, Question
from models.vectors import Vector, question_vectors
from summarize.masking import is_withheld
from summarize.similar import ALIKE, MAYBE, likeness

CANDIDATES, SHOWN = 8, 3


@dataclass(frozen=True)
class Earlier:
    """A question of a meeting held before: how alike it is, and what was promised then, if anything was."""

    meeting: Meeting
    question: Question
    likeness: float
    promise: Promise | None = None


def earlier(db: Database, meeting: Meeting, asked: Collection[Question], clocks: Clocks) -> dict[int, list[Earlier]]:
    """By id of these questions of `meeting`: what was asked before like them, the most alike first."""
    before = {held.id: held for held in store.meetings(db) if held.id != meeting.id and held.date < meeting.date}
    past = _Past(db, before, clocks)
    vectors = question_vectors(db)
    own = {q.id: vectors.pop(q.id) for q in asked if q.id in vectors and not is_withheld(q)}
    others = {key: there for key, there in vectors.items() if there.meeting in before}
    found: dict[int, list[Earlier]] = {}
    for question in asked:
        if question.id in own:
            same = {key: v.vector for key, v in others.items() if v.embedder == own[question.id].embedder}
            near = _nearest(own[question.id].vector, same)
            alike = [Earlier(before[others[key].meeting], was, score, past.promise(others[key].meeting, key))
                     for key, cosine in near.items() if (was := past.question(others[key].meeting, key))
                     and (score := likeness(cosine, question.text, was.text)) >= ALIKE]
            if alike:
                found[question.id] = sorted(alike, key=lambda one: -one.likeness)[:SHOWN]
    return found


def _nearest(vector: Vector, others: Mapping[int, Vector]) -> dict[int, float]:
    """Cosines of the nearest, by id of their question."""
    if not others:
        return {}
    keys, scores = list(others), np.stack(list(others.values())) @ vector
    return {keys[i]: float(scores[i]) for i in np.argsort(-scores, kind="stable")[:CANDIDATES] if scores[i] >= MAYBE}


@dataclass(frozen=True)
class _Past:
    """The questions and promises of earlier meetings, each meeting read once, when it is needed."""

    db: Database
    meetings: Mapping[int | None, Meeting]
    clocks: Clocks

    @cached_property
    def _questions(self) -> dict[int, dict[int | None, Question]]:
        return {}

    @cached_property
    def _promises(self) -> dict[int, dict[int | None, Promise]]:
        return {}

    def question(self, meeting: int, key: int) -> Question | None:
        if meeting not in self._questions:
            self._questions[meeting] = {q.id: q for q in questions_of(self.db, meeting) or () if not is_withheld(q)}
        return self._questions[meeting].get(key)

    def promise(self, meeting: int, key: int) -> Promise | None:
        if meeting not in self._promises:
            self._promises[meeting] = {p.question.id: p for p in promises(self.db, self.clocks, meeting)}
        return self._promises[meeting].get(key)
