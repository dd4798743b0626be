"""Whether somebody who speaks again after a reply puts a new matter, or only takes up what they asked before.

Both ask, both bring new words: who presses names a day, a figure or another fact of the same matter. What tells is how
much of it was said before, in the question or in the reply, and how it is said; each is a feature with a weight that
`benchmarks/again.py` learned (logistic regression).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache

from summarize.catalogue import subject
from summarize.cues import says
from summarize.cutting import content, is_demand
from summarize.openings import matter as puts_matter
from summarize.stored import stored

LIKELY_NEW = 0.3  # a question too many is better than a lost one
MANY, LONG, LONGEST = 8, 15, 3.0  # fresh words; words, and how often so many count
CUES = ("asks", "requests", "complains", "praises", "thanks", "presses", "no_question", "same_as", "leans_back")
VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""


def puts_new(text: str, asked: str, replied: str) -> bool:
    """Whether the flat text is a matter of its own, after what its speaker `asked` and others `replied`."""
    return chance(features(text, asked, replied), learned()) >= LIKELY_NEW


def chance(told: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """How likely (0 to 1) something with these features is new."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in told.items())))


@lru_cache(maxsize=4096)
def features(text: str, asked: str, replied: str) -> Mapping[str, float]:
    """What tells whether a flat text is new after what was asked and replied (flat texts)."""
    many, said = len(text.split()), content(text)
    before, answered = content(asked), content(replied)
    fresh, total = said - before, max(1, len(said))
    about, theirs = subject(text), (subject(asked), subject(replied))
    told: dict[str, float] = {
        "bias": 1.0, "length": min(LONGEST, many / LONG), "under 10 words": many < 10, "under 18 words": many < 18,
        "fresh": len(fresh) / total, "many fresh": min(2.0, len(fresh) / MANY),
        "asked before": len(said & before) / total, "in the reply": len(said & answered) / total,
        "said by nobody": len(fresh - answered) / total,
        "puts a matter": puts_matter(text) / 3, "demands": is_demand(text), "subject": about is not None,
        "subject asked for": about is not None and about == theirs[0],
        "subject of the reply": about is not None and about == theirs[1],
        "another subject": about is not None and about not in theirs,
        **{f"says:{name}": says(name, text) for name in CUES}}
    return {name: float(value) for name, value in told.items()}


@cache
def learned() -> Mapping[str, float]:
    """The weights shipped. Raises ValueError when they were learned for other features."""
    weights: dict[str, float] = stored("again", VERSION)["weights"]
    return weights
