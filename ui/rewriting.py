"""The summaries of a meeting rewritten by a language model on this machine, when one is switched on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from models import store, transcripts
from models.errors import NoLanguageModel, NotReplaceable
from models.frozen import refuse_if_frozen
from models.keeping import save_anew
from models.local_model import read_local_model
from models.records import Analysis, MeetingState
from summarize.asking import ask
from summarize.rewriting import in_own_words, outcomes, rewritten
from ui import work
from ui.work import Progress

REWRITING = "Đang viết lại tóm tắt"


@dataclass(frozen=True)
class Outcome:
    """How many sentences the model rewrote, and how many stayed because its words were not true to the source."""

    model: str
    rewritten: int
    refused: int


def rewrite(db: Database, folder: Path, meeting_id: int, progress: Progress) -> Outcome:
    """Rewrites what machines wrote; sentences that people wrote stay on top of it.

    Raises NoLanguageModel, BadSetting, NotFound, and before the model is asked NotReplaceable and FrozenMinutes;
    nothing is changed then.
    """
    model = read_local_model(folder)
    if model is None:
        raise NoLanguageModel("off")
    if store.meeting(db, meeting_id).state in (MeetingState.APPROVED, MeetingState.PUBLISHED):
        raise NotReplaceable("approved_summaries")
    refuse_if_frozen(db, meeting_id)
    transcript, analysis = work.understood(db, meeting_id)
    machine = Analysis(transcripts.as_understood(db, transcripts.last_analysis(db, transcript.id) or 0,
                                                 added=False), analysis.places, analysis.generator)
    found = rewritten(in_own_words(machine), lambda instructions, text: ask(model, instructions, text), model.model,
                      lambda share: progress(share, REWRITING))
    save_anew(db, transcript, found)
    return Outcome(model.model, *outcomes(found))
