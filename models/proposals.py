"""A transcript heard anew that waits for a person to take it or leave it; at most one for each meeting."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from models import history, transcripts
from models.errors import NotFound, NotReplaceable
from models.frozen import refuse_if_frozen
from models.lookup import questions_of
from models.merging import Side, compared, merged
from models.records import Utterance, Word
from models.store import Row, now, writing
from models.transcripts import Transcript


@dataclass(frozen=True)
class Proposal:
    """What may take the place of the meeting's transcript of this id."""

    meeting: int
    transcript: int
    recording: int
    generator: str
    utterances: tuple[Utterance, ...]


def propose(db: Database, transcript: Transcript, generator: str, utterances: Sequence[Utterance]) -> Proposal:
    """Keeps utterances as what may replace the transcript; an older proposal of the meeting is dropped."""
    row = {"meeting": transcript.meeting, "transcript": transcript.id, "recording": transcript.recording,
           "generator": generator, "content": json.dumps([asdict(one) for one in utterances], ensure_ascii=False),
           "created": now()}
    with writing(db):
        db.table("proposals").insert(row, replace=True)
    assert transcript.recording is not None
    return Proposal(transcript.meeting, transcript.id, transcript.recording, generator, tuple(utterances))


def proposal(db: Database, meeting: int) -> Proposal | None:
    """What waits to be taken or left, or None; one made for an older transcript no longer counts."""
    query = ("select proposals.* from proposals where meeting = ? and transcript = "
             "(select max(id) from transcripts where transcripts.meeting = proposals.meeting)")
    for row in db.query(query, [meeting]):
        said = tuple(_utterance(one) for one in json.loads(row["content"]))
        return Proposal(row["meeting"], row["transcript"], row["recording"], row["generator"], said)
    return None


def leave(db: Database, meeting: int) -> None:
    """Drops what was proposed; the transcript stays as it is."""
    with writing(db):
        db.table("proposals").delete_where("meeting = ?", [meeting])


def beside(db: Database, proposed: Proposal) -> list[Side]:
    """The transcript and what was proposed, side by side."""
    old = transcripts.as_recognised(db, proposed.transcript)
    return compared(old, proposed.utterances, _edits(db, old))


def take(db: Database, meeting: int) -> Transcript:
    """Makes what was proposed the meeting's transcript, people's edits on top.

    Raises NotFound when nothing is proposed, FrozenMinutes, and NotReplaceable when the questions were edited: those
    edits would no longer lie over anything.
    """
    with writing(db):
        proposed = proposal(db, meeting)
        if proposed is None:
            raise NotFound("proposals", meeting)
        refuse_if_frozen(db, meeting)
        _refuse_if_edited(db, meeting, proposed.transcript)
        old = transcripts.as_recognised(db, proposed.transcript)
        lines = merged(old, proposed.utterances, _edits(db, old))
        taken = transcripts.save_transcript_within(
            db, meeting, proposed.recording, proposed.generator, [line.utterance for line in lines])
        for stored, line in zip(taken.utterances, lines, strict=True):
            for field, after in line.edits.items():
                history.revise_within(db, "utterance", stored.id or 0, field, getattr(stored, field), after,
                                      _editor(db, line.edited, field), 0)
        db.table("proposals").delete_where("meeting = ?", [meeting])
    current = transcripts.current_transcript(db, meeting)
    assert current is not None
    return current


def _refuse_if_edited(db: Database, meeting: int, transcript: int) -> None:
    analysis = transcripts.last_analysis(db, transcript)
    found = transcripts.as_understood(db, analysis) if analysis else ()  # also those that people dropped
    edited = history.edits(db, "question", [question.id for question in found if question.id is not None])
    shown = [str(question.number) for question in questions_of(db, meeting) or () if question.id in edited]
    if shown:
        raise NotReplaceable("edited_questions", ", ".join(shown))
    if edited:
        raise NotReplaceable("dropped_questions", str(len(edited)))


def _edits(db: Database, said: Sequence[Utterance]) -> Mapping[int, Mapping[str, str]]:
    return history.edits(db, "utterance", [one.id for one in said if one.id is not None])


def _editor(db: Database, utterance: int | None, field: str) -> str:
    """Who made the latest edit."""
    last = history.latest(db, "utterance", utterance or 0, field)
    assert last is not None
    return last.by


def _utterance(row: Row) -> Utterance:
    return Utterance(**row | {"words": tuple(Word(**word) for word in row["words"]), "flags": tuple(row["flags"])})
