"""CTC beam search over the syllables of Vietnamese, with a 4-gram and an open way for other words.

A prefix beam search (Hannun et al. 2014, "First-Pass Large Vocabulary Continuous Speech Recognition
using Bi-Directional Recurrent DNNs") that follows the best alignment of each prefix, so that every
token keeps its row. Acoustic scores are counted from the best token of each row: 0 is what the
greedy decoder hears, and below lies the price of hearing something else.

Our own, because flashlight-text's search cannot spell words outside its lexicon, and lets the last
token of a word last one row only; its KenLM gives the language model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.records import Word
from transcribe.decoding import BLANK, Clock, Heard, Rows
from transcribe.language_model import LanguageModel, Prefix

HYPOTHESES = 40
MARGIN = 12.0
"""Hypotheses and tokens this far (natural log) below the best are given up."""
TOKENS = 20
"""Tokens looked at in a row, the likeliest first."""
SETTLED_ROWS = 50
"""A word followed by another is settled when its last token is this many rows old: two seconds."""
SETTLED_EVERY = 10
"""Rows between looks at what is settled: counted, so that the pieces in which rows come make no difference."""
_NEVER = float("-inf")


class _Cell(NamedTuple):
    """A token of one alignment as it was heard, behind those before it."""

    before: _Cell | None
    heard: Heard


class _Way(NamedTuple):
    """One alignment of a prefix: its acoustic score and its tokens."""

    score: float
    cell: _Cell | None


_NO_WAY = _Way(_NEVER, None)


class _Ways:
    """The best alignments of a prefix, by how the last row ended: in a blank or in the last token."""

    __slots__ = ("blank", "said")

    def __init__(self, blank: _Way = _NO_WAY, said: _Way = _NO_WAY) -> None:
        self.blank = blank
        self.said = said

    @property
    def best(self) -> _Way:
        return self.blank if self.blank.score >= self.said.score else self.said


_Beam = dict[Prefix, _Ways]


class BeamDecoder:
    """See `transcribe.decoding.Decoder`."""

    def __init__(self, model: LanguageModel, clock: Clock) -> None:
        self._model = model
        self._clock = clock
        self._row = 0
        self._beam: _Beam = {model.start(): _Ways(_Way(0.0, None))}

    def accept(self, rows: Rows) -> list[Word]:
        words = []
        for row in rows:
            self._beam = _best(self._extended(row))
            self._row += 1
            if self._row % SETTLED_EVERY == 0:
                words += self._settle()
        return words

    def pending(self) -> list[Word]:
        prefix = max(self._beam, key=lambda prefix: self._beam[prefix].best.score + prefix.total)
        clock = self._clock.copy()
        return [clock.timed(self._model.text(end), tokens) for end, tokens in _words(prefix, self._beam[prefix].best)]

    def finish(self) -> list[Word]:
        prefix = max(self._beam, key=lambda prefix: self._beam[prefix].best.score + prefix.closed)
        return self._timed(_words(prefix, self._beam[prefix].best))

    def _extended(self, row: NDArray[np.float32]) -> _Beam:
        """Every hypothesis with one row more."""
        top = float(row.max())
        spoken = _spoken(row, top)
        silent = float(row[BLANK]) - top
        floor = max(ways.best.score + prefix.total for prefix, ways in self._beam.items()) - 2 * MARGIN
        made: _Beam = {}
        for prefix, ways in self._beam.items():
            here = made.setdefault(prefix, _Ways())
            score, cell = best = ways.best
            here.blank = _Way(score + silent, cell)
            lasting = ways.said.score + float(row[prefix.token]) - top
            if lasting > here.said.score:
                here.said = _Way(lasting, ways.said.cell)
            for token, likely in spoken:
                # The same token again is a new one only behind a blank.
                came, before = ways.blank if token == prefix.token else best
                went = came + likely - top
                if went + prefix.total < floor:
                    continue
                child = self._model.extended(prefix, token)
                if child is None:
                    continue
                there = made.setdefault(child, _Ways())
                if went > there.said.score:
                    there.said = _Way(went, _Cell(before, Heard(self._row, likely)))
        return made

    def _settle(self) -> list[Word]:
        """The old words of the best hypothesis; hypotheses with other words there are given up."""
        prefix = max(self._beam, key=lambda prefix: self._beam[prefix].best.score + prefix.total)
        followed = _words(prefix, self._beam[prefix].best)[:-1]
        old = [(end, tokens) for end, tokens in followed if tokens[-1].row <= self._row - SETTLED_ROWS]
        if not old:
            return []
        last, _ = old[-1]
        self._beam = {prefix: ways for prefix, ways in self._beam.items() if _begins(last, prefix)}
        last.parent = None
        return self._timed(old)

    def _timed(self, words: list[tuple[Prefix, list[Heard]]]) -> list[Word]:
        return [self._clock.timed(self._model.text(end), tokens) for end, tokens in words]


def _spoken(row: NDArray[np.float32], top: float) -> list[tuple[int, float]]:
    """The likely tokens of a row but for the blank, with their log-probabilities."""
    likely = np.argpartition(row, -TOKENS)[-TOKENS:]
    return [(int(token), float(row[token])) for token in likely if token != BLANK and row[token] > top - MARGIN]


def _best(beam: _Beam) -> _Beam:
    scores = {prefix: ways.best.score + prefix.total for prefix, ways in beam.items()}
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)[:HYPOTHESES]
    return {prefix: beam[prefix] for prefix in ranked if scores[prefix] > scores[ranked[0]] - MARGIN}


def _words(prefix: Prefix, way: _Way) -> list[tuple[Prefix, list[Heard]]]:
    """The words of a prefix after the settled ones: where each ends, and its tokens."""
    words, tokens, end = [], [], prefix
    cell = way.cell
    for node in _back(prefix):
        assert cell is not None
        tokens.append(cell.heard)
        cell = cell.before
        if node.opens_word:
            words.append((end, tokens[::-1]))
            tokens = []
            if node.parent is not None:
                end = node.parent
    return words[::-1]


def _begins(last: Prefix, prefix: Prefix) -> bool:
    """Whether `prefix` begins with the words up to `last`, and has another behind them."""
    return any(node.parent is last and node.opens_word for node in _back(prefix))


def _back(prefix: Prefix) -> Iterator[Prefix]:
    """The prefix, the one without its last token, and so on, down to what is settled."""
    node = prefix
    while node.parent is not None:
        yield node
        node = node.parent
