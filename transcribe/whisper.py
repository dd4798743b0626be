"""Whisper models through faster-whisper, for whoever brings one trained on Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from faster_whisper import WhisperModel

from models.errors import BadModel
from models.records import Word
from models.weights import require
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.speech import Stretch, pauses, speech_stretches
from transcribe.weights import WHISPER_BASE

LONGEST = 30.0
"""Seconds that Whisper hears at once."""
PAD = 0.4
"""Seconds of silence left around speech."""


PARTS = ("model.bin", "config.json", "tokenizer.json")
"""Of a model's folder; the last one is otherwise looked for on the network."""


class Whisper:
    """An engine around any CTranslate2 model."""

    def __init__(self, model: str | None = None, threads: int | None = None) -> None:
        """Opens `model`, a folder; the installed Whisper base without one. Nothing is ever looked for on a network.

        Raises BadModel for a folder that lacks a part, WeightsMissing when there is no `model` and Whisper base is not
        installed.
        """
        chosen = str(_whole(Path(model)) if model else require(WHISPER_BASE))
        self.generator = f"whisper/{Path(chosen).name}/{version('faster-whisper')}"
        self._model = WhisperModel(chosen, device="cpu", compute_type="int8", cpu_threads=threads or 0,
                                   local_files_only=True)

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        """The words of one stretch; see `transcribe.engine.Engine`."""
        return [
            word
            for begin, end in _pieces(samples)
            for word in self._words(samples[round(begin * SAMPLE_RATE) : round(end * SAMPLE_RATE)], start + begin)
        ]

    def _words(self, samples: Samples, start: float) -> Iterator[Word]:
        # Text from before must not lead on: after a pause it makes Whisper repeat itself.
        segments, _ = self._model.transcribe(
            samples, language="vi", word_timestamps=True, condition_on_previous_text=False
        )
        longest = len(samples) / SAMPLE_RATE
        for segment in segments:
            for word in segment.words or ():
                if text := unicodedata.normalize("NFC", word.word).strip():
                    begin, end = (round(start + min(float(time), longest), 3) for time in (word.start, word.end))
                    yield Word(text, begin, end, round(float(word.probability), 3))


def _whole(folder: Path) -> Path:
    """The folder of a model that has all its parts. Raises BadModel."""
    if not folder.is_dir():
        raise BadModel(folder, "not_found")
    for part in PARTS:
        if not (folder / part).is_file():
            raise BadModel(folder, "incomplete", part)
    return folder


def _pieces(samples: Samples) -> list[Stretch]:
    """The speech in pieces of at most 30 s, cut where it is silent for longest.

    Silence around a piece is left out: Whisper writes inventions into it.
    """
    whole = len(samples) / SAMPLE_RATE
    speech = speech_stretches(samples)
    if not speech:
        return []
    return list(_halved(speech, max(speech[0][0] - PAD, 0.0), min(speech[-1][1] + PAD, whole)))


def _halved(speech: list[Stretch], start: float, end: float) -> Iterator[Stretch]:
    if end - start <= LONGEST:
        yield start, end
        return
    cut = _best_cut(speech, start, end)
    yield from _halved(speech, start, cut)
    yield from _halved(speech, cut, end)


def _best_cut(speech: list[Stretch], start: float, end: float) -> float:
    """The middle of the longest silence in the inner half, else the middle of all."""
    quarter = (end - start) / 4
    inside = [(begin, stop) for begin, stop in speech if stop > start and begin < end]
    silences = [
        (begin + stop) / 2
        for begin, stop in sorted(pauses(inside, start, end), key=lambda pause: pause[0] - pause[1])
        if start + quarter <= (begin + stop) / 2 <= end - quarter
    ]
    return silences[0] if silences else (start + end) / 2
