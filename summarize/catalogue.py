"""The catalogue of topics and subjects: what a commune chooses its topics from, what each is spoken of with.

By the words of the catalogue alone a stretch of talk leans to a subject; a topic's name calls for subjects of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import yaml

from models.records import Topic
from summarize.flat import flatten

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

CLEAR_SUBJECT = 0.12  # of a stretch of talk, by words alone


@dataclass(frozen=True)
class Entry:
    """A topic or subject of the catalogue, and the words in a topic's name that call for it."""

    id: str
    name: str
    description: str
    matches: tuple[str, ...]
    manner: bool = False


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
    return [entry for entry in all_entries()
            if any(f" {word} " in flat for word in entry.matches)]


@cache
def _subjects() -> tuple[list[str], TfidfVectorizer, Any]:
    """The whole catalogue by its words, without what only tells how something was handled."""
    entries = [entry for entry in all_entries() if not entry.manner]
    vectorizer = by_words()
    vectors = vectorizer.fit_transform([told(entry) for entry in entries])
    return [entry.id for entry in entries], vectorizer, vectors


@lru_cache(maxsize=16384)
def subject(text: str) -> str | None:
    """What a stretch of talk is about, by the words of the catalogue alone; None when it is not clear.

    The same as to transform it and multiply, but many times as fast for one text.
    """
    ids, vectorizer, _ = _subjects()
    tokens = _words(text)
    counted = Counter(unit for unit in (*tokens, *map(" ".join, pairwise(tokens))) if unit in vectorizer.vocabulary_)
    if not counted:
        return None
    worth = {unit: 1 + math.log(many) for unit, many in counted.items()}
    length = math.sqrt(sum((often * vectorizer.idf_[vectorizer.vocabulary_[unit]]) ** 2
                           for unit, often in worth.items()))
    scores = sum((often * _leaning(unit) for unit, often in worth.items()), np.zeros(len(ids))) / length
    best = int(scores.argmax())
    return ids[best] if scores[best] >= CLEAR_SUBJECT else None


def subject_phrases() -> list[str]:
    """What people speak of, as the catalogue's descriptions list it (flat)."""
    return [flatten(phrase).text for entry in all_entries()
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


def said_of_subjects() -> list[tuple[str, str]]:
    """All sentences that people say of subjects: its id and the sentence."""
    return [*spoken_examples(), *_examples("word_examples.tsv")]


def subject_ids() -> list[str]:
    """The subjects of the catalogue, in the order of the passages of `fixed_texts`."""
    return [entry.id for entry in all_entries()]


def fixed_texts() -> tuple[list[str], list[str]]:
    """What the questions of every meeting are compared with by meaning: passages, and what people say (queries)."""
    return [told(entry) for entry in all_entries()], [text for _, text in spoken_examples()]


def told(entry: Entry) -> str:
    return f"{entry.name}: {entry.description}"


@cache
def spoken_of_with(entry: Entry) -> str:
    """What a subject is spoken of with. Many more examples count here than by meaning: words are quickly compared."""
    said = " ".join(text for id_, text in said_of_subjects() if id_ == entry.id)
    return f"{told(entry)} {said}"


def by_words() -> TfidfVectorizer:
    """Imported here because the import alone takes a second, which no command should wait for that matches nothing."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(tokenizer=_words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True)


@lru_cache(maxsize=4)
def fitted(texts: tuple[str, ...]) -> TfidfVectorizer:
    """On the whole catalogue and these texts; remembered, because the same meeting is matched over and over."""
    return by_words().fit([*map(spoken_of_with, all_entries()), *texts])


@lru_cache(maxsize=4)
def transformed(names: tuple[str, ...], texts: tuple[str, ...]) -> Any:
    return fitted(names).transform(texts)


def all_entries() -> tuple[Entry, ...]:
    return (*_entries("topics"), *_entries("subjects"))


def shared_out(topics: Sequence[Topic]) -> tuple[list[list[str]], list[str]]:
    """For each announced topic the entries that its id and name call for; and those that none calls for, which compete
    with the topics."""
    known = {entry.id for entry in all_entries()}
    called = [[topic.id] * (topic.id in known) + [entry.id for entry in called_for(topic.name) if entry.id != topic.id]
              for topic in topics]
    covered = {topic.id for topic in topics} | {
        entry.id for topic in topics for entry in called_for(f"{topic.name} {topic.description}")}
    rivals = [entry.id for entry in all_entries() if entry.id not in covered and not entry.manner]
    return called, rivals


def _words(text: str) -> list[str]:
    return [word for word in flatten(text).text.split() if not re.fullmatch(r"[\d.,/:]+", word)]
