"""One reply to several questions: which of its words answer which."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from importlib import resources

import numpy as np
import pytest

from benchmarks.meetings import written
from benchmarks.replies import learn, put_together, read_shared, told
from models.records import Status
from summarize import replies
from summarize.embedding import Embedder
from summarize.flat import Flat, flatten
from summarize.likeness import Rarity
from summarize.replies import MEANS, ORDER, SAYS, TURNS, Open, evidence, learned, likeliest, places, share_out
from summarize.statuses import judge

BRIDGE, WASTE = Open("cầu ván hư hai năm chưa ai sửa", ""), Open("rác dồn đống trước chợ không ai gom", "")


def shared_out(text: str, questions: Sequence[Open], embedder: Embedder | None = None) -> dict[int, str]:
    reply = flatten(text)
    rarity = Rarity([reply.text, *(question.text for question in questions)])
    said: dict[int, list[str]] = {}
    for part in share_out(reply, questions, rarity, embedder):
        said.setdefault(part.question, []).append(reply.between(part.first, part.last))
    return {at: " ".join(texts) for at, texts in said.items()}


@pytest.mark.parametrize("punctuated", [True, False])
def test_a_reply_is_shared_out_among_the_questions_it_answers(punctuated: bool) -> None:
    text = "Chào bà con. Về rác thì sáng mai xe gom tới lấy. Về cầu ván thì tháng sau xã khởi công."
    said = shared_out(text if punctuated else text.lower().replace(".", ""), [BRIDGE, WASTE])
    assert "khởi công" in said[0] and "xe gom" in said[1] and "khởi công" not in said[1]


def test_all_of_a_reply_to_one_question_answers_it() -> None:
    reply = flatten("Chào bà con. Việc này xã ghi nhận.")
    (part,) = share_out(reply, [BRIDGE], Rarity([reply.text]))
    assert (part.first, part.last) == (0, len(reply.words))
    assert share_out(flatten(""), [BRIDGE], Rarity([])) == share_out(reply, [], Rarity([])) == []


def test_who_is_called_by_name_is_answered_from_there_on() -> None:
    said = shared_out("Của chú Tư thì sáng mai có người tới. Còn cô Bảy thì đợi hết quý này, có tiền mới làm.",
                      [Open("nhà tôi dột", "bảy"), Open("hàng rào đổ", "tư")])
    assert "sáng mai" in said[1] and "hết quý" in said[0]


def test_half_a_sentence_amid_another_answer_keeps_its_own_outcome() -> None:
    said = shared_out(
        "Cầu ván thì xã ký hợp đồng rồi, ngày 5/11 khởi công, 45 ngày là xong, còn rác trước chợ thì xin ghi nhận, để "
        "coi lại. Kinh phí sửa cầu ván là hai trăm triệu đồng.", [BRIDGE, WASTE])
    assert "hai trăm triệu" in said[0] and "ghi nhận" in said[1] and "ký hợp đồng" not in said[1]
    outcomes = [judge([flatten(said[at])]).status for at in (0, 1)]
    assert outcomes[0] == Status.ANSWERED != outcomes[1]


def test_what_is_answered_in_other_words_is_found_by_meaning(attuned: Embedder) -> None:
    lamps, school = Open("đèn trong hẻm tắt từ hồi tết tối con nít đi học về sợ lắm", ""), Open(
        "trường mẫu giáo có một cô mà giữ tới bốn mươi đứa", "")
    said = shared_out("Bóng hư thì tổ chiếu sáng thay trong tuần này, mười hai trụ. Giáo viên thì phòng đã tuyển thêm "
                      "hai người, đầu tháng nhận lớp.", [school, lamps], attuned)
    assert "chiếu sáng" in said[1] and "tuyển thêm" in said[0]


def test_every_question_gets_some_words() -> None:
    said = shared_out("Cầu ván thì tháng sau khởi công, xong trước Tết.", [BRIDGE, WASTE])
    assert set(said) == {0, 1}


def test_a_step_follows_the_order_in_which_was_asked() -> None:
    nothing, order = np.zeros((2, 2)), np.array([1.0, -1.0, 0.5])
    assert likeliest(nothing, np.full(2, -0.2), order) == [0, 1]
    assert likeliest(nothing, np.full(2, -5.0), order) == [0, 0]


def test_pieces_begin_where_one_may_turn_to_something_else() -> None:
    flat = flatten("Chào bà con. Cầu thì tháng sau làm, còn rác thì mai gom.")
    begins, turning = places(flat)
    assert [flat.between(at, at + 2) for at in begins] == ["chào bà", "cầu thì", "còn rác"]
    assert turning.shape == (3, len(TURNS)) and turning[1, TURNS.index("sentence")] == 1


def test_evidence_has_meaning_only_with_an_encoder(attuned: Embedder) -> None:
    flat: Flat = flatten("Rác thì mai xe gom. Cầu ván thì tháng sau làm.")
    rarity = Rarity([flat.text])
    assert evidence(flat, [BRIDGE, WASTE], rarity, None).says.shape[1:] == (2, len(SAYS))
    assert evidence(flat, [BRIDGE, WASTE], rarity, attuned).says.shape[1:] == (2, len(SAYS) + len(MEANS))


def test_most_words_of_the_examples_go_to_the_right_question() -> None:
    known = list(read_shared())
    assert len(known) > 200 and {len(one.questions) for one in known} >= {2, 3, 4}
    words, stretches = (float(part.split()[0]) for part in told(known, None, learned("words")).split(", "))
    assert words >= 0.65 and stretches >= 0.25


def test_weights_are_learned_from_replies_put_together() -> None:
    made = [one for meeting in written()[:12] for one in put_together(meeting, random.Random(1))]
    weights = learn(made, None)
    assert weights.says.shape == (len(SAYS),) and weights.turns[0] < 0 < weights.says[0]
    assert len(weights.order) == len(ORDER)


def test_weights_for_other_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = json.loads(resources.files("summarize").joinpath("replies.json").read_text(encoding="utf-8"))
    assert set(stored["words"]["says"]) == set(SAYS) and set(stored["meaning"]["says"]) == {*SAYS, *MEANS}
    learned.cache_clear()
    monkeypatch.setattr(replies, "VERSION", 0)
    with pytest.raises(ValueError, match=r"benchmarks/replies\.py"):
        learned("words")
    learned.cache_clear()
