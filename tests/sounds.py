"""Sound files as samples."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import av
import numpy as np

from tests.pulse import RATE, Sound


def decoded(path: Path, rate: int, layout: Literal["mono", "stereo"] = "mono") -> Sound:
    """All of it, frame after frame."""
    resampler = av.AudioResampler(format="s16", layout=layout, rate=rate)
    with av.open(str(path)) as container:
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in [*frames, *resampler.resample(None)]])


def longest(clips: dict[Path, str]) -> Path:
    return max(clips, key=lambda path: path.stat().st_size)


def spoken(clips: dict[Path, str]) -> Sound:
    """All real voices one after another, with pauses, at the rate of the hall."""
    return np.concatenate([part for path in clips for part in (decoded(path, RATE), np.zeros(RATE, np.int16))])
