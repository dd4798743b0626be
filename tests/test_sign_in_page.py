"""Signing in, in a real browser: nothing is seen before it, and nothing that an account may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlite_utils import Database

from models import accounts, sessions, store
from models.errors import BadAccount, NotAllowed, SignInRefused
from models.records import Analysis, Answer, Meeting, Place, Question, Span, Status, Utterance
from models.rights import Account, Role
from models.transcripts import save_analysis, save_transcript
from tests.conftest import EVERYTHING, PASSWORD, act_as, come_in
from tests.test_approval import put_out
from tests.test_pages import opened, texts
from ui import sign_in
from ui.app import BACK
from ui.errors import explain
from ui.seen import HIDDEN
from ui.views import accounts_page, meetings, own_menu, review_bar
from ui.views import meeting as meeting_page
from ui.views import search as search_page

SLOW = 30_000
READER = Account("doc.gia", "Độc Giả", frozenset({Role.READER}))
SECRETARY = Account("tan.huynh", "Huỳnh Tân", frozenset({Role.SECRETARY}))
NAMED = replace(SECRETARY, login="mai.tran", name="Trần Mai", sees_denunciations=True)
ADMINISTRATOR = Account("quan.tri", "Quản Trị", frozenset({Role.ADMINISTRATOR}))
SAID = ("Kính thưa bà con, mời bà con nêu ý kiến.", "Tôi hỏi bao giờ sửa cầu ván.", "Xã trả lời: tháng tới sửa.",
        "Tôi tố cáo ông Hồ Tham nhận tiền đất của dân.", "Việc này là tố cáo, xin tiếp riêng.")

ALL_OF_IT = """() => {
  const of = node => [...node.querySelectorAll("*")].reduce(
    (text, one) => one.shadowRoot ? text + of(one.shadowRoot) : text, node.innerHTML)
  return of(document.documentElement)
}"""
"""What stands in a page, parts with a tree of their own (the lines of the review page) included."""


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> int:
    """A meeting with one question and one denunciation by a person whose name was confirmed."""
    number = store.add_meeting(db, meeting).id or 0
    speakers = ("S1", "S2", "S1", "Nguyễn Thị Bảy", "S1")
    transcript = save_transcript(db, number, None, "test", [
        Utterance(10.0 * i, 10.0 * i + 9, speakers[i], text, text) for i, text in enumerate(SAID)])
    ordinary = Question(1, (Span(1, 0, len(SAID[1])),), SAID[1], "Sửa cầu ván", "T1", 0.9, Status.PROMISED,
                        Answer((2,), SAID[2]), "Lê Văn Tư")
    secret = Question(2, (Span(3, 0, len(SAID[3])),), SAID[3], "Tố cáo ông Hồ Tham", None, 0.1, Status.UNANSWERED,
                      Answer((4,), SAID[4]), "Nguyễn Thị Bảy", "ấp Suối Cạn", flags=("denunciation", "private"))
    places = (Place.OPENING, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.ANSWER)
    save_analysis(db, transcript, Analysis((ordinary, secret), places, "test"))
    return number


@pytest.fixture
def stranger(browser: Browser, address: str) -> Iterator[Page]:
    """A browser that nobody has signed in with."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    page.set_default_timeout(SLOW)
    yield page
    page.close()


def enter(page: Page, login: str, password: str) -> None:
    page.get_by_label(sign_in.LOGIN).fill(login)
    page.get_by_label(sign_in.PASSWORD, exact=True).fill(password)
    page.keyboard.press("Enter")


