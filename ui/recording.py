"""A live recording of a meeting: started, watched, commanded, stopped, and handed on to be written down.

Each recording of a meeting lies in a folder of its own below the meeting's; one that was stopped
and stored is never recorded into again. A process of its own (`ui.live`) follows it.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from models import jobs, store
from models.errors import Busy, DoiThoaiError, NotFound
from models.frozen import refuse_if_frozen
from models.locks import alone
from models.lookup import recording_of
from models.records import Course, MeetingState, Recording
from recorder import parts, process
from recorder.devices import Device
from recorder.errors import NotRecording
from recorder.rescue import finished
from recorder.status import Status
from recorder.timeline import course
from ui import processes

NAME = "Ghi trực tiếp {number}"
PREFIX = "live-"
ENDING = 60.0
"""Seconds to wait while another process ends or begins the same recording."""

log = logging.getLogger("doithoai.recording")


def begin(db: Database, folder: Path, meeting_id: int, device: str | None = None) -> Path:
    """Starts the recorder of a meeting, or goes on with the recording that broke off; returns its folder.

    Raises NotFound, FrozenMinutes, AlreadyRecording and what `recorder.process.start` raises.
    """
    store.meeting(db, meeting_id)
    refuse_if_frozen(db, meeting_id)
    with alone(folder, _turn(meeting_id), ENDING):
        live = open_folder(db, folder, meeting_id) or _new_folder(folder, meeting_id)
        process.start(live, device)
    processes.ensure_captioning(folder, meeting_id)
    store.set_state(db, meeting_id, MeetingState.RECORDING)
    _follow(db, folder, meeting_id)
    return live


def running(db: Database, folder: Path) -> list[tuple[int, Status]]:
    """The meetings that are being recorded now, or whose recorder is gone without a stop."""
    found = {meeting: process.status(live) for meeting, live in _open_folders(db, folder).items()}
    return [(meeting, said) for meeting, said in found.items() if said]


def end(db: Database, folder: Path, meeting_id: int) -> Recording:
    """Stops the recorder if it still runs, stores the recording and has its transcript made.

    Raises NotRecording when the meeting has no open recording.
    """
    with alone(folder, _turn(meeting_id), ENDING):
        live = open_folder(db, folder, meeting_id)
        if live is None:
            raise NotRecording(_recordings(folder, meeting_id))
        if process.is_held(live):
            process.stop(live)
        name = NAME.format(number=int(live.name.removeprefix(PREFIX)))
        recording = store.add_recording(db, replace(finished(live, folder, name), meeting=meeting_id))
    _follow(db, folder, meeting_id)
    return recording


def revive(db: Database, folder: Path, meeting_id: int, live: Path) -> None:
    """Starts a recorder again that died just now without being asked to end, as it was: pausing, or waiting for its
    device. Nothing happens to one that was ended. Raises what `begin` raises.
    """
    if process.died_just_now(live):
        with alone(folder, _turn(meeting_id)):
            if open_folder(db, folder, meeting_id) == live and process.interrupted(live):
                process.start(live, process.last_device(live), as_it_was=True)


def try_to_revive(db: Database, folder: Path, meeting_id: int, live: Path) -> None:
    """The same where nobody asked for it: trouble is told in the log."""
    log.error("the recorder of meeting %s is gone; starting it again", meeting_id)
    try:
        revive(db, folder, meeting_id, live)
    except Busy:
        log.info("somebody begins or ends the recording of meeting %s in this moment", meeting_id)
    except (DoiThoaiError, OSError):
        log.exception("cannot start the recorder of meeting %s", meeting_id)


def stored(db: Database, folder: Path, live: Path) -> Recording | None:
    """The record of a live recording that was ended, None while it is open."""
    for row in db.query("select id from recordings where original = ?", [key(folder, live)]):
        return store.recording(db, row["id"])
    return None


def latest(db: Database, meeting_id: int) -> Recording:
    """The live recording of the meeting that was ended last. Raises NotFound."""
    ended = [kept for kept in store.recordings(db, meeting_id) if Path(kept.original).name.startswith(PREFIX)]
    if not ended:
        raise NotFound("recordings", meeting_id)
    return ended[-1]


def course_of_meeting(db: Database, folder: Path, meeting_id: int) -> Course:
    """How the recording went that the meeting's current transcript was made from; empty for one made elsewhere."""
    made_from = recording_of(db, meeting_id)
    return course(folder / store.recording(db, made_from).original) if made_from else Course()


