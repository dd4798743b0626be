"""Decoding: from what the network hears to words, with a language model that never outshouts the sound."""

from __future__ import annotations

import hashlib
import re
import sys
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest
from faster_whisper.audio import decode_audio

from models.records import Word
from transcribe import language_model
from transcribe.beam import SETTLED_ROWS, BeamDecoder
from transcribe.decoding import BLANK, ROW_SECONDS, Clock, Rows
from transcribe.engine import open_engine
from transcribe.greedy import GreedyDecoder
from transcribe.language_model import LanguageModel
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.vietasr import Stream, VietAsr

LEAD_ROWS = 10
STEP = round(0.4 * SAMPLE_RATE)


@pytest.fixture(scope="module")
def voices(clips: dict[Path, str]) -> dict[str, Samples]:
    return {path.stem: decode_audio(str(path)) for path in clips}


def said(words: list[Word]) -> str:
    return " ".join(word.word for word in words)


def sound(engine: VietAsr, *heard: str | dict[str, float]) -> Rows:
    """Rows in which the tokens are heard one after another, each three rows long with three of silence behind.

    A dictionary gives rivals in the same rows, with their probabilities.
    """
    silence = np.full(len(engine.tokens), 1e-7, np.float32)
    silence[BLANK] = 0.999
    rows = [silence] * LEAD_ROWS
    for token in heard:
        rivals = {token: 0.98} if isinstance(token, str) else token
        row = np.full(len(engine.tokens), 1e-7, np.float32)
        for text, probability in rivals.items():
            row[engine.tokens.index(text) if text else BLANK] = probability
        rows += [row] * 3 + [silence] * 3
    return np.log(np.array(rows, np.float32))


def decoded(engine: VietAsr, rows: Rows) -> list[Word]:
    decoder = engine.decoder(0.0)
    return decoder.accept(rows) + decoder.finish()


