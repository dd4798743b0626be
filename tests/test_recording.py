"""What a recording is on the disk, and how its continuity is judged; no sound card takes part."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from models import store
from models.records import Meeting
from recorder import journal, parts, process, rescue, sound
from recorder.clocks import clock
from recorder.continuity import Arrival, Continuity
from recorder.desk import Desk, Shared
from recorder.devices import Device, choose
from recorder.errors import NoDevice, RecorderFailed
from recorder.level import Meter
from recorder.sound import SoundCopy, mono
from recorder.status import State, Status, write_status
from recorder.timeline import course
from recorder.wav import HEADER, Form, GrowingWav, Samples
from recorder.writer import Heard, Writer
from ui import clips

STEREO = Form(44_100, 2)


def noise(seconds: float, form: Form = STEREO, seed: int = 1) -> Samples:
    frames = round(seconds * form.rate)
    return (np.random.default_rng(seed).standard_normal((frames, form.channels)) * 3000).astype(np.int16)


def tone(seconds: float, form: Form, pitch: float = 440.0) -> Samples:
    time = np.arange(round(seconds * form.rate)) / form.rate
    return np.repeat((np.sin(2 * np.pi * pitch * time) * 10_000).astype(np.int16)[:, None], form.channels, axis=1)


def write_parts(folder: Path, pieces: list[tuple[Samples, Form]], part_seconds: float = 1800.0) -> None:
    writer = parts.PartWriter(folder, part_seconds, lambda name, form: None)
    for piece, form in pieces:
        writer.write(piece.tobytes(), form)
    writer.close()


# The files

@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4, 5, 997, 40_001])
def test_a_part_cut_at_any_byte_gives_every_whole_frame(tmp_path: Path, cut: int) -> None:
    said = noise(0.5)
    part = GrowingWav(tmp_path / "part-0001.wav", STEREO)
    part.append(said.tobytes())  # no sync: the header still says that there is nothing
    with part.path.open("r+b") as file:
        file.truncate(HEADER.size + len(said.tobytes()) - cut)
    heard, rate = parts.read(tmp_path)
    assert rate == 44_100
    assert np.array_equal(heard, said[:(len(said.tobytes()) - cut) // 4])
    size = part.path.stat().st_size
    assert rescue.repair(tmp_path).corrected == ("part-0001.wav",)
    assert rescue.repair(tmp_path).corrected == ()
    assert part.path.stat().st_size == size
    with wave.open(str(part.path)) as plain:
        assert plain.getnframes() == len(heard)


def test_a_copy_of_a_part_is_no_part(tmp_path: Path) -> None:
    write_parts(tmp_path, [(noise(0.5), STEREO)])
    shutil.copy(tmp_path / "part-0001.wav", tmp_path / "part-0001 - Copy.wav")
    assert [part.path.name for part in parts.parts(tmp_path)] == ["part-0001.wav"]
    write_parts(tmp_path, [(noise(0.5), STEREO)])
    assert rescue.repair(tmp_path).seconds == pytest.approx(1.0)


def test_parts_join_without_a_gap_or_a_double_frame(tmp_path: Path) -> None:
    said = noise(3.0)
    pieces, at, random = [], 0, np.random.default_rng(2)
    while at < len(said):
        step = int(random.integers(1, 2000))
        pieces.append((said[at:at + step], STEREO))
        at += step
    write_parts(tmp_path, pieces, part_seconds=0.7)
    assert [part.frames for part in parts.parts(tmp_path)] == [30_870] * 4 + [8_820]
    assert np.array_equal(parts.read(tmp_path)[0], said)
    early, late = parts.read(tmp_path, 0.0, 1.2345)[0], parts.read(tmp_path, 1.2345)[0]
    assert np.array_equal(np.concatenate([early, late]), said)


def test_a_clip_is_a_wav_file_of_the_stretch(tmp_path: Path) -> None:
    said = noise(2.0)
    write_parts(tmp_path, [(said, STEREO)], part_seconds=0.7)
    clip = tmp_path / "clip.wav"
    clip.write_bytes(parts.clip(tmp_path, 0.5, 1.5))
    with wave.open(str(clip)) as file:
        assert file.readframes(99_999) == said[22_050:66_150].tobytes()


def test_another_device_brings_another_rate_and_the_times_stay(tmp_path: Path) -> None:
    other = Form(48_000, 1)
    write_parts(tmp_path, [(tone(1.0, STEREO), STEREO), (tone(1.0, other), other)])
    assert parts.seconds(tmp_path) == pytest.approx(2.0)
    heard, rate = parts.read(tmp_path)
    assert heard.shape[1] == 2 and abs(len(heard) - 2 * rate) < 40


def test_a_part_whose_header_never_reached_the_disk_is_read_by_the_journal(tmp_path: Path) -> None:
    said = noise(0.2)
    write_parts(tmp_path, [(said, STEREO)])
    with (tmp_path / "part-0001.wav").open("r+b") as file:
        file.write(bytes(HEADER.size))
    journal.Journal(tmp_path).write("part", 0.0, name="part-0001.wav", rate=44_100, channels=2)
    assert np.array_equal(parts.read(tmp_path)[0], said)
    assert rescue.repair(tmp_path).corrected == ("part-0001.wav",)
    assert parts.seconds(tmp_path) == pytest.approx(0.2)


def test_a_torn_line_in_the_journal_hides_no_other(tmp_path: Path) -> None:
    journal.Journal(tmp_path).write("start", 0.0)
    with (tmp_path / journal.JOURNAL).open("ab") as file:
        file.write(b'{"event": "ma')
    journal.Journal(tmp_path).write("mark", 1.0, name="câu hỏi mới")
    assert [event["event"] for event in journal.events(tmp_path)] == ["start", "mark"]


# sound.wav

def test_sound_wav_can_be_made_again_and_goes_on_after_a_cut(tmp_path: Path) -> None:
    said = noise(5.0)
    write_parts(tmp_path, [(said, STEREO)], part_seconds=1.3)
    sound.complete(tmp_path)
    whole = sound.read_sound(tmp_path, 0, 99_999)
    assert len(whole) == 80_000
    for kept in (12_345, 40_000, 79_999):
        with (tmp_path / sound.SOUND).open("r+b") as file:
            file.truncate(HEADER.size + 2 * kept + 1)
        sound.complete(tmp_path)
        again = sound.read_sound(tmp_path, 0, 99_999)
        assert len(again) == len(whole)
        assert np.abs(again.astype(int) - whole).max() <= 2


def test_sound_wav_keeps_time_where_the_rate_changes(tmp_path: Path) -> None:
    """A click in the second device's sound stands at its own time."""
    copy = SoundCopy(tmp_path, 0.0)
    copy.feed(np.zeros((44_100 + 7, 2), dtype=np.int16), STEREO)
    click = np.zeros((48_000, 1), dtype=np.int16)
    click[24_000] = 30_000
    copy.feed(click, Form(48_000, 1))
    copy.finish()
    heard = sound.read_sound(tmp_path, 0, 99_999)
    assert abs(int(np.abs(heard.astype(int)).argmax()) - round((1 + 7 / 44_100 + 0.5) * 16_000)) <= 1
    assert abs(len(heard) - 32_002) <= 2


