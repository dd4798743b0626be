"""Words as heard → text that can stand in minutes: numbers, capitals, sentences.

    pieces = wording.pieces(words, glossary)     each with the heard words it stands for
    wording.written(words, glossary)             the same as one text

Every heard word stands behind one piece, so each piece leads back to its words and their times.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from models.folding import nfc
from models.records import Word
from transcribe.wording import casing, numbers
from transcribe.wording.commas import commas
from transcribe.wording.glossary import NOTHING, Glossary
from transcribe.wording.line import Line, Piece
from transcribe.wording.matters import stops
from transcribe.wording.names import names
from transcribe.wording.sentences import NEARLY, asks, breaks_off, ends, gaps
from transcribe.wording.units import KINDS

Heard = str | Sequence[Word] | Sequence[str]


def written(heard: Heard, glossary: Glossary = NOTHING, year: int | None = None) -> str:
    """The heard words as they should stand in minutes.

    `glossary` holds names of officials, places, projects; `year` is that of the meeting.
    """
    return " ".join(piece.text for piece in pieces(heard, glossary, year))


def pieces(heard: Heard, glossary: Glossary = NOTHING, year: int | None = None) -> list[Piece]:
    """The written text word by word or a few words at a time, with the heard words behind each."""
    words = _words(heard)
    parts = numbers.write(words, year)
    cased = casing.capitals(parts, glossary)
    return _punctuated(cased, words, _pauses(heard))


def introduced(heard: Heard) -> Glossary:
    """Full names of people and hamlets in what was heard, to be known in what comes after it."""
    return Glossary.of(casing.introduced(Line(_words(heard))))


def _words(heard: Heard) -> list[str]:
    spoken = heard.split() if isinstance(heard, str) else heard
    return [nfc(word.word if isinstance(word, Word) else word) for word in spoken]


def _pauses(heard: Heard) -> list[float]:
    """The silence before each word; empty without times."""
    timed = [word for word in heard if isinstance(word, Word)]
    ends_before = [timed[0].start, *(word.end for word in timed)] if timed else []
    return [word.start - before for word, before in zip(timed, ends_before, strict=False)]


def _punctuated(parts: list[Piece], words: list[str], pauses: list[float]) -> list[Piece]:
    """The pieces with their marks, and a capital at the head of each sentence."""
    line = Line(words)
    people = dict(names(line))
    whole = {inside for start, end in people.items() for inside in range(start + 1, end)}
    whole |= {inside for part in parts for inside in range(part.start + 1, part.end)}
    whole |= _within_names(parts, people)
    listed = stops(line)
    whole |= set(listed)
    marks: dict[int, str] = {}
    heads = {0}
    begun = 0
    weighed = gaps(line, people, _amounts(parts), whole, pauses)
    nearly = [position for position, weight in weighed.items() if weight >= NEARLY]
    for end in ends(len(line), weighed):
        marks |= dict.fromkeys(commas(line, begun, end, people, nearly, pauses) - whole, ",")
        marks[end] = "?" if asks(line, begun, end) else "."
        heads.add(end)
        begun = end
    marks |= listed
    if breaks_off(line):
        del marks[begun]
    return [_marked(part, marks.get(part.end, ""), part.start in heads, words) for part in parts]


def _within_names(parts: list[Piece], people: dict[int, int]) -> set[int]:
    """Where a name goes on: «xã | Phú Thịnh», «Phú | Thịnh»; behind a person's name something else may begin."""
    proper = [part.start for before, part in pairwise(parts)
              if part.text[0].isupper() and (before.text[0].isupper() or before.text in KINDS)]
    return set(proper) - set(people.values())


def _amounts(parts: list[Piece]) -> set[int]:
    """Where sums, measures and dates end, behind which nothing is counted."""
    return {part.end for part in parts if part.text[0].isdigit() and (not part.text[-1].isdigit() or "/" in part.text)}


def _marked(part: Piece, mark: str, heads: bool, words: list[str]) -> Piece:
    """A sentence does not begin with a figure where one word was said: «Ba câu này»."""
    text = words[part.start] if heads and part.text.isdigit() and part.end == part.start + 1 else part.text
    return Piece((text[:1].upper() + text[1:] if heads else text) + mark, part.start, part.end)
