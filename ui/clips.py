"""Short stretches of a long recording as small WAV files, so that nobody loads three hours for one sentence."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from sqlite_utils import Database

from models import store, transcripts
from recorder import parts
from recorder.sound import mono
from transcribe.sound import SAMPLE_RATE, read

LONGEST = 45.0
"""Seconds of sound handed out at once."""


def clip(db: Database, folder: Path, utterance_id: int) -> bytes | None:
    """Just the stretch of sound of one utterance as a small WAV file; None where there is no sound."""
    utterance, recording = transcripts.utterance(db, utterance_id)
    return None if recording is None else stretch(db, folder, recording, utterance.start, utterance.end)


def stretch(db: Database, folder: Path, recording: int, start: float, end: float) -> bytes:
    """The sound of a recording between two times (seconds) as a WAV file. Raises NotFound and BadSound.

    What was recorded here comes at the microphone's own rate, not at the one that is good enough for recognition.
    """
    kept = store.recording(db, recording)
    if (folder / kept.original).is_dir():
        original, rate = parts.read(folder / kept.original, start, end)
        if rate:
            return _as_wav(mono(original).tobytes(), rate)
    samples = read(folder / kept.sound, start, end)
    return _as_wav((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes(), SAMPLE_RATE)


def _as_wav(sound: bytes, rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(sound)
    return buffer.getvalue()
