"""Meetings, recordings and transcripts are kept as they were given."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import jobs, store, transcripts
from models.errors import NotFound
from models.records import (
    Analysis,
    Answer,
    Meeting,
    MeetingState,
    PersonalData,
    Place,
    Question,
    Recording,
    Span,
    Status,
    Utterance,
    Word,
)

SAID = (
    Utterance(0.0, 4.5, "S1", "Kính thưa bà con.", "kính thưa bà con",
              (Word("kính", 0.1, 0.4, 0.93), Word("thưa", 0.5, 0.8, 0.2)), ("low_confidence",)),
    Utterance(5.0, 9.0, "S2", "Chừng nào có sổ đỏ?", "chừng nào có sổ đỏ"),
    Utterance(9.5, 12.0, "S1", "Trong 20 ngày.", "trong hai mươi ngày"),
)
QUESTION = Question(
    1, (Span(1, 0, 19),), "Chừng nào có sổ đỏ?", "Hỏi bao giờ có sổ đỏ.", "T1", 0.8, Status.ANSWERED,
    Answer((2,), "Trong 20 ngày.", "S1", "UBND xã", "20 ngày"), "Nguyễn Văn Bảy", "ấp 3",
    (PersonalData(1, 0, 5, "phone"),), ("private",), {"status": "có ngày cụ thể"})


def test_a_meeting_comes_back_as_it_was_stored(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    assert store.meeting(db, kept.id or 0) == replace(meeting, id=kept.id)


def test_a_meeting_is_found_again_by_title_date_and_place(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    assert store.find_meeting(db, meeting) == kept
    assert store.find_meeting(db, replace(meeting, place="nơi khác")) is None


def test_an_unknown_meeting_is_named(db: Database) -> None:
    with pytest.raises(NotFound, match="meetings 7"):
        store.meeting(db, 7)


def test_a_recording_comes_back_as_it_was_stored(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    recording = Recording("a.mp3", "ab" * 32, "a/original.mp3", "a/sound.wav", 12.5, ("truncated",), kept.id)
    stored = store.add_recording(db, recording)
    assert store.recording(db, stored.id or 0) == replace(recording, id=stored.id)
    assert store.find_recording(db, recording.sha256, kept.id or 0) == stored


def test_a_transcript_and_its_questions_come_back_as_they_were_stored(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    saved = transcripts.save_transcript(db, kept.id or 0, None, "test", SAID)
    assert [replace(u, id=None) for u in saved.utterances] == list(SAID)
    assert transcripts.current_transcript(db, kept.id or 0) == saved
    analysis = Analysis((QUESTION,), (Place.OPENING, Place.QUESTION, Place.ANSWER), "rules/1")
    transcripts.save_analysis(db, saved, analysis)
    found = transcripts.current_analysis(db, saved)
    assert found is not None
    assert [replace(q, id=None) for q in found.questions] == [QUESTION]
    assert found.places == analysis.places


def test_a_later_transcript_becomes_the_current_one_and_the_older_stays(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    older = transcripts.save_transcript(db, kept.id or 0, None, "old", SAID)
    newer = transcripts.save_transcript(db, kept.id or 0, None, "new", SAID[:1])
    assert transcripts.current_transcript(db, kept.id or 0) == newer
    assert db.table("utterances").count_where("transcript = ?", [older.id]) == 3


@pytest.mark.parametrize("write", [
    lambda db, meeting: transcripts.save_block(db, "a1", "engine", 0.0, 10.0, "{}"),
    lambda db, meeting: jobs.add_job(db, "process", meeting)])
def test_who_writes_waits_for_another_writer(
        db: Database, meeting: Meeting, home: Path, write: Callable[[Database, int], object]) -> None:
    """A transaction that begins by reading is refused at once where another holds the lock."""
    kept = store.add_meeting(db, meeting)
    held = threading.Event()

    def hold() -> None:
        with store.open_store() as other, store.writing(other):
            held.set()
            time.sleep(0.5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    write(db, kept.id or 0)
    holder.join()


def test_a_block_stored_twice_stays_as_first_stored(db: Database) -> None:
    transcripts.save_block(db, "sound", "engine", 0.0, 60.0, "first")
    transcripts.save_block(db, "sound", "engine", 0.0, 60.0, "second")
    transcripts.save_block(db, "sound", "engine", 60.0, 90.0, "third")
    assert transcripts.blocks(db, "sound", "engine") == ["first", "third"]


def test_the_state_of_a_meeting_can_be_set(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    store.set_state(db, kept.id or 0, MeetingState.TRANSCRIBED)
    assert store.meetings(db)[0].state is MeetingState.TRANSCRIBED


def test_a_job_left_running_by_a_dead_worker_is_taken_up_again(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    first = jobs.add_job(db, "process", kept.id or 0, source="a.wav")
    second = jobs.add_job(db, "process", kept.id or 0, source="b.wav")
    taken = jobs.next_job(db)
    again = jobs.next_job(db)
    assert taken and again and taken.id == again.id == first.id
    jobs.report(db, first.id, jobs.DONE, 1.0, "xong")
    following = jobs.next_job(db)
    assert following and following.id == second.id and following.options == {"source": "b.wav"}


def _write_meetings(folder: str, count: int) -> None:
    with store.open_store(Path(folder)) as db:
        for i in range(count):
            store.add_meeting(db, Meeting(f"Hội nghị {i}", "2026-01-01", "xã"))


def test_two_programs_may_use_one_data_folder_at_once(home: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_meetings, args=(str(home), 20)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with store.open_store(home) as db:
        assert len(store.meetings(db)) == 60
