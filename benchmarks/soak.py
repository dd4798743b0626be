"""Records a meeting for many minutes from a null sink into which speech is played again and again, and prints
what it cost and how soon each word could be read.

    python -m benchmarks.soak --minutes 60 --speech FILE_OR_FOLDER [--page]

Speech is any sound that PyAV reads. With `--page` the recording page stands open in Chromium. Every minute:
memory (MiB) and processor share of each process, frames lost, gaps, caption delay so far. At the end: the delay
from the end of each word (as the recogniser times it, by the clock of the recording) until that word could be
read from the store, and until it was settled; how much later speech really ends than the recogniser's last word
(`bias`, to be taken off the delay); and the seconds from «stop» to transcript, draft questions and draft minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pulse import RATE, Hall, Sound, opened_hall

from models import jobs, store, transcripts
from models import live as passing
from models.folders import weights_home
from models.live import CaptionLine
from models.meeting_file import read_meeting
from models.records import Meeting
from recorder import journal, process
from recorder.clocks import clock
from transcribe.speech import speech_stretches
from ui import recording

FORMATS = (".wav", ".flac", ".mp3", ".m4a", ".ogg")
LOOK_EVERY = 0.03
SAME_WORD = 0.5
"""Seconds by which the end of one word may be told differently before and after it was settled."""


@dataclass
class Watch:
    """What was shown when: each word with its end in the recording, and the moment at which it could first be read
    (or was settled)."""

    shown: dict[tuple[int, str, float], float] = field(default_factory=dict)
    settled: dict[tuple[int, str, float], float] = field(default_factory=dict)

    def look(self, lines: list[CaptionLine], now: float) -> None:
        for line in lines:
            for word in (*line.words, *line.pending):
                self.shown.setdefault((line.number, word.word, word.end), now)
            for word in line.words:
                self.settled.setdefault((line.number, word.word, word.end), now)

    def delays(self, anchors: list[journal.Anchor]) -> tuple[list[float], list[float]]:
        """Seconds from the end of each settled word until it was read (its end may have been told a little otherwise
        then), and until it was settled."""
        shown: dict[tuple[int, str], list[tuple[float, float]]] = {}
        for (line, text, end), moment in self.shown.items():
            shown.setdefault((line, text), []).append((end, moment))
        read, settled = [], []
        for (line, text, end), moment in self.settled.items():
            spoken = clock_of(end, anchors)
            read.append(min(at for near, at in shown[line, text] if abs(near - end) < SAME_WORD) - spoken)
            settled.append(moment - spoken)
        return read, settled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--meeting", type=Path, help="a meeting file; an empty meeting otherwise")
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args()
    os.environ["DOITHOAI_WEIGHTS"] = str(weights_home())
    with tempfile.TemporaryDirectory() as temporary:
        home, hall_folder = Path(temporary) / "dữ liệu", Path(temporary) / "hall"
        hall_folder.mkdir()
        os.environ["DOITHOAI_HOME"] = str(home)
        with opened_hall(hall_folder) as hall, store.open_store(home) as db:
            meeting = read_meeting(given.meeting) if given.meeting else Meeting("Đối thoại", "2026-11-24", "Hội trường")
            soak(hall, db, home, store.add_meeting(db, meeting).id or 0, all_speech(given.speech), given.minutes,
                 given.page)


def soak(hall: Hall, db: Database, home: Path, meeting: int, speech: Sound, minutes: float, page: bool) -> None:
    live = recording.begin(db, home, meeting, "hall")
    key, watch = recording.key(home, live), Watch()
    began = told = clock()
    with opened_page(meeting) if page else nothing():
        player = hall.play(speech)
        while clock() < began + minutes * 60:
            time.sleep(LOOK_EVERY)
            watch.look(passing.captions(db, key)[-3:], clock())
            if player.poll() is not None:
                player = hall.play(speech)
            if clock() > told + 60:
                told = clock()
                tell(db, live, watch, told - began)
        tell(db, live, watch, clock() - began)
        draft = passing.draft(db, key)
        bias = how_much_later_speech_ends(db, key, live)
        stopped = clock()
        kept = recording.end(db, home, meeting)
        print(f"stored {clock() - stopped:.1f} s after «stop»: {kept.duration:.1f} s, {kept.flags}")
        written = found = 0.0
        while jobs.live_job(db, meeting):
            time.sleep(0.05)
            transcript = transcripts.current_transcript(db, meeting) if not found else None
            written = written or (clock() if transcript else 0.0)
            found = found or (clock() if transcript and transcripts.current_analysis(db, transcript) else 0.0)
        if found:
            print(f"after «stop»: transcript {written - stopped:.1f} s, draft questions {found - stopped:.1f} s")
        print(f"draft minutes {clock() - stopped:.1f} s after «stop»; {len(draft.questions) if draft else 0} questions "
              f"were there before")
        player.terminate()
    job = jobs.latest_job(db, meeting)
    print(f"{job and job.state}: {job and job.message}; bias {bias * 1000:.0f} ms")
    print((home / "worker.log").read_text(encoding="utf-8")[-2000:])


def tell(db: Database, live: Path, watch: Watch, wall: float) -> None:
    said = process.status(live)
    assert said
    costs = [f"{name} {memory(pid):.0f} MiB {100 * busy(pid) / wall:.0f} %" for name, pid in processes().items()]
    lines = passing.captions(db, recording.key(Path(os.environ["DOITHOAI_HOME"]), live))
    read, settled = watch.delays(journal.anchors(journal.events(live)))
    print(f"{wall / 60:5.1f} min {said.state}  {'  '.join(costs)}  lost {said.lost_frames}  gaps {said.gaps}  "
          f"overflows {said.overflows}  words {len(read)}  read after {percentiles(read)}  "
          f"settled after {percentiles(settled)}  left out "
          f"{sum(line.end - line.start for line in lines if line.is_left_out):.1f} s", flush=True)


def percentiles(delays: list[float]) -> str:
    if not delays:
        return "-"
    p50, p95 = np.percentile(delays, (50, 95))
    return f"p50 {p50:.2f} p95 {p95:.2f} max {max(delays):.2f} s"


def clock_of(position: float, anchors: list[journal.Anchor]) -> float:
    """The clock time at which the sound at this position was heard."""
    anchor = next((anchor for anchor in reversed(anchors) if anchor.position <= position), anchors[0])
    return anchor.clock + position - anchor.position


def how_much_later_speech_ends(db: Database, key: str, live: Path) -> float:
    """Seconds, in the middle, from the recogniser's end of a line's last word to the end of the speech around it."""
    from recorder.sound import read_sound
    later = []
    for line in passing.captions(db, key)[-100:]:
        first = max(0, round((line.end - 1.0) * 16_000))
        stretches = speech_stretches(read_sound(live, first, 32_000).astype(np.float32) / 32768, first / 16_000)
        ends = [end for start, end in stretches if start <= line.end and abs(end - line.end) < 0.7]
        later += [ends[-1] - line.end] if ends else []
    return float(np.median(later)) if later else 0.0


def processes() -> dict[str, int]:
    """The processes of the program by name."""
    names = {"recorder.process": "recorder", "ui.live": "follower", "ui.captioning": "captions",
             "streamlit": "page server"}
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command, environment = (entry / "cmdline").read_text(), (entry / "environ").read_text()
            except OSError:
                continue
            name = next((name for part, name in names.items() if part in command), None)
            if name and f"DOITHOAI_HOME={os.environ['DOITHOAI_HOME']}" in environment:
                found[name] = int(entry.name)
    return found


@contextmanager
def opened_page(meeting: int) -> Iterator[None]:
    from benchmarks.opened import opened
    with opened(Path(os.environ["DOITHOAI_HOME"])) as (page, address):
        page.goto(f"{address}/ghi-am?meeting={meeting}")
        yield


@contextmanager
def nothing() -> Iterator[None]:
    yield


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


if __name__ == "__main__":
    if not sys.platform.startswith("linux"):
        sys.exit("needs Linux with PulseAudio")
    main()
