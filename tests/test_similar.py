"""«Đã hỏi ở phiên …»: the same matter is found again, other matters are not, and what came of it is told."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from models import follow_up, store, transcripts
from models.clocks import read_clocks
from models.records import Analysis, Answer, Meeting, Place, Question, Span, Status, Utterance
from models.vectors import add_vectors
from summarize.embedding import Embedder
from summarize.similar import ALIKE, likeness
from summarize.wording import summary
from tests import standing
from tests.test_pages import opened, texts
from ui.labels import STATUS
from ui.similar import Earlier, earlier
from ui.views import earlier_view

PAIRS = Path(__file__).parent / "data" / "similar.tsv"
BRIDGE = "Cầu ván qua rạch Sậy mục hết rồi, bao giờ xã làm cầu bê tông?"
AGAIN = "Năm ngoái tôi đã hỏi cây cầu qua rạch Sậy, ván gãy thêm mấy tấm, chừng nào xây cầu mới?"
OTHER = "Trạm y tế chiều nào cũng đóng cửa, có trực buổi chiều không?"
DENOUNCED = "Tôi tố cáo ông Bền ăn tiền cây cầu qua rạch Sậy, ván mục hết, bao giờ xử lý?"


def test_the_threshold_tells_the_same_matter_from_others(embedder: Embedder) -> None:
    with PAIRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sides = [[row[side] for row in rows] for side in ("first", "again")]
    vectors = [embedder.passages([f"{summary(text)}\n{text}" for text in side]) for side in sides]
    cosines = vectors[1] @ vectors[0].T
    scores = np.array([[likeness(float(cosines[i, j]), again, first) for j, first in enumerate(sides[0])]
                       for i, again in enumerate(sides[1])])
    same, found = np.eye(len(rows), dtype=bool), scores >= ALIKE
    assert found[same].mean() >= 0.9  # recall
    assert (found & same).sum() / found.sum() >= 0.95  # precision among 1,600 pairs


def held(db: Database, meeting: Meeting, day: str, *questions: Question) -> Meeting:
    kept = store.add_meeting(db, replace(meeting, date=day))
    said = [Utterance(10.0 * i, 10.0 * i + 5, "S2", q.text) for i, q in enumerate(questions)]
    transcript = transcripts.save_transcript(db, kept.id or 0, None, "test", said)
    transcripts.save_analysis(db, transcript, Analysis(tuple(
        replace(q, number=i + 1, spans=(Span(i, 0, len(q.text)),)) for i, q in enumerate(questions)),
        tuple(Place.QUESTION for _ in questions), "test"))
    return kept


def question(text: str, status: Status = Status.WRITTEN, answer: str = "", *flags: str) -> Question:
    return Question(1, (), text, summary(text), None, 0.0, status, Answer((), answer, "", "UBND xã", "trong 10 ngày"),
                    flags=flags)


def before(db: Database, home: Path, meeting: Meeting) -> dict[int, list[Earlier]]:
    return earlier(db, meeting, standing.analysis(db, meeting.id).questions, read_clocks(home))


@pytest.fixture
def two(db: Database, meeting: Meeting, embedder: Embedder) -> tuple[Meeting, Meeting]:
    first = held(db, meeting, "2025-05-22", question(OTHER), question(BRIDGE, answer="Xã sẽ trả lời bằng văn bản."),
                 question(DENOUNCED, Status.UNANSWERED, "", "denunciation"))
    second = held(db, meeting, "2026-05-22", question(AGAIN), question("Chợ xã họp tới mấy giờ?"))
    add_vectors(db, embedder.passages, embedder.generator)
    return first, second


def test_the_same_matter_is_found_with_what_was_answered(
        two: tuple[Meeting, Meeting], db: Database, home: Path) -> None:
    (found,) = before(db, home, two[1]).values()
    (one,) = found
    assert (one.meeting.id, one.question.text, one.question.status) == (two[0].id, BRIDGE, Status.WRITTEN)
    assert one.promise and not one.promise.is_answered
    follow_up.record(db, one.promise, "Tân", answer="Đã ghi vốn.", document="12/UBND", answered_on="2025-06-01")
    ((one,),) = before(db, home, two[1]).values()
    assert one.promise and one.promise.is_answered


def test_nothing_later_and_nothing_of_a_denunciation_is_told(
        two: tuple[Meeting, Meeting], db: Database, home: Path) -> None:
    assert before(db, home, two[0]) == {}
    told = [one.question.text for found in before(db, home, two[1]).values() for one in found]
    assert DENOUNCED not in told


def test_without_vectors_nothing_is_found_and_nothing_breaks(db: Database, meeting: Meeting, home: Path) -> None:
    held(db, meeting, "2025-05-22", question(BRIDGE))
    assert before(db, home, held(db, meeting, "2026-05-22", question(AGAIN))) == {}


def test_review_and_chain_tell_when_it_was_asked_and_whether_it_was_kept(two: tuple[Meeting, Meeting]) -> None:
    label = earlier_view.ASKED.format(day="22/05/2025", number=2, status=STATUS[Status.WRITTEN])
    review = opened("review", meeting=str(two[1].id), nguoi="Hân")
    assert not review.exception
    assert label in [box.label for box in review.expander]
    assert "QUÁ HẠN" in texts(review) and "sẽ trả lời bằng văn bản" in texts(review)
