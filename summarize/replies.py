"""Which words of a reply answer which of the questions that it answers.

One official often answers several citizens in one breath, in another order than they asked. A reply is read piece by
piece, cut wherever one may turn to something else. What in a piece speaks for a question, and what at its beginning
speaks for turning to another one, are features whose weights `benchmarks/replies.py` learned (a linear-chain
conditional random field: Lafferty, McCallum and Pereira 2001); the likeliest path says who is being answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from summarize.catalogue import subject
from summarize.cues import cue
from summarize.embedding import Embedder
from summarize.flat import Flat
from summarize.likeness import (
    Rarity,
    Scores,
    asked_vectors,
    fairness,
    names_topic,
    placed,
    starts_of,
    thoughts,
    told_vectors,
    units,
    weights,
)
from summarize.openings import openings, peaks
from summarize.stored import stored

VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""
SAYS = ("pair", "in pair", "alone", "announced", "name", "number", "subject")
MEANS = ("meaning", "meaning by length", "nearest")
TURNS = ("any", "sentence", "clause", "takes up", "names", "heard", "opens", "opens heard")
ORDER = ("next", "back", "begins with first")
OPENS = (-9.0, 1.0)  # log-odds of beginnings between which they count
LONG = 24  # words of a long thought
NUMBERED = re.compile(r"(?<!\S)(?:(?:ý|câu|nội dung|việc|vấn đề|điểm)(?: kiến| hỏi)? thứ (nhất|hai|ba|tư|bốn|năm|\d+)|"
                      r"(?<!đồng )(?:câu|ý) (sau|đầu|cuối|chót))(?!\S)")
NUMBERS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "đầu": 1, "sau": -1, "cuối": -1, "chót": -1}


@dataclass(frozen=True)
class Open:
    """A question that a reply answers: its flat text, how its asker is called, its number in the asker's turn
    (0 when the turn is not the last one) of how many."""

    text: str
    called: str
    ordinal: int = 0
    of: int = 0


@dataclass(frozen=True)
class Part:
    """Words [first, last) of a reply that answer the question at position `question`."""

    question: int
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Evidence:
    """Of a reply in pieces, which begin with the words `begins`: what speaks for each question, (pieces, questions,
    kinds), and what at each beginning speaks for turning to another one, (pieces, kinds)."""

    begins: tuple[int, ...]
    says: Scores
    turns: Scores


@dataclass(frozen=True, eq=False)
class Shares:
    """The weights: of `SAYS` (and `MEANS`), of `TURNS` and of `ORDER`."""

    says: Scores
    turns: Scores
    order: Scores


def share_out(reply: Flat, questions: Sequence[Open], rarity: Rarity, embedder: Embedder | None = None,
              by: Shares | None = None) -> list[Part]:
    """The stretches of a reply that answer each of the questions, which all are answered by it, in order.

    With an embedder, thoughts near a question in meaning count as well as shared words. `by` other weights than those
    shipped.
    """
    if not reply.words or not questions:
        return []
    if len(questions) == 1:
        return [Part(0, 0, len(reply.words))]
    found = evidence(reply, questions, rarity, embedder)
    by = by or learned("meaning" if embedder else "words")
    gains = found.says @ by.says
    parts = _stretches(likeliest(gains, found.turns @ by.turns, by.order), [*found.begins, len(reply.words)])
    left = sorted(set(range(len(questions))) - {part.question for part in parts})
    return sorted([*parts, *(_nearest(at, gains, found.begins, reply) for at in left)],
                  key=lambda part: (part.first, part.question))


def spoken_to(flat: Flat) -> set[str]:
    """The words that follow a form of address: whom the reply may call by name."""
    tokens = flat.text.split()
    return {token for match in cue("title").finditer(flat.text)
            for token in tokens[flat.at(match.end() - 1) + 1:flat.at(match.end() - 1) + 3]}


def numbered(flat: Flat) -> set[int]:
    """The numbers of the questions that a reply names: 2 for «câu thứ hai», -1 for «ý cuối»."""
    return {_number(match) for match in NUMBERED.finditer(flat.text)}


def evidence(reply: Flat, questions: Sequence[Open], rarity: Rarity, embedder: Embedder | None) -> Evidence:
    """What tells who is being answered, with `MEANS` only where there is an embedder."""
    begins, turning = places(reply)
    said = _said(reply, questions, rarity)
    if embedder:
        said = np.concatenate([said, _meant(reply, questions, embedder)], axis=2)
    return Evidence(begins, np.add.reduceat(said, begins, axis=0), turning)


def likeliest(gains: Scores, turning: Scores, order: Scores) -> list[int]:
    """The likeliest question of each piece (Viterbi): `gains` (pieces, questions) and `turning` (pieces,) at which one
    turns to another."""
    many = gains.shape[1]
    steps, other = order_of(many) @ order[:-1], 1.0 - np.eye(many)
    best, came_from = gains[0] + order[-1] * (np.arange(many) == 0), np.zeros(gains.shape, dtype=int)
    for i in range(1, len(gains)):
        through = best[:, None] + other * turning[i] + steps
        came_from[i] = through.argmax(axis=0)
        best = through.max(axis=0) + gains[i]
    path = [int(best.argmax())]
    for i in range(len(gains) - 1, 0, -1):
        path.append(int(came_from[i, path[-1]]))
    return path[::-1]


def order_of(many: int) -> Scores:
    """(questions, questions, kinds but that of the beginning): whether a step follows the order in which was asked."""
    before, after = np.indices((many, many))
    return np.stack([after == before + 1, after < before], axis=2).astype(np.float64)


@lru_cache(maxsize=4096)
def places(reply: Flat) -> tuple[tuple[int, ...], Scores]:
    """The words at which one may turn to something else, the first one among them, and `TURNS` at each."""
    starts = {reply.at(match.start()) for match in cue("takes_up").finditer(reply.text)} - {0}
    ends = {i for i, word in enumerate(reply.words[:-1], start=1) if word.ends_clause}
    odds = np.clip(openings(reply), *OPENS) - OPENS[0]
    likely = [] if reply.is_punctuated else peaks(odds.tolist(), range(1, len(odds)), 1, 0.0)
    begins = (0, *sorted({*starts, *ends, *likely}))
    heard = not reply.is_punctuated
    rows = [(1.0, i > 0 and reply.words[i - 1].ends_sentence, i > 0 and reply.words[i - 1].ends_clause, i in starts,
             names_topic(reply, i), heard, odds[i] * (not heard), odds[i] * heard) for i in begins]
    return begins, np.array(rows, dtype=np.float64)


def _number(match: re.Match[str]) -> int:
    return NUMBERS.get(match[1] or match[2], 0) or int(match[1])


def _said(reply: Flat, questions: Sequence[Open], rarity: Rarity) -> Scores:
    """(words, questions, `SAYS`)"""
    counted = weights(reply)
    said = np.zeros((len(reply.words), len(questions), len(SAYS)))
    telling: dict[str, list[int]] = {}
    for i, unit in placed(reply.text):
        telling.setdefault(unit, []).append(i)
    for column, question in enumerate(questions):
        shared = [(i, unit) for unit in units(question.text) & telling.keys() for i in telling[unit]]
        in_pairs = {at for i, unit in shared if " " in unit for at in (i, i + 1)}
        for i, unit in shared:
            kind = "pair" if " " in unit else "in pair" if i in in_pairs else "alone"
            worth = rarity.of(unit) * fairness(question.text)
            said[i, column, SAYS.index(kind)] += worth
            said[i, column, SAYS.index("announced")] += worth * (counted[i] > 1)
        if question.called:
            called = re.compile(cue("title").pattern + r" (?:\S+ )?" + re.escape(question.called) + r"(?!\S)")
            for match in called.finditer(reply.text):
                said[reply.at(match.start()), column, SAYS.index("name")] = 1.0
    _name_subjects(said, reply, questions)
    for match in NUMBERED.finditer(reply.text):
        for column, question in enumerate(questions):
            wanted = question.of if _number(match) < 0 else _number(match)
            if question.ordinal and question.of > 1 and question.ordinal == wanted:
                said[reply.at(match.start()), column, SAYS.index("number")] = 1.0
    return said


def _name_subjects(said: Scores, reply: Flat, questions: Sequence[Open]) -> None:
    """A sentence that speaks of the same subject as a question, in whatever words, may answer it."""
    asked = [subject(question.text) for question in questions]
    for first, last in pairwise([*starts_of(reply), len(reply.words)]):
        about = subject(reply.between(first, last))
        said[first, :, SAYS.index("subject")] += [bool(about) and theirs == about for theirs in asked]


def _meant(reply: Flat, questions: Sequence[Open], embedder: Embedder) -> Scores:
    """(words, questions, `MEANS`): how much nearer each thought is to a question than to the others, spread over its
    words."""
    cosines = told_vectors(reply, embedder) @ asked_vectors([question.text for question in questions], embedder).T
    meant = np.zeros((len(reply.words), len(questions), len(MEANS)))
    for (first, last), row in zip(thoughts(reply), cosines.astype(np.float64), strict=True):
        nearer, length = row - row.mean(), last - first
        meant[first:last] = np.stack([nearer / length, nearer / LONG, (row == row.max()) / length], axis=1)
    return meant


def _nearest(question: int, gains: Scores, begins: Sequence[int], reply: Flat) -> Part:
    """The thought that speaks most for a question; all of the reply where none does."""
    told = [(float(sum(gain[question] - gain.mean() for begin, gain in zip(begins, gains, strict=True)
                       if first <= begin < last)), first, last) for first, last in thoughts(reply)]
    most, first, last = max(told)
    return Part(question, first, last) if most > 0 else Part(question, 0, len(reply.words))


def _stretches(path: Sequence[int], begins: Sequence[int]) -> list[Part]:
    changes = [0, *(i for i in range(1, len(path)) if path[i] != path[i - 1]), len(path)]
    return [Part(path[first], begins[first], begins[last]) for first, last in pairwise(changes)]


@cache
def learned(by: str) -> Shares:
    """The weights shipped for "meaning" and words, or for "words" alone. Raises ValueError for other features' ones."""
    groups = stored("replies", VERSION)[by]
    kinds = (*SAYS, *MEANS) if by == "meaning" else SAYS
    return Shares(*(np.array([groups[group][kind] for kind in names])
                    for group, names in (("says", kinds), ("turns", TURNS), ("order", ORDER))))
