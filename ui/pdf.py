"""Word to PDF with LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from models.errors import NoPdf
from models.files import replaced

NAMES = ("soffice", "libreoffice")
PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", "C:/Program Files/LibreOffice/program/soffice.exe",
          "C:/Program Files (x86)/LibreOffice/program/soffice.exe")
FONT = "Times New Roman"
LONGEST = 180
"""Seconds after which LibreOffice counts as stuck."""


def office() -> str | None:
    """The LibreOffice of this computer."""
    return next(filter(None, map(shutil.which, (*NAMES, *PLACES))), None)


@cache
def lacks_font() -> bool:
    """Whether PDF is printed in another type than the rules want. Windows and macOS have it; on Linux it is asked."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    found = subprocess.run([program, FONT, "family"], capture_output=True, text=True, check=False, timeout=LONGEST)
    return not found.stdout.strip()


def convert(paper: Path, to: Path) -> None:
    """Prints a Word file as PDF; what stood at `to` stays until the new file is whole. Raises NoPdf."""
    with TemporaryDirectory() as scratch:
        (made,) = convert_all([paper], Path(scratch))
        with replaced(to) as temporary:
            shutil.copyfile(made, temporary)


def convert_all(papers: Sequence[Path], into: Path) -> list[Path]:
    """Prints Word files as PDF into a folder, each under its own name; LibreOffice is started once. Raises NoPdf."""
    program = office()
    if program is None:
        raise NoPdf("missing")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # a profile of its own: an open LibreOffice window would swallow the request
        command = [program, f"-env:UserInstallation={(Path(profile) / 'profile').as_uri()}", "--headless",
                   "--convert-to", "pdf", "--outdir", str(into), *(str(paper.resolve()) for paper in papers)]
        no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows alone
        try:
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace",
                                  timeout=LONGEST, check=False, creationflags=no_window)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise NoPdf("failed", type(error).__name__) from error
    made = [into / f"{paper.stem}.pdf" for paper in papers]
    if not all(path.is_file() for path in made):
        raise NoPdf("failed", (done.stderr.strip().splitlines() or [""])[-1])
    return made
