"""Blocks: long sound in bounded pieces that can be stored, and gone on from after a kill."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio

from models.errors import BadSound
from models.records import Word
from transcribe import blocks
from transcribe.blocks import Block, next_block
from transcribe.engine import Engine, open_engine
from transcribe.sound import SAMPLE_RATE, Samples, duration, read
from transcribe.voices import VoiceModel


class Listener:
    """Instead of recognising, remembers what it was given."""

    generator = "test/listener/1"

    def __init__(self) -> None:
        self.heard: list[tuple[float, float]] = []

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        end = start + len(samples) / SAMPLE_RATE
        self.heard.append((start, end))
        return [Word("vâng", start, end, 0.9)]


def write(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


@pytest.fixture(scope="module")
def speech(clips: dict[Path, str]) -> Samples:
    """Six clips with a second and a half between them, 32 s."""
    return np.concatenate([part for path in clips for part in (decode_audio(str(path)), silence(1.5))])


@pytest.fixture
def meeting(speech: Samples, tmp_path: Path) -> Path:
    return write(tmp_path / "cuộc họp.wav", np.tile(speech, 4))


def all_blocks(sound: Path, engine: Engine, voices: VoiceModel | None = None, start: float = 0.0) -> list[Block]:
    found = []
    while block := next_block(sound, start, engine, voices):
        found.append(block)
        start = block.end
    return found


def test_stopping_after_any_block_and_going_on_gives_the_same_result(speech: Samples, tmp_path: Path) -> None:
    sound = write(tmp_path / "a.wav", np.tile(speech, 3))
    whole = all_blocks(sound, open_engine(threads=1), VoiceModel(threads=1))
    assert len(whole) >= 2
    engine, voices = open_engine(threads=1), VoiceModel(threads=1)
    assert all_blocks(sound, engine, voices, whole[0].end) == whole[1:]


def test_a_block_comes_back_from_its_stored_form_unchanged(speech: Samples, tmp_path: Path) -> None:
    block = next_block(write(tmp_path / "a.wav", speech), 0.0, open_engine(threads=1), VoiceModel(threads=1))
    assert block and block.words and block.voices and block.speech
    assert "\n" not in block.to_json()
    assert Block.from_json(block.to_json()) == block


def test_blocks_cover_the_sound_without_gap_or_overlap(meeting: Path) -> None:
    found = all_blocks(meeting, Listener())
    assert [block.start for block in found] == [0.0, *(block.end for block in found[:-1])]
    assert found[-1].end == duration(meeting)


def test_blocks_are_bounded_and_end_in_pauses(meeting: Path) -> None:
    found = all_blocks(meeting, Listener())
    assert all(blocks.PAUSE < block.end - block.start <= 60 for block in found[:-1])
    assert sum(block.end - block.start for block in found) / len(found) > 12, "long enough to tell voices apart"
    speech = [stretch for block in found for stretch in block.speech]
    assert not any(start < block.end < end for block in found[:-1] for start, end in speech)


def test_the_recogniser_hears_everything_once_from_pause_to_pause(meeting: Path) -> None:
    listener = Listener()
    found = all_blocks(meeting, listener)
    edges = [listener.heard[0][0], *(end for _, end in listener.heard)]
    assert edges[0] == 0.0
    assert edges[-1] == pytest.approx(found[-1].end)
    assert [start for start, _ in listener.heard] == pytest.approx(edges[:-1])
    assert len(listener.heard) >= 24, "one stretch for each clip"


def test_someone_who_never_pauses_is_cut_all_the_same(
    clips: dict[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "LENGTHS", {8.0: 5.0, 12.0: 5.0})
    talk = np.concatenate([decode_audio(str(path)) for path in clips])
    found = all_blocks(write(tmp_path / "a.wav", talk), Listener())
    assert len(found) >= 2
    assert all(0 < block.end - block.start <= 12.0 for block in found)


def test_sound_still_being_recorded_gives_the_blocks_it_will_give_when_whole(
    meeting: Path, tmp_path: Path
) -> None:
    whole = all_blocks(meeting, Listener())
    growing, start = tmp_path / "đang ghi.wav", 0.0

    def taken(seconds: float) -> Block | None:
        """What is taken from the sound when this much of it is there."""
        growing.write_bytes(meeting.read_bytes()[: 44 + 2 * round(seconds * SAMPLE_RATE)])
        return next_block(growing, start, Listener(), None, growing=True)

    for block in whole[:3]:
        assert taken(start + min(blocks.LENGTHS) - 0.1) is None
        assert next(filter(None, (taken(start + length + 1) for length in blocks.LENGTHS))) == block
        start = block.end


def test_a_long_silence_gives_blocks_without_words(tmp_path: Path) -> None:
    listener = Listener()
    found = all_blocks(write(tmp_path / "a.wav", silence(130)), listener, VoiceModel(threads=1))
    assert 6 <= len(found) <= 7
    assert not any(block.words or block.voices or block.speech for block in found)
    assert listener.heard == []


def test_very_short_sound_is_one_block(tmp_path: Path) -> None:
    assert len(all_blocks(write(tmp_path / "a.wav", silence(0.01)), Listener())) == 1
    assert all_blocks(write(tmp_path / "b.wav", silence(0)), Listener()) == []


def test_a_recording_broken_off_mid_write_is_read_as_far_as_it_goes(tmp_path: Path, speech: Samples) -> None:
    path = write(tmp_path / "a.wav", speech)
    path.write_bytes(path.read_bytes()[: 10 * 2 * SAMPLE_RATE + 1])
    assert duration(path) == pytest.approx(10, abs=0.01)
    assert len(read(path, 9.0, 20.0)) == pytest.approx(SAMPLE_RATE, abs=200)
    assert all_blocks(path, Listener())[-1].end == duration(path)


def test_other_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("không phải âm thanh", encoding="utf-8")
    with pytest.raises(BadSound, match="not_sound"):
        duration(text)
    with pytest.raises(BadSound, match="not_found"):
        duration(tmp_path / "none.wav")
    stereo = tmp_path / "b.wav"
    with wave.open(str(stereo), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(400))
    with pytest.raises(BadSound, match="44100 Hz"):
        read(stereo, 0.0, 1.0)
