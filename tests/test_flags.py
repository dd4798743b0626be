"""Doubtful utterances are flagged, and every word of them is kept."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio

from models.records import Utterance, Word
from transcribe.blocks import Block, next_block
from transcribe.engine import Engine, open_engine
from transcribe.flags import is_loop, seconds_within
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.utterances import utterances


class Scribe:
    """Instead of recognising, writes these words evenly over all it hears."""

    generator = "test/scribe/1"

    def __init__(self, words: Callable[[float], str]) -> None:
        self._words = words

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        seconds = len(samples) / SAMPLE_RATE
        words = self._words(seconds).split()
        each = seconds / max(len(words), 1)
        return [Word(word, start + each * at, start + each * (at + 1), 0.9) for at, word in enumerate(words)]


class Thankful:
    """Thanks every two and a half seconds, whatever there is to hear."""

    generator = "test/thankful/1"

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        times = np.arange(start, start + len(samples) / SAMPLE_RATE - 1.2, 2.5)
        return [Word(word, time + 0.3 * at, time + 0.3 * (at + 1), 0.9)
                for time in times.tolist() for at, word in enumerate(["cảm", "ơn", "quý", "vị"])]


def heard(path: Path, samples: Samples, engine: Engine) -> list[Utterance]:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return utterances(list(_blocks(path, engine)))


def _blocks(path: Path, engine: Engine) -> Iterator[Block]:
    start = 0.0
    while block := next_block(path, start, engine, None):
        yield block
        start = block.end


def music(seconds: float) -> Samples:
    """A melody of plucked strings."""
    chance, whole = np.random.default_rng(3), np.zeros(round((seconds + 1) * SAMPLE_RATE))
    time = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    for first in range(0, round(seconds * SAMPLE_RATE), round(0.4 * SAMPLE_RATE)):
        tone = chance.choice([220, 262, 330, 392, 440, 523])
        whole[first:first + len(time)] += sum(np.sin(2 * np.pi * tone * k * time) / k for k in range(1, 7)) * np.exp(
            -4 * time)
    return (0.15 * whole).astype(np.float32)


@pytest.fixture(scope="module")
def speech(clips: dict[Path, str]) -> Samples:
    return np.concatenate([decode_audio(str(path)) for path in clips])


def test_real_voices_raise_no_doubt(tmp_path: Path, speech: Samples) -> None:
    found = heard(tmp_path / "a.wav", speech, open_engine(threads=1))
    assert sum(len(one.words) for one in found) > 60
    assert not {"loop", "too_fast", "too_slow", "noise"} & {flag for one in found for flag in one.flags}


def test_words_in_music_are_flagged_and_those_of_a_voice_are_not(tmp_path: Path, speech: Samples) -> None:
    silence = np.zeros(2 * SAMPLE_RATE, np.float32)
    sound = np.concatenate([speech[:9 * SAMPLE_RATE], silence, music(12.0), silence])
    found = heard(tmp_path / "a.wav", sound, Thankful())
    voice, played = [one for one in found if one.end < 9], [one for one in found if one.start > 11]
    assert len(voice) >= 3 and len(played) >= 3
    assert not any("noise" in one.flags for one in voice)
    assert all("noise" in one.flags and one.heard == "cảm ơn quý vị" for one in played)


def test_more_syllables_than_anyone_can_say_are_flagged(tmp_path: Path, speech: Samples) -> None:
    found = heard(tmp_path / "a.wav", speech, Scribe(lambda seconds: "ta tư " * round(6 * seconds)))
    assert all("too_fast" in one.flags for one in found if len(one.words) > 5)


def test_long_speech_with_hardly_a_word_is_flagged(tmp_path: Path, speech: Samples) -> None:
    found = heard(tmp_path / "a.wav", speech, Scribe(lambda seconds: "vâng"))
    assert any("too_slow" in one.flags for one in found)


@pytest.mark.parametrize("text", [
    "xin cảm ơn " * 4, "và và và và và và", "tôi xin hỏi về đất đai " * 3, "thưa hội nghị " + "hẹn gặp lại " * 5 + "ạ",
])
def test_the_same_words_over_and_over_are_a_loop(text: str) -> None:
    assert is_loop(text.strip())


@pytest.mark.parametrize("text", [
    "vâng vâng vâng", "rồi rồi rồi rồi rồi", "không chín không không không không ba", "xin cảm ơn xin cảm ơn",
    "đi đi lại lại luôn luôn", "năm năm năm năm năm", "ấp một ấp hai ấp ba ấp bốn",
    "tôi xin hỏi về đất đai tôi xin hỏi về đất đai",
])
def test_what_people_do_repeat_is_no_loop(text: str) -> None:
    assert not is_loop(text)


def test_seconds_of_speech_are_counted_within_a_stretch() -> None:
    assert seconds_within([(0, 2), (3, 5), (8, 9)], 1, 4) == 2
    assert seconds_within([], 1, 4) == seconds_within([(0, 1)], 1, 4) == 0
