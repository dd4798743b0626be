"""Matches questions to the topics announced for a meeting.

Two judges that err differently are added up: the sentence encoder (meaning) and word TF-IDF
(the words themselves). Subjects that were not announced compete as well: a question that fits
one of them clearly better than every announced topic is outside the announced ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer

from models.records import Topic
from summarize.cues import strip_fillers
from summarize.embedding import Embedder
from summarize.flat import flatten

Scores = npt.NDArray[np.float64]

# The encoder's cosines of unrelated Vietnamese sentences lie about this high.
UNRELATED = 0.78
MEANING_WEIGHT = 2.5
OUTSIDE = 0.17  # below this score a question belongs to no topic
OUTSIDE_WORDS = 0.08  # the same when only words are compared
CLEARLY_BETTER = 0.15  # by how much an unannounced subject must win


@dataclass(frozen=True)
class Entry:
    """A topic or subject of the catalogue, and the words in a topic's name that call for it."""

    id: str
    name: str
    description: str
    matches: tuple[str, ...]
    manner: bool = False


@dataclass(frozen=True)
class Match:
    """The topic of a question (None outside them), its score, and the second best with its own."""

    topic: str | None
    score: float
    second: str | None
    second_score: float
    best: str | None
    """The nearest announced topic even when the question is outside them."""


def catalogue() -> tuple[Topic, ...]:
    """The topics a commune chooses from."""
    return tuple(Topic(entry.id, entry.name, entry.description) for entry in _entries("topics"))


@cache
def _entries(part: str) -> tuple[Entry, ...]:
    text = resources.files("summarize").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    return tuple(Entry(e["id"], e["name"], e["description"], tuple(e["matches"]), e.get("manner", False))
                 for e in yaml.safe_load(text)[part])


def described(topic: Topic) -> Topic:
    """The topic with its own description, and with those of the catalogue entries its name calls for."""
    own = [topic.description.strip()] if topic.description.strip() else []
    called = [entry.description for entry in called_for(topic.name) if entry.id != topic.id]
    return Topic(topic.id, topic.name, ", ".join(own + called))


def called_for(name: str) -> list[Entry]:
    """The entries of the catalogue that a topic's name mentions."""
    flat = f" {flatten(name).text} "
    return [entry for entry in (*_entries("topics"), *_entries("subjects"))
            if any(f" {word} " in flat for word in entry.matches)]


class Matcher:
    """Knows the announced topics of one meeting; without an embedder it compares words alone."""

    def __init__(self, topics: Sequence[Topic], embedder: Embedder | None) -> None:
        self.topics = [described(topic) for topic in topics]
        self._embedder = embedder
        rivals = _rivals(topics) if self.topics else []
        texts = [f"{t.name}: {t.description}" for t in self.topics] + [f"{e.name}: {e.description}" for e in rivals]
        if not texts:
            return
        self._words = TfidfVectorizer(tokenizer=_words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True)
        background = [f"{e.name}: {e.description}" for e in (*_entries("topics"), *_entries("subjects"))]
        self._words.fit(background + texts[:len(self.topics)])
        self._word_vectors = self._words.transform(texts)
        self._meanings = embedder.passages(texts) if embedder else None

    def match(self, questions: Sequence[str]) -> list[Match]:
        """One match for each question, in their order."""
        if not questions or not self.topics:
            return [Match(None, 0.0, None, 0.0, None) for _ in questions]
        return [self._decide(row) for row in self.scores(questions)]

    def scores(self, questions: Sequence[str]) -> Scores:
        """One row for each question: the announced topics first, then the subjects not announced."""
        texts = [strip_fillers(question) or question for question in questions]
        scores: Scores = np.asarray((self._words.transform(texts) @ self._word_vectors.T).todense(), dtype=np.float64)
        if self._embedder is not None and self._meanings is not None:
            asked = self._embedder.queries(texts)
            meaning = asked @ self._meanings.T
            scores = scores + MEANING_WEIGHT * np.maximum(0, meaning - UNRELATED)
        return scores

    def _decide(self, row: Scores) -> Match:
        announced, rivals = row[:len(self.topics)], row[len(self.topics):]
        order = np.argsort(-announced, kind="stable")
        best, score = self.topics[order[0]].id, float(announced[order[0]])
        second = self.topics[order[1]].id if len(order) > 1 else None
        second_score = float(announced[order[1]]) if len(order) > 1 else 0.0
        least = OUTSIDE if self._embedder else OUTSIDE_WORDS
        rival = float(rivals.max()) if len(rivals) else 0.0
        inside = score >= least and rival < score + CLEARLY_BETTER
        return Match(best if inside else None, score, second, second_score, best)


def _rivals(topics: Sequence[Topic]) -> list[Entry]:
    """The entries that no announced topic covers, by its id, its name or its description."""
    covered = {topic.id for topic in topics} | {
        entry.id for topic in topics for entry in called_for(f"{topic.name} {topic.description}")}
    return [e for e in (*_entries("topics"), *_entries("subjects")) if e.id not in covered and not e.manner]


def _words(text: str) -> list[str]:
    return [word for word in flatten(text).text.split() if not re.fullmatch(r"[\d.,/:]+", word)]
