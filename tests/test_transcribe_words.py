"""Words out of sound: what is recognised, when it was said, and how sure the recogniser is."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest
from faster_whisper.audio import decode_audio

from models.errors import BadModel, WeightsMissing
from models.records import Word
from transcribe import vietasr
from transcribe.engine import Engine, open_engine
from transcribe.inventions import holds_invention
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.vietasr import Stream, VietAsr


@pytest.fixture(scope="module")
def sounds(clips: dict[Path, str]) -> dict[str, tuple[Samples, str]]:
    """Samples and transcript of each clip, by name."""
    return {path.stem: (decode_audio(str(path)), text) for path, text in clips.items()}


def said(words: list[Word]) -> str:
    return " ".join(word.word for word in words)


def plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")


def test_real_voices_of_north_and_south_are_recognised(
    engine: VietAsr, sounds: dict[str, tuple[Samples, str]]
) -> None:
    texts = {name: (plain(text).replace("19", "mười chín"), said(engine.recognise(samples, 0.0)))
             for name, (samples, text) in sounds.items()}
    references, heard = zip(*texts.values(), strict=True)
    assert len(texts) == 6
    assert jiwer.wer(list(references), list(heard)) < 0.06


def test_first_and_last_word_of_a_stretch_are_not_lost(
    engine: VietAsr, sounds: dict[str, tuple[Samples, str]]
) -> None:
    words = engine.recognise(sounds["binh"][0], 0.0)
    assert (words[0].word, words[-1].word) == ("anh", "viên")


def test_times_are_those_of_the_recording_and_in_order(
    engine: VietAsr, sounds: dict[str, tuple[Samples, str]]
) -> None:
    samples = sounds["doan"][0]
    words = engine.recognise(samples, 100.0)
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 100.0 and times[-1] <= 100.0 + len(samples) / SAMPLE_RATE + 0.2
    assert all(word.start < word.end and 0 < word.confidence <= 1 for word in words)


def test_sound_fed_in_small_pieces_gives_the_same_words(
    engine: VietAsr, sounds: dict[str, tuple[Samples, str]]
) -> None:
    samples = sounds["tuyen"][0]
    stream, live = Stream(engine, 5.0), []
    for first in range(0, len(samples), 1_111):
        live += stream.accept(samples[first : first + 1_111])
    assert live, "words come before the stretch is over"
    assert live + stream.finish() == engine.recognise(samples, 5.0)


def test_silence_and_nothing_at_all_give_no_words(engine: VietAsr) -> None:
    assert engine.recognise(np.zeros(10 * SAMPLE_RATE, np.float32), 0.0) == []
    assert engine.recognise(np.zeros(0, np.float32), 0.0) == []


def test_recogniser_does_not_fall_silent_at_the_end_of_its_position_table(
    engine: VietAsr, sounds: dict[str, tuple[Samples, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = np.concatenate([sounds[name][0] for name in ("ly", "doan", "ngoc")])
    whole = engine.recognise(samples, 0.0)
    monkeypatch.setattr(vietasr, "LAST_OFFSET", 100)
    again = engine.recognise(samples, 0.0)
    assert jiwer.wer(said(whole), said(again)) < 0.2


def test_one_stretch_of_four_minutes_is_heard_to_its_end(engine: VietAsr, monkeypatch: pytest.MonkeyPatch) -> None:
    offsets: list[int] = []
    silence = np.full((1, 10, 4968), -20, np.float32)
    silence[:, :, 0] = 0

    class Listening:
        def run(self, outputs: list[str], inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
            offsets.append(int(inputs["offset"][0, 0]))
            return [silence, inputs["att_cache"], inputs["cnn_cache"]]

    monkeypatch.setattr(engine, "session", Listening())
    engine.recognise(np.zeros(240 * SAMPLE_RATE, np.float32), 0.0)
    assert len(offsets) >= 600
    assert max(offsets) < 4_900


def test_whisper_hears_the_same_clip(sounds: dict[str, tuple[Samples, str]]) -> None:
    whisper: Engine = open_engine("whisper", threads=1)
    samples, text = sounds["doan"]
    words = whisper.recognise(samples, 50.0)
    assert jiwer.wer(plain(text), plain(said(words))) < 0.5
    assert words[0].start >= 50.0
    assert whisper.generator.startswith("whisper/whisper-base/")


def test_a_folder_that_is_no_model_is_refused_and_nothing_is_looked_for_elsewhere(tmp_path: Path) -> None:
    for model, reason in ((tmp_path / "không có", "not_found"), (tmp_path, "incomplete")):
        with pytest.raises(BadModel) as refused:
            open_engine("whisper", str(model))
        assert refused.value.reason == reason
    with pytest.raises(BadModel):
        open_engine("whisper", "vinai/PhoWhisper-small")


def test_whisper_is_not_asked_about_silence() -> None:
    assert open_engine("whisper", threads=1).recognise(np.zeros(5 * SAMPLE_RATE, np.float32), 0.0) == []


def test_whisper_never_hears_more_than_thirty_seconds(sounds: dict[str, tuple[Samples, str]]) -> None:
    from transcribe.whisper import _pieces

    samples = np.tile(np.concatenate([samples for samples, _ in sounds.values()]), 4)
    pieces = _pieces(samples)
    assert max(end - start for start, end in pieces) <= 30.0
    assert all(before[1] <= after[0] for before, after in pairwise(pieces))


@pytest.mark.parametrize("phrase", [
    "Hãy subscribe cho kênh Ghiền Mì Gõ để không bỏ lỡ những video hấp dẫn",
    "Cảm ơn các bạn đã theo dõi và hẹn gặp lại.",
    "Hẹn gặp lại các bạn trong những video tiếp theo",
    "hãy đăng ký kênh để ủng hộ kênh của mình nhé",
])
def test_phrases_that_recognisers_invent_are_known(phrase: str) -> None:
    assert holds_invention(phrase)


@pytest.mark.parametrize("phrase", [
    "xin cảm ơn các đồng chí", "tôi đăng ký đất đai từ năm ngoái", "cảm ơn bà con đã đến dự hội nghị",
    "kênh mương nội đồng bị sạt lở",
])
def test_what_citizens_do_say_is_not_taken_for_an_invention(phrase: str) -> None:
    assert not holds_invention(phrase)


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsMissing, match="vietasr"):
        open_engine()
    with pytest.raises(WeightsMissing, match="whisper-base"):
        open_engine("whisper")


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="kaldi"):
        open_engine("kaldi")
