"""How questions stand while replies are given away: who waits, who was answered last and by whom, who spoke since."""

from __future__ import annotations

import numpy as np
import pytest

from summarize.answer_features import Standing, best_neighbour, best_other
from summarize.flat import flatten
from summarize.ledger import Ledger, open_ledger
from summarize.likeness import Rarity, thoughts
from summarize.matters import Matter, put
from summarize.roles import speakers
from summarize.turns import Turn, turns
from tests.test_questions import CALL, MEETING, ROAD, talk

SAID = ("A: Xin chào bà con, tôi là Lê Thị Hân. Mời bà con ấp 3.", f"C: {ROAD}", CALL,
        "B: Dạ thưa chú Tư, con đường ra chợ thì xã đã có vốn, khởi công ngày 5/11.",
        "D: Dạ em tên Lê Thị Sáu, ở ấp 5. Thứ nhất, rác ở cầu Ván dồn đống, chừng nào gom? "
        "Thứ hai, trạm bơm hư hoài, xã tính sao?", "B: Dạ thưa chị Sáu, câu thứ hai về trạm bơm thì mai thợ xuống.")
"""C asks in turn 1, D twice in turn 4; replies are turns 3 and 5."""


@pytest.fixture
def spoken() -> list[Turn]:
    return turns(talk(*SAID))


@pytest.fixture
def found(spoken: list[Turn]) -> list[Matter]:
    flats = [flatten(turn.text) for turn in spoken]
    return put(spoken, flats, speakers(spoken, flats, MEETING))


@pytest.fixture
def ledger(found: list[Matter], spoken: list[Turn]) -> Ledger:
    return open_ledger(found, spoken)


def standing(ledger: Ledger, i: int, spoken: list[Turn]) -> Standing:
    flats = [flatten(turn.text) for turn in spoken]
    return ledger.standing(i, spoken, flats[i], thoughts(flats[i]), flats[i - 1],
                           Rarity([flat.text for flat in flats]))


def test_only_what_was_put_before_a_reply_counts(ledger: Ledger, spoken: list[Turn]) -> None:
    assert [ledger.put_before(i) for i in range(6)] == [0, 0, 1, 1, 1, 3]
    assert len(standing(ledger, 3, spoken).turn) == 1 and len(standing(ledger, 5, spoken).turn) == 3


def test_a_question_waits_until_it_is_replied_to(ledger: Ledger, spoken: list[Turn]) -> None:
    assert standing(ledger, 3, spoken).waits.all()
    ledger.keep(0, 3, "B", is_settled=True)
    now = standing(ledger, 5, spoken)
    assert now.waits.tolist() == [False, True, True] and now.is_settled.tolist() == [True, False, False]
    assert now.last_reply.tolist() == [3, -1, -1] and now.same_official.tolist() == [True, False, False]


def test_it_is_known_who_has_just_spoken(ledger: Ledger, spoken: list[Turn]) -> None:
    for i in range(4):
        ledger.hear(i, spoken[i].speaker)
    ledger.keep(0, 3, "B", is_settled=False)
    before = standing(ledger, 5, spoken)
    assert before.just_spoke.tolist() == [False, True, True] and not before.spoke_since[0]
    ledger.hear(4, "C")
    assert standing(ledger, 5, spoken).spoke_since.tolist() == [True, False, False]


def test_names_and_numbers_call_for_a_question(ledger: Ledger, spoken: list[Turn]) -> None:
    now = standing(ledger, 5, spoken)
    assert now.is_called.tolist() == [False, True, True]
    assert now.is_numbered.tolist() == [False, False, True]
    assert now.prompted[1] > now.prompted[0]  # what was said before the reply is D's turn


def test_the_best_of_the_others_is_found_in_each_row() -> None:
    chance = np.random.default_rng(3)
    for size in (1, 2, 5, 9):
        table = chance.integers(0, 4, (3, size)).astype(float)
        wanted = [[max((row[other] for other in range(size) if other != at), default=0.0) for at in range(size)]
                  for row in table]
        assert best_other(table).tolist() == wanted


def test_the_best_of_the_neighbours_is_found_in_each_turn() -> None:
    chance = np.random.default_rng(4)
    for size in (1, 2, 6, 12):
        turn = np.unique(np.sort(chance.integers(0, 4, size)), return_inverse=True)[1]
        values = chance.integers(0, 5, size).astype(float)
        wanted = [max((values[other] for other in range(size) if other != at and turn[other] == turn[at]), default=-1.0)
                  for at in range(size)]
        assert best_neighbour(values, turn, -1.0).tolist() == wanted
