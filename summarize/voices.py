"""Whether words sound like an official's or a citizen's, whoever says them.

Officials speak of files, plans and what was done, citizens of their own house and what they wait for. Each word and
pair of words has a weight that `benchmarks/voices.py` learned (logistic regression).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from summarize.cues import NUMBER
from summarize.stored import stored

VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""


def sounds_official(tokens: Sequence[str]) -> float:
    """How likely (0 to 1) the words of a flat text are an official's rather than a citizen's."""
    known = learned()
    odds = sum(known.get(unit, 0.0) for unit in set(units(tokens)))
    return 1 / (1 + math.exp(-(known["bias"] + odds / math.sqrt(max(1, len(tokens))))))


def telling(tokens: Sequence[str], official: bool, most: int = 3) -> list[str]:
    """The words of a flat text that sound most like an official's, or a citizen's, the strongest first."""
    side = 1 if official else -1
    spoke = {unit: side * learned().get(unit, 0.0) for unit in units(tokens) if "#" not in unit}
    return [unit for unit in sorted(spoke, key=lambda unit: -spoke[unit])[:most] if spoke[unit] > 0]


def units(tokens: Sequence[str]) -> Iterator[str]:
    """Words and pairs of words; a number is like any other."""
    kinds = ["#" if re.fullmatch(NUMBER, token) else token for token in tokens]
    yield from kinds
    yield from (f"{a} {b}" for a, b in pairwise(kinds))


@cache
def learned() -> Mapping[str, float]:
    weights: dict[str, float] = stored("voices", VERSION)["weights"]
    return weights
