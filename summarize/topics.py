"""Matches questions to the topics announced for a meeting.

Judges that err differently are weighed against each other: the sentence encoder (meaning) and word TF-IDF
(the words themselves), each for a topic's name and for the subjects that it calls for.
Subjects that were not announced compete as well: a question nearer to one of them is outside the announced
ones. What answered a question and what was asked in the same breath speak for its topic, too. What each kind of
evidence counts was learned by `benchmarks/topics.py` (conditional logit, McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from models.records import Topic
from summarize.answer_features import best_neighbour
from summarize.catalogue import (
    all_entries,
    described,
    fitted,
    shared_out,
    spoken_examples,
    spoken_of_with,
    told,
    transformed,
)
from summarize.cues import strip_fillers
from summarize.embedding import Embedder, Vectors
from summarize.stored import stored

Scores = npt.NDArray[np.float64]

UNRELATED_QUESTIONS = 0.2  # cosine of two questions, from where on it tells anything
SHARP, OF_MANY = 30.0, 0.5  # as the encoder was taught, see `benchmarks/encoder.py`
NEAREST = 2  # examples of a subject that count
MARGIN = 0.4  # by less than this likelier than the next decision: a person is asked
ALIKE_WORDS = 0.3  # from here on a corrected example is like a question, by words
ALIKE_MEANING = 0.6  # and by meaning: of what is asked again in other words nineteen of twenty lie above, of else none
ALIKE_MEANING_WEIGHT = 0.6
CORRECTED = 10.0  # log-odds that a corrected example adds for each unit of likeness
LEAST_SAID, SILENT = 0.05, 1.0  # likeness of words below which a question names nothing; then it lies outside, log-odds
EVIDENCE = ("words", "meaning", "spoken", "answer", "beside", "called", "many")
"""Of a question for a topic: likeness of words and of meaning, nearness to what people say of it, likeness of the words
that answered it and of the nearest other question of its breath; and of the topic alone: whether its name calls for
subjects of the catalogue, and how many."""
EVIDENCE_WORDS = ("words", "answer", "beside", "called", "many")
CONTEXT = ("answer", "beside")
OF_RIVALS = 3  # the first of them that subjects not announced have, too
OF_RIVALS_WORDS = 1
VERSION = 1
"""Counts up whenever the evidence changes: weights learned for other evidence mean nothing."""


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
    by: tuple[str, ...] = ()
    """Of CONTEXT what it would be another one without."""


@dataclass(frozen=True)
class Example:
    """A question that a person put under a topic (None: outside the announced ones)."""

    text: str
    topic: str | None
    source: str = ""
    """Where it was corrected, in words."""


@dataclass(frozen=True, eq=False)
class Weights:
    """What each kind of evidence counts (log-odds): for a topic, and for lying outside all of them."""

    inside: npt.NDArray[np.float64]
    outside: npt.NDArray[np.float64]
    bias: float

    def odds(self, announced: Scores, rivals: Scores) -> Scores:
        """(questions, topics + 1) of what `Matcher.evidence` gives; the last column is for none of the topics."""
        return np.concatenate((announced @ self.inside, (rivals @ self.outside + self.bias)[:, None]), axis=1)


class Matcher:
    """Knows the announced topics of one meeting; without an embedder it compares words alone."""

    def __init__(self, topics: Sequence[Topic], embedder: Embedder | None, examples: Sequence[Example] = ()) -> None:
        self._examples = [example for example in examples
                          if example.topic is None or example.topic in {topic.id for topic in topics}]
        self.topics = [described(topic) for topic in topics]
        self._embedder = embedder
        if not self.topics:
            return
        entries = {entry.id: entry for entry in all_entries()}
        self._called, rivals = shared_out(topics)
        self._names = [f"{topic.name}: {topic.description}" if topic.description else topic.name for topic in topics]
        self._ids = list(dict.fromkeys(id_ for group in (*self._called, rivals) for id_ in group))
        places = {id_: i for i, id_ in enumerate(self._ids)}
        self._groups = [[places[id_] for id_ in group] for group in (*self._called, *([id_] for id_ in rivals))]
        said = (*self._names, *(one.text for one in self._examples))
        self._words = fitted(said)
        self._word_vectors = transformed(said, (*(spoken_of_with(entries[id_]) for id_ in self._ids), *self._names))
        if embedder:
            self._meanings = embedder.passages([*(told(entries[id_]) for id_ in self._ids), *self._names])
            self._spoken = [(id_, text) for id_, text in spoken_examples() if id_ in self._ids]
            self._spoken_meanings = embedder.queries([text for _, text in self._spoken])

    def match(self, questions: Sequence[str], answers: Sequence[str] = (), breaths: Sequence[int] = ()) -> list[Match]:
        """One match for each of a meeting's questions, in their order; `answers` are the words that answered each, and
        questions of one breath have the same number."""
        if not questions or not self.topics:
            return [Match(None, 0.0, None, 0.0, None) for _ in questions]
        near, (announced, rivals) = self._near_examples(questions), self.evidence(questions, answers, breaths)
        weights, kinds = (learned("meaning"), EVIDENCE) if self._embedder else (learned("words"), EVIDENCE_WORDS)
        scores = weights.odds(announced, rivals)
        best = scores.argmax(axis=1)
        changes = {context: weights.odds(announced * (np.array(kinds) != context), rivals).argmax(axis=1) != best
                   for context in CONTEXT}
        silent = _tells_nothing(announced, rivals, kinds)
        scores[silent, -1] = scores[silent].max(axis=1) + SILENT
        return [replace(self._decide(row, near[i]), by=tuple(one for one in CONTEXT if changes[one][i]))
                for i, row in enumerate(scores)]

    def evidence(self, questions: Sequence[str], answers: Sequence[str] = (),
                 breaths: Sequence[int] = ()) -> tuple[Scores, Scores]:
        """What speaks for each announced topic, (questions, topics, kinds), and for the subject nearest of those that
        were not announced, (questions, kinds of rivals). A topic is as near as the nearest of what its name calls for.
        """
        texts = [strip_fillers(question) or question for question in questions]
        kinds = [self._nearest(self._like_words(texts))]
        if self._embedder is not None:
            asked = self._embedder.queries(texts)
            kinds.append(self._softly_nearest((asked @ self._meanings.T).astype(np.float64)))
            kinds.append(self._nearest(np.pad(self._like_spoken(asked), ((0, 0), (0, len(self._names))))))
        many = len(self._names)
        announced = [kind[:, :many] for kind in kinds]
        replied = self._like_words(answers) if answers else np.zeros((len(texts), self._word_vectors.shape[0]))
        announced += [self._nearest(replied)[:, :many], _beside(announced[0], breaths)]
        called = np.array([len(group) for group in self._called], dtype=np.float64)
        announced += [np.tile(called > 0, (len(texts), 1)).astype(np.float64), np.tile(called / 5, (len(texts), 1))]
        rivals = [kind[:, many:].max(axis=1) if kind.shape[1] > many else np.zeros(len(texts)) for kind in kinds]
        return np.stack(announced, axis=2), np.stack(rivals, axis=1)

    def _like_words(self, texts: Sequence[str]) -> Scores:
        """(texts, subjects and names): cosines by their words."""
        return np.asarray((self._words.transform(texts) @ self._word_vectors.T).todense(), dtype=np.float64)

    def _nearest(self, scores: Scores) -> Scores:
        """(questions, topics and rivals) of scores for every subject and, after them, every name: the best of each."""
        return np.stack([each.max(axis=1) for each in self._of_each(scores)], axis=1)

    def _softly_nearest(self, cosines: Scores) -> Scores:
        """The same, but all that is near counts, and less where a topic has many subjects."""
        return np.stack([(logsumexp(SHARP * each, axis=1) - OF_MANY * np.log(each.shape[1])) / SHARP
                         for each in self._of_each(cosines)], axis=1)

    def _of_each(self, scores: Scores) -> list[Scores]:
        """The columns of each topic, its own name among them, and of each rival."""
        own = len(self._ids)
        return [scores[:, [*group, *([own + i] if i < len(self._names) else [])]]
                for i, group in enumerate(self._groups)]

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
            near = near + ALIKE_MEANING_WEIGHT * np.maximum(0, cosines - ALIKE_MEANING)
        return near

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
        """The likeliest of the topics and none; what a corrected example says goes before what was weighed."""
        row, ids = row.copy(), [topic.id for topic in self.topics]
        learned_from = ""
        for example, closeness in sorted(zip(self._examples, near, strict=True), key=lambda pair: -pair[1])[:1]:
            if closeness > 0:
                learned_from = example.source or example.text
                at = len(ids) if example.topic is None else ids.index(example.topic)
                row[at] = row.max() + CORRECTED * float(closeness)
        chances = np.exp(row - row.max())
        chances /= chances.sum()
        order = np.argsort(-chances[:-1], kind="stable")
        best, score = ids[order[0]], float(chances[order[0]])
        second, second_score = (ids[order[1]], float(chances[order[1]])) if len(order) > 1 else (None, 0.0)
        ranked = np.sort(chances)
        return Match(best if score > chances[-1] else None, score, second, second_score, best,
                     bool(ranked[-1] - ranked[-2] < MARGIN), learned_from)


def _tells_nothing(announced: Scores, rivals: Scores, kinds: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(questions,): whose words reach no subject, announced or not, and that nothing else speaks for."""
    context = announced[:, :, [kinds.index(kind) for kind in CONTEXT]].any(axis=(1, 2))
    told: npt.NDArray[np.bool_] = ~context & (np.maximum(announced[:, :, 0].max(axis=1), rivals[:, 0]) < LEAST_SAID)
    return told


def _beside(announced: Scores, breaths: Sequence[int]) -> Scores:
    """(questions, topics): the most that another question of the same breath has; nought where there is none."""
    if not breaths:
        return np.zeros_like(announced)
    _, group = np.unique(breaths, return_inverse=True)
    return np.stack([best_neighbour(topic, group, 0.0) for topic in announced.T], axis=1)


@cache
def learned(judge: str) -> Weights:
    """The weights shipped for "meaning" and words, or for "words" alone."""
    known = stored("topics", VERSION)[judge]
    kinds, rivals = (EVIDENCE, OF_RIVALS) if judge == "meaning" else (EVIDENCE_WORDS, OF_RIVALS_WORDS)
    return Weights(np.array([known["inside"][kind] for kind in kinds]),
                   np.array([known["outside"][kind] for kind in kinds[:rivals]]), known["bias"])
