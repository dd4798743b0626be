"""Who had how much of the meeting: the notice asks to limit one-way talk."""

from __future__ import annotations

from collections.abc import Sequence

from models.records import Place, Utterance


def speaking_times(said: Sequence[Utterance], places: Sequence[Place]) -> dict[Place, float]:
    """Seconds of speech by place of the record; places in which nobody spoke are left out."""
    times: dict[Place, float] = {}
    for utterance, place in zip(said, places, strict=True):
        times[place] = times.get(place, 0.0) + utterance.end - utterance.start
    return times
