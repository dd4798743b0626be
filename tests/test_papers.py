"""Every paper in its official form: what stands where, what is masked, what a wrong template says."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from sqlite_utils import Database

from models import follow_up, store, transcripts
from models.clocks import read_clocks
from models.errors import BadTemplate, NoPdf, NothingToWrite, WrongFormat
from models.records import (
    Analysis,
    Answer,
    Meeting,
    MeetingState,
    Person,
    PersonalData,
    Place,
    Question,
    Span,
    Status,
    Utterance,
)
from summarize.heads import DRAFT
from summarize.masking import MASK, WITHHELD_LINE, mask
from tests import standing
from tests.word_files import with_plain_spaces, word_text
from ui import papers, pdf
from ui.cli import main
from ui.paper_names import NO_FONT, PAPERS

HOSTILE = "=HYPERLINK(\"http://x\",\"a\")"
BAD_NAME = "<img src=x onerror=alert(1)> & {{ ngay }}"
PHONE, ROOM = "0912 345 678", "Nhà cô Nở bị ngập, số máy 0912 345 678."
DENOUNCED = "Tôi là Trần Văn Kín tố cáo ông Hồ Tham nhận tiền."
SAID = (
    Utterance(0, 3, "S1", "Kính thưa bà con."), Utterance(4, 9, "S2", "Chừng nào sửa cầu?"),
    Utterance(9, 12, "S1", "Cầu thuộc thẩm quyền cấp trên."), Utterance(13, 15, "S3", ROOM),
    Utterance(16, 18, "S1", "Xã trả lời cô Nở bằng văn bản trong 10 ngày, gọi 0912 345 678."),
    Utterance(19, 20, "S4", DENOUNCED), Utterance(20, 21, "S5", "Ai giữ trường?"),
    Utterance(21, 22, "S1", "Xã sẽ trả lời bằng văn bản."), Utterance(22, 25, "S1", "Tôi kết luận: cảm ơn cô Nở."),
)
QUESTIONS = (
    Question(1, (Span(1, 0, 18),), SAID[1].text, "Hỏi sửa cầu.", "T1", 0.9, Status.ESCALATED,
             Answer((2,), SAID[2].text, "Lê Thị Hân", "", "quý IV"), HOSTILE, "ấp 3"),
    Question(2, (Span(3, 0, 39),), ROOM, ROOM, "T2", 0.9, Status.WRITTEN,
             Answer((4,), SAID[4].text, "Lê Thị Hân", "UBND xã", "trong 10 ngày"), "Võ Thị Nở", "ấp 5",
             (PersonalData(3, ROOM.index(PHONE), ROOM.index(PHONE) + len(PHONE), "phone"),), ("private",)),
    Question(3, (Span(5, 0, 49),), DENOUNCED, DENOUNCED, None, 0.1, Status.UNANSWERED, Answer(), "Trần Văn Kín", "",
             (), ("denunciation",)),
    Question(4, (Span(6, 0, 14),), SAID[6].text, "Hỏi ai giữ trường.", "T2", 0.9, Status.WRITTEN,
             Answer((7,), SAID[7].text, "Lê Thị Hân", "UBND xã", ""), BAD_NAME, ""),
)
PLACES = (Place.OPENING, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.QUESTION,
          Place.ANSWER, Place.CLOSING)
TODAY = date(2026, 7, 1)
WORD = [key for key, paper in PAPERS.items() if "docx" in paper.formats]
OUTWARD = ["summary", "conclusion", "petition", "public", "follow-up"]


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    chairman = Person("Phan Văn Bình", "Chủ tịch UBND xã", "official")
    held = store.add_meeting(db, replace(meeting, officials=(*meeting.officials, chairman)))
    _understand(db, held, QUESTIONS)
    return held


def _understand(db: Database, meeting: Meeting, questions: tuple[Question, ...]) -> None:
    said = transcripts.save_transcript(db, meeting.id or 0, None, "test", SAID)
    transcripts.save_analysis(db, said, Analysis(questions, PLACES, "test"))


def _write(db: Database, home: Path, meeting: Meeting, paper: str, to: Path, question: int | None = None) -> Path:
    held = store.meeting(db, meeting.id or 0)
    said = standing.transcript(db, meeting.id)
    analysis = standing.analysis(db, meeting.id)
    papers.write(db, home, held, said.utterances, analysis, paper, to, question, TODAY)
    return to


def _word(db: Database, home: Path, meeting: Meeting, paper: str, tmp_path: Path) -> Document:
    return docx.Document(str(_write(db, home, meeting, paper, tmp_path / f"{paper}.docx")))


def _text(paper: Document) -> str:
    return with_plain_spaces(word_text(paper))


def _size(paper: Document, words: str) -> tuple[float, bool, bool]:
    """Size in points, bold, italic of the run that holds these words."""
    inside = [p for table in paper.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    for paragraph in [*paper.paragraphs, *inside]:
        for run_ in paragraph.runs:
            if words in run_.text.replace("\N{NO-BREAK SPACE}", " "):
                size = run_.font.size or paper.styles["Normal"].font.size
                return size.pt, bool(run_.bold), bool(run_.italic)
    raise AssertionError(words)


@pytest.mark.parametrize("paper", WORD)
def test_page_and_type_are_the_official_ones(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _word(db, home, kept, paper, tmp_path)
    assert made.styles["Normal"].font.name == "Times New Roman"
    for section in made.sections:
        margins = [round(m.mm) for m in (section.top_margin, section.bottom_margin, section.left_margin,
                                         section.right_margin)]
        if paper in ("summary", "follow-up"):
            assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
            assert margins == [20, 15, 20, 15]
        else:
            assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
            assert margins == [20, 20, 30, 15]
        assert section.different_first_page_header_footer
        assert "PAGE" in made.sections[0].header.paragraphs[0]._p.xml
    assert not list(made.element.iter(qn("w:rFonts")))  # nothing departs from Times New Roman


@pytest.mark.parametrize("paper", [key for key in WORD if key not in ("minutes-party", "minutes")])
def test_a_state_paper_has_its_head_and_its_signature(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _word(db, home, kept, paper, tmp_path)
    assert _size(made, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == (12, True, False)
    assert _size(made, "Độc lập - Tự do - Hạnh phúc") == (13, True, False)
    assert _size(made, "ỦY BAN NHÂN DÂN XÃ TÂN HÒA") == (13, True, False)
    assert _size(made, "Tân Hòa, ngày … tháng … năm 2026") == (13, False, True)
    assert _size(made, "Số: …/") == (13, False, False)
    assert _size(made, "TM. ỦY BAN NHÂN DÂN") == (14, True, False)
    assert _size(made, "Phan Văn Bình") == (14, True, False)
    assert _size(made, "Nơi nhận:") == (12, True, True)
    assert _size(made, "- Lưu: VT") == (11, False, False)
    rules = [p for table in made.tables[:1] for cell in table.rows[0].cells for p in cell.paragraphs
             if "w:pBdr" in p._p.xml]
    assert len(rules) == 2


def test_the_party_form_of_the_minutes(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _word(db, home, kept, "minutes-party", tmp_path)
    text = _text(made)
    assert _size(made, "ĐẢNG CỘNG SẢN VIỆT NAM") == (15, True, False)
    assert _size(made, "ĐẢNG BỘ") == (14, False, False)
    assert _size(made, "ĐẢNG ỦY XÃ TÂN HÒA") == (14, True, False)
    assert _size(made, "Xã Tân Hòa, ngày") == (14, False, True)
    assert _size(made, "Số …-BB/ĐU") == (14, False, False)
    assert _size(made, "BIÊN BẢN") == (16, True, False)
    for part in ("NGƯỜI GHI BIÊN BẢN", "CHỦ TRÌ HỘI NGHỊ", "Huỳnh Tân", "Lê Thị Hân", "- Lưu Đảng ủy.", "-----", "*"):
        assert part in text
    for part in ("CỘNG HÒA", "Độc lập", "./.", "Lưu: VT", "Số:"):
        assert part not in text
    body = next(p for p in made.paragraphs if p.text.startswith("Địa điểm"))
    assert body.paragraph_format.line_spacing == Pt(18)
    assert body.paragraph_format.first_line_indent.mm == pytest.approx(10, abs=0.1)
    assert body.paragraph_format.space_before == Pt(6)
    assert body.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    for utterance in SAID:
        assert (utterance.text in text) is (utterance.text != DENOUNCED)


def test_body_text_follows_the_decree(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _word(db, home, kept, "conclusion", tmp_path)
    body = next(p for p in made.paragraphs if p.text.startswith("Ngày 22 tháng 5 năm 2026"))
    assert body.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert round(body.paragraph_format.first_line_indent.mm, 1) == 12.7
    assert body.paragraph_format.space_before >= Pt(6)
    assert _size(made, "THÔNG BÁO") == (14, True, False)
    assert _size(made, "I. Ý KIẾN KẾT LUẬN") == (14, True, False)
    assert [p.text[-3:] for p in made.paragraphs if "./." in p.text] == ["./."]


@pytest.mark.parametrize("paper", OUTWARD)
def test_nothing_private_and_nothing_of_a_denunciation_leaves_the_house(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    text = _text(_word(db, home, kept, paper, tmp_path))
    for secret in (PHONE, "Trần Văn Kín", "Hồ Tham", "nhận tiền"):
        assert secret not in text
    if paper != "petition":
        assert "Có 01 nội dung được giữ bí mật" in text
    if paper in ("summary", "follow-up"):
        assert "Võ Thị Nở" in text  # those who must answer need to know whom
        book = openpyxl.load_workbook(_write(db, home, kept, paper, tmp_path / "a.xlsx"))
        told = str([[cell.value for cell in row] for row in book.active.iter_rows()])
        assert PHONE not in told and "Kín" not in told and "Tham" not in told


def test_the_minutes_the_transcript_and_the_questions_only_count_a_denunciation(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    texts = {paper: _text(_word(db, home, kept, paper, tmp_path)) for paper in ("minutes", "minutes-party")}
    for name in ("transcript.txt", "transcript.srt", "transcript.jsonl", "questions.json"):
        texts[name] = _write(db, home, kept, name.split(".")[0], tmp_path / name).read_text(encoding="utf-8")
    for name, text in texts.items():
        for secret in ("Trần Văn Kín", "Hồ Tham", "nhận tiền", "tố cáo ông"):
            assert secret not in text, name
        assert SAID[1].text in text, name
        assert (PHONE in text) is name.startswith("minutes"), name  # the minutes alone stay in the house
        if "questions" not in name:
            assert text.count(WITHHELD_LINE) == 1, name
    assert all(texts[paper].count("Có 01 nội dung được giữ bí mật") == 1 for paper in ("minutes", "minutes-party"))


def test_the_public_version_drops_the_name_of_one_who_spoke_of_private_things(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    text = _text(_word(db, home, kept, "public", tmp_path))
    assert "Nở" not in text
    assert "Một người dân, ấp 5" in text
    assert f"“Nhà {MASK} bị ngập, số máy {MASK}.”" in text
    assert f"Xã trả lời {MASK} bằng văn bản trong 10 ngày, gọi {MASK}." in text


def test_a_denouncer_is_named_in_no_other_question_either(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    other = replace(QUESTIONS[3], text="Tôi đồng ý với anh Kín, ông Trần Văn Kín nói đúng, chỗ kín quá.")
    _understand(db, kept, (QUESTIONS[2], other))
    for paper in ("summary", "public"):
        text = _text(_word(db, home, kept, paper, tmp_path))
        assert f"Tôi đồng ý với {MASK}, {MASK} nói đúng, chỗ kín quá." in text.replace(f"ông {MASK}", MASK)


def test_masks_join_and_leave_the_rest_alone() -> None:
    assert mask("Gọi 0912 345 678 nhé", {"345"}) == f"Gọi {MASK} nhé"
    assert mask("Ông Nam Nam Bộ", {"Nam"}) == f"Ông {MASK} {MASK} Bộ"
    assert mask("Nam Namm", {"Nam"}) == f"{MASK} Namm"
    assert mask("Sửa cầu năm 2026", ()) == "Sửa cầu năm 2026"


def test_closing_words_are_quoted_only_where_nothing_is_withheld(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    assert "Tôi kết luận" not in _text(_word(db, home, kept, "conclusion", tmp_path))
    _understand(db, kept, (QUESTIONS[0], QUESTIONS[3]))
    assert "“Tôi kết luận: cảm ơn cô Nở.”" in _text(_word(db, home, kept, "conclusion", tmp_path))


def test_each_written_reply_has_a_letter_that_begins_at_page_one(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    promise = next(p for p in follow_up.promises(db, read_clocks(home)) if p.question.number == 2)
    follow_up.record(db, promise, "Tân", answer="Cống đã được nạo vét.\nKính báo.")
    both = _word(db, home, kept, "replies", tmp_path)
    text = _text(both)
    assert "Kính gửi: Ông (Bà) Võ Thị Nở, ấp 5." in text and PHONE not in text
    assert "Cống đã được nạo vét.\nKính báo." in text and "…………" in text
    assert len(both.sections) == 2
    assert all("w:start=\"1\"" in section._sectPr.xml and "w:titlePg" in section._sectPr.xml
               for section in both.sections)
    one = docx.Document(str(_write(db, home, kept, "replies", tmp_path / "a.docx", 4)))
    assert len(one.sections) == 1 and "Nở" not in _text(one)


def test_the_petition_goes_to_whom_a_person_named(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    assert "Kính gửi: …………." in _text(_word(db, home, kept, "petition", tmp_path))
    promise = next(p for p in follow_up.promises(db, read_clocks(home)) if p.question.number == 1)
    follow_up.record(db, promise, "Tân", agency="Sở Xây dựng")
    text = _text(_word(db, home, kept, "petition", tmp_path))
    assert "Kính gửi: Sở Xây dựng." in text
    assert "Chừng nào sửa cầu?" in text and "Ai giữ trường" not in text


def test_the_follow_up_list_says_who_until_when_and_how_long(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    text = _text(_word(db, home, kept, "follow-up", tmp_path))
    for part in ("QUÁ HẠN 30 ngày", "01/06/2026", "Còn 183 ngày", "Chưa đặt thời hạn", "tính đến 01/07/2026",
                 "Tổng số 3 nội dung: 0 đã trả lời, 1 quá hạn, 2 còn trong hạn hoặc chưa đặt hạn."):
        assert part in text
    book = openpyxl.load_workbook(_write(db, home, kept, "follow-up", tmp_path / "a.xlsx"))
    rows = list(book.active.iter_rows(min_row=5, values_only=True))
    assert [row[8] for row in rows] == [-30, None, 183]
    assert rows[0][7].date() == date(2026, 6, 1)


def test_a_formula_in_a_name_stays_a_name(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_write(db, home, kept, "summary", tmp_path / "a.xlsx"))
    (cell,) = [cell for row in book.active.iter_rows() for cell in row if HOSTILE in str(cell.value)]
    assert (cell.data_type, cell.value) == ("s", f"{HOSTILE}, ấp 3")
    assert cell.quotePrefix  # it stays text when somebody edits the cell
    assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]
    page = book.active
    assert (page.page_setup.orientation, page.freeze_panes, page.print_title_rows) == ("landscape", "A5", "$4:$4")


@pytest.mark.parametrize("paper", WORD)
def test_signs_in_a_name_are_shown_as_they_are(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    text = _text(_word(db, home, kept, paper, tmp_path))
    if paper not in ("conclusion", "petition"):
        assert BAD_NAME in text
    assert "{%" not in text


@pytest.mark.parametrize("paper", WORD)
def test_a_wrong_field_in_the_clerks_template_is_named(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    name = papers.FORMS[paper].template
    template = docx.Document(str(resources.files("summarize.templates") / name))
    template.add_paragraph("{{ so_dien_thoai_rieng }}")
    (home / "templates").mkdir(parents=True)
    template.save(str(home / "templates" / name))
    with pytest.raises(BadTemplate) as refused:
        _write(db, home, kept, paper, tmp_path / "a.docx")
    assert refused.value.detail == "so_dien_thoai_rieng"
    assert not list(tmp_path.glob("*.docx"))


@pytest.mark.parametrize("field", ["{{ ngay.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}"])
def test_a_template_runs_no_code(field: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    template = docx.Document(str(resources.files("summarize.templates") / "ban_cong_bo.docx"))
    template.add_paragraph(field)
    (home / "templates").mkdir(parents=True)
    template.save(str(home / "templates" / "ban_cong_bo.docx"))
    with pytest.raises(BadTemplate):
        _write(db, home, kept, "public", tmp_path / "a.docx")


def test_a_template_that_would_fill_the_memory_is_refused(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    import zipfile
    (home / "templates").mkdir(parents=True)
    template = home / "templates" / "ban_cong_bo.docx"
    with zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b" " * (65 << 20))
    assert template.stat().st_size < 1 << 20
    with pytest.raises(BadTemplate, match="not_docx"):
        _write(db, home, kept, "public", tmp_path / "a.docx")


def test_approved_papers_no_longer_say_draft(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    assert DRAFT in _text(_word(db, home, kept, "public", tmp_path))
    store.set_state(db, kept.id or 0, MeetingState.APPROVED)
    assert DRAFT not in _text(_word(db, home, kept, "public", tmp_path))


def test_what_cannot_be_written_is_told(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongFormat, match=r"\.docx"):
        _write(db, home, kept, "petition", tmp_path / "a.xlsx")
    _understand(db, kept, (QUESTIONS[2],))
    for paper in ("replies", "petition"):
        with pytest.raises(NothingToWrite):
            _write(db, home, kept, paper, tmp_path / "a.docx")


def test_the_command_writes_a_paper_or_says_why_not(
        kept: Meeting, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def export(paper: str, name: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(["export", str(kept.id), "--paper", paper, "--to", str(tmp_path / name)])
        return ended.value.code, capsys.readouterr().err

    code, said = export("public", "a.xyz")
    assert code == 1 and "đuôi .docx, .pdf" in said
    code, said = export("summary", "a.xlsx")
    assert code == 0 and (tmp_path / "a.xlsx").is_file()


def test_without_libreoffice_it_says_what_to_do(
        kept: Meeting, db: Database, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "office", lambda: None)
    with pytest.raises(NoPdf, match="missing"):
        _write(db, home, kept, "public", tmp_path / "a.pdf")


@pytest.mark.skipif(not shutil.which("fc-list"), reason="only Linux may lack the type")
def test_a_type_that_is_not_installed_is_told_in_one_sentence(
        kept: Meeting, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    def sentences(type_face: str) -> list[str]:
        monkeypatch.setattr(pdf, "FONT", type_face)
        pdf.lacks_font.cache_clear()
        with pytest.raises(SystemExit):
            main(["export", str(kept.id), "--paper", "petition", "--to", str(tmp_path / "a.pdf")])
        return capsys.readouterr().err.splitlines()

    monkeypatch.setattr(pdf, "convert", lambda word, to: to.write_bytes(b"%PDF"))
    assert NO_FONT in sentences("Chữ Không Có Trên Đời")
    assert NO_FONT not in sentences("DejaVu Sans")
    pdf.lacks_font.cache_clear()


needs_office = pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")),
                                  reason="LibreOffice or poppler is not installed")


@needs_office
def test_a_paper_is_printed_as_pdf(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"older")
    made = _write(db, home, kept, "public", tmp_path / "a.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.glob("*a.pdf*")] == ["a.pdf"]


@needs_office
def test_every_printed_page_keeps_the_layout(kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    _understand(db, kept, tuple(replace(q, number=4 * i + q.number) for i in range(5) for q in QUESTIONS))
    made = [_write(db, home, kept, paper, tmp_path / f"{paper}.docx") for paper in WORD]
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
               "pdf", "--outdir", str(tmp_path), *map(str, made)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for paper in WORD:
        pages = _pages(tmp_path / f"{paper}.pdf")
        wide = paper in ("summary", "follow-up")
        left, right, top = (20, 15, 20) if wide else (30, 15, 20)
        assert len(pages) > 1 or paper == "petition", paper
        annex = next((at for at, (_, _, words) in enumerate(pages) if " ".join(
            word["text"] for word in words[:2]).upper() == "PHỤ LỤC"), 0)
        assert bool(annex) is paper.startswith("minutes")
        for number, (width, height, words) in enumerate(pages, 1):
            assert (round(width), round(height)) == ((297, 210) if wide else (210, 297))
            numbers = [word for word in words if word["yMax"] < top]
            since = number - (annex if annex and number > annex else 0)  # an annex counts its own pages
            letters = paper == "replies"
            assert [w["text"] for w in numbers] == ([] if since == 1 or letters else [str(since)]), paper
            for word in numbers:
                assert abs((word["xMin"] + word["xMax"]) / 2 - (left + width - right) / 2) < 3
            inside = [word for word in words if word["yMax"] >= top]
            assert min(word["xMin"] for word in inside) > left - 2.5, paper  # tables stand out by their cells' margin
            assert max(word["xMax"] for word in inside) < width - right + 2.5, paper
            assert max(word["yMax"] for word in inside) < height - 14, paper
        _signed_whole(paper, pages)


def _signed_whole(paper: str, pages: list[tuple[float, float, list[dict[str, Any]]]]) -> None:
    """The signer's name stands on the page of the office above it, at the right."""
    last, name = {"minutes": ("TỌA", "Hân"), "minutes-party": ("NGHỊ", "Hân")}.get(paper, ("TỊCH", "Bình"))
    signed = 0
    for width, _, words in pages:
        right = [word for word in words if word["xMin"] > width / 2]
        for office in (word for word in right if word["text"] == last):
            if any(w["text"] == "CHỦ" and abs(w["yMin"] - office["yMin"]) < 1 for w in right):
                below = [w for w in words if w["text"] == name and 15 < w["yMin"] - office["yMin"] < 60]
                assert below and all(w["xMin"] > width / 2 for w in below), paper
                signed += 1
    assert signed == (10 if paper == "replies" else 1), paper


def _pages(path: Path) -> list[tuple[float, float, list[dict[str, Any]]]]:
    """Width and height in millimetres, and the words with their boxes, of each page."""
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True).stdout.decode()
    found = []
    for page in text.split("<page ")[1:]:
        size = re.match(r'width="([\d.]+)" height="([\d.]+)"', page)
        assert size
        words = [{name: float(value) * 25.4 / 72 for name, value in re.findall(r'(\w+)="([\d.-]+)"', box)} |
                 {"text": word} for box, word in re.findall(r"<word ([^>]*)>([^<]*)</word>", page)]
        found.append((float(size[1]) * 25.4 / 72, float(size[2]) * 25.4 / 72, _joined(words)))
    return found


def _joined(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pieces that touch are one word: where a font lacks a letter, another font's comes in between."""
    found: list[dict[str, Any]] = []
    for word in words:
        last = found[-1] if found else None
        if last and abs(word["xMin"] - last["xMax"]) < 0.4 and abs(word["yMin"] - last["yMin"]) < 2:
            last |= {"text": last["text"] + word["text"], "xMax": word["xMax"]}
        else:
            found.append(dict(word))
    return found
