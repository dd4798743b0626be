"""Which words of a reply answer which of the questions that it answers.

One official often answers several citizens in one breath, in another order than they asked.
Every word votes for the questions that share it (rare words more), calls by name and number
vote strongly, and the cheapest path through the votes, where changing the question costs
little after «về», «còn», a full stop and much elsewhere, says who is being answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from summarize.cues import cue
from summarize.embedding import Embedder
from summarize.flat import Flat
from summarize.likeness import (
    CALLED_BY_NAME,
    CALLED_BY_NUMBER,
    Rarity,
    asked_vectors,
    fairness,
    names_topic,
    placed,
    starts_of,
    thoughts,
    told_vectors,
    units,
    votes_by_meaning,
    weights,
)
from summarize.openings import openings
from summarize.topics import subject

SHORTEST_ADDRESS = 6  # words with which one only turns to somebody
PAIR, IN_PAIR, ALONE = 0.8, 0.5, 0.4  # what a shared pair of syllables, one within it, one alone is worth
SAME_SUBJECT = 1.0
TAKEN_UP = 1.0  # at a sentence that says what it is about
SENTENCE_CHANGE = 2.0
CUE_CHANGE = 2.5
CLAUSE_CHANGE = 4.0
ANY_CHANGE = 6.0
LIKELY = -6.0  # log-odds of a beginning at which «… thì» takes something up
# Where nothing says where sentences end: by how likely a thought begins.
HEARD_CHANGE, PER_LOG_ODDS, UNLIKELY = 4.5, 0.5, -5.0
FEWEST_VOTES = 3.0  # of a stretch
NUMBERED = re.compile(r"(?:ý|câu|nội dung|việc|vấn đề|điểm)(?: kiến| hỏi)? thứ (nhất|hai|ba|tư|bốn|năm|\d)|"
                      r"(?:câu|ý) (sau|đầu|cuối|chót)")
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


def share_out(reply: Flat, questions: Sequence[Open], rarity: Rarity, embedder: Embedder | None = None) -> list[Part]:
    """The stretches of a reply that answer each of the questions, which all are answered by it, in order.

    With an embedder, thoughts near a question in meaning vote as well as shared words.
    """
    if not reply.words or not questions:
        return []
    if len(questions) == 1:
        return [Part(0, 0, len(reply.words))]
    votes = _votes(reply, questions, rarity)
    if embedder:
        _vote_by_meaning(votes, reply, questions, embedder)
    path = _without_chance_hits(_cheapest(votes, _change_costs(reply)), votes)
    parts = _stretches(path)
    left = sorted(set(range(len(questions))) - {part.question for part in parts})
    return sorted([*parts, *(_nearest(at, votes, reply) for at in left)], key=lambda part: (part.first, part.question))


def spoken_to(flat: Flat) -> set[str]:
    """The words that follow a form of address: whom the reply may call by name."""
    tokens = flat.text.split()
    return {token for match in cue("title").finditer(flat.text)
            for token in tokens[flat.at(match.end() - 1) + 1:flat.at(match.end() - 1) + 3]}


def numbered(flat: Flat) -> set[int]:
    """The numbers of the questions that a reply names: 2 for «câu thứ hai», -1 for «ý cuối»."""
    return {_number(match) for match in NUMBERED.finditer(flat.text)}


def _number(match: re.Match[str]) -> int:
    return NUMBERS.get(match[1] or match[2], 0) or int(match[1])


def _nearest(question: int, votes: np.ndarray, reply: Flat) -> Part:
    """The thought that speaks most for a question; all of the reply where none does."""
    gained = [(votes[first:last, question].sum(), first, last) for first, last in thoughts(reply)]
    most, first, last = max(gained)
    return Part(question, first, last) if most > 0 else Part(question, 0, len(reply.words))


def _votes(flat: Flat, questions: Sequence[Open], rarity: Rarity) -> np.ndarray:
    """(words, questions)"""
    counted = weights(flat)
    votes = np.zeros((len(flat.words), len(questions)))
    telling: dict[str, list[int]] = {}
    for i, unit in placed(flat.text):
        telling.setdefault(unit, []).append(i)
    for column, question in enumerate(questions):
        shared = [(i, unit) for unit in units(question.text) & telling.keys() for i in telling[unit]]
        in_pairs = {at for i, unit in shared if " " in unit for at in (i, i + 1)}
        for i, unit in shared:
            worth = PAIR if " " in unit else IN_PAIR if i in in_pairs else ALONE
            votes[i, column] += worth * rarity.of(unit) * fairness(question.text) * counted[i]
        if question.called:
            called = re.compile(cue("title").pattern + r" (?:\S+ )?" + re.escape(question.called) + r"(?!\S)")
            for match in called.finditer(flat.text):
                votes[flat.at(match.start()), column] += CALLED_BY_NAME
    _vote_by_subject(votes, flat, questions)
    for match in NUMBERED.finditer(flat.text):
        for column, question in enumerate(questions):
            wanted = question.of if _number(match) < 0 else _number(match)
            if question.ordinal and question.of > 1 and question.ordinal == wanted:
                votes[flat.at(match.start()), column] += CALLED_BY_NUMBER
    return votes


def _vote_by_subject(votes: np.ndarray, flat: Flat, questions: Sequence[Open]) -> None:
    """A sentence that speaks of the same subject as a question, in whatever words, may answer it."""
    asked = [subject(question.text) for question in questions]
    if len(set(asked)) < 2:
        return
    for first, last in pairwise([*starts_of(flat), len(flat.words)]):
        about = subject(flat.between(first, last))
        for column, theirs in enumerate(asked):
            if about and theirs == about:
                votes[first, column] += SAME_SUBJECT


def _vote_by_meaning(votes: np.ndarray, flat: Flat, questions: Sequence[Open], embedder: Embedder) -> None:
    """A thought that means much the same as one question, and less the same as the others, may answer it."""
    cosines = told_vectors(flat, embedder) @ asked_vectors([question.text for question in questions], embedder).T
    for (first, _), row in zip(thoughts(flat), votes_by_meaning(cosines), strict=True):
        votes[first] += row


def _change_costs(flat: Flat) -> np.ndarray:
    """What it costs to turn to another question before each word."""
    costs = np.full(len(flat.words), ANY_CHANGE)
    for i, word in enumerate(flat.words[:-1], start=1):
        if word.ends_clause:
            costs[i] = CLAUSE_CHANGE
    for match in cue("takes_up").finditer(flat.text):
        costs[flat.at(match.start())] = min(CUE_CHANGE, costs[flat.at(match.start())])
    for i, word in enumerate(flat.words[:-1], start=1):
        if word.ends_sentence:
            costs[i] = TAKEN_UP if costs[i] <= CUE_CHANGE or names_topic(flat, i) else SENTENCE_CHANGE
    if not flat.is_punctuated:
        for i, opens in enumerate(openings(flat)):
            named = CUE_CHANGE if opens > LIKELY and names_topic(flat, i) else ANY_CHANGE
            costs[i] = min(costs[i], named, max(CUE_CHANGE, HEARD_CHANGE - PER_LOG_ODDS * (opens - UNLIKELY)))
    return costs


def _cheapest(votes: np.ndarray, costs: np.ndarray) -> list[int]:
    """The path of questions, one for each word, that gains most votes for the fewest changes (Viterbi)."""
    gain = votes[0].copy()
    came_from = np.zeros(votes.shape, dtype=int)
    for i in range(1, len(votes)):
        changed = gain.max() - costs[i]
        stays = gain > changed  # when nothing speaks for either, later is likelier
        came_from[i] = np.where(stays, np.arange(len(gain)), gain.argmax())
        gain = np.where(stays, gain, changed) + votes[i]
    path = [int(gain.argmax())]
    for i in range(len(votes) - 1, 0, -1):
        path.append(int(came_from[i, path[-1]]))
    return path[::-1]


def _without_chance_hits(path: Sequence[int], votes: np.ndarray) -> list[int]:
    """A stretch in the middle of an answer that a word or two drew aside goes back to the answer."""
    kept = list(path)
    stretches = _stretches(path)
    if len(stretches) > 1 and stretches[0].last < SHORTEST_ADDRESS:  # «Chào em Ni.»
        kept[:stretches[0].last] = [path[stretches[1].first]] * stretches[0].last
    for part in _stretches(kept):
        if part.first > 0 and votes[part.first:part.last, part.question].sum() < FEWEST_VOTES:
            kept[part.first:part.last] = [kept[part.first - 1]] * (part.last - part.first)
    return kept


def _stretches(path: Sequence[int]) -> list[Part]:
    changes = [0, *(i for i in range(1, len(path)) if path[i] != path[i - 1]), len(path)]
    return [Part(path[first], first, last) for first, last in pairwise(changes)]
