"""Who spoke when: voice prints of the whole meeting, gathered into speakers.

Prints that are alike are merged, the most alike first, until no two groups are alike enough;
two groups are as alike as their prints are on average. First within each block, which leaves few
groups; then over the meeting. Groups with next to no speech go to whoever they sound most like.
At last every window is given to a speaker anew, with a price on changing the speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from transcribe.voices import Voice, VoiceModel

if TYPE_CHECKING:
    from transcribe.blocks import Block

__all__ = ["Turn", "Voice", "VoiceModel", "assign"]

ALIKE = 0.5
"""Mean cosine of two groups from which they are one speaker: windows of one voice lie near 0.6,
of two voices near 0.25."""
ALIKE_NEARBY = 0.6
"""The same within a block, stricter: what is merged here is never parted."""
LEAST_SPEECH = 2.0
"""Seconds of speech (windows overlap) below which a group is no speaker of its own."""
PRICE_OF_CHANGE = 0.6
"""Likeness (cosine) that a change of speaker must win; half of it at a silence, a quarter at a pause."""
SILENCE, PAUSE = 0.1, 1.0
LONGEST_BREATH = 2.0
"""Seconds of silence within one turn."""

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Turn:
    """A stretch, in seconds, that belongs to one speaker; speakers count from 1 as they appear."""

    start: float
    end: float
    speaker: int


def assign(blocks: Sequence[Block]) -> list[Turn]:
    """The turns of the whole meeting, in order, from the voices of its blocks."""
    voices = [voice for block in blocks for voice in block.voices]
    if not voices:
        return []
    vectors = np.stack([voice.vector for voice in voices])
    seconds = np.array([voice.end - voice.start for voice in voices], np.float32)
    groups = _merged_nearby(blocks, vectors, seconds)
    groups = _merged(*_means(vectors, seconds, groups), ALIKE)[groups]
    speakers = _speakers(vectors, seconds, groups)
    return _turns(voices, _in_order(_most_likely(voices, vectors @ speakers.T)))


def _merged_nearby(blocks: Sequence[Block], vectors: Vectors, seconds: Vectors) -> Numbers:
    """A group number for each window, no group reaching over a block."""
    groups: list[Numbers] = []
    first = count = 0
    for block in blocks:
        last = first + len(block.voices)
        if last > first:
            here = _merged(vectors[first:last], seconds[first:last], ALIKE_NEARBY)
            groups.append(here + count)
            count += int(here.max()) + 1
        first = last
    return np.concatenate(groups)


def _merged(means: Vectors, weights: Vectors, alike: float) -> Numbers:
    """Group numbers 0, 1, … after merging the most alike groups until none are `alike`.

    `means` has shape (groups, 192): mean prints, whose product is the mean cosine of all pairs.
    Each group only remembers its nearest, so the memory grows with the groups, not their pairs.
    """
    means, weights = means.copy(), weights.copy()
    parent = np.arange(len(means))
    alive = np.ones(len(means), bool)
    nearest, likeness = np.empty(len(means), np.int64), np.empty(len(means), np.float32)

    def look(group: int) -> Vectors:
        others: Vectors = means @ means[group]
        others[~alive] = -2
        others[group] = -2
        nearest[group], likeness[group] = others.argmax(), others.max()
        return others

    for group in range(len(means)):
        look(group)
    while (best := int(likeness.argmax())) >= 0 and likeness[best] >= alike:
        kept, gone = sorted((best, int(nearest[best])))
        total = weights[kept] + weights[gone]
        means[kept] = (weights[kept] * means[kept] + weights[gone] * means[gone]) / total
        weights[kept], alive[gone], likeness[gone] = total, False, -2
        parent[parent == gone] = kept
        others = look(kept)
        for bereft in np.flatnonzero(alive & np.isin(nearest, (kept, gone))).tolist():
            if bereft != kept:
                look(bereft)
        closer = alive & (others > likeness)
        nearest[closer], likeness[closer] = kept, others[closer]
    return np.unique(parent, return_inverse=True)[1].astype(np.int64)


def _means(vectors: Vectors, seconds: Vectors, groups: Numbers) -> tuple[Vectors, Vectors]:
    """The mean print of each group and its seconds."""
    weights = np.bincount(groups, seconds).astype(np.float32)
    sums = np.zeros((len(weights), vectors.shape[1]), np.float32)
    np.add.at(sums, groups, vectors * seconds[:, np.newaxis])
    return sums / weights[:, np.newaxis], weights


def _speakers(vectors: Vectors, seconds: Vectors, groups: Numbers) -> Vectors:
    """A unit vector for each group that has enough speech (for all of them if none has)."""
    means, weights = _means(vectors, seconds, groups)
    enough = weights >= LEAST_SPEECH
    chosen = means[enough] if enough.any() else means
    return np.asarray(chosen / np.linalg.norm(chosen, axis=1, keepdims=True), np.float32)


def _most_likely(voices: Sequence[Voice], likeness: Vectors) -> Numbers:
    """The speaker of each window on the best way through `likeness`, of shape (windows, speakers)."""
    score = likeness[0].astype(np.float64)
    came_from = np.empty(likeness.shape, np.int32)
    stay = np.arange(likeness.shape[1])
    for window in range(1, len(voices)):
        best = score.argmax()
        changed = score[best] - _price(voices[window].start - voices[window - 1].end)
        came_from[window] = np.where(score >= changed, stay, best)
        score = np.maximum(score, changed) + likeness[window]
    way = [int(score.argmax())]
    for window in range(len(voices) - 1, 0, -1):
        way.append(int(came_from[window, way[-1]]))
    return np.array(way[::-1], np.int64)


def _price(silence: float) -> float:
    if silence < SILENCE:
        return PRICE_OF_CHANGE
    return PRICE_OF_CHANGE / 2 if silence < PAUSE else PRICE_OF_CHANGE / 4


def _in_order(speakers: Numbers) -> Numbers:
    """The same speakers, numbered from 1 as they appear."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(speaker), len(numbers) + 1) for speaker in speakers], np.int64)


def _turns(voices: Sequence[Voice], speakers: Numbers) -> list[Turn]:
    """Windows of one speaker joined; where two speakers' windows overlap, they meet half way."""
    turns: list[Turn] = []
    for voice, speaker in zip(voices, speakers.tolist(), strict=True):
        start, before = voice.start, turns[-1] if turns else None
        if before and before.speaker == speaker and start - before.end <= LONGEST_BREATH:
            turns[-1] = Turn(before.start, voice.end, speaker)
            continue
        if before and start < before.end:
            start = (start + before.end) / 2
            turns[-1] = Turn(before.start, start, before.speaker)
        turns.append(Turn(start, voice.end, speaker))
    return turns
