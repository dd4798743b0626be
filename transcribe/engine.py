"""What every recognition engine does, and the choice between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from models.records import Word
from transcribe.sound import Samples


class Engine(Protocol):
    """Turns sound into words."""

    @property
    def generator(self) -> str:
        """Who made the words, as "engine/model/version"."""

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        """The words of one stretch of sound that begins `start` seconds into the recording.

        `samples` has shape (samples,) at 16 kHz. Word times are seconds of the recording, in
        order. Nothing is remembered from one stretch to the next.
        """


def open_engine(name: str = "vietasr", model: str | None = None, threads: int | None = None,
                hot_words: Iterable[str] = ()) -> Engine:
    """Opens the engine called `name`: "vietasr" or "whisper".

    For "whisper", `model` is a CTranslate2 folder; without it the installed Whisper
    base is used. `threads` limits the processor threads. `hot_words` are phrases that are likely
    in this meeting, names above all; only "vietasr" listens for them, and its generator names them.

    Raises WeightsMissing when the weights are not installed, BadModel for a folder that is no model, ValueError for
    another name.
    """
    # Each engine pulls in a heavy library, so only the chosen one is imported.
    if name == "vietasr":
        from transcribe.vietasr import VietAsr

        return VietAsr(threads=threads, hot_words=hot_words)
    if name == "whisper":
        from transcribe.whisper import Whisper

        return Whisper(model=model, threads=threads)
    raise ValueError(f"no engine called {name!r}: vietasr, whisper")
