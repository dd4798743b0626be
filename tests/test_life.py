"""The whole life of a meeting in the browser, from its draft to its readers; and all that must not happen on the way.

The way from sound to the draft is in `test_browser` and `test_live_meeting`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlite_utils import Database

from models import approval, history, review, sessions, store
from models.records import MeetingState
from models.review import Edit
from models.rights import Account
from tests import standing
from tests.conftest import come_in, drawn, served
from tests.test_approval import BINH, HAN, READER, TAN, kept, tick
from tests.test_browser import HOSTILE
from tests.word_files import word_text
from ui import freezing, pdf, sign_in
from ui.errors import APPROVAL, FROZEN, NOT_ALLOWED
from ui.views import approval_view as view
from ui.views import meeting as meeting_page
from ui.views import meetings, published, review_bar, review_question, search

__all__ = ["kept"]  # a fixture of the models' tests

PATIENCE, LOADING = 30_000, 180_000
"""Milliseconds within which a slow machine has drawn the page, has understood a meeting or made its papers."""
MINUTES = "Biên bản (mẫu chính quyền)"


@pytest.fixture
def address(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The app, served without LibreOffice and without weights: what these do is tested elsewhere, and takes minutes."""
    with monkeypatch.context() as without:
        without.setenv("PATH", "")
        without.setenv("DOITHOAI_WEIGHTS", str(home / "none"))
        serving = served(home)
        where, _ = serving.__enter__()
    yield where
    serving.__exit__(None, None, None)


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A second person's browser."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN", accept_downloads=True)
    yield page
    page.close()


def test_from_the_draft_to_a_corrected_result_that_a_reader_finds(
        page: Page, window: Page, address: str, db: Database, home: Path, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # The secretary loads a meeting and looks through its questions, by keys alone.
    come_in(page, address, home, TAN)
    page.goto(address)
    page.get_by_role("button", name=meetings.SAMPLE).click()
    expect(page.get_by_role("button", name=meeting_page.REVIEW, exact=True)).to_be_visible(timeout=LOADING)
    (held,) = store.meetings(db)
    meeting = held.id or 0
    page.get_by_role("button", name=meeting_page.REVIEW, exact=True).click()
    count = len(standing.analysis(db, meeting).questions)
    for done in range(count - 1):
        expect(page.get_by_text(review_bar.LEFT.format(done=done, count=count, left=count - done))).to_be_visible()
        expect(page.get_by_label(review_question.SUMMARY)).to_have_count(1)
        page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(review_bar.LEFT.format(done=count - 1, count=count, left=1))).to_be_visible()
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(review_bar.ALL_DONE.format(count=count))).to_be_visible()

    # The secretary signs, the chair approves, the secretary publishes.
    _open(page, address, home, meeting, TAN)
    _step(page, view.STAGES[1])
    _do(page, view.SIGN)
    expect(page.locator("[aria-current=step]")).to_contain_text(view.STAGES[3], timeout=LOADING)
    _do(_open(window, address, home, meeting, HAN), view.APPROVE)
    _step(window, view.STAGES[4])
    _do(_open(page, address, home, meeting, TAN), view.PUBLISH)
    expect(page.get_by_text(view.FINISHED)).to_be_visible()
    expect(page.locator(".dt-step-done")).to_have_count(5)

    # The file is what its SHA-256 says.
    paper = _saved(page, MINUTES, tmp_path / "1.docx")
    page.get_by_text(view.HASHES).click()
    expect(page.locator("code")).to_contain_text(f"{hashlib.sha256(paper.read_bytes()).hexdigest()}  bien-ban.docx")

    # A reader finds it, and reads what was published.
    come_in(window, address, home, READER)
    question = approval.published(db, meeting)["questions"][0]  # type: ignore[index]
    window.goto(f"{address}/tim-kiem?tim={quote(question['summary'])}&loai=questions")
    window.get_by_role("link", name=search.READ_PUBLISHED).first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(held.title)
    expect(window.get_by_text(question["summary"], exact=True)).to_be_visible()
    with window.expect_download() as download:
        window.get_by_role("button", name=published.PAPER.format(kind="Word")).click()
    download.value.save_as(tmp_path / "public.docx")
    assert held.title.upper()[:20] in word_text(tmp_path / "public.docx").upper()

    # A correction needs a reason; while it is in work the reader keeps the version before, and is told.
    _do(page, view.CORRECT)
    expect(page.get_by_role("dialog").get_by_text(APPROVAL["no_reason"])).to_be_visible()
    page.get_by_role("dialog").locator("textarea").fill(HOSTILE)
    _agree(page, view.CORRECT)
    _step(page, view.STAGES[1])
    first = standing.analysis(db, meeting).questions[0]
    review.change(db, meeting, TAN.name, [Edit("question", first.id or 0, "summary", first.summary, "Bản đã sửa", 0)])
    window.reload()
    expect(window.get_by_text(published.IN_WORK)).to_be_visible()
    expect(window.get_by_text(question["summary"], exact=True)).to_be_visible()

    # Signed, approved and published again, it takes that one's place, and says so.
    monkeypatch.setattr(pdf, "office", lambda: None)
    tick(db, meeting)
    freezing.sign_off(db, home, approval.standing(db, meeting), TAN)
    approval.approve(db, home, approval.standing(db, meeting), HAN)
    _do(_open(page, address, home, meeting, TAN), view.PUBLISH)
    expect(page.get_by_text(view.FINISHED)).to_be_visible()
    text = word_text(_saved(page, MINUTES, tmp_path / "2.docx"))
    assert "BẢN ĐÍNH CHÍNH LẦN 1" in text and HOSTILE.rstrip(". ") in text
    window.reload()
    expect(window.get_by_text("Bản đã sửa", exact=True)).to_be_visible()
    expect(window.get_by_text(HOSTILE)).to_be_visible()

    # All of it stands in the history.
    page.goto(f"{address}/lich-su?meeting={meeting}")
    expect(page.get_by_text("mở bản đính chính")).to_be_visible()
    expect(page.get_by_text("duyệt biên bản")).to_have_count(2)
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    for shown in (page, window):
        assert shown.evaluate("window.ran") is None
    assert not history.broken_links(db)


