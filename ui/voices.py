"""The voices of a meeting: who they may be, and the voices that are known by name.

As in `ui.work`, the rooms meet the store here. What is said of a voice before a person confirms it
is a suggestion.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from models import enrolled, speaking, store, transcripts
from models.enrolled import Enrolled
from models.errors import BadVoice
from models.locks import alone
from models.records import Meeting, Utterance
from models.transcripts import Transcript
from recorder.files import import_file
from summarize.flat import flatten
from summarize.reasons import Reason, reason
from summarize.roles import Role, Speaker, speakers
from summarize.turns import turns
from transcribe.blocks import Block
from transcribe.enrolment import LEAST_SAMPLE, Vector, is_one_voice, likely, mean_print, seconds_of_speech, within
from transcribe.sound import duration, read
from transcribe.speech import speech_stretches
from transcribe.voices import Voice, VoiceModel

CLIPS = 3
SAMPLE_SECONDS = 20.0
"""Seconds of speech that are enough for a sample."""
PIECE = 60.0
"""Seconds of a sample file heard at once; no more of it is used than five of these."""
FROM_MEETING = "{title}, {day}"


@dataclass(frozen=True)
class Heard:
    """One voice of a meeting: all it said, what it is taken for and why, and a kept voice it is like."""

    label: str
    said: tuple[Utterance, ...]
    speaker: Speaker
    reason: Reason
    known: tuple[str, float] | None

    @property
    def seconds(self) -> float:
        return sum(u.end - u.start for u in self.said)

    @property
    def is_named(self) -> bool:
        return not speaking.is_anonymous(self.label)

    @property
    def clips(self) -> list[Utterance]:
        """The three longest stretches, in order of time: what there is most to hear of."""
        return sorted(sorted(self.said, key=lambda u: u.start - u.end)[:CLIPS], key=lambda u: u.start)

    @property
    def suggested_name(self) -> str:
        """Whom one would take it for, before anybody has said so."""
        return "" if self.is_named else self.speaker.name or (self.known[0] if self.known else "")


def voices_of(db: Database, meeting: Meeting, transcript: Transcript) -> list[Heard]:
    """The voices of a meeting in the order they were first heard."""
    said = transcript.utterances
    spoken = turns(said)
    flats = [flatten(turn.text) for turn in spoken]
    known, citizens = speaking.who_is_who(db, meeting, transcript.id)
    roles = speakers(spoken, flats, known, citizens)
    labels = dict.fromkeys(utterance.speaker for utterance in said)
    like = {label: (name, likeness) for label, (name, likeness) in _likenesses(db, transcript).items()
            if name not in labels}  # whoever has been found already is nobody else
    return [Heard(label, tuple(u for u in said if u.speaker == label), roles[label],
                  reason(roles[label], spoken, flats), like.get(label)) for label in labels]


def is_official(heard: Heard) -> bool:
    """Whether a person has confirmed that the voice is an official of the meeting."""
    return heard.is_named and heard.speaker.person is not None and heard.speaker.role != Role.CITIZEN


def enrol_from_meeting(db: Database, meeting: Meeting, transcript: Transcript, heard: Heard, by: str) -> Enrolled:
    """Keeps an official's voice from their longest stretches, some twenty seconds of it. Raises BadVoice."""
    windows, generator = _windows(db, transcript)
    sample: list[Voice] = []
    for utterance in sorted(heard.said, key=lambda u: u.start - u.end):
        if seconds_of_speech(sample) >= SAMPLE_SECONDS:
            break
        sample = sorted([*sample, *within(windows, [(utterance.start, utterance.end)])], key=lambda v: v.start)
    day = date.fromisoformat(meeting.date)
    source = FROM_MEETING.format(title=meeting.title, day=f"{day:%d/%m/%Y}")
    return _enrol(db, heard.label, sample, generator, source, by)


def enrol_from_file(db: Database, folder: Path, file: Path, name: str, source: str, by: str) -> Enrolled:
    """Keeps a voice from a sound file of one person speaking; the sound itself is not kept.

    Raises BadSound, BadVoice and WeightsMissing.
    """
    with alone(folder, str(file.resolve())):
        recording = import_file(file, folder / "work", folder, lambda share: None)
    sound = folder / recording.sound
    try:
        model = VoiceModel(threads=1)
        sample: list[Voice] = []
        for start in np.arange(0.0, min(duration(sound), 5 * PIECE), PIECE).tolist():
            samples = read(sound, start, start + PIECE)
            sample += model.prints(samples, speech_stretches(samples, start), start)
    finally:
        shutil.rmtree(sound.parent)
    return _enrol(db, name, sample, model.generator, source, by)


def _enrol(db: Database, name: str, sample: Sequence[Voice], generator: str, source: str, by: str) -> Enrolled:
    seconds = seconds_of_speech(sample)
    vector = mean_print(sample)
    if vector is None or seconds < LEAST_SAMPLE:
        raise BadVoice("short", seconds)
    if not is_one_voice(sample):
        raise BadVoice("several", seconds)
    return enrolled.enrol(db, Enrolled(name, generator, vector.astype("<f4").tobytes(), seconds, source, by))


def _likenesses(db: Database, transcript: Transcript) -> dict[str, tuple[str, float]]:
    """For each speaker that sounds like a kept voice, whose, and how much."""
    kept = enrolled.enrolled(db)
    windows, generator = _windows(db, transcript) if kept else ([], "")
    known: Mapping[str, Vector] = {voice.name: np.frombuffer(voice.print, "<f4") for voice in kept
                                   if voice.generator == generator}
    said = sorted(transcript.utterances, key=lambda u: u.speaker)
    found = {}
    for label, group in groupby(said, key=lambda u: u.speaker):
        vector = mean_print(within(windows, [(u.start, u.end) for u in group]))
        if vector is not None and (match := likely(vector, known)):
            found[label] = match
    return found


def _windows(db: Database, transcript: Transcript) -> tuple[list[Voice], str]:
    """The prints of a transcript's sound in order of time, and what made them; none once they are erased."""
    if transcript.recording is None:
        return [], ""
    sha256 = store.recording(db, transcript.recording).sha256
    for generator in transcripts.block_generators(db, sha256):
        if transcript.generator.startswith(generator):
            blocks = [Block.from_json(content) for content in transcripts.blocks(db, sha256, generator)]
            return [voice for block in blocks for voice in block.voices], generator.rsplit("+", 1)[-1]
    return [], ""
