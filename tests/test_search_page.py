"""The search page: filters in the address, the words marked where they were said, their sound, nothing secret."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import store, transcripts
from models.records import (
    Analysis,
    Answer,
    Meeting,
    Place,
    Question,
    Recording,
    Span,
    Status,
    Utterance,
)
from models.rights import Account, Role
from tests.conftest import act_as, run, sentence
from tests.test_approval import put_out
from tests.test_browser import HOSTILE
from tests.test_pages import opened, press, texts
from ui.labels import STATUS
from ui.views import search as view
from ui.views.wording import capital

PHONE = "0912345678"


@pytest.fixture
def kept(db: Database, home: Path, meeting: Meeting) -> int:
    """A meeting with twelve seconds of sound, two questions and one answer."""
    number = store.add_meeting(db, meeting).id or 0
    with wave.open(str(home / "sound.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000 * 12 * 2))
    sound = store.add_recording(db, Recording("x.wav", "0" * 64, "x", "sound.wav", 12.0, (), number))
    said = transcripts.save_transcript(db, number, sound.id, "test", [
        Utterance(0, 4, "S1", f"Nước giếng đục, gọi {PHONE}."), Utterance(4, 7, "S2", "Sẽ xét nước giếng."),
        Utterance(7, 12, "S3", HOSTILE)])
    transcripts.save_analysis(db, said, Analysis((
        Question(1, (Span(0, 0, 9),), f"Nước giếng đục, gọi {PHONE}.", "Hỏi nước giếng.", "T2", 0.9, Status.PROMISED,
                 Answer((1,), "Sẽ xét nước giếng.", "S2", "Phòng Kinh tế"), "An"),
        Question(2, (Span(2, 0, 9),), HOSTILE, "Tố cáo nước.", None, 0.1, Status.UNANSWERED, flags=("denunciation",)),
    ), (Place.QUESTION, Place.ANSWER, Place.QUESTION), "test"))
    return number


def _cards(app: AppTest) -> list[str]:
    return [html.proto.body for html in app.get("html") if 'class="dt-found"' in html.proto.body]


def test_filters_stand_in_the_address_and_leave_only_what_they_name(kept: int) -> None:
    app = opened("search", tim="nuoc gieng")
    assert not app.exception
    assert len(_cards(app)) == 2  # the lines that question and answer stand in are not told again
    app = opened("search", tim="nước giếng", loai=view.KINDS[view.Kind.ANSWERS],
                 **{"ket-qua": capital(STATUS[Status.PROMISED]), "nam": "2026"})
    (only,) = _cards(app)
    assert "Sẽ xét <mark>nước</mark> <mark>giếng</mark>." in only
    assert not _cards(opened("search", tim="nước giếng", **{"co-quan": "Phòng Kinh tế", "vai": "Chủ trì"}))
    (listed,) = _cards(opened("search", **{"co-quan": "Phòng Kinh tế"}))
    assert "Hỏi nước giếng." in listed


def test_an_empty_result_says_what_to_try_and_filters_can_be_dropped(kept: int) -> None:
    app = opened("search", tim="nước giếng ngọt", loai=view.KINDS[view.Kind.ANSWERS], nam="2026")
    (told,) = [element.value for element in app.info]
    for tried in (view.TRY_FEWER, view.TRY_MARKS, view.TRY_MEANING, view.TRY_FILTERS, view.TRY_ALL):
        assert tried in told
    app = press(app, view.CLEAR)
    (told,) = [element.value for element in app.info]
    assert view.TRY_FILTERS not in told and view.TRY_ALL not in told


def test_an_official_who_is_not_named_for_it_finds_no_denunciation(
        kept: int) -> None:
    assert _cards(opened("search", tim="img"))
    act_as(Account("can.bo", "Cán bộ", frozenset({Role.OFFICIAL})))
    assert not _cards(opened("search", tim="img"))


def _searched(words: str) -> AppTest:
    """For whom the search is the first page: the address is read only when it is drawn first."""
    return opened().text_input(key="tim").set_value(words).run()


def test_a_reader_finds_only_what_is_published_and_hears_nothing(kept: int, db: Database, home: Path) -> None:
    act_as(Account("ba.doc", "Người đọc", frozenset({Role.READER})))
    assert not _cards(_searched("nước giếng"))
    put_out(db, home, kept)
    app = _searched("nước giếng")
    assert not app.exception
    cards = _cards(app)
    assert len(cards) == 2 and PHONE not in "".join(cards)
    assert view.ONLY_PUBLIC in texts(app)
    assert not [button for button in app.button if (button.key or "").startswith("listen_")]
    assert not _cards(_searched(PHONE))
    assert not _cards(_searched("img"))


def test_a_search_is_kept_by_its_address_and_its_place_is_heard(kept: int, page: Page, address: str) -> None:
    page.goto(f"{address}/tim-kiem?{urlencode({'tim': 'nước giếng', 'nam': '2026'})}")
    found = page.locator(".dt-found")
    expect(found).to_have_count(2, timeout=60_000)
    page.get_by_text(view.KINDS[view.Kind.ANSWERS]).click()
    expect(found).to_have_count(1, timeout=60_000)
    expect(found.locator("mark").first).to_have_text("nước")
    page.reload()
    expect(found).to_have_count(1, timeout=60_000)
    page.get_by_role("button", name="00:00:04").click()
    expect(page.locator("audio")).to_have_js_property("duration", 3, timeout=60_000)
    page.goto(f"{address}/tim-kiem?tim=onerror")
    expect(found.first).to_contain_text("<img src=x", timeout=60_000)
    assert page.evaluate("window.ran") is None
    page.get_by_role("link", name=view.OPEN_PLACE).first.click()
    expect(page.get_by_text(f"gọi {PHONE}.")).to_be_visible(timeout=60_000)


def test_the_command_takes_the_same_filters(kept: int, home: Path) -> None:
    chosen = ("--only", "answers", "--agency", "Phòng Kinh tế", "--json")
    found = json.loads(run("search", "nước", "giếng", *chosen).stdout)
    assert [(hit["record"], hit["text"], hit["title"][:8]) for hit in found] == [
        ("answer", "Sẽ xét nước giếng.", "Hội nghị")]
    assert "Hỏi nước giếng." in run("search", "--status", "promised_no_answer").stdout
    assert "--topic" in sentence(run("search"))
