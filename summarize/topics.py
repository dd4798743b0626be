"""Matches questions to the topics announced for a meeting.

Two judges that err differently are added up: the sentence encoder (meaning) and word TF-IDF
(the words themselves). Subjects that were not announced compete as well: a question that fits
one of them clearly better than every announced topic is outside the announced ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer

from models.records import Topic
from summarize.cues import strip_fillers
from summarize.embedding import Embedder, Vectors
from summarize.flat import flatten

Scores = npt.NDArray[np.float64]

# The encoder's cosines of unrelated Vietnamese sentences lie about this high.
UNRELATED = 0.78
MEANING_WEIGHT = 2.5
UNRELATED_QUESTIONS = 0.84  # the same for two questions
EXAMPLES_WEIGHT = 2.0
OWN_NAME_WEIGHT = 0.3  # what nearness to the topic's very name adds: it tells topics apart that call for one subject
NEAREST = 2  # examples of a subject that count
OUTSIDE = 0.20  # below this score a question belongs to no topic
OUTSIDE_WORDS = 0.08  # the same when only words are compared
MARGIN = 0.06  # closer than this to another decision a person is asked
MARGIN_WORDS = 0.03
ALIKE_WORDS = 0.3  # from here on a corrected example is like a question, by words
ALIKE_MEANING = 0.90  # and by meaning: the cosines of unlike Vietnamese questions lie below
CLEAR_SUBJECT = 0.12  # of a stretch of talk, by words alone
CLEARLY_BETTER = 0.05  # by how much an unannounced subject must win
CLEARLY_BETTER_WORDS = 0.15  # the same when only words are compared


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
    unsure: bool = False
    """Too close to call: a person should look."""
    learned: str = ""
    """The corrected example that spoke for the topic most, if one did: where it comes from, or its words."""


@dataclass(frozen=True)
class Example:
    """A question that a person put under a topic (None: outside the announced ones)."""

    text: str
    topic: str | None
    source: str = ""
    """Where it was corrected, in words."""


def catalogue() -> tuple[Topic, ...]:
    """The topics a commune chooses from."""
    return tuple(Topic(entry.id, entry.name, entry.description) for entry in _entries("topics"))


def _entries(part: str) -> tuple[Entry, ...]:
    return _catalogue()[part]


@cache
def _catalogue() -> dict[str, tuple[Entry, ...]]:
    text = resources.files("summarize").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    return {part: tuple(Entry(e["id"], e["name"], e["description"], tuple(e["matches"]), e.get("manner", False))
                        for e in entries) for part, entries in yaml.safe_load(text).items()}


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


@cache
def _subjects() -> tuple[list[str], TfidfVectorizer, Any]:
    """The whole catalogue by its words, without what only tells how something was handled."""
    entries = [entry for entry in (*_entries("topics"), *_entries("subjects")) if not entry.manner]
    vectorizer = _vectorizer()
    vectors = vectorizer.fit_transform([f"{entry.name}: {entry.description}" for entry in entries])
    return [entry.id for entry in entries], vectorizer, vectors


@lru_cache(maxsize=4096)
def subject(text: str) -> str | None:
    """What a stretch of talk is about, by the words of the catalogue alone; None when it is not clear."""
    ids, vectorizer, vectors = _subjects()
    scores = np.asarray((vectorizer.transform([text]) @ vectors.T).todense(), dtype=np.float64)[0]
    best = int(scores.argmax())
    return ids[best] if scores[best] >= CLEAR_SUBJECT else None


def subject_phrases() -> list[str]:
    """What people speak of, as the catalogue's descriptions list it (flat)."""
    return [flatten(phrase).text for entry in (*_entries("topics"), *_entries("subjects"))
            for phrase in entry.description.split(",")]


