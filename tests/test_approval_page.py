"""The way to official minutes on the pages: what is missing, what is offered to whom; and the history page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import approval, history, review, typed
from models.review import Edit
from models.rights import Account, Role
from tests import standing
from tests.conftest import act_as
from tests.test_approval import HAN, TAN, TIP, _edit, account, kept, signed, tick, ticked
from tests.test_browser import HOSTILE
from tests.test_pages import opened, texts
from ui import freezing
from ui.errors import NOT_ALLOWED
from ui.views import approval_view as view
from ui.views import history_view, signed_in
from ui.views import meeting as meeting_page
from ui.views.wording import plain

__all__ = ["kept", "signed", "ticked"]  # fixtures of the models' tests

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
    question = standing.analysis(db, ticked).questions[0]
    typed.keep(db, typed.Typed(ticked, HAN.name, Edit("question", question.id or 0, "agency", "", "Xã", 0)))
    assert view.UNSAVED.format(by=HAN.name, count=1) in texts(minutes_page(ticked, TAN))


def test_the_history_says_who_changed_what_and_filters(db: Database, signed: int) -> None:
    shown = history_page()
    line = standing.transcript(db, signed).utterances[2]
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
    first = standing.analysis(db, signed).questions[0]
    lifted = [replace(first.personal_data[0], lifted=True, reason="số của trụ sở")]
    review.change(db, signed, HAN.name, [Edit("question", first.id or 0, "personal_data", review.marks_text(
        first.personal_data), review.marks_text(lifted), 0)], review.Kind.MASKED)
    shown = history_page(meeting=str(signed))
    assert "số điện thoại ở lượt nói 2" in shown and "(để lộ), lý do: số của trụ sở" in shown
    html = "".join(str(part.proto.body) for part in opened("history_view").get("html"))
    html = html[html.index("<article>"):]
    assert "0912 345" not in html, "of what is masked only where and what kind"
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
    line, question = standing.transcript(db, kept).utterances[3], standing.analysis(db, kept).questions[1]
    review.change(db, kept, TAN.name, [Edit("utterance", line.id or 0, "text", TIP, TIP.replace("tiền", "vàng"), 0)])
    review.change(db, kept, TAN.name, [Edit("question", question.id or 0, "agency", "", "Công an", 0)])
    assert "nhận vàng" in history_page()
    monkeypatch.setattr(signed_in, "account", lambda: replace(TAN, sees_denunciations=False))
    shown = history_page()
    assert history_view.SECRET in shown and history_view.SECRET_SUMMARY in shown
    assert not any(words in shown for words in ("Kín", "Tham", "nhận tiền", "nhận vàng", "Công an"))
    history.revise(db, "question", question.id or 0, "dropped", "", "yes", TAN.name, 0)  # as could be done once
    assert not any(words in history_page() for words in ("Kín", "Tham", "nhận vàng", "Công an"))


def test_a_reader_sees_no_history(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_in, "account", lambda: account("Bạn đọc", Role.READER))
    assert plain(NOT_ALLOWED) in [box.value for box in opened("history_view").error]
