"""Voices known by name: made from a sample, and found again among the voices of a meeting.

A likeness is the cosine of two mean prints: 1 for the same sound, near 0.2 for two people. It only
ever suggests a name; a person confirms it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.blocks import Block
from transcribe.speakers import assign
from transcribe.speech import Stretch
from transcribe.voices import Voice

LIKELY = 0.67
"""Likeness from which a name is suggested: where errors of both kinds are even in `benchmarks/speakers.py`. A hall
takes some known voices below it; better no name than a wrong one."""
VERY_LIKELY = 0.75
"""Likeness that no other voice reached there."""
LEAST_SAMPLE = 10.0
"""Seconds of speech that a sample needs; twenty are better."""
ONE_VOICE = 0.9
"""Share of a sample that must be the same voice."""

Vector = NDArray[np.float32]


def within(voices: Sequence[Voice], stretches: Sequence[Stretch]) -> list[Voice]:
    """The windows whose middle lies in one of the stretches; `voices` are in order of time."""
    middles = [(voice.start + voice.end) / 2 for voice in voices]
    return [voice for start, end in stretches
            for voice in voices[bisect_left(middles, start):bisect_right(middles, end)]]


def mean_print(voices: Sequence[Voice]) -> Vector | None:
    """The unit vector of shape (192,) in the middle of the windows, long ones counting more; None without any."""
    if not voices:
        return None
    total = np.sum([(voice.end - voice.start) * voice.vector for voice in voices], axis=0)
    return np.asarray(total / np.linalg.norm(total), np.float32)


def seconds_of_speech(voices: Sequence[Voice]) -> float:
    """Seconds that the windows cover; neighbours overlap. They are in order of time."""
    covered, until = 0.0, 0.0
    for voice in voices:
        covered += max(0.0, voice.end - max(voice.start, until))
        until = max(until, voice.end)
    return covered


def is_one_voice(voices: Sequence[Voice]) -> bool:
    """Whether next to all of a sample is the same person."""
    turns = assign([Block(0.0, voices[-1].end, (), tuple(voices), ())]) if voices else []
    seconds: dict[int, float] = {}
    for turn in turns:
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end - turn.start
    return bool(seconds) and max(seconds.values()) >= ONE_VOICE * sum(seconds.values())


def likely(voice: Vector, known: Mapping[str, Vector]) -> tuple[str, float] | None:
    """The name among the `known` prints that the voice is most like, and how much; None if it is like none."""
    likeness = {name: float(voice @ vector) for name, vector in known.items()}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return (best, likeness[best]) if best is not None and likeness[best] >= LIKELY else None
