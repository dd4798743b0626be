"""The slip of an approval: who signed and who approved which papers, for whom, and how far the history went.

It is printed, signed by hand and kept with the minutes: on paper, out of reach of whoever could change every file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from models.approval import Kind, Standing
from models.records import Document, Meeting
from models.store import now
from summarize.filling import clean
from summarize.heads import day_in_words
from ui.views.wording import moment

FILE = "phieu-duyet.docx"
TITLE = "PHIẾU DUYỆT BIÊN BẢN"
OF = "{title}, {day}, tại {place}"
VERSION, CORRECTED = "Bản {number}", "Bản {number} (bản đính chính lần {correction})"
SIGNED, APPROVED = "Thư ký đã ký trên máy: {by}, lúc {at}.", "Người duyệt trên máy: {by}, lúc {at}."
INSTEAD = "Duyệt thay: {instead_of}."
PAPERS = "Các giấy tờ được duyệt. Tệp nào bị sửa dù chỉ một chữ thì mã SHA-256 của nó khác đi:"
NAME, SHA256 = "Tệp", "Mã SHA-256"
END = ("Lịch sử sửa đổi trước khi duyệt có {count} dòng, mã của dòng cuối: {hash}. Sau này trang Lịch sử "
       "phải còn đúng dòng ấy với mã ấy.")
BY_HAND = "Người duyệt ký tay, ghi rõ họ tên:"


def write(meeting: Meeting, seen: Standing, by: str, instead_of: str, papers: Sequence[Document], end: tuple[int, str],
          to: Path) -> None:
    """`end` is the last row of the history and its hash (`history.end`)."""
    paper = docx.Document()
    paper.sections[0].page_width, paper.sections[0].page_height = Mm(210), Mm(297)
    paper.styles["Normal"].font.name = "Times New Roman"
    paper.styles["Normal"].font.size = Pt(13)
    title = paper.add_paragraph(TITLE)
    title.alignment, title.runs[0].bold = WD_ALIGN_PARAGRAPH.CENTER, True
    signed = seen.last(Kind.SIGNED)
    version = (CORRECTED if seen.version > 1 else VERSION).format(number=seen.version, correction=seen.version - 1)
    lines = [OF.format(title=meeting.title, day=day_in_words(meeting.date), place=meeting.place), version,
             SIGNED.format(by=signed.by, at=moment(signed.at)) if signed else "",
             APPROVED.format(by=by, at=moment(now())), INSTEAD.format(instead_of=instead_of) if instead_of else "",
             END.format(count=end[0], hash=end[1]), PAPERS]
    for line in filter(None, lines):
        paper.add_paragraph(clean(line))
    table = paper.add_table(rows=1, cols=2, style="Table Grid")
    _fill(table.rows[0], NAME, SHA256)
    for document in sorted(papers, key=lambda one: one.path):
        _fill(table.add_row(), Path(document.path).name, document.sha256)
    paper.add_paragraph()
    paper.add_paragraph(BY_HAND)
    paper.save(str(to))


def _fill(row: docx.table._Row, *texts: str) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = text
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(9)
