"""Names that a person has confirmed stand over names that were heard, but not over those of others."""

from __future__ import annotations

from summarize.confirmed import REASON, with_confirmed_names
from summarize.questions import understand
from tests.test_questions import MEETING, talk


def test_a_confirmed_voice_asks_by_its_name() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con ấp 3.", "Phan Văn Tư: Đường ra chợ hư hết, chừng nào xã sửa?")
    (question,) = with_confirmed_names(understand(said, MEETING, None), said, {"Phan Văn Tư"}).questions
    assert (question.asker, question.reasons["asker"]) == ("Phan Văn Tư", REASON)


def test_who_reads_out_a_slip_has_not_asked_it() -> None:
    said = talk("Lê Thị Hân: Xin chào bà con.",
                "Lê Thị Hân: Tôi đọc phiếu câu hỏi của bà con gửi. Phiếu thứ nhất của bà Nguyễn Thị Phượng, ấp 2. Bà "
                "hỏi: đường ra chợ hư hết, chừng nào xã sửa?")
    found = understand(said, MEETING, None)
    assert [question.asker for question in found.questions] == ["Nguyễn Thị Phượng"]
    assert with_confirmed_names(found, said, {"Lê Thị Hân"}) == found
