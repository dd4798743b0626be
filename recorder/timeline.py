"""What happened to a recording, as people are told of it: pauses, lost stretches, marks, and the time of day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from models.records import Course, Note, NoteKind
from recorder.journal import Event, anchors, events


def course(folder: Path) -> Course:
    """How the recording in a folder went; empty where nothing was recorded."""
    told = events(folder)
    first = anchors(told)[:1]
    stops = [event for event in told if event["event"] == "stop"]
    began = _iso(first[0].wall - timedelta(seconds=first[0].position)) if first else ""
    return Course(began, stops[-1]["wall"] if stops else "", tuple(_notes(told)))


def _notes(told: list[Event]) -> list[Note]:
    """In order; a pause that nobody ended lasts to the end of the recording."""
    found: list[Note] = []
    paused: Event | None = None
    for event in told:
        name, at = event["event"], datetime.fromisoformat(event["wall"])
        if name == "pause":
            paused = event
        elif name in ("resume", "stop") and paused:
            lasted = (at - datetime.fromisoformat(paused["wall"])).total_seconds()
            found.append(Note(NoteKind.PAUSE, paused["position"], paused["wall"], lasted))
            paused = None
        elif name in (NoteKind.GAP, NoteKind.BREAK):
            seconds = float(event["seconds"])
            found.append(Note(NoteKind(name), event["position"], _iso(at - timedelta(seconds=seconds)), seconds))
        elif name == "mark":
            found.append(Note(NoteKind.MARK, event["position"], event["wall"], name=str(event["name"])))
    return found


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
