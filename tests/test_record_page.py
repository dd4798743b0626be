"""The recording page: one button starts, words come, and neither a reload nor a dead server ends anything."""

from __future__ import annotations

import os
import re
import signal
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import jobs, store, transcripts
from models import live as passing
from models.live import CaptionLine, LiveDraft, LiveLine
from models.records import Meeting, MeetingState, NoteKind, Utterance, Word
from recorder import process
from recorder.parts import PartWriter
from recorder.rescue import finished
from recorder.status import State, Status, write_status
from recorder.wav import Form
from recorder.writer import Writer
from tests.processes import running, until
from tests.pulse import Hall, Sound
from tests.sounds import spoken
from tests.test_live import kept
from tests.test_pages import opened, press, texts
from tests.test_recording import Clocks, noise, recorded_by, speak
from tests.word_files import word_text
from ui import processes, recording, troubles, work
from ui.views import live_view, meetings, record
from ui.views import meeting as meeting_page
from ui.views.holes import HOLES, SHORT
from ui.views.live_view import words_as_html
from ui.views.wording import plain

__all__ = ["kept"]  # a fixture of the live recording's tests

HEARD = 90_000
"""Milliseconds within which a slow machine has loaded all that hears."""


@pytest.fixture
def talk(clips: dict[Path, str]) -> Sound:
    """Real voices for two minutes, at the rate of the hall."""
    return np.tile(spoken(clips), 3)


def test_a_meeting_from_the_first_word_to_the_draft(
        hall: Hall, kept: int, page: Page, address: str, home: Path, db: Database, talk: Sound) -> None:
    page.goto(f"{address}/ho-so?meeting={kept}")
    page.get_by_role("button", name=meeting_page.RECORD).click()
    start = page.get_by_role("button", name=record.START)
    expect(page.get_by_text("Kính thưa các đồng chí")).to_be_visible(timeout=30_000)
    hall.play(talk)
    start.click()
    now_recording = page.get_by_text(live_view.STATE[State.RECORDING], exact=True)
    expect(now_recording).to_be_visible(timeout=30_000)
    live = recording.open_folder(db, home, kept)
    assert live
    words = page.locator(".dt-captions .dt-fresh")
    expect(words.first).to_have_text(re.compile(r"\S+ \S+ \S+"), timeout=HEARD)
    shown = page.locator(".dt-captions").inner_text()
    expect(page.locator(".dt-captions")).not_to_have_text(shown, timeout=HEARD)

    page.reload()
    expect(now_recording).to_be_visible(timeout=30_000)
    expect(start).to_have_count(0)  # no second recording can be begun
    page.get_by_role("button", name=live_view.MARK).click()
    until(lambda: (said := process.status(live)) and said.marks == 1, 10)
    page.get_by_role("button", name=live_view.PAUSE).click()
    expect(page.get_by_text(live_view.STATE[State.PAUSED])).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=live_view.RESUME).click()
    expect(now_recording).to_be_visible(timeout=30_000)

    page.goto(f"{address}/phu-de?meeting={kept}")
    expect(page.locator(".dt-projector p").last).to_have_text(re.compile(r"\S+ \S+"), timeout=HEARD)
    page.goto(address)
    page.get_by_role("button", name=meetings.TO_RECORDING).click()
    page.get_by_role("button", name=live_view.END).click()
    page.get_by_role("button", name=live_view.NO_GO_ON).click()
    expect(now_recording).to_be_visible(timeout=30_000)
    said = process.status(live)
    assert said and said.state is State.RECORDING  # nothing ends by one press
    page.get_by_role("button", name=live_view.END).click()
    page.get_by_role("button", name=live_view.YES_END, exact=True).click()
    page.get_by_role("radio", name=meeting_page.WORDS).click(timeout=2 * HEARD)
    expect(page.get_by_text("Thư ký đã đánh dấu")).to_be_visible(timeout=30_000)
    assert store.meeting(db, kept).state is MeetingState.TRANSCRIBED
    course = recording.course_of_meeting(db, home, kept)
    assert [note.kind for note in course.notes] == [NoteKind.MARK, NoteKind.PAUSE]


def broken_off(home: Path, meeting: int, state: State) -> Path:
    """A recording of ten seconds whose recorder is gone."""
    live = home / "meetings" / str(meeting) / "recordings" / "live-01"
    live.mkdir(parents=True)
    writer = PartWriter(live, 1800.0, lambda name, form: None)
    writer.write(bytes(10 * 16_000 * 2), Form(16_000, 1))
    writer.close()
    write_status(live, Status(state, 1, device="hall", rate=16_000, channels=1, seconds=10.0))
    return live


