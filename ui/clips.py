"""Short stretches of a long recording as small WAV files, so that nobody loads three hours for one sentence."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from sqlite_utils import Database

from models import store, transcripts
from transcribe.sound import SAMPLE_RATE, read

LONGEST = 45.0
"""Seconds of sound handed out at once."""


def clip(db: Database, folder: Path, utterance_id: int) -> bytes | None:
    """Just the stretch of sound of one utterance as a small WAV file; None where there is no sound."""
    utterance, recording = transcripts.utterance(db, utterance_id)
    return None if recording is None else stretch(db, folder, recording, utterance.start, utterance.end)


def stretch(db: Database, folder: Path, recording: int, start: float, end: float) -> bytes:
    """The sound of a recording between two times (seconds) as a WAV file. Raises NotFound and BadSound."""
    samples = read(folder / store.recording(db, recording).sound, start, end)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        out.writeframes((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return buffer.getvalue()
