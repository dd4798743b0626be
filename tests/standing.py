"""What stands of a meeting as it is now, with all that people changed."""

from __future__ import annotations

from sqlite_utils import Database

from models import transcripts
from models.records import Analysis
from models.transcripts import Transcript


def transcript(db: Database, meeting: int | None) -> Transcript:
    found = transcripts.current_transcript(db, meeting or 0)
    assert found
    return found


def analysis(db: Database, meeting: int | None) -> Analysis:
    found = transcripts.current_analysis(db, transcript(db, meeting))
    assert found
    return found
