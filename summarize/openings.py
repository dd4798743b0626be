"""Where in a citizen's turn a new matter begins, with or without a cue that says so.

People rarely count their matters, and a recogniser writes no full stops. What tells is spread: the
words with which a thought usually begins and ends, a change of subject and of words, a full stop.
Each is a feature with a weight that `benchmarks/openings.py` learned; the sum is the chance.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from summarize.catalogue import subject_phrases, word_leanings
from summarize.cues import NUMBER, cue, says, words
from summarize.flat import Flat, flatten
from summarize.stored import stored

AHEAD, BEHIND = 16, 20  # words looked at on each side
NEAR = 5  # words from either end of the turn
NEARBY = 3  # words within which only the likeliest beginning counts
CUES = ("asks", "requests", "complains", "praises", "thanks")
AT = ("ordinal", "link", "leans_back", "ends_turn", "courtesy", "fillers")
VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""


@cache
def weights(of: str) -> dict[str, float]:
    """Feature to weight of the decision `of` ("opening" or "matter"), learned; see `benchmarks/openings.py`."""
    learned: dict[str, float] = stored("openings", VERSION)[of]
    return learned


def openings(flat: Flat) -> tuple[float, ...]:
    """For each word of a turn the log-odds that a new thought begins with it."""
    return _openings(flat.original)


@lru_cache(maxsize=4096)
def _openings(text: str) -> tuple[float, ...]:
    """Remembered, because while a meeting goes on the same turns are looked at over and over."""
    known = weights("opening")
    return tuple(sum(known.get(name, 0.0) * value for name, value in features)
                 for features in all_features(flatten(text)))


def peaks(odds: Sequence[float], among: range, first: int, least: float) -> list[int]:
    """Which of these words are the likeliest beginnings nearby (from word `first` on), and likelier than `least`."""
    return [i for i in among if odds[i] > least and odds[i] == max(odds[max(first, i - NEARBY):i + NEARBY + 1])]


def reasons(flat: Flat, at: int, most: int = 3) -> list[str]:
    """The features that spoke most for a beginning with word `at`, the strongest first."""
    known = weights("opening")
    spoke = [(known.get(name, 0.0) * value, name) for name, value in all_features(flat)[at] if name != "bias"]
    return [name for gain, name in sorted(spoke, reverse=True)[:most] if gain > 0]


@lru_cache(maxsize=8192)
def matter(text: str) -> float:
    """The log-odds that a stretch of talk (flat) puts a matter: not thanks, praise or who one is."""
    known = weights("matter")
    return sum(known.get(name, 0.0) * value for name, value in matter_features(text))


def matter_features(text: str) -> Iterator[tuple[str, float]]:
    """What tells a matter from other talk: cues, denials, how much it speaks of a subject, and words."""
    tokens = text.split()
    yield "bias", 1.0
    for name in (*CUES, "no_question", "presses", "introduced_by", "courtesy", "announces", "ends_turn", "reads_out"):
        if says(name, text):
            yield f"says:{name}", 1.0
    yield "denials", min(3.0, sum(token in words("negation") for token in tokens))
    yield "long", min(4.0, len(tokens) / 10)
    yield "subject", min(2.0, float(word_leanings(tokens).sum(axis=0).max(initial=0.0)) / 2)
    kinds = [_kind(token) for token in tokens]
    for unit in {*kinds, *(f"{a} {b}" for a, b in pairwise(kinds))}:
        yield f"word:{unit}", 1 / max(3.0, len(tokens) ** 0.5)


def all_features(flat: Flat) -> list[list[tuple[str, float]]]:
    """For each word the features of a thought that begins with it."""
    tokens = flat.text.split()
    at = {name: {flat.at(match.start()) for match in cue(name).finditer(flat.text)} for name in (*AT, *CUES)}
    at["leans_back"] = {i for i in range(len(tokens)) if cue("leans_back").match(flat.text, flat.words[i].flat)}
    at["closes"] = {flat.at(match.end() - 1) + 1 for match in cue("closes").finditer(flat.text)}
    leanings = word_leanings(tokens).cumsum(axis=0)
    kinds = ["^", "^", *(_kind(token) for token in tokens), "$", "$", "$"]
    told = [i for i, token in enumerate(tokens) if token not in words("stop") and not token[0].isdigit()]
    return [[*_words_around(kinds[i:i + 5]), *_cues_around(i, at), *_punctuation(flat, i),
             *_change(tokens, told, leanings, i)] for i in range(len(tokens))]


def _words_around(five: Sequence[str]) -> Iterator[tuple[str, float]]:
    a, b, c, d, e = five
    yield "bias", 1.0
    yield f"prev:{b}", 1.0
    yield f"prev:{a} {b}", 1.0
    yield f"next:{c}", 1.0
    yield f"next:{c} {d}", 1.0
    yield f"next:{c} {d} {e}", 1.0
    for name, said in (("thing", c), ("thing", f"{c} {d}"), ("thing after", d)):
        if said in _things():
            yield f"{name}:{said.count(' ') + 1}", 1.0


@cache
def _things() -> frozenset[str]:
    """The words and pairs of words with which the phrases of the catalogue begin."""
    phrases = [phrase.split() for phrase in subject_phrases()]
    return frozenset(" ".join(phrase[:many]) for phrase in phrases for many in (1, 2) if len(phrase) >= many)


def _cues_around(i: int, at: Mapping[str, set[int]]) -> Iterator[tuple[str, float]]:
    for name in (*AT, "closes"):
        if i in at[name]:
            yield f"at:{name}", 1.0
    for name in CUES:
        if any(i <= place < i + AHEAD for place in at[name]):
            yield f"ahead:{name}", 1.0
        if any(i - BEHIND <= place < i for place in at[name]):
            yield f"behind:{name}", 1.0


def _punctuation(flat: Flat, i: int) -> Iterator[tuple[str, float]]:
    before = flat.words[i - 1] if i else None
    if before and flat.is_punctuated:
        yield ("sentence" if before.ends_sentence else "clause" if before.ends_clause else "inside"), 1.0
        if before.ends_question:
            yield "question", 1.0
    elif before and before.ends_clause:
        yield "pause", 1.0
    if i < NEAR or len(flat.words) - i < NEAR:
        yield "edge", 1.0


def _change(tokens: Sequence[str], told: Sequence[int], leanings: np.ndarray, i: int) -> Iterator[tuple[str, float]]:
    """Telling words on both sides, and how alike the subjects are that both sides lean to."""
    first, middle, last = (bisect_left(told, place) for place in (i - BEHIND, i, i + AHEAD))
    behind, ahead = {tokens[j] for j in told[first:middle]}, {tokens[j] for j in told[middle:last]}
    yield "shared", min(4.0, len(behind & ahead))
    if i:
        end = min(len(tokens), i + AHEAD) - 1
        before = leanings[i - 1] - (leanings[i - BEHIND - 1] if i > BEHIND else 0)
        after = leanings[end] - leanings[i - 1]
        lengths = float(np.linalg.norm(before) * np.linalg.norm(after))
        yield "alike", float(before @ after) / lengths if lengths else 0.0


@lru_cache(maxsize=8192)
def _kind(token: str) -> str:
    return "tôi" if token in words("me") or token == "mình" else "#" if re.fullmatch(NUMBER, token) else token

