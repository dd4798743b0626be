"""Which reply answers which question: weighed by what dialogues teach, told with reasons, never taken for granted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

import numpy as np
import pytest

from benchmarks.answers import Recorder, forms, learn, of_dialogue
from benchmarks.dialogues import NEVER_LEARNED, matched, unseen_in_tests
from models.records import Analysis, Status
from summarize import answering
from summarize.answer_features import TOLD
from summarize.answering import answer, learned
from summarize.embedding import Embedder, Vectors
from summarize.flat import flatten
from summarize.likeness import LONGEST_THOUGHT, Likeness, Rarity, thoughts
from summarize.matters import put
from summarize.questions import understand
from summarize.replies import Open, numbered, share_out, spoken_to
from summarize.roles import speakers
from summarize.turns import turns
from tests.dialogues import FORMS, Dialogue, named
from tests.test_questions import CALL, MEETING, ROAD, ask, talk

CHAIR = "A: Xin chào bà con, tôi là Lê Thị Hân. Mời bà con ấp 3, mời chú ngồi hàng ghế đầu."
TWO = ("C: Dạ tôi tên Phan Văn Tư, ở ấp 3. Thứ nhất, con đường ra chợ ổ gà đầy, chừng nào xã sửa? "
       "Thứ hai, rác ở cầu Ván dồn đống cả tuần không ai gom, xã tính sao?")


def understand_talk(*said: str) -> Analysis:
    return understand(talk(*said), MEETING, None)


def answered_in(analysis: Analysis) -> list[tuple[int, ...]]:
    return [question.answer.utterances for question in analysis.questions]


def pairs_f1(dialogue: Dialogue) -> tuple[int, int, int]:
    """Right, found and wanted pairs of an utterance and a gold question that was found."""
    questions = dialogue.analysis.questions
    both = [(set(gold["answer_utterances"]), set(questions[at].answer.utterances)) for gold, at in matched(
        dialogue.gold, [question.spans for question in questions], dialogue.said, dialogue.form)]
    return sum(len(a & b) for a, b in both), sum(len(b) for _, b in both), sum(len(a) for a, _ in both)


def test_answers_of_unseen_dialogues_are_found() -> None:
    counted = np.array([pairs_f1(named(name, form)) for name in NEVER_LEARNED for form in FORMS])
    right, found, wanted = counted.sum(axis=0)
    assert 2 * right / (found + wanted) >= 0.76


def test_an_answer_says_why_and_how_likely() -> None:
    question = ask(ROAD, CALL, "B: Dạ con đường ra chợ đã có vốn, khởi công ngày 5/11.").questions[0]
    assert "nhắc lại lời câu hỏi" in question.reasons["answer"]
    assert "khả năng 9" in question.reasons["answer"] and "đường" in question.reasons["answer"]


def test_an_unlikely_answer_asks_for_a_look() -> None:
    reason = ask(ROAD, CALL, "B: Dạ xã ghi nhận.").questions[0].reasons["answer"]
    assert "chỉ còn câu này chờ trả lời" in reason and "nên có người xem lại" in reason


def test_a_call_for_somebody_else_is_no_answer() -> None:
    assert answered_in(ask(ROAD, "A: Cảm ơn chú Tư. Mời anh Bảo trả lời về con đường ra chợ của chú.")) == [()]


def test_another_citizen_is_no_answer() -> None:
    analysis = ask(ROAD, "D: Tôi tên Lê Văn Bảy, ấp 5. Cầu Ván hư hai năm rồi, chừng nào xã làm?")
    assert answered_in(analysis) == [(), ()]


def test_two_points_are_answered_in_one_breath_each_with_its_own_words() -> None:
    analysis = understand_talk(
        CHAIR, TWO, CALL, "B: Con đường ra chợ thì ngày 5/11 khởi công, 45 ngày là xong. "
        "Còn rác ở cầu Ván thì xã xin tiếp thu, sẽ nhắc đội gom rác.")
    road, waste = analysis.questions
    assert answered_in(analysis) == [(3,), (3,)]
    assert "khởi công" in road.answer.text and "gom rác" not in road.answer.text
    assert "gom rác" in waste.answer.text and "khởi công" not in waste.answer.text
    assert (road.status, waste.status) == (Status.ANSWERED, Status.PROMISED)


def test_points_are_answered_in_two_turns() -> None:
    analysis = understand_talk(CHAIR, TWO, CALL, "B: Con đường ra chợ thì ngày 5/11 khởi công, 45 ngày là xong.",
                               "A: Mời chị Loan nói về rác.", "E: Dạ rác ở cầu Ván thì thứ hai tuần sau xe gom hết.")
    assert answered_in(analysis) == [(3,), (5,)]


def test_weights_learned_for_other_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    learned.cache_clear()
    monkeypatch.setattr(answering, "VERSION", 0)
    with pytest.raises(ValueError, match=r"benchmarks/answers\.py"):
        learned("words")
    learned.cache_clear()


def test_every_weight_is_of_a_feature_and_every_reason_is_one() -> None:
    stored = json.loads(resources.files("summarize").joinpath("answers.json").read_text(encoding="utf-8"))
    dialogue = next(forms(unseen_in_tests()[0])).fresh()
    recorder = Recorder({}, dialogue)
    answer(dialogue.found, dialogue.spoken, dialogue.flats, dialogue.known, None, recorder)
    assert list(stored["meaning"]) == list(stored["words"]) == recorder.names
    assert {name for names in TOLD.values() for name in names} <= set(recorder.names)


def test_what_can_only_speak_for_an_answer_never_speaks_against_it() -> None:
    weights = learn([of_dialogue(list(forms(unseen_in_tests()[0])), None)])
    assert weights["called"] >= 0 and weights["most words of all"] >= 0 and weights["says nothing"] <= 0
    assert any(weights.values())


def test_nothing_is_answered_before_it_is_asked() -> None:
    spoken = turns(talk("A: Xin chào bà con, tôi là Lê Thị Hân.", "B: Tôi báo cáo: con đường ra chợ sẽ khởi công.",
                        f"C: {ROAD}"))
    flats = [flatten(turn.text) for turn in spoken]
    known = speakers(spoken, flats, MEETING)
    found = put(spoken, flats, known)
    answer(found, spoken, flats, known)
    assert len(found) == 1 and not found[0].replies


class Listener(Embedder):
    """Keeps what it is asked to encode; to it all means the same."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return np.ones((len(texts), 2), dtype=np.float32)


