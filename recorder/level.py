"""How loud it is just now."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from recorder.wav import Samples

WINDOW = 0.3
"""Seconds that the level is taken over."""
CLIP_SHOWN = 1.0
"""Seconds for which clipping is shown, so that an eye catches it."""
FULL_SCALE = 32768.0
FLOOR = -96.0
"""dBFS, of silence in 16 bits."""
SILENCE = -70.0
"""dBFS: below it a microphone that is on never stays, however still the hall."""


@dataclass(frozen=True)
class Level:
    """Peak and RMS in dBFS (0 is the loudest that can be written), whether sound was cut off at the top, and for how
    many seconds there has been nothing at all."""

    peak: float = FLOOR
    rms: float = FLOOR
    clipping: bool = False
    quiet: float = 0.0


SILENT = Level()


class Meter:
    """Hears the sound as it comes and keeps the last moments."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float, float]] = deque()
        self._now = 0.0
        self._clipped = -CLIP_SHOWN
        self._sounded = 0.0

    def hear(self, sound: Samples, rate: int) -> None:
        if not len(sound):
            return
        self._now += len(sound) / rate
        loud = sound.astype(np.float32)
        peak = float(np.abs(loud).max())
        power = max(float(np.mean(channel * channel)) for channel in loud.T)  # a silent second channel hides nothing
        self._recent.append((self._now, peak, power))
        while self._recent[0][0] < self._now - WINDOW:
            self._recent.popleft()
        if peak >= FULL_SCALE - 1:
            self._clipped = self._now
        if _decibels(peak) > SILENCE:
            self._sounded = self._now

    def level(self) -> Level:
        if not self._recent:
            return Level()
        peak = max(peak for _, peak, _ in self._recent)
        power = sum(power for _, _, power in self._recent) / len(self._recent)
        return Level(_decibels(peak), _decibels(math.sqrt(power)), self._now - self._clipped < CLIP_SHOWN,
                     round(self._now - self._sounded, 1))


def _decibels(amplitude: float) -> float:
    return round(max(FLOOR, 20 * math.log10(amplitude / FULL_SCALE)), 1) if amplitude else FLOOR
