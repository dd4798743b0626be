"""A hall without walls: a PulseAudio server of our own whose null sinks PortAudio records from.

What is played into a sink comes out of its monitor bit for bit, so that a recording can be held
against what was played. `norewinds` keeps the sink's own delay at some milliseconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

RATE = 44_100
"""Hz, of the sinks and, as ALSA's pulse plugin tells it, of the devices."""
MICROPHONES = ("hall", "table")
PACKAGES = ("pulseaudio", "pulseaudio-utils", "libasound2-plugins", "libportaudio2")

Sound = npt.NDArray[np.int16]


def make_sure_it_is_there() -> None:
    """Installs PulseAudio where that is allowed, as on CI; skips the test where it cannot be had."""
    if shutil.which("pulseaudio") and shutil.which("pacat"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", *PACKAGES], check=False,
                       env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if not shutil.which("pulseaudio"):
        if os.environ.get("CI"):
            pytest.fail("PulseAudio must be there on CI")
        pytest.skip("needs PulseAudio")


class Hall:
    """The server and what can be done to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PULSE_SERVER": f"unix:{folder / 'native'}", "PULSE_RUNTIME_PATH": str(folder / "run"),
                            "ALSA_CONFIG_PATH": str(folder / "asound.conf"), "HOME": str(folder)}
        (folder / "run").mkdir()
        (folder / "asound.conf").write_text("</usr/share/alsa/alsa.conf>\n" + "".join(
            f'pcm.{name} {{ type pulse device "{name}.monitor" hint {{ show on description "{name}" }} }}\n'
            for name in MICROPHONES) + 'pcm.!default { type pulse hint { show on description "default" } }\n')
        self.server: subprocess.Popen[bytes] | None = None
        self.playing: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        """Starts the server and waits until it answers."""
        sinks = [" ".join(_sink(name)) for name in MICROPHONES]
        modules = [f"module-native-protocol-unix auth-anonymous=1 socket={self.folder / 'native'}", *sinks]
        loaded = [part for module in modules for part in ("-L", module)]
        with (self.folder / "pulse.log").open("ab") as log:
            self.server = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *loaded],
                env=os.environ | self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 10
        while self.ask("info").returncode:
            assert time.monotonic() < until, (self.folder / "pulse.log").read_text()
            time.sleep(0.05)
        self.ask("set-default-source", f"{MICROPHONES[0]}.monitor")

    def kill(self) -> None:
        """Takes every device away at once."""
        if self.server:
            self.server.kill()
            self.server.wait()
        (self.folder / "native").unlink(missing_ok=True)

    def unplug(self, name: str) -> None:
        """Takes one device away."""
        number, = (line.split("\t")[0] for line in self.ask("list", "short", "modules").stdout.decode().splitlines()
                   if f"sink_name={name} " in line)
        self.ask("unload-module", number)

    def plug_in(self, name: str) -> None:
        self.ask("load-module", *_sink(name))

    def move_streams_to(self, name: str) -> None:
        """Lets another device feed all that is being recorded, as the sound settings of a desktop do."""
        for line in self.ask("list", "short", "source-outputs").stdout.decode().splitlines():
            self.ask("move-source-output", line.split("\t")[0], f"{name}.monitor")

    def ask(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["pactl", *words], env=os.environ | self.environment, capture_output=True, check=False)

    def play(self, sound: Sound, into: str = MICROPHONES[0]) -> subprocess.Popen[bytes]:
        """Begins to play one channel of 16-bit samples at the sinks' rate into both channels of a sink."""
        path = self.folder / f"{time.monotonic_ns()}.raw"
        np.repeat(sound[:, None], 2, axis=1).astype("<i2").tofile(path)
        player = subprocess.Popen(["pacat", "--playback", f"--device={into}", f"--rate={RATE}", "--channels=2",
                                   "--format=s16le", "--latency-msec=500", str(path)],
                                  env=os.environ | self.environment)
        self.playing.append(player)
        return player

    def silence(self) -> None:
        """Ends whatever earlier tests left playing."""
        for player in self.playing:
            player.kill()
            player.wait()
        self.playing.clear()


def _sink(name: str) -> list[str]:
    """The module that is a device, with its options."""
    return ["module-null-sink", f"sink_name={name}", f"rate={RATE}", "channels=2", "format=s16le", "norewinds=1",
            f"sink_properties=device.description={name}"]


@contextmanager
def opened_hall(folder: Path) -> Iterator[Hall]:
    """A running server, and an environment in which this process and its children hear it."""
    make_sure_it_is_there()
    hall = Hall(folder)
    before = {name: os.environ.get(name) for name in hall.environment if name != "HOME"}
    os.environ.update({name: hall.environment[name] for name in before})
    hall.open()
    try:
        yield hall
    finally:
        hall.kill()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
