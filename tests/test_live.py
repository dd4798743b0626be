"""While people speak: captions, questions so far, and nothing lost whichever process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from sqlite_utils import Database

from models import jobs, locks, store, transcripts
from models import live as passing
from models.live import CaptionLine, LiveDraft, LiveLine, LiveQuestion
from models.records import Meeting, Status, Word
from recorder import journal, process
from recorder.sound import FORM, SOUND
from recorder.status import State
from recorder.wav import GrowingWav
from tests import standing
from tests.processes import running, until
from tests.pulse import RATE, Hall, Sound
from tests.sounds import decoded, spoken
from transcribe.captions import LONGEST, PAUSE, Captioner, Line
from transcribe.engine import open_engine
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.vietasr import VietAsr
from ui import captioning, processes, recording, work
from ui.views import live_view, watching
from ui.views.live_view import words_as_html

PIECE = 1600
"""Samples that come at once: a tenth of a second."""


@pytest.fixture(scope="module")
def voices(clips: dict[Path, str]) -> list[Samples]:
    """Real voices at 16 kHz."""
    return [decoded(path, SAMPLE_RATE).astype(np.float32) / 32768 for path in clips]


def heard_piece_by_piece(captioner: Captioner, sound: Samples) -> list[Line]:
    """All that the captions showed, in order."""
    return [line for first in range(0, len(sound), PIECE) for line in captioner.hear(sound[first:first + PIECE])]


def test_a_word_is_shown_within_a_second_of_being_spoken(engine: VietAsr, voices: list[Samples]) -> None:
    captioner, sound = Captioner(engine, 0.0), max(voices, key=len)
    shown: dict[int, float] = {}
    for first in range(0, len(sound), PIECE):
        for line in captioner.hear(sound[first:first + PIECE]):
            for number in range(len(line.words) + len(line.pending)):
                shown.setdefault(number, captioner.position)
    words = [word for line in (*captioner.end(),) for word in line.words]
    assert len(words) > 10
    assert max(shown[number] - word.end for number, word in enumerate(words) if number in shown) < 1.0


def test_a_pause_ends_a_line_and_the_words_are_those_of_the_whole(engine: VietAsr, voices: list[Samples]) -> None:
    first, second = voices[0], voices[1]
    silence = np.zeros(round((PAUSE + 1.0) * SAMPLE_RATE), np.float32)
    captioner = Captioner(engine, 0.0)
    lines = heard_piece_by_piece(captioner, np.concatenate([first, silence, second, silence]))
    ended = [line for line in lines if line.ended]
    assert len(ended) >= 2 and all(not line.pending for line in ended)
    said = [word.word for line in ended for word in line.words]
    alone = [word.word for sound in (first, second) for word in engine.recognise(sound, 0.0)]
    assert len(set(said) ^ set(alone)) <= 0.2 * len(alone)  # cut elsewhere, a word may be heard otherwise
    assert ended[-1].start >= len(first) / SAMPLE_RATE


def test_talk_without_a_pause_is_cut_into_lines_that_can_be_read(engine: VietAsr, voices: list[Samples]) -> None:
    sound = np.concatenate(voices)
    captioner = Captioner(engine, 0.0)
    ended = [line for line in heard_piece_by_piece(captioner, sound) if line.ended] + captioner.end()
    assert all(line.end - line.start < LONGEST + 5 for line in ended)
    times = [word.start for line in ended for word in line.words]
    assert times == sorted(times) and len(times) > 40


def test_what_is_passing_is_kept_until_it_is_forgotten(db: Database) -> None:
    first = CaptionLine(0, 0.5, 2.0, (Word("thưa", 0.5, 0.9, 0.9),), (Word("đồng", 1.0, 1.4, 0.5),))
    passing.save_captions(db, "meetings/1/live-01", [first])
    grown = replace(first, words=(*first.words, *first.pending), pending=(), end=2.5)
    passing.save_captions(db, "meetings/1/live-01", [grown, CaptionLine(1, 4.0, 5.0)])
    assert passing.captions(db, "meetings/1/live-01", since=1.0)[0] == grown
    assert (passing.next_number(db, "meetings/1/live-01"), passing.next_number(db, "another")) == (2, 0)
    assert passing.words_heard(db, "meetings/1/live-01", since=2.0) == 2
    assert passing.words_heard(db, "meetings/1/live-01", since=2.0, confidence=passing.SURE) == 1
    assert passing.left_out(db, "meetings/1/live-01", since=3.0) == 1.0
    draft = LiveDraft(30.0, (LiveLine(0.0, 2.0, "S1", "Thưa đồng chí."),),
                      (LiveQuestion(1, 0.0, "Bao giờ có nước?", None, Status.PROMISED),), {"question": 2.0})
    passing.save_draft(db, "meetings/1/live-01", draft)
    assert passing.draft(db, "meetings/1/live-01") == draft
    passing.forget(db, "meetings/1/live-01")
    assert passing.draft(db, "meetings/1/live-01") is None and not passing.captions(db, "meetings/1/live-01")


@pytest.fixture
def kept(home: Path, db: Database, meeting: Meeting) -> Iterator[int]:
    """A stored meeting; nothing that records or follows it outlives the test."""
    number = store.add_meeting(db, meeting).id or 0
    yield number
    for still, _ in recording.running(db, home):
        recording.end(db, home, still)
    until(lambda: not locks.is_held(processes.live_lock(home, number)), 240)


@pytest.fixture(scope="module")
def talk(clips: dict[Path, str]) -> Sound:
    return spoken(clips)


def test_words_come_while_people_speak_and_the_record_is_the_one_made_afterwards(
        hall: Hall, kept: int, home: Path, db: Database, talk: Sound) -> None:
    live = recording.begin(db, home, kept, "hall")
    key = recording.key(home, live)
    player = hall.play(np.tile(talk, 3))
    until(lambda: passing.words_heard(db, key, 0.0) > 3, 60)
    assert player.poll() is None  # they still speak
    until(lambda: locks.is_held(processes.live_lock(home, kept)), 120)
    os.kill(next(running("ui.live", f"DOITHOAI_HOME={home}")), signal.SIGKILL)
    until(lambda: not locks.is_held(processes.live_lock(home, kept)), 10)
    before = passing.next_number(db, key)
    processes.ensure_following(home, kept)
    until(lambda: passing.next_number(db, key) > before, 60)
    player.wait()
    sound = recording.end(db, home, kept)
    assert sound.flags == () and sound.duration > 3 * len(talk) / RATE
    until(lambda: jobs.live_job(db, kept) is None, 240)
    job = jobs.latest_job(db, kept)
    assert job and job.state == jobs.DONE, job
    assert not passing.captions(db, key) and passing.draft(db, key) is None
    transcript = standing.transcript(db, kept)
    assert work.understood(db, kept)[1].places
    with store.open_store(home / "another") as elsewhere:
        number = store.add_meeting(elsewhere, store.meeting(db, kept)).id
        again = store.add_recording(elsewhere, replace(sound, meeting=number, id=None))
        afterwards = work.transcribe_recording(elsewhere, home, again, work.Engine(), lambda share, words: None)
    assert [replace(u, id=None) for u in transcript.utterances] == [
        replace(u, id=None) for u in afterwards.utterances]


def test_however_often_it_is_asked_for_a_process_is_started_once(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(processes, "_spawn", lambda folder, module, *arguments: started.append(module))
    for _ in range(3):
        processes.ensure_following(home, 7)
        processes.ensure_captioning(home, 7)
    assert started == ["ui.live", "ui.captioning"]
    with processes.only_one(processes.live_lock(home, 7)):
        processes.ensure_following(home, 7)
    assert len(started) == 2
    processes.ensure_following(home, 7)  # it ran, and is gone
    assert started[2:] == ["ui.live"]


@pytest.mark.parametrize(("since", "woken"), [(1.0, False), (60.0, True), (-3600.0, True)])
def test_a_job_whose_news_lie_in_the_future_is_looked_after(
        db: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch, since: float, woken: bool) -> None:
    """The clock was set back after they had been written."""
    started: list[int] = []
    monkeypatch.setattr(watching, "wake", lambda job: started.append(job.id))
    monkeypatch.setitem(st.session_state, watching.LAST_LOOK, -1e9)
    job = jobs.add_job(db, jobs.LIVE, store.add_meeting(db, meeting).id or 0)
    watching._wake_worker(replace(job, updated=(datetime.now(UTC) - timedelta(seconds=since)).isoformat()))
    assert bool(started) is woken


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_setting_the_clock_neither_holds_up_a_start_nor_doubles_it(
        home: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    started: list[str] = []
    monkeypatch.setattr(processes, "_spawn", lambda folder, module, *arguments: started.append(module))
    processes.ensure_following(home, 7)
    mark, now = processes._starting(processes.live_lock(home, 7)), time.time()
    monkeypatch.setattr(time, "time", lambda: now + jump)
    processes.ensure_following(home, 7)
    assert started == ["ui.live"]  # it is still about to start
    later = processes.clock() + 60
    monkeypatch.setattr(processes, "clock", lambda: later)
    processes.ensure_following(home, 7)
    assert len(started) == 2
    mark.write_text(str(later + 9999), encoding="ascii")  # from before a boot
    processes.ensure_following(home, 7)
    assert len(started) == 3


def test_a_recorder_that_is_killed_is_started_again_by_itself(
        hall: Hall, kept: int, home: Path, db: Database) -> None:
    live = recording.begin(db, home, kept, "hall")
    until(lambda: locks.is_held(processes.live_lock(home, kept)), 30)
    time.sleep(1.0)
    said = process.status(live)
    assert said
    os.kill(said.pid, signal.SIGKILL)
    until(lambda: (now := process.status(live)) and now.state is State.RECORDING and now.gaps, 20)
    gap, = (event for event in journal.events(live) if event["event"] == "gap")
    print(f"{gap['seconds']:.1f} s are missing")
    assert gap["reason"] == "interrupted" and gap["seconds"] < 5.0  # on a machine that does much else; 1 s otherwise
    ended = recording.end(db, home, kept)
    assert "interrupted" in ended.flags and "gaps" in ended.flags


def test_a_recording_that_was_ended_is_never_started_again(hall: Hall, kept: int, home: Path, db: Database) -> None:
    live = recording.begin(db, home, kept, "hall")
    recording.end(db, home, kept)
    recording.revive(db, home, kept, live)
    assert not process.is_held(live)
    until(lambda: jobs.live_job(db, kept) is None, 240)
    job = jobs.latest_job(db, kept)
    assert job and job.state == jobs.FAILED and "tiếng nói" in job.message  # nobody spoke
    assert store.recordings(db, kept)[0].duration > 0  # the sound is kept all the same


def test_captions_end_with_a_recording_whose_recorder_died(
        hall: Hall, kept: int, home: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ensure_following", lambda folder, meeting: None)  # nobody revives the recorder
    live = recording.begin(db, home, kept, "hall")
    until(lambda: not processes._starting(processes.captions_lock(home, kept)).exists(), 60)
    time.sleep(1.0)
    said = process.status(live)
    assert said
    os.kill(said.pid, signal.SIGKILL)
    time.sleep(3.0)
    assert locks.is_held(processes.captions_lock(home, kept))  # the recording may still go on
    assert recording.end(db, home, kept).duration > 0.5
    until(lambda: not locks.is_held(processes.captions_lock(home, kept)), 15)


class SlowEngine:
    """An engine that takes one and a half times as long as people speak; it hears a word in every piece."""

    def stream(self, start: float) -> SlowEngine:
        self.at = start
        return self

    def accept(self, samples: Samples) -> list[Word]:
        time.sleep(1.5 * len(samples) / SAMPLE_RATE)
        self.at += len(samples) / SAMPLE_RATE
        return [Word("dạ", self.at - 0.05, self.at, 0.9)]

    def pending(self) -> list[Word]:
        return []

    def finish(self) -> list[Word]:
        return []


@pytest.mark.real_time
def test_captions_of_a_machine_that_is_too_slow_skip_to_what_is_being_said(
        db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("A_LITTLE_LATE", 0.4), ("PATIENCE", 0.6), ("LOOK_EVERY", 0.2), ("AT_ONCE", 0.2)):
        monkeypatch.setattr(captioning, name, seconds)
    said, began = GrowingWav(tmp_path / SOUND, FORM), time.monotonic()

    def speak() -> None:
        while (spoken := time.monotonic() - began) < 5.0:
            said.append(bytes(2 * (round(spoken * SAMPLE_RATE) - said.frames)))
            time.sleep(0.05)

    speaker = threading.Thread(target=speak)
    captions = captioning.Captions(db, "live", SlowEngine())
    late: list[float] = []

    def is_over() -> bool:
        late.append(said.frames / SAMPLE_RATE - captions.heard / SAMPLE_RATE)
        return not speaker.is_alive()

    speaker.start()
    captioning._listen(tmp_path, captions, is_over)
    speaker.join()
    print("late by", [round(seconds, 1) for seconds in late])
    assert max(late) < 1.5 and 5.0 - captions.heard / SAMPLE_RATE < 1.5
    lines = passing.captions(db, "live")
    left_out = [line for line in lines if line.is_left_out]
    assert left_out and passing.left_out(db, "live", 0.0) == pytest.approx(
        sum(line.end - line.start for line in left_out))
    assert all(before.end <= after.start + 0.3 for before, after in pairwise(lines))  # each stands at its place
    assert live_view.LEFT_OUT_HERE.format(seconds=round(left_out[0].end - left_out[0].start)) in words_as_html(
        None, lines, True)


def test_blocks_of_a_growing_sound_become_those_of_the_stored_one(db: Database) -> None:
    transcripts.save_block(db, "meetings/1/recordings/live-01", "g", 0.0, 20.0, "first")
    transcripts.save_block(db, "sha", "g", 0.0, 20.0, "first")
    transcripts.save_block(db, "meetings/1/recordings/live-01", "g", 20.0, 40.0, "second")
    transcripts.adopt_blocks(db, "meetings/1/recordings/live-01", "sha")
    assert transcripts.blocks(db, "sha", "g") == ["first", "second"]
    assert not transcripts.blocks(db, "meetings/1/recordings/live-01", "g")


def test_a_few_seconds_from_a_microphone_can_be_heard_and_read(hall: Hall, talk: Sound) -> None:
    player = hall.play(talk)
    trial = recording.try_out("hall", 3.0)
    player.terminate()
    assert trial.peak > -40 and len(trial.sound) > 3 * RATE
    assert work.words_of_clip(trial.sound)
    assert "hall" in [device.name for device in recording.microphones()]


def test_the_engine_that_hears_only_whole_stretches_gives_no_captions(clips: dict[Path, str]) -> None:
    from transcribe.captions import StreamingEngine
    assert isinstance(open_engine(), StreamingEngine)
    whisper = open_engine("whisper")
    assert not isinstance(whisper, StreamingEngine)


def test_the_follower_says_when_nothing_can_be_recognised(
        hall: Hall, kept: int, home: Path, db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(tmp_path / "nothing"))
    live = recording.begin(db, home, kept, "hall")
    until(lambda: recording.why_not_followed(db, kept), 60)
    assert "Chưa cài bộ nhận dạng" in recording.why_not_followed(db, kept)
    said = process.status(live)
    assert said and said.state is State.RECORDING  # the sound is what matters
    os.kill(said.pid, signal.SIGKILL)  # and it is watched over all the same
    until(lambda: (now := process.status(live)) and now.state is State.RECORDING and now.gaps == 1, 20)
    done = subprocess.run([sys.executable, "-m", "ui.cli", "stop", "--meeting", str(kept)], capture_output=True,
                          env=os.environ | {"DOITHOAI_HOME": str(home)}, check=False)
    assert done.returncode == 0, done.stderr
