"""The recorder on a real PortAudio device: what was played is held against what lies on the disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import fftconvolve

from models.errors import DiskFull
from recorder import disk, journal, parts, process, rescue, sound
from recorder.clocks import clock
from recorder.errors import AlreadyRecording, FolderNotWritable, NoDevice, NotRecording
from recorder.status import State, Status
from tests.processes import until
from tests.pulse import RATE, Hall, Sound

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs PulseAudio")

KILLS = int(os.environ.get("DOITHOAI_KILLS", "5"))
"""How often the recorder is killed; the figure of 20 is measured by setting it."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one recording; no recorder outlives its test."""
    folder = tmp_path / "Đối thoại 1"
    yield folder
    end(folder)


def end(folder: Path) -> None:
    said = process.status(folder)
    if said and said.state.is_live:
        os.kill(said.pid, signal.SIGCONT)
        os.kill(said.pid, signal.SIGKILL)


def noise(seconds: float, seed: int = 1) -> Sound:
    return (np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * 3000).astype(np.int16)


def heard(folder: Path) -> Sound:
    """The left channel of all that was recorded."""
    sound, rate = parts.read(folder)
    assert rate == RATE and np.array_equal(sound[:, 0], sound[:, 1])
    return sound[:, 0]


def found(clip: Sound, within: Sound) -> int:
    """The frame at which a clip begins, by cross-correlation."""
    match = fftconvolve(within.astype(np.float32), clip[::-1].astype(np.float32))
    return int(match.argmax()) - len(clip) + 1


def same(clip: Sound, within: Sound, at: int) -> bool:
    return np.array_equal(within[at:at + len(clip)], clip)


def state(folder: Path) -> State:
    return status(folder).state


def status(folder: Path) -> Status:
    said = process.status(folder)
    assert said
    return said


def told(folder: Path, *names: str) -> list[journal.Event]:
    return [event for event in journal.events(folder) if event["event"] in names]


def heard_at(folder: Path, position: float) -> float:
    """The clock time of a position on the timeline."""
    anchor = next(anchor for anchor in reversed(journal.anchors(journal.events(folder)))
                  if anchor.position <= position)
    return anchor.clock + position - anchor.position


def test_every_sample_is_there_across_parts_and_its_time_is_true(hall: Hall, folder: Path) -> None:
    clip = noise(4.0)
    process.start(folder, "hall", part_seconds=1.5)
    assert state(folder) is State.RECORDING
    time.sleep(0.5)
    player = hall.play(clip)
    until(lambda: status(folder).peak > -60, 2)
    loud = clock()
    player.wait()
    ended = process.stop(folder)
    assert (ended.state, ended.lost_frames, ended.gaps, ended.overflows) == (State.STOPPED, 0, 0, 0)
    all_of_it = heard(folder)
    at = found(clip, all_of_it)
    assert same(clip, all_of_it, at)
    assert len(parts.parts(folder)) >= 3
    assert heard_at(folder, at / RATE) < loud
    copied = sound.read_sound(folder, 0, 1 << 30)
    assert abs(len(copied) - parts.seconds(folder) * 16_000) < 1  # in whole samples, the last one rounded up or down


def test_the_start_is_found_within_20_ms(hall: Hall, folder: Path) -> None:
    """The player needs its own time to begin, never less than none: the quickest of five tells of the recorder."""
    process.start(folder, "hall")
    clips, played = [noise(0.5, seed) for seed in range(5)], []
    for clip in clips:
        time.sleep(0.2)
        played.append(clock())
        hall.play(clip).wait()
    process.stop(folder)
    all_of_it = heard(folder)
    off = []
    for clip, began in zip(clips, played, strict=True):
        at = found(clip, all_of_it)
        assert same(clip, all_of_it, at)
        off.append(heard_at(folder, at / RATE) - began)
    print("start found after", [round(seconds, 3) for seconds in off])
    assert -0.02 < min(off) < 0.02, off


def test_killed_at_any_moment_it_loses_less_than_half_a_second(hall: Hall, folder: Path) -> None:
    said = noise(3.0 * KILLS)
    random = np.random.default_rng()
    pid = process.start(folder, "hall")
    player = hall.play(said)
    lost: list[float] = []
    for _ in range(KILLS):
        time.sleep(0.4 + 1.2 * random.random())
        os.kill(pid, signal.SIGKILL)
        killed = clock()
        until(lambda: not process.is_held(folder), 2)
        assert process.interrupted(folder) and state(folder) is State.INTERRUPTED
        before = parts.seconds(folder)
        lost.append(killed - heard_at(folder, before))
        repaired = rescue.repair(folder)
        assert repaired.seconds == before and rescue.repair(folder).corrected == ()
        pid = process.start(folder, "hall")
    process.stop(folder)
    player.terminate()
    print("lost at each kill:", [round(seconds, 3) for seconds in lost])
    assert max(lost) < 0.5
    _times_are_true(folder, said, len(lost))


