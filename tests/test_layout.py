"""What an office looks at before it signs: lines below names, spacing, what stays together, the annex."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from sqlite_utils import Database

from models.records import Meeting
from summarize.heads import head
from summarize.minutes import answerer
from summarize.ruling import WHOLE
from tests.test_papers import QUESTIONS, WORD, _pages, _word, _write, kept
from ui import pdf

__all__ = ["kept"]  # a fixture
STATE = [paper for paper in WORD if paper != "minutes-party"]
ORDER = ("keepNext", "keepLines", "pageBreakBefore", "pBdr", "spacing", "ind", "jc", "rPr", "sectPr")


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice is not installed")
def test_the_line_below_a_name_is_a_third_to_a_half_of_it_and_below_the_motto_as_long(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    papers = [_write(db, home, kept, paper, tmp_path / f"{paper}.docx") for paper in ("conclusion", "minutes-party")]
    for paper, printed in zip(papers, pdf.convert_all(papers, tmp_path), strict=True):
        _, _, words = _pages(printed)[0]
        checked = 0
        for above, rule, within in _rules(paper):
            drawn = (within - 2 * (rule.paragraph_format.left_indent or 0)) / 36000  # mm
            text = above.text.replace("\N{NO-BREAK SPACE}", " ")
            share = drawn / _longest_line(text.split(), words)
            assert (0.93 < share < 1.07) if text in WHOLE else (1 / 3 < share < 1 / 2), (text, share)
            checked += 1
        assert checked == (3 if paper.stem == "conclusion" else 1)


def _rules(path: Path) -> list[tuple[Paragraph, Paragraph, int]]:
    """The names with the lines below them, and how wide the place is in which they stand (EMU)."""
    paper = docx.Document(str(path))
    section = paper.sections[0]
    assert section.page_width and section.left_margin and section.right_margin
    found = []
    places = [(cell.paragraphs, int(cell.width or 0)) for cell in paper.tables[0].rows[0].cells]
    places.append((paper.paragraphs, section.page_width - section.left_margin - section.right_margin))
    for paragraphs, within in places:
        found += [(above, rule, within) for above, rule in pairwise(paragraphs)
                  if above.text and not rule.text and rule._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is not None]
    return found


def _longest_line(text: list[str], words: list[dict[str, Any]]) -> float:
    """Millimetres from the first to the last of these words where they are printed, by line."""
    at = next(i for i in range(len(words)) if [word["text"] for word in words[i:i + len(text)]] == text)
    lines: dict[int, list[dict[str, Any]]] = {}
    for word in words[at:at + len(text)]:
        lines.setdefault(round(word["yMin"]), []).append(word)
    return float(max(line[-1]["xMax"] - line[0]["xMin"] for line in lines.values()))


@pytest.mark.parametrize("paper", WORD)
def test_a_signature_never_stands_alone(paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    body = list(_word(db, home, kept, paper, tmp_path).element.body)
    signed = [i for i, part in enumerate(body) if part.tag == qn("w:tbl") and any(
        words in "".join(part.itertext()) for words in ("TM. ỦY BAN", "CHỦ TỌA", "CHỦ TRÌ HỘI NGHỊ"))]
    assert signed
    for at in signed:
        before = [Paragraph(body[i], None) for i in range(at - 1, at - 4, -1) if body[i].tag == qn("w:p")]  # type: ignore[arg-type]
        last = next(i for i, paragraph in enumerate(before) if paragraph.text.strip())
        assert all(paragraph.paragraph_format.keep_with_next for paragraph in before[:last + 1]), paper
        assert "w:cantSplit" in body[at].xml


@pytest.mark.parametrize("paper", WORD)
def test_paragraphs_are_six_points_apart_and_written_as_word_wants_them(
        paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _word(db, home, kept, paper, tmp_path)
    for paragraph in made.paragraphs:
        if paragraph.text and paragraph.paragraph_format.first_line_indent:
            assert (paragraph.paragraph_format.space_before or 0) >= Pt(6), paragraph.text
    for properties in made.element.iter(qn("w:pPr")):
        there = [ORDER.index(part.tag.split("}")[1]) for part in properties if part.tag.split("}")[1] in ORDER]
        assert there == sorted(there)  # Word takes a file in another order for a damaged one


@pytest.mark.parametrize("paper", ["minutes", "minutes-party"])
def test_the_annex_has_pages_of_its_own(paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    first, annex = _word(db, home, kept, paper, tmp_path).sections
    assert first._sectPr.find(qn("w:pgNumType")) is None
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert annex.different_first_page_header_footer


def test_rows_stay_whole_and_the_head_of_a_table_comes_again(
        kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    for paper in ("minutes", "summary", "conclusion", "public", "follow-up"):
        table = next(t for t in _word(db, home, kept, paper, tmp_path).tables if t.cell(0, 0).text == "Số")
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)
        assert "w:tblHeader" in table.rows[0]._tr.xml


@pytest.mark.parametrize("paper", STATE)
def test_nobody_is_named_in_the_properties(paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    from importlib import resources
    own = home / "templates"
    own.mkdir(parents=True)
    for built_in in resources.files("summarize.templates").iterdir():
        if built_in.name.endswith(".docx"):
            template = docx.Document(str(built_in))
            template.core_properties.author = template.core_properties.comments = "Trần Văn Kín"
            template.core_properties.last_modified_by = template.core_properties.keywords = "Trần Văn Kín"
            template.save(str(own / built_in.name))
    with zipfile.ZipFile(_write(db, home, kept, paper, tmp_path / "a.docx")) as parts:
        assert "Kín" not in parts.read("docProps/core.xml").decode()


def test_who_issues_a_paper_is_read_from_the_commune(meeting: Meeting) -> None:
    there = head(replace(meeting, title="Đối thoại với Nhân dân phường 12 năm 2026, tỉnh Đắk Lắk", place="Hội trường"))
    assert there["co_quan"] == "ỦY BAN NHÂN DÂN PHƯỜNG\xa012" and there["dia_danh"] == "12"
    assert there["cap_tren_dang"] == "ĐẢNG BỘ TỈNH\xa0ĐẮK\xa0LẮK"
    assert head(replace(meeting, title="Đối thoại", place="Hội trường"))["co_quan"] == "ỦY BAN NHÂN DÂN …"


def test_a_label_of_the_machine_is_no_name() -> None:
    question = QUESTIONS[0]
    assert answerer(question) == "Lê Thị Hân"
    assert answerer(replace(question, answer=replace(question.answer, answered_by="S15"))) == ""
