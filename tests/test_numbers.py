"""The number grammar, over a table of what people say, and what holds for every text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from transcribe.wording.line import Piece
from transcribe.wording.numbers import write

TABLE = Path(__file__).parent / "data" / "numbers.tsv"
UNCHANGED = "="


def cases() -> list[tuple[str, str]]:
    """Each heard phrase with its written form."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.split("\t") for line in lines]
    return [(heard, heard if expected == UNCHANGED else expected) for heard, expected in pairs]


CASES = cases()


def text(pieces: list[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


def test_the_table_is_large_enough() -> None:
    untouched = [heard for heard, expected in CASES if heard == expected]
    assert len(CASES) >= 400
    assert len(untouched) >= 150
    assert len({heard for heard, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("heard", "expected"), CASES, ids=[heard for heard, _ in CASES])
def test_case(heard: str, expected: str) -> None:
    assert text(write(heard.split())) == expected


def test_every_word_stands_behind_one_piece_in_order() -> None:
    words = [word for heard, _ in CASES for word in heard.split()]
    random.Random(4).shuffle(words)
    pieces = write(words)
    assert [position for piece in pieces for position in range(piece.start, piece.end)] == list(range(len(words)))
    assert all(piece.text for piece in pieces)


def test_text_without_numbers_stays() -> None:
    for heard, expected in CASES:
        if heard == expected:
            once = text(write(heard.split()))
            assert text(write(once.split())) == once == heard


def test_a_date_of_this_year_is_written_out_when_the_year_is_known() -> None:
    words = ["trước", "ngày", "ba", "mươi", "mốt", "tháng", "mười", "hai", "năm", "nay"]
    assert text(write(words, year=2025)) == "trước ngày 31/12/2025"
    assert text(write(words)) == "trước ngày 31/12 năm nay"


def test_nothing_comes_of_nothing() -> None:
    assert write([]) == []


def test_older_spelling_of_tone_marks_is_understood() -> None:
    assert text(write(["tổ", "bẩy", "quí", "ba", "hai", "tỉ"])) == "tổ 7 quí III 2 tỷ"


def test_positions_lead_back_to_the_words_heard() -> None:
    words = ["thu", "hồi", "một", "ngàn", "hai", "trăm", "năm", "mươi", "mét", "vuông", "đất"]
    found = next(piece for piece in write(words) if "1.250" in piece.text)
    assert words[found.start : found.end] == ["một", "ngàn", "hai", "trăm", "năm", "mươi", "mét", "vuông"]


