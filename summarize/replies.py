"""Which words of an official's speech answer which question.

One official often answers several citizens in one breath, in another order than they asked.
Every word votes for the questions that share it (rare words more), calls by name and number
vote strongly, and the cheapest path through the votes, where changing the question costs
little after «về», «còn», a full stop and much elsewhere, says who is being answered.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from summarize.cues import cue, words
from summarize.embedding import Embedder
from summarize.flat import Flat
from summarize.mishearing import sound
from summarize.openings import openings
from summarize.topics import subject

ANNOUNCED = 3.0  # how much more the words right after «về», «còn» count
ANNOUNCED_WITHIN = 4
USUAL_LENGTH = 25  # words of a question
SHORTEST_THOUGHT = 8  # words
SHORTEST_ADDRESS = 6  # words with which one only turns to somebody
SMALLEST_MEETING = 30  # utterances: in fewer, what is rare cannot be told by counting
PAIR, IN_PAIR, ALONE = 0.8, 0.5, 0.4  # what a shared pair of syllables, one within it, one alone is worth
SAME_SUBJECT = 1.0
MEANING, NEARER, MOST_BY_MEANING = 40.0, 0.01, 3.0  # votes for a cosine above the mean, from where on, at most
SHORTEST_COMPARED, LONGEST_THOUGHT = 4, 24  # words
TAKEN_UP = 1.0  # at a sentence that says what it is about
SENTENCE_CHANGE = 2.0
CUE_CHANGE = 2.5
CLAUSE_CHANGE = 4.0
ANY_CHANGE = 6.0
LIKELY = -6.0  # log-odds of a beginning at which «… thì» takes something up
# Where nothing says where sentences end: by how likely a thought begins.
HEARD_CHANGE, PER_LOG_ODDS, UNLIKELY = 4.5, 0.5, -5.0
FEWEST_VOTES = 3.0  # of a stretch
CALLED_BY_NAME = 4.0
CALLED_BY_NUMBER = 9.0
NUMBERED = re.compile(r"(?:ý|câu|nội dung|việc|vấn đề|điểm)(?: kiến| hỏi)? thứ (nhất|hai|ba|tư|bốn|năm|\d)|"
                      r"(?:câu|ý) (sau|đầu|cuối|chót)")
NUMBERS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "đầu": 1, "sau": -1, "cuối": -1, "chót": -1}


@dataclass(frozen=True)
class Open:
    """A question that may be answered: its flat text, how its asker is called, its number in the
    asker's turn (0 when the turn is not the last one), and how unlikely it is to be meant."""

    text: str
    called: str
    ordinal: int = 0
    of: int = 0
    reluctance: float = 0.0
    waiting: bool = False
    """Asked in the last turn and not answered yet."""


@dataclass(frozen=True)
class Reply:
    """Words [first, last) that answer the question at position `question`, with the votes for it."""

    question: int
    first: int
    last: int
    votes: float


