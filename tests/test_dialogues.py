"""How well questions are found in whole dialogues, learned from and never seen: floors that hold today."""

from __future__ import annotations

import re

import pytest

from benchmarks.dialogues import NEVER_LEARNED
from summarize.flat import flatten
from summarize.openings import openings, reasons
from tests.dialogues import FORMS, named

LEARNED = {"ede", "kinhbac", "camau"}


def share_found(name: str, form: str) -> float:
    """The share of a dialogue's questions of which half the words lie in one found question."""
    dialogue = named(name, form)
    wanted = [{(span["utterance"], i) for span in question["spans"] for i in range(*span[form])}
              for question in dialogue.gold["questions"]]
    got = [{(span.utterance, i) for span in question.spans
            for i, word in enumerate(re.finditer(r"\S+", dialogue.said[span.utterance].text))
            if word.end() > span.start and word.start() < span.end} for question in dialogue.analysis.questions]
    used: set[int] = set()
    for words in wanted:
        at = next((j for j, theirs in enumerate(got) if j not in used and 2 * len(words & theirs) >= len(words)), None)
        used |= {at} if at is not None else set()
    return 2 * len(used) / (len(wanted) + len(got))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NEVER_LEARNED)
def test_questions_of_unseen_dialogues_are_found(name: str, form: str) -> None:
    assert share_found(name, form) >= 0.75


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(LEARNED))
def test_neighbouring_complaints_are_told_apart(name: str, form: str) -> None:
    assert share_found(name, form) >= 0.85


def test_an_opening_names_the_features_that_spoke_for_it() -> None:
    flat = flatten("đường ấp tôi hư quá bao giờ làm với lại rác dồn đống trước chợ không ai lấy")
    likeliest = max(range(1, len(flat.words)), key=lambda i: openings(flat)[i])
    assert flat.between(likeliest, likeliest + 2) == "với lại"
    assert "at:link" in reasons(flat, likeliest)
