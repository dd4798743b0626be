"""Days and terms as people say them, and the date they mean from the meeting's date."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from models.records import Status
from summarize.dates import deadline
from summarize.flat import flatten
from tests.test_questions import CALL, ROAD, ask, only

THURSDAY = date(2025, 10, 16)
CASES = Path(__file__).parent / "data" / "deadlines.tsv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["said"])
def test_a_term_is_found_and_dated_or_left_alone(case: dict[str, str]) -> None:
    found = deadline(flatten(case["said"]), THURSDAY)
    assert (found.text if found else "", str(found.day or "") if found else "") == (case["term"], case["day"])


def test_an_answer_keeps_the_words_and_the_date_beside_them() -> None:
    question = only(ask(ROAD, CALL, "B: Dạ con đường đó xã cho rải đá xong chậm nhất là thứ Ba tuần sau."))
    assert (question.answer.deadline, question.answer.deadline_date) == ("chậm nhất là thứ Ba tuần sau", "2026-03-10")
    assert question.status == Status.ANSWERED and "10/03/2026" in question.reasons["deadline"]


def test_a_term_that_hangs_on_something_unsaid_has_no_date() -> None:
    question = only(ask(ROAD, CALL, "B: Dạ có kết quả trong 20 ngày làm việc kể từ khi chú nộp đơn sửa đường."))
    assert question.answer.deadline.startswith("trong 20 ngày làm việc") and not question.answer.deadline_date
