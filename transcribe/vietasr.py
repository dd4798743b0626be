"""The VietASR model, run step by step: a streaming conformer with CTC.

Each step reads 43 log-mel frames of 10 ms, moves on by 40, and gives 10 rows of 40 ms over the
tokens. What it heard before travels in two caches, and `offset` counts the rows so far into a
table of positions that ends at 5,040: a stream starts both anew long before.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.records import Word
from models.weights import require
from transcribe.beam import BeamDecoder
from transcribe.decoding import Clock, Decoder, Rows
from transcribe.greedy import GreedyDecoder
from transcribe.language_model import LanguageModel
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.weights import VIETASR

MODEL = "vietasr/viet-asr-conformer-ctc/0.1.0.dev11"
FRAMES_READ = 43
FRAMES_EATEN = 40
ROWS_PER_STEP = 10
LAST_OFFSET = 4_800
LEAD_SECONDS = 0.3
"""Silence in front of every stretch: without it the model tends to lose the first word."""
TAIL_SECONDS = 0.8
"""Silence behind it: two steps, so that the last word has come out before the stream ends."""


class VietAsr:
    """The default engine: beam search with a language model, or greedy where that cannot be loaded."""

    def __init__(self, threads: int | None = None, hot_words: Iterable[str] = ()) -> None:
        """Loads the installed model; `hot_words` are phrases that are likely in this meeting.

        Raises WeightsMissing when the model is not there.
        """
        folder = require(VIETASR)
        self.session = _open_session(folder / "model.onnx", threads)
        self.tokens = _read_vocabulary(folder / "vocabulary.txt")
        self.language = _language_model(self.tokens, hot_words)
        self.generator = f"{MODEL}-{_decoding(self.language)}"

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        """The words of one stretch; see `transcribe.engine.Engine`."""
        stream = self.stream(start)
        return stream.accept(samples) + stream.finish()

    def stream(self, start: float) -> Stream:
        """A new stream for sound that begins `start` seconds into the recording."""
        return Stream(self, start)

    def decoder(self, start: float) -> Decoder:
        """A fresh decoder for the rows of a stretch whose first sample is at `start` seconds."""
        clock = Clock(start - LEAD_SECONDS, start)
        return BeamDecoder(self.language, clock) if self.language else GreedyDecoder(self.tokens, clock)


class Stream:
    """One stretch of sound, recognised as it comes in.

    `accept` and `finish` return the words that are settled, with times in seconds of the
    recording; `pending` those that may still change. The caller opens a new stream at a pause.
    """

    def __init__(self, engine: VietAsr, start: float) -> None:
        """`start` is the time, in seconds of the recording, of the first sample to come."""
        self._session = engine.session
        self._decoder = engine.decoder(start)
        self._features = _LogMel()
        self._forget()
        self._features.accept(_silence(LEAD_SECONDS))

    def accept(self, samples: Samples) -> list[Word]:
        """Takes samples of shape (samples,) at 16 kHz; returns the words they settled."""
        self._features.accept(samples)
        words = []
        while (frames := self._features.take()) is not None:
            words += self._decoder.accept(self._step(frames))
        return words

    def pending(self) -> list[Word]:
        """The words after the settled ones as they look now, the one under way included."""
        return self._decoder.pending()

    def finish(self) -> list[Word]:
        """Settles and returns the rest. The stream takes nothing more after this."""
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


def _open_session(path: Path, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait must not burn the processor that the recorder and the captions need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _decoding(language: LanguageModel | None) -> str:
    """How words are made, in short: blocks that were made otherwise are not taken for these."""
    if language is None:
        return "greedy"
    return f"beam.1-{language.hot_words.digest}" if language.hot_words.digest else "beam.1"


def _language_model(tokens: list[str], hot_words: Iterable[str]) -> LanguageModel | None:
    """None where KenLM is not to be had: flashlight-text has no wheel for every Python and processor."""
    try:
        return LanguageModel(tokens, hot_words)
    except ImportError:
        return None


def _read_vocabulary(path: Path) -> list[str]:
    """Tokens by number; each line reads "token number"."""
    return [line.rsplit(" ", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()]


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)
