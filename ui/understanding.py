"""The words of a recording that still grows, as they will stand, and what they mean so far.

Blocks are recognised as they become whole: the same that would be recognised afterwards, so that
little is left to do at the end. What is understood of them meanwhile is only shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from sqlite_utils import Database

from models import live as passing
from models import store, transcripts
from models.live import LiveDraft, LiveLine, LiveQuestion
from models.records import Analysis, Meeting, Utterance
from recorder import sound
from summarize.masking import is_withheld, withheld_lines
from summarize.questions import understand
from summarize.shares import speaking_times
from transcribe.blocks import Block, next_block
from transcribe.utterances import utterances
from ui import work
from ui.work import Ears

LOOK_EVERY = 0.5
SHARE_OF_TIME = 0.2
"""Share of its time that may go into understanding what was heard so far, again and again."""

log = logging.getLogger("doithoai.live")


def recognise_while_it_grows(db: Database, live: Path, key: str, meeting_id: int, ears: Ears, ended: Event) -> None:
    """Stores the blocks of a live recording under `key`, and drafts of what they mean, until it has ended."""
    meeting = store.meeting(db, meeting_id)
    work.attuned_if_installed()  # it takes seconds, better now than when the first words wait for it
    done = [Block.from_json(content) for content in transcripts.blocks(db, key, ears.generator)]
    began, took = time.monotonic(), 0.0
    while True:
        is_last = ended.is_set()
        block = _next(live, done[-1].end if done else 0.0, ears, growing=not is_last)
        if block:
            transcripts.save_block(db, key, ears.generator, block.start, block.end, block.to_json())
            done.append(block)
            log.info("heard %.1f-%.1f s", block.start, block.end)
        elif is_last:
            return
        else:
            ended.wait(LOOK_EVERY)
        if block and not ended.is_set() and time.monotonic() - began > took / SHARE_OF_TIME:
            began = time.monotonic()
            passing.save_draft(db, key, understood_so_far(done, meeting))
            took = time.monotonic() - began
            log.info("understood %.1f s in %.1f s", block.end, took)


def understood_so_far(done: Sequence[Block], meeting: Meeting) -> LiveDraft:
    said = utterances(done, meeting)
    return live_draft(done[-1].end, said, understand(said, meeting, work.attuned_if_installed()))


def live_draft(position: float, said: Sequence[Utterance], analysis: Analysis) -> LiveDraft:
    """What people are shown of an analysis while the meeting goes on."""
    secret = withheld_lines(said, analysis)
    lines = tuple(LiveLine(u.start, u.end, u.speaker, u.text, i in secret) for i, u in enumerate(said))
    questions = tuple(LiveQuestion(q.number, said[q.spans[0].utterance].start, q.summary or q.text, q.topic, q.status,
                                   q.asker, is_withheld(q)) for q in analysis.questions)
    times = {place.value: seconds for place, seconds in speaking_times(said, analysis.places).items()}
    return LiveDraft(position, lines, questions, times)


def _next(live: Path, start: float, ears: Ears, growing: bool) -> Block | None:
    if not sound.copied(live):
        return None
    return next_block(live / sound.SOUND, start, ears.recogniser, ears.voices, growing)
