"""Who asked what and what became of it: cutting, pairing, status, and that nothing falls out."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from typing import Any

import pytest

from models.records import Analysis, Meeting, Person, Place, Question, Status, Topic, Utterance
from summarize.formats import questions_json
from summarize.questions import understand
from tests.dialogues import FORMS, SHARED, Dialogue

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared dialogues are not beside this checkout")

MEETING = Meeting(
    "Hội nghị đối thoại xã Bình Khê (hư cấu)", "2026-03-05", "Nhà văn hóa",
    (Topic("duong", "Đường giao thông"), Topic("rac", "Vệ sinh môi trường")),
    (Person("Lê Thị Hân", "Bí thư Đảng ủy xã", "chair"), Person("Ngô Văn Bảo", "Chủ tịch UBND xã"),
     Person("Tạ Thị Loan", "Công chức Địa chính")))


def talk(*turns: str) -> list[Utterance]:
    """«A: lời nói» as utterances of five seconds each."""
    split = [turn.split(": ", 1) for turn in turns]
    return [Utterance(5.0 * i, 5.0 * i + 5, speaker, text) for i, (speaker, text) in enumerate(split)]


def ask(citizen: str, *after: str) -> Analysis:
    """A small meeting: the chair invites a hamlet, a citizen speaks, and what comes after."""
    return understand(talk(
        "A: Xin chào bà con, tôi là Lê Thị Hân. Mời bà con ấp 3, mời chú ngồi hàng ghế đầu.", f"C: {citizen}", *after),
        MEETING, None)


def only(analysis: Analysis) -> Question:
    (question,) = analysis.questions
    return question


def spans_of(question: Question, said: list[Utterance]) -> str:
    return " ".join(said[span.utterance].text[span.start:span.end] for span in question.spans)


ROAD = "Dạ tôi tên Phan Văn Tư, ở ấp 3. Con đường ra chợ ổ gà đầy, xe té hoài. Chừng nào xã sửa?"
CALL = "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời."


def test_greeting_name_and_thanks_are_not_part_of_the_question() -> None:
    question = only(ask("Dạ kính thưa các đồng chí, tôi tên Phan Văn Tư, ngụ ở ấp 3. Trước hết tôi cảm ơn xã. "
                        "Con đường ra chợ hư hết, chừng nào sửa? Tôi xin hết."))
    assert question.text == "Con đường ra chợ hư hết, chừng nào sửa?"
    assert (question.asker, question.address) == ("Phan Văn Tư", "ấp 3")


@pytest.mark.parametrize(
    "link", ["Thứ hai là", "Với lại", "Còn một chuyện nữa,", "Ý thứ hai,", "Thêm nữa,", "Ngoài ra,", "Ý hai,", "Với cả",
             "Thế còn", "Việc nữa là", "Chuyện khác,", "Ngoài chuyện đó ra,"])
def test_two_matters_in_one_turn_are_two_questions(link: str) -> None:
    found = ask(f"Tôi là Lê Văn Năm, ấp 3. Đường ấp tôi hư quá, bao giờ làm? {link} rác dồn đống trước chợ, "
                "đề nghị xã cho xe tới lấy.").questions
    assert [("đường" in q.text.lower(), "rác" in q.text) for q in found] == [(True, False), (False, True)]


@pytest.mark.parametrize("added", [
    "Với cả nhà văn hóa ấp thì dột, hôm nào mưa họp phải che ni lông.",
    "Ngoài ra tôi muốn xin thuê cái kho cũ bỏ không cạnh chợ làm chỗ phơi lúa."])
def test_what_is_added_in_so_many_words_needs_no_question(added: str) -> None:
    found = ask(f"Tôi là Lê Văn Năm, ấp 3. Đường ấp tôi hư quá, bao giờ làm? {added}").questions
    assert [question.text for question in found] == [
        "Đường ấp tôi hư quá, bao giờ làm?", added.removeprefix("Với cả ").removeprefix("Ngoài ra ")]


@pytest.mark.parametrize("punctuated", [True, False])
def test_numbers_read_out_amid_a_turn_do_not_end_it(punctuated: bool) -> None:
    said = ("Tôi là Lê Văn Năm, ấp 3. Đường ấp tôi hư quá, bao giờ làm? Tôi đọc luôn số điện thoại của tôi 0912 345 678"
            " để mấy cô ghi. Thứ hai, rác dồn đống trước chợ, ruồi nhặng bay vô nhà, ai chịu trách nhiệm?")
    found = ask(said if punctuated else re.sub("[,.?]", "", said.lower())).questions
    assert [("đường" in q.text.lower(), "rác" in q.text) for q in found] == [(True, False), (False, True)]


def test_numbers_read_out_at_the_end_of_a_turn_are_not_part_of_it() -> None:
    question = only(ask("Tôi là Lê Văn Năm, ấp 3. Đường ấp tôi hư quá, bao giờ làm? Tôi đọc luôn 0912 345 678 để mấy "
                        "cô kiếm cho lẹ."))
    assert question.text == "Đường ấp tôi hư quá, bao giờ làm?"


def test_a_long_story_with_no_word_of_asking_is_a_question() -> None:
    question = only(ask("Tôi là Lê Văn Năm, ấp 3. Nhà tôi sát bờ kinh, ba năm nay nước xói vô còn cách vách bếp có hai "
                        "thước, đêm nào cũng nghe đất rớt cái ùm, vợ con tôi dọn qua nhà ngoại ngủ hết rồi."))
    assert "nước xói" in question.text


def test_a_turn_without_punctuation_is_cut_alike() -> None:
    found = ask("dạ tôi là lê văn năm ở ấp ba đường ấp tôi hư quá bao giờ làm với lại rác dồn đống trước chợ "
                "đề nghị xã cho xe tới lấy").questions
    assert [q.text for q in found] == ["đường ấp tôi hư quá bao giờ làm",
                                       "rác dồn đống trước chợ đề nghị xã cho xe tới lấy"]
    assert found[0].asker == "Lê Văn Năm"


def test_a_list_of_things_wanted_is_one_question() -> None:
    only(ask("Tôi là Lê Văn Năm, ấp 3. Đêm nào thanh niên cũng tụ tập sau chợ, đề nghị công an tuần tra, "
             "với lại gắn camera ở đó."))


def test_a_grievance_without_a_question_counts() -> None:
    only(ask("Tôi là Lê Văn Năm, ấp 3. Chợ tự phát bày hàng ra tới giữa đường, giờ tan tầm kẹt cứng, xe cứu thương "
             "cũng không qua được."))


@pytest.mark.parametrize("said", [
    "Tôi là Lê Văn Năm, ấp 3. Tôi không có hỏi gì, tôi chỉ cảm ơn xã đã làm đường. Mong xã phát huy.",
    "Tui là Hoàng Thị Sen, xóm 2. Tui nỏ hỏi chi. Tui chỉ muốn nói là đợt lũ vừa rồi, anh em công an, dân quân cõng "
    "mấy cụ xóm tui lên trường học ở, nấu cháo cho ăn, bầy tui nhớ ơn lắm. Cán bộ mà được rứa thì dân thương.",
    "Tui là Chau Sóc, ấp 3. Tui đâu có hỏi gì. Xưa muốn gặp cán bộ phải đi xe đạp nửa ngày, có bữa mưa tối trời tới "
    "nơi thì người ta nghỉ trưa mất tiêu, nghĩ lại mắc cười. Thôi, để cho bà con nói.",
    "Tôi là Lê Văn Năm, ấp 3. Bà con mình nhận tiền rồi thì bàn giao mặt bằng, đừng để người ta nói mình. Tôi không có "
    "kiến nghị chi.",
    "Tôi là Lê Văn Năm, ấp 3. Xưa làm hợp tác, họp thâu đêm, cãi nhau đỏ mặt, sáng ra vẫn đi cấy đổi công cho nhau. "
    "Mong các đồng chí giữ cho được cái tình ấy. Tôi không hỏi gì cả.",
    "Dạ vâng, cảm ơn chủ tọa."])
def test_praise_and_thanks_are_no_questions(said: str) -> None:
    assert not ask(said).questions


@pytest.mark.parametrize("said", [
    "Tôi là Lê Văn Năm, ấp 3. Tôi không có ý kiến gì. À mà có, xe thu đồ cồng kềnh bao giờ mới qua tổ tôi?",
    "Tôi là Lê Văn Năm, ấp 3. Đề nghị xã sửa con đường ra chợ, ổ gà đầy. Ngoài ra tôi không có ý kiến gì thêm.",
    "Tui là Lê Văn Năm, ấp 3. Tui hổng hỏi mía hỏi kênh gì hết, tui hỏi con đường ra chợ chừng nào sửa."])
def test_who_asks_after_all_is_heard(said: str) -> None:
    only(ask(said))


def test_chiều_thứ_hai_counts_no_matters() -> None:
    only(ask("Tôi là Lê Văn Năm, ấp 3. Chiều thứ hai tôi lên xã nộp hồ sơ đường mà không ai tiếp, vậy tôi phải "
             "gặp ai?"))


@pytest.mark.parametrize(("reply", "status"), [
    ("Dạ thưa chú Tư, con đường đó đã có vốn, khởi công ngày 5/11 và xong trước ngày 20/12.", Status.ANSWERED),
    ("Dạ con đường đó xã xin tiếp thu, sẽ cho rà soát lại trong thời gian tới.", Status.PROMISED),
    ("Dạ con đường đó do Sở Xây dựng quản lý, vượt thẩm quyền của xã, xã sẽ kiến nghị cấp trên.", Status.ESCALATED),
    ("Việc này xã sẽ trả lời bằng văn bản cho chú trong 10 ngày làm việc.", Status.WRITTEN),
    ("Dạ con đường đó không làm được, vì theo quy định đường vào đất riêng thì hộ dân tự làm.", Status.ANSWERED)])
@pytest.mark.parametrize("punctuated", [True, False])
def test_an_answer_is_told_from_a_promise(reply: str, status: Status, punctuated: bool) -> None:
    said = reply if punctuated else reply.lower().replace(",", "").replace(".", "")
    question = only(ask(ROAD, CALL, f"B: {said}"))
    assert (question.status, question.answer.utterances) == (status, (3,))
    assert question.reasons["status"]
    assert question.answer.answered_by == "Ngô Văn Bảo"


def test_a_question_nobody_replies_to_is_unanswered() -> None:
    question = only(ask(ROAD, "A: Tôi xin kết luận. Xin cảm ơn bà con."))
    assert (question.status, question.answer.utterances) == (Status.UNANSWERED, ())


def test_a_promise_made_firm_when_the_chair_insists_is_an_answer() -> None:
    question = only(ask(ROAD, CALL, "B: Dạ xã xin ghi nhận con đường đó, sẽ kiểm tra lại.", "C: Kiểm tra hoài.",
                        "A: Anh Bảo, nói ngày nào xong đi.", "B: Dạ tôi xin hứa sửa xong trước ngày 25/10."))
    assert (question.status, question.answer.utterances) == (Status.ANSWERED, (3, 6))
    assert question.answer.deadline == "trước ngày 25/10"


def test_pressing_the_same_point_is_no_new_question_but_a_new_matter_is() -> None:
    found = ask(ROAD, CALL, "B: Dạ xã xin ghi nhận.", "C: Ghi nhận hoài, chừng nào mới sửa đường?").questions
    assert len(found) == 1
    found = ask(ROAD, CALL, "B: Dạ xã xin ghi nhận.",
                "C: Với lại nước giếng nhà tôi đục ngầu, ai xuống xét nghiệm?").questions
    assert len(found) == 2


def test_what_a_citizen_counts_after_an_answer_is_a_new_matter() -> None:
    found = ask(ROAD, CALL, "B: Dạ thưa chú Tư, đường ra chợ tháng 11 này khởi công, xong trước Tết.",
                "C: Để tôi nói nốt cái thứ hai, nhỏ thôi: lò gạch sau nhà tôi đốt lốp xe, khói đen kịt cả xóm."
                ).questions
    assert [("đường" in q.text.lower(), "lò gạch" in q.text) for q in found] == [(True, False), (False, True)]


def test_answers_given_in_another_order_find_their_questions() -> None:
    found = ask("Tôi là Lê Văn Năm, ấp 3. Đường ra chợ ổ gà đầy, bao giờ sửa? Thứ hai, trại heo sau trường học hôi "
                "quá, chừng nào dời?", CALL,
                "B: Về trại heo sau trường học, chủ trại phải dời trước ngày 31/12. "
                "Còn đường ra chợ thì xã xin ghi nhận.")
    assert [q.status for q in found.questions] == [Status.PROMISED, Status.ANSWERED]


def test_one_official_answers_several_citizens_by_name() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con ấp 1.", "C: Tôi là Phan Văn Tư, ấp 1. Trạm y tế bao giờ có bác sĩ?",
                "A: Mời tiếp, mời cô áo tím.", "D: Tôi là Võ Thị Sáu, ấp 2. Sổ đất của tôi sao chưa cấp?", CALL,
                "B: Cô Sáu hỏi sổ đất thì mời cô lên nhận ngày 20/10. Chú Tư hỏi bác sĩ thì xã xin tiếp thu.")
    first, second = understand(said, MEETING, None).questions
    assert (first.asker, first.status) == ("Phan Văn Tư", Status.PROMISED)
    assert (second.asker, second.status) == ("Võ Thị Sáu", Status.ANSWERED)


def test_what_the_chair_calls_outside_the_topics_is_outside_them() -> None:
    question = only(ask("Tôi là Lê Văn Năm, ấp 3. Rác không ai lấy, xã có xe rác không?",
                        "A: Câu này ngoài chủ đề hôm nay, giao UBND xã trả lời bằng văn bản cho chú "
                        "trong 7 ngày làm việc."))
    assert (question.topic, question.status) == (None, Status.WRITTEN)
    assert (question.answer.agency, question.answer.deadline) == ("UBND xã", "trong 7 ngày làm việc")


def test_a_denunciation_is_flagged_and_its_names_are_private() -> None:
    said = "Tôi là Đặng Văn Hùng, nhà số 12 ấp 3. Tôi tố cáo ông Trịnh Văn Bền thu tiền của 20 hộ mà không làm đường."
    question = only(ask(said, "A: Xin phép ngắt lời chú. Việc này là tố cáo, mời chú qua phòng tiếp dân."))
    assert "denunciation" in question.flags and question.topic is None
    private = {(item.kind, said[item.start:item.end]) for item in question.personal_data}
    assert {("denouncer_name", "Đặng Văn Hùng"), ("denounced_name", "Trịnh Văn Bền")} <= private


def test_an_interrupted_citizen_goes_on_with_the_same_question() -> None:
    question = only(ask("Tôi là Đặng Văn Hùng. Tôi tố cáo trưởng ấp thu tiền không làm đường, tổng cộng là",
                        "A: Xin phép ngắt lời chú, việc này là tố cáo.",
                        "C: Tổng cộng 34 triệu, tôi có giấy biên nhận."))
    assert [span.utterance for span in question.spans] == [1, 3]


@pytest.mark.parametrize(("said", "kind", "data"), [
    ("điện thoại 0908 114 527", "phone", "0908 114 527"),
    ("căn cước của tui là 075157003468", "cccd", "075157003468"),
    ("số tài khoản 0481 0005 77219", "bank_account", "0481 0005 77219"),
    ("điện thoại không chín không tám một một bốn năm hai bảy", "phone",
     "không chín không tám một một bốn năm hai bảy"),
    ("thửa số 215, tờ bản đồ số 18", "parcel", "số 215, tờ bản đồ số 18"),
    ("xe biển số 60B1 123.45", "plate", "60B1 123.45"),
    ("chồng tôi bị tai biến", "health", "bị tai biến")])
def test_private_data_is_marked(said: str, kind: str, data: str) -> None:
    text = f"Tôi là Lê Văn Năm. Đường ra chợ hư, bao giờ sửa, {said}."
    found = [(item.kind, text[item.start:item.end]) for item in only(ask(text)).personal_data]
    assert (kind, data) in found


def test_amounts_years_and_dates_are_not_private() -> None:
    assert not only(ask("Tôi là Lê Văn Năm. Từ năm 2011, 14 năm nay, ngày 25/4/2025 nộp 1.340.000.000 đồng "
                        "mà đường vẫn chưa làm, bao giờ làm?")).personal_data


def test_positions_point_into_the_text_as_given() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con ấp 1.", f"C: {ROAD}")
    question = only(understand(said, MEETING, None))
    assert spans_of(question, said) == question.text


def test_the_summary_is_one_short_line_of_the_citizens_own_words() -> None:
    question = only(ask(ROAD))
    assert question.summary.startswith("Hỏi: ") and question.summary.endswith(".")
    own = set(re.findall(r"\w+", ROAD)) | {"Hỏi"}
    assert set(re.findall(r"\w+", question.summary)) <= own


@pytest.mark.parametrize("said", [[], talk("A: "), talk("A: ."), talk("A: ...", "B: ?!", "A: 1")])
def test_empty_transcripts_give_no_questions(said: list[Utterance]) -> None:
    analysis = understand(said, MEETING, None)
    assert not analysis.questions and len(analysis.places) == len(said)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_said_can_fall_out_of_the_record(seed: int) -> None:
    chance = random.Random(seed)
    pieces = ["thứ hai", "với lại", "tôi tố cáo ông Lê Văn", "mời anh Bảo", "trả lời bằng văn bản", "chừng nào sửa",
              "xin tiếp thu", "mời bà con ấp 3", "đường hư", "Tôi là", "0908 114 527", "kết luận", "!", "…", "ấp",
              "tổ", "ý thứ 9", "ngoài chủ đề", "giao", "ngày", "xin phép ngắt lời", "em xin hết", "và nếu còn thì",
              "số", "\n"]
    said = [Utterance(i, i + 1.0, chance.choice("ABCDE"), " ".join(chance.choices(pieces, k=chance.randrange(14))))
            for i in range(chance.randrange(25))]
    analysis = understand(said, MEETING, None)
    assert len(analysis.places) == len(said)
    asking = {span.utterance for question in analysis.questions for span in question.spans}
    answering = {i for question in analysis.questions for i in question.answer.utterances}
    for i, place in enumerate(analysis.places):
        assert (place == Place.QUESTION) == (i in asking)
        assert (place == Place.ANSWER) == (i in answering - asking)
    for question in analysis.questions:
        assert all(0 <= s.start < s.end <= len(said[s.utterance].text) for s in question.spans)
        assert all(0 <= p.start < p.end <= len(said[p.utterance].text) for p in question.personal_data)
    json.dumps(questions_json(analysis, MEETING))


def test_a_given_name_that_is_also_a_rank_is_no_rank() -> None:
    meeting = replace(MEETING, officials=(Person("Nguyễn Văn Trung", "Bí thư Đảng ủy xã", "chair"),
                                          Person("Thượng úy Lê Thị Đại", "Trưởng Công an xã")))
    said = talk("A: Tôi là Nguyễn Văn Trung, Bí thư. Mời bà con ấp 3.",
                "C: Tôi tên Nguyễn Văn Bảy, ở ấp 3. Đường ấp hư hết, bao giờ sửa?", "A: Mời chị Đại trả lời.",
                "B: Dạ, đường ấp 3 sửa xong trước ngày 30 tháng 6.")
    question = only(understand(said, meeting, None))
    assert (question.asker, question.answer.answered_by.split(",")[0]) == ("Nguyễn Văn Bảy", "Thượng úy Lê Thị Đại")


def test_speakers_may_carry_their_own_names() -> None:
    said = talk("Lê Thị Hân: Mời bà con ấp 3.", f"Phan Văn Tư: {ROAD}",
                "Ngô Văn Bảo: Dạ con đường đó khởi công ngày 5/11.")
    question = only(understand(said, MEETING, None))
    assert (question.status, question.answer.answered_by) == (Status.ANSWERED, "Ngô Văn Bảo")


def test_the_border_format_has_every_agreed_key() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con ấp 1.", f"C: {ROAD}")
    written: dict[str, Any] = questions_json(understand(said, MEETING, None), MEETING)
    assert {"questions", "places", "generator"} <= set(written)
    assert set(written["questions"][0]) == {
        "id", "spans", "topic", "status", "answer_utterances", "asker", "address", "text", "summary", "topic_score",
        "answer", "answered_by", "agency", "deadline", "personal_data", "flags", "reasons",
        "deadline_date", "answer_summary", "second_topic", "second_score", "linked", "follow_ups"}


@needs_shared
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["dialogue_1", "dialogue_2"])
def test_everyone_in_the_shared_dialogues_is_recognised(name: str, form: str) -> None:
    dialogue = Dialogue(SHARED / name, form)
    analysis, gold = dialogue.analysis, dialogue.gold
    askers = {speaker for speaker, role in gold["roles"].items() if role == "citizen"}
    assert {question.asker for question in analysis.questions} <= {gold["speakers"][speaker] for speaker in askers}
    assert abs(len(analysis.questions) - len(gold["questions"])) <= 1