def key(folder: Path, live: Path) -> str:
    """The name under which a live recording is known in the store: its folder in the data folder."""
    return live.relative_to(folder).as_posix()


def open_folder(db: Database, folder: Path, meeting_id: int) -> Path | None:
    """The live recording that is not stored yet, whether its recorder runs or died."""
    return _open_folders(db, folder, str(meeting_id)).get(meeting_id)


def _open_folders(db: Database, folder: Path, meeting: str = "*") -> dict[int, Path]:
    """The latest open recording of a meeting, or of each of them, found by one look at the disk: every page asks each
    second."""
    ended = {row["original"] for row in db.query("select original from recordings")}
    meetings = {str(row["id"]) for row in db.query("select id from meetings")}
    return {int(live.parts[-3]): live for live in sorted(folder.glob(f"meetings/{meeting}/recordings/{PREFIX}*"))
            if live.parts[-3] in meetings and key(folder, live) not in ended and _has_sound(live)}


def _has_sound(live: Path) -> bool:
    """Whether there is or may be sound in the folder: a start that failed left none."""
    return process.is_held(live) or parts.seconds(live) > 0


def wants_follower(db: Database, meeting_id: int) -> bool:
    """Whether a process should follow the meeting's recording, running or not."""
    return jobs.live_job(db, meeting_id) is not None


def why_not_followed(db: Database, meeting_id: int) -> str:
    """Why nothing is written down of the running recording; empty when nothing is wrong."""
    job = jobs.latest_job(db, meeting_id)
    return job.message if job and (job.kind, job.state) == (jobs.LIVE, jobs.FAILED) else ""


@dataclass(frozen=True)
class Trial:
    """A few seconds from a microphone: a WAV file to listen to, and how loud it was (dBFS)."""

    sound: bytes
    peak: float
    clipping: bool


def microphones() -> list[Device]:
    """The microphones of now, the default first: asked in a process of its own, since PortAudio's list is frozen."""
    asked = subprocess.run([sys.executable, "-m", "recorder.devices"], capture_output=True, check=True, timeout=30)
    return [Device(**device) for device in json.loads(asked.stdout)]


def try_out(device: str | None, seconds: float = 5.0) -> Trial:
    """Records a few seconds that nobody keeps. Raises what `recorder.process.start` raises."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        live = Path(temporary)
        process.start(live, device)
        loudest, clipped, until = -96.0, False, time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.1)
            if said := process.status(live):
                loudest, clipped = max(loudest, said.peak), clipped or said.clipping
        ended = process.stop(live)
        return Trial(parts.clip(live, 0.0, ended.seconds), loudest, clipped)


def _follow(db: Database, folder: Path, meeting_id: int) -> None:
    """Has the recording followed, from here to the draft minutes."""
    if jobs.live_job(db, meeting_id) is None:
        jobs.add_job(db, jobs.LIVE, meeting_id)
    processes.ensure_following(folder, meeting_id)


def _turn(meeting_id: int) -> str:
    """What beginning, reviving and ending a meeting's recording hold, so that they take turns."""
    return f"recording of meeting {meeting_id}"


def _recordings(folder: Path, meeting_id: int) -> Path:
    return folder / "meetings" / str(meeting_id) / "recordings"


def _new_folder(folder: Path, meeting_id: int) -> Path:
    taken = [int(path.name.removeprefix(PREFIX)) for path in _recordings(folder, meeting_id).glob(f"{PREFIX}*")]
    return _recordings(folder, meeting_id) / f"{PREFIX}{max(taken, default=0) + 1:02}"