def _times_are_true(folder: Path, said: Sound, kills: int) -> None:
    """Each stretch between the kills is whole, and stands where it was said."""
    all_of_it, gaps = heard(folder), told(folder, "gap")
    assert [gap["reason"] for gap in gaps] == ["interrupted"] * kills
    began = None
    for gap in gaps:
        after = round(gap["position"] * RATE) + gap["frames"]
        stretch = all_of_it[after:after + RATE // 4]
        at = found(stretch, said)
        assert same(stretch, said, at)
        began = began or after - at
        assert abs(after - at - began) / RATE < 0.05


def test_a_lost_device_is_noticed_and_comes_back_by_itself(hall: Hall, folder: Path) -> None:
    before, after = noise(1.0, 1), noise(1.0, 2)
    process.start(folder, "hall")
    began = clock()
    hall.play(before).wait()
    hall.kill()
    noticed = until(lambda: state(folder) is State.DEVICE_LOST, 5)
    assert noticed <= 2.0
    time.sleep(1.0)
    hall.open()
    until(lambda: state(folder) is State.RECORDING, 5)
    began_again = clock()
    hall.play(after).wait()
    assert process.stop(folder).gaps == 1
    all_of_it = heard(folder)
    first, second = found(before, all_of_it), found(after, all_of_it)
    assert same(before, all_of_it, first) and same(after, all_of_it, second)
    assert (second - first) / RATE == pytest.approx(began_again - began, abs=0.1)
    assert [event["event"] for event in told(folder, "lost", "back", "gap")] == ["lost", "back", "gap"]
    assert told(folder, "gap")[0]["reason"] == "device_lost"
    print(f"noticed after {noticed:.2f} s")


def test_a_device_that_stops_for_a_moment_leaves_silence_of_that_length(hall: Hall, folder: Path) -> None:
    before, after = noise(1.0, 1), noise(1.0, 2)
    process.start(folder, "hall")
    time.sleep(2.2)
    began = clock()
    hall.play(before).wait()
    hall.ask("suspend-sink", "hall", "1")
    time.sleep(0.6)
    hall.ask("suspend-sink", "hall", "0")
    time.sleep(1.2)
    began_again = clock()
    hall.play(after).wait()
    process.stop(folder)
    all_of_it = heard(folder)
    first, second = found(before, all_of_it), found(after, all_of_it)
    assert same(before, all_of_it, first) and same(after, all_of_it, second)
    assert (second - first) / RATE == pytest.approx(began_again - began, abs=0.1)
    gap, = told(folder, "gap")
    assert gap["reason"] == "late" and not all_of_it[(cut := round(gap["position"] * RATE)):cut + gap["frames"]].any()


def test_a_recorder_that_stood_still_loses_nothing_and_says_so(hall: Hall, folder: Path) -> None:
    clip = noise(6.0)
    pid = process.start(folder, "hall")
    time.sleep(0.2)
    player = hall.play(clip)
    time.sleep(1.0)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(3.3)
    os.kill(pid, signal.SIGCONT)
    player.wait()
    assert process.stop(folder).gaps == 0
    assert same(clip, heard(folder), found(clip, heard(folder)))
    assert 3.3 <= told(folder, "asleep")[0]["seconds"] < 4.5


def test_another_device_is_taken_while_recording(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    process.send(folder, "switch", device="no such thing")
    until(lambda: bool(told(folder, "switch_failed")), 5)
    until(lambda: state(folder) is State.RECORDING and status(folder).device == "hall", 5)
    process.send(folder, "switch", device="table")
    until(lambda: state(folder) is State.RECORDING and status(folder).device == "table", 5)
    clip = noise(1.0)
    hall.play(clip, into="table").wait()
    process.stop(folder)
    assert same(clip, heard(folder), found(clip, heard(folder)))


def test_pause_mark_and_go_on(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    time.sleep(0.5)
    before = clock()
    process.send(folder, "mark", name="câu hỏi mới")
    after = clock()
    process.send(folder, "pause")
    until(lambda: state(folder) is State.PAUSED, 2)
    paused = status(folder).seconds
    time.sleep(0.5)
    assert status(folder).seconds == paused
    process.send(folder, "resume")
    until(lambda: state(folder) is State.RECORDING and status(folder).seconds > paused, 2)
    assert process.stop(folder).marks == 1
    mark, = told(folder, "mark")
    assert mark["name"] == "câu hỏi mới"
    assert before - 0.05 < heard_at(folder, mark["position"]) < after + 0.05


def test_two_recorders_in_one_folder_are_refused(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    with pytest.raises(AlreadyRecording):
        process.start(folder, "hall")
    with pytest.raises(AlreadyRecording):
        rescue.repair(folder)
    straight = subprocess.run([sys.executable, "-m", "recorder.process", str(folder)], capture_output=True, check=False,
                              cwd=Path(__file__).parent.parent)
    assert straight.returncode and b"AlreadyRecording" in straight.stderr
    assert state(folder) is State.RECORDING
    process.stop(folder)
    with pytest.raises(NotRecording):
        process.send(folder, "mark")


FSYNC = """
import os, time
true_fsync = os.fsync
def fsync(descriptor):
    true_fsync(descriptor)
    with open(os.environ["FSYNCS"], "a") as told:
        told.write(f"{time.monotonic()} {os.readlink(f'/proc/self/fd/{descriptor}')}\\n")
os.fsync = fsync
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_the_sound_is_put_on_the_disk_at_least_twice_a_second(
        hall: Hall, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted from outside, by a stand-in for the system's call that the recorder knows nothing of."""
    (tmp_path / "sitecustomize.py").write_text(FSYNC)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("FSYNCS", str(tmp_path / "fsyncs.txt"))
    process.start(folder, "hall", part_seconds=1.0)
    began = time.monotonic()
    time.sleep(3.0)
    ended = time.monotonic()
    process.stop(folder)
    lines = [line.split(" ", 1) for line in (tmp_path / "fsyncs.txt").read_text().splitlines()]
    synced = [float(at) for at, name in lines if "part-" in name and began < float(at) < ended]
    longest = max(after - before for before, after in pairwise([began, *synced, ended]))
    print(f"{len(synced)} in {ended - began:.1f} s, at most {longest:.2f} s apart")
    assert len(synced) >= 6 and longest <= 0.6
    assert {Path(name).name for _, name in lines} >= {"part-0001.wav", "part-0002.wav", journal.JOURNAL}


def test_whether_the_machine_is_kept_awake_is_told(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    held = "sleep held off: True" in (folder / process.LOG).read_text()
    assert status(folder).awake is held
    process.stop(folder)


def test_a_device_that_is_not_there_is_said_at_once(hall: Hall, folder: Path) -> None:
    with pytest.raises(NoDevice):
        process.start(folder, "micro không có")
    assert not process.interrupted(folder)


def test_a_polite_kill_is_an_orderly_stop(hall: Hall, folder: Path) -> None:
    os.kill(process.start(folder, "hall"), signal.SIGTERM)
    until(lambda: state(folder) is State.STOPPED, 5)
    assert not process.interrupted(folder)
    assert told(folder, "stop")[0]["reason"] == "shutdown"  # nobody wished for silence: what follows is a hole


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.5 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("needs root to mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("may not mount")
    yield place
    end(place / "m")
    until(lambda: subprocess.run(["umount", str(place)], check=False, capture_output=True).returncode == 0, 5)


def test_a_full_disk_ends_the_recording_with_everything_readable(hall: Hall, small_disk: Path) -> None:
    folder, clip = small_disk / "m", noise(12.0)
    process.start(folder, "hall")
    time.sleep(0.2)
    player = hall.play(clip)
    until(lambda: status(folder).disk_low, 4)
    until(lambda: state(folder) is State.DISK_FULL, 15)
    player.terminate()
    all_of_it = heard(folder)
    at = found(clip[:RATE], all_of_it)
    assert same(clip[:len(all_of_it) - at], all_of_it, at)
    assert len(all_of_it) * 4 > 900_000
    assert told(folder, "stop")[0]["reason"] == "disk_full"
    assert told(folder, "disk_low") and not process.interrupted(folder)
    assert rescue.repair(folder).corrected == ()
    with (small_disk / "rest").open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(bytes(4096))
    with pytest.raises(DiskFull):
        process.start(folder, "hall")
    assert not (folder / disk.SPARE).exists()


def test_a_folder_that_cannot_be_written_is_refused(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(FolderNotWritable):
        process.start(small_disk / "m", "hall")
