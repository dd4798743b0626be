"""Records for many minutes from a null sink into which speech is played again and again, and prints what it cost.

    python benchmarks/soak.py --minutes 60 --speech FILE_OR_FOLDER

Speech is any sound that PyAV reads; without it, noise is played. Every minute, and at the end:
memory of the recorder (MiB), its share of one processor, frames lost, gaps, overflows, and how far
the sound differs from the clock (ms: the drift of the device, nothing else).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pulse import RATE, Hall, Sound, opened_hall

from recorder import journal, parts, process
from recorder.clocks import clock

FORMATS = (".wav", ".flac", ".mp3", ".m4a", ".ogg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speech", type=Path)
    parser.add_argument("--part-seconds", type=float, default=parts.PART_SECONDS)
    parser.add_argument("--folder", type=Path, help="where the recording stays; a temporary one otherwise")
    given = parser.parse_args()
    speech = all_speech(given.speech) if given.speech else noise(30.0)
    with tempfile.TemporaryDirectory() as temporary:
        hall_folder = Path(temporary) / "hall"
        hall_folder.mkdir()
        with opened_hall(hall_folder) as hall:
            soak(hall, given.folder or Path(temporary) / "m", speech, given.minutes, given.part_seconds)


def soak(hall: Hall, folder: Path, speech: Sound, minutes: float, part_seconds: float) -> None:
    pid = process.start(folder, "hall", part_seconds=part_seconds)
    began, told, player = clock(), clock(), hall.play(speech)
    while clock() < began + minutes * 60:
        time.sleep(1.0)
        if player.poll() is not None:
            player = hall.play(speech)
        if clock() > told + 60:
            told = clock()
            print(line(folder, pid, clock() - began), flush=True)
    print(line(folder, pid, clock() - began))
    player.terminate()
    ended = process.stop(folder)
    print(f"{ended.state}: {ended.seconds:.1f} s in {len(parts.parts(folder))} parts, {ended.lost_frames} frames lost, "
          f"{ended.gaps} gaps, {ended.overflows} overflows")


def line(folder: Path, pid: int, wall: float) -> str:
    said, anchor = process.status(folder), journal.anchors(journal.events(folder))[0]
    assert said
    off = (said.clock - anchor.clock - said.seconds) * 1000
    return (f"{wall / 60:5.1f} min {said.state}  memory {memory(pid):.1f} MiB  processor {100 * busy(pid) / wall:.1f} %"
            f"  lost {said.lost_frames}  gaps {said.gaps}  overflows {said.overflows}  off {off:.0f} ms"
            f"  peak {said.peak} dB")


def memory(pid: int) -> float:
    """MiB that are resident."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def busy(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def all_speech(place: Path) -> Sound:
    files = sorted(path for path in place.iterdir() if path.suffix in FORMATS) if place.is_dir() else [place]
    return np.concatenate([decoded(path) for path in files])


def decoded(path: Path) -> Sound:
    """A file as samples at the rate of the sinks."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as file:
        frames = [out for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1).astype(np.int16) for frame in frames])


def noise(seconds: float) -> Sound:
    return (np.random.default_rng(1).standard_normal(round(seconds * RATE)) * 3000).astype(np.int16)


if __name__ == "__main__":
    if not sys.platform.startswith("linux"):
        sys.exit("needs Linux with PulseAudio")
    main()
