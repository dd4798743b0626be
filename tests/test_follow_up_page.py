"""The page of promises: the most urgent first, an answer recorded, nothing secret shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import follow_up, history, store, transcripts
from models.backup import check
from models.clocks import read_clocks
from models.follow_up import Standing
from models.records import Analysis, Answer, Meeting, Place, Question, Span, Status, Utterance
from tests.conftest import EVERYTHING, act_as, drawn
from tests.test_browser import HOSTILE
from tests.test_pages import opened, texts
from ui.app import FOLLOW_UP
from ui.labels import STATUS
from ui.seen import HIDDEN
from ui.views import follow_up as view
from ui.views import papers_view
from ui.views.wording import capital, plain

LATE, SOON, SECRET = "Sửa cầu Ba Làng.", "Ai giữ trường?", "Tố cáo ông Hồ Tham."
OLD = "Kéo điện cho ấp."


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    held = store.add_meeting(db, replace(meeting, date=(date.today() - timedelta(20)).isoformat()))
    said = transcripts.save_transcript(db, held.id or 0, None, "test", [Utterance(0, 2, "S1", "x")])
    rows = ((LATE, "trong 8 ngày", ()), (SOON, "trong 22 ngày", ()), (SECRET, "", ("denunciation",)))
    transcripts.save_analysis(db, said, Analysis(tuple(
        Question(i, (Span(0, 0, 1),), text, text, None, 0.5, Status.WRITTEN, Answer((), "", "", "UBND xã", term),
                 flags=flags) for i, (text, term, flags) in enumerate(rows, 1)), (Place.QUESTION,), "test"))
    return held


def test_an_empty_house_owes_nothing(home: Path) -> None:
    app = opened("follow_up")
    assert not app.exception and not app.error
    assert view.NOTHING in [element.value for element in app.success]


def test_what_is_overdue_stands_first_and_a_denunciation_is_not_told(kept: Meeting) -> None:
    act_as(replace(EVERYTHING, login="tan.huynh", name="Huỳnh Tân", sees_denunciations=False))
    app = opened("follow_up")
    assert not app.exception and not app.error
    text = texts(app)
    parts = [view.LATE.format(days=12), LATE[:-1], view.LEFT.format(days=2), SOON[:-1], HIDDEN]
    assert sorted(parts, key=text.index) == parts
    assert "Hồ Tham" not in text
    act_as(EVERYTHING)
    assert "Hồ Tham" in texts(opened("follow_up"))
    assert view.LATE.format(days=12) in text.split(view.LEFT.format(days=2))[0]


def test_every_term_that_counts_is_told_with_its_source(kept: Meeting, home: Path) -> None:
    text = texts(opened("follow_up"))
    clocks = read_clocks(home)
    for clock in clocks.clocks.values():
        assert f"**{plain(clock.name)}**: {clock.days} " in text
        assert plain(clock.source) in text
    assert plain(clocks.plan_source) in text


def test_what_is_owed_is_chosen_by_kind_and_year(kept: Meeting, db: Database) -> None:
    older = store.add_meeting(db, replace(kept, id=None, date="2024-05-22"))
    said = transcripts.save_transcript(db, older.id or 0, None, "test", [Utterance(0, 2, "S1", "x")])
    transcripts.save_analysis(db, said, Analysis((Question(
        1, (Span(0, 0, 1),), OLD, OLD, None, 0.5, Status.ESCALATED),), (Place.QUESTION,), "test"))
    app = opened("follow_up")
    assert OLD[:-1] in texts(app) and SOON[:-1] in texts(app)
    app.selectbox(key="year").select("2024").run()
    assert OLD[:-1] in texts(app) and SOON[:-1] not in texts(app)
    app.selectbox(key="kind").select(capital(STATUS[Status.WRITTEN])).run()
    assert not app.exception
    assert view.NONE_SHOWN in texts(app)


def test_an_answer_is_recorded_by_who_is_signed_in_and_closes_the_promise(
        kept: Meeting, db: Database, home: Path, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name=FOLLOW_UP).click()
    expect(page.get_by_role("button", name=view.RECORD).first).to_be_visible()
    drawn(page)
    page.get_by_role("button", name=view.RECORD).first.click()
    save = page.get_by_role("button", name=view.SAVE, exact=True)
    save.click()
    expect(page.get_by_text(view.NEED_ANSWER)).to_be_visible()
    page.get_by_label(view.ANSWER, exact=True).fill(HOSTILE)
    (tmp_path / "văn bản.pdf").write_bytes(b"%PDF-1.4")
    page.locator("input[type=file]").set_input_files(tmp_path / "văn bản.pdf")
    save.click()
    expect(page.get_by_text(view.LATE.format(days=12))).to_have_count(0)
    found = {p.question.text: p for p in follow_up.promises(db, read_clocks(home))}
    assert (found[LATE].answer, found[LATE].answered_on) == (HOSTILE, date.today())
    assert found[SOON].answer == ""
    assert [entry.by for entry in history.history(db, follow_up.RECORD, found[LATE].key)] == [EVERYTHING.name] * 3
    page.get_by_text(view.HEAD.format(name=view.HEADS[Standing.ANSWERED], count=1)).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=view.GET_FILE).click()
    assert download.value.path().read_bytes() == b"%PDF-1.4"
    assert page.evaluate("window.ran") is None
    assert not check(home).problems


def test_every_paper_of_the_meeting_is_offered(kept: Meeting) -> None:
    app = opened("meeting", meeting=str(kept.id), xem="Biên bản")
    assert not app.exception and not app.error
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels.index(papers_view.GET_MINUTES) < labels.index(papers_view.GET_PARTY) < labels.index("Word")
    letters = [label for label in labels if label.startswith("Trả lời câu")]
    assert len(letters) == 2  # none for a denunciation


def test_a_wrong_template_is_named_before_anything_is_downloaded(kept: Meeting, home: Path) -> None:
    template = docx.Document(str(resources.files("summarize.templates") / "ban_cong_bo.docx"))
    template.add_paragraph("{{ so_nha }}")
    (home / "templates").mkdir()
    template.save(str(home / "templates" / "ban_cong_bo.docx"))
    app = opened("meeting", meeting=str(kept.id), xem="Biên bản")
    assert not app.exception
    (error,) = app.error
    assert "ô điền «so\\_nha» mà chương trình không biết" in error.value