def test_the_files_the_program_carries_are_those_its_documents_name() -> None:
    text = (language_model.FOLDER / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^([0-9a-f]{64})  (\S+)$", text, re.MULTILINE)
    assert [name for _, name in named] == ["lexicon.txt", "vi_syllables_4gram.bin"]
    for sha256, name in named:
        assert hashlib.sha256((language_model.FOLDER / name).read_bytes()).hexdigest() == sha256


class Both:
    """Lets both decoders read the same rows, and keeps what each made of them."""

    def __init__(self, engine: VietAsr) -> None:
        assert engine.language
        self.decoders = BeamDecoder(engine.language, Clock(0.0, 0.0)), GreedyDecoder(engine.tokens, Clock(0.0, 0.0))
        self.words: tuple[list[Word], list[Word]] = [], []

    def accept(self, rows: Rows) -> list[Word]:
        for decoder, words in zip(self.decoders, self.words, strict=True):
            words += decoder.accept(rows)
        return []

    def finish(self) -> list[Word]:
        for decoder, words in zip(self.decoders, self.words, strict=True):
            words += decoder.finish()
        return []


def test_the_language_model_mends_what_greedy_decoding_mishears_in_noise(
        engine: VietAsr, clips: dict[Path, str], voices: dict[str, Samples], monkeypatch: pytest.MonkeyPatch) -> None:
    references = [" ".join(re.findall(r"\w+", text.lower().replace("19", "mười chín"))) for text in clips.values()]
    both = [Both(engine) for _ in clips]
    opened = iter(both)
    monkeypatch.setattr(engine, "decoder", lambda start: next(opened))
    dice = np.random.default_rng(1)
    for samples in voices.values():
        noise = dice.standard_normal(len(samples)) * np.sqrt(np.mean(samples**2)) * 10 ** (-5 / 20)
        engine.recognise((samples + noise).astype(np.float32), 0.0)
    beam, greedy = (jiwer.wer(references, [said(decoded.words[which]) for decoded in both]) for which in (0, 1))
    assert beam < 0.75 * greedy


def test_settled_words_never_change_and_pending_ones_follow_them(engine: VietAsr, voices: dict[str, Samples]) -> None:
    samples = np.concatenate([voices["doan"], voices["tuyen"]])
    whole = engine.recognise(samples, 7.0)
    stream, settled, seen = Stream(engine, 7.0), [], []
    for first in range(0, len(samples), STEP):
        settled += stream.accept(samples[first : first + STEP])
        seen.append((len(settled), said(settled + stream.pending())))
        assert settled == whole[: len(settled)]
        assert all(before.end <= after.start for before, after in pairwise(settled + stream.pending()))
    assert any(0 < count < len(whole) for count, _ in seen), "words settle before the stretch is over"
    assert settled + stream.finish() == whole


@pytest.mark.parametrize("language", [True, False], ids=["beam", "greedy"])
def test_a_word_is_pending_at_most_one_step_after_it_was_heard(
        engine: VietAsr, voices: dict[str, Samples], language: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not language:
        monkeypatch.setattr(engine, "language", None)
    samples = voices["doan"]
    whole = engine.recognise(samples, 0.0)
    stream, settled = Stream(engine, 0.0), []
    for first in range(0, len(samples), STEP):
        settled += stream.accept(samples[first : first + STEP])
        heard = min(first + STEP, len(samples)) / SAMPLE_RATE
        # One step for the network to fill, and what it reads ahead.
        due = [word for word in whole if word.end < heard - 0.45]
        assert len(settled) + len(stream.pending()) >= len(due)


def test_looking_at_pending_words_changes_nothing(engine: VietAsr) -> None:
    rows = sound(engine, "▁cảm", "▁ơn", "▁bà", "▁con")
    looked = engine.decoder(0.0)
    first = looked.accept(rows[: LEAD_ROWS + 13])
    assert said(looked.pending()) == said(looked.pending()) == "cảm ơn bà"
    assert first + looked.accept(rows[LEAD_ROWS + 13 :]) + looked.finish() == decoded(engine, rows)


def test_words_settle_after_two_seconds(engine: VietAsr) -> None:
    rows = sound(engine, *["▁bà", "▁con"] * 40)
    decoder, settled = engine.decoder(0.0), 0
    for first in range(0, len(rows), 10):
        settled += len(decoder.accept(rows[first : first + 10]))
        assert settled + len(decoder.pending()) == max(first + 10 - LEAD_ROWS + 5, 0) // 6
        assert len(decoder.pending()) <= (SETTLED_ROWS + 20) / 6
    assert settled + len(decoder.finish()) == 80


def test_times_come_from_the_rows_as_in_greedy_decoding(engine: VietAsr) -> None:
    rows = sound(engine, "▁cảm", "▁ơn", "▁bà", "▁con")
    both = Both(engine)
    both.accept(rows)
    both.finish()
    words, greedy = both.words
    assert words == greedy
    assert [word.end - words[0].end for word in words] == pytest.approx([6 * ROW_SECONDS * step for step in range(4)])


def test_a_clear_word_outside_the_lexicon_is_left_as_heard(engine: VietAsr) -> None:
    words = decoded(engine, sound(engine, "▁đồng", "▁chí", "▁v", "la", "ber", "▁phát", "▁biểu"))
    assert said(words) == "đồng chí vlaber phát biểu"
    assert words[2].confidence > 0.9


def test_an_unclear_word_becomes_one_that_exists(engine: VietAsr) -> None:
    words = decoded(engine, sound(engine, "▁ủy", "▁ban", "▁nhân", {"▁dân": 0.45, "▁dâng": 0.5}, "▁xã"))
    assert said(words) == "ủy ban nhân dân xã"


def test_a_fluent_guess_against_the_sound_is_unsure(engine: VietAsr) -> None:
    words = decoded(engine, sound(engine, "▁ủy", "▁ban", "▁nhân", {"▁dân": 0.1, "▁dâng": 0.88}, "▁xã"))
    assert said(words) == "ủy ban nhân dân xã"
    assert words[3].confidence < 0.15
    assert all(word.confidence > 0.9 for index, word in enumerate(words) if index != 3)


def test_the_language_model_cannot_put_a_word_where_the_sound_is_clear(engine: VietAsr) -> None:
    assert said(decoded(engine, sound(engine, "▁ủy", "▁ban", "▁nhân", "▁dâng", "▁xã"))) == "ủy ban nhân dâng xã"


def test_other_spellings_of_a_syllable_become_the_usual_one(engine: VietAsr) -> None:
    spelled = [line.split("\t") for line in (language_model.FOLDER / "lexicon.txt").read_text("utf-8").splitlines()]
    word, tokens = next((word, tokens) for word, tokens in spelled
                        if tokens.replace(" ", "") != f"▁{word}" and word == "hòa")
    assert said(decoded(engine, sound(engine, *tokens.split()))) == word


def test_a_word_said_twice_is_written_twice_and_a_long_one_once(engine: VietAsr) -> None:
    assert said(decoded(engine, sound(engine, "▁từ", "▁từ"))) == "từ từ"
    rows = sound(engine, "▁từ")
    long = np.repeat(rows[LEAD_ROWS : LEAD_ROWS + 1], 12, axis=0)
    assert said(decoded(engine, np.concatenate([rows[:LEAD_ROWS], long, rows[-3:]]))) == "từ"


def test_without_kenlm_the_engine_decodes_greedily_and_says_so(
        engine: VietAsr, voices: dict[str, Samples], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flashlight.lib.text.decoder.kenlm", None)
    plain = open_engine("vietasr", threads=1)
    assert plain.generator != engine.generator
    assert plain.generator.endswith("-greedy") and "-beam." in engine.generator
    assert len(plain.recognise(voices["binh"], 0.0)) == len(engine.recognise(voices["binh"], 0.0)) > 5


def with_hot_words(engine: VietAsr, *phrases: str, monkeypatch: pytest.MonkeyPatch) -> VietAsr:
    monkeypatch.setattr(engine, "language", LanguageModel(engine.tokens, phrases))
    return engine


UNSURE = ("▁mời", "▁bích", {"▁loan": 0.3, "▁lan": 0.6}, "▁phát", "▁biểu")
"""The sound is for one name, but could be another."""


def test_a_name_from_the_glossary_wins_where_the_sound_is_between_two(
        engine: VietAsr, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sound(engine, *UNSURE)
    assert said(decoded(engine, rows)) == "mời bích lan phát biểu"
    words = decoded(with_hot_words(engine, "Bích Loan", "Ấp Bình Hòa", monkeypatch=monkeypatch), rows)
    assert said(words) == "mời bích loan phát biểu"
    assert words[2].confidence <= 0.3, "sure of what was heard, not of what was hoped for"


def test_a_name_from_the_glossary_is_not_heard_where_something_else_is_said(
        engine: VietAsr, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sound(engine, "▁mời", "▁bích", {"▁loan": 0.002, "▁lan": 0.97}, "▁phát", "▁biểu")
    hot = with_hot_words(engine, "Bích Loan", monkeypatch=monkeypatch)
    assert said(decoded(hot, rows)) == "mời bích lan phát biểu"


def test_half_a_name_from_the_glossary_earns_nothing(engine: VietAsr, monkeypatch: pytest.MonkeyPatch) -> None:
    hot = with_hot_words(engine, "Bích Loan Bình", monkeypatch=monkeypatch)
    assert said(decoded(hot, sound(engine, *UNSURE))) == "mời bích lan phát biểu"


def test_a_foreign_name_of_the_glossary_needs_less_of_the_sound(
        engine: VietAsr, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sound(engine, "▁ông", {"▁v": 0.3, "▁vợ": 0.6}, "la", "ber", "▁phát")
    assert said(decoded(engine, rows)) == "ông vợlaber phát"
    assert said(decoded(with_hot_words(engine, "Vlaber", monkeypatch=monkeypatch), rows)) == "ông vlaber phát"


def test_blocks_heard_with_other_hot_words_are_not_taken_for_these(engine: VietAsr) -> None:
    names = [open_engine("vietasr", threads=1, hot_words=phrases).generator
             for phrases in ((), ("Ngọc Hằng",), ("ngọc hằng", "Ngọc  Hằng"), ("Ngọc Hằng", "Bình Hòa"), ("và",))]
    assert names[1] == names[2]
    assert names[0] == names[4] == engine.generator, "a single common syllable is no phrase"
    assert len(set(names)) == 3
