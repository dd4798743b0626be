"""What the CTC decoders share: rows in, tokens with their rows, words with times out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from models.records import Word

ROW_SECONDS = 0.04
BLANK = 0
WORD_START = "▁"
"""A token that begins with this begins a word."""
SPOKEN_BEFORE = 0.2
"""A token comes out as its syllable ends: words begin this many seconds before their first token."""

Rows = NDArray[np.float32]
"""Log-probabilities of shape (rows, tokens)."""


class Decoder(Protocol):
    """Turns the rows of one stretch, as they come, into words."""

    def accept(self, rows: Rows) -> list[Word]:
        """Takes the next rows; returns the words that are settled now and will not change."""

    def pending(self) -> list[Word]:
        """The words after the settled ones as they look now; they may still change."""

    def finish(self) -> list[Word]:
        """Settles and returns the rest. The decoder takes nothing more after this."""


class Heard(NamedTuple):
    """One token of a word: its row from the start of the stream, and its log-probability in the sound."""

    row: int
    score: float


class Clock:
    """Gives words their times: seconds of the recording, in order, none before the last."""

    def __init__(self, zero: float, start: float) -> None:
        """`zero` is the time of row 0, `start` the earliest time a word may begin."""
        self.zero = zero
        self.said = start

    def copy(self) -> Clock:
        return Clock(self.zero, self.said)

    def timed(self, text: str, tokens: Sequence[Heard]) -> Word:
        """The word of these tokens. Its confidence is the geometric mean of their probabilities."""
        first, last = (self.zero + token.row * ROW_SECONDS for token in (tokens[0], tokens[-1]))
        start, self.said = max(self.said, first - SPOKEN_BEFORE), max(self.said, last + 2 * ROW_SECONDS)
        confidence = float(np.exp(np.mean([token.score for token in tokens])))
        return Word(text, round(start, 3), round(self.said, 3), round(min(confidence, 1.0), 3))
