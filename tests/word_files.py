"""What a Word file says."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document


def word_text(paper: Document | Path) -> str:
    """All of it, in tables and outside them."""
    document = docx.Document(str(paper)) if isinstance(paper, Path) else paper
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(line.text for line in document.paragraphs)])


def with_plain_spaces(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
