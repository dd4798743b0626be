"""What a meeting's minutes are made from, as one text: kept beside signed papers, and compared."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from models import store
from models.errors import NotFound
from models.records import Analysis
from models.transcripts import Transcript, current_analysis, current_transcript

FORMAT = 1


def snapshot(db: Database, meeting: int) -> str:
    """The meeting, its transcript and its questions as they stand now, edits applied, as JSON.

    Raises NotFound when nothing was understood.
    """
    transcript = current_transcript(db, meeting)
    analysis = current_analysis(db, transcript) if transcript else None
    if transcript is None or analysis is None:
        raise NotFound("transcript", meeting)
    return json.dumps(_content(db, transcript, analysis), ensure_ascii=False, sort_keys=True)


def differs(db: Database, meeting: int, kept: str) -> bool:
    """Whether the store no longer shows what a snapshot says. Raises NotFound and ValueError."""
    return not alike(json.loads(kept), json.loads(snapshot(db, meeting)))


def alike(kept: Any, now: Any) -> bool:
    """Whether what is there now says all that was kept, as JSON; what only `now` knows of is not compared."""
    if isinstance(kept, dict) and isinstance(now, dict):
        return all(alike(value, now[name]) for name, value in kept.items() if name in now)
    if isinstance(kept, list) and isinstance(now, list):
        return len(kept) == len(now) and all(map(alike, kept, now))
    return bool(kept == now)


def _content(db: Database, transcript: Transcript, analysis: Analysis) -> dict[str, Any]:
    held = store.meeting(db, transcript.meeting)
    sound = store.recording(db, transcript.recording).sha256 if transcript.recording is not None else None
    return {
        "format": FORMAT,
        "meeting": {"title": held.title, "date": held.date, "place": held.place,
                    "topics": [asdict(topic) for topic in held.topics],
                    "officials": [asdict(person) for person in held.officials]},
        "sound": sound, "transcript": transcript.generator, "analysis": analysis.generator,
        "utterances": [{"start": u.start, "end": u.end, "speaker": u.speaker, "text": u.text, "heard": u.heard,
                        "flags": u.flags} for u in transcript.utterances],
        "questions": [asdict(question) for question in analysis.questions],
        "places": analysis.places,
    }
