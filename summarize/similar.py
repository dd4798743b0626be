"""How alike two questions are: what they mean and the telling words they share.

Measured on `tests/data/similar.tsv` (40 matters asked again in other words) and, as pairs that are not the same, on all
questions of different dialogues: see `tests/test_similar.py`.
"""

from __future__ import annotations

from summarize.cutting import content
from summarize.flat import flatten

WEIGHT_OF_WORDS = 0.1
ALIKE = 0.935
"""Likeness from which two questions are taken for the same matter."""
MAYBE = ALIKE - WEIGHT_OF_WORDS
"""Cosine below which no words could make two questions alike."""


def likeness(cosine: float, one: str, two: str) -> float:
    """The cosine of the questions' stored vectors, raised by the share of telling words (Dice) that they share."""
    first, second = content(flatten(one).text), content(flatten(two).text)
    return cosine + WEIGHT_OF_WORDS * 2 * len(first & second) / max(len(first) + len(second), 1)
