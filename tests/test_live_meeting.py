"""A meeting recorded from the command line: begun, watched, ended, and written down afterwards."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import jobs, store
from models.records import Meeting, MeetingState
from tests import standing
from tests.conftest import run, sentence
from tests.processes import until
from tests.pulse import RATE, Hall
from tests.sounds import decoded, longest
from ui import processes, recording


@pytest.fixture
def kept(home: Path, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A stored meeting; what the test itself begins is followed by no process, and no recorder outlives it."""
    for name in ("ensure_following", "ensure_captioning"):
        monkeypatch.setattr(processes, name, lambda folder, meeting: None)
    with store.open_store(home) as db:
        number = store.add_meeting(db, meeting).id or 0
    yield number
    with store.open_store(home) as db:
        for still, _ in recording.running(db, home):
            recording.end(db, home, still)


def test_a_meeting_is_recorded_and_written_down(
        hall: Hall, kept: int, home: Path, clips: dict[Path, str]) -> None:
    assert "hall" in [device["name"] for device in json.loads(run("devices", "--json").stdout)]
    begun = run("record", "--meeting", str(kept), "--device", "hall")
    assert begun.returncode == 0, begun.stderr
    assert "đang được ghi âm" in sentence(run("record", "--meeting", str(kept), "--device", "table"))
    hall.play(decoded(longest(clips), RATE)).wait()
    assert "đang ghi" in run("status").stdout
    with store.open_store(home) as db:
        sound = recording.end(db, home, kept)
        assert sound.duration > 5
        assert recording.running(db, home) == []
        job = jobs.live_job(db, kept)
        assert job is not None and jobs.next_job(db) is None
        until(lambda: jobs.job(db, job.id).state != jobs.RUNNING, 120)
        assert jobs.job(db, job.id).state == jobs.DONE, jobs.job(db, job.id).message
        transcript = standing.transcript(db, kept)
        assert transcript.recording == sound.id
        assert sum(len(u.heard.split()) for u in transcript.utterances) > 10
        assert store.meeting(db, kept).state is MeetingState.TRANSCRIBED
    assert "Không có hội nghị nào" in run("status").stdout


def test_a_recorder_that_died_is_shown_and_its_sound_kept(hall: Hall, kept: int, home: Path) -> None:
    with store.open_store(home) as db:
        live = recording.begin(db, home, kept, "hall")
        time.sleep(2)
        os.kill(recording.running(db, home)[0][1].pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        time.sleep(0.5)
        ((number, said),) = recording.running(db, home)
        assert (number, str(said.state)) == (kept, "interrupted")
        assert recording.begin(db, home, kept, "hall") == live  # the same recording goes on
        time.sleep(1)
        assert recording.end(db, home, kept).duration > 2.5


def test_what_cannot_be_recorded_is_told(hall: Hall, kept: int) -> None:
    assert "Không tìm thấy micro «không có»" in sentence(run("record", "--meeting", str(kept), "--device", "không có"))
    assert "chưa" not in sentence(run("record", "--meeting", "99"))
    assert "không có bản ghi âm nào" in sentence(run("stop", "--meeting", str(kept)))
