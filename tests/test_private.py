"""Private data in both forms, and what may leave in papers made for the public."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from models.records import PersonalData, Span
from summarize.flat import flatten
from summarize.masking import MASK, WITHHELD_LINE, mask, told, told_lines, veil
from summarize.private import private_data
from summarize.private_persons import denounces
from summarize.questions import understand
from tests.dialogues import FORMS, Dialogue, in_each_known
from tests.test_questions import MEETING, ask, talk

DATA = Path(__file__).parent / "data"


def cases() -> list[dict[str, str]]:
    with (DATA / "private.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("text, hidden", [
    ("Xe ba mươi sáu c hai một năm không bảy chạy suốt đêm.", "ba mươi sáu c hai một năm không bảy"),
    ("Tàu lưới rê QNg 95 217 TS nằm bờ ba tháng.", "QNg 95 217 TS"),
    ("Tôi ở phòng 302 nhà B4, tường nứt.", "phòng 302 nhà B4"),
    ("Bà tôi sinh mười tháng mười năm một nghìn chín trăm bốn mươi bảy.",
     "mười tháng mười năm một nghìn chín trăm bốn mươi bảy"),
    ("Quán nhậu của ông Tư Nở hát tới một giờ sáng.", "ông Tư Nở"),
    ("Ông Ba Xạo chất gạch choán nửa đường.", "Ông Ba Xạo"),
    ("Gọi thằng con là 0918.306.452. Dì cảm ơn.", "0918.306.452"),
    ("Mẹ tôi lẫn, nằm một chỗ ba năm nay.", "nằm một chỗ"),
    ("Chữ nhỏ quá, mắt tui lòa rồi.", "mắt tui lòa rồi"),
    ("Tôi tim phải đặt stent, nghe loa kéo là mệt.", "tim phải đặt stent"),
    ("Chị gái tôi bị chồng đánh gãy hai cái xương sườn.", "bị chồng đánh"),
    ("Cháu nó nhiễm H, uống thuốc ARV ba năm.", "nhiễm H"),
    ("Cháu Khôi học lớp 3 bị bạn đánh ở trường.", "Khôi"),
])
def test_what_people_let_slip_is_hidden(text: str, hidden: str) -> None:
    assert hidden in [text[item.start:item.end] for item in private_data(flatten(text), 0)]


@pytest.mark.parametrize("text", [
    "Danh sách giai đoạn 2026-2030 chưa có xóm tôi.", "Anh trai tôi liệt sĩ hy sinh năm 1972.",
    "Số trực là 0255.384.1177, bà con thấy thì gọi.", "Các tờ giống nhau còn ba. Tờ một của thôn Đông.",
    "Xe của anh rể cho mượn.", "Tôi xin tách thửa. Ba con đều lớn cả.", "Ý kiến của bác Hai Nhân tôi cũng nghĩ vậy."])
def test_what_only_looks_private_stays(text: str) -> None:
    assert private_data(flatten(text), 0) == []


def test_asking_for_a_share_is_a_denunciation_of_whom_it_is_told() -> None:
    told = ("Tôi là Lưu Quang Định. Ông Tạ Văn Khương, tổ trưởng tổ kiểm đếm, gợi ý ai chịu chia 20% thì ông ấy "
            "ghi thêm cây.")
    assert denounces(flatten(told))
    assert denounces(flatten(told.lower().replace(",", "").replace("20%", "hai mươi phần trăm")))
    assert not denounces(flatten("Ông Tạ Văn Khương, tổ trưởng, chia đều nước cho các hộ."))


@pytest.mark.parametrize("form", FORMS)
def test_numbers_read_out_are_masked_and_others_left_alone(form: str) -> None:
    masks = right = 0
    for case in cases():
        text, wanted = case[form], case[f"data_{form}"]
        found = [text[item.start:item.end] for item in private_data(flatten(text), 0)]
        assert not wanted or any(wanted in words for words in found), (case["kind"], text)
        masks += len(found)
        right += sum(bool(wanted) and (words in wanted or wanted in words) for words in found)
    assert right / masks >= 0.98


@in_each_known
def test_nothing_private_leaves_a_dialogue(dialogue: Dialogue) -> None:
    said, analysis, form = dialogue.said, dialogue.analysis, dialogue.form
    shown = [line.text for line in told_lines(said, analysis)]
    published = "\n".join(f"{q.asker} {q.text} {q.summary} {q.answer.text} {q.answer.summary}"
                          for q in told(analysis.questions, said, published=True))
    for item in dialogue.gold["personal_data"]:
        words = item[form].replace(",", "") if form == "heard" else item[form]
        assert words not in shown[item["utterance"]], item
        if item["kind"] not in ("denouncer_address", "denounced_position"):
            assert words not in published, item


TIP = "Tôi là Đặng Văn Hùng, nhà số 12 ấp 3. Tôi tố giác ông Trịnh Văn Bền cho vay nặng lãi, điện thoại 0908 114 527."


def test_a_denunciation_is_withheld_as_a_whole() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời chú.", f"C: {TIP}", "A: Dạ chú dừng ở đó, việc này là tố giác.",
                "D: Tôi là Võ Thị Sáu, ấp 2. Đường ra chợ hư, bao giờ sửa?", "A: Mời chú ở ấp 3 ở lại gặp chủ trì.")
    analysis = understand(said, MEETING, None)
    assert [question.asker for question in told(analysis.questions, said)] == ["Võ Thị Sáu"]
    lines = told_lines(said, analysis)
    assert [line.text for line in lines].count(WITHHELD_LINE) == 3
    shown = " ".join(f"{line.speaker} {line.text} {line.heard}" for line in lines)
    assert not any(words in shown for words in ("Hùng", "Bền", "nặng lãi", "0908", "ấp 3"))


def test_what_the_chair_calls_a_denunciation_is_one_though_no_cue_says_so() -> None:
    found = ask("Tôi ở tổ 7. Có cán bộ tên là Lê Đức Thuận cầm của tôi 50 triệu.",
                "A: Xin bác không nêu ở đây. Đây là tố cáo, thông tin của bác được giữ bí mật.").questions
    assert len(found) == 1 and "denunciation" in found[0].flags


def test_a_denunciation_that_is_read_out_from_a_slip_is_withheld() -> None:
    said = talk("A: Tôi là Lê Thị Hân, xin chào.",
                "A: Tôi đọc phiếu câu hỏi gửi đến. Phiếu thứ nhất của bà Nguyễn Thị Phượng, ấp Thạnh Phú. Bà hỏi: ông "
                "Trần Văn Tư trưởng ấp thu hai triệu đồng không vào sổ.")
    analysis = understand(said, MEETING, None)
    lines = " ".join(line.text for line in told_lines(said, analysis, published=True))
    assert "denunciation" in analysis.questions[0].flags
    assert not any(words in lines for words in ("Phượng", "Thạnh Phú", "Tư", "hai triệu")) and "Lê Thị Hân" in lines


@pytest.mark.parametrize("name, called", [
    ("H'Lan Mlô", "chị H'Lan"), ("Y Bliu Niê", "anh Bliu"), ("Trần Thị Ngọc Lan", "bà Ngọc Lan"),
    ("Huỳnh Thị Thúy", "cô Thuý"), ("Tôn Nữ Hoà", "mệ Hòa")])
def test_who_is_hidden_is_hidden_however_they_are_called(name: str, called: str) -> None:
    question = replace(ask(f"Tôi tên {name}, ở ấp 3. Đường ấp tôi hư quá, bao giờ làm?").questions[0], asker=name,
                       flags=("anonymous",))
    said = talk(f"C: Tôi tên {name}, ở ấp 3. Đường ấp tôi hư quá, bao giờ làm?", f"A: Dạ {called} cứ yên tâm.")
    hidden = veil([replace(question, spans=(Span(0, 0, 10),))], said)
    assert hidden(f"Dạ {called} cứ yên tâm.") == f"Dạ {MASK} cứ yên tâm."


@pytest.mark.parametrize("told_of", [
    "Ông Trương Tấn Phát, cán bộ địa chính, vòi tôi 5 triệu mới ký.",
    "Cán bộ địa chính Trương Tấn Phát vòi tôi năm triệu mới ký.",
    "Tôi Nguyễn Văn Đực, ấp 2, xin tố ông phó chủ tịch Hai Thọ nhận hai chục triệu làm sổ.",
    "Anh Phan Thanh Tùng trong ban quản lý chợ đòi tôi lót tay năm triệu.",
    "Tôi là Cao Thị Sen. Trưởng ấp chia gạo cho người nhà, bao giờ xử lý?",
    "Bà Lê Thị Tám đứng đơn tố cáo hiệu trưởng, đề nghị giữ kín."])
@pytest.mark.parametrize("form", FORMS)
def test_whoever_is_denounced_in_whatever_words_is_withheld(told_of: str, form: str) -> None:
    told_of = told_of if form == "written" else flatten(told_of).text
    analysis = ask(told_of, "A: Vâng, tôi nghe rồi.")
    assert analysis.questions and all("denunciation" in question.flags for question in analysis.questions)


def test_who_is_spoken_of_first_has_not_asked() -> None:
    assert ask("Ông Sáu Lẹ, hàng xóm, lấn mương nhà tôi, bao giờ xã xử lý?").questions[0].asker == ""


@pytest.mark.parametrize("question, reply, hidden", [
    ("Bác đọc số căn cước đi.", "Dạ 034 157.", "034 157"), ("Bác sinh năm nào?", "Dạ năm 1957.", "năm 1957"),
    ("Nhà chú số mấy?", "Dạ 12/4 cô.", "12/4"), ("Cháu bệnh gì vậy chị?", "Động kinh, mười năm rồi.", "Động kinh"),
    ("số máy chú bao nhiêu", "không chín không năm hai", "không chín không năm hai")])
def test_the_barest_reply_to_what_is_asked_back_is_masked(question: str, reply: str, hidden: str) -> None:
    said = talk("A: Xin chào bà con.", f"A: {question}", f"C: {reply}", "A: Đường dài 157 mét.")
    lines = told_lines(said, understand(said, MEETING, None))
    assert lines[2].text == reply.replace(hidden, MASK) and lines[3].text == "Đường dài 157 mét."


def test_a_number_taken_back_is_masked_with_the_one_that_follows() -> None:
    assert mask("Điện thoại tôi 0905 à nhầm 0906 112 233, chú ghi.") == f"Điện thoại tôi {MASK}, chú ghi."


def test_whom_a_denunciation_names_that_only_a_person_took_for_one_is_hidden_everywhere() -> None:
    said = talk("A: Xin chào bà con.", "C: Tôi thấy ông Trịnh Văn Bền lấn mương, bao giờ xã xử lý?",
                "D: Tôi là Võ Thị Sáu, ấp 2. Ông Bền nhà tôi biết, đường hư quá, bao giờ sửa?")
    analysis = understand(said, MEETING, None)
    first, second = analysis.questions
    flagged = replace(analysis, questions=(replace(first, flags=("denunciation", "private")), second))
    assert not any("Bền" in line.text for line in told_lines(said, flagged))
    assert not any("Bền" in question.text for question in told(flagged.questions, said))


def test_a_voice_that_somebody_named_is_hidden_with_the_denunciation_it_speaks() -> None:
    said = talk("A: Xin chào bà con.", "Lâm Quốc Dũng: Tôi tố cáo ông Trịnh Văn Bền cho vay nặng lãi.",
                "D: Tôi là Võ Thị Sáu, ấp 2. Như anh Lâm Quốc Dũng nói lúc nãy, đường hư quá, bao giờ sửa?")
    analysis = understand(said, MEETING, None)
    cleared = replace(analysis, questions=tuple(replace(q, asker="") if "denunciation" in q.flags else q
                                                for q in analysis.questions))
    assert not any("Dũng" in f"{line.speaker} {line.text}" for line in told_lines(said, cleared))


def test_a_mark_without_a_letter_hides_nothing() -> None:
    said = talk("C: Đường hư ?! Bao giờ sửa.")
    question = replace(ask("Đường hư ?! Bao giờ sửa.").questions[0],
                       personal_data=(PersonalData(0, 9, 11, "third_party", reason="che"),))
    assert veil([question], said)("Xin chào, bà con. Hết rồi ạ") == "Xin chào, bà con. Hết rồi ạ"


@pytest.mark.parametrize("told_of", [
    "Tôi Lê Văn Chín, ấp 4. Gạo cứu đói về, ông Ba Tánh, trưởng ấp, phát mười ký, dư thì chở về nhà.",
    "Tôi là Chu Thị Nga, xóm Bãi. Ông Đoàn Văn Kỷ, trưởng thôn, khai khống ba mẫu đất công cho người nhà thuê.",
    "Tôi tên Lý A Páo. Ông Giàng A Sò, trưởng bản, bảo đưa hai triệu thì mới có tên trong danh sách hộ nghèo."])
def test_a_wrong_told_of_somebody_by_name_and_office_is_a_denunciation(told_of: str) -> None:
    assert "denunciation" in ask(told_of, "A: Mời anh Bảy trả lời.").questions[0].flags


@pytest.mark.parametrize("stops", [
    "Khoan anh, anh bỏ giấy tờ vào phong bì, lát đưa tận tay tôi.",
    "Dạ em tắt mic giùm. Chuyện này chưa biết trắng đen.",
    "Anh dừng ở đó. Ủy ban Kiểm tra xem xét, bảy ngày nữa báo cho anh có thụ lý hay không.",
    "Chị thư ký, đoạn này đừng đánh vô bản dán ngoài ấp."])
def test_whatever_way_the_chair_stops_a_denunciation_it_is_withheld(stops: str) -> None:
    found = ask("Tôi ở tổ 7. Bà Lê Thị Thuận hẹn tôi lên nhà rồi cầm luôn giấy tờ của tôi.", f"A: {stops}").questions
    assert len(found) == 1 and "denunciation" in found[0].flags


@pytest.mark.parametrize("stops", [
    "Xin tiếp nhận riêng, chú đừng nêu thêm.", "Bác dừng ở đây giúp tôi, việc này để công an xã làm việc với bác.",
    "Việc này có bộ phận riêng xử lý, xin không bàn ở hội trường.", "Bác đừng nói ở đây, lát bác gặp tôi."])
def test_a_wrong_told_of_somebody_in_office_is_withheld_when_the_chair_stops_it(stops: str) -> None:
    found = ask("Tôi ở tổ 7. Anh bên tổ đô thị cà phê cà pháo lấy của thằng thầu ba triệu mới cho đổ móng.",
                f"A: {stops}").questions
    assert len(found) == 1 and "denunciation" in found[0].flags


@pytest.mark.parametrize("asked, reply", [
    ("Trưởng ấp thu tiền rác 20 ngàn một tháng, vậy có đúng quy định không?", "Dạ đúng ạ."),
    ("Cán bộ địa chính thu phí đo đạc 1 triệu một thửa, mức đó theo quy định nào?", "Dạ để tôi xem."),
    ("Kế toán hợp tác xã giữ 5 triệu tiền cổ phần của tôi, bao giờ trả?", "Dạ tháng sau."),
    ("Cầu ấp tôi sắp sập, bao giờ xã làm?", "Cái này nghiêm trọng đấy, mai xã xuống ngay."),
    ("Hồ sơ đất của tôi nộp ba tháng rồi, bao giờ có?", "Bác giao hồ sơ tận tay tôi, ba ngày có."),
    ("Micro hú quá, đường ấp 3 hư, bao giờ sửa?", "Anh em tắt mic giùm, hú quá.")])
def test_an_ordinary_question_is_not_withheld(asked: str, reply: str) -> None:
    found = ask(f"Tôi là Lê Văn Năm, ấp 3. {asked}", f"A: {reply}").questions
    assert found and not any("denunciation" in question.flags for question in found)


@pytest.mark.parametrize("asks", ["Chú nói chỗ thôi, đừng kêu tên người ta trên loa.", "Em Dương bỏ cái tên ra giùm."])
@pytest.mark.parametrize("told_of", ["Ao của ông Ba Khuôl bơm bùn ra kinh, bao giờ xã xử lý?",
                                     "ao của ông ba khuôl bơm bùn ra kinh bao giờ xã xử lý"])
def test_whom_the_chair_asks_not_to_name_is_masked_and_the_question_stays(told_of: str, asks: str) -> None:
    found = ask(told_of, f"A: {asks}").questions
    assert len(found) == 1 and "denunciation" not in found[0].flags
    assert [(told_of[item.start:item.end].lower(), item.kind) for item in found[0].personal_data] == [
        ("ông ba khuôl", "third_party")]


@pytest.mark.parametrize("number", ["tàu QNg 94217 TS", "tàu KH 95218", "ghe số cà mau chín bốn hai một bảy tê ét"])
def test_the_number_of_a_boat_is_masked(number: str) -> None:
    text = f"Tôi là chủ {number} vô bờ bị lập biên bản."
    assert [item.kind for item in private_data(flatten(text), 0)] == ["plate"]


def test_a_mask_may_be_lifted_or_added() -> None:
    text = "Nhà em số 12 ấp 3, điện thoại 0908 114 527, chồng em là cò đất."
    assert mask(text) == f"Nhà em số {MASK} ấp 3, điện thoại {MASK}, chồng em là cò đất."
    assert "0908 114 527" in mask(text, lifted=("0908 114 527",))
    assert "cò đất" not in mask(text, hidden=("cò  đất",))


def test_a_number_said_once_is_hidden_everywhere() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con ấp 3.",
                "C: Tôi là Phan Văn Tư, ấp 3. Điện thoại 0908 114 527. Đường hư, bao giờ sửa?",
                "A: Vậy 0908 114 527 là máy của chú, xã gọi lại trước ngày 5/4.")
    assert all("114" not in line.text for line in told_lines(said, understand(said, MEETING, None)))


def test_a_house_number_is_hidden_where_it_is_one_and_nowhere_else() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời chú.",
                "C: Tôi là Phan Văn Tư, số nhà 12 ấp 3. Đường hư 12 năm nay, bao giờ sửa?",
                "D: Tôi là Võ Thị Sáu, ấp 2. Còn 12 hộ chưa có nước, chừng nào có?")
    text = " ".join(line.text for line in told_lines(said, understand(said, MEETING, None)))
    assert "số nhà 12" not in text and "12 năm nay" in text and "12 hộ" in text


def test_who_wants_no_name_gets_none_and_a_house_number_stays_home() -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời chú ngồi hàng đầu.",
                "C: Tôi là Phan Văn Tư, số nhà 12/4 ấp 3, xin giấu tên. Đường hư, bao giờ sửa?")
    (question,) = told(understand(said, MEETING, None).questions, said)
    assert (question.asker, question.address) == ("", "ấp 3")
    assert "12/4" not in question.text and "Phan Văn Tư" not in question.text


@pytest.mark.parametrize(("text", "hidden"), [
    ("Vợ anh Tám bỏ nhà đi rồi, ai nuôi con?", ["anh Tám", "bỏ nhà đi"]),
    ("con ông bảy bị bệnh tâm thần hay quậy phá", ["ông bảy", "bị bệnh tâm thần"]),
    ("Nhà bà Tư có tiền án mà cũng được xét.", ["bà Tư", "có tiền án"]),
    ("Tôi ly hôn rồi, giờ khai sinh cho con làm sao?", ["ly hôn"]),
    ("chồng tôi đang ở tù tôi nuôi ba đứa con", ["đang ở tù"]),
    ("Em sinh tháng 3 năm 1962, chưa có sổ.", ["tháng 3 năm 1962"]),
    ("tôi sinh ngày ba tháng hai năm một chín sáu hai", ["ngày ba tháng hai năm một chín sáu hai"]),
    ("Con tôi sinh 2010, học lớp mấy?", ["2010"]),
])
def test_family_health_and_birth_of_people_are_hidden(text: str, hidden: list[str]) -> None:
    found = private_data(flatten(text), 0)
    assert [text[item.start:item.end] for item in found] == hidden


@pytest.mark.parametrize("text", [
    "Xin hỏi thủ tục ly hôn ở đâu?", "Tình trạng bạo lực gia đình trong xã tăng.", "Phòng chống ma túy, cai nghiện.",
    "Nhà văn hóa xã sinh hoạt năm nào cũng ngập.", "Xã mình thành lập năm 1975.", "Con đường này hư từ năm 2010."])
def test_what_is_said_of_nobody_stays(text: str) -> None:
    assert not private_data(flatten(text), 0)


@pytest.mark.parametrize(("text", "position"), [
    ("Tôi tố cáo ông Trịnh Văn Bền, trưởng ban điều hành ấp, thu tiền.", "trưởng ban điều hành ấp"),
    ("tôi tố cáo cán bộ địa chính cũ của xã ông lương quốc đạt nhận tiền", "cán bộ địa chính cũ của xã")])
def test_the_post_of_one_denounced_is_marked(text: str, position: str) -> None:
    found = {item.kind: text[item.start:item.end] for item in private_data(flatten(text), 0, True)}
    assert found["denounced_position"] == position and "denounced_name" in found


def test_more_than_two_hundred_numbers_are_read_out() -> None:
    numbers = [case for case in cases() if case["data_heard"] and case["kind"] not in ("health", "birth_date")]
    assert len(numbers) >= 200


def test_a_number_that_ends_like_an_emergency_call_is_still_a_number() -> None:
    text = "Điện thoại 0908 114 527, căn cước 079 185 003 421."
    assert [text[item.start:item.end] for item in private_data(flatten(text), 0)] == ["0908 114 527", "079 185 003 421"]
    assert not private_data(flatten("Cháy thì gọi 114, đường dây nóng 0251 3822 113."), 0)


@pytest.mark.parametrize("hush", [
    "Em dừng lại đó, đừng nói tên tuổi thêm ở chỗ đông người.", "Chuyện này luật bắt phải kín, chú đưa micro cho tui.",
    "Thư ký ơi, bỏ hết tên trong đoạn này.", "Đọc lên loa là hại người ta, phiếu niêm phong lại.",
    "Lãi gấp năm lần thì là tội cho vay nặng lãi, chị lên gặp công an."])
@pytest.mark.parametrize("who", ["A", "B"])
def test_what_anybody_asks_to_keep_quiet_is_withheld_with_the_words_that_ask(hush: str, who: str) -> None:
    said = talk("A: Tôi là Lê Thị Hân. Mời bà con.", "C: Tôi là Võ Thị Sáu, ấp 2. Bà Mười Lợi cho tôi mượn hai chục "
                "triệu, nay đòi bảy chục triệu. Xã coi giùm tôi?", f"{who}: {hush}",
                "D: Tôi là Phan Văn Tư, ấp 3. Đường ra chợ hư, bao giờ xã sửa?")
    analysis = understand(said, MEETING, None)
    assert [question.asker for question in told(analysis.questions, said, published=True)] == ["Phan Văn Tư"]
    shown = " ".join(line.text for line in told_lines(said, analysis))
    assert not any(words in shown for words in ("Mười Lợi", "Võ Thị Sáu", hush))


@pytest.mark.parametrize(("text", "hidden"), [
    ("Con Sáu té gãy cổ tay.", "gãy cổ tay"), ("Đứa cháu tôi viêm phế quản co thắt.", "viêm phế quản co thắt"),
    ("Tui hôm đó phải vô Huế nuôi con mổ tim.", "mổ tim"), ("Ông nhà tôi hen suyễn phải ngồi dậy thở.", "hen suyễn"),
    ("Nhà tôi tờ 22, thửa 107.", "tờ 22, thửa 107"), ("Tôi đau đầu suốt.", "đau đầu suốt"),
    ("Tàu của tui gãy chân vịt.", ""), ("Đường trơn, tháng trước có đứa gãy chân.", ""),
    ("Trạm có chích ngừa dại miễn phí không?", ""), ("Khói lò gạch gây viêm phế quản.", ""),
    ("Trẻ sinh năm 2020 nhiều.", "")])
def test_an_illness_is_private_where_it_is_somebodys(text: str, hidden: str) -> None:
    found = [text[item.start:item.end] for item in private_data(flatten(text), 0)]
    assert found == ([hidden] if hidden else [])
