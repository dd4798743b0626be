"""Tables for Excel: text stays text, whatever sign it begins with; ready to print on A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from models.files import replaced
from summarize.filling import clean

Value = str | int | date | None
FONT = "Times New Roman"
LONGEST = 32_767
"""Characters that a cell of Excel holds."""


@dataclass(frozen=True)
class Sheet:
    """A table: its title, a remark below it, the columns with their widths in characters, the rows."""

    title: str
    remark: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Value]]


def write_sheet(sheet: Sheet, to: Path) -> None:
    """Writes the table under another name first, so that what was there stays until it is whole."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    last = get_column_letter(len(sheet.columns))
    for row, (text, bold) in enumerate(((sheet.title, True), (sheet.remark, False)), 1):
        page.merge_cells(f"A{row}:{last}{row}")
        _put(page, row, 1, text, bold, "center", None)
    thin = Side(style="thin")
    line = Border(left=thin, right=thin, top=thin, bottom=thin)
    for column, (name, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(column)].width = width
        _put(page, 4, column, name, True, "center", line)
    for row, values in enumerate(sheet.rows, 5):
        for column, value in enumerate(values, 1):
            _put(page, row, column, value, False, "center" if isinstance(value, int | date) else "left", line)
    _for_printing(page)
    with replaced(to) as temporary:
        book.save(temporary)


def _put(page: Worksheet, row: int, column: int, value: Value, bold: bool, side: str, line: Border | None) -> None:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = clean(value)[:LONGEST]
        cell.data_type = "s"  # a name that begins with = + - @ is a name, not a formula,
        cell.quotePrefix = value[:1] in tuple("=+-@\t\r")  # also after somebody edits the cell
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
    cell.font = Font(name=FONT, size=12, bold=bold)
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=True)
    if line:
        cell.border = line


def _for_printing(page: Worksheet) -> None:
    """Landscape A4, as wide as the paper, the head of the table on every page and always in sight."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", "9"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    header = page.oddHeader
    assert header is not None and header.center is not None
    header.center.text, page.HeaderFooter.differentFirst = "&P", True  # a number from the second page on
    page.print_title_rows, page.freeze_panes = "4:4", "A5"
