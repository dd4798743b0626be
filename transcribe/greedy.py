"""The simplest CTC decoder: the best token of every row. Needs nothing but the network."""

from __future__ import annotations

from models.records import Word
from transcribe.decoding import BLANK, WORD_START, Clock, Heard, Rows


class GreedyDecoder:
    """Repeats fold into one, blanks fall out, «▁» begins a word; see `transcribe.decoding.Decoder`."""

    def __init__(self, tokens: list[str], clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock
        self._row = 0
        self._last = BLANK
        self._text = ""
        self._word: list[Heard] = []

    def accept(self, rows: Rows) -> list[Word]:
        words = []
        for best, score in zip(rows.argmax(axis=1), rows.max(axis=1), strict=True):
            if best not in (BLANK, self._last):
                if self._tokens[best].startswith(WORD_START):
                    words += self.finish()
                self._text += self._tokens[best].removeprefix(WORD_START)
                self._word.append(Heard(self._row, float(score)))
            self._last = best
            self._row += 1
        return words

    def pending(self) -> list[Word]:
        """The word under way, if any."""
        return [self._clock.copy().timed(self._text, self._word)] if self._text else []

    def finish(self) -> list[Word]:
        """The word under way, if any."""
        words = [self._clock.timed(self._text, self._word)] if self._text else []
        self._text, self._word = "", []
        return words