def test_the_first_start_makes_an_administrator_with_a_password_of_their_own(stranger: Page, address: str,
                                                                             db: Database) -> None:
    stranger.goto(f"{address}/hoi-nghi")
    expect(stranger.get_by_role("heading", name=sign_in.FIRST_TITLE)).to_be_visible()
    stranger.get_by_label(sign_in.OWN_NAME).fill("Lê Thị Hân")
    stranger.get_by_label(sign_in.LOGIN).fill("han.le")
    stranger.locator("[name=password]").fill(PASSWORD)
    stranger.locator("[name=again]").fill("gõ nhầm mất rồi")
    expect(stranger.get_by_role("checkbox")).to_be_checked()
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("alert")).to_have_text(sign_in.DIFFERENT)
    stranger.locator("[name=password]").fill(PASSWORD)
    stranger.locator("[name=again]").fill(PASSWORD)
    stranger.get_by_role("button", name=sign_in.FIRST_BUTTON).click()
    expect(stranger.get_by_text(meetings.WELCOME)).to_be_visible()
    (made,) = accounts.accounts(db)
    assert made.roles == {Role.ADMINISTRATOR, Role.SECRETARY, Role.OFFICIAL} and not made.sees_denunciations
    stranger.goto(f"{address}{sign_in.FIRST_START}")
    expect(stranger.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()


def test_signing_in_leads_on_to_the_address_and_out_again(stranger: Page, address: str, db: Database,
                                                          kept: int) -> None:
    accounts.create(db, EVERYTHING, PASSWORD, "Hân")
    wanted = f"{address}/ho-so?meeting={kept}"
    stranger.goto(wanted)
    expect(stranger.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()
    assert "Tân Hòa" not in stranger.content()
    enter(stranger, "HAN.LE", PASSWORD)
    title = stranger.get_by_role("heading", level=1)
    expect(title).to_contain_text("Tân Hòa")
    assert stranger.url.startswith(wanted)
    stranger.reload()
    expect(title).to_contain_text("Tân Hòa")
    (cookie,) = [c for c in stranger.context.cookies() if c["name"] == sign_in.COOKIE]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    stranger.get_by_role("button", name=EVERYTHING.name).click()
    stranger.get_by_role("button", name=own_menu.SIGN_OUT).click()
    expect(stranger.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()
    assert sessions.signed_in(db, cookie["value"]) is None
    stranger.goto(wanted)
    expect(stranger.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()


def test_wrong_passwords_lock_the_login(stranger: Page, address: str, db: Database) -> None:
    accounts.create(db, EVERYTHING, PASSWORD, "Hân")
    stranger.goto(address)
    said = stranger.get_by_role("alert")
    for _ in range(sessions.FAILURES):
        with stranger.expect_response(lambda response: response.request.method == "POST") as answer:
            enter(stranger, EVERYTHING.login, "sai mật khẩu rồi")
        assert answer.value.status == 401
        expect(said).to_have_text(explain(SignInRefused()))
    enter(stranger, EVERYTHING.login, PASSWORD)
    expect(said).to_contain_text("đợi")
    assert not db.table("sessions").count


def test_a_session_that_ran_out_asks_again_and_comes_back(page: Page, address: str, db: Database, kept: int) -> None:
    page.goto(f"{address}/ra-soat?meeting={kept}")
    ready = page.get_by_role("button", name=review_bar.READY)
    expect(ready).to_be_visible()
    db.execute("update sessions set seen = ?", [sessions._ago(sessions.IDLE + timedelta(minutes=1))])
    ready.click()
    expect(page.get_by_role("alert")).to_have_text(sign_in.HAS_EXPIRED)
    assert not db.table("steps").count  # what was pressed was not done
    enter(page, EVERYTHING.login, PASSWORD)
    expect(ready).to_be_visible()
    assert f"/ra-soat?meeting={kept}" in page.url


def test_a_reader_who_opens_a_drafts_address_sees_one_sentence(page: Page, address: str, home: Path,
                                                               kept: int) -> None:
    come_in(page, address, home, READER)
    for path in (f"ho-so?meeting={kept}", f"ra-soat?meeting={kept}", "hoi-nghi", "tai-khoan", f"phu-de?meeting={kept}"):
        page.goto(f"{address}/{path}")
        expect(page.get_by_text(explain(NotAllowed("")))).to_be_visible()
        assert "cầu ván" not in page.content() and "Tân Hòa" not in page.content()
    page.get_by_role("link", name=BACK).click()
    expect(page.get_by_text(search_page.TITLE)).to_be_visible()
    expect(page.get_by_role("link", name="Hội nghị")).to_have_count(0)


def test_a_denunciation_is_seen_by_those_named_only(page: Page, address: str, home: Path, kept: int) -> None:
    secrets = ("Hồ Tham", "Nguyễn Thị Bảy", "Suối Cạn")
    places = [f"ho-so?meeting={kept}&xem={view}" for view in (
        meeting_page.QUESTIONS, meeting_page.CHAIN, meeting_page.SPEAKERS, meeting_page.WORDS)]
    for who, is_named in ((SECRETARY, False), (NAMED, True)):
        come_in(page, address, home, who)
        for path in (*places, f"ra-soat?meeting={kept}"):
            page.goto(f"{address}/{path}")
            is_voices = meeting_page.SPEAKERS in path
            awaited = secrets[0] if is_named else SAID[0][:9] if is_voices else HIDDEN
            expect(page.locator("p:visible, .line:visible").get_by_text(awaited).first).to_be_visible()
            content = page.evaluate(ALL_OF_IT)
            assert any(secret in content for secret in secrets) == is_named, path
            assert (HIDDEN in content) == (not is_named and not is_voices)


def test_search_finds_drafts_and_denunciations_only_for_those_who_may(db: Database, home: Path, kept: int) -> None:
    def found(who: Account, words: str) -> str:
        act_as(who)
        app = opened("search")
        app.text_input(key="tim").set_value(words).run()
        assert not app.exception
        return texts(app) + "".join(element.value for element in app.get("html"))

    assert "Tân Hòa" in found(SECRETARY, "cầu ván")
    assert "Tân Hòa" not in found(SECRETARY, "nhận tiền đất")
    assert "Tân Hòa" in found(NAMED, "nhận tiền đất")
    assert "Tân Hòa" not in found(READER, "cầu ván")
    put_out(db, home, kept)
    assert "Tân Hòa" in found(READER, "cầu ván")
    assert "Tân Hòa" not in found(READER, "nhận tiền đất")


def test_an_administrator_adds_an_account_and_names_it_for_denunciations(page: Page, address: str, home: Path,
                                                                         db: Database) -> None:
    come_in(page, address, home, ADMINISTRATOR)
    page.goto(f"{address}/tai-khoan")
    page.get_by_role("button", name=accounts_page.ADD).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=accounts_page.NAME).fill("Trần <b>Mai</b>")
    dialog.get_by_role("textbox", name=accounts_page.LOGIN).fill("mai.tran")
    dialog.get_by_text(accounts_page.MEANS[Role.SECRETARY]).click()
    dialog.get_by_text(accounts_page.DENUNCIATIONS_WHY[:40]).click()
    dialog.get_by_label(accounts_page.NEW_PASSWORD).fill(PASSWORD)
    dialog.get_by_label(accounts_page.AGAIN).fill(PASSWORD)
    dialog.get_by_role("button", name=accounts_page.SAVE).click()
    expect(page.get_by_text("Trần <b>Mai</b>")).to_be_visible()
    made = next(one for one in accounts.accounts(db) if one.login == "mai.tran")
    assert made.roles == {Role.SECRETARY} and made.sees_denunciations
    assert page.locator("b", has_text="Mai").count() == 0

    # Of two administrators one may be turned off, the last may not.
    for name, stays in ((EVERYTHING.name, False), (ADMINISTRATOR.name, True)):
        one = next(one for one in accounts.accounts(db) if one.name == name)
        page.locator(f".st-key-account_off_{one.id} button").click()
        expect(dialog.get_by_text(name)).to_be_visible()
        dialog.get_by_role("button", name=accounts_page.OFF).click()
        if stays:
            expect(dialog.get_by_text(explain(BadAccount("last_administrator")))).to_be_visible()
        else:
            expect(page.locator(f".st-key-account_on_{one.id} button")).to_be_visible()
        assert accounts.account(db, one.id or 0).is_disabled is not stays


def test_nobody_signed_in_is_shown_nothing(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.signed_in.token", lambda: "")
    app = opened("meeting", meeting=str(kept))
    assert not texts(app) and not app.button


