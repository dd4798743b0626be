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

THURSDAY, WEDNESDAY = date(2025, 10, 16), date(2026, 5, 20)
CASES = Path(__file__).parent / "data" / "deadlines.tsv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["said"])
def test_a_term_is_found_and_dated_or_left_alone(case: dict[str, str]) -> None:
    found = deadline(flatten(case["said"]), THURSDAY)
    assert (found.text if found else "", str(found.day or "") if found else "") == (case["term"], case["day"])


@pytest.mark.parametrize("said, today, day", [
    ("chậm nhất ngày 25 tháng sau", WEDNESDAY, "2026-06-25"), ("ngày 30 tháng sau", date(2026, 1, 31), "2026-02-28"),
    ("trước ngày hai bảy tháng sáu", WEDNESDAY, "2026-06-27"), ("ngày hai tư tháng sáu", WEDNESDAY, "2026-06-24"),
    ("ngày ba mươi mốt tháng sáu", WEDNESDAY, ""), ("chậm nhất 29/2", date(2027, 12, 1), "2028-02-29"),
    ("ngày hai mươi chín tháng hai", WEDNESDAY, "2028-02-29"), ("trước ngày 31", date(2026, 6, 10), "2026-07-31"),
    ("ngày mốt", WEDNESDAY, "2026-05-22"), ("trước ngày 30-6-2026", WEDNESDAY, "2026-06-30"),
    ("trước 30.6.2026", WEDNESDAY, "2026-06-30"), ("xong ngày 30-6", WEDNESDAY, "2026-06-30"),
    ("trước ngày 5 tháng 8 năm hai nghìn hai sáu", WEDNESDAY, "2026-08-05"),
    ("trước ngày 5 tháng 8 năm hai không hai bảy", WEDNESDAY, "2027-08-05"),
    ("trước tháng tám năm hai nghìn không trăm ba mươi xã làm", WEDNESDAY, "2030-07-31"),
    ("trước quý III", WEDNESDAY, "2026-06-30"), ("trước tháng sau", WEDNESDAY, "2026-05-31"),
    ("trước tuần sau", WEDNESDAY, "2026-05-24"), ("cuối tháng xong", WEDNESDAY, "2026-05-31"),
    ("cuối tuần", WEDNESDAY, "2026-05-24"), ("hết năm", WEDNESDAY, "2026-12-31"),
    ("ngay hôm nay", WEDNESDAY, "2026-05-20"), ("trước năm 2027", WEDNESDAY, "2026-12-31"),
    ("nửa tháng nữa", WEDNESDAY, "2026-06-04"), ("một tháng rưỡi nữa", WEDNESDAY, "2026-07-05"),
    ("trong một trăm hai mươi ngày", WEDNESDAY, "2026-09-17"), ("sáu tháng cuối năm", WEDNESDAY, "2026-12-31"),
    ("sáu tháng đầu năm 2027", WEDNESDAY, "2027-06-30"), ("mùng 10 tháng giêng", WEDNESDAY, "None"),
    ("trước ngày 15 tháng 8 âm lịch", WEDNESDAY, "None")])
def test_days_are_reckoned_from_the_meeting(said: str, today: date, day: str) -> None:
    found = deadline(flatten(said), today)
    assert (str(found.day) if found else "") == day


@pytest.mark.parametrize("said", [
    "mỗi ngày 2 chuyến", "đường ngày một xuống cấp", "mỗi quý một lần", "họp vào thứ hai hàng tuần",
    "vào thứ sáu tuần trước anh em đã làm", "sáng thứ ba vừa rồi", "trong 6 tháng qua", "trực 24/7", "còn 8/12 hộ",
    "cuối năm học"])
def test_what_recurs_or_is_past_binds_nobody(said: str) -> None:
    assert deadline(flatten(said), WEDNESDAY) is None


def test_no_date_is_too_far_away() -> None:
    assert deadline(flatten("30 ngày kể từ ngày 31/12/9999"), WEDNESDAY)


def test_an_answer_keeps_the_words_and_the_date_beside_them() -> None:
    question = only(ask(ROAD, CALL, "B: Dạ con đường đó xã cho rải đá xong chậm nhất là thứ Ba tuần sau."))
    assert (question.answer.deadline, question.answer.deadline_date) == ("chậm nhất là thứ Ba tuần sau", "2026-03-10")
    assert question.status == Status.ANSWERED and "10/03/2026" in question.reasons["deadline"]


def test_a_term_that_hangs_on_something_unsaid_has_no_date() -> None:
    question = only(ask(ROAD, CALL, "B: Dạ có kết quả trong 20 ngày làm việc kể từ khi chú nộp đơn sửa đường."))
    assert question.answer.deadline.startswith("trong 20 ngày làm việc") and not question.answer.deadline_date