def word_leanings(tokens: Sequence[str]) -> npt.NDArray[np.float64]:
    """(words, subjects): how much each word, with the one after it, speaks for each subject of the catalogue."""
    pairs = [f"{a} {b}" for a, b in pairwise(tokens)]
    leanings = np.stack([_leaning(token) for token in tokens]) if tokens else np.zeros((0, len(_subjects()[0])))
    leanings[:-1] += np.array([_leaning(pair) for pair in pairs]) if pairs else 0.0
    return leanings


@lru_cache(maxsize=65536)
def _leaning(unit: str) -> npt.NDArray[np.float64]:
    _, vectorizer, vectors = _subjects()
    column = vectorizer.vocabulary_.get(unit)
    return np.zeros(vectors.shape[0]) if column is None else (
        np.asarray(vectors[:, column].todense(), dtype=np.float64)[:, 0] * vectorizer.idf_[column])


def spoken_examples() -> tuple[tuple[str, str], ...]:
    """What people say of each subject: its id and a sentence or two."""
    return _examples("spoken_examples.tsv")


@cache
def _examples(name: str) -> tuple[tuple[str, str], ...]:
    text = resources.files("summarize").joinpath(name).read_text(encoding="utf-8")
    return tuple((line.split("\t")[0], line.split("\t")[1]) for line in text.splitlines())


@cache
def _document(entry: Entry) -> str:
    """What a subject is spoken of with. Many more examples count here than by meaning: words are quickly compared."""
    said = " ".join(text for id_, text in (*spoken_examples(), *_examples("word_examples.tsv")) if id_ == entry.id)
    return f"{entry.name}: {entry.description} {said}"


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(tokenizer=_words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True)


