"""Where sentences end, from what opens and closes them, from pauses and from length.

Every gap between two words is weighed: phrases that open a sentence behind it or close one before
it, the turns of speech of `cues.py`, and the pause if times are known. Some words cannot end a
sentence («của»), others cannot begin one («nữa»), and a name is never cut in two. Of all ways to
divide the words the one with the greatest sum is taken, in which very short and very long sentences
cost something. The weights are data (`sentences.toml`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from transcribe.wording import cues
from transcribe.wording.compounds import binds
from transcribe.wording.line import Line, Phrases
from transcribe.wording.lists import phrases, weights, words
from transcribe.wording.times import weekday

_ENOUGH = 1.8
"""What a gap must weigh for a sentence to end there."""
_SELDOM = 1.0
"""What a word that seldom ends a sentence takes away; one that hardly ever does takes 4."""
NEARLY = -0.4
"""What a gap weighs at least where a comma stands if the sentence goes on."""
_BREATH = 0.1
"""Seconds of silence that are heard as one; recognisers put the ends of words a little off."""
_LONGEST = 90
_OPENINGS = weights("sentences", "openings")
_CLOSINGS = weights("sentences", "closings")
_OPENING_PHRASES = Phrases(_OPENINGS)
_CLOSING_PHRASES = Phrases(_CLOSINGS)
_CANNOT_END = words("sentences", "cannot_end")
_SELDOM_END = words("sentences", "seldom_end")
_NEVER_END = words("sentences", "never_end")
_CANNOT_END_PHRASES = phrases("sentences", "cannot_end_phrases")
_CANNOT_BEGIN = words("sentences", "cannot_begin")
_TAKES_CLAUSE = words("sentences", "takes_clause")
_LEVELS = frozenset({"ấp", "xã", "phường", "huyện", "tỉnh", "nhà", "dân", "tụi"})
_NUMBERED = words("sentences", "numbered")
_SUBJECTS = words("sentences", "subjects")
_QUESTIONS = phrases("sentences", "questions")
_QUESTION_BEGINS = phrases("sentences", "question_begins")
_ASKING_ENDS = words("sentences", "asking_ends")
_STATING = phrases("sentences", "stating")
_ASKING_LAST = words("sentences", "asking_last")
_ASKING_WORDS = words("sentences", "asking_words")
_BEFORE_ASKING_END = words("sentences", "before_asking_end")


def gaps(
    line: Line, people: dict[int, int], amounts: Collection[int], whole: Collection[int],
) -> dict[int, float]:
    """How much speaks for a sentence to end before each position; below 0 it is not enough.

    `people` are names of persons, `amounts` the ends of sums, measures and dates, `whole` positions
    at which nothing may end.
    """
    return {position: _weight(line, position, people, amounts) - _ENOUGH
            for position in range(1, len(line)) if position not in whole}


def ends(length: int, gaps: dict[int, float]) -> list[int]:
    """The positions at which sentences end, each before the first word of the next.

    Of all divisions of `length` words it is the one whose gaps weigh most, less what the lengths
    of its sentences cost.
    """
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    open_gaps = [0]
    for position in [*sorted(position for position, weight in gaps.items() if weight > -1.0), length]:
        best[position] = max(
            (best[begun][0] + gaps.get(position, 0.0) - _cost(position - begun), begun)
            for begun in open_gaps[-_LONGEST:]
        )
        open_gaps.append(position)
    found: list[int] = []
    position = length
    while position > 0:
        found.append(position)
        position = best[position][1]
    return found[::-1]


def asks(line: Line, start: int, end: int) -> bool:
    """Whether the sentence [start, end) is a question."""
    last = end - 1 if line[end - 1] != "ạ" else end - 2
    if line.between(last - 1, last + 1) in (("được", "không"), ("được", "hông")):
        return True
    if any(_STATING.end(line, position) for position in range(start, min(start + 4, end))):
        return False
    if line.between(last - 1, last + 1) == ("là", "chưa"):
        return False
    if line[last] in _ASKING_ENDS:
        return line[last] not in ("chưa", "không") or bool(_BEFORE_ASKING_END & set(line.between(start, last)))
    if line[last] == "đâu" and line[last - 1] in _ASKING_WORDS:
        return False
    denies = {"chưa", "không", "chẳng"} & set(line.between(max(start, last - 5), last))
    if _QUESTION_BEGINS.end(line, start) or (line[last] in _ASKING_LAST and not denies):
        return True
    asked = any(line[place] in _ASKING_WORDS and line[place + 1] != "cũng" for place in range(start, end))
    if "hỏi" in line.between(start, start + 5) and asked:
        return True
    return any(_QUESTIONS.end(line, position) for position in range(max(start, end - 9), end))


def breaks_off(line: Line) -> bool:
    """Whether the last word calls for more: the speaker was interrupted."""
    return line[len(line) - 1] in _NEVER_END


def _cost(length: int) -> float:
    """What a sentence of so many words costs."""
    return 2.0 * (length < 3) + 0.6 * (length < 6) + 0.06 * max(0, length - 20)


def _weight(line: Line, position: int, people: dict[int, int], amounts: Collection[int]) -> float:
    turns = _of_turns(line, position, people) + cues.amount(line, position, position in amounts)
    opening = _opening(line, position, turns >= 2)
    closing = _closing(line, position)
    weight = turns + opening + closing
    if ends_open(line, position) and closing < 1 and turns < 2 and opening < 4:
        weight -= _SELDOM if line[position - 1] in _SELDOM_END else 4.0
    weight -= 4.0 * (position <= 3 and cues.introduces(line, position))
    weight -= 4.0 * (line[position] in _CANNOT_BEGIN and not opening and not binds(line, position + 1))
    counted = 0.0 if position in amounts else cues.counted(line, position)
    return weight - 3.0 * binds(line, position) + counted + cues.farewell(line, position)


def ends_open(line: Line, position: int) -> bool:
    """Whether the word before `position` calls for more: «của», «tổ chức»."""
    if line[position - 1] in _NEVER_END:
        return True
    if cues.is_counted(line, position - 1):
        return False
    if binds(line, position - 1):
        return _CANNOT_END_PHRASES.start(line, position) is not None
    return line[position - 1] in _CANNOT_END


def _of_turns(line: Line, position: int, people: dict[int, int]) -> float:
    return (
        cues.greeting(line, position) + cues.introduction(line, position, people) + cues.call(line, position, people)
        + cues.question(line, position) + cues.this(line, position) + cues.address(line, position)
        + cues.topic(line, position) + cues.announcement(line, position) + cues.subject(line, position)
    )


def _opening(line: Line, position: int, sure: bool) -> float:
    end = _OPENING_PHRASES.end(line, position)
    if end and binds(line, end) and end == position + 1:
        return 0.0
    if line[position] == "thứ" and (line[position - 1] in _NUMBERED or weekday(line, position + 1)):
        return -4.0
    weight = _OPENINGS[" ".join(line.between(position, end))] if end else 0.0
    if (line[position] == "xin" and line[position - 1] in _SUBJECTS) or _follows_interjection(line, position):
        return 0.0
    if line[position] == "mình" and line[position - 1] in _LEVELS:
        return 0.0
    if not sure and line[position] in _SUBJECTS and line[position - 1] in _TAKES_CLAUSE:
        return min(weight, 0.0)
    return weight


def _follows_interjection(line: Line, position: int) -> bool:
    """«dạ | em …», «rồi | tôi xin mời …», but not «hết rồi | mời …»."""
    before = line[position - 1]
    return before in ("dạ", "vâng") or (before == "rồi" and line[position - 2] not in ("hết", "xong", "vậy"))


def _closing(line: Line, position: int) -> float:
    start = _CLOSING_PHRASES.start(line, position)
    return _CLOSINGS[" ".join(line.between(start, position))] if start is not None else 0.0


def of_pause(pauses: Sequence[float], position: int) -> float:
    """What the silence before a word weighs: hardly any sentence ends where words are run together.

    `pauses[i]` is the silence, in seconds, before word i; without any nothing is known.
    """
    if not pauses:
        return 0.0
    pause = pauses[position]
    return -1.5 if pause < _BREATH else min(3.0, max(1.6 * pause, 4 * pause - 1.44))
