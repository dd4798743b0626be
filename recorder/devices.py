"""The microphones of this machine, as PortAudio lists them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sounddevice as sd

from recorder.errors import NoDevice

BEST_HOSTS = ("Windows WASAPI", "Core Audio", "ALSA")
"""Sound systems in whose list each microphone stands once, with its full name. Windows shows every
device four times, and cuts names at 31 letters in the oldest list."""

NUMBER = re.compile(r"\(hw:\d+,\d+\)|\b\d+- ")


@dataclass(frozen=True)
class Device:
    """An input: its number in PortAudio's list, its own rate in Hz and how many channels it has."""

    index: int
    name: str
    host: str
    rate: int
    channels: int
    is_default: bool


def inputs(every_host: bool = False) -> list[Device]:
    """The microphones to choose from, the default first; with `every_host` also their doubles."""
    hosts = sd.query_hostapis()
    found = [_device(index, row, hosts) for index, row in enumerate(sd.query_devices()) if row["max_input_channels"]]
    best = next((host for host in BEST_HOSTS if any(device.host == host for device in found)), None)
    shown = found if every_host or best is None else [device for device in found if device.host == best]
    return sorted(shown, key=lambda device: not device.is_default)


def choose(name: str | None, among: Sequence[Device]) -> Device:
    """The device of this name, the only one that contains it, or the default when no name is given. Raises NoDevice.

    Where none has the very name, one that has it but for the number that the system gave it, as after being plugged
    in again elsewhere.
    """
    if not name:
        if not among:
            raise NoDevice
        return among[0]
    wanted = name.casefold()
    same = [device for device in among if device.name.casefold() == wanted]
    like = [device for device in among if wanted in device.name.casefold()]
    alike = [device for device in among if without_number(device.name) == without_number(name)]
    for found in (same[:1], like, alike):
        if len(found) == 1:
            return found[0]
    raise NoDevice(name)


def without_number(name: str) -> str:
    """A device's name without what the system counted into it: «Mic (2- USB Audio)», «USB Audio (hw:1,0)»."""
    return NUMBER.sub("", name).strip().casefold()


def choose_again(name: str, beside: Collection[str], among: Sequence[Device]) -> Device:
    """The device that was called `name`, also when it came back under another number. Raises NoDevice.

    `beside` names the devices that were there together with it: none of them is taken for it.
    """
    same = [device for device in among if device.name == name]
    alike = [device for device in among
             if device.name not in beside and without_number(device.name) == without_number(name)]
    for found in (same[:1], alike):
        if len(found) == 1:
            return found[0]
    raise NoDevice(name)


def look_again() -> None:
    """Makes PortAudio read its list of devices anew, which is frozen when it starts. Every stream must be closed."""
    sd._terminate()
    sd._initialize()


def _device(index: int, row: dict[str, Any], hosts: Sequence[dict[str, Any]]) -> Device:
    host = hosts[row["hostapi"]]
    return Device(index, row["name"], host["name"], round(row["default_samplerate"]), row["max_input_channels"],
                  index == host["default_input_device"])


if __name__ == "__main__":  # a process of its own sees the devices of now, not those of when the caller began
    print(json.dumps([asdict(device) for device in inputs()]))  # plain letters: a pipe may know no Vietnamese ones
