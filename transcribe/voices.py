"""Voice prints: what the voice sounds like in short windows of the speech.

A print is sensitive personal data: whoever stores blocks deletes their voices once the minutes
are approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray

from models.weights import require
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.speech import Stretch
from transcribe.weights import CAMPPLUS

PRINT_SIZE = 192
WINDOW = 1.5
STEP = 0.75
SHORTEST = 0.3
"""Seconds: with less speech the voice cannot be told."""
_BATCH = 4
_FRAMES = 148
"""Of 10 ms, in a whole window."""


@dataclass(frozen=True)
class Voice:
    """The voice from `start` to `end` seconds; `print` holds 192 16-bit floats, little-endian."""

    start: float
    end: float
    print: bytes

    @property
    def vector(self) -> NDArray[np.float32]:
        """The print as a unit vector of shape (192,)."""
        return np.frombuffer(self.print, "<f2").astype(np.float32)


class VoiceModel:
    """Makes voice prints with CAM++."""

    generator = "campplus/zh-en-common/1"

    def __init__(self, threads: int | None = None) -> None:
        """Loads the installed weights; raises WeightsMissing when they are not there."""
        checkpoint = require(CAMPPLUS) / "campplus.pt"
        # Here, for torch takes a second to load, and whoever hears nothing needs none.
        from transcribe.campplus import CamPlusPlus
        self._network = CamPlusPlus(checkpoint, threads)

    def prints(self, samples: Samples, speech: Sequence[Stretch], start: float) -> list[Voice]:
        """One voice for every window of the speech, in order.

        `samples` has shape (samples,) at 16 kHz and begins at `start` seconds; `speech` holds
        stretches in seconds of the recording. Windows are 1.5 s long, 0.75 s apart, and shorter
        where the speech is (from 0.3 s); no window reaches over a silence.
        """
        windows = [window for stretch in speech for window in _windows(stretch)]
        vectors = np.empty((len(windows), PRINT_SIZE), np.float32)
        for first in range(0, len(windows), _BATCH):
            some = [_log_mel(_cut(samples, window, start)) for window in windows[first : first + _BATCH]]
            vectors[first : first + _BATCH] = self._network(_one_shape(some))[: len(some)]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return [
            Voice(round(begin, 3), round(end, 3), vector.astype("<f2").tobytes())
            for (begin, end), vector in zip(windows, vectors, strict=True)
        ]


def _windows(stretch: Stretch) -> list[Stretch]:
    """Windows of one length spread evenly over the stretch."""
    start, end = stretch
    if end - start < SHORTEST:
        return []
    if end - start <= WINDOW:
        return [stretch]
    count = int(np.ceil((end - start - WINDOW) / STEP)) + 1
    return [(float(begin), float(begin) + WINDOW) for begin in np.linspace(start, end - WINDOW, count)]


def _cut(samples: Samples, window: Stretch, start: float) -> Samples:
    first = round((window[0] - start) * SAMPLE_RATE)
    return samples[first : first + round((window[1] - window[0]) * SAMPLE_RATE)]


def _log_mel(samples: Samples) -> NDArray[np.float32]:
    """Frames of shape (frames, 80), each band centred on zero: that takes the microphone out."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    filters = kaldi_native_fbank.OnlineFbank(options)
    filters.accept_waveform(SAMPLE_RATE, samples * 32768)
    filters.input_finished()
    frames = np.stack([filters.get_frame(frame) for frame in range(filters.num_frames_ready)])
    return np.asarray(frames - frames.mean(axis=0), np.float32)


def _one_shape(pieces: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The pieces as one array of shape (_BATCH, _FRAMES, 80), short ones repeated to fill it.

    Torch keeps memory for every shape it meets: with a single one, hours take no more than minutes.
    """
    batch = np.zeros((_BATCH, _FRAMES, 80), np.float32)
    for position, piece in enumerate(pieces):
        batch[position] = np.resize(piece, (_FRAMES, 80))
    return batch
