"""Commas where they are quite sure: after «dạ», around addresses, before «nhưng», at a breath between clauses."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from transcribe.wording import cues
from transcribe.wording.cardinals import DIGITS
from transcribe.wording.compounds import binds
from transcribe.wording.line import Line
from transcribe.wording.lists import phrases, words
from transcribe.wording.sentences import ends_open

_BEFORE = phrases("sentences", "comma_before")
_AFTER_OPENING = phrases("sentences", "comma_after_opening")
_ORDINALS = phrases("sentences", "comma_after")
_APPOSITIONS = words("sentences", "appositions")
_ADDRESSEES = phrases("sentences", "addressees")
_THANKS = phrases("sentences", "thanks")
_GOES_ON = words("sentences", "goes_on")
_BREATH = 0.15
"""Seconds of silence; a shorter one may be no more than a stop consonant."""
_NO_COMMA_AFTER = words("sentences", "no_comma_after")


def commas(
    line: Line, start: int, end: int, people: dict[int, int], nearly: Collection[int], pauses: Sequence[float] = (),
) -> set[int]:
    """The positions in the sentence [start, end) before which a comma stands.

    `people` are names of persons, `nearly` positions where the sentence might have ended;
    `pauses[i]` is the silence, in seconds, before word i.
    """
    found = {position for position in nearly if start + 3 <= position < end - 1}
    found |= {position for position in range(start + 1, end) if pauses and _is_breath(line, position, pauses)}
    found |= {position for position in range(start + 2, end - 1) if _is_before(line, position)}
    found |= {position for position in range(start + 1, end - 1) if cues.parts(line, position)}
    for phrases_at, places in ((_AFTER_OPENING, [start]), (_ORDINALS, range(start, end))):
        found |= {behind for place in places if (behind := phrases_at.end(line, place)) and behind < end}
    names_within = [behind for name, behind in people.items() if start < name and behind < end]
    found |= {behind for behind in names_within if _is_apposition(line, behind)}
    found -= {position for position in found if _is_greeted(line, position)}
    return {position for position in found if line[position] not in ("là", "thì", "của", "nữa", "ạ", "ơi")}


def _is_breath(line: Line, position: int, pauses: Sequence[float]) -> bool:
    """A silence that does not fall within a phrase: not «của (…) xã», not «rồi (…) và»."""
    within = ends_open(line, position) or binds(line, position) or line[position] in _GOES_ON
    return pauses[position] >= _BREATH and not within


def _is_greeted(line: Line, position: int) -> bool:
    """«xin chào toàn thể | bà con», «xin cảm ơn | bà con»."""
    greets = line[position - 1] in ("chào", "thể") and _ADDRESSEES.end(line, position) is not None
    return greets or _THANKS.start(line, position) is not None


def _is_before(line: Line, position: int) -> bool:
    if line[position] == "ấp":
        return line[position - 1] in DIGITS and line[position - 2] in ("tổ", "số")
    return bool(_BEFORE.end(line, position)) and line[position - 1] not in _NO_COMMA_AFTER


def _is_apposition(line: Line, position: int) -> bool:
    """What is told of a person right behind the name: age, home, office."""
    said = line[position]
    return said in DIGITS or said in _APPOSITIONS