@pytest.mark.parametrize("state", [State.RECORDING, State.DISK_FULL, State.FAILED, State.STOPPED])
def test_a_recording_that_broke_off_is_offered_with_one_click(
        state: State, home: Path, db: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ensure_following", "ensure_captioning"):
        monkeypatch.setattr(processes, name, lambda folder, meeting: None)
    number = store.add_meeting(db, meeting).id or 0
    live = broken_off(home, number, state)
    assert meetings.BROKEN_OFF.format(time="10 giây") in texts(opened())
    app = opened("record", meeting=str(number))
    seen = State.INTERRUPTED if state is State.RECORDING else state
    assert record.BROKE_OFF.format(time="10 giây") in texts(app) and record.WHY[seen] in texts(app)
    assert troubles.GO_ON in {button.label for button in app.button}
    press(app, record.KEEP)
    (ended,) = store.recordings(db, number)
    assert ended.duration == 10.0 and (live / "part-0001.wav").exists()
    assert jobs.live_job(db, number)


def test_a_lost_microphone_and_a_full_disk_are_loud(
        hall: Hall, kept: int, home: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.silence()
    live = recording.begin(db, home, kept, "hall")
    now = process.status(live)
    assert now
    told = replace(now, state=State.DEVICE_LOST, disk_low=True, minutes_left=12.0, clipping=True, gaps=2, lost=3.0,
                   awake=False, clock=now.clock + 3600)  # however long a slow machine needs to look
    monkeypatch.setattr(process, "status", lambda folder: told)
    app = opened("record", meeting=str(kept))
    html = "\n".join(element.proto.body for element in app.get("html"))
    assert "MẤT MICRO «hall»" in html and 'role="alert"' in html
    assert app.get("audio")  # the alarm
    for words in (troubles.DISK_LOW.format(time="12 phút"), live_view.CLIPPING, live_view.NOT_AWAKE,
                  live_view.GAPS.format(count=2, time="3 giây")):
        assert words in texts(app)
    monkeypatch.undo()


def test_what_is_said_is_shown_as_it_is_and_nothing_in_it_is_run() -> None:
    draft = LiveDraft(10.0, (LiveLine(0.0, 5.0, "S2", "<img src=x onerror=alert(1)> Thưa bà con"),))
    line = CaptionLine(3, 11.0, 12.0, (Word("đường", 11.0, 11.5, 0.9),), (Word("xá", 11.6, 12.0, 0.5),))
    html = words_as_html(draft, [line], True)
    assert "<img" not in html and "&lt;img" in html
    assert "Người nói 2" in html and "đường <i>xá</i>" in html
    assert live_view.NO_WORDS in words_as_html(None, [], True)


def test_half_a_minute_without_a_word_is_said(
        hall: Hall, kept: int, home: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.silence()
    live = recording.begin(db, home, kept, "hall")
    now = process.status(live)
    assert now
    monkeypatch.setattr(process, "status", lambda folder: replace(now, state=State.RECORDING, seconds=45.0))
    words = live_view.NOT_HEARD.format(seconds=30)
    assert words in texts(opened("record", meeting=str(kept)))
    key = recording.key(home, live)
    noise = [Word("ừ", 20.0, 20.1, 0.4)] * 9
    passing.save_captions(db, key, [CaptionLine(0, 20.0, 21.0, tuple(noise))])
    assert words in texts(opened("record", meeting=str(kept)))  # words that the recogniser is not sure of are noise
    said = [Word(word, 20.0, 21.0, 0.9) for word in ("dạ", "thưa", "bà")]
    passing.save_captions(db, key, [CaptionLine(0, 20.0, 21.0, tuple(said))])
    assert words not in texts(opened("record", meeting=str(kept)))
    monkeypatch.undo()


def test_where_sound_is_missing_is_told_on_the_page_of_the_meeting_and_in_its_minutes(
        home: Path, db: Database, meeting: Meeting) -> None:
    number = store.add_meeting(db, meeting).id or 0
    live = home / "meetings" / str(number) / "recordings" / "live-01"
    live.mkdir(parents=True)

    def act(writer: Writer, clocks: Clocks) -> None:
        speak(writer, clocks, noise(1.0))
        clocks.now += 12.0
        writer.opened("hall", 44_100, 2, "back")
        speak(writer, clocks, noise(1.0))
        clocks.now += 0.5
        writer.opened("hall", 44_100, 2, "back")
        speak(writer, clocks, noise(1.0))

    recorded_by(live, act)
    kept = store.add_recording(db, replace(finished(live, home, "Ghi trực tiếp 1"), meeting=number))
    said = [Utterance(0.0, 1.0, "S1", "Thưa bà con."), Utterance(13.5, 14.0, "S1", "Xin hết.")]
    work.find_questions(db, transcripts.save_transcript(db, number, kept.id, "test", said))
    shown = texts(opened("meeting", meeting=str(number)))
    assert HOLES.format(count=2, time="12 giây") in shown
    assert plain("Mất tiếng 12 giây, từ 08 giờ 00.") in shown and plain(SHORT.format(count=1)) in shown
    assert "Mất tiếng 12 giây, từ 08 giờ 00." in word_text(work.minutes(db, home, number))


def test_a_dead_page_server_ends_no_recording(hall: Hall, kept: int, home: Path, db: Database, address: str) -> None:
    live = recording.begin(db, home, kept, "hall")
    before = process.status(live)
    time.sleep(1.0)
    assert before and asdict(before)["state"] == State.RECORDING
    port = address.rpartition(":")[2]
    for server in running(f"--server.port\0{port}"):
        os.kill(server, signal.SIGKILL)
    time.sleep(1.0)
    after = process.status(live)
    assert after and after.state is State.RECORDING and after.pid == before.pid
    assert after.seconds >= before.seconds + 1.5 and after.gaps == 0


def test_no_meeting_chosen_is_told(home: Path) -> None:
    assert plain("Chưa chọn hội nghị nào")[:10] in plain(texts(opened("record")))
