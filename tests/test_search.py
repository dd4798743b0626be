"""Any past meeting is found again: by word, without tone marks, by meaning."""

from __future__ import annotations

import numpy as np
import pytest
from sqlite_utils import Database

from models import store, transcripts
from models.folding import fold
from models.records import Meeting, Utterance
from models.search import Vector, add_vectors, search, search_meaning, search_words

LINES = ("Đường tỉnh 769 chưa có đèn tín hiệu", "Mương thoát nước bị bít", "Tiền đền bù chậm quá")


@pytest.fixture
def filled(db: Database, meeting: Meeting) -> Database:
    kept = store.add_meeting(db, meeting)
    said = [Utterance(i, i + 1, "S1", text) for i, text in enumerate(LINES)]
    transcripts.save_transcript(db, kept.id or 0, None, "test", said)
    return db


@pytest.mark.parametrize(("text", "folded"), [
    ("Đường Tỉnh", "duong tinh"), ("ƯƠNG", "uong"), ("Nguyễn Thị Thủy", "nguyen thi thuy"), ("đ" + "à", "da")])
def test_folding_takes_off_case_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("typed", ["đường tỉnh", "ĐƯỜNG TỈNH", "duong tinh", "Duong 769"])
def test_words_are_found_with_and_without_marks(filled: Database, typed: str) -> None:
    assert [hit.text for hit in search_words(filled, typed)] == [LINES[0]]


def test_a_word_typed_with_marks_means_just_that_word(filled: Database) -> None:
    assert not search_words(filled, "mướng")


@pytest.mark.parametrize("typed", ['"', "a AND", "NEAR(", "text:", "-", "", "đường*", "x' OR 1=1 --", "^"])
def test_signs_in_a_query_are_not_operators(filled: Database, typed: str) -> None:
    search_words(filled, typed)


def _by_length(texts: list[str]) -> Vector:
    """A stand-in for the embedder: a vector that tells texts apart."""
    vectors = np.array([[len(text), 10.0, text.count("m")] for text in texts], dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_meaning_finds_the_nearest_line(filled: Database) -> None:
    assert add_vectors(filled, _by_length, "length") == 3
    assert add_vectors(filled, _by_length, "length") == 0
    best = search_meaning(filled, _by_length([LINES[2]])[0], "length", limit=1)
    assert [hit.text for hit in best] == [LINES[2]]


def test_words_and_meaning_are_joined(filled: Database) -> None:
    add_vectors(filled, _by_length, "length")
    hits = search(filled, "đèn tín hiệu", _by_length([LINES[0]])[0], "length")
    assert hits[0].text == LINES[0]
    assert len(hits) == 3
