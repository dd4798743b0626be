"""Words as heard → text that can stand in minutes: numbers, capitals, sentences.

    pieces = wording.pieces(words, glossary)     each with the heard words it stands for
    wording.written(words, glossary)             the same as one text

Every heard word stands behind one piece, so each piece leads back to its words and their times.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from models.folding import nfc
from models.records import Word
from transcribe.wording import casing, learnt, numbers
from transcribe.wording.commas import commas
from transcribe.wording.glossary import NOTHING, Glossary
from transcribe.wording.line import Line, Piece
from transcribe.wording.matters import stops
from transcribe.wording.names import names
from transcribe.wording.sentences import NEARLY, asks, breaks_off, ends, ends_open, gaps, of_pause
from transcribe.wording.units import KINDS

Heard = str | Sequence[Word] | Sequence[str]
ENDING, LIKELY_END = 0.5, 2.0
"""How much learned log-odds of a sentence end count beside the rules, from where they speak for one."""
LIKELY_MARK = 0.2
"""Learned log-odds of any mark from which a comma stands where no sentence ends."""
NEVER = 100.0
_HANGS_ON = frozenset({"ai", "gì", "nào", "đâu", "nữa", "này", "đó", "ấy"})
_OF_OFFICES = frozenset({"tịch", "thư", "đốc", "trưởng"})
_OF_DATES = frozenset({"năm", "tháng", "ngày"})
"""Last words of an office («Chủ tịch | UBND xã») and words before a figure that nothing parts from it."""


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
    """Full names of people and places in what was heard, to be known in what comes after it."""
    return Glossary.of([*casing.introduced(Line(_words(heard))), *_told_by_context(_words(heard))])


def _told_by_context(words: list[str]) -> list[str]:
    """Names of two or three words that nothing but the words around them tells: «xóm Rớ Cồn»."""
    line = [piece.text for piece in casing.capitals(numbers.write(words), NOTHING)]
    runs = (list(run) for is_name, run in groupby(line, lambda word: word.istitle()) if is_name)
    return [" ".join(run) for run in runs if 2 <= len(run) <= 3]


def _words(heard: Heard) -> list[str]:
    spoken = heard.split() if isinstance(heard, str) else heard
    return [nfc(word.word if isinstance(word, Word) else word) for word in spoken]


def _pauses(heard: Heard) -> list[float]:
    """The silence before each word; empty without times."""
    timed = [word for word in heard if isinstance(word, Word)]
    ends_before = [timed[0].start, *(word.end for word in timed)] if timed else []
    return [word.start - before for word, before in zip(timed, ends_before, strict=False)]


def weighed(words: list[str], glossary: Glossary = NOTHING) -> dict[int, float]:
    """What the rules weigh every gap at where something may end, by the words alone."""
    line, parts = Line(words), casing.capitals(numbers.write(words), glossary)
    people = dict(names(line))
    return gaps(line, people, _amounts(parts), _whole(parts, people) | set(stops(line)))


def _punctuated(parts: list[Piece], words: list[str], pauses: list[float]) -> list[Piece]:
    """The pieces with their marks, and a capital at the head of each sentence."""
    line = Line(words)
    people = dict(names(line))
    listed = stops(line)
    whole = _whole(parts, people) | set(listed)
    marks: dict[int, str] = {}
    heads = {0}
    begun = 0
    by_words = gaps(line, people, _amounts(parts), whole)
    odds = learnt.odds(line, people, by_words)
    weights = {position: weight + ENDING * max(0.0, odds[position].end + LIKELY_END) + of_pause(pauses, position)
               for position, weight in by_words.items()}
    nearly = [position for position, weight in by_words.items()
              if weight + of_pause(pauses, position) >= NEARLY
              or odds[position].mark + of_pause(pauses, position) > LIKELY_MARK + NEVER * _goes_on(line, position)]
    for end in ends(len(line), weights):
        marks |= dict.fromkeys(commas(line, begun, end, people, nearly, pauses) - whole, ",")
        marks[end] = "?" if asks(line, begun, end) else "."
        heads.add(end)
        begun = end
    marks |= listed
    if breaks_off(line):
        del marks[begun]
    return [_marked(part, marks.get(part.end, ""), part.start in heads, words) for part in parts]


def _goes_on(line: Line, position: int) -> bool:
    """Whether nothing parts the word at `position` from the one before: «của | xã», «chưa | ai gom»."""
    return ends_open(line, position) or line[position] in _HANGS_ON


def _whole(parts: list[Piece], people: dict[int, int]) -> set[int]:
    """Where nothing may end: within names, and within what is written as one."""
    whole = {inside for start, end in people.items() for inside in range(start + 1, end)}
    whole |= {inside for part in parts for inside in range(part.start + 1, part.end)}
    return whole | _within_names(parts, people)


def _within_names(parts: list[Piece], people: dict[int, int]) -> set[int]:
    """Where a name goes on: «xã | Phú Thịnh», «Phú | Thịnh»; behind a person's name something else may begin."""
    proper = [part.start for before, part in pairwise(parts)
              if part.text[0].isupper() and (before.text[0].isupper() or before.text in KINDS)]
    joined = [part.start for before, part in pairwise(parts)
              if (before.text in _OF_OFFICES and part.text[0].isupper())
              or (before.text in _OF_DATES and part.text[0].isdigit())]
    return (set(proper) - set(people.values())) | set(joined)


def _amounts(parts: list[Piece]) -> set[int]:
    """Where sums, measures and dates end, behind which nothing is counted."""
    return {part.end for part in parts if part.text[0].isdigit() and (not part.text[-1].isdigit() or "/" in part.text)}


def _marked(part: Piece, mark: str, heads: bool, words: list[str]) -> Piece:
    """A sentence does not begin with a figure where one word was said: «Ba câu này»."""
    text = words[part.start] if heads and part.text.isdigit() and part.end == part.start + 1 else part.text
    return Piece((text[:1].upper() + text[1:] if heads else text) + mark, part.start, part.end)
