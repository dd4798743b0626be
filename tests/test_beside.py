"""What is filled in before signing, and what is kept beside a version: scans, letters as issued, templates."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import resources
from pathlib import Path

import docx
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import approval, backup, beside, follow_up, particulars, store
from models.beside import Kind
from models.clocks import read_clocks
from models.errors import BadParticulars, BadScan, FrozenMinutes
from models.particulars import Particulars
from models.records import Meeting, MeetingState, Person
from summarize.heads import filled_in, head
from tests.test_papers import _text, _word, kept
from tests.test_public import CHAIR, _sign
from ui import pdf
from ui.errors import explain
from ui.views import beside_view, particulars_view

__all__ = ["kept"]  # a fixture
PDF = b"%PDF-1.7 signed and sealed"
FILLED = Particulars("08:05", "11:20", 132, "5", "")


@pytest.fixture
def approved(db: Database, home: Path, kept: Meeting, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(pdf, "office", lambda: None)
    held = kept.id or 0
    store.set_state(db, held, MeetingState.TRANSCRIBED)
    _sign(db, home, held)
    approval.approve(db, home, approval.standing(db, held), CHAIR)
    return held


def test_what_was_filled_in_stands_in_the_papers(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    particulars.fill_in(db, kept.id or 0, FILLED, "Tân")
    text = _text(_word(db, home, kept, "minutes", tmp_path))
    assert "Thời gian bắt đầu: 08 giờ 05, ngày 22 tháng 5 năm 2026" in text
    assert "Hội nghị kết thúc vào 11 giờ 20, ngày 22 tháng 5 năm 2026./." in text
    assert "Số: 05/BB-UBND" in text and "- 132 người tham dự; " in text
    party = _text(_word(db, home, kept, "minutes-party", tmp_path))
    assert "Số 05-BB/ĐU" in party


def test_a_deputy_signs_for_the_chair(meeting: Meeting) -> None:
    two = replace(meeting, officials=(Person("Phan Văn Bình", "Chủ tịch UBND xã"),
                                      Person("Lê Văn Tám", "Phó Chủ tịch UBND xã")))
    assert head(two)["nguoi_ky"] == {"ten": "Phan Văn Bình", "chuc_danh": "CHỦ TỊCH"}
    chosen = filled_in(head(two), two, Particulars(signer="Lê Văn Tám"))["nguoi_ky"]
    assert chosen == {"ten": "Lê Văn Tám", "chuc_danh": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"}


@pytest.mark.parametrize(("filled", "says"), [
    (Particulars(number="05/BB"), "Số biên bản «05/BB» chưa đúng"),
    (Particulars(began="11:00", ended="08:00"), "Giờ kết thúc phải sau giờ bắt đầu")])
def test_what_is_filled_in_wrongly_is_told(db: Database, kept: Meeting, filled: Particulars, says: str) -> None:
    with pytest.raises(BadParticulars) as refused:
        particulars.fill_in(db, kept.id or 0, filled, "Tân")
    assert says in explain(refused.value)
    assert particulars.particulars(db, kept.id or 0) == Particulars()


def test_nothing_is_filled_in_after_the_signature(db: Database, approved: int) -> None:
    with pytest.raises(FrozenMinutes):
        particulars.fill_in(db, approved, FILLED, "Tân")


def test_a_scan_is_kept_byte_for_byte_and_missed_when_it_changes(db: Database, home: Path, approved: int) -> None:
    kept = beside.keep_scan(db, home, approved, "minutes", "biên bản đã ký.PDF", PDF, "Tân")
    assert (kept.version, kept.sha256) == (1, hashlib.sha256(PDF).hexdigest())
    assert (home / kept.path).read_bytes() == PDF and beside.beside(db, approved) == [kept]
    assert backup.check(home).problems == ()
    (home / kept.path).write_bytes(b"%PDF-1.7 another")
    assert [(p.kind, p.what) for p in backup.check(home).problems] == [("changed", kept.path)]


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"MZ program"), ("a.exe", PDF), ("a.jpg", PDF)])
def test_what_is_no_scan_is_refused(db: Database, home: Path, approved: int, name: str, content: bytes) -> None:
    with pytest.raises(BadScan, match="not_scan") as refused:
        beside.keep_scan(db, home, approved, "minutes", name, content, "Tân")
    assert name in explain(refused.value) and beside.beside(db, approved) == []


def test_before_the_approval_nothing_is_kept_beside(db: Database, home: Path, kept: Meeting) -> None:
    with pytest.raises(BadScan, match="unapproved"):
        beside.keep_scan(db, home, kept.id or 0, "minutes", "a.pdf", PDF, "Tân")


def test_the_clerks_own_template_is_kept_with_the_version(
        db: Database, home: Path, kept: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "office", lambda: None)
    (home / "templates").mkdir(parents=True)
    own = home / "templates" / "bien_ban.docx"
    own.write_bytes((resources.files("summarize.templates") / "bien_ban.docx").read_bytes())
    store.set_state(db, kept.id or 0, MeetingState.TRANSCRIBED)
    _sign(db, home, kept.id or 0)
    (template,) = [paper for paper in store.documents(db, kept.id or 0) if paper.kind == "template"]
    assert (template.version, Path(template.path).name) == (1, "mau-bien_ban.docx")
    assert template.sha256 == hashlib.sha256(own.read_bytes()).hexdigest()
    own.write_bytes(b"changed later")
    assert (home / template.path).read_bytes() != b"changed later" and not list(approval.changed_from_outside(db))


def test_the_page_fills_in_and_keeps(db: Database, home: Path, kept: Meeting) -> None:
    page = _page(kept)
    assert "Ủy ban nhân dân xã Tân Hòa" in " ".join(str(text.value) for text in page.markdown)
    page.text_input(key="particulars_number").set_value("7")
    page.number_input(key="particulars_present").set_value(90)
    _press(page, particulars_view.SAVE)
    assert particulars.particulars(db, kept.id or 0) == Particulars(number="7", present=90)


def test_a_letter_goes_out_only_with_its_answer_and_is_kept(db: Database, home: Path, approved: int) -> None:
    page = _page(store.meeting(db, approved))
    page.selectbox(key="beside_question").set_value(2)
    _press(page, beside_view.ISSUE)
    assert beside.beside(db, approved) == []
    assert beside_view.NO_ANSWER.format(number=2) in [str(warning.value) for warning in page.warning]
    (promise,) = [p for p in follow_up.promises(db, read_clocks(home), approved) if p.question.number == 2]
    follow_up.record(db, promise, "Tân", answer="Cống đã thông ngày 30/6.", document="12/UBND")
    _press(page, beside_view.ISSUE)
    (letter,) = beside.beside(db, approved)
    assert (letter.kind, letter.question, letter.version) == (Kind.LETTER, 2, 1)
    text = _text(docx.Document(str(home / letter.path)))
    assert "Cống đã thông ngày 30/6." in text and "DỰ THẢO" not in text


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def _page(meeting: Meeting) -> AppTest:
    def draw(number: int) -> None:
        from models import store
        from models.transcripts import current_analysis, current_transcript
        from ui.views.papers_view import papers_view
        with store.open_store() as db:
            transcript = current_transcript(db, number)
            assert transcript
            analysis = current_analysis(db, transcript)
            meeting = store.meeting(db, number)
        assert analysis
        papers_view(meeting, transcript, analysis)

    page = AppTest.from_function(draw, kwargs={"number": meeting.id or 0}, default_timeout=60).run()
    assert not page.exception
    return page