@pytest.mark.parametrize("reply, is_encoded", [
    ("Dạ thưa chú Tư, con đường ra chợ ổ gà thì xã đã có vốn, ngày 5/11 khởi công.", False),
    ("Dạ chuyện gom với cháy thì tháng sau coi.", True)])
def test_what_an_official_says_is_encoded_only_where_words_leave_a_doubt(reply: str, is_encoded: bool) -> None:
    listener = Listener()
    spoken = turns(talk(CHAIR, TWO, "D: Em tên Lê Thị Bông, ở ấp 5, cột đèn cháy bóng, chừng nào xã thay?", CALL,
                        f"B: {reply}"))
    flats = [flatten(turn.text) for turn in spoken]
    known = speakers(spoken, flats, MEETING)
    found = put(spoken, flats, known)
    answer(found, spoken, flats, known, listener)
    assert len(found) == 3
    assert (flatten(reply).text in " ".join(listener.heard)) == is_encoded


def test_thoughts_cover_a_reply_and_are_short() -> None:
    flat = flatten("Dạ. Con đường thì xã sẽ làm. Còn rác, " + "chúng tôi gom lại từng ngày " * 20)
    places = thoughts(flat)
    assert [word for first, last in places for word in range(first, last)] == list(range(len(flat.words)))
    assert max(last - first for first, last in places) <= LONGEST_THOUGHT
    assert thoughts(flatten("")) == ()


def test_shared_rare_words_make_alike() -> None:
    reply, asked = flatten("Cầu Ván thì tháng sau khởi công."), ["cầu ván hư", "rác không ai gom"]
    rarity = Rarity([reply.text, *asked])
    table = Likeness({7: reply}, asked, rarity, None)
    assert table.words[7][:, 0].sum() > 0 and table.words[7][:, 1].sum() == 0
    assert not table.meaning(7).any()


def test_a_reply_is_shared_out_among_the_questions_it_answers() -> None:
    reply = flatten("Chào bà con. Về rác thì mai xe gom. Về cầu Ván thì tháng sau khởi công.")
    rarity = Rarity([reply.text])
    parts = share_out(reply, [Open("cầu ván hư hai năm", ""), Open("rác dồn đống không ai gom", "")], rarity)
    said = {part.question: reply.between(part.first, part.last) for part in parts}
    assert "khởi công" in said[0] and "xe gom" in said[1] and "khởi công" not in said[1]
    assert share_out(reply, [Open("bất cứ điều gì", "")], rarity)[0].last == len(reply.words)


def test_whom_and_which_number_a_reply_names() -> None:
    flat = flatten("Thưa chú Tư, câu thứ hai và ý cuối của chú thì tôi xin trả lời.")
    assert "tư" in spoken_to(flat) and numbered(flat) == {2, -1}
