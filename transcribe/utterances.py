"""Words and speaker turns to utterances: what one speaker said without a long pause, as minutes write it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.records import Meeting, Utterance, Word
from transcribe.blocks import Block
from transcribe.flags import doubts
from transcribe.speakers import Turn, assign
from transcribe.wording.corrections import corrected
from transcribe.wording.glossary import NOTHING, Glossary
from transcribe.wording.wording import introduced, written

WORDING = "wording/rules/1"
"""The generator of `text`, to stand behind those of the words and of the voices."""
LONGEST_PAUSE = 1.0
"""Seconds of silence that end an utterance."""
LONGEST = 60.0
"""Seconds after which an utterance is cut although its speaker goes on."""

_Said = list[Word]


def utterances(blocks: Sequence[Block], meeting: Meeting | None = None) -> list[Utterance]:
    """All that was said, in order; every word of the blocks is in exactly one utterance.

    `text` is as it should stand in minutes: with the names of the `meeting`, and those that were
    said in full earlier on. `heard` and `words` stay what the recogniser made of it. Speakers are
    called S1, S2, … as they appear. Flags: what is doubtful (`transcribe.flags.doubts`), and
    "corrected" when `text` has a name of the meeting where something that sounds like it was
    heard. Blocks without voices give one speaker.
    """
    given = Glossary.of_meeting(meeting) if meeting else NOTHING
    year = int(meeting.date[:4]) if meeting else None
    known, found = given, []
    speech = [stretch for block in blocks for stretch in block.speech]
    divided = list(_divided(blocks))
    ends = [*(words[0].start for _, words in divided[1:]), *(block.end for block in blocks[-1:])]
    for (speaker, words), until in zip(divided, ends, strict=False):
        understood = corrected(words, given)
        text = written(understood, known, year)
        flags = (*doubts(words, speech, until), *(("corrected",) if understood != words else ()))
        found.append(_utterance(speaker, words, text, flags))
        known |= introduced(understood)
    return found


def _divided(blocks: Sequence[Block]) -> Iterator[tuple[str, _Said]]:
    """The words of each utterance and who said them."""
    words = [word for block in blocks for word in block.words]
    names: dict[int, str] = {}
    for speaker, said in _by_speaker(words, assign(blocks)):
        name = names.setdefault(speaker, f"S{len(names) + 1}")
        yield from ((name, part) for whole in _at_pauses(said) for part in _not_endless(whole))


def _by_speaker(words: Sequence[Word], turns: Sequence[Turn]) -> Iterator[tuple[int, _Said]]:
    """Runs of words of one speaker."""
    said: _Said = []
    current = 0
    for word, speaker in zip(words, _speakers(words, turns), strict=True):
        if said and speaker != current:
            yield current, said
            said = []
        current = speaker
        said.append(word)
    if said:
        yield current, said


def _speakers(words: Sequence[Word], turns: Sequence[Turn]) -> list[int]:
    """The speaker in whose turn, or nearest to whose turn, the middle of each word lies."""
    if not turns:
        return [0] * len(words)
    ends = [turn.end for turn in turns]
    return [_nearest(turns, ends, (word.start + word.end) / 2).speaker for word in words]


def _nearest(turns: Sequence[Turn], ends: Sequence[float], time: float) -> Turn:
    position = bisect_left(ends, time)
    candidates = turns[max(position - 1, 0) : position + 1]
    return min(candidates, key=lambda turn: max(turn.start - time, time - turn.end, 0.0))


def _at_pauses(words: _Said) -> Iterator[_Said]:
    first = 0
    for position, (before, after) in enumerate(pairwise(words), start=1):
        if after.start - before.end > LONGEST_PAUSE:
            yield words[first:position]
            first = position
    yield words[first:]


def _not_endless(words: _Said) -> Iterator[_Said]:
    """Cuts what is too long at its longest pause, leaving out the first and last quarter."""
    if len(words) < 4 or words[-1].end - words[0].start <= LONGEST:
        yield words
        return
    quarter = len(words) // 4
    inner = range(quarter, len(words) - quarter + 1)
    cut = max(inner, key=lambda position: words[position].start - words[position - 1].end)
    yield from _not_endless(words[:cut])
    yield from _not_endless(words[cut:])


def _utterance(speaker: str, words: _Said, text: str, flags: tuple[str, ...]) -> Utterance:
    heard = " ".join(word.word for word in words)
    return Utterance(words[0].start, words[-1].end, speaker, text, heard, tuple(words), flags)
