"""Who speaks again after a reply: a new matter is a question of its own, pressing the same one is not."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from benchmarks.again import OWN, learn, of_dialogue, read_examples
from benchmarks.dialogues import unseen
from models.records import Analysis
from summarize import again
from summarize.again import features, learned, puts_new
from summarize.flat import flatten
from tests.test_questions import CALL, ROAD, ask

REPLY = "B: Dạ con đường ra chợ thì xã ghi nhận, khi nào có kinh phí sẽ làm, mong chú thông cảm."


def after(citizen: str) -> Analysis:
    return ask(ROAD, CALL, REPLY, f"C: {citizen}")


@pytest.mark.parametrize("pressing", [
    "Khi nào là khi nào hả anh? Năm ngoái cũng câu đó, năm nay cũng câu đó, tôi té gãy tay rồi đây nè.",
    "Hồi họp ấp cũng nói đường ra chợ có kinh phí hai trăm triệu rồi, sao giờ lại kêu chờ kinh phí?",
    "Anh nói thông cảm thì tôi thông cảm bốn năm rồi, giờ tôi chỉ hỏi bao giờ có kinh phí làm đường thôi."])
def test_who_presses_puts_no_new_question(pressing: str) -> None:
    (question,) = after(pressing).questions
    assert [span.utterance for span in question.follow_ups] == [4]


@pytest.mark.parametrize("new", [
    "Hàng cây dầu trước trường học mục gốc cả rồi, bão tới nó đổ vô lớp thì sao, đề nghị xã cho đốn.",
    "Nhà tôi nộp hồ sơ làm sổ hồng từ năm ngoái tới giờ chưa có kết quả, xin hỏi vướng ở chỗ nào?"])
def test_who_puts_something_else_puts_a_new_question(new: str) -> None:
    first, second = after(new).questions
    assert (first.asker, second.asker) == ("Phan Văn Tư", "Phan Văn Tư") and second.text in new


def test_what_is_counted_or_linked_is_new_without_weighing() -> None:
    assert len(after("Còn một chuyện nữa, đèn trước chợ tắt cả tháng, bao giờ thay bóng?").questions) == 2


def test_a_denunciation_is_never_taken_for_pressing() -> None:
    first, second = after("Anh hứa hoài. Khi nào là khi nào? Tiền làm con đường ra chợ thì ông Trần Văn Khá, trưởng "
                          "ấp, ăn chặn hai chục triệu, tôi tố cáo ông Khá ăn chặn tiền làm đường.").questions
    assert "denunciation" in second.flags and "ông Khá" in second.text and first.number == 1


def test_what_the_reply_named_is_less_new_than_what_nobody_spoke_of() -> None:
    said, asked = "cái trạm bơm cũ giờ ai giữ chìa khóa", "mương sau nhà nghẹt bùn hai năm nay"
    taken_up = features(said, asked, "trạm bơm cũ xã giao cho hợp tác xã giữ")
    fresh = features(said, asked, "xã ghi nhận")
    assert taken_up["in the reply"] > fresh["in the reply"] == 0
    assert taken_up["said by nobody"] < fresh["said by nobody"]


def test_most_of_what_is_new_in_unseen_dialogues_is_kept_and_most_else_is_not() -> None:
    told = [one for folder in unseen() for one in of_dialogue(folder)]
    kept = [sum(learned()[name] * value for name, value in row.items()) for row, _ in told]
    new = [odds for odds, (_, is_new) in zip(kept, told, strict=True) if is_new]
    old = [odds for odds, (_, is_new) in zip(kept, told, strict=True) if not is_new]
    least = -0.85  # log-odds of LIKELY_NEW
    assert sum(odds >= least for odds in new) >= 0.85 * len(new) and len(new) > 10
    assert sum(odds >= least for odds in old) <= 0.3 * len(old) and len(old) > 20


def test_weights_learned_from_the_examples_tell_them() -> None:
    told = list(read_examples())
    weights = learn(told)
    right = [(sum(weights[name] * value for name, value in row.items()) > 0) == is_new for row, is_new in told]
    assert sum(right) >= 0.85 * len(right) and 0 < OWN < 1


def test_thanks_is_not_new() -> None:
    assert not puts_new(*(flatten(text).text for text in (
        "Dạ nghe anh nói vậy là tôi mừng rồi, cảm ơn anh.", "Đường hư bao giờ sửa?", "Tháng sau khởi công.")))


def test_weights_are_of_features_and_others_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = json.loads(resources.files("summarize").joinpath("again.json").read_text(encoding="utf-8"))
    assert set(features("đường hư", "", "")) == set(stored["weights"])
    learned.cache_clear()
    monkeypatch.setattr(again, "VERSION", 0)
    with pytest.raises(ValueError, match=r"benchmarks/again\.py"):
        learned()
    learned.cache_clear()
