"""Which papers there are, what each is called, and how one is written into a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils import Database

from models import approval, follow_up, lookup, store, transcripts
from models.clocks import read_clocks
from models.errors import BadTemplate, NothingToWrite, WrongFormat
from models.files import replaced
from models.follow_up import Promise
from models.formats import WRITERS, as_jsonl
from models.particulars import particulars
from models.records import Analysis, Meeting, Utterance
from summarize import papers
from summarize.filling import fill
from summarize.formats import questions_json
from summarize.heads import correction, filled_in
from summarize.masking import Veil, covered, is_withheld, masked, secrets, told_analysis, told_lines, veil
from summarize.minutes import minutes_fields
from summarize.papers import Dossier
from summarize.sheets import Sheet, write_sheet
from ui import pdf, recording
from ui.paper_names import IN_THE_HOUSE, PAPERS, TEMPLATES

Fields = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """How a paper is made: its template, its fields, its table for Excel, and which list must not be empty."""

    template: str
    fields: Callable[[Dossier], Fields]
    sheet: Callable[[Dossier], Sheet] | None = None
    needs: str = ""


def _minutes(dossier: Dossier) -> Fields:
    return minutes_fields(dossier.meeting, dossier.utterances, dossier.analysis, dossier.course)


def _follow_up(dossier: Dossier) -> Fields:
    return papers.follow_up_fields(dossier.promises, dossier.meeting, dossier.today)


FORMS = {
    "minutes": Form("bien_ban.docx", _minutes),
    "minutes-party": Form("bien_ban_dang.docx", _minutes),
    "summary": Form("bang_tong_hop.docx", papers.summary_fields, papers.summary_sheet),
    "conclusion": Form("thong_bao_ket_luan.docx", papers.conclusion_fields),
    "replies": Form("cong_van_tra_loi.docx", papers.reply_fields, needs="thu_tra_loi"),
    "petition": Form("cong_van_kien_nghi.docx", papers.petition_fields, needs="kien_nghi"),
    "public": Form("ban_cong_bo.docx", papers.public_fields),
    "follow-up": Form("theo_doi.docx", _follow_up, lambda d: papers.follow_up_sheet(d.promises, d.today)),
}


def write(db: Database, folder: Path, meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
          paper: str, to: Path, question: int | None = None, today: date | None = None) -> None:
    """One paper of a meeting into a file; the file's ending says in which format.

    `question` asks for the letter to one asker only. Raises WrongFormat, NothingToWrite, NoPdf, BadTemplate.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    if paper == "transcript":
        write_text(to, WRITERS.get(to.suffix.lstrip("."), as_jsonl)(told_lines(utterances, analysis)))
    elif paper == "questions":
        withheld = {"withheld": sum(map(is_withheld, analysis.questions))}
        told = questions_json(told_analysis(utterances, analysis), meeting)
        write_text(to, as_document(told | withheld))
    else:
        meeting = replace(meeting, correction=_correction(db, meeting, utterances, analysis, paper))
        _write(dossier(db, folder, meeting, utterances, analysis, today or date.today()), folder, paper, to, question)


def _correction(db: Database, meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
                paper: str) -> str:
    """What the papers of a second or later version say of the one they replace; the reason is masked like all else."""
    replaced = approval.replaced_by(db, meeting.id) if meeting.id is not None else None
    if replaced is None:
        return ""
    number, day, reason = replaced
    told = (covered(reason, secrets(analysis.questions, utterances)) if paper in IN_THE_HOUSE
            else veil(analysis.questions, utterances, published=True)(reason))
    return correction(number, day, told)


def dossier(db: Database, folder: Path, meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
            today: date) -> Dossier:
    clocks = read_clocks(folder)
    promised = follow_up.urgent_first(follow_up.promises(db, clocks, meeting.id), today, clocks.remind_before)
    course = recording.course_of_meeting(db, folder, meeting.id or 0)
    filled = particulars(db, meeting.id or 0)
    return Dossier(meeting, utterances, analysis, _masked(db, promised), today, course, filled)


def write_follow_up(db: Database, folder: Path, promises: Sequence[Promise], to: Path, today: date) -> None:
    """The list over several meetings, in the order given."""
    promises = _masked(db, promises)
    if to.suffix == ".xlsx":
        write_sheet(papers.follow_up_sheet(promises, today), to)
    else:
        latest = promises[0].meeting if promises else next(iter(store.meetings(db)), Meeting("", today.isoformat(), ""))
        name = FORMS["follow-up"].template
        fill(name, own_template(folder, name), papers.follow_up_fields(promises, latest, today), to)


def _masked(db: Database, promises: Sequence[Promise]) -> list[Promise]:
    """The promises as they may be told of; those to be withheld are left for the papers to count."""
    meetings = {promise.meeting.id or 0 for promise in promises}
    known = {meeting: (lookup.questions_of(db, meeting) or (), _said(db, meeting)) for meeting in meetings}
    veils = {meeting: veil(questions, said) for meeting, (questions, said) in known.items()}
    return [promise if is_withheld(promise.question) else _under(promise, veils[promise.meeting.id or 0],
                                                                 known[promise.meeting.id or 0][1])
            for promise in promises]


def _under(promise: Promise, over: Veil, said: Sequence[Utterance]) -> Promise:
    return replace(promise, question=masked(promise.question, said, over), agency=over(promise.agency),
                   answer=over(promise.answer), document=over(promise.document))


def _said(db: Database, meeting: int) -> Sequence[Utterance]:
    transcript = transcripts.current_transcript(db, meeting)
    return transcript.utterances if transcript else ()


def wrong_templates(db: Database, folder: Path, meeting: Meeting, utterances: Sequence[Utterance],
                    analysis: Analysis) -> list[BadTemplate]:
    """What is wrong with the clerk's own templates, found by filling each: a download cannot say it any more."""
    found = []
    with TemporaryDirectory() as scratch:
        for paper, form in FORMS.items():
            if own_template(folder, form.template):
                try:
                    write(db, folder, meeting, utterances, analysis, paper, Path(scratch) / f"{paper}.docx")
                except NothingToWrite:
                    continue
                except BadTemplate as error:
                    found.append(error)
    return found


def own_template(folder: Path, name: str) -> Path | None:
    """The clerk's own version of a template, if there is one in the data folder."""
    path = folder / TEMPLATES / name
    return path if path.is_file() else None


def _write(held: Dossier, folder: Path, paper: str, to: Path, question: int | None) -> None:
    form, ending = FORMS[paper], to.suffix.lower()
    if ending.lstrip(".") not in PAPERS[paper].formats:
        raise WrongFormat(ending, tuple(f".{name}" for name in PAPERS[paper].formats))
    if ending == ".xlsx" and form.sheet:
        write_sheet(form.sheet(held), to)
        return
    fields = papers.reply_fields(held, question) if paper == "replies" else form.fields(held)
    fields = filled_in(fields, held.meeting, held.filled)
    if form.needs and not fields[form.needs]:
        raise NothingToWrite(PAPERS[paper].name)
    own = own_template(folder, form.template)
    if ending == ".docx":
        fill(form.template, own, fields, to)
        return
    with TemporaryDirectory() as scratch:
        word = Path(scratch) / "paper.docx"
        fill(form.template, own, fields, word)
        pdf.convert(word, to)


def write_text(path: Path, text: str) -> None:
    """What was there stays until the new text is whole."""
    with replaced(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def as_document(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
