"""The alarm of a recording in trouble: on every page, with what to do; and what died goes on by itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import sessions, store
from models.records import Meeting
from recorder import journal, process
from recorder.clocks import clock
from recorder.status import State, Status
from tests.conftest import signed_in
from tests.processes import until
from tests.pulse import Hall
from tests.test_recording_device import noise
from ui import processes, recording
from ui.troubles import GO_ON, trouble
from ui.views import signed_in as signed_in_view
from ui.views.recording_alarm import said_of

FINE = Status(State.RECORDING, 1, "Micro hội trường", seconds=754.0, clock=100.0)


@pytest.mark.parametrize(("said", "words"), [
    (replace(FINE, state=State.DEVICE_LOST), ("MẤT MICRO «Micro hội trường»", "Hãy cắm lại")),
    (replace(FINE, fed_by="Webcam"), ("ĐANG GHI BẰNG MICRO KHÁC", "«Webcam»", "Hãy cắm lại")),
    (replace(FINE, quiet=25.0), ("KHÔNG CÓ TIẾNG", "nút tắt tiếng")),
    (replace(FINE, clock=90.0), ("KHÔNG TRẢ LỜI", "10 giây")),
    (replace(FINE, state=State.DISK_FULL), ("ĐĨA ĐẦY", "12:34", "xóa bớt")),
    (replace(FINE, state=State.INTERRUPTED), ("ĐÃ DỪNG", GO_ON)),
    (replace(FINE, state=State.FAILED), ("ĐÃ DỪNG", GO_ON)),
])
def test_each_trouble_is_told_with_what_to_do(said: Status, words: tuple[str, ...]) -> None:
    assert all(part in trouble(said, now=100.5) for part in words), trouble(said, now=100.5)


@pytest.mark.parametrize("said", [FINE, replace(FINE, state=State.PAUSED, quiet=99.0), replace(FINE, quiet=5.0),
                                  replace(FINE, state=State.STARTING), replace(FINE, state=State.STOPPED, clock=1.0)])
def test_what_is_as_it_should_be_sounds_no_alarm(said: Status) -> None:
    assert trouble(said, now=100.5) == ""


def test_a_disk_that_will_soon_be_full_is_told_too() -> None:
    assert "12 phút" in said_of(replace(FINE, disk_low=True, minutes_left=12.0, clock=clock()), False)
    assert "tự ghi tiếp" in said_of(replace(FINE, state=State.INTERRUPTED), True)


@pytest.fixture
def running(hall: Hall, home: Path, db: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording that nothing but pages watches over."""
    monkeypatch.setattr(processes, "ensure_captioning", lambda folder, meeting: None)
    monkeypatch.setattr(recording, "_follow", lambda db, folder, meeting: None)  # no job, so no page starts a follower
    return recording.begin(db, home, store.add_meeting(db, meeting).id or 0, "hall")


@pytest.fixture(autouse=True)
def _nothing_goes_on(home: Path, db: Database) -> Iterator[None]:
    yield
    for still, said in recording.running(db, home):
        if said.state.is_live:
            process.stop(recording.open_folder(db, home, still) or home)


def test_any_page_tells_of_a_lost_microphone_and_forgets_it_when_it_is_back(
        hall: Hall, running: Path, page: Page, address: str) -> None:
    hall.play(noise(120.0))  # silence would be an alarm of its own
    page.goto(f"{address}/tim-kiem")
    expect(page.get_by_role("heading").first).to_be_visible(timeout=60_000)
    told = page.locator(".dt-alarm")
    expect(told).to_have_count(0)
    hall.kill()
    began = time.monotonic()
    expect(told).to_contain_text("MẤT MICRO «hall»", timeout=10_000)
    print(f"on the page after {time.monotonic() - began:.1f} s")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(told).to_be_in_viewport()
    hall.open()
    expect(told).to_have_count(0, timeout=15_000)
    hall.kill()
    told.get_by_role("link").click(timeout=10_000)
    expect(page.locator(".dt-lost")).to_contain_text("MẤT MICRO «hall»", timeout=60_000)
    expect(page.locator(".dt-alarm")).to_have_count(0)  # told once is enough on its own page
    hall.open()
    expect(page.locator(".dt-lost")).to_have_count(0, timeout=15_000)


def test_an_open_page_that_looks_for_trouble_keeps_nobody_signed_in(home: Path, db: Database) -> None:
    token = signed_in(home)
    seen = (datetime.now(UTC) - timedelta(minutes=30)).isoformat(timespec="seconds")
    db.execute("update sessions set seen = ?", [seen])
    signed_in_view.token = lambda: token
    AppTest.from_string("from ui.views.recording_alarm import _alarm\n_alarm(True, 0)").run(timeout=30)
    assert [row["seen"] for row in db.table("sessions").rows] == [seen]
    assert sessions.signed_in(db, token)
    assert [row["seen"] for row in db.table("sessions").rows] != [seen]  # what a person does counts


def test_any_page_starts_a_recorder_again_that_died_just_now(running: Path, page: Page, address: str) -> None:
    page.goto(f"{address}/theo-doi")
    expect(page.get_by_role("heading").first).to_be_visible(timeout=60_000)
    said = process.status(running)
    assert said
    os.kill(said.pid, signal.SIGKILL)
    until(lambda: (now := process.status(running)) and now.state is State.RECORDING and now.gaps == 1, 20)
    gap, = (event for event in journal.events(running) if event["event"] == "gap")
    print(f"{gap['seconds']:.1f} s are missing")
    assert gap["seconds"] < 5.0