class Matcher:
    """Knows the announced topics of one meeting; without an embedder it compares words alone."""

    def __init__(self, topics: Sequence[Topic], embedder: Embedder | None, examples: Sequence[Example] = ()) -> None:
        self._examples = [example for example in examples
                          if example.topic is None or example.topic in {topic.id for topic in topics}]
        self.topics = [described(topic) for topic in topics]
        self._embedder = embedder
        entries = {entry.id: entry for entry in (*_entries("topics"), *_entries("subjects"))}
        called = [[entry.id for entry in called_for(topic.name) if entry.id != topic.id]
                  + [topic.id] * (topic.id in entries) for topic in topics]
        self._names = [f"{topic.name}: {topic.description}" for topic in topics]
        rivals = _rivals(topics) if self.topics else []
        self._groups = [[*ids, f"own {i}"] for i, ids in enumerate(called)] + [[entry.id] for entry in rivals]
        self._ids = list(dict.fromkeys(id_ for group in self._groups for id_ in group if not id_.startswith("own ")))
        texts = [_document(entries[id_]) for id_ in self._ids] + self._names
        if not self.topics:
            return
        self._words = _vectorizer()
        background = [_document(entry) for entry in entries.values()]
        self._words.fit(background + self._names + [example.text for example in self._examples])
        self._word_vectors = self._words.transform(texts)
        if embedder:
            self._meanings = embedder.passages([
                *(f"{entries[id_].name}: {entries[id_].description}" for id_ in self._ids), *self._names])
            self._spoken = [(id_, text) for id_, text in spoken_examples() if id_ in self._ids]
            self._spoken_meanings = embedder.queries([text for _, text in self._spoken])

    def match(self, questions: Sequence[str]) -> list[Match]:
        """One match for each question, in their order."""
        if not questions or not self.topics:
            return [Match(None, 0.0, None, 0.0, None) for _ in questions]
        near = self._near_examples(questions)
        return [self._decide(row, near[i]) for i, row in enumerate(self.scores(questions))]

    def _near_examples(self, questions: Sequence[str]) -> Scores:
        """(questions, examples): how strongly each corrected example speaks for its topic; 0 for unlike ones."""
        if not self._examples:
            return np.zeros((len(questions), 0))
        texts = [strip_fillers(text) or text for text in (*questions, *(example.text for example in self._examples))]
        vectors = self._words.transform(texts)
        near: Scores = np.asarray((vectors[:len(questions)] @ vectors[len(questions):].T).todense(), dtype=np.float64)
        near = near * (near >= ALIKE_WORDS)
        if self._embedder is not None:
            meaning = self._embedder.queries(texts)
            cosines = meaning[:len(questions)] @ meaning[len(questions):].T
            near = near + MEANING_WEIGHT * np.maximum(0, cosines - ALIKE_MEANING)
        return near

    def scores(self, questions: Sequence[str]) -> Scores:
        """One row for each question: the announced topics first, then the subjects not announced.

        A topic is as near as the nearest of the subjects its name calls for.
        """
        texts = [strip_fillers(question) or question for question in questions]
        scores: Scores = np.asarray((self._words.transform(texts) @ self._word_vectors.T).todense(), dtype=np.float64)
        if self._embedder is not None:
            asked = self._embedder.queries(texts)
            scores = scores + MEANING_WEIGHT * np.maximum(0, asked @ self._meanings.T - UNRELATED)
            scores[:, :len(self._ids)] += EXAMPLES_WEIGHT * self._like_spoken(asked)
        places = {**{id_: i for i, id_ in enumerate(self._ids)},
                  **{f"own {i}": len(self._ids) + i for i in range(len(self._names))}}
        best = np.stack([scores[:, [places[id_] for id_ in group]].max(axis=1) for group in self._groups], axis=1)
        best[:, :len(self._names)] += OWN_NAME_WEIGHT * scores[:, len(self._ids):]
        return best

    def _like_spoken(self, asked: Vectors) -> Scores:
        """(questions, subjects): how near the nearest spoken examples of each subject are."""
        cosines = np.maximum(0, asked @ self._spoken_meanings.T - UNRELATED_QUESTIONS)
        near = np.zeros((len(asked), len(self._ids)))
        for i, id_ in enumerate(self._ids):
            own = [j for j, (other, _) in enumerate(self._spoken) if other == id_]
            if own:
                near[:, i] = np.sort(cosines[:, own], axis=1)[:, -NEAREST:].mean(axis=1)
        return near

    def _decide(self, row: Scores, near: Scores) -> Match:
        announced, rivals = row[:len(self.topics)].copy(), row[len(self.topics):]
        better = CLEARLY_BETTER if self._embedder else CLEARLY_BETTER_WORDS
        rival = float(rivals.max()) if len(rivals) else 0.0
        learned = ""
        for example, closeness in sorted(zip(self._examples, near, strict=True), key=lambda pair: -pair[1])[:1]:
            if closeness > 0:
                learned = example.source or example.text
                if example.topic is None:
                    rival = max(rival, float(announced.max()) + better + float(closeness))
                else:
                    at = [topic.id for topic in self.topics].index(example.topic)
                    announced[at] = max(announced[at], float(announced.max())) + float(closeness)
                    rival = min(rival, float(announced[at]))
        order = np.argsort(-announced, kind="stable")
        best, score = self.topics[order[0]].id, float(announced[order[0]])
        second = self.topics[order[1]].id if len(order) > 1 else None
        second_score = float(announced[order[1]]) if len(order) > 1 else 0.0
        least = OUTSIDE if self._embedder else OUTSIDE_WORDS
        inside = score >= least and rival < score + better
        clear = min(abs(score - least), abs(score + better - rival),
                    score - second_score if inside else better)
        unsure = clear < (MARGIN if self._embedder else MARGIN_WORDS)
        return Match(best if inside else None, score, second, second_score, best, unsure, learned)


def _rivals(topics: Sequence[Topic]) -> list[Entry]:
    """The entries that no announced topic covers, by its id, its name or its description."""
    covered = {topic.id for topic in topics} | {
        entry.id for topic in topics for entry in called_for(f"{topic.name} {topic.description}")}
    return [e for e in (*_entries("topics"), *_entries("subjects")) if e.id not in covered and not e.manner]


def _words(text: str) -> list[str]:
    return [word for word in flatten(text).text.split() if not re.fullmatch(r"[\d.,/:]+", word)]
