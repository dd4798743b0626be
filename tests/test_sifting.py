"""Lead-ups and asides are no questions of their own; nothing that somebody asks is lost."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from benchmarks.dialogues import NEVER_LEARNED, matched
from models.records import Span
from summarize import sifting
from summarize.matters import Matter, Said
from summarize.sifting import features, learned, sifted
from tests.dialogues import FORMS, named

LEAD_UP = "Bà con ấp tôi mấy năm nay cực lắm các đồng chí ơi, nói ra thì dài."
ROAD = "Con đường ra chợ ổ gà đầy, xe té hoài, chừng nào xã sửa cho dân đi?"
WASTE = "Với lại rác có ai gom không?"


def matter(text: str, ordinal: int, of: int, opening: str = "sentence", turn: int = 1) -> Matter:
    span = Span(turn, 100 * ordinal, 100 * ordinal + len(text))
    return Matter(f"S{turn}", turn, [span], text, ordinal, of, opening=opening)


def reply(words: str, likely: float) -> Said:
    return Said(Span(2, 0, len(words)), "S4", words.lower(), words, likely, "nhắc lại lời câu hỏi")


def test_a_lead_up_goes_to_the_question_it_leads_to() -> None:
    real = matter(ROAD, 2, 2)
    real.replies.append(reply("Con đường ra chợ khởi công ngày 5/11.", 0.99))
    (kept,) = sifted([matter(LEAD_UP, 1, 2, "start"), real])
    assert kept.text == f"{LEAD_UP} {ROAD}"
    assert [span.start for span in kept.spans] == [100, 200]
    assert (kept.ordinal, kept.of, len(kept.replies)) == (1, 1, 1)


def test_thanks_alone_are_left_out() -> None:
    assert sifted([matter("Cảm ơn các đồng chí nhiều, bà con mừng lắm.", 1, 1, "start")]) == []


@pytest.mark.parametrize("kept", [
    matter("Phường mắc cho mấy bóng đèn ngoài nớ được không anh?", 1, 1, "start"),
    matter("Ông Tâm cán bộ địa chính xã nhận hối lộ 20 triệu của dân.", 1, 1, "start"),
    matter("Sao lâu vậy?", 1, 1, "slip")])
def test_what_somebody_asks_and_nobody_answers_is_kept(kept: Matter) -> None:
    assert [one.text for one in sifted([kept])] == [kept.text]


def test_a_demand_added_in_so_many_words_is_kept() -> None:
    assert len(sifted([matter(ROAD, 1, 2, "start"), matter(WASTE, 2, 2, "link")])) == 2


def test_a_counted_complaint_that_was_surely_answered_is_kept() -> None:
    complaint = matter("Hai nữa điện thì cúp hoài, tối thui cả xóm.", 2, 2, "ordinal", 3)
    complaint.replies.append(reply("Dạ điện thì tuần sau thay bình.", 0.95))
    assert len(sifted([matter(ROAD, 1, 2, "start"), complaint])) == 2


def test_what_was_insisted_on_is_kept() -> None:
    pressed = matter("Nói vậy hoài.", 1, 1, "start")
    pressed.follow_ups.append(Span(4, 0, 10))
    assert sifted([pressed])


def test_what_only_takes_up_a_question_again_is_kept_with_it() -> None:
    asked = matter(ROAD, 1, 1, "start", 1)
    again = matter("Bàn thì em nghe bàn từ mùa hè năm ngoái rồi anh ơi.", 1, 1, "start", 3)
    again.asker = asked.asker
    again.replies.append(reply("Dạ cuối tháng này xong.", 0.6))
    (kept,) = sifted([asked, again])
    assert [span.utterance for span in kept.follow_ups] == [3]
    assert [said.words for said in kept.replies] == ["Dạ cuối tháng này xong."]


def test_turns_and_askers_are_sifted_apart_and_keep_their_order() -> None:
    found = [matter(ROAD, 1, 1, "start", turn) for turn in (1, 5, 9)]
    assert [one.turn for one in sifted(found)] == [1, 5, 9]


def test_no_question_of_unseen_dialogues_gets_lost_by_many() -> None:
    """Of what is in the gold files nearly all is still found, and not much else."""
    wanted = found = right = 0
    for name in NEVER_LEARNED:
        for form in FORMS:
            dialogue = named(name, form)
            questions = dialogue.analysis.questions
            right += len(list(matched(dialogue.gold, [one.spans for one in questions], dialogue.said, form)))
            wanted, found = wanted + len(dialogue.gold["questions"]), found + len(questions)
    assert right / wanted >= 0.87
    assert 2 * right / (wanted + found) >= 0.86


def test_weights_are_of_features_and_others_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = json.loads(resources.files("summarize").joinpath("sifting.json").read_text(encoding="utf-8"))
    one = matter(ROAD, 1, 1, "start")
    assert set(features(one, [one])) <= set(stored["weights"])
    learned.cache_clear()
    monkeypatch.setattr(sifting, "VERSION", 0)
    with pytest.raises(ValueError, match=r"benchmarks/sifting\.py"):
        learned()
    learned.cache_clear()