def test_two_channels_that_cancel_each_other_are_still_heard() -> None:
    said = tone(0.1, Form(16_000, 1))
    assert np.array_equal(mono(np.hstack([said, -said])), said)
    assert np.array_equal(mono(np.hstack([said, said])), said)


# Continuity

def arrivals(seconds: float, rate: int = 48_000, size: int = 480, ppm: float = 0.0, jitter: float = 0.01,
             seed: int = 1) -> list[Arrival]:
    random = np.random.default_rng(seed)
    count = int(seconds * rate / size)
    return [Arrival(1000 + (i + 1) * size / rate * (1 + ppm / 1e6) + random.random() * jitter, size)
            for i in range(count)]


def total_missing(stream: list[Arrival], rate: int = 48_000, due: float | None = None) -> float:
    continuity = Continuity(rate, due)
    return sum(continuity.missing(block) for block in stream) / rate


@pytest.mark.parametrize("ppm", [-300, -50, 0, 50, 300])
def test_drift_and_jitter_lose_nothing(ppm: float) -> None:
    assert total_missing(arrivals(1800, size=4800, ppm=ppm, jitter=0.05)) == 0


def test_a_burst_after_a_standstill_loses_nothing() -> None:
    stream = arrivals(10)
    held = [Arrival(max(block.clock, 1007.0) if block.clock > 1003 else block.clock, block.frames) for block in stream]
    assert total_missing(held) == 0


@pytest.mark.parametrize("lost", [0.1, 0.35, 5.0])
@pytest.mark.parametrize("at", [0.5, 4.0])
def test_lost_frames_are_counted(lost: float, at: float) -> None:
    stream = [Arrival(block.clock + (lost if block.clock > 1000 + at else 0), block.frames) for block in arrivals(10)]
    assert total_missing(stream) == pytest.approx(lost, abs=0.012)


def test_a_reported_overflow_is_filled_at_its_place() -> None:
    stream = arrivals(10, jitter=0.001)
    later = [Arrival(block.clock + 0.04, block.frames, i == 0) for i, block in enumerate(stream[500:])]
    continuity = Continuity(48_000)
    assert not any(continuity.missing(block) for block in stream[:500])
    assert continuity.missing(later[0]) / 48_000 == pytest.approx(0.04, abs=0.002)
    assert not any(continuity.missing(block) for block in later[1:])


