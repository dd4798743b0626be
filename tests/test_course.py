"""What happened to a live recording is told in the transcript and in the minutes."""

from __future__ import annotations

import json
from pathlib import Path

import docx
from sqlite_utils import Database

from models import store
from models.records import Course, Meeting, Note, NoteKind, Recording, Utterance
from models.transcripts import save_transcript
from recorder.timeline import course
from tests.test_pages import opened, texts
from ui import work
from ui.views import meeting as meeting_page
from ui.views import transcript_view
from ui.views.wording import plain

AT = "2026-05-22T{time}+07:00"


def journal(folder: Path, *events: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "journal.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")


def event(what: str, position: float, time: str, **facts: object) -> dict[str, object]:
    hours, minutes, seconds = map(int, time.split(":"))
    return {"event": what, "position": position, "clock": 3600.0 * hours + 60 * minutes + seconds,
            "wall": AT.format(time=time), **facts}


MORNING = (
    event("start", 0.0, "08:04:58"),
    event("anchor", 2.0, "08:05:02"),
    event("mark", 30.0, "08:05:30", name="câu hỏi mới"),
    event("gap", 60.0, "08:06:04", frames=1, seconds=4.0, reason="device_lost"),
    event("gap", 70.0, "08:06:20", frames=1, seconds=0.2, reason="late"),
    event("pause", 100.0, "08:07:00"),
    event("resume", 100.0, "08:19:00"),
    event("stop", 200.0, "08:21:00", reason="asked"),
)


def test_pauses_gaps_and_marks_come_from_the_journal(tmp_path: Path) -> None:
    journal(tmp_path, *MORNING)
    told = course(tmp_path)
    assert (told.began[:19], told.ended[:19]) == ("2026-05-22T08:05:00", "2026-05-22T08:21:00")
    assert [(note.kind, note.position, note.seconds) for note in told.notes] == [
        (NoteKind.MARK, 30.0, 0.0), (NoteKind.GAP, 60.0, 4.0), (NoteKind.GAP, 70.0, 0.2),
        (NoteKind.PAUSE, 100.0, 720.0)]
    assert told.notes[1].at[:19] == "2026-05-22T08:06:00"
    assert course(tmp_path / "nothing") == Course()


def test_a_pause_that_nobody_ended_lasts_to_the_end(tmp_path: Path) -> None:
    journal(tmp_path, event("pause", 5.0, "09:00:00"), event("stop", 5.0, "09:10:00", reason="asked"))
    assert course(tmp_path).notes == (Note(NoteKind.PAUSE, 5.0, AT.format(time="09:00:00.000"), 600.0),)


def recorded(db: Database, home: Path, meeting: Meeting, lines: int = 3) -> int:
    """A meeting that was recorded live and written down, the first so many lines of it."""
    number = store.add_meeting(db, meeting).id or 0
    live = home / "meetings" / str(number) / "recordings" / "live-01"
    journal(live, *MORNING)
    place = live.relative_to(home).as_posix()
    kept = store.add_recording(db, Recording("Ghi trực tiếp 1", "0" * 64, place, f"{place}/sound.wav", 200.0,
                                             meeting=number))
    said = [Utterance(10.0, 20.0, "S1", "Kính thưa bà con, hội nghị xin bắt đầu."),
            Utterance(31.0, 50.0, "S2", "Tôi là Bảy ở ấp 3, bao giờ làm đường vậy?"),
            Utterance(110.0, 130.0, "S1", "Đường ấp 3 sẽ khởi công trong tháng 7.")]
    work.find_questions(db, save_transcript(db, number, kept.id, "test", said[:lines]))
    return number


def test_the_minutes_say_when_it_began_and_where_nothing_was_recorded(
        db: Database, home: Path, meeting: Meeting, tmp_path: Path) -> None:
    number = recorded(db, home, meeting)
    for paper in ("minutes", "minutes-party"):
        work.export(db, home, number, paper, tmp_path / f"{paper}.docx")
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / f"{paper}.docx")).paragraphs)
        assert "Thời gian bắt đầu: 08 giờ 05, ngày 22" in text
        assert "kết thúc vào 08 giờ 21, ngày 22" in text
        lines = text.splitlines()
        pause = next(i for i, line in enumerate(lines) if "Tạm dừng ghi âm 12 phút, từ 08 giờ 07." in line)
        assert "bao giờ làm đường" in text[:text.index("Tạm dừng")] and "khởi công" in lines[pause + 1]
        assert "Mất tiếng 4 giây, từ 08 giờ 06." in text and "0 giây" not in text
        assert "câu hỏi mới" not in text  # marks are for the secretary alone


def test_marks_and_pauses_stand_between_the_lines_of_the_transcript(
        db: Database, home: Path, meeting: Meeting) -> None:
    number = recorded(db, home, meeting)
    app = opened("meeting", meeting=str(number), xem=meeting_page.WORDS)
    shown = texts(app)
    mark = shown.index(plain(transcript_view.MARKED.format(name="câu hỏi mới")))
    assert shown.index("xin bắt đầu") < mark < shown.index("bao giờ làm đường")
    assert shown.index("bao giờ làm đường") < shown.index("Tạm dừng ghi âm") < shown.index("khởi công")


def test_what_happened_after_the_last_words_is_told_too(db: Database, home: Path, meeting: Meeting) -> None:
    number = recorded(db, home, meeting, lines=1)
    shown = texts(opened("meeting", meeting=str(number), xem=meeting_page.WORDS))
    mark = shown.index(plain(transcript_view.MARKED.format(name="câu hỏi mới")))
    assert shown.index("xin bắt đầu") < mark < shown.index("Tạm dừng ghi âm")
