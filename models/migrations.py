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


@migrations()
def m007_glossary(db: Database) -> None:
    db.table("meetings").add_column("glossary", str, not_null_default="[]")


@migrations()
def m008_search_heard(db: Database) -> None:
    db.table("lines").disable_fts()
    db.table("lines").add_column("heard", str, not_null_default="")
    db.table("lines").enable_fts(["text", "heard", "folded"], create_triggers=True, tokenize=TOKENIZER)


@migrations()
def m009_live(db: Database) -> None:
    db.table("captions").create(
        {"live": str, "number": int, "start": float, "end": float, "words": str, "pending": str},
        pk=("live", "number"), strict=True)
    db.table("live_drafts").create({"live": str, "content": str, "updated": str}, pk="live", strict=True)


@migrations()
def m010_understanding(db: Database) -> None:
    questions, answers = db.table("questions"), db.table("answers")
    questions.add_column("second_topic", str)
    questions.add_column("second_score", float, not_null_default=0.0)
    questions.add_column("linked", str, not_null_default="[]")
    questions.add_column("follow_ups", str, not_null_default="[]")
    answers.add_column("deadline_date", str, not_null_default="")
    answers.add_column("summary", str, not_null_default="")


@migrations()
def m011_proposals(db: Database) -> None:
    db.table("proposals").create(
        {"meeting": int, "transcript": int, "recording": int, "generator": str, "content": str, "created": str},
        pk="meeting", foreign_keys=[("meeting", "meetings", "id")], strict=True)


@migrations()
def m017_voices(db: Database) -> None:
    db.table("voice_steps").create(
        {"id": int, "transcript": int, "kind": str, "before": str, "after": str, "lines": int, "revisions": str,
         "by": str, "at": str, "undone": int},
        pk="id", foreign_keys=[("transcript", "transcripts", "id")], strict=True)
    db.table("voice_steps").create_index(["transcript"])
    db.table("enrolled").create(
        {"id": int, "name": str, "generator": str, "print": bytes, "seconds": float, "source": str, "by": str,
         "created": str},
        pk="id", strict=True)
    db.table("enrolled").create_index(["name", "generator"], unique=True)


@migrations()
def m018_review(db: Database) -> None:
    # A question that a person added starts as "yes": it is there as long as a revision says so.
    db.table("questions").add_column("dropped", str, not_null_default="")
    db.table("steps").create(
        {"id": int, "meeting": int, "by": str, "at": str, "kind": str, "first": int, "last": int, "undoes": int},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("steps").create_index(["meeting", "by"])
    db.table("typed").create(
        {"meeting": int, "by": str, "record": str, "record_id": int, "field": str, "text": str, "before": str,
         "based_on": int, "at": str},
        pk=("meeting", "by", "record", "record_id", "field"), strict=True)


@migrations()
def m019_accounts(db: Database) -> None:
    db.table("accounts").create(
        {"id": int, "login": str, "name": str, "roles": str, "sees_denunciations": int, "email": str,
         "disabled": int, "password": str, "created": str},
        pk="id", not_null={"login", "name", "roles", "password"}, strict=True)
    db.table("accounts").create_index(["login"], unique=True)
    db.table("sessions").create(
        {"token": str, "account": int, "created": str, "seen": str},
        pk="token", foreign_keys=[("account", "accounts", "id")], strict=True)
    db.table("sessions").create_index(["account"])
    db.table("sign_in_failures").create({"id": int, "login": str, "at": str}, pk="id", strict=True)
    db.table("sign_in_failures").create_index(["login", "at"])


@migrations()
def m021_voice_roles(db: Database) -> None:
    for column in ("role", "title"):
        db.table("voice_steps").add_column(column, str, not_null_default="")


@migrations()
def m020_approval(db: Database) -> None:
    db.table("documents").add_column("version", int, not_null_default=0)
    # What signed papers were made from: `content` whole, `public` as everybody may read it.
    db.table("snapshots").create(
        {"meeting": int, "version": int, "content": str, "public": str},
        pk=("meeting", "version"), foreign_keys=[("meeting", "meetings", "id")], strict=True)


@migrations()
def m025_search_filters(db: Database) -> None:
    # Lines are found by more than their words; an answer is a line of its own, and so is what the public may see.
    lines = db.table("lines")
    lines.add_column("audience", str, not_null_default="house")
    for name in ("topic", "status", "agency", "speaker", "role"):
        lines.add_column(name, str, not_null_default="")
    lines.add_column("secret", int, not_null_default=0)
    lines.add_column("seconds", float, not_null_default=0.0)
    db.execute("alter table lines drop column vector")
    db.execute("update lines set embedder = null")
    db.execute("drop index idx_lines_record_record_id")
    lines.create_index(["record", "record_id", "audience"], unique=True)
    db.execute("create index lines_filters on lines"
               "(record, audience, meeting, topic, status, agency, role, secret, seconds)")
    db.execute("create index lines_secret on lines(secret) where secret = 1")
    db.execute("create index lines_public on lines(meeting) where audience = 'public'")
    db.execute("create index lines_without_vector on lines(meeting) where embedder is null and record <> 'utterance'")
    # Only a changed text is read into the full text anew.
    db.execute("drop trigger lines_au")
    db.execute("create trigger lines_au after update of text, heard, folded on lines begin "
               "insert into lines_fts (lines_fts, rowid, text, heard, folded) "
               "values ('delete', old.rowid, old.text, old.heard, old.folded); "
               "insert into lines_fts (rowid, text, heard, folded) "
               "values (new.rowid, new.text, new.heard, new.folded); end")
    db.execute("create trigger meetings_public after update of state on meetings begin "
               "delete from lines where meeting = new.id and audience = 'public'; end")
    db.table("packs").create(
        {"meeting": int, "embedder": str, "keys": bytes, "vectors": bytes},
        pk="meeting", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    # Lines made before know neither topic nor status: they are made anew when somebody searches.
    db.table("meetings").add_column("indexed", int, not_null_default=0)


@migrations()
def m027_end_of_the_chain(db: Database) -> None:
    # The last row of the history, written with it: rows cut off the end are missed.
    db.table("chain").create({"last": int, "hash": str}, strict=True)
    db.execute("insert into chain select id, hash from revisions order by id desc limit 1")
    # How far the history went at the last step of a signed version, "number hash".
    db.table("snapshots").add_column("chain", str, not_null_default="")


@migrations()
def m028_remarks(db: Database) -> None:
    # What official and secretary tell one another about a question or a line; `done_by` empty while it is open.
    db.table("remarks").create(
        {"id": int, "meeting": int, "record": str, "record_id": int, "text": str, "by": str, "at": str,
         "done_by": str, "done_at": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("remarks").create_index(["meeting"])


@migrations()
def m033_particulars_and_beside(db: Database) -> None:
    # What nobody said aloud but the minutes must hold, as the clerk filled it in.
    db.table("particulars").create(
        {"meeting": int, "began": str, "ended": str, "present": int, "number": str, "signer": str, "by": str,
         "at": str},
        pk="meeting", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    # Papers on their way out: signed and sealed scans, issued letters. Not part of what was signed on this machine.
    db.table("beside").create(
        {"id": int, "meeting": int, "version": int, "kind": str, "paper": str, "question": int, "name": str,
         "path": str, "sha256": str, "by": str, "at": str},
        pk="id", foreign_keys=[("meeting", "meetings", "id")], strict=True)
    db.table("beside").create_index(["meeting", "version"])
