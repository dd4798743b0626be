"""Utterances to turns: what one speaker says before another takes over, however often they pause.

A recogniser ends an utterance at every long pause, so that a question may lie in several. All
that looks for meaning works on turns; what it finds is brought back to the utterances here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from models.records import PersonalData, Span, Utterance

PAUSE = "\n"


@dataclass(frozen=True)
class Piece:
    """An utterance within a turn: its position in the transcript and where it begins in the turn's text."""

    utterance: int
    begins: int
    length: int


@dataclass(frozen=True)
class Turn:
    """One turn: the speaker, the joined text, and the utterances it is made of."""

    speaker: str
    text: str
    pieces: tuple[Piece, ...]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Characters [start, end) of the turn as spans of its utterances."""
        found = ((piece.utterance, max(start, piece.begins) - piece.begins,
                  min(end, piece.begins + piece.length) - piece.begins) for piece in self.pieces)
        return tuple(Span(utterance, first, last) for utterance, first, last in found if first < last)


def turns(utterances: Sequence[Utterance]) -> list[Turn]:
    """Neighbouring utterances of one speaker joined, in order; a pause stands as a line break."""
    return [_turn(list(group)) for _, group in groupby(enumerate(utterances), key=lambda pair: pair[1].speaker)]


def _turn(said: Sequence[tuple[int, Utterance]]) -> Turn:
    pieces, length = [], 0
    for position, utterance in said:
        pieces.append(Piece(position, length, len(utterance.text)))
        length += len(utterance.text) + len(PAUSE)
    return Turn(said[0][1].speaker, PAUSE.join(utterance.text for _, utterance in said), tuple(pieces))


def in_utterances(spans: Sequence[Span], spoken: Sequence[Turn]) -> tuple[Span, ...]:
    """Spans whose `utterance` counts turns, as spans of utterances."""
    return tuple(piece for span in spans for piece in spoken[span.utterance].spans(span.start, span.end))


def private_in_utterances(items: Sequence[PersonalData], spoken: Sequence[Turn]) -> Iterator[PersonalData]:
    """The same for private data."""
    for item in items:
        for span in spoken[item.utterance].spans(item.start, item.end):
            yield replace(item, utterance=span.utterance, start=span.start, end=span.end)
