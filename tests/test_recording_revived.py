"""A recorder that died: who starts it again, what it goes on with, and what the hole is counted as."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.records import NoteKind
from recorder import journal, parts, process
from recorder.clocks import boot
from recorder.status import State, Status, read_status, write_status
from recorder.timeline import course
from recorder.writer import Writer
from tests.processes import until
from tests.pulse import Hall
from tests.test_recording import Clocks, noise, recorded_by, speak
from tests.test_recording_device import folder, heard_at, state, status, told

__all__ = ["folder"]  # a fixture

with_sound = pytest.mark.skipif(sys.platform == "win32", reason="needs PulseAudio")


def kill(folder: Path) -> None:
    os.kill(status(folder).pid, signal.SIGKILL)
    until(lambda: not process.is_held(folder), 2)


@with_sound
def test_a_pause_outlives_a_kill_and_ends_when_a_person_says_so(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    process.send(folder, "pause")
    until(lambda: state(folder) is State.PAUSED, 2)
    paused = status(folder).seconds
    for _ in range(2):
        kill(folder)
        assert process.died_just_now(folder)
        process.start(folder, process.last_device(folder), as_it_was=True)
        until(lambda: state(folder) is State.PAUSED, 5)
    time.sleep(0.5)
    assert status(folder).seconds == paused
    process.send(folder, "resume")
    until(lambda: state(folder) is State.RECORDING and status(folder).seconds > paused, 2)
    assert process.stop(folder).gaps == 0
    note, = course(folder).notes
    assert note.kind is NoteKind.PAUSE and note.position == pytest.approx(paused, abs=0.1) and note.seconds > 0.5


@with_sound
def test_a_person_who_goes_on_after_a_kill_ends_the_pause(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    process.send(folder, "pause")
    until(lambda: state(folder) is State.PAUSED, 2)
    kill(folder)
    process.start(folder, "hall")
    assert state(folder) is State.RECORDING
    process.stop(folder)


@with_sound
def test_who_is_started_again_without_its_device_waits_for_it(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    time.sleep(0.5)
    hall.kill()
    kill(folder)
    process.start(folder, process.last_device(folder), as_it_was=True)
    assert state(folder) is State.DEVICE_LOST and status(folder).device == "hall"
    hall.open()
    until(lambda: state(folder) is State.RECORDING, 5)
    before = process.stop(folder)
    gap, = told(folder, "gap")
    assert gap["reason"] == "interrupted"
    assert heard_at(folder, before.seconds) == pytest.approx(told(folder, "stop")[0]["clock"], abs=0.3)


@with_sound
def test_the_holes_of_earlier_recorders_stay_counted(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    process.send(folder, "mark", name="câu hỏi mới")
    until(lambda: status(folder).marks == 1, 2)
    for _ in range(2):
        kill(folder)
        process.start(folder, "hall", as_it_was=True)
    said = process.stop(folder)
    holes = told(folder, "gap")
    assert (said.gaps, said.marks) == (len(holes), 1) == (2, 1)
    assert said.lost == pytest.approx(sum(hole["seconds"] for hole in holes), abs=0.01)
    assert said.lost_frames == sum(hole["frames"] for hole in holes)


def test_a_power_cut_is_a_hole_as_long_as_the_wall_clock_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks()
    recorded_by(tmp_path, lambda writer, clocks: speak(writer, clocks, noise(2.0)), clocks)
    _forget_the_end(tmp_path)
    for room in ("recorder.writer", "recorder.journal"):
        monkeypatch.setattr(f"{room}.boot", lambda: "another boot")
    clocks.now, clocks.set_by = 40.0, timedelta(seconds=5000 - 40 + 2 + 600)  # ten minutes later, the clock began anew
    writer = _went_on(tmp_path, clocks)
    hole, = (event for event in journal.events(tmp_path) if event["event"] == "break")
    assert hole["seconds"] == pytest.approx(600, abs=1.5) and hole["position"] == pytest.approx(2.0)
    assert (writer.written.gaps, writer.written.lost_frames) == (1, 0)
    (told,) = course(tmp_path).notes
    assert (told.kind, told.position) == (NoteKind.BREAK, pytest.approx(2.0))
    assert datetime.fromisoformat(told.at) + timedelta(seconds=told.seconds) == pytest.approx(
        datetime(2026, 5, 1, 8, 10, 2, tzinfo=UTC), abs=timedelta(seconds=1.5))


@pytest.mark.skipif(not boot(), reason="the platform does not name its boots")
@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=30)])
def test_a_clock_that_is_set_while_the_recorder_is_dead_takes_nothing_from_the_hole(
        tmp_path: Path, jump: timedelta) -> None:
    clocks = Clocks()
    recorded_by(tmp_path, lambda writer, clocks: speak(writer, clocks, noise(2.0)), clocks)
    _forget_the_end(tmp_path)
    clocks.now += 3.0
    clocks.set_by = jump
    _went_on(tmp_path, clocks)
    gap, = (event for event in journal.events(tmp_path) if event["event"] == "gap")
    assert gap["seconds"] == pytest.approx(3.0, abs=0.02)
    assert parts.seconds(tmp_path) == pytest.approx(6.0, abs=0.02)
    told_at = datetime.fromisoformat(course(tmp_path).notes[0].at)
    assert told_at == pytest.approx(datetime(2026, 5, 1, 8, 0, 2, tzinfo=UTC) + jump, abs=timedelta(seconds=0.1))


def test_a_pause_lasts_as_long_as_it_did_whatever_is_done_to_the_clock(tmp_path: Path) -> None:
    clocks = Clocks()
    writer = Writer(tmp_path, clock=clocks.clock, wall=clocks.wall)
    writer.opened("hall", 44_100, 2, "start")
    speak(writer, clocks, noise(1.0))
    writer.pause()
    writer.start()
    until(lambda: bool(told(tmp_path, "pause")), 5)
    clocks.now += 300.0
    clocks.set_by = timedelta(hours=-2)
    writer.go_on()
    until(lambda: bool(told(tmp_path, "resume")), 5)
    writer.stop("asked")
    writer.join(10)
    note, = course(tmp_path).notes
    assert note.kind is NoteKind.PAUSE and note.seconds == pytest.approx(300, abs=0.1)
    assert datetime.fromisoformat(course(tmp_path).began) == pytest.approx(
        datetime(2026, 5, 1, 6, tzinfo=UTC), abs=timedelta(seconds=0.1))  # the clock that was set right tells it


def test_only_a_recorder_that_died_just_now_is_started_again_by_itself(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody shall be recorded in the morning because the power went in the evening."""
    recorded_by(tmp_path, lambda writer, clocks: speak(writer, clocks, noise(1.0)))
    _forget_the_end(tmp_path)
    now = process.clock()
    died = Status(State.RECORDING, 1, "hall", clock=now - 5, boot=boot())
    for said, again in ((died, True), (replace(died, clock=now - 500), False), (replace(died, clock=now + 500), False),
                        (replace(died, boot="another"), False), (replace(died, state=State.STOPPED), False),
                        (replace(died, state=State.DISK_FULL), False)):
        write_status(tmp_path, said)
        assert process.died_just_now(tmp_path) is again, said
    journal.Journal(tmp_path).write("stop", 1.0, reason="asked")
    write_status(tmp_path, died)
    assert not process.died_just_now(tmp_path)


def test_the_status_of_another_version_is_read(tmp_path: Path) -> None:
    write_status(tmp_path, Status(State.RECORDING, 7))
    path = tmp_path / "status.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"something": "new"}))
    assert read_status(tmp_path) == Status(State.RECORDING, 7)


def _forget_the_end(folder: Path) -> None:
    """As if the recorder had died before it could stop."""
    lines = (folder / journal.JOURNAL).read_text().splitlines()
    (folder / journal.JOURNAL).write_text("\n".join(line for line in lines if '"stop"' not in line) + "\n")


def _went_on(folder: Path, clocks: Clocks) -> Writer:
    writer = Writer(folder, clock=clocks.clock, wall=clocks.wall, as_it_was=True)
    writer.opened("hall", 44_100, 2, "start")
    speak(writer, clocks, noise(1.0))
    writer.stop("asked")
    writer.start()
    writer.join(20)
    assert writer.failed is None
    return writer
