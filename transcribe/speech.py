"""Finds where people speak, with the Silero network that faster-whisper carries."""

from __future__ import annotations

from collections.abc import Sequence

from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcribe.sound import SAMPLE_RATE, Samples

Stretch = tuple[float, float]
"""Start and end in seconds."""

_SHORTEST_SILENCE = 0.1
_SHORTEST_SPEECH = 0.1


def speech_stretches(samples: Samples, start: float = 0.0) -> list[Stretch]:
    """Where speech is in `samples` (shape (samples,), 16 kHz, a few minutes at most).

    `start` is the time of the first sample. Silences under 0.1 s are bridged; nothing is added
    around the speech.
    """
    if not samples.size:
        return []
    options = VadOptions(
        min_silence_duration_ms=round(1000 * _SHORTEST_SILENCE),
        min_speech_duration_ms=round(1000 * _SHORTEST_SPEECH),
        speech_pad_ms=0,
    )
    found = get_speech_timestamps(samples, options)
    return [(start + piece["start"] / SAMPLE_RATE, start + piece["end"] / SAMPLE_RATE) for piece in found]


def pauses(speech: Sequence[Stretch], start: float, end: float, longer_than: float = 0.0) -> list[Stretch]:
    """The silences between `start` and `end` that leave `speech` out, the outer ones included."""
    edges = [start, *(edge for stretch in speech for edge in stretch), end]
    silences = list(zip(edges[::2], edges[1::2], strict=True))
    return [(begin, stop) for begin, stop in silences if stop - begin > longer_than]


def middle(stretch: Stretch) -> float:
    """The time half way through."""
    return (stretch[0] + stretch[1]) / 2
