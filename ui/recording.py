"""A live recording of a meeting: started, watched, stopped, and handed on to be transcribed.

Each recording of a meeting lies in a folder of its own below the meeting's; one that was stopped
and stored is never recorded into again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from models import jobs, store
from models.records import MeetingState, Recording
from recorder import parts, process
from recorder.errors import NotRecording
from recorder.rescue import finished
from recorder.status import Status
from ui import worker

NAME = "Ghi trực tiếp {number}"


def begin(db: Database, folder: Path, meeting_id: int, device: str | None = None) -> Path:
    """Starts the recorder of a meeting, or goes on with the recording that broke off; returns its folder.

    Raises NotFound, AlreadyRecording and what `recorder.process.start` raises.
    """
    store.meeting(db, meeting_id)
    live = _open_folder(db, folder, meeting_id) or _new_folder(folder, meeting_id)
    process.start(live, device)
    store.set_state(db, meeting_id, MeetingState.RECORDING)
    return live


def running(db: Database, folder: Path) -> list[tuple[int, Status]]:
    """The meetings that are being recorded now, or whose recorder is gone without a stop."""
    found = []
    for meeting in store.meetings(db):
        live = _open_folder(db, folder, meeting.id or 0)
        said = process.status(live) if live else None
        if said:
            found.append((meeting.id or 0, said))
    return found


def end(db: Database, folder: Path, meeting_id: int) -> Recording:
    """Stops the recorder if it still runs, stores the recording and asks for its transcript.

    Raises NotRecording when the meeting has no open recording.
    """
    live = _open_folder(db, folder, meeting_id)
    if live is None:
        raise NotRecording(_recordings(folder, meeting_id))
    if process.is_held(live):
        process.stop(live)
    name = NAME.format(number=int(live.name.removeprefix(PREFIX)))
    recording = store.add_recording(db, replace(finished(live, folder, name), meeting=meeting_id))
    jobs.add_job(db, "process", meeting_id, recording.id)
    worker.ensure_running(folder)
    return recording


PREFIX = "live-"


def _recordings(folder: Path, meeting_id: int) -> Path:
    return folder / "meetings" / str(meeting_id) / "recordings"


def _open_folder(db: Database, folder: Path, meeting_id: int) -> Path | None:
    """The live recording that is not stored yet, whether its recorder runs or died."""
    stored = {recording.original for recording in store.recordings(db, meeting_id)}
    for live in sorted(_recordings(folder, meeting_id).glob(f"{PREFIX}*"), reverse=True):
        begun = process.is_held(live) or parts.seconds(live) > 0  # a start that failed left nothing
        if begun and live.relative_to(folder).as_posix() not in stored:
            return live
    return None


def _new_folder(folder: Path, meeting_id: int) -> Path:
    taken = [int(path.name.removeprefix(PREFIX)) for path in _recordings(folder, meeting_id).glob(f"{PREFIX}*")]
    return _recordings(folder, meeting_id) / f"{PREFIX}{max(taken, default=0) + 1:02}"
