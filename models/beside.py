"""Papers kept beside a version of the minutes: scans of what was signed and sealed by hand, and letters as issued.

What was signed on this machine stays as it is; these come after it, each with its SHA-256, and are only added to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from models import approval
from models.errors import BadScan
from models.files import lay_down
from models.records import MeetingState
from models.store import now, writing

SCANS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
"""What a scan may be, and how such a file begins."""
LARGEST = 100 << 20


class Kind(StrEnum):
    SCAN = "scan"
    LETTER = "letter"


@dataclass(frozen=True)
class Beside:
    """One such paper: `paper` is its key (`ui.paper_names`), `question` the number of the one it answers (0: none),
    `name` what people call the file, `path` where it lies in the data folder, `at` ISO 8601 in UTC."""

    meeting: int
    version: int
    kind: Kind
    paper: str
    question: int
    name: str
    path: str
    sha256: str
    by: str
    at: str
    id: int | None = None


def keep_scan(db: Database, folder: Path, meeting: int, paper: str, name: str, content: bytes, by: str) -> Beside:
    """Keeps a scan byte for byte. Raises BadScan (unapproved, not_scan, too_large)."""
    ending = Path(name).suffix.lower()
    if not content.startswith(SCANS.get(ending, b"\x00none")):
        raise BadScan(Path(name), "not_scan")
    if len(content) > LARGEST:
        raise BadScan(Path(name), "too_large")
    return _keep(db, folder, meeting, Kind.SCAN, paper, 0, name, content, by)


def keep_letter(db: Database, folder: Path, meeting: int, question: int, name: str, content: bytes, by: str) -> Beside:
    """Keeps a letter as it is sent out. Raises BadScan (unapproved)."""
    return _keep(db, folder, meeting, Kind.LETTER, "replies", question, name, content, by)


def beside(db: Database, meeting: int) -> list[Beside]:
    """All of a meeting, the latest first."""
    return [Beside(**row | {"kind": Kind(row["kind"])})
            for row in db.table("beside").rows_where("meeting = ?", [meeting], order_by="id desc")]


def _keep(db: Database, folder: Path, meeting: int, kind: Kind, paper: str, question: int, name: str, content: bytes,
          by: str) -> Beside:
    with writing(db):
        seen = approval.standing(db, meeting)
        if seen.state not in (MeetingState.APPROVED, MeetingState.PUBLISHED):
            raise BadScan(Path(name), "unapproved")
        sha256 = hashlib.sha256(content).hexdigest()
        path = Path("meetings", str(meeting), "papers", f"v{seen.version}", "beside",
                    f"{sha256[:16]}{Path(name).suffix.lower()}")
        lay_down(folder / path, content)
        kept = {"meeting": meeting, "version": seen.version, "kind": kind.value, "paper": paper, "question": question,
                "name": Path(name).name, "path": path.as_posix(), "sha256": sha256, "by": by, "at": now()}
        number = int(str(db.table("beside").insert(kept).last_pk))
    return Beside(**kept | {"kind": kind, "id": number})  # type: ignore[arg-type]
