"""What became of a question, told from the words that answered it, in wordings that nobody listed."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # the benchmarks are not installed

from benchmarks.dialogues import unseen_in_tests
from benchmarks.noise import misheard
from benchmarks.statuses import confusion, of_dialogue, read_examples
from models.records import Status
from summarize.flat import flatten
from summarize.pertinent import pertinent
from summarize.statuses import NO_REPLY, judge, learned


def heard(text: str) -> str:
    return re.sub(r"[.,?!:;«»]", "", text).lower()


REPLIES = [
    (Status.ANSWERED, "Đoạn sụt trước cổng đình thì thứ Năm tuần này tổ thợ tới trám, bác thấy chưa làm cứ gọi tôi."),
    (Status.ANSWERED, "Không cho phép được đâu anh, theo luật đất đai thì đất lúa không được cất nhà."),
    (Status.ANSWERED, "Em xin lỗi chị, lỗi do bên em nhập sai tên, em sửa xong rồi, mai chị ra nhận thẻ."),
    (Status.PROMISED, "Cái này cho em ghi lại, để anh em ra ngó thử rồi tính sau."),
    (Status.PROMISED, "Xã rất chia sẻ với bà con, khi nào thu xếp được nguồn thì mình làm, chừ chưa dám hẹn."),
    (Status.WRITTEN, "Nói miệng sợ sót, phòng sẽ soạn công văn gửi về tận nhà cho bác."),
    (Status.WRITTEN, "Trong mười ngày chị sẽ nhận được giấy trả lời có dấu đỏ của ủy ban."),
    (Status.ESCALATED, "Cái đó tỉnh mới có quyền duyệt, xã chỉ làm tờ trình đẩy lên sở rồi chờ."),
    (Status.ESCALATED, "Trụ điện của công ty điện lực, xã mình đâu quyết được, tôi sẽ kiến nghị qua bên đó."),
    (Status.UNANSWERED, "Dạ em chào bác, em là cán bộ văn phòng. Mời bác ngồi."),
]


@pytest.mark.parametrize("form", [str, heard])
@pytest.mark.parametrize(("status", "reply"), REPLIES)
def test_an_outcome_is_told_from_words_nobody_listed(status: Status, reply: str, form: type[str]) -> None:
    assert judge([flatten(form(reply))]).status == status


def test_most_outcomes_are_told_from_misheard_words_too() -> None:
    right = [judge([flatten(misheard(heard(reply), 0.1, seed))]).status == status
             for status, reply in REPLIES for seed in range(5)]
    assert sum(right) / len(right) >= 0.85


def test_no_reply_leaves_a_question_unanswered() -> None:
    verdict = judge([])
    assert (verdict.status, verdict.reason) == (Status.UNANSWERED, NO_REPLY)


def test_words_that_settle_nothing_leave_it_unanswered_and_do_not_count_beside_those_that_do() -> None:
    call, promise = flatten("Rồi, mời anh Hùng trả lời bà con."), flatten("Dạ em xin ghi nhận, về kiểm tra lại.")
    assert judge([call]).status == Status.UNANSWERED
    verdict = judge([call, promise, call])
    assert (verdict.status, verdict.decisive) == (Status.PROMISED, 1)


def test_a_later_reply_makes_a_promise_an_answer() -> None:
    verdict = judge([flatten("Dạ xã xin ghi nhận, sẽ xem xét trong thời gian tới."),
                     flatten("Dạ, sáng thứ Hai tuần tới thợ xuống sửa, thứ Tư là xong.")])
    assert (verdict.status, verdict.decisive) == (Status.ANSWERED, 1)


@pytest.mark.parametrize(("reply", "words"), [
    ("Nói miệng sợ sót, phòng sẽ soạn công văn trả lời gửi về tận nhà cho bác.", "công văn trả lời"),
    ("Hồ này cỡ lớn, việc đó vượt thẩm quyền của xã, chúng tôi kiến nghị lên tỉnh.", "thẩm quyền"),
    ("Dạ bác nói đúng, cho em ghi nhận để về xem lại.", "ghi nhận")])
def test_a_status_shows_the_words_it_rests_on(reply: str, words: str) -> None:
    reason = judge([flatten(reply)]).reason
    assert words in reason.split("«")[1]
    assert reason.split("«")[1].rstrip("»") in flatten(reply).text


def test_only_the_sentences_about_the_question_count() -> None:
    reply = flatten("Sân bóng thì tôi yêu cầu công ty dọn xong trong tuần này, thứ Sáu tôi tới coi. "
                    "Còn đèn đường thì xã xin tiếp thu, chưa nói trước được khi nào có.")
    ball, lamp = "sân bóng thôn cháu bị công ty đổ đá đề nghị dọn trả", "đèn đường ngõ tôi tối om bao giờ có đèn"
    assert pertinent(reply, ball).endswith("tôi tới coi")
    assert pertinent(reply, lamp).startswith("còn đèn đường thì")
    assert judge([reply], ball).status == Status.ANSWERED
    assert judge([reply], lamp).status == Status.PROMISED
    assert pertinent(reply, "trạm y tế có bác sĩ không") == reply.text


def test_a_weekday_opens_no_second_point() -> None:
    text = "Nhà nứt thì sáng thứ tư tuần sau bảo hiểm tới đo."
    assert pertinent(flatten(text), "nhà tôi nứt tường") == flatten(text).text


def test_every_example_is_of_a_known_outcome_and_most_are_learned() -> None:
    examples = list(read_examples())
    assert {outcome for outcome, _ in examples} == set(learned().outcomes)
    assert len(examples) > 500
    told = Counter(judge([flatten(text)]).status.value == outcome for outcome, text in examples if outcome != "none")
    assert told[True] / told.total() > 0.95


def test_outcomes_of_unseen_dialogues_are_told_when_their_answers_are_known() -> None:
    found = confusion([one for folder in unseen_in_tests() for one in of_dialogue(folder)], learned())
    assert sum(many for (status, told), many in found.items() if status == told) / found.total() >= 0.8
