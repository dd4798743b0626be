"""The way to official minutes on the pages, by three people, with all that must not happen; and the history page."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import approval, history, review, typed
from models.records import MeetingState
from models.review import Edit
from models.rights import Account, Role
from tests.conftest import act_as, come_in
from tests.test_approval import HAN, TAN, TIP, _analysis, _edit, _transcript, account, kept, signed, tick, ticked
from tests.test_browser import HOSTILE
from tests.test_pages import opened, texts
from ui import freezing, pdf
from ui.errors import APPROVAL, FROZEN, NOT_ALLOWED
from ui.views import approval_view as view
from ui.views import history_view, review_bar, signed_in
from ui.views import meeting as meeting_page
from ui.views.wording import plain

__all__ = ["kept", "signed", "ticked"]  # fixtures of the models' tests

PATIENCE, SIGNING = 30_000, 180_000
"""Milliseconds within which a slow machine has drawn the page, and has made all papers, PDF too."""


def minutes_page(meeting: int, who: Account) -> AppTest:
    act_as(who)
    app = opened("meeting", meeting=str(meeting), xem=meeting_page.PAPERS)
    assert not app.exception
    return app


def history_page(**address: str) -> str:
    app = opened("history_view", **address)
    assert not app.error
    return _told(app)


def history_page_with_errors() -> str:
    return _told(opened("history_view"))


def _told(app: AppTest) -> str:
    assert not app.exception
    rows = (re.sub("<[^>]+>", " ", str(part.proto.body)) for part in app.get("html"))
    return " ".join(f"{texts(app)} {' '.join(rows)}".split())


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_the_page_says_what_is_missing_and_offers_only_the_next_step(
        db: Database, home: Path, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {view.SIGN, view.APPROVE, view.PUBLISH, view.SEND_BACK, view.CORRECT}
    app = minutes_page(kept, TAN)
    assert view.LEFT.format(left=2, done=0, count=2) in texts(app) and not buttons(app) & steps
    tick(db, kept)
    assert buttons(minutes_page(kept, TAN)) & steps == {view.SIGN}
    freezing.sign_off(db, home, approval.standing(db, kept), TAN)
    assert buttons(minutes_page(kept, HAN)) & steps == {view.APPROVE, view.SEND_BACK}
    approval.approve(db, home, approval.standing(db, kept), HAN)
    app = minutes_page(kept, TAN)
    assert buttons(app) & steps == {view.PUBLISH, view.CORRECT}
    assert meeting_page.REVIEW not in buttons(app) and "dự thảo do máy soạn" not in texts(app)
    approval.publish(db, home, approval.standing(db, kept), TAN)
    assert buttons(minutes_page(kept, TAN)) & steps == {view.CORRECT}


@pytest.mark.parametrize(("roles", "offered"), [
    ((Role.SECRETARY,), {view.SEND_BACK}), ((Role.OFFICIAL,), {view.APPROVE, view.SEND_BACK}),
    ((Role.ADMINISTRATOR,), set()), ((Role.READER,), set())], ids=["secretary", "official", "administrator", "reader"])
def test_each_is_offered_only_what_they_may(
        signed: int, roles: tuple[Role, ...], offered: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_in, "account", lambda: account("Ai đó", *roles))
    shown = buttons(minutes_page(signed, HAN))
    assert shown & {view.APPROVE, view.SEND_BACK, view.SIGN, view.PUBLISH, view.CORRECT} == offered


def test_who_signed_is_asked_for_whom_they_approve_and_it_is_told(db: Database, home: Path, signed: int) -> None:
    both = account(TAN.name, Role.SECRETARY, Role.OFFICIAL)
    app = minutes_page(signed, both)
    app.button(key="approval_next").click().run()
    assert view.SAME_PERSON in [box.value for box in app.info]
    assert view.INSTEAD in [box.label for box in app.text_input]
    freezing.approve(db, home, approval.standing(db, signed), both, "thay đ/c Hân đi công tác")
    shown = texts(minutes_page(signed, TAN))
    assert view.INSTEAD_OF.format(instead_of=plain("thay đ/c Hân đi công tác")) in shown and view.SLIP_NAME in shown
    assert "Duyệt thay: thay đ/c Hân" in history_page()


def test_what_was_sent_back_says_why(db: Database, signed: int) -> None:
    approval.send_back(db, approval.standing(db, signed), HAN, HOSTILE)
    shown = texts(minutes_page(signed, TAN))
    assert HAN.name in shown and plain(HOSTILE) in shown


def test_unsaved_texts_of_others_are_told_before_signing(db: Database, ticked: int) -> None:
    question = _analysis(db, ticked).questions[0]
    typed.keep(db, typed.Typed(ticked, HAN.name, Edit("question", question.id or 0, "agency", "", "Xã", 0)))
    assert view.UNSAVED.format(by=HAN.name, count=1) in texts(minutes_page(ticked, TAN))


def test_the_history_says_who_changed_what_and_filters(db: Database, signed: int) -> None:
    shown = history_page()
    line = _transcript(db, signed).utterances[2]
    assert shown.index("ký biên bản") < shown.index("đánh dấu đã xem")  # the newest first
    approval.send_back(db, approval.standing(db, signed), HAN, "Sai chữ")
    review.change(db, signed, HAN.name, [Edit("utterance", line.id or 0, "text", line.text, "Năm tới sẽ sửa cầu.", 0)])
    _edit(db, signed, "status", "written_reply", "escalated", HAN.name)
    shown = history_page()
    for words in ("sửa lời lúc 00:00:20", "trả lại biên bản để sửa", "Lý do: Sai chữ", "đổi kết quả trả lời",
                  "sẽ trả lời bằng văn bản", "kiến nghị cấp trên"):
        assert words in shown, words
    html = "".join(str(part.proto.body) for part in opened("history_view").get("html"))
    assert "Năm <del>sau</del> sẽ sửa cầu." in html and "Năm <ins>tới</ins> sẽ sửa cầu." in html
    app = opened("history_view")
    app.selectbox(key="history_by").select(TAN.name).run()
    app.selectbox(key="history_kind").select("approval").run()
    assert not app.exception
    found = "".join(str(part.proto.body) for part in app.get("html"))
    assert "ký biên bản" in found and "trả lại" not in found and "đánh dấu" not in found


def test_the_history_of_accounts_is_for_who_keeps_them_and_drafts_for_who_sees_them(
        db: Database, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(db, kept, "agency", "", "Cơ quan 1")
    assert "đổi vai trò" in history_page() and "Cơ quan 1" in history_page()
    monkeypatch.setattr(signed_in, "account", lambda: account("Ai đó", Role.OFFICIAL))
    assert "đổi vai trò" not in history_page() and "Cơ quan 1" in history_page()
    monkeypatch.setattr(signed_in, "account", lambda: account("Ai đó", Role.ADMINISTRATOR))
    assert "đổi vai trò" in history_page() and "Cơ quan 1" not in history_page()


def test_the_history_is_paged(db: Database, kept: int) -> None:
    for i in range(history_view.PER_PAGE):
        _edit(db, kept, "agency", f"Cơ quan {i}" if i else "", f"Cơ quan {i + 1}")
    shown = history_page(meeting=str(kept))
    assert history_view.FOUND.format(count=history_view.PER_PAGE + 1) in shown
    assert f"Cơ quan {history_view.PER_PAGE}" in shown and "bắt đầu rà soát" in shown
    assert history_view.EMPTY not in shown, "the first edit is on the second page"


def test_a_broken_chain_is_told_on_the_history_page(db: Database, ticked: int) -> None:
    told = "".join(box.value for box in opened("history_view").success)
    assert told == history_view.WHOLE.format(count=history.last_id(db))  # counted after the account that looks
    db.execute("update revisions set by = 'Người khác' where id = 2")
    db.conn.commit()
    app = opened("history_view")
    assert [box.value for box in app.error] == [history_view.BROKEN.format(numbers="2")]


def test_ticks_masks_and_steps_are_told_before_and_after_and_one_question_alone(db: Database, signed: int) -> None:
    shown = history_page()
    for words in ("Trước: chưa xem Sau: đã xem", "Trước: đang rà soát Sau: thư ký đã ký, chờ duyệt"):
        assert words in shown, words
    approval.send_back(db, approval.standing(db, signed), HAN, "Sai")
    first = _analysis(db, signed).questions[0]
    lifted = [replace(first.personal_data[0], lifted=True, reason="số của trụ sở")]
    review.change(db, signed, HAN.name, [Edit("question", first.id or 0, "personal_data", review.marks_text(
        first.personal_data), review.marks_text(lifted), 0)], review.Kind.MASKED)
    shown = history_page(meeting=str(signed))
    assert "số điện thoại ở lượt nói 2" in shown and "(để lộ), lý do: số của trụ sở" in shown
    html = "".join(str(part.proto.body) for part in opened("history_view").get("html"))
    html = html[html.index("<article>"):]
    assert "0912" not in html, "of what is masked only where and what kind"
    app = opened("history_view", meeting=str(signed))
    app.selectbox(key=f"history_question_{signed}").select(first.id).run()
    assert not app.exception
    found = re.sub("<[^>]+>", " ", "".join(str(part.proto.body) for part in app.get("html")))
    assert "Cầu ván" in found and "trả lại biên bản" not in found and found.count("đánh dấu đã xem") == 1


def test_what_no_program_wrote_is_shown_as_it_stands_and_marked(db: Database, ticked: int) -> None:
    with db.conn:
        db.execute("update revisions set after = 'vớ vẩn' where field in ('reviewed', 'state')")
    shown = history_page_with_errors()
    assert "vớ vẩn" in shown and shown.count(history_view.BROKEN_HERE) >= 3


def test_the_history_of_a_denunciation_is_for_those_named_alone(
        db: Database, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    line, question = _transcript(db, kept).utterances[3], _analysis(db, kept).questions[1]
    review.change(db, kept, TAN.name, [Edit("utterance", line.id or 0, "text", TIP, TIP.replace("tiền", "vàng"), 0)])
    review.change(db, kept, TAN.name, [Edit("question", question.id or 0, "agency", "", "Công an", 0)])
    assert "nhận vàng" in history_page()
    monkeypatch.setattr(signed_in, "account", lambda: replace(TAN, sees_denunciations=False))
    shown = history_page()
    assert history_view.SECRET in shown and history_view.SECRET_SUMMARY in shown
    assert not any(words in shown for words in ("Kín", "Tham", "nhận tiền", "nhận vàng", "Công an"))
    review.drop(db, kept, TAN.name, question.id or 0, history.last_id(db))  # a dropped one stays secret
    assert not any(words in history_page() for words in ("Kín", "Tham", "nhận vàng", "Công an"))


def test_a_reader_sees_no_history(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_in, "account", lambda: account("Bạn đọc", Role.READER))
    assert plain(NOT_ALLOWED) in [box.value for box in opened("history_view").error]


def _open(page: Page, base: str, home: Path, meeting: int, who: Account) -> Page:
    """The minutes of a meeting as this person, signed in, sees them."""
    come_in(page, base, home, who)
    page.goto(f"{base}ho-so?meeting={meeting}&xem={quote(meeting_page.PAPERS)}")
    expect(page.locator(".dt-steps")).to_be_visible()
    return page


def _step(page: Page, name: str) -> None:
    expect(page.locator("[aria-current=step]")).to_contain_text(name)


def _press(page: Page, label: str) -> None:
    """Opens the dialog of a step."""
    page.get_by_role("button", name=label, exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _agree(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def _saved(page: Page, paper: str, to: Path) -> Path:
    """The Word file of a paper of the version that is shown first."""
    row = page.locator('[data-testid="stHorizontalBlock"]', has=page.get_by_text(paper, exact=True)).first
    with page.expect_download(timeout=PATIENCE) as download:
        row.get_by_role("button", name="DOCX").click()
    download.value.save_as(to)
    return to


def test_from_draft_to_a_published_correction(
        page: Page, browser: Browser, db: Database, home: Path, kept: int, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    expect.set_options(timeout=PATIENCE)
    base = page.url
    reviewing, first, second = (browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN",
                                                 accept_downloads=True) for _ in range(3))
    binh = account("Phan Văn Bình", Role.OFFICIAL)

    # The secretary: nothing to sign before all was looked through.
    _open(page, base, home, kept, TAN)
    _step(page, view.STAGES[0])
    expect(page.get_by_text(view.LEFT.format(left=2, done=0, count=2))).to_be_visible()
    expect(page.get_by_role("button", name=view.SIGN)).to_have_count(0)
    tick(db, kept)
    _open(page, base, home, kept, TAN)
    _step(page, view.STAGES[1])

    # Somebody edits while the secretary reads: what was not seen is not signed.
    last = _transcript(db, kept).utterances[5]
    review.change(db, kept, HAN.name, [Edit("utterance", last.id or 0, "text", last.text, "Xin hết ạ.", 0)])
    _press(page, view.SIGN)
    _agree(page, view.SIGN)
    expect(page.get_by_role("dialog").get_by_text(plain(APPROVAL["stale"]).replace("\\", ""))).to_be_visible()
    assert approval.standing(db, kept).state is MeetingState.IN_REVIEW

    # A second person still reviews in another window.
    come_in(reviewing, base, home, HAN)
    reviewing.goto(f"{base}ra-soat?meeting={kept}")
    expect(reviewing.get_by_text(review_bar.ALL_DONE.format(count=2))).to_be_visible()

    _open(page, base, home, kept, TAN)
    _press(page, view.SIGN)
    _agree(page, view.SIGN)
    expect(page.locator("[aria-current=step]")).to_contain_text(view.STAGES[3], timeout=SIGNING)
    expect(page.get_by_role("dialog")).to_have_count(0)

    # Two who may approve have it before their eyes; it is sent back and signed again meanwhile: both are stale.
    for window, who in ((first, HAN), (second, binh)):
        _open(window, base, home, kept, who)
    approval.send_back(db, approval.standing(db, kept), TAN, "Sót một chữ")
    monkeypatch.setattr(pdf, "office", lambda: None)
    freezing.sign_off(db, home, approval.standing(db, kept), TAN)
    _press(first, view.APPROVE)
    _agree(first, view.APPROVE)
    expect(first.get_by_role("dialog").get_by_text("chưa làm gì cả")).to_be_visible()
    assert approval.standing(db, kept).state is MeetingState.SIGNED

    # Approved once; the second is told by whom.
    for window, who in ((first, HAN), (second, binh)):
        _press(_open(window, base, home, kept, who), view.APPROVE)
    expect(first.get_by_text("không ai sửa được nữa")).to_be_visible()
    _agree(first, view.APPROVE)
    _step(first, view.STAGES[4])
    _agree(second, view.APPROVE)
    expect(second.get_by_role("dialog").get_by_text(
        APPROVAL["already_approved"].format(detail=HAN.name))).to_be_visible()
    assert [step.by for step in approval.standing(db, kept).steps if step.kind == "approved"] == [HAN.name]

    # The window that still reviewed changes nothing any more, and a new one is not opened.
    line = _transcript(db, kept).utterances[0].text
    reviewing.get_by_role("button", name=re.compile("00:00:00")).first.click()
    expect(reviewing.get_by_text(FROZEN["approved"])).to_be_visible()
    assert _transcript(db, kept).utterances[0].text == line
    reviewing.reload()
    expect(reviewing.get_by_text(FROZEN["approved"])).to_be_visible()
    expect(reviewing.get_by_role("button", name=review_bar.READY)).to_have_count(0)

    # Published; the file is what its SHA-256 says.
    _open(page, base, home, kept, TAN)
    _press(page, view.PUBLISH)
    _agree(page, view.PUBLISH)
    expect(page.get_by_text(view.FINISHED)).to_be_visible()
    expect(page.locator(".dt-step-done")).to_have_count(5)
    paper = _saved(page, "Biên bản (mẫu chính quyền)", tmp_path / "1.docx")
    sha256 = hashlib.sha256(paper.read_bytes()).hexdigest()
    page.get_by_text(view.HASHES).click()
    expect(page.locator("code")).to_contain_text(f"{sha256}  bien-ban.docx")
    page.keyboard.press("Escape")

    # A correction needs a reason, and its papers tell it.
    _press(page, view.CORRECT)
    _agree(page, view.CORRECT)
    expect(page.get_by_role("dialog").get_by_text(APPROVAL["no_reason"])).to_be_visible()
    page.get_by_role("dialog").locator("textarea").fill(HOSTILE)
    _agree(page, view.CORRECT)
    _step(page, view.STAGES[1])
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    _edit(db, kept, "agency", "", "Ủy ban nhân dân xã")
    tick(db, kept)
    freezing.sign_off(db, home, approval.standing(db, kept), TAN)
    _press(_open(first, base, home, kept, HAN), view.APPROVE)
    first.get_by_label(view.INSTEAD).fill("thay đ/c Lê Thị Hân đi họp")
    _agree(first, view.APPROVE)
    _step(first, view.STAGES[4])
    expect(first.get_by_text("Duyệt thay: thay đ/c Lê Thị Hân đi họp")).to_be_visible()
    paper = _saved(first, "Biên bản (mẫu chính quyền)", tmp_path / "2.docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(paper)).paragraphs)
    assert "BẢN ĐÍNH CHÍNH LẦN 1" in text and HOSTILE.rstrip(". ") in text and "Ủy ban nhân dân xã" in text

    # All of it stands in the history.
    page.goto(f"{base}lich-su?meeting={kept}")
    expect(page.get_by_text("mở bản đính chính")).to_be_visible()
    expect(page.get_by_text("duyệt biên bản")).to_have_count(2)
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert not history.broken_links(db)
