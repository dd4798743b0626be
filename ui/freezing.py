"""What the secretary signs: every paper of a meeting made once, with what it was made from; and what the approval
leaves on paper.

As in `ui.work`, the rooms meet the store here; what happens to the signed papers is in `models.approval`.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils import Database

from models import approval, history, store
from models.approval import Made, Standing
from models.errors import NoPdf, NothingToWrite
from models.records import Analysis, Meeting, MeetingState, Utterance
from models.rights import Account
from models.snapshot import snapshot
from summarize.masking import told, told_lines, veil
from summarize.minutes import withheld_count
from ui import approval_slip, papers, pdf, work
from ui.paper_names import FOLLOW_UP, PAPERS, TEMPLATE, TEMPLATES

log = logging.getLogger("doithoai.freezing")


def sign_off(db: Database, folder: Path, seen: Standing, account: Account) -> None:
    """The secretary signs: the papers are made and kept, without the word «dự thảo», for the chair to approve.

    Raises NotApprovable, BadTemplate, and what `work.understood` raises; nothing is signed then.
    """
    approval.may_sign(db, seen, account)
    transcript, analysis = work.understood(db, seen.meeting)
    meeting = replace(store.meeting(db, seen.meeting), state=MeetingState.APPROVED)
    place = folder / "meetings" / str(seen.meeting) / "papers"
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place, prefix=".signing-", ignore_cleanup_errors=True) as scratch:
        made = _written(db, folder, meeting, transcript.utterances, analysis, Path(scratch))
        replaced = approval.replaced_by(db, seen.meeting)
        public = json.dumps(public_record(meeting, transcript.utterances, analysis, replaced[2] if replaced else ""),
                            ensure_ascii=False)
        approval.sign_off(db, folder, seen, account, Made(snapshot(db, seen.meeting), public, made))


def approve(db: Database, folder: Path, seen: Standing, account: Account, instead_of: str = "") -> None:
    """The chair approves what was signed, or somebody for the chair; a slip to print says who did what.

    Raises NotApprovable.
    """
    instead_of = " ".join(instead_of.split())
    approval.may_approve(db, seen, account, instead_of)
    place = folder / "meetings" / str(seen.meeting) / "papers"
    with TemporaryDirectory(dir=place, prefix=".approving-", ignore_cleanup_errors=True) as scratch:
        slip = Path(scratch) / approval_slip.FILE
        approval_slip.write(store.meeting(db, seen.meeting), seen, account.name, instead_of,
                            [paper for paper in store.documents(db, seen.meeting) if paper.version == seen.version],
                            history.end(db), slip)
        approval.approve(db, folder, seen, account, instead_of, slip)


def public_record(meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
                  reason: str = "") -> dict[str, Any]:
    """What everybody may read of a meeting, masked: its questions, its lines, how much was withheld in one line, and
    why it was corrected."""
    officials = {person.name for person in meeting.officials}
    return {
        "title": meeting.title, "date": meeting.date, "place": meeting.place,
        "topics": {topic.id: topic.name for topic in meeting.topics},
        "withheld": withheld_count(analysis.questions),
        "reason": veil(analysis.questions, utterances, published=True)(reason),
        "questions": [{"number": q.number, "asker": q.asker, "address": q.address, "topic": q.topic,
                       "status": q.status.value, "text": q.text, "summary": q.summary, "answer": q.answer.text,
                       "answer_summary": q.answer.summary, "answered_by": q.answer.answered_by,
                       "agency": q.answer.agency, "deadline": q.answer.deadline}
                      for q in told(analysis.questions, utterances, published=True)],
        "lines": [{"start": line.start, "end": line.end, "speaker": line.speaker if line.speaker in officials else "",
                   "text": line.text}
                  for line in told_lines(utterances, analysis, published=True)],
    }


def _written(db: Database, folder: Path, meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
             into: Path) -> dict[str, tuple[str, Path]]:
    """All papers of the meeting as files, PDF too where LibreOffice prints them; by name, with their kind. With them
    the clerk's own templates, as they were when the papers were made."""
    made: dict[str, tuple[str, Path]] = {}
    templates: dict[str, tuple[str, Path]] = {}
    for key, paper in PAPERS.items():
        for ending in paper.formats if key != FOLLOW_UP else ():
            path = into / f"{paper.file}.{ending}"
            if ending != "pdf":
                try:
                    papers.write(db, folder, meeting, utterances, analysis, key, path, today=date.today())
                except NothingToWrite:
                    break
                made[path.name] = (key, path)
    for path in (folder / TEMPLATES).glob("*.docx"):
        own = into / f"mau-{path.name}"
        shutil.copyfile(path, own)
        templates[own.name] = (TEMPLATE, own)
    words = {Path(name).stem: kind for name, (kind, path) in made.items() if path.suffix == ".docx"}
    try:
        for path in pdf.convert_all([into / f"{stem}.docx" for stem in words], into):
            made[path.name] = (words[path.stem], path)
    except NoPdf as error:
        log.info("no PDF of the signed papers: %s", error)
    return made | templates
