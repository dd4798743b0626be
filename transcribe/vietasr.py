"""The VietASR model, run step by step: a streaming conformer with CTC.

Each step reads 43 log-mel frames of 10 ms, moves on by 40, and gives 10 rows of 40 ms over the
tokens. What it heard before travels in two caches, and `offset` counts the rows so far into a
table of positions that ends at 5,040: a stream starts both anew long before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.records import Word
from models.weights import require
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.weights import VIETASR

FRAMES_READ = 43
FRAMES_EATEN = 40
ROWS_PER_STEP = 10
ROW_SECONDS = 0.04
LAST_OFFSET = 4_800
LEAD_SECONDS = 0.3
"""Silence in front of every stretch: without it the model tends to lose the first word."""
TAIL_SECONDS = 0.8
"""Silence behind it: two steps, so that the last word has come out before the stream ends."""
SPOKEN_BEFORE = 0.2
"""A token comes out as its syllable ends: words begin this many seconds before their first token."""
BLANK = 0

Rows = NDArray[np.float32]
"""Log-probabilities of shape (rows, tokens)."""


class VietAsr:
    """The default engine."""

    generator = "vietasr/viet-asr-conformer-ctc/0.1.0.dev11"

    def __init__(self, threads: int | None = None) -> None:
        """Loads the installed model; raises WeightsMissing when it is not there."""
        folder = require(VIETASR)
        self.session = _open_session(folder / "model.onnx", threads)
        self.tokens = _read_vocabulary(folder / "vocabulary.txt")

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        """The words of one stretch; see `transcribe.engine.Engine`."""
        stream = Stream(self, start)
        return stream.accept(samples) + stream.finish()


class Stream:
    """One stretch of sound, recognised as it comes in.

    `accept` and `finish` return the words that are complete, with times in seconds of the
    recording. The caller opens a new stream at a pause.
    """

    def __init__(self, engine: VietAsr, start: float) -> None:
        """`start` is the time, in seconds of the recording, of the first sample to come."""
        self._session = engine.session
        self._decoder = _GreedyDecoder(engine.tokens, start)
        self._features = _LogMel()
        self._forget()
        self._features.accept(_silence(LEAD_SECONDS))

    def accept(self, samples: Samples) -> list[Word]:
        """Takes samples of shape (samples,) at 16 kHz; returns the words they completed."""
        self._features.accept(samples)
        words = []
        while (frames := self._features.take()) is not None:
            words += self._decoder.accept(self._step(frames))
        return words

    def finish(self) -> list[Word]:
        """The words still under way. The stream takes nothing more after this."""
        return self.accept(_silence(TAIL_SECONDS)) + self._decoder.finish()

    def _forget(self) -> None:
        self._offset = np.zeros((1, 1), np.int64)
        self._attention = np.zeros((1, 12, 4, 40, 224), np.float32)
        self._convolution = np.zeros((1, 12, 448, 30), np.float32)

    def _step(self, frames: NDArray[np.float32]) -> Rows:
        if self._offset[0, 0] >= LAST_OFFSET:
            self._forget()
        rows, self._attention, self._convolution = self._session.run(
            ["output", "r_att_cache", "r_cnn_cache"],
            {
                "chunk": frames[np.newaxis],
                "offset": self._offset,
                "att_cache": self._attention,
                "cnn_cache": self._convolution,
            },
        )
        self._offset = self._offset + ROWS_PER_STEP
        return np.asarray(rows[0], np.float32)


class _LogMel:
    """Log-mel frames of shape (43, 80) from samples, every 40 frames."""

    def __init__(self) -> None:
        options = kaldi_native_fbank.FbankOptions()
        options.frame_opts.samp_freq = SAMPLE_RATE
        options.frame_opts.dither = 0
        options.mel_opts.num_bins = 80
        self._filters = kaldi_native_fbank.OnlineFbank(options)
        self._next = 0

    def accept(self, samples: Samples) -> None:
        # Kaldi's features expect the range of 16-bit integers.
        self._filters.accept_waveform(SAMPLE_RATE, samples * 32768)

    def take(self) -> NDArray[np.float32] | None:
        """The frames of the next step, or None until there are enough."""
        if self._filters.num_frames_ready < self._next + FRAMES_READ:
            return None
        frames = np.stack([self._filters.get_frame(self._next + frame) for frame in range(FRAMES_READ)])
        self._filters.pop(FRAMES_EATEN)
        self._next += FRAMES_EATEN
        return frames


@dataclass(frozen=True)
class _Token:
    """A token heard: its row from the start of the stream and the log-probability at its peak."""

    text: str
    row: int
    score: float


class _GreedyDecoder:
    """The best token of every row: repeats fold into one, blanks fall out, «▁» begins a word."""

    def __init__(self, tokens: list[str], start: float) -> None:
        self._tokens = tokens
        self._zero = start - LEAD_SECONDS
        self._said = start
        self._row = 0
        self._last = BLANK
        self._word: list[_Token] = []

    def accept(self, rows: Rows) -> list[Word]:
        words = []
        for best, score in zip(rows.argmax(axis=1), rows.max(axis=1), strict=True):
            if best not in (BLANK, self._last):
                token = _Token(self._tokens[best], self._row, float(score))
                if token.text.startswith("▁"):
                    words += self.finish()
                self._word.append(token)
            self._last = best
            self._row += 1
        return words

    def finish(self) -> list[Word]:
        """The word under way, if any."""
        tokens, self._word = self._word, []
        text = "".join(token.text for token in tokens).replace("▁", "")
        return [self._timed(text, tokens)] if text else []

    def _timed(self, text: str, tokens: list[_Token]) -> Word:
        first, last = (self._zero + token.row * ROW_SECONDS for token in (tokens[0], tokens[-1]))
        start, self._said = max(self._said, first - SPOKEN_BEFORE), max(self._said, last + 2 * ROW_SECONDS)
        confidence = float(np.exp(np.mean([token.score for token in tokens])))
        return Word(text, round(start, 3), round(self._said, 3), round(min(confidence, 1.0), 3))


def _open_session(path: Path, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait must not burn the processor that the recorder and the captions need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _read_vocabulary(path: Path) -> list[str]:
    """Tokens by number; each line reads "token number"."""
    return [line.rsplit(" ", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()]


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)
