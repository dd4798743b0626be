"""A final pass over a long meeting with one, two, … processes: how long it takes and how much memory it needs.

    python -m benchmarks.final_pass MEETING.flac [MEETING.flac …] [--minutes 60] [--workers 1 2]

The sounds are put one behind another again and again until the recording is so many minutes long. Each row is
`doithoai transcribe --final` in a data folder of its own: seconds of wall time and of processor time for each second
of sound, and the most memory that all its processes held together (sum of resident sizes, sampled four times a
second; what they share is counted for each).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np
import psutil
from faster_whisper.audio import decode_audio

from models import store, transcripts
from models.folders import weights_home
from models.records import Meeting, Utterance
from transcribe.sound import SAMPLE_RATE
from ui import work

SAMPLED_EVERY = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sounds", type=Path, nargs="+")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    seconds = options.minutes * 60
    print(f"{'workers':>7} {'wall s/s':>9} {'CPU s/s':>8} {'memory MiB':>11}")
    for workers in options.workers:
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), options.sounds, seconds)
            wall, cpu, memory = measured(Path(folder), workers)
        print(f"{workers:7} {wall / seconds:9.3f} {cpu / seconds:8.3f} {memory / 2**20:11.0f}", flush=True)


def prepare(home: Path, sounds: list[Path], seconds: float) -> None:
    """A data folder with one meeting, its recording, and a transcript that the final pass may replace."""
    once = np.concatenate([decode_audio(str(sound)) for sound in sounds])
    samples = np.resize(once, int(seconds * SAMPLE_RATE))
    path = home / "meeting.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    with store.open_store(home) as db:
        store.add_meeting(db, Meeting("Hội nghị đối thoại", "2026-05-22", "Nhà văn hóa xã", (), ()))
        recording = work.import_recording(db, home, path, 1, lambda share, message: None)
        transcripts.save_transcript(db, 1, recording.id, "benchmark", [Utterance(0, 1, "S1", "Kính thưa hội nghị.")])


def measured(home: Path, workers: int) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and the most bytes held, of the command and all processes it started."""
    command = [sys.executable, "-m", "ui.cli", "transcribe", "--final", "--meeting", "1", "--workers", str(workers)]
    environment = os.environ | {"DOITHOAI_HOME": str(home), "DOITHOAI_WEIGHTS": str(weights_home())}
    began, most, spent = time.monotonic(), 0, {}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    own = psutil.Process(process.pid)
    while process.poll() is None:
        held = 0
        try:
            for one in (own, *own.children(recursive=True)):
                times = one.cpu_times()
                spent[one.pid] = times.user + times.system
                held += one.memory_info().rss
        except psutil.NoSuchProcess:
            pass  # it ended between being listed and being asked
        most = max(most, held)
        time.sleep(SAMPLED_EVERY)
    if process.returncode:
        sys.exit(f"the final pass ended with {process.returncode}")
    return time.monotonic() - began, sum(spent.values()), most


if __name__ == "__main__":
    main()
