"""The draft minutes: the form of Nghị định 30/2020, everything that was said, nothing invented."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Pt

from models.errors import BadTemplate
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Analysis, Answer, Meeting, Place, Question, Span, Status, Utterance
from summarize.filling import fill
from summarize.heads import DRAFT, UNKNOWN
from summarize.minutes import NOT_ANSWERED, OUTSIDE, minutes_fields
from summarize.questions import understand
from tests.word_files import word_text

SAID = (
    Utterance(0, 3, "S1", "Kính thưa bà con <b>và</b> đại biểu & khách."),
    Utterance(4, 9, "S2", "Chừng nào có sổ đỏ?"),
    Utterance(9, 12, "S1", "Trong 20 ngày."),
    Utterance(13, 15, "S3", "Xin xây trường mầm non."),
    Utterance(16, 18, "S1", "Tôi xin kết luận.\x0b"),
)
ANALYSIS = Analysis(
    (Question(1, (Span(1, 0, 19),), "Chừng nào có sổ đỏ?", "Hỏi bao giờ có sổ đỏ.", "T1", 0.9, Status.ANSWERED,
              Answer((2,), "Trong 20 ngày.", "Lê Thị Hân", "UBND xã", "20 ngày"), "Nguyễn Văn Bảy", "ấp 3"),
     Question(2, (Span(3, 0, 23),), "Xin xây trường mầm non.", "Đề nghị xây trường.", None, 0.1, Status.UNANSWERED)),
    (Place.OPENING, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.CLOSING), "test")


def _written(meeting: Meeting, said: Sequence[Utterance], analysis: Analysis, to: Path,
             own: Path | None = None) -> None:
    fill("bien_ban.docx", own, minutes_fields(meeting, said, analysis), to)


@pytest.fixture
def paper(meeting: Meeting, tmp_path: Path) -> Document:
    _written(meeting, SAID, ANALYSIS, tmp_path / "biên bản.docx")
    return docx.Document(str(tmp_path / "biên bản.docx"))


def test_the_paper_has_the_parts_of_mau_1_9(paper: Document, meeting: Meeting) -> None:
    text = word_text(paper)
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: …/BB-UBND", "BIÊN BẢN",
                 meeting.title, "Thời gian bắt đầu:", "ngày 22 tháng 5 năm 2026", f"Địa điểm: {meeting.place}",
                 "Thành phần tham dự:", "Chủ trì (chủ tọa): Lê Thị Hân, Bí thư Đảng ủy xã",
                 "Thư ký (người ghi biên bản): Huỳnh Tân", "Hội nghị kết thúc vào", "THƯ KÝ", "CHỦ TỌA", "Nơi nhận:",
                 "- Lưu: VT, Hồ sơ.", DRAFT):
        assert part in text
    assert "./." in text


def test_the_issuing_body_and_the_end_are_filled_in_where_they_were_said(meeting: Meeting, tmp_path: Path) -> None:
    said = (*SAID[:-1], Utterance(16, 18, "S1", "Hội nghị kết thúc vào hồi 10 giờ 50 phút cùng ngày."))
    _written(meeting, said, ANALYSIS, tmp_path / "a.docx")
    text = word_text(docx.Document(str(tmp_path / "a.docx")))
    assert "ỦY BAN NHÂN DÂN XÃ\xa0TÂN\xa0HÒA" in text
    assert "Hội nghị kết thúc vào 10 giờ 50, ngày 22 tháng 5 năm 2026./." in text


@pytest.mark.parametrize("said, stands", [
    ("kết thúc vào 9 giờ 5 phút", "09 giờ 05"), ("kết thúc lúc 11h30", "11 giờ 30"),
    ("kết thúc lúc mười một giờ rưỡi", "11 giờ 30"), ("kết thúc hồi mười giờ bốn mươi lăm", "10 giờ 45"),
    ("kết thúc lúc 11 giờ", "11 giờ 00"), ("kết thúc lúc 45 giờ", f"{UNKNOWN} giờ {UNKNOWN}")])
def test_the_hour_of_the_end_is_read_however_it_is_said(said: str, stands: str, meeting: Meeting) -> None:
    spoken = (*SAID[:-1], Utterance(16, 18, "S1", f"Hội nghị {said}, xin cảm ơn bà con."))
    assert minutes_fields(meeting, spoken, ANALYSIS)["gio_ket_thuc"] == stands


def test_page_and_type_follow_the_decree(paper: Document) -> None:
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # Word counts in twips
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    normal = paper.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    (title,) = [p for p in paper.paragraphs if p.text == "BIÊN BẢN"]
    assert title.runs[0].bold and title.runs[0].font.size == Pt(14)


def test_questions_stand_under_their_topics_with_answer_and_status(paper: Document, meeting: Meeting) -> None:
    text = word_text(paper)
    parts = [f"1. {meeting.topics[0].name}", "Hỏi bao giờ có sổ đỏ.", f"2. {OUTSIDE}"]
    assert sorted(parts, key=text.index) == parts
    assert "Nguyễn Văn Bảy, ấp 3" in text
    assert "Cơ quan thực hiện: UBND xã. Thời hạn: 20 ngày." in text
    assert NOT_ANSWERED in text


def test_only_what_is_still_owed_is_listed_as_owed(paper: Document) -> None:
    (owed,) = [table for table in paper.tables if table.cell(0, 1).text == "Nội dung"]
    assert [row.cells[1].text for row in owed.rows[1:]] == ["Đề nghị xây trường."]


def test_everything_that_was_said_is_in_the_appendix_letter_for_letter(paper: Document) -> None:
    text = word_text(paper)
    for utterance in SAID:
        assert utterance.text.strip("\x0b") in text
    assert "[00:00:04] S2 (Nguyễn Văn Bảy): Chừng nào có sổ đỏ?" in text


def test_a_meeting_without_any_question_still_makes_a_paper(meeting: Meeting, tmp_path: Path) -> None:
    nothing = Analysis((), (Place.OTHER,), "test")
    _written(replace(meeting, topics=(), officials=()), SAID[:1], nothing, tmp_path / "a.docx")
    assert "Không có." in word_text(docx.Document(str(tmp_path / "a.docx")))


def test_a_clerk_may_change_the_template_in_word(meeting: Meeting, tmp_path: Path) -> None:
    own = _own_template(tmp_path, "BIÊN BẢN", "BIÊN BẢN GHI NHỚ {{ dia_diem }}")
    _written(meeting, SAID, ANALYSIS, tmp_path / "a.docx", own)
    assert f"BIÊN BẢN GHI NHỚ {meeting.place}" in word_text(docx.Document(str(tmp_path / "a.docx")))


@pytest.mark.parametrize(("field", "reason", "named"), [
    ("{{ chu_tich }}", "unknown_field", "chu_tich"), ("{{ chu_tri.tuoi }}", "unknown_field", "tuoi"),
    ("{{ ngay", "broken_field", "")])
def test_a_wrong_field_is_named_and_the_old_paper_stays(
        meeting: Meeting, tmp_path: Path, field: str, reason: str, named: str) -> None:
    (tmp_path / "a.docx").write_text("cũ")
    with pytest.raises(BadTemplate) as refused:
        _written(meeting, SAID, ANALYSIS, tmp_path / "a.docx", _own_template(tmp_path, "BIÊN BẢN", field))
    assert refused.value.reason == reason
    assert named in refused.value.detail
    assert (tmp_path / "a.docx").read_text() == "cũ"
    assert not list(tmp_path.glob(".*"))


def test_a_template_that_is_not_word_is_refused(meeting: Meeting, tmp_path: Path) -> None:
    (tmp_path / "mẫu.docx").write_text("không phải Word")
    with pytest.raises(BadTemplate, match="not_docx"):
        _written(meeting, SAID, ANALYSIS, tmp_path / "a.docx", tmp_path / "mẫu.docx")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_paper_of_the_sample_prints(tmp_path: Path) -> None:
    sample = Path(str(resources.files("ui") / "sample"))
    meeting, said = read_meeting(sample / "meeting.yaml"), read_transcript(sample / "transcript.jsonl")
    _written(meeting, said, understand(said, meeting, None), tmp_path / "a.docx")
    assert zipfile.is_zipfile(tmp_path / "a.docx")
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
               "pdf", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], check=True, capture_output=True)
    pages = text.stdout.decode().split("\f")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert pages[1].split()[0] == "2"  # the page number, in the top margin, from the second page on


def _own_template(folder: Path, old: str, new: str) -> Path:
    """The built-in template with one paragraph written anew, as a clerk would."""
    paper = docx.Document(str(resources.files("summarize.templates") / "bien_ban.docx"))
    for paragraph in paper.paragraphs:
        if paragraph.text == old:
            paragraph.runs[0].text = new
    paper.save(str(folder / "mẫu riêng.docx"))
    return folder / "mẫu riêng.docx"
