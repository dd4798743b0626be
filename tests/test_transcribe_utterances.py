"""Utterances: words and speaker turns brought together, with nothing lost."""

from __future__ import annotations

import random

import numpy as np

from models.records import Word
from transcribe.blocks import Block
from transcribe.utterances import utterances
from transcribe.voices import Voice


def words(text: str, start: float = 0.0, each: float = 0.3, confidence: float = 0.9) -> list[Word]:
    return [Word(word, start + each * at, start + each * (at + 1), confidence) for at, word in enumerate(text.split())]


def voice(person: int, start: float, end: float) -> Voice:
    return Voice(start, end, np.eye(1, 192, person, dtype="<f2").tobytes())


def block(said: list[Word], voices: list[Voice] | None = None) -> Block:
    end = max([word.end for word in said], default=0.0)
    return Block(0.0, end, tuple(said), tuple(voices or ()), ())


def test_an_utterance_ends_where_the_speaker_changes() -> None:
    said = words("tôi xin hỏi") + words("mời bà", 1.0)
    found = utterances([block(said, [voice(3, 0, 0.9), voice(3, 0, 0.9), voice(3, 0, 0.9),
                                     voice(7, 1.0, 1.6), voice(7, 1.0, 1.6), voice(7, 1.0, 1.6), voice(7, 1.0, 1.6)])])
    assert [(one.speaker, one.heard) for one in found] == [("S1", "tôi xin hỏi"), ("S2", "mời bà")]


def test_an_utterance_ends_at_a_pause_and_goes_on_over_a_breath() -> None:
    found = utterances([block(words("tôi xin hỏi") + words("về đất", 1.6) + words("và nước", 3.5))])
    assert [one.heard for one in found] == ["tôi xin hỏi về đất", "và nước"]
    assert (found[0].start, found[0].end) == (0.0, 2.2)


def test_an_utterance_goes_on_over_the_edge_of_a_block() -> None:
    found = utterances([block(words("tôi xin")), block(words("hỏi", 0.7))])
    assert [one.heard for one in found] == ["tôi xin hỏi"]


def test_nobody_talks_for_more_than_a_minute_in_one_utterance() -> None:
    said = words("vâng " * 200) + words("thưa " * 200, 60.5)
    found = utterances([block(said)])
    assert all(one.end - one.start <= 60 for one in found)
    assert [one.words[0].word for one in found] == ["vâng", "thưa", "thưa"] or len(found) <= 4
    assert any(one.words[0].start == 60.5 for one in found), "cut at the longest pause"


def test_every_word_lands_in_exactly_one_utterance() -> None:
    chance = random.Random(5)
    said, voices, now = [], [], 0.0
    for at in range(500):
        now += chance.choice([0.0, 0.05, 0.4, 1.5])
        said.append(Word(f"từ{at}", now, now + 0.25, chance.random()))
        voices.append(voice(chance.randrange(5), now, now + 1.0))
        now += 0.25
    found = utterances([block(said[:200], voices[:200]), block(said[200:], voices[200:])])
    assert [word for one in found for word in one.words] == said
    assert " ".join(one.heard for one in found) == " ".join(word.word for word in said)


def test_speakers_are_numbered_as_they_appear() -> None:
    names = [one.speaker for one in utterances([block(
        words("a b c d") + words("e f g h", 5), [voice(9, 0, 3), voice(2, 5, 8)])])]
    assert names == ["S1", "S2"]


def test_without_voices_there_is_one_speaker() -> None:
    assert {one.speaker for one in utterances([block(words("a b") + words("c", 9))])} == {"S1"}


def test_unsure_words_and_likely_inventions_are_flagged_and_kept() -> None:
    sure = words("kính thưa hội nghị")
    unsure = words("vàết ph n", 5, confidence=0.4)
    invented = words("hãy subscribe cho kênh", 10)
    found = utterances([block(sure + unsure + invented)])
    assert [one.flags for one in found] == [(), ("low_confidence",), ("invention",)]
    assert found[2].heard == "hãy subscribe cho kênh"
    assert found[2].text == "Hãy subscribe cho kênh."


def test_silence_gives_no_utterances() -> None:
    assert utterances([]) == []
    assert utterances([block([])]) == []
