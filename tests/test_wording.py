"""Heard words become text for minutes: capitals, sentences, and the way back to the words."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest

from benchmarks import dialogues
from benchmarks.wording import COUNTED, Score, measured
from models.records import Word
from transcribe.wording.compounds import binds
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Line, Phrases
from transcribe.wording.names import names
from transcribe.wording.wording import introduced, pieces, written

OFFICIALS = Glossary.of(["Trần Quốc Bảo", "Lê Thị Hân", "xã Tân Hòa, huyện Long Thành"])


@pytest.fixture(scope="module")
def unseen() -> dict[str, Score]:
    """How the dialogues are written that no weight was learned from."""
    each = [measured(folder) for folder in dialogues.unseen_in_tests()]
    return {counted: sum((scores[counted] for scores in each), Score()) for counted in COUNTED}


def words_of(text: str) -> list[str]:
    return text.split()


def timed(text: str, pauses: dict[int, float]) -> list[Word]:
    """Words of 0.2 s with 0.05 s between them, and longer silence before the words in `pauses`."""
    words: list[Word] = []
    now = 0.0
    for position, word in enumerate(text.split()):
        now += pauses.get(position, 0.05)
        words.append(Word(word, now, now + 0.2, 0.9))
        now += 0.2
    return words


@pytest.mark.parametrize(("heard", "expected"), [
    ("dạ tôi tên nguyễn văn tám sáu mươi bảy tuổi ngụ ở ấp bàu sen",
     "Dạ, tôi tên Nguyễn Văn Tám, 67 tuổi, ngụ ở ấp Bàu Sen."),
    ("mời chị lệ", "Mời chị Lệ."),
    ("dạ cảm ơn chú ba", "Dạ, cảm ơn chú Ba."),
    ("ủy ban nhân dân xã báo cáo sở xây dựng", "UBND xã báo cáo Sở Xây dựng."),
    ("theo luật đất đai thì hội đồng nhân dân tỉnh quyết định",
     "Theo Luật Đất đai thì Hội đồng nhân dân tỉnh quyết định."),
    ("gắn ca mê ra ở ngã ba", "Gắn camera ở ngã ba."),
    ("quê tôi ở quảng ngãi", "Quê tôi ở Quảng Ngãi."),
    ("ba tôi mất năm một chín bảy lăm", "Ba tôi mất năm 1975."),
    ("bác sĩ trực", "Bác sĩ trực."),
    ("có bác sĩ không", "Có bác sĩ không?"),
    ("mời đồng chí võ thanh sang đại diện trung tâm y tế", "Mời đồng chí Võ Thanh Sang, đại diện Trung tâm Y tế."),
    ("phòng văn hóa xã hội trả lời", "Phòng Văn hóa – Xã hội trả lời."),
    ("ba câu này khó", "Ba câu này khó."),
    ("chừng nào xã làm đường", "Chừng nào xã làm đường?"),
])
def test_short_sayings(heard: str, expected: str) -> None:
    assert written(heard) == expected


def test_glossary_makes_names_of_everyday_words() -> None:
    assert written("giao anh bảo xử lý") == "Giao anh bảo xử lý."
    assert written("giao anh bảo xử lý", OFFICIALS) == "Giao anh Bảo xử lý."
    assert written("ở tân hòa", OFFICIALS) == "Ở Tân Hòa."


def test_glossary_takes_names_out_of_titles() -> None:
    glossary = Glossary.of(["Hội nghị đối thoại xã Lộc Phước (hư cấu), huyện Long Thành", "Đỗ Minh Trí"])
    assert set(glossary.written) == {"lộc phước", "long thành", "đỗ minh trí"}
    assert glossary.given == {"trí"}


def test_what_was_introduced_can_be_a_glossary() -> None:
    learnt = introduced("tôi tên bùi công định ở ấp suối cạn")
    assert set(learnt.written.values()) == {"Bùi Công Định", "Suối Cạn"}
    assert written("ý của anh định ở suối cạn", learnt) == "Ý của anh Định ở Suối Cạn."


def test_sentences_end_where_turns_of_speech_say_so() -> None:
    text = written("tôi hỏi hai chuyện một là rác chưa ai gom hai là đèn đường hư xin cảm ơn")
    assert text == "Tôi hỏi 2 chuyện. Một là rác chưa ai gom. Hai là đèn đường hư. Xin cảm ơn."


def test_an_announced_list_is_one_sentence() -> None:
    text = written("hội nghị gồm hai nội dung một là vệ sinh môi trường hai là thủ tục đất đai")
    assert text == "Hội nghị gồm 2 nội dung: một là vệ sinh môi trường; hai là thủ tục đất đai."


def test_a_long_pause_ends_a_sentence() -> None:
    heard = "đường ngập tới đầu gối trẻ con lội nước đi học"
    assert written(timed(heard, {})) == "Đường ngập tới đầu gối trẻ con lội nước đi học."
    assert written(timed(heard, {5: 1.2})) == "Đường ngập tới đầu gối. Trẻ con lội nước đi học."


def test_a_breath_parts_clauses_and_nothing_that_belongs_together() -> None:
    heard = "thông qua hội thi học sinh được rèn luyện và tự tin hơn"
    assert written(timed(heard, {4: 0.35})) == "Thông qua hội thi, học sinh được rèn luyện và tự tin hơn."
    assert "," not in written(timed(heard, {5: 0.35})), "within «học sinh»"
    assert "," not in written(timed(heard, {8: 0.35})), "before «và»"


def test_words_run_together_end_no_sentence_that_hesitation_would() -> None:
    heard = "xã đã làm đường xong rồi người ta đi lại dễ hơn trước"
    assert written(timed(heard, {})).count(".") == 1
    assert written(timed(heard, {6: 0.9})) == "Xã đã làm đường xong rồi. Người ta đi lại dễ hơn trước."


@pytest.mark.parametrize(("heard", "expected"), [
    ("đèn đường hư xin xã thay giùm hết rồi", "Đèn đường hư xin xã thay giùm. Hết rồi."),
    ("cảm ơn bác rồi mời tiếp", "Cảm ơn bác. Rồi, mời tiếp."),
    ("thưa các đồng chí tôi là huỳnh văn lành", "Thưa các đồng chí, tôi là Huỳnh Văn Lành."),
    ("ý kiến của anh định chúng tôi xin tiếp thu", "Ý kiến của anh Định, chúng tôi xin tiếp thu."),
    ("xã lắp thêm trạm được không ạ", "Xã lắp thêm trạm được không ạ?"),
    ("tôi biết mạng gì đâu", "Tôi biết mạng gì đâu."),
    ("xe ben không được chạy từ sáu giờ tới mười tám giờ tôi đề nghị xã phạt cho thật nặng",
     "Xe ben không được chạy từ 6 giờ tới 18 giờ. Tôi đề nghị xã phạt cho thật nặng."),
    ("giấy khai sinh thì chưa có việc thứ hai là tiền điện tăng quá nhiều so với năm ngoái",
     "Giấy khai sinh thì chưa có. Việc thứ hai là tiền điện tăng quá nhiều so với năm ngoái."),
    ("tôi hẹn chị sáng thứ hai tuần sau lên lấy giấy ở bàn số bốn",
     "Tôi hẹn chị sáng thứ Hai tuần sau lên lấy giấy ở bàn số 4."),
    ("con đường nguyễn trãi ở trước trường tiểu học lê lợi", "Con đường Nguyễn Trãi ở trước trường tiểu học Lê Lợi."),
    ("xin chào bà con tôi là phạm thị thu hà chủ tịch ủy ban nhân dân xã phú thịnh hôm nay chúng ta họp",
     "Xin chào bà con. Tôi là Phạm Thị Thu Hà, Chủ tịch UBND xã Phú Thịnh. Hôm nay chúng ta họp."),
    ("còn đúng ba hộ là chưa", "Còn đúng 3 hộ là chưa."),
    ("tôi hỏi sao lần nào cũng thiếu giấy", "Tôi hỏi sao lần nào cũng thiếu giấy?"),
    ("tôi hỏi thiệt lần nào cũng thiếu giấy", "Tôi hỏi thiệt lần nào cũng thiếu giấy."),
    ("xong lượt hai mời chú", "Xong lượt hai. Mời chú."),
])
def test_where_sentences_part(heard: str, expected: str) -> None:
    assert written(heard, Glossary.of(["Bùi Công Định"])) == expected


def test_a_pause_within_a_name_ends_nothing() -> None:
    assert written(timed("tôi là nguyễn văn hùng", {4: 2.0})) == "Tôi là Nguyễn Văn Hùng."


def test_every_word_stands_behind_one_piece_whatever_was_heard() -> None:
    vocabulary = words_of(
        "tôi tên nguyễn văn ba ấp bàu sen ủy ban nhân dân xã số ba mươi mốt gạch ca hát đờ u không có thứ hai năm mét "
        "vuông triệu rưỡi ngày tháng phòng văn hóa xã hội ca mê ra dạ thưa bà con vậy chừng nào một là gồm phẩy xẹt")
    chance = random.Random(7)
    for _ in range(200):
        words = chance.choices(vocabulary, k=chance.randint(1, 60))
        covered = [position for piece in pieces(words) for position in range(piece.start, piece.end)]
        assert covered == list(range(len(words)))


def test_nothing_heard_is_nothing_written() -> None:
    assert written("") == ""
    assert written([]) == ""
    assert pieces("", OFFICIALS) == []


def test_an_interrupted_sentence_has_no_full_stop() -> None:
    assert written("tổng cộng là") == "Tổng cộng là"


def test_a_request_does_not_ask() -> None:
    assert written("tôi đề nghị xem có đúng hay không") == "Tôi đề nghị xem có đúng hay không."
    assert written("tới giờ chưa thấy một đồng nào") == "Tới giờ chưa thấy một đồng nào."


def test_pieces_join_to_the_text() -> None:
    heard = "dạ em tên trần thị lan ở ấp ba em hỏi chừng nào có nước sạch ạ"
    assert " ".join(piece.text for piece in pieces(heard)) == written(heard)


def test_decomposed_letters_are_composed() -> None:
    assert written(unicodedata.normalize("NFD", "tổ bảy")) == "Tổ 7."


def test_ten_thousand_words_in_a_moment() -> None:
    heard = "dạ thưa bà con về trại heo ở tổ bảy ấp suối cạn thì xã đã xử phạt hai trăm mười sáu triệu đồng " * 480
    begun = time.process_time()
    written(heard)
    assert time.process_time() - begun < 5


def test_names_of_people_are_found_whole() -> None:
    line = Line(words_of("mời bà trần thị ngọc hân bí thư và ông lê văn tám nói"))
    assert [line.between(*span) for span in names(line)] == [("trần", "thị", "ngọc", "hân"), ("lê", "văn", "tám")]


def test_words_of_two_syllables_are_known() -> None:
    line = Line(words_of("chúng tôi hỏi thẩm quyền"))
    assert [position for position in range(1, len(line)) if binds(line, position)] == [1, 4]


def test_phrases_are_found_from_both_ends() -> None:
    found = Phrases(["bà con", "bà con cô bác"])
    line = Line(words_of("thưa bà con cô bác"))
    assert found.end(line, 1) == 5
    assert found.start(line, 3) == 1
    assert found.end(line, 0) is None


@pytest.mark.parametrize(("heard", "expected"), [
    ("tôi là giàng a chớ ở buôn ea rớt", ("Giàng", "Ea", "Rớt")),
    ("đại diện trạm kiểm ngư trả lời chị bằng văn bản", ("Trạm", "Kiểm")),
])
def test_names_no_list_knows_are_told_by_the_words_around_them(heard: str, expected: tuple[str, ...]) -> None:
    text = written(heard).replace(".", "").replace(",", "").split()
    assert [word for word in expected if word in text] == list(expected)
    assert not {"Bằng", "Phát", "Trả", "Lời"} & set(text)


@pytest.mark.parametrize(("counted", "floor"), [
    ("numbers", 0.5), ("sentence ends", 0.32), ("stops", 0.43), ("capitals inside", 0.76)])
def test_dialogues_nothing_was_learned_from_are_written_as_well_as_when_it_was_measured(
        counted: str, floor: float, unseen: dict[str, Score]) -> None:
    score = unseen[counted]
    assert 2 * score.right / (score.ours + score.theirs) >= floor
