"""Another microphone in place of the chosen one: the sound server may put it there without a word."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from recorder import process
from recorder.devices import Device, choose, choose_again
from recorder.errors import NoDevice
from recorder.status import State
from tests.processes import until
from tests.pulse import Hall
from tests.test_recording_device import folder, found, heard, noise, same, state, status, told

__all__ = ["folder"]  # a fixture

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs PulseAudio")


@pytest.fixture(autouse=True)
def _as_it_was_before(hall: Hall) -> None:
    hall.ask("set-default-source", "hall.monitor")


def test_a_stream_that_is_moved_is_told_and_moved_back(hall: Hall, folder: Path) -> None:
    clip = noise(1.0)
    process.start(folder, "hall")
    until(lambda: bool(told(folder, "fed")), 5)
    hall.move_streams_to("table")
    assert until(lambda: bool(told(folder, "strayed")), 5) < 2.0
    until(lambda: bool(told(folder, "returned")), 5)
    until(lambda: state(folder) is State.RECORDING and status(folder).fed_by == "", 2)
    hall.play(clip).wait()
    process.stop(folder)
    assert same(clip, heard(folder), found(clip, heard(folder)))
    assert "table" in told(folder, "strayed")[0]["to"]


def test_an_unplugged_microphone_whose_place_another_takes_is_told_until_it_is_back(hall: Hall, folder: Path) -> None:
    clip = noise(1.0)
    process.start(folder, "hall")
    until(lambda: bool(told(folder, "fed")), 5)
    hall.unplug("hall")
    try:
        noticed = until(lambda: "table" in status(folder).fed_by, 5)
        assert noticed < 2.0
        print(f"noticed after {noticed:.2f} s")
        time.sleep(1.5)
        assert "table" in status(folder).fed_by
    finally:
        hall.plug_in("hall")
    until(lambda: status(folder).fed_by == "" and bool(told(folder, "returned")), 8)
    time.sleep(1.0)  # on a busy machine the first moments of a new sink are not always whole
    hall.play(clip).wait()
    process.stop(folder)
    assert same(clip, heard(folder), found(clip, heard(folder)))


def test_another_default_device_does_not_take_the_place_of_the_one_there_was(hall: Hall, folder: Path) -> None:
    clip = noise(1.0)
    process.start(folder, "default")
    until(lambda: bool(told(folder, "fed")), 5)
    hall.ask("set-default-source", "table.monitor")
    hall.move_streams_to("table")  # as a desktop does with all streams when its settings name another default
    assert until(lambda: bool(told(folder, "strayed")), 5) < 2.0
    until(lambda: bool(told(folder, "returned")), 5)
    hall.play(clip).wait()
    process.stop(folder)
    assert same(clip, heard(folder), found(clip, heard(folder)))


def test_a_microphone_that_a_person_picks_is_nobodys_stray(hall: Hall, folder: Path) -> None:
    process.start(folder, "hall")
    until(lambda: bool(told(folder, "fed")), 5)
    process.send(folder, "switch", device="table")
    until(lambda: state(folder) is State.RECORDING and status(folder).device == "table", 5)
    time.sleep(2.2)
    assert not told(folder, "strayed") and status(folder).fed_by == ""
    process.stop(folder)


def _device(index: int, name: str) -> Device:
    return Device(index, name, "x", 48_000, 1, index == 0)


def test_a_device_that_comes_back_under_another_number_is_taken_up_again() -> None:
    laptop = _device(0, "HDA Intel PCH: ALC257 Analog (hw:0,0)")
    again = [laptop, _device(4, "USB Audio Device: - (hw:2,0)")]
    assert choose("USB Audio Device: - (hw:1,0)", again).index == 4
    assert choose("Microphone (2- USB Audio)", [laptop, _device(3, "Microphone (3- USB Audio)")]).index == 3
    assert choose("Microphone (USB Audio)", [laptop, _device(3, "Microphone (3- USB Audio)")]).index == 3
    with pytest.raises(NoDevice):
        choose("USB Audio Device: - (hw:1,0)", [laptop])


def test_a_twin_that_was_there_all_along_is_not_taken_for_the_lost_device() -> None:
    twin = _device(4, "USB Audio Device: - (hw:2,0)")
    with pytest.raises(NoDevice):
        choose_again("USB Audio Device: - (hw:1,0)", {twin.name}, [twin])
    back = _device(5, "USB Audio Device: - (hw:3,0)")
    assert choose_again("USB Audio Device: - (hw:1,0)", {twin.name}, [twin, back]).index == 5
    with pytest.raises(NoDevice):
        choose_again("Micro", {"Array"}, [_device(6, "Micro của máy in")])  # only a part of the name
    lost = _device(2, "USB Audio Device: - (hw:1,0)")
    assert choose_again(lost.name, {twin.name}, [lost, twin]) == lost
