"""Words while they are being spoken: lines that grow, for people to read along.

The record is made from blocks (`transcribe.blocks`); captions only have to be quick. A line ends
where nothing new was heard for a moment, and the next begins with a fresh stream.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from models.records import Word
from transcribe.sound import SAMPLE_RATE, Samples

PAUSE = 0.8
"""Seconds without a new word that end a line: the engine may start anew there without losing any."""
LONGEST = 20.0
"""Seconds after which a line ends although its speaker goes on, so that it can be read."""


class Stream(Protocol):
    """One stretch of sound, recognised as it comes in; see `transcribe.vietasr.Stream`."""

    def accept(self, samples: Samples) -> list[Word]:
        """Takes samples and returns the words that will not change any more."""

    def pending(self) -> list[Word]:
        """The words after those, as they stand now."""

    def finish(self) -> list[Word]:
        """The words still under way."""


@runtime_checkable
class StreamingEngine(Protocol):
    """An engine that recognises sound as it comes."""

    def stream(self, start: float) -> Stream:
        """A new stream for sound that begins `start` seconds into the recording."""


@dataclass(frozen=True)
class Line:
    """A line from `start` to `end` seconds; `pending` words may still change."""

    start: float
    end: float
    words: tuple[Word, ...] = ()
    pending: tuple[Word, ...] = ()
    ended: bool = False


class Captioner:
    """Hears a recording from `start` seconds on and keeps the line under way."""

    def __init__(self, engine: StreamingEngine, start: float) -> None:
        self.position = start
        self._engine = engine
        self._line = Line(start, start)
        self._begin()

    def hear(self, samples: Samples) -> list[Line]:
        """Takes the next samples, shape (samples,) at 16 kHz; the lines that changed, the last still open or ended."""
        settled = self._stream.accept(samples)
        self.position += len(samples) / SAMPLE_RATE
        pending = tuple(self._stream.pending())
        before = _texts(self._line)
        lines = self._grow(settled, pending) if settled or pending != self._line.pending else []
        if _texts(self._line) != before:
            self._changed = self.position
        elif before and self.position - self._changed >= PAUSE:
            return self.end()
        return lines

    def end(self) -> list[Line]:
        """Ends the line under way, if it has words; what comes next begins a new one."""
        line = replace(_grown(self._line, self._stream.finish(), ()), ended=True)
        self._begin()
        return [line] if line.words else []

    def _grow(self, settled: list[Word], pending: tuple[Word, ...]) -> list[Line]:
        """The line with its new words; one that is too long ends, and the words under way begin the next."""
        line = _grown(self._line, settled, pending)
        if not line.words or line.words[-1].end - line.start < LONGEST:
            self._line = line
            return [line]
        whole = replace(_grown(self._line, settled, ()), ended=True)
        self._line = _grown(Line(whole.end, whole.end), [], pending)
        return [whole, self._line] if pending else [whole]

    def _begin(self) -> None:
        self._stream = self._engine.stream(self.position)
        self._line = Line(self.position, self.position)
        self._changed = self.position


def _grown(line: Line, settled: list[Word], pending: tuple[Word, ...]) -> Line:
    words = (*line.words, *settled)
    said = (*words, *pending)
    return Line(said[0].start, said[-1].end, words, pending) if said else line


def _texts(line: Line) -> list[str]:
    return [word.word for word in (*line.words, *line.pending)]
