"""The process that follows a live recording, from its first word to the draft minutes.

A thread recognises the growing sound for the record (`ui.understanding`). The main thread watches over
the recorder and the captions (`ui.captioning`) and starts again what dies. Killed at any time, the
process is started again by whoever looks at the recording, and goes on.
"""

from __future__ import annotations

import argparse
import logging
import threading
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout
from sqlite_utils import Database

from models import jobs, store
from models import live as passing
from models.errors import WeightsMissing
from models.folders import home
from models.jobs import Job
from models.records import Recording
from recorder import process
from recorder.status import State
from ui import processes, recording
from ui.errors import explain

if TYPE_CHECKING:
    from ui.work import Ears, Progress

# The rooms that hear and understand are imported inside: the recorder is watched over before they are loaded.

WATCH_EVERY = 0.25
REVIVE_EVERY = 2.0
TRY_AGAIN = 5.0

log = logging.getLogger("doithoai.live")


def follow(folder: Path, meeting_id: int) -> None:
    """Follows the meeting's recording until its draft minutes are made; nothing if another process does."""
    try:
        with processes.only_one(processes.live_lock(folder, meeting_id)), store.open_store(folder) as db:
            while job := jobs.live_job(db, meeting_id):
                _do(db, folder, job)
    except Timeout:
        log.info("another process follows meeting %s", meeting_id)


def _do(db: Database, folder: Path, job: Job) -> None:
    """Does the job and writes down how it ended; then what can be found by meaning follows."""
    jobs.report(db, job.id, jobs.RUNNING, 0.0)
    follower = Follower(folder, job.meeting)
    processes.carry_out(db, job, lambda progress: _write_down(db, folder, follower.follow(db), follower.ears, progress))
    from ui import work
    work.index_afterwards(db)


def _write_down(db: Database, folder: Path, kept: Recording, ears: Ears, progress: Progress) -> str:
    """From the stored recording to its draft minutes; in words how that ended."""
    from ui import work
    work.understand_recording(db, folder, kept, work.Engine(), progress, ears)
    log.info("understood the whole")
    progress(0.97, work.DRAFTING)
    assert kept.meeting is not None
    work.minutes(db, folder, kept.meeting)
    passing.forget(db, kept.original)
    return work.warning(kept) or work.DONE


class Follower:
    """Follows one meeting."""

    def __init__(self, folder: Path, meeting_id: int) -> None:
        self._folder, self._meeting = folder, meeting_id

    @cached_property
    def ears(self) -> Ears:
        """Loaded once, for all that is heard of the meeting. Raises WeightsMissing."""
        from ui import work
        return work.open_ears(work.Engine(), threads=1)

    def follow(self, db: Database) -> Recording:
        """Follows the open recording, if there is one, and returns the one that was ended last. Raises NotFound."""
        while live := recording.open_folder(db, self._folder, self._meeting):
            self._follow(db, live)
        return recording.latest(db, self._meeting)

    def _follow(self, db: Database, live: Path) -> None:
        """Until the recording is stored, or was stopped and is gone on with. It is watched over from the first moment,
        and also where nothing can be recognised."""
        ended = threading.Event()
        thread = threading.Thread(target=self._recognise, args=(live, ended), daemon=True)
        thread.start()
        self._watch(db, live, ended)
        log.info("the recording has ended")
        ended.set()
        thread.join()

    def _watch(self, db: Database, live: Path, ended: threading.Event) -> None:
        """Waits for the end of the recording; what dies before is started again."""
        revived = looked = -REVIVE_EVERY
        while recording.stored(db, self._folder, live) is None:
            said = process.status(live)
            if said and said.state is State.STOPPED:
                ended.set()  # what is left can be recognised while the recording is being stored
            elif said and said.state.is_live and ended.is_set():
                return
            elif (said and said.state in (State.INTERRUPTED, State.FAILED) and time.monotonic() - revived > REVIVE_EVERY
                  and process.died_just_now(live)):
                revived = time.monotonic()
                recording.try_to_revive(db, self._folder, self._meeting, live)
            elif said and time.monotonic() - looked > REVIVE_EVERY:
                looked = time.monotonic()
                processes.ensure_captioning(self._folder, self._meeting)
            time.sleep(WATCH_EVERY)

    def _recognise(self, live: Path, ended: threading.Event) -> None:
        """Trouble is told in the log, and it begins anew; what is missing at the end is made, or told, then."""
        from ui.understanding import recognise_while_it_grows
        while True:
            try:
                with store.open_store(self._folder) as db:
                    return recognise_while_it_grows(db, live, recording.key(self._folder, live), self._meeting,
                                                    self.ears, ended)
            except WeightsMissing as error:
                return self._tell_that_nothing_is_recognised(error)
            except Exception:
                log.exception("recognising")
                if ended.wait(TRY_AGAIN):
                    return

    def _tell_that_nothing_is_recognised(self, error: WeightsMissing) -> None:
        log.error("nothing is recognised: %s", error)
        with store.open_store(self._folder) as db:
            if job := jobs.live_job(db, self._meeting):
                jobs.report(db, job.id, jobs.FAILED, job.progress, explain(error))


def main() -> None:
    parser = argparse.ArgumentParser(description="Follow the live recording of a meeting.")
    parser.add_argument("meeting", type=int)
    processes.log_to(home())
    with suppress(KeyboardInterrupt):
        follow(home(), parser.parse_args().meeting)


if __name__ == "__main__":
    main()
