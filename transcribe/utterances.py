"""Words and speaker turns to utterances: what one speaker said without a long pause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.records import Utterance, Word
from transcribe.blocks import Block
from transcribe.inventions import holds_invention
from transcribe.speakers import Turn, assign

LONGEST_PAUSE = 1.0
"""Seconds of silence that end an utterance."""
LONGEST = 60.0
"""Seconds after which an utterance is cut although its speaker goes on."""
UNSURE = 0.75
"""Mean confidence of the words below which an utterance is flagged."""

_Said = list[Word]


def utterances(blocks: Sequence[Block]) -> list[Utterance]:
    """All that was said, in order; every word of the blocks is in exactly one utterance.

    Speakers are called S1, S2, … as they appear. Flags: "low_confidence" when the recogniser was
    unsure, "invention" when it may have made up a phrase that nobody said. Blocks without voices
    give one speaker.
    """
    words = [word for block in blocks for word in block.words]
    names: dict[int, str] = {}
    found = []
    for speaker, said in _by_speaker(words, assign(blocks)):
        name = names.setdefault(speaker, f"S{len(names) + 1}")
        found += [_utterance(name, part) for whole in _at_pauses(said) for part in _not_endless(whole)]
    return found


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


def _utterance(speaker: str, words: _Said) -> Utterance:
    heard = " ".join(word.word for word in words)
    return Utterance(
        start=words[0].start,
        end=words[-1].end,
        speaker=speaker,
        text=heard,
        heard=heard,
        words=tuple(words),
        flags=_flags(heard, words),
    )


def _flags(heard: str, words: _Said) -> tuple[str, ...]:
    unsure = sum(word.confidence for word in words) / len(words) < UNSURE
    flags = {"low_confidence": unsure, "invention": holds_invention(heard)}
    return tuple(flag for flag, holds in flags.items() if holds)