def test_what_must_not_happen(page: Page, window: Page, browser: Browser, address: str, db: Database, home: Path,
                              kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    db.table("meetings").update(kept, {"title": HOSTILE})
    db.conn.commit()

    # A reader who knows a draft's address is told nothing of it.
    come_in(window, address, home, READER)
    for draft in (f"ho-so?meeting={kept}", f"ra-soat?meeting={kept}", f"sua-hoi-nghi?meeting={kept}", "lich-su"):
        window.goto(f"{address}/{draft}")
        expect(window.get_by_text(NOT_ALLOWED)).to_be_visible()
        expect(window.get_by_text("Tân Hòa")).to_have_count(0)
    window.goto(f"{address}/cong-bo?meeting={kept}")
    expect(window.get_by_text(published.NONE)).to_be_visible()

    # Nothing is signed before all was looked through, nor over an edit that was not seen.
    _open(page, address, home, kept, TAN)
    expect(page.get_by_text(view.LEFT.format(left=2, done=0, count=2))).to_be_visible()
    expect(page.get_by_role("button", name=view.SIGN)).to_have_count(0)
    for question in standing.analysis(db, kept).questions:
        review.mark_reviewed(db, kept, TAN.name, question.id or 0, True, history.last_id(db))
    _open(page, address, home, kept, TAN)
    last = standing.transcript(db, kept).utterances[5]
    review.change(db, kept, HAN.name, [Edit("utterance", last.id or 0, "text", last.text, "Xin hết ạ.", 0)])
    _do(page, view.SIGN)
    expect(page.get_by_role("dialog").get_by_text(APPROVAL["stale"])).to_be_visible()
    assert approval.standing(db, kept).state is MeetingState.IN_REVIEW

    # A template with a field that nobody knows stops the signing, and is named.
    template = home / "templates" / "bien_ban.docx"
    template.parent.mkdir()
    document = docx.Document()
    document.add_paragraph("{{ truong_khong_co }}")
    document.save(str(template))
    _open(page, address, home, kept, TAN)
    _do(page, view.SIGN)
    expect(page.get_by_role("dialog").get_by_text("truong_khong_co")).to_be_visible()
    template.unlink()
    _open(page, address, home, kept, TAN)
    _do(page, view.SIGN)
    expect(page.locator("[aria-current=step]")).to_contain_text(view.STAGES[3], timeout=LOADING)

    # Two have it before their eyes; it is sent back and signed again meanwhile: what they saw is not approved.
    other = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    for shown, who in ((window, HAN), (other, BINH)):
        _open(shown, address, home, kept, who)
    approval.send_back(db, approval.standing(db, kept), TAN, "Sót một chữ")
    page.goto(f"{address}/ra-soat?meeting={kept}")
    expect(page.get_by_text(review_bar.ALL_DONE.format(count=2))).to_be_visible()
    monkeypatch.setattr(pdf, "office", lambda: None)
    freezing.sign_off(db, home, approval.standing(db, kept), TAN)
    _do(window, view.APPROVE)
    expect(window.get_by_role("dialog").get_by_text("chưa làm gì cả")).to_be_visible()
    assert approval.standing(db, kept).state is MeetingState.SIGNED

    # Approved once; the second is told by whom.
    for shown, who in ((window, HAN), (other, BINH)):
        _press(_open(shown, address, home, kept, who), view.APPROVE)
    _agree(window, view.APPROVE)
    _step(window, view.STAGES[4])
    _agree(other, view.APPROVE)
    expect(other.get_by_role("dialog").get_by_text(APPROVAL["already_approved"].format(detail=HAN.name))).to_be_visible()
    assert [step.by for step in approval.standing(db, kept).steps if step.kind == "approved"] == [HAN.name]

    # A window that still reviewed changes nothing any more, and a new one is not opened.
    line = standing.transcript(db, kept).utterances[0].text
    page.get_by_role("button", name=re.compile("00:00:00")).first.click()
    expect(page.get_by_text(FROZEN["approved"])).to_be_visible()
    assert standing.transcript(db, kept).utterances[0].text == line
    page.reload()
    expect(page.get_by_text(FROZEN["approved"])).to_be_visible()
    expect(page.get_by_role("button", name=review_bar.READY)).to_have_count(0)

    # A session that ran out leads to the sign-in page; what it would have done is not done.
    _press(_open(page, address, home, kept, TAN), view.PUBLISH)
    db.execute("update sessions set seen = ?", [sessions._ago(sessions.IDLE + timedelta(minutes=1))])
    db.conn.commit()
    _agree(page, view.PUBLISH)
    expect(page.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()
    assert not approval.published_heads(db)

    for shown in (page, window, other):
        assert shown.evaluate("window.ran") is None
    other.close()
    assert not history.broken_links(db)


def _open(page: Page, address: str, home: Path, meeting: int, who: Account) -> Page:
    """The minutes of a meeting as this person, signed in, sees them."""
    come_in(page, address, home, who)
    page.goto(f"{address}/ho-so?meeting={meeting}&xem={quote(meeting_page.PAPERS)}")
    expect(page.locator(".dt-steps")).to_be_visible()
    drawn(page)
    return page


def _step(page: Page, name: str) -> None:
    expect(page.locator("[aria-current=step]")).to_contain_text(name)


def _press(page: Page, label: str) -> None:
    """Opens the dialog of a step."""
    page.get_by_role("button", name=label, exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _agree(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def _do(page: Page, label: str) -> None:
    _press(page, label)
    _agree(page, label)


def _saved(page: Page, paper: str, to: Path) -> Path:
    """The Word file of a paper of the version that is shown first."""
    drawn(page)
    row = page.locator('[data-testid="stHorizontalBlock"]', has=page.get_by_text(paper, exact=True)).first
    with page.expect_download(timeout=PATIENCE) as download:
        row.get_by_role("button", name="DOCX").click()
    download.value.save_as(to)
    return to


