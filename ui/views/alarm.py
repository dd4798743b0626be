"""The sound that calls the secretary when nothing is being recorded any more."""

from __future__ import annotations

import io
import wave

import numpy as np

RATE = 16_000
BEEP, PAUSE, PITCH = 0.25, 2.0, 880.0
"""Seconds, seconds, Hz."""


def _alarm() -> bytes:
    time = np.arange(round(BEEP * RATE)) / RATE
    beep = np.sin(2 * np.pi * PITCH * time) * np.hanning(len(time)) * 0.4
    whole = np.concatenate([beep, np.zeros(round(0.1 * RATE)), beep, np.zeros(round(PAUSE * RATE))])
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes((whole * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


ALARM = _alarm()
"""Two short tones and a silence, as a WAV file to be played again and again."""
