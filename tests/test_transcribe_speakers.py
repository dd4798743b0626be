"""Speakers: who spoke when, over the whole meeting."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from transcribe.blocks import Block
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.speakers import Turn, _merged, assign
from transcribe.speech import speech_stretches
from transcribe.voices import Voice, VoiceModel

MEETING = Path(__file__).parents[2] / "shared" / "evaluation" / "audio" / "meetings" / "voices25_clean.flac"


@pytest.fixture(scope="module")
def voices() -> VoiceModel:
    return VoiceModel(threads=1)


def block(samples: Samples, voices: VoiceModel, start: float = 0.0) -> Block:
    speech = speech_stretches(samples, start)
    return Block(start, start + len(samples) / SAMPLE_RATE, (), tuple(voices.prints(samples, speech, start)), ())


def spoken(clips: dict[Path, str], order: list[str]) -> tuple[Samples, list[tuple[float, float]]]:
    """Clips one after the other, 0.4 s apart, and when each is heard."""
    sounds = {path.stem: decode_audio(str(path)) for path in clips}
    parts, times, now = [], [], 0.0
    for name in order:
        times.append((now, now + len(sounds[name]) / SAMPLE_RATE))
        parts += [sounds[name], np.zeros(round(0.4 * SAMPLE_RATE), np.float32)]
        now = times[-1][1] + 0.4
    return np.concatenate(parts), times


def speaker_at(turns: list[Turn], span: tuple[float, float]) -> int:
    middle = sum(span) / 2
    (found,) = {turn.speaker for turn in turns if turn.start <= middle <= turn.end}
    return found


def test_six_people_are_six_speakers_and_known_again_when_they_return(
    clips: dict[Path, str], voices: VoiceModel
) -> None:
    order = ["binh", "doan", "ly", "ngoc", "tuyen", "vinh", "doan", "binh", "vinh", "ly"]
    samples, times = spoken(clips, order)
    turns = assign([block(samples, voices)])
    names = [speaker_at(turns, span) for span in times]
    assert names == [1, 2, 3, 4, 5, 6, 2, 1, 6, 3]


def test_a_person_is_the_same_speaker_in_every_block(clips: dict[Path, str], voices: VoiceModel) -> None:
    samples, _ = spoken(clips, ["doan", "vinh"])
    turns = assign([block(samples, voices, start) for start in (0.0, 60.0, 7200.0)])
    assert [turn.speaker for turn in turns] == [1, 2, 1, 2, 1, 2]


def test_the_same_prints_always_give_the_same_turns(clips: dict[Path, str], voices: VoiceModel) -> None:
    samples, _ = spoken(clips, ["tuyen", "ngoc", "tuyen"])
    assert assign([block(samples, voices)]) == assign([block(samples, voices)])


def test_prints_are_small_unit_vectors(clips: dict[Path, str], voices: VoiceModel) -> None:
    samples, _ = spoken(clips, ["tuyen"])
    prints = block(samples, voices).voices
    assert all(len(voice.print) == 384 for voice in prints)
    assert all(np.linalg.norm(voice.vector) == pytest.approx(1, abs=0.01) for voice in prints)


def test_nobody_spoke_means_no_turns() -> None:
    assert assign([]) == []
    assert assign([Block(0.0, 60.0, (), (), ())]) == []


def test_one_short_word_is_a_speaker_when_there_is_no_other() -> None:
    print_ = np.eye(1, 192, dtype="<f2").tobytes()
    assert assign([Block(0.0, 60.0, (), (Voice(3.0, 3.5, print_),), ())]) == [Turn(3.0, 3.5, 1)]


def test_six_hours_of_thirty_speakers_are_told_apart_in_bounded_time() -> None:
    chance = np.random.default_rng(1)
    people = chance.normal(size=(30, 192))
    people /= np.linalg.norm(people, axis=1, keepdims=True)
    meeting, expected = [], []
    for minute in range(360):
        who = chance.integers(30, size=4)
        expected += who.tolist()
        found = []
        for turn, person in enumerate(who):
            for window in range(20):
                vector = people[person] + 0.055 * chance.normal(size=192)
                start = 60.0 * minute + 15 * turn + 0.7 * window
                found.append(Voice(start, start + 1.5, (vector / np.linalg.norm(vector)).astype("<f2").tobytes()))
        meeting.append(Block(60.0 * minute, 60.0 * minute + 60, (), tuple(found), ()))
    began = time.process_time()
    turns = assign(meeting)
    assert time.process_time() - began < 60
    assert len({turn.speaker for turn in turns}) == 30
    pairs = {(speaker_at(turns, (15.0 * at + 3, 15.0 * at + 11)), person) for at, person in enumerate(expected)}
    assert len(pairs) == 30, "one name for each person throughout"


def test_merging_stops_at_the_asked_likeness() -> None:
    means = np.array([[1, 0], [0.9, 0.1], [0, 1]], np.float32)
    weights = np.ones(3, np.float32)
    assert _merged(means, weights, 0.5).tolist() == [0, 0, 1]
    assert _merged(means, weights, 0.95).tolist() == [0, 1, 2]
    assert _merged(means, weights, -1.0).tolist() == [0, 0, 0]


@pytest.mark.skipif(not MEETING.is_file(), reason="needs the evaluation sound beside the project")
def test_twenty_five_voices_are_told_apart_within_the_allowed_error(voices: VoiceModel) -> None:
    turns = assign([block(decode_audio(str(MEETING)), voices)])
    reference, found = Annotation(), Annotation()
    for line in MEETING.with_suffix(".rttm").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        start, seconds = float(fields[3]), float(fields[4])
        reference[Segment(start, start + seconds)] = fields[7]
    for turn in turns:
        found[Segment(turn.start, turn.end)] = str(turn.speaker)
    error = DiarizationErrorRate(collar=0.25)(reference, found, uem=Timeline([Segment(0, 1000)]))
    assert error < 0.06
