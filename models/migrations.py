"""The tables, one small step after another. A step that has been released is never changed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("doithoai")

# Our own folded column does what the tokenizer's folding cannot (đ), so it folds case only.
TOKENIZER = "unicode61 remove_diacritics 0"


@migrations()
def m001_meetings(db: Database) -> None:
    db.table("meetings").create(
        {"id": int, "title": str, "date": str, "place": str, "state": str, "created": str},
        pk="id", not_null={"title", "date", "state"}, strict=True)
    db.table("topics").create(
        {"meeting": int, "position": int, "id": str, "name": str, "description": str},
        pk=("meeting", "id"), foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("people").create(
        {"meeting": int, "position": int, "name": str, "title": str, "role": str},
        pk=("meeting", "position"), foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("recordings").create(
        {"id": int, "meeting": int, "name": str, "sha256": str, "original": str, "sound": str,
         "duration": float, "flags": str, "created": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("recordings").create_index(["sha256"])
    db.table("documents").create(
        {"id": int, "meeting": int, "kind": str, "path": str, "sha256": str, "created": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)


@migrations()
def m002_transcripts(db: Database) -> None:
    db.table("blocks").create(
        {"sound": str, "generator": str, "start": float, "end": float, "content": str},
        pk=("sound", "generator", "start"), strict=True)
    db.table("transcripts").create(
        {"id": int, "meeting": int, "recording": int, "generator": str, "created": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id"), ("recording", "recordings", "id")], strict=True)
    db.table("utterances").create(
        {"id": int, "transcript": int, "position": int, "start": float, "end": float, "speaker": str,
         "text": str, "heard": str, "words": str, "flags": str},
        pk="id", foreign_keys=[("transcript", "transcripts", "id")], strict=True)
    db.table("utterances").create_index(["transcript", "position"], unique=True)


@migrations()
def m003_questions(db: Database) -> None:
    db.table("analyses").create(
        {"id": int, "transcript": int, "generator": str, "places": str, "created": str},
        pk="id", foreign_keys=[("transcript", "transcripts", "id")], strict=True)
    db.table("questions").create(
        {"id": int, "analysis": int, "number": int, "text": str, "summary": str, "topic": str,
         "topic_score": float, "status": str, "asker": str, "address": str, "spans": str,
         "personal_data": str, "flags": str, "reasons": str},
        pk="id", foreign_keys=[("analysis", "analyses", "id")], strict=True)
    db.table("questions").create_index(["analysis", "number"], unique=True)
    db.table("answers").create(
        {"question": int, "utterances": str, "text": str, "answered_by": str, "agency": str, "deadline": str},
        pk="question", foreign_keys=[("question", "questions", "id")], strict=True)


@migrations()
def m004_revisions(db: Database) -> None:
    db.table("revisions").create(
        {"id": int, "record": str, "record_id": int, "field": str, "before": str, "after": str, "by": str,
         "at": str, "based_on": int, "version": int, "previous_hash": str, "hash": str},
        pk="id", strict=True)
    db.table("revisions").create_index(["record", "record_id", "field", "version"], unique=True)


@migrations()
def m005_search(db: Database) -> None:
    db.table("lines").create(
        {"id": int, "meeting": int, "record": str, "record_id": int, "text": str, "folded": str,
         "embedder": str, "vector": bytes},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("lines").create_index(["record", "record_id"], unique=True)
    db.table("lines").create_index(["meeting"])
    db.table("lines").enable_fts(["text", "folded"], create_triggers=True, tokenize=TOKENIZER)


@migrations()
def m006_jobs(db: Database) -> None:
    db.table("jobs").create(
        {"id": int, "meeting": int, "recording": int, "kind": str, "options": str, "state": str,
         "progress": float, "message": str, "created": str, "updated": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
