"""One meeting from the form to the Word file, in a real browser with the real server and worker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import store
from tests import standing
from tests.conftest import drawn
from tests.word_files import word_text
from transcribe.weights import SAMPLE_CLIPS
from ui.views import meeting as meeting_page
from ui.views import meetings, new_meeting, papers_view, sound_import

HOSTILE = "Đối thoại xã Tân Hòa <img src=x onerror=\"window.ran=1\"> & *1.* $x$"
RECOGNISED = 240_000
"""Milliseconds within which a slow machine has recognised a few seconds of speech."""


@pytest.mark.skipif(not SAMPLE_CLIPS.folder.is_dir(), reason="the sample clips are not installed")
def test_from_the_form_to_the_word_file(page: Page, db: Database, tmp_path: Path) -> None:
    _create_meeting(page)
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(HOSTILE)

    clip = max(SAMPLE_CLIPS.folder.glob("*.wav"), key=lambda path: path.stat().st_size)
    page.locator("input[type=file]").set_input_files(clip)
    page.get_by_role("button", name=sound_import.START).click()
    words = page.get_by_role("radio", name=meeting_page.WORDS)
    expect(words).to_be_visible(timeout=RECOGNISED)
    (meeting,) = store.meetings(db)
    transcript = standing.transcript(db, meeting.id)

    page.reload()
    expect(title).to_have_text(HOSTILE)
    words.click()
    first = transcript.utterances[0]
    expect(page.get_by_text(first.text)).to_be_visible()
    drawn(page)
    page.get_by_role("button", name=re.compile(r"00:00:0\d")).first.click()
    sound = page.locator("audio")
    expect(sound).to_have_js_property("readyState", 4)
    assert sound.evaluate("sound => sound.duration") == pytest.approx(first.end - first.start, abs=0.1)

    page.get_by_role("radio", name=meeting_page.PAPERS).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=papers_view.GET_MINUTES).click()
    download.value.save_as(tmp_path / "minutes.docx")
    text = word_text(tmp_path / "minutes.docx")
    for words_there in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BIÊN BẢN", HOSTILE, "Nhà văn hóa xã Tân Hòa",
                        "Lê Thị Hân", "Bí thư Đảng ủy xã", "Huỳnh Tân"):
        assert words_there in text
    assert page.evaluate("window.ran") is None


def _create_meeting(page: Page) -> None:
    page.get_by_role("button", name=meetings.NEW).click()
    page.get_by_label(new_meeting.TITLE).fill(HOSTILE)
    page.get_by_label(new_meeting.PLACE).fill("Nhà văn hóa xã Tân Hòa")
    page.get_by_text("Nhà ở", exact=True).click()
    page.get_by_label(new_meeting.NAME, exact=True).fill("Lê Thị Hân")
    page.get_by_label(new_meeting.OFFICE, exact=True).fill("Bí thư Đảng ủy xã")
    second = new_meeting.ROW.format(label=new_meeting.NAME, row=2)
    page.get_by_label(second).fill("Huỳnh Tân")
    page.get_by_label(new_meeting.ROW.format(label=new_meeting.OFFICE, row=2)).fill("Công chức Văn phòng")
    page.get_by_role("button", name=new_meeting.CREATE).click()


