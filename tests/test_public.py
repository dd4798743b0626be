"""Every dialogue whose private data is known: none of it in anything that leaves the house, in any part of a file."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import approval, history, review, store, transcripts
from models.formats import WRITERS
from models.records import Analysis, Meeting, MeetingState, Place, Question, Span, Status, Utterance
from models.rights import Account, Role
from summarize.filling import fill
from summarize.formats import questions_json
from summarize.masking import MASK, told_analysis, told_lines
from summarize.papers import Dossier, public_fields, summary_sheet
from summarize.sheets import write_sheet
from tests import standing
from tests.dialogues import Dialogue, in_each
from ui import freezing, papers, pdf

ASIDE = ("denouncer_address", "denounced_position")
"""Words that others say of themselves too: they must go where a denunciation stands, which holds nothing else."""
TIP = "Tôi là Trần Văn Kín, tố cáo ông Hồ Tham nhận tiền."


@in_each
def test_nothing_private_of_a_dialogue_is_in_a_public_file(dialogue: Dialogue, tmp_path: Path) -> None:
    said, meeting, analysis, form = dialogue.said, dialogue.meeting, dialogue.analysis, dialogue.form
    gold = [item for item in dialogue.gold["personal_data"] if item["kind"] not in ASIDE]
    held = Dossier(meeting, said, analysis, (), date(2026, 7, 1))
    lines = told_lines(said, analysis)
    files = {f"transcript.{kind}": write(lines) for kind, write in WRITERS.items()}
    files["questions.json"] = json.dumps(questions_json(told_analysis(said, analysis), meeting),
                                         ensure_ascii=False)
    files["public record"] = json.dumps(freezing.public_record(meeting, said, analysis), ensure_ascii=False)
    if form == "heard":
        files["fields"] = json.dumps([public_fields(held), summary_sheet(held).rows], ensure_ascii=False)
    else:
        fill("ban_cong_bo.docx", None, public_fields(held), tmp_path / "a.docx")
        write_sheet(summary_sheet(held), tmp_path / "a.xlsx")
    for path in tmp_path.iterdir():
        with zipfile.ZipFile(path) as parts:
            files |= {f"{path.name}/{name}": re.sub(r"<[^>]*>", "", parts.read(name).decode())
                      for name in parts.namelist() if name.endswith((".xml", ".rels"))}
    for name, text in files.items():
        plain = _plain(text)
        assert not [item for item in gold if f" {_plain(item[form])} " in f" {plain} "], name


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


SECRETARY = Account("tan", "Huỳnh Tân", frozenset({Role.SECRETARY}))
CHAIR = Account("han", "Lê Thị Hân", frozenset({Role.OFFICIAL}))


def test_the_reason_of_a_correction_is_masked_where_it_leaves_the_house(
        db: Database, home: Path, meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "office", lambda: None)
    held = store.add_meeting(db, meeting).id or 0
    said = [Utterance(0, 3, "S1", "Xin mời bà con."), Utterance(4, 9, "S2", "Chừng nào sửa cầu?"),
            Utterance(10, 15, "S3", TIP)]
    transcript = transcripts.save_transcript(db, held, None, "test", said)
    transcripts.save_analysis(db, transcript, Analysis((
        Question(1, (Span(1, 0, 18),), said[1].text, "Hỏi sửa cầu.", "T1", 0.9, Status.UNANSWERED, asker="Võ Thị Nở"),
        Question(2, (Span(2, 0, len(TIP)),), TIP, TIP, None, 0.1, Status.UNANSWERED, asker="Trần Văn Kín",
                 flags=("denunciation",))), (Place.OPENING, Place.QUESTION, Place.QUESTION), "test"))
    store.set_state(db, held, MeetingState.TRANSCRIBED)
    _sign(db, home, held)
    approval.approve(db, home, approval.standing(db, held), CHAIR)
    reason = "Ông Trần Văn Kín xin bỏ số máy 0912 345 678."
    approval.open_correction(db, approval.standing(db, held), SECRETARY, reason)
    analysis = standing.analysis(db, held)
    for paper, shown in (("public", f"Ông {MASK} xin bỏ số máy {MASK}"),
                         ("minutes", f"Ông {MASK} xin bỏ số máy 0912 345 678")):
        papers.write(db, home, replace(store.meeting(db, held)), transcript.utterances, analysis, paper,
                     tmp_path / "a.docx")
        with zipfile.ZipFile(tmp_path / "a.docx") as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
        assert shown in text and "Kín" not in text, paper


def _sign(db: Database, home: Path, held: int) -> None:
    for question in standing.analysis(db, held).questions:
        review.mark_reviewed(db, held, SECRETARY.name, question.id or 0, True, history.last_id(db))
    freezing.sign_off(db, home, approval.standing(db, held), SECRETARY)
