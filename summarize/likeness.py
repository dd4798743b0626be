"""How alike what officials say is to what citizens asked: by telling words and by meaning, thought by thought.

One official often answers several citizens in one breath, so likeness is measured for each thought: a sentence, or
what follows words that take something up («về …», «còn …»), cut again where it is long.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from summarize.cues import cue, strip_fillers, words
from summarize.embedding import Embedder, Vectors
from summarize.flat import Flat
from summarize.mishearing import sound

Scores = npt.NDArray[np.float64]

ANNOUNCED = 3.0  # how much more the words right after «về», «còn» count
ANNOUNCED_WITHIN = 4
USUAL_LENGTH = 25  # words of a question
SMALLEST_MEETING = 30  # utterances: in fewer, what is rare cannot be told by counting
PAIR, ALONE = 1.0, 0.4  # what a shared pair of syllables and a shared one are worth
MEANING, NEARER, MOST_BY_MEANING = 8.0, 0.05, 3.0  # votes for a cosine above the mean, from where on, at most
CALLED_BY_NAME, CALLED_BY_NUMBER = 4.0, 9.0  # votes
SHORTEST_THOUGHT, LONGEST_THOUGHT = 4, 24  # words


class Rarity:
    """How telling a word or a pair of words is in this meeting."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._total = max(SMALLEST_MEETING, len(texts))
        self._seen = Counter(unit for text in texts for unit in units(text))

    def of(self, unit: str) -> float:
        """Natural logarithm of how rarely it is said; 0 for what everyone says."""
        return max(0.0, math.log(self._total / (1 + self._seen[unit])))


class Likeness:
    """Of every thought of every reply to every question.

    `words` holds for each reply (by its key) an array (thoughts, questions): shared words and pairs of words, each
    counted by its rarity.
    """

    def __init__(self, replies: Mapping[int, Flat], questions: Sequence[str], rarity: Rarity,
                 embedder: Embedder | None) -> None:
        self.thoughts = {key: thoughts(flat) for key, flat in replies.items()}
        self.words = _shared_words(replies, self.thoughts, questions, rarity)
        self._replies, self._embedder = replies, embedder
        self._asked_for = asked_vectors(questions, embedder) if embedder else None

    def meaning(self, key: int) -> Scores:
        """(thoughts, questions): cosines of a reply; zeros without an embedder.

        Worked out when it is asked for: to encode what officials say takes longer than all else.
        """
        if self._embedder is None or self._asked_for is None:
            return np.zeros_like(self.words[key])
        return (told_vectors(self._replies[key], self._embedder) @ self._asked_for.T).astype(np.float64)


def asked_vectors(questions: Sequence[str], embedder: Embedder) -> Vectors:
    """float32 (questions, d), of the texts by which topics are found, too: so they are encoded once."""
    return embedder.queries([strip_fillers(question) or question for question in questions])


def told_vectors(reply: Flat, embedder: Embedder) -> Vectors:
    """float32 (thoughts, d)"""
    return embedder.queries([reply.between(first, last) for first, last in thoughts(reply)])