def test_a_stream_that_goes_on_fills_the_time_in_between() -> None:
    assert total_missing(arrivals(5, jitter=0), due=997.5) == pytest.approx(2.5, abs=0.001)


# The writer, with clocks of our own

class Clocks:
    """A clock that runs on and a wall clock that somebody sets."""

    def __init__(self) -> None:
        self.now, self.set_by = 5000.0, timedelta()

    def clock(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return datetime(2026, 5, 1, 8, tzinfo=UTC) + timedelta(seconds=self.now - 5000) + self.set_by


def speak(writer: Writer, clocks: Clocks, said: Samples, size: int = 441) -> None:
    for at in range(0, len(said), size):
        block = said[at:at + size]
        clocks.now += len(block) / 44_100
        writer.queue.put(Heard(block.tobytes(), Arrival(clocks.now, len(block))))


def recorded_by(folder: Path, act: Callable[[Writer, Clocks], None], clocks: Clocks | None = None) -> None:
    """Runs a writer over what `act` lets it hear, and ends it."""
    clocks = clocks or Clocks()
    writer = Writer(folder, clock=clocks.clock, wall=clocks.wall)
    writer.opened("hall", 44_100, 2, "start")
    act(writer, clocks)
    writer.stop("asked")
    writer.start()
    writer.join(20)
    assert writer.failed is None and not writer.is_alive()


def test_a_wall_clock_that_jumps_changes_nothing_in_the_sound(tmp_path: Path) -> None:
    said = noise(6.0)

    def act(writer: Writer, clocks: Clocks) -> None:
        speak(writer, clocks, said[:132_300])
        clocks.set_by = -timedelta(hours=1)
        writer.mark("câu hỏi mới", clocks.now)
        speak(writer, clocks, said[132_300:])

    recorded_by(tmp_path, act)
    assert np.array_equal(parts.read(tmp_path)[0], said)
    told = journal.events(tmp_path)
    assert not [event for event in told if event["event"] in ("gap", "break")]
    assert next(event["position"] for event in told if event["event"] == "mark") == pytest.approx(3.0, abs=0.001)


def test_a_gap_is_silence_of_the_right_length_and_marked(tmp_path: Path) -> None:
    said = noise(8.0)

    def act(writer: Writer, clocks: Clocks) -> None:
        speak(writer, clocks, said[:176_400])
        clocks.now += 0.5
        speak(writer, clocks, said[176_400:])

    recorded_by(tmp_path, act)
    gap, = (event for event in journal.events(tmp_path) if event["event"] == "gap")
    assert gap["reason"] == "late" and gap["seconds"] == pytest.approx(0.5, abs=0.001)
    heard, at = parts.read(tmp_path)[0], round(gap["position"] * 44_100)
    assert np.array_equal(np.delete(heard, slice(at, at + gap["frames"]), axis=0), said)
    assert not heard[at:at + gap["frames"]].any()
    assert gap["position"] == 4.0, "the silence stands where the sound is missing"


def test_a_night_is_a_break_and_not_filled(tmp_path: Path) -> None:
    def act(writer: Writer, clocks: Clocks) -> None:
        speak(writer, clocks, noise(1.0))
        clocks.now += 8 * 3600
        writer.opened("hall", 44_100, 2, "back")
        speak(writer, clocks, noise(1.0))

    recorded_by(tmp_path, act)
    told = [event["event"] for event in journal.events(tmp_path)]
    assert "break" in told and "gap" not in told
    assert parts.seconds(tmp_path) == pytest.approx(2.0)
    held = course(tmp_path)
    (night,) = held.notes
    assert datetime.fromisoformat(held.began) == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert datetime.fromisoformat(night.at) == datetime(2026, 5, 1, 8, 0, 1, tzinfo=UTC)
    assert night.seconds == 8 * 3600


def test_a_pause_takes_no_time_of_the_recording(tmp_path: Path) -> None:
    said = noise(3.0)

    def act(writer: Writer, clocks: Clocks) -> None:
        speak(writer, clocks, said[:44_100])
        writer.pause()
        speak(writer, clocks, said[44_100:88_200])
        writer.go_on()
        speak(writer, clocks, said[88_200:])

    recorded_by(tmp_path, act)
    assert np.array_equal(parts.read(tmp_path)[0], np.delete(said, slice(44_100, 88_200), axis=0))
    told = [event["event"] for event in journal.events(tmp_path)]
    assert told == ["start", "anchor", "part", "pause", "resume", "anchor", "stop"]


@pytest.mark.parametrize(("last", "filled"), [("mark", 3.0), ("pause", 0.0), ("stop", 0.0)])
def test_who_goes_on_fills_what_a_death_cost_and_nothing_that_was_wished(
        tmp_path: Path, last: str, filled: float) -> None:
    clocks = Clocks()
    recorded_by(tmp_path, lambda writer, clocks: speak(writer, clocks, noise(1.0)), clocks)
    lines = (tmp_path / journal.JOURNAL).read_text().splitlines()[:-1]  # as if it had died before it could stop
    (tmp_path / journal.JOURNAL).write_text("\n".join(lines) + "\n")
    journal.Journal(tmp_path, clocks.clock, clocks.wall).write(last, 1.0, reason="asked")
    clocks.now += 3.0
    recorded_by(tmp_path, lambda writer, clocks: speak(writer, clocks, noise(1.0)), clocks)
    assert parts.seconds(tmp_path) == pytest.approx(2.0 + filled, abs=0.001)
    assert sum(event["seconds"] for event in journal.events(tmp_path) if event["event"] == "gap") == pytest.approx(
        filled, abs=0.001)
    assert sound.copied(tmp_path) == round(parts.seconds(tmp_path) * 16_000)


def test_the_record_of_a_recording(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    recorded_by(tmp_path / "m", lambda writer, clocks: speak(writer, clocks, noise(1.0)))
    record = rescue.finished(tmp_path / "m", tmp_path, "buổi sáng")
    assert (record.original, record.sound, record.flags) == ("m", "m/sound.wav", ())
    assert record.duration == pytest.approx(1.0) and len(record.sha256) == 64


def test_a_stretch_is_listened_to_as_the_microphone_brought_it(home: Path, db: Database, meeting: Meeting) -> None:
    live = home / "m" / "live-01"
    live.mkdir(parents=True)
    said = noise(2.0)
    recorded_by(live, lambda writer, clocks: speak(writer, clocks, said))
    kept = store.add_recording(db, replace(rescue.finished(live, home, "buổi sáng"),
                                           meeting=store.add_meeting(db, meeting).id))
    with wave.open(io.BytesIO(clips.stretch(db, home, kept.id or 0, 0.5, 1.5))) as heard:
        assert (heard.getframerate(), heard.getnchannels(), heard.getnframes()) == (44_100, 1, 44_100)
        assert heard.readframes(99_999) == mono(said[22_050:66_150]).astype("<i2").tobytes()
    for part in live.glob("part-*.wav"):
        part.rename(part.with_suffix(".elsewhere"))
    with wave.open(io.BytesIO(clips.stretch(db, home, kept.id or 0, 0.5, 1.5))) as heard:
        assert (heard.getframerate(), heard.getnframes()) == (16_000, 16_000)  # better than nothing


# The rest

def test_a_portaudio_that_never_returns_is_left(tmp_path: Path) -> None:
    clocks, left = Clocks(), threading.Event()
    shared, writer = Shared(tmp_path, clocks.clock, clocks.wall), Writer(tmp_path)
    writer.start()
    desk = Desk(shared, writer, lambda device: left.set())
    desk.start()
    with shared.inside_portaudio():
        clocks.now += 9.0
        assert left.wait(5)
    assert json.loads((tmp_path / journal.JOURNAL).read_text().splitlines()[-1])["detail"] == "hung"


@pytest.mark.parametrize("state", [State.RECORDING, State.STOPPED])
def test_what_the_run_before_left_behind_is_not_taken_for_a_recorder(
        state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = Status(state, pid=4242, started=clock() + 50_000, clock=clock() + 51_000)  # the clock began anew since
    write_status(tmp_path, left)
    dies = [sys.executable, "-c", "import sys; sys.exit('no microphone')"]
    with (tmp_path / "recorder.log").open("ab") as log:
        monkeypatch.setattr(process, "spawn", lambda *_: subprocess.Popen(dies, stderr=log))
        with pytest.raises(RecorderFailed, match="no microphone"):
            process.start(tmp_path)


def test_a_device_is_chosen_by_name() -> None:
    devices = [Device(3, "Microphone (USB Hội trường)", "x", 48_000, 1, True),
               Device(5, "Array", "x", 44_100, 2, False)]
    assert choose(None, devices).index == 3
    assert choose("array", devices).index == 5
    assert choose("hội trường", devices).index == 3
    for name in ("r", "nothing"):
        with pytest.raises(NoDevice):
            choose(name, devices)


def test_the_level_shows_clipping_and_a_silent_second_channel_hides_nothing() -> None:
    meter = Meter()
    loud = tone(0.3, Form(48_000, 1))
    meter.hear(np.hstack([loud, np.zeros_like(loud)]), 48_000)
    assert meter.level().rms == pytest.approx(-13.3, abs=0.1) and not meter.level().clipping
    meter.hear(np.full((480, 2), 32_767, dtype=np.int16), 48_000)
    assert meter.level().clipping
