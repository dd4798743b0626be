"""The line below a name at the head of a paper: as long as the motto, or a part of the name above it.

Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II: below the motto it is as long as the text; below the issuing body and
below the matter of the paper it is from one third to one half of it. A line in a template is an empty paragraph with
a border, whose indents are set here; other lines that a clerk draws stay as they are.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Emu, Length, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

WHOLE = ("Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM")
SHARE = 0.42
WIDTHS = {
    **dict.fromkeys("ijl;:", 0.3), **dict.fromkeys("ftrIJ()-", 0.35), **dict.fromkeys(" .,", 0.25),
    **dict.fromkeys("mMW", 0.92), **dict.fromkeys("ceszSP", 0.46), **dict.fromkeys("bdhknpqu", 0.556),
    **dict.fromkeys("GHKOQ", 0.778), **dict.fromkeys("ACDNRUVXY", 0.722), **dict.fromkeys("BELTZF", 0.66), "w": 0.722,
    "S": 0.556, "P": 0.611}
"""Of the letters of Times New Roman bold, in shares of the size."""
OTHERS = 0.5


def fit_rules(paper: Document) -> None:
    """Gives every line below a name its length."""
    for table in paper.tables:
        for cell in {id(cell._tc): cell for row in table.rows for cell in row.cells}.values():
            _fit(cell._tc.p_lst, _inside(cell), cell)
    section = paper.sections[0]
    if section.page_width and section.left_margin is not None and section.right_margin is not None:
        _fit(paper.element.body.p_lst, Emu(section.page_width - section.left_margin - section.right_margin), paper)


def text_width(text: str, size: Length) -> Length:
    """About how wide a text in bold is."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d").replace("\N{NO-BREAK SPACE}", " "))
    return Emu(int(sum(WIDTHS.get(c, OTHERS) for c in letters if not unicodedata.combining(c)) * size))


def longest_line(text: str, size: Length, within: Length) -> Length:
    """The width of the longest of the lines that a text is broken into."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > within:
            lines.append(word)
        else:
            lines[-1] = longer
    return Emu(max(text_width(line, size) for line in lines))


def _inside(cell: _Cell) -> Length:
    margins = cell._tc.getparent().getparent().find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}")
    return Emu((cell.width or 0) - (0 if margins is not None else Pt(10.8)))


def _fit(paragraphs: list[CT_P], within: Length, part: Document | _Cell) -> None:
    for above, rule in pairwise(paragraphs):
        name, line = Paragraph(above, part), Paragraph(rule, part)
        text = name.text.strip()
        if text and not line.text and rule.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:top')}") is not None:
            size = next((run.font.size for run in name.runs if run.font.size), Pt(14))
            width = longest_line(text, size, within) * (1 if text in WHOLE else SHARE)
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = Emu(int((within - width) / 2))
