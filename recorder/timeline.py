"""What happened to a recording, as people are told of it: pauses, lost stretches, marks, and the time of day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from models.records import Course, Note, NoteKind
from recorder.journal import Event, anchors, events, times_of_day


def course(folder: Path) -> Course:
    """How the recording in a folder went; empty where nothing was recorded."""
    told = events(folder)
    first = anchors(told)[:1]
    stops = [at for event, at in zip(told, times_of_day(told), strict=True) if event["event"] == "stop"]
    began = _iso(first[0].wall - timedelta(seconds=first[0].position)) if first else ""
    return Course(began, _iso(stops[-1]) if stops else "", tuple(_notes(told)))


def _notes(told: list[Event]) -> list[Note]:
    """In order; a pause that nobody ended lasts to the end of the recording."""
    found: list[Note] = []
    paused: tuple[Event, datetime] | None = None
    for event, at in zip(told, times_of_day(told), strict=True):
        name, goes_on_pausing = event["event"], event["event"] == "start" and event.get("paused", False)
        if paused and (name in ("resume", "stop") or (name == "start" and not goes_on_pausing)):
            began, since = paused
            found.append(Note(NoteKind.PAUSE, began["position"], _iso(since), (at - since).total_seconds()))
            paused = None
        elif not paused and (name == "pause" or goes_on_pausing):
            paused = event, at
        if name in (NoteKind.GAP, NoteKind.BREAK):
            seconds = float(event["seconds"])
            found.append(Note(NoteKind(name), event["position"], _iso(at - timedelta(seconds=seconds)), seconds))
        elif name == "mark":
            found.append(Note(NoteKind.MARK, event["position"], _iso(at), name=str(event["name"])))
    return found


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
