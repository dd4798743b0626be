"""Numbers as they are spoken, written as they stand in minutes.

The grammar reads from left to right. At each word the rules are tried in order, from those that
are surest of what they see; the first that knows the words writes them, and a word no rule knows
stays as it was heard:

    papers   paper plate house digits said one by one      numbers said sign by sign
    times    date month year hour weekday                  moments
    kept     place                                         names of places that begin like a number
    counts   label                                         positions
    kept     fixed phrases, names, vague numbers           what sounds like a number and is none
    amounts  share measure money                           quantities with a unit
    counts   ordinal count                                 how many

What is written how stands at the head of each of those modules; in short: figures from two on
before what is counted, «một» in words unless it numbers or measures; points between thousands, a
comma before decimals; nothing is changed where the words may mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transcribe.wording import amounts, counts, papers, times
from transcribe.wording.kept import kept, place
from transcribe.wording.line import Line, Piece, Reading
from transcribe.wording.names import names

_Rule = Callable[[Line, int], Reading | None]
_RULES: tuple[_Rule, ...] = (
    papers.always, papers.code, papers.paper, papers.plate, papers.house, papers.signs,
    times.date, times.month, times.year, times.hour, times.weekday,
    place, amounts.wounded, counts.label, kept,
    amounts.share, amounts.measure, amounts.money,
    counts.ordinal, counts.count,
)


def write(words: Sequence[str], year: int | None = None) -> list[Piece]:
    """The words with their numbers in written form, each piece with the words it stands for.

    Every word belongs to one piece. `year` is the year in which they were said: with it, the
    «năm nay» of a date is written out.
    """
    line = Line(words, year)
    people = dict(names(line))
    pieces: list[Piece] = []
    position = 0
    while position < len(words):
        reading = Reading(None, people[position]) if position in people else _read(line, position)
        if reading.text is None:
            pieces += [Piece(words[place], place, place + 1) for place in range(position, reading.end)]
        else:
            pieces.append(Piece(reading.text, position, reading.end))
        position = reading.end
    return pieces


def _read(line: Line, position: int) -> Reading:
    readings = (rule(line, position) for rule in _RULES)
    return next((reading for reading in readings if reading), Reading(None, position + 1))
