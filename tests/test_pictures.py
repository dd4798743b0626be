"""What many meetings come to in pictures: counted right, filtered, told in numbers below, printed without menus."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import figures, follow_up, review, store, transcripts
from models.clocks import read_clocks
from models.figures import Side, Wait
from models.lines import Audience
from models.records import Analysis, Answer, Meeting, MeetingState, Place, Question, Span, Status, Utterance
from models.review import Edit
from models.search import EVERYTHING, Sight
from tests import standing
from tests.conftest import drawn
from tests.test_browser import HOSTILE
from tests.test_pages import opened, texts
from ui.app import PICTURES
from ui.views import pictures as view
from ui.views.charts import Cell, Part, stacked

HELD = date.today() - timedelta(40)
LAND, WASTE = "Thủ tục hành chính về đất đai", "Vệ sinh môi trường, thoát nước"


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> list[int]:
    """Two meetings of two communes a year apart, the first with three questions, the second with one."""
    first = store.add_meeting(db, replace(meeting, date=HELD.isoformat()))
    second = store.add_meeting(db, replace(
        meeting, title=f"Xã Vũ Lâm {HOSTILE}", date=(HELD - timedelta(366)).isoformat()))
    _understand(db, first, (("T1", Status.ANSWERED, ""), ("T1", Status.PROMISED, "trong 10 ngày"),
                            (None, Status.WRITTEN, "trong 90 ngày")))
    _understand(db, second, (("T2", Status.PROMISED, ""),))
    return [first.id or 0, second.id or 0]


def _understand(db: Database, meeting: Meeting, rows: tuple[tuple[str | None, Status, str], ...]) -> None:
    said = [Utterance(0, 30, "S1", "Hỏi."), Utterance(30, 90, "Lê Thị Hân", "Mời."), Utterance(90, 100, "S3", "Đáp.")]
    transcript = transcripts.save_transcript(db, meeting.id or 0, None, "test", said)
    transcripts.save_analysis(db, transcript, Analysis(tuple(
        Question(i, (Span(0, 0, 1),), f"Câu {i}?", f"Câu {i}.", topic, 0.9, status, Answer((2,), "Đáp.", "", "", term))
        for i, (topic, status, term) in enumerate(rows, 1)), (Place.QUESTION, Place.PROCEDURE, Place.ANSWER), "test"))


def test_questions_are_counted_by_topic_and_by_meeting(kept: list[int], db: Database) -> None:
    meetings = figures.meetings_of(db, EVERYTHING)
    assert [meeting.id for meeting in meetings] == kept[::-1]
    assert figures.by_topic(db, meetings) == {
        (LAND, Status.ANSWERED): 1, (LAND, Status.PROMISED): 1, ("", Status.WRITTEN): 1, (WASTE, Status.PROMISED): 1}
    assert figures.by_meeting(db, meetings)[kept[1], Status.PROMISED] == 1
    here = figures.meetings_of(db, EVERYTHING, "xã Tân Hòa", HELD.isoformat()[:4])
    assert [meeting.id for meeting in here] == kept[:1]
    assert (WASTE, Status.PROMISED) not in figures.by_topic(db, here)


def test_an_edit_in_review_counts_at_once(kept: list[int], db: Database) -> None:
    question = next(q for q in _questions(db, kept[1]))
    review.change(db, kept[1], "Hân", [
        Edit("question", question.id or 0, "status", Status.PROMISED, Status.ANSWERED, 0)])
    assert figures.by_meeting(db, figures.meetings_of(db, EVERYTHING))[kept[1], Status.ANSWERED] == 1


def _questions(db: Database, meeting: int) -> tuple[Question, ...]:
    return standing.analysis(db, meeting).questions


def test_speaking_time_is_told_by_side(kept: list[int], db: Database) -> None:
    spoken = figures.speaking(db, figures.meetings_of(db, EVERYTHING))
    assert {side: spoken[kept[0], side] for side in Side} == {
        Side.CITIZENS: 30.0, Side.OFFICIALS: 10.0, Side.LEADS: 60.0}


def test_answers_that_came_later_are_told_by_how_long_they_took(kept: list[int], db: Database, home: Path) -> None:
    clocks = read_clocks(home)
    late = next(p for p in follow_up.promises(db, clocks, kept[0]) if p.due == HELD + timedelta(10))
    undone = figures.waiting(follow_up.promises(db, clocks), date.today())
    assert (undone.counts, undone.middle) == ({Wait.OVERDUE: 1, Wait.OWED: 1, Wait.UNDATED: 1}, None)
    follow_up.record(db, late, "Hân", answer="Đã làm.", answered_on=(HELD + timedelta(12)).isoformat())
    done = figures.waiting(follow_up.promises(db, clocks), date.today())
    assert (done.counts, done.middle) == ({Wait.WITHIN_30: 1, Wait.OWED: 1, Wait.UNDATED: 1}, 12)


def test_who_sees_no_drafts_sees_the_figures_of_published_meetings_only(kept: list[int], db: Database) -> None:
    assert figures.meetings_of(db, Sight(Audience.PUBLIC)) == []
    store.set_state(db, kept[0], MeetingState.PUBLISHED)
    assert [meeting.id for meeting in figures.meetings_of(db, Sight(Audience.PUBLIC))] == kept[:1]


def test_parts_follow_one_another_and_a_number_stands_where_it_fits() -> None:
    parts = [Part("A", "#000000", False), Part("B", "#ffffff", True)]
    cells = [Cell("x", "B", 1, "1"), Cell("x", "A", 99, "99"), Cell("y", "B", 50, "50")]
    chart = stacked(["x", "y"], parts, cells)
    bars, dark, light = (layer.data.values for layer in chart.layer)
    placed = [(row["part"], row["from"], row["to"]) for row in bars if row["bar"] == "x"]
    assert placed == [("A", 0, 99), ("B", 99, 100)]
    assert [row["words"] for row in (*dark, *light)] == ["50", "99"]


def test_an_empty_house_has_no_pictures(home: Path) -> None:
    app = opened("pictures")
    assert not app.exception and not app.error
    assert view.NOTHING in texts(app)


def test_every_picture_has_its_numbers_and_is_printed_without_menus(kept: list[int], page: Page, address: str) -> None:
    page.get_by_role("link", name=PICTURES).click()
    tables = page.locator(".dt-numbers")
    expect(tables).to_have_count(4, timeout=60_000)
    drawn(page)
    expect(page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").first).to_be_visible(timeout=60_000)
    expect(tables.first.locator("tr").last.locator("td")).to_have_text([view.TOTAL, "1", "2", "1", "0", "0", "4"])
    with page.expect_download() as download:
        page.locator(".st-key-take_chu-de").get_by_role("button", name=view.TAKE).click()
    book = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    assert [cell.value for cell in book.active[5]][:3] == [LAND, 1, 1]
    page.goto(f"{address}/thong-ke?xa=x%C3%A3+T%C3%A2n+H%C3%B2a")
    expect(page.get_by_text(view.SUMMARY.format(meetings=1, questions=3))).to_be_visible(timeout=60_000)
    assert page.evaluate("window.ran") is None
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name=PICTURES)).to_be_hidden()
    expect(page.get_by_role("button", name=view.TAKE).first).to_be_hidden()
    expect(tables.first).to_be_visible()
