"""The process that writes down what is being said, word by word, while a meeting is recorded.

It is apart from the one that recognises for the record (`ui.live`): words must be readable while they
are spoken, whatever else the program thinks about. It ends with the recording.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from filelock import Timeout
from sqlite_utils import Database

from models import live as passing
from models import store
from models.folders import home
from models.live import CaptionLine
from recorder import process, sound
from recorder.status import State
from transcribe.captions import Captioner, Line, StreamingEngine
from transcribe.engine import open_engine
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.wording.glossary import Glossary
from ui import processes, recording

LISTEN_EVERY = 0.05
LOOK_EVERY = 2.0
"""Seconds between looks at whether the recording goes on."""
AT_ONCE = 1.0
"""Seconds of sound that are taken in one go."""
LATE, A_LITTLE_LATE = 10.0, 2.0
"""Seconds by which captions may be late for a moment, and for longer than that. Then they go on with what is being said
now; the record leaves nothing out."""
PATIENCE = 4.0
"""Seconds in which a machine that is quick enough catches up."""

log = logging.getLogger("doithoai.captions")


def caption(folder: Path, meeting_id: int) -> None:
    """Writes captions of the meeting's recording until it has ended; nothing if another process does."""
    try:
        with processes.only_one(processes.captions_lock(folder, meeting_id)), store.open_store(folder) as db:
            # What is passing need not outlive a power cut, nor wait for the disk.
            db.execute("PRAGMA synchronous = NORMAL")
            live = recording.open_folder(db, folder, meeting_id)
            names = Glossary.of_meeting(store.meeting(db, meeting_id)).as_written
            engine = open_engine(threads=1, hot_words=names)
            if live is not None and isinstance(engine, StreamingEngine):  # others hear only whole stretches
                _listen(live, Captions(db, recording.key(folder, live), engine), lambda: _is_over(db, folder, live))
    except Timeout:
        log.info("another process writes captions of meeting %s", meeting_id)


def _listen(live: Path, captions: Captions, is_over: Callable[[], bool]) -> None:
    looked = in_time = time.monotonic()
    while True:
        behind, now = sound.copied(live) - captions.heard, time.monotonic()
        if behind <= A_LITTLE_LATE * SAMPLE_RATE:
            in_time = now
        if behind > LATE * SAMPLE_RATE or now - in_time > PATIENCE:
            log.warning("captions leave out %.1f s", behind / SAMPLE_RATE)
            captions.leave_out(behind)
            in_time = now
        elif behind > 0:
            captions.hear(_as_samples(live, captions.heard, min(behind, round(AT_ONCE * SAMPLE_RATE))))
        else:
            time.sleep(LISTEN_EVERY)
        if time.monotonic() - looked > LOOK_EVERY:
            looked = time.monotonic()
            if is_over():
                return captions.end()


def _is_over(db: Database, folder: Path, live: Path) -> bool:
    """Whether the recording was stopped, or kept after its recorder had died."""
    said = process.status(live)
    return said is None or said.state is State.STOPPED or recording.stored(db, folder, live) is not None


class Captions:
    """The captions of one recording on their way into the store; `heard` counts samples."""

    def __init__(self, db: Database, key: str, engine: StreamingEngine) -> None:
        self._db, self._key, self._engine = db, key, engine
        self._number = passing.next_number(db, key)
        self._go_on_at(round(passing.captioned_until(db, key) * SAMPLE_RATE))

    def leave_out(self, samples: int) -> None:
        """Goes on after the next samples, and leaves a line without words in their place."""
        self.end()
        start = self.heard
        self._go_on_at(start + samples)
        passing.save_captions(self._db, self._key, [
            CaptionLine(self._number, start / SAMPLE_RATE, self.heard / SAMPLE_RATE)])
        self._number += 1

    def hear(self, samples: Samples) -> None:
        self.heard += len(samples)
        self._keep(self._captioner.hear(samples))

    def end(self) -> None:
        self._keep(self._captioner.end())

    def _go_on_at(self, heard: int) -> None:
        self.heard = heard
        self._captioner = Captioner(self._engine, heard / SAMPLE_RATE)

    def _keep(self, lines: list[Line]) -> None:
        numbered = []
        for line in lines:
            numbered.append(CaptionLine(self._number, line.start, line.end, line.words, line.pending))
            self._number += line.ended
        passing.save_captions(self._db, self._key, numbered)


def _as_samples(live: Path, first: int, count: int) -> Samples:
    return sound.read_sound(live, first, count).astype(np.float32) / np.float32(32768)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write captions of a meeting that is being recorded.")
    parser.add_argument("meeting", type=int)
    processes.log_to(home())
    meeting = parser.parse_args().meeting
    try:
        caption(home(), meeting)
    except Exception:  # nobody reads what it prints
        log.exception("captions of meeting %s", meeting)


if __name__ == "__main__":
    main()