@lru_cache(maxsize=8192)
def thoughts(flat: Flat) -> tuple[tuple[int, int], ...]:
    """The stretches of a reply, as words [first, last), that are compared with questions; they cover it whole."""
    starts = starts_of(flat)
    kept = [start for start, following in pairwise([*starts, len(flat.words)])
            if start == 0 or following - start >= SHORTEST_THOUGHT]
    places = []
    for first, last in pairwise([*kept, len(flat.words)]):
        count = max(1, -(-(last - first) // LONGEST_THOUGHT))
        places += list(pairwise(first + (last - first) * i // count for i in range(count + 1)))
    return tuple(place for place in places if place[0] < place[1])


@lru_cache(maxsize=8192)
def starts_of(flat: Flat) -> tuple[int, ...]:
    """Where a new thought may begin: sentences, and words that take something up."""
    starts = {0, *(i for i, word in enumerate(flat.words[:-1], start=1) if word.ends_sentence)}
    return tuple(sorted(starts | {flat.at(match.start()) for match in cue("takes_up").finditer(flat.text)}))


@lru_cache(maxsize=32768)
def takes_up(flat: Flat, first: int) -> bool:
    """Whether the words from `first` on say what comes: «về …», «còn …», «Sóng điện thoại thì …»."""
    return names_topic(flat, first) or cue("takes_up").match(flat.between(first, len(flat.words))) is not None


def names_topic(flat: Flat, first: int) -> bool:
    """«Sóng điện thoại thì …»: a sentence that begins with what it is about."""
    return re.match(r"(?:\S+ ){1,6}thì ", flat.between(first, min(first + 8, len(flat.words)))) is not None


@lru_cache(maxsize=8192)
def weights(flat: Flat) -> Scores:
    """Words that announce what comes («Về sổ đất thì …») count more."""
    counted = np.ones(len(flat.words))
    starts = [0, *(i for i, word in enumerate(flat.words[:-1], start=1) if word.ends_sentence)]
    starts += [flat.at(match.end() - 1) for match in cue("takes_up").finditer(flat.text)]
    for start in starts:
        counted[start:start + ANNOUNCED_WITHIN] = ANNOUNCED
    counted.setflags(write=False)
    return counted


@lru_cache(maxsize=8192)
def units(text: str) -> frozenset[str]:
    """The telling words and pairs of neighbours of a flat text, by their sound."""
    return frozenset(unit for _, unit in placed(text))


@lru_cache(maxsize=8192)
def placed(text: str) -> tuple[tuple[int, str], ...]:
    """The same with their places."""
    tokens, stop = text.split(), words("stop")
    single = [(i, sound(token)) for i, token in enumerate(tokens) if token not in stop and not token[0].isdigit()]
    pairs = [(i, f"{sound(a)} {sound(b)}") for i, (a, b) in enumerate(pairwise(tokens))
             if a not in stop or b not in stop or a in words("numbered")]
    return (*single, *pairs)


def fairness(question: str) -> float:
    """What a shared word of a question counts: long ones share more by chance."""
    return min(1.0, math.sqrt(USUAL_LENGTH / (1 + len(question.split()))))


def votes_by_meaning(cosines: npt.NDArray[np.floating]) -> Scores:
    """(thoughts, questions): what it counts that a thought means much the same as a question, and less the same as the
    others."""
    votes: Scores = np.clip(MEANING * (cosines - cosines.mean(axis=1, keepdims=True) - NEARER), 0, MOST_BY_MEANING)
    return votes


def _shared_words(replies: Mapping[int, Flat], places: Mapping[int, Sequence[tuple[int, int]]],
                  questions: Sequence[str], rarity: Rarity) -> dict[int, Scores]:
    """For each reply (thoughts, questions): what each unit counts in every thought, times what it counts in every
    question."""
    known: dict[str, int] = {}
    asked = [(known.setdefault(unit, len(known)), at, fair)
             for at, (question, fair) in enumerate(zip(questions, map(fairness, questions), strict=True))
             for unit in units(question)]
    worth = [(PAIR if " " in unit else ALONE) * rarity.of(unit) for unit in known]
    told: list[tuple[int, int, float]] = []
    ends = [0]
    for key, flat in replies.items():
        counted = weights(flat)
        thought_of = [row for row, (first, last) in enumerate(places[key], start=ends[-1]) for _ in range(first, last)]
        told += [(thought_of[i], known[unit], worth[known[unit]] * counted[i])
                 for i, unit in placed(flat.text) if unit in known]
        ends.append(ends[-1] + len(places[key]))
    shared = (_sparse(told, ends[-1], len(known)) @ _sparse(asked, len(known), len(questions))).toarray()
    return {key: shared[first:last] for key, (first, last) in zip(replies, pairwise(ends), strict=True)}


def _sparse(cells: Sequence[tuple[int, int, float]], rows: int, columns: int) -> sparse.csr_array:
    """Of cells (row, column, value); those of one place are added."""
    at, to, values = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_array((np.array(values, dtype=np.float64), (at, to)), shape=(rows, columns))
