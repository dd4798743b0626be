"""The final pass: a meeting's stored sound heard anew, with the best there is, for a person to take or leave."""

from __future__ import annotations

import os
from pathlib import Path

from sqlite_utils import Database

from models import proposals, store, transcripts
from models.errors import BadSound, NotFound
from models.frozen import refuse_if_frozen
from models.jobs import Job
from models.records import Meeting
from models.transcripts import Transcript
from transcribe.crew import processes
from transcribe.wording.glossary import Glossary
from ui import work
from ui.work import Engine, Progress

MOST_PROCESSES = 4
"""Each holds the networks, about 0.5 GB: more would crowd a laptop."""


def best_engine(meeting: Meeting) -> Engine:
    """The engine to end with: VietASR, which now listens for the names of the meeting."""
    return Engine(hot_words=Glossary.of_meeting(meeting).as_written)


def default_workers() -> int:
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def final_pass(db: Database, folder: Path, meeting_id: int, progress: Progress, engine: Engine | None = None,
               workers: int | None = None) -> proposals.Proposal:
    """Hears the sound of the meeting's current transcript anew and keeps it as a proposal.

    Without `engine` the best one. Killed and started again, it goes on. Raises NotFound when nothing was
    transcribed from a recording, FrozenMinutes, and what `work.hear` raises.
    """
    refuse_if_frozen(db, meeting_id)
    transcript = transcripts.current_transcript(db, meeting_id)
    if transcript is None or transcript.recording is None:
        raise NotFound("sound", meeting_id)
    meeting, recording = store.meeting(db, meeting_id), store.recording(db, transcript.recording)
    with processes(workers or default_workers()) as crew:
        try:
            said, generator = work.hear(db, folder, folder / recording.sound, recording.sha256,
                                        engine or best_engine(meeting), progress, meeting, crew=crew)
        except BadSound as error:
            raise BadSound(Path(recording.name), error.reason) from error
    return proposals.propose(db, transcript, generator, said)


def take(db: Database, meeting_id: int) -> Transcript:
    """Takes what was proposed and finds the questions in it. Raises as `proposals.take`."""
    taken = proposals.take(db, meeting_id)
    work.find_questions(db, taken)
    return taken


def do_job(db: Database, folder: Path, job: Job, progress: Progress) -> str:
    """A final pass that was asked for on a page."""
    name = job.options.get("engine")
    engine = Engine(name, job.options.get("model")) if name and name != Engine().name else None
    final_pass(db, folder, job.meeting, progress, engine)
    return work.DONE
