"""Reviewing with the keyboard alone: what is typed and the key that saves it arrive together."""

from __future__ import annotations

import re

from playwright.sync_api import Page, WebSocket, expect
from sqlite_utils import Database
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests import standing
from tests.conftest import drawn
from tests.test_review import kept, questions
from tests.test_review_page import PATIENCE, heard
from ui.views import review_bar, review_help, review_lines, review_question

__all__ = ["heard", "kept"]  # fixtures of other tests


def test_a_question_is_heard_corrected_and_done_without_the_mouse(
        db: Database, heard: int, page: Page, address: str) -> None:
    page.goto(f"{address}/ra-soat?meeting={heard}&nguoi=H%C3%A2n")
    summary = page.get_by_label(review_question.SUMMARY)
    expect(summary).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".line.ask")).not_to_have_count(0, timeout=PATIENCE)
    page.keyboard.press("F7")
    expect(page.locator("audio[data-token='1']")).to_have_count(1, timeout=PATIENCE)

    page.keyboard.press("F2")
    expect(summary).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" Một.")
    page.keyboard.press("Control+Enter")  # in the same breath: no pause in which the text would be kept
    expect(summary).to_have_value(f"{questions(db, heard)[0].summary.removesuffix(' Một.')} Một.", timeout=PATIENCE)
    expect(page.get_by_role("button", name=review_bar.UNDO)).to_be_enabled(timeout=PATIENCE)
    assert questions(db, heard)[0].summary.endswith(" Một.")

    page.keyboard.press("F4")
    line = page.get_by_label(review_lines.TEXT, exact=True)
    expect(line).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Control+End")
    page.keyboard.type(" Hai.")
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(review_bar.LEFT.format(done=1, count=2, left=1))).to_be_visible(timeout=PATIENCE)
    transcript = standing.transcript(db, heard)
    assert [u.text[-5:] for u in transcript.utterances if u.text.endswith(" Hai.")] == [" Hai."]
    assert questions(db, heard)[0].reviewed


def test_every_key_on_the_card_does_what_it_says(db: Database, heard: int, page: Page, address: str) -> None:
    page.goto(f"{address}/ra-soat?meeting={heard}")
    which = page.get_by_role("combobox", name=review_question.WHICH)
    expect(which).to_have_value(re.compile("Câu 1"), timeout=PATIENCE)
    sound = page.locator("audio")

    page.keyboard.press("F1")
    expect(page.get_by_role("dialog").locator("kbd")).to_have_text(list(review_help.KEYS), timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("F7")
    expect(sound).to_have_js_property("paused", False, timeout=PATIENCE)
    page.keyboard.press("F8")
    expect(sound).to_have_js_property("paused", True)
    sound.evaluate("sound => { sound.currentTime = 5 }")
    page.keyboard.press("F9")
    expect(sound).to_have_js_property("paused", False)
    assert sound.evaluate("sound => sound.currentTime") < 3
    page.keyboard.press("Alt+.")
    expect(sound).to_have_js_property("playbackRate", 1.25)
    for _ in range(2):
        page.keyboard.press("Alt+,")
    expect(sound).to_have_js_property("playbackRate", 0.75)

    page.keyboard.press("F3")
    expect(page.get_by_role("combobox", name=review_question.STATUS_LABEL)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    expect(which).to_have_value(re.compile("Câu 2"), timeout=PATIENCE)
    expect(page.locator("audio[data-token='2']")).to_have_count(1, timeout=PATIENCE)  # heard on arrival
    drawn(page)
    page.keyboard.press("Alt+ArrowUp")
    expect(which).to_have_value(re.compile("Câu 1"), timeout=PATIENCE)
    page.keyboard.press("Alt+j")
    expect(page.locator(".here")).to_have_text("Sậy", timeout=PATIENCE)
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(review_bar.LEFT.format(done=1, count=2, left=1))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name=review_bar.UNDO)).to_be_enabled(timeout=PATIENCE)
    drawn(page)
    page.keyboard.press("Alt+z")
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=2, left=2))).to_be_visible(timeout=PATIENCE)


def test_keys_pressed_while_the_page_is_drawn_do_not_break_it(
        db: Database, heard: int, page: Page, address: str) -> None:
    """A reference to an element sent before outlives a redraw that was cut short, its container does not."""
    kinds: list[str] = []
    page.on("websocket", lambda socket: _note_kinds(socket, kinds))
    page.goto(f"{address}/ra-soat?meeting={heard}")
    summary = page.get_by_label(review_question.SUMMARY)
    expect(summary).to_have_count(1, timeout=PATIENCE)
    for turn in range(6):
        summary.first.fill(f"Sửa lần {turn}")
        page.keyboard.press("Control+Enter")
        for _ in range(turn % 3):
            page.wait_for_timeout(60 * turn)
            page.keyboard.press("Alt+ArrowDown")
            page.keyboard.press("Alt+ArrowUp")
        page.keyboard.press("Alt+z")
    expect(page.get_by_role("button", name=review_bar.UNDO)).to_be_visible(timeout=PATIENCE)
    assert "delta" in kinds
    assert "ref_hash" not in kinds


def _note_kinds(socket: WebSocket, kinds: list[str]) -> None:
    """Notes what kinds of messages the page is sent."""
    socket.on("framereceived", lambda frame: kinds.append(str(ForwardMsg.FromString(frame).WhichOneof("type")))
              if isinstance(frame, bytes) else None)