class Rarity:
    """How telling a word or a pair of words is in this meeting."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._total = max(SMALLEST_MEETING, len(texts))
        self._seen = Counter(unit for text in texts for unit in _units(text))

    def of(self, unit: str) -> float:
        """Natural logarithm of how rarely it is said; 0 for what everyone says."""
        return max(0.0, math.log(self._total / (1 + self._seen[unit])))


def assign(reply: Flat, questions: Sequence[Open], rarity: Rarity, prompt: Flat | None = None,
           embedder: Embedder | None = None) -> list[Reply]:
    """The stretches of a reply that answer questions, in order.

    With an embedder, thoughts near a question in meaning vote as well as shared words. `prompt` is what was said just
    before (the chair insisting, the citizen pressing): it tells what the reply is about when the reply itself does not.
    """
    if not reply.words or not questions:
        return []
    votes = _votes(reply, questions, rarity)
    if embedder:
        _vote_by_meaning(votes, reply, questions, embedder)
    costs = _change_costs(reply)
    start = _prompted(prompt, questions, rarity) if prompt else np.zeros(len(questions) + 1)
    reluctance = np.array([0.0, *(question.reluctance for question in questions)])
    path = _cheapest(votes, costs, reluctance, start)
    path = _without_chance_hits(path, votes - reluctance / len(path), start)
    return _stretches(_with_left_over(path, votes, reply, questions), votes, start)


def _with_left_over(path: list[int], votes: np.ndarray, reply: Flat, questions: Sequence[Open]) -> list[int]:
    """When only one waiting question got nothing, a thought that speaks for no other question is its answer."""
    left = [column for column, question in enumerate(questions, start=1) if question.waiting and column not in path]
    others = [question for question in questions if question.waiting]
    if len(left) != 1 or len(others) < 2:
        return path
    unclaimed = [(first, last) for first, last in pairwise([*_starts(reply), len(path)])
                 if last - first >= SHORTEST_THOUGHT and votes[first:last].sum() < FEWEST_VOTES
                 and (first > 0 and _takes_up(reply, first))]
    for first, last in unclaimed[-1:]:
        path = [*path[:first], *[left[0]] * (last - first), *path[last:]]
    return path


def _takes_up(flat: Flat, first: int) -> bool:
    return _names_topic(flat, first) or cue("takes_up").match(flat.between(first, len(flat.words))) is not None


def _prompted(prompt: Flat, questions: Sequence[Open], rarity: Rarity) -> np.ndarray:
    return _votes(prompt, questions, rarity).sum(axis=0) if prompt.words else np.zeros(len(questions) + 1)


def _votes(flat: Flat, questions: Sequence[Open], rarity: Rarity) -> np.ndarray:
    """(words, 1 + questions): column 0 is for answering none of them."""
    tokens, weights = flat.text.split(), _weights(flat)
    votes = np.zeros((len(tokens), 1 + len(questions)))
    telling: dict[str, list[int]] = {}
    for i, unit in _placed(tokens):
        telling.setdefault(unit, []).append(i)
    for column, question in enumerate(questions, start=1):
        units = _units(question.text)
        # Long questions share more words by chance.
        fairness = min(1.0, math.sqrt(USUAL_LENGTH / (1 + len(question.text.split()))))
        placed = [(i, unit) for unit in units & telling.keys() for i in telling[unit]]
        in_pairs = {at for i, unit in placed if " " in unit for at in (i, i + 1)}
        for i, unit in placed:
            worth = PAIR if " " in unit else IN_PAIR if i in in_pairs else ALONE
            votes[i, column] += worth * rarity.of(unit) * fairness * weights[i]
        if question.called:
            called = re.compile(cue("title").pattern + r" (?:\S+ )?" + re.escape(question.called) + r"(?!\S)")
            for match in called.finditer(flat.text):
                votes[flat.at(match.start()), column] += CALLED_BY_NAME
    _vote_by_subject(votes, flat, questions)
    for match in NUMBERED.finditer(flat.text):
        number = NUMBERS.get(match[1] or match[2], 0) or int(match[1])
        for column, question in enumerate(questions, start=1):
            wanted = question.of if number < 0 else number
            if question.ordinal and question.of > 1 and question.ordinal == wanted:
                votes[flat.at(match.start()), column] += CALLED_BY_NUMBER
    return votes


def _vote_by_subject(votes: np.ndarray, flat: Flat, questions: Sequence[Open]) -> None:
    """A sentence that speaks of the same subject as a question, in whatever words, may answer it."""
    asked = [subject(question.text) for question in questions]
    if len(set(asked)) < 2:
        return
    for first, last in pairwise([*_starts(flat), len(flat.words)]):
        about = subject(flat.between(first, last))
        for column, theirs in enumerate(asked, start=1):
            if about and theirs == about:
                votes[first, column] += SAME_SUBJECT


def _vote_by_meaning(votes: np.ndarray, flat: Flat, questions: Sequence[Open], embedder: Embedder) -> None:
    """A thought that means much the same as one question, and less the same as the others, may answer it."""
    if len(questions) < 2:
        return
    places = thoughts(flat)
    if not places:
        return
    said = embedder.queries([flat.between(first, last) for first, last in places])
    asked = embedder.queries([question.text for question in questions])
    cosines = said @ asked.T
    nearer = cosines - cosines.mean(axis=1, keepdims=True)
    for (first, _), row in zip(places, nearer, strict=True):
        votes[first, 1:] += np.clip(MEANING * (row - NEARER), 0, MOST_BY_MEANING)


def thoughts(flat: Flat) -> list[tuple[int, int]]:
    """The stretches of a reply, as words [first, last), that are compared with questions by meaning."""
    starts = [*_starts(flat), len(flat.words)]
    places = []
    for first, last in pairwise(starts):
        count = max(1, -(-(last - first) // LONGEST_THOUGHT))
        cuts = [first + (last - first) * i // count for i in range(count + 1)]
        places += [(a, b) for a, b in pairwise(cuts) if b - a >= SHORTEST_COMPARED]
    return places


def _starts(flat: Flat) -> list[int]:
    """Where a new thought may begin: sentences, and words that take something up."""
    starts = {0, *(i for i, word in enumerate(flat.words[:-1], start=1) if word.ends_sentence)}
    return sorted(starts | {flat.at(match.start()) for match in cue("takes_up").finditer(flat.text)})


def _weights(flat: Flat) -> np.ndarray:
    """Words that announce what comes («Về sổ đất thì …») count more."""
    weights = np.ones(len(flat.words))
    starts = [0, *(i for i, word in enumerate(flat.words[:-1], start=1) if word.ends_sentence)]
    starts += [flat.at(match.end() - 1) for match in cue("takes_up").finditer(flat.text)]
    for start in starts:
        weights[start:start + ANNOUNCED_WITHIN] = ANNOUNCED
    return weights


@lru_cache(maxsize=8192)
def _units(text: str) -> frozenset[str]:
    return frozenset(unit for _, unit in _placed(text.split()))


def _placed(tokens: Sequence[str]) -> list[tuple[int, str]]:
    """The telling words and pairs of neighbours, with their places."""
    stop = words("stop")
    single = [(i, sound(token)) for i, token in enumerate(tokens) if token not in stop and not token[0].isdigit()]
    pairs = [(i, f"{sound(a)} {sound(b)}") for i, (a, b) in enumerate(pairwise(tokens))
             if a not in stop or b not in stop or a in words("numbered")]
    return single + pairs


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
            costs[i] = TAKEN_UP if costs[i] <= CUE_CHANGE or _names_topic(flat, i) else SENTENCE_CHANGE
    if not flat.is_punctuated:
        for i, opens in enumerate(openings(flat)):
            named = CUE_CHANGE if opens > LIKELY and _names_topic(flat, i) else ANY_CHANGE
            costs[i] = min(costs[i], named, max(CUE_CHANGE, HEARD_CHANGE - PER_LOG_ODDS * (opens - UNLIKELY)))
    costs[0] = SENTENCE_CHANGE
    return costs


def _names_topic(flat: Flat, first: int) -> bool:
    """«Sóng điện thoại thì …»: a sentence that begins with what it is about."""
    return re.match(r"(?:\S+ ){1,6}thì ", flat.between(first, min(first + 8, len(flat.words)))) is not None


def _cheapest(votes: np.ndarray, costs: np.ndarray, reluctance: np.ndarray, start: np.ndarray) -> list[int]:
    """The path of questions, one for each word, that gains most votes for the fewest changes (Viterbi)."""
    gain = start - reluctance + votes[0]
    came_from = np.zeros(votes.shape, dtype=int)
    for i in range(1, len(votes)):
        changed = gain.max() - costs[i] - reluctance
        stays = gain > changed  # when nothing speaks for either, later is likelier
        came_from[i] = np.where(stays, np.arange(len(gain)), gain.argmax())
        gain = np.where(stays, gain, changed) + votes[i]
    path = [int(gain.argmax())]
    for i in range(len(votes) - 1, 0, -1):
        path.append(int(came_from[i, path[-1]]))
    return path[::-1]


def _without_chance_hits(path: Sequence[int], votes: np.ndarray, start: np.ndarray) -> list[int]:
    """A stretch in the middle of an answer that a word or two drew aside goes back to the answer."""
    kept = list(path)
    stretches = _stretches(path, votes, start)
    if len(stretches) > 1 and stretches[0].last < SHORTEST_ADDRESS:  # «Chào em Ni.»
        kept[:stretches[0].last] = [path[stretches[1].first]] * stretches[0].last
    for reply in _stretches(kept, votes, start):
        if reply.votes < FEWEST_VOTES and reply.first > 0:
            kept[reply.first:reply.last] = [kept[reply.first - 1]] * (reply.last - reply.first)
    return kept


def _stretches(path: Sequence[int], votes: np.ndarray, start: np.ndarray) -> list[Reply]:
    found, first = [], 0
    for i in range(1, len(path) + 1):
        if i == len(path) or path[i] != path[first]:
            if path[first] > 0:
                gained = float(votes[first:i, path[first]].sum() + (start[path[first]] if first == 0 else 0))
                found.append(Reply(path[first] - 1, first, i, gained))
            first = i
    return found
