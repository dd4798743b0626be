"""Every promise with agency, last day and the answer that came later; terms with their source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import follow_up, history, store, transcripts
from models.clocks import after, read_clocks
from models.due import due
from models.errors import BadSetting, StaleEdit
from models.follow_up import Promise, Standing
from models.records import Analysis, Answer, Meeting, MeetingState, Place, Question, Span, Status, Utterance

HELD = date(2026, 9, 18)  # a Friday


@pytest.mark.parametrize(("words", "expected"), [
    ("trước ngày 31/12/2026", "2026-12-31"), ("chậm nhất ngày 5 tháng 10", "2026-10-05"),
    ("trong 10 ngày làm việc", "2026-10-02"), ("trong vòng 15 ngày", "2026-10-03"), ("2 tuần", "2026-10-02"),
    ("trong 3 tháng", "2026-12-18"), ("ngày 15/1", "2027-01-15"), ("tuần sau", "2026-09-27"),
    ("trong tháng tới", "2026-10-31"), ("trong tháng 11", "2026-11-30"), ("trước tháng 11", "2026-10-31"),
    ("quý IV", "2026-12-31"), ("quý 1 năm 2027", "2027-03-31"), ("trước quý IV", "2026-09-30"),
    ("quý sau", "2026-12-31"), ("cuối năm", "2026-12-31"), ("trong năm tới", "2027-12-31"),
    ("ngày 10/9", None), ("ngày 30/8/2026", None), ("ngày 31/2", None), ("trong thời gian tới", None), ("", None),
    ("tháng 13", None), ("trước ngày 15 tháng sau", "2026-10-15"), ("ngày 20 tháng này", "2026-09-20"),
    ("5-7 ngày", "2026-09-25"), ("7-10 ngày làm việc", "2026-10-02"), ("1,5 tháng", None)])
def test_the_words_of_a_promise_become_a_day_or_none(words: str, expected: str | None) -> None:
    assert due(words, HELD) == (date.fromisoformat(expected) if expected else None)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert after(date(2026, 8, 31), 3, True) == date(2026, 9, 3)
    assert after(date(2026, 8, 31), 3, True, {date(2026, 9, 1), date(2026, 9, 2)}) == date(2026, 9, 7)


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    held = store.add_meeting(db, replace(meeting, date=HELD.isoformat()))
    _understand(db, held, ("Chừng nào sửa cầu?", "Ai giữ trường?", "Rác để đâu?", "Nước có sạch không?"))
    return held


def _understand(db: Database, meeting: Meeting, texts: tuple[str, ...]) -> None:
    terms = {"Chừng nào sửa cầu?": (Status.PROMISED, "trong 10 ngày"), "Ai giữ trường?": (Status.WRITTEN, ""),
             "Rác để đâu?": (Status.UNANSWERED, "tháng 12"), "Nước có sạch không?": (Status.ANSWERED, "ngày 20/9")}
    said = transcripts.save_transcript(db, meeting.id or 0, None, "t", [Utterance(0, 2, "S1", "x")])
    questions = tuple(Question(i, (Span(0, 0, 1),), text, text, None, 0.5, terms[text][0],
                               Answer((), "", "", "UBND xã", terms[text][1])) for i, text in enumerate(texts, 1))
    transcripts.save_analysis(db, said, Analysis(questions, (Place.QUESTION,), "t"))


def _all(db: Database, home: Path) -> list[Promise]:
    return follow_up.promises(db, read_clocks(home))


def test_what_was_not_answered_is_owed_with_its_last_day(kept: Meeting, db: Database, home: Path) -> None:
    found = _all(db, home)
    assert [(p.question.text, p.agency, p.due) for p in found] == [
        ("Chừng nào sửa cầu?", "UBND xã", date(2026, 9, 28)), ("Ai giữ trường?", "UBND xã", None),
        ("Rác để đâu?", "UBND xã", date(2026, 12, 31))]
    today = date(2026, 10, 1)
    assert [p.days_left(today) for p in found] == [-3, None, 91]
    ordered = follow_up.urgent_first(found, today, 7)
    assert [p.standing(today, 7) for p in ordered] == [Standing.OVERDUE, Standing.UNDATED, Standing.LATER]
    assert found[0].standing(date(2026, 9, 28), 7) is Standing.SOON


def test_the_day_that_stands_beside_the_words_is_the_day_it_is_owed(meeting: Meeting, db: Database, home: Path) -> None:
    held = store.add_meeting(db, meeting)
    line = Utterance(0, 5, "S1", "Đường hư, bao giờ sửa?")
    said = transcripts.save_transcript(db, held.id or 0, None, "test", [line])
    transcripts.save_analysis(db, said, Analysis((Question(
        1, (Span(0, 0, 22),), "Đường hư, bao giờ sửa?", "Đường hư", None, 0.1, Status.PROMISED,
        Answer((), "Trước ngày 15 tháng sau.", deadline="trước ngày 15 tháng sau", deadline_date="2026-06-15")),),
        (Place.QUESTION,), "test"))
    assert [promise.due for promise in follow_up.promises(db, read_clocks(home), held.id)] == [date(2026, 6, 15)]


def test_an_answer_recorded_later_closes_it_and_says_who_and_when(kept: Meeting, db: Database, home: Path) -> None:
    first = _all(db, home)[0]
    follow_up.record(db, first, "Huỳnh Tân", answer="Khởi công 5/10.", document="12/UBND-VP",
                     answered_on="2026-09-30", agency="Phòng Kinh tế")
    again = _all(db, home)[0]
    assert (again.answer, again.document, again.answered_on) == ("Khởi công 5/10.", "12/UBND-VP", date(2026, 9, 30))
    assert again.agency == "Phòng Kinh tế"
    assert again.standing(date(2026, 12, 31), 7) is Standing.ANSWERED
    entries = history.history(db, follow_up.RECORD, first.key)
    assert {entry.field: (entry.before, entry.by) for entry in entries} == {
        "answer": ("", "Huỳnh Tân"), "document": ("", "Huỳnh Tân"), "answered_on": ("", "Huỳnh Tân"),
        "agency": ("UBND xã", "Huỳnh Tân")}
    assert not history.broken_links(db)


def test_an_entry_over_anothers_is_refused_whole(kept: Meeting, db: Database, home: Path) -> None:
    seen = _all(db, home)[0]
    follow_up.record(db, seen, "Hân", due="2026-11-01")
    with pytest.raises(StaleEdit) as refused:
        follow_up.record(db, seen, "Tân", answer="Đã sửa.", due="2026-12-01")
    assert (refused.value.theirs, refused.value.yours) == ("2026-11-01", "2026-12-01")
    again = _all(db, home)[0]
    assert (again.answer, again.due) == ("", date(2026, 11, 1))


def test_a_day_that_is_none_is_refused(kept: Meeting, db: Database, home: Path) -> None:
    with pytest.raises(ValueError, match="day"):
        follow_up.record(db, _all(db, home)[0], "Hân", due="2026-02-31")


def test_what_was_recorded_outlives_a_new_analysis(kept: Meeting, db: Database, home: Path) -> None:
    bridge, school, _ = _all(db, home)
    follow_up.record(db, bridge, "Hân", answer="Đã sửa.")
    follow_up.record(db, school, "Hân", agency="Phòng Giáo dục")
    _understand(db, kept, ("Rác để đâu?", "Chừng nào sửa cầu?"))
    found = {p.question.text: p for p in _all(db, home)}
    assert len(found) == 3
    assert found["Chừng nào sửa cầu?"].answer == "Đã sửa."
    assert found["Ai giữ trường?"].agency == "Phòng Giáo dục"  # in no analysis any more, still owed
    follow_up.record(db, found["Chừng nào sửa cầu?"], "Tân", answer="Đã sửa xong.")
    assert {p.answer for p in _all(db, home)} == {"", "Đã sửa xong."}


def test_a_meeting_owes_conclusion_and_publication_until_it_is_published(
        kept: Meeting, db: Database, home: Path) -> None:
    clocks, today = read_clocks(home), date(2026, 10, 1)
    owed = follow_up.duties(store.meetings(db), clocks, today)
    assert [(d.clock.key, d.due) for d in owed] == [("publish", date(2026, 9, 28)), ("conclusion", date(2026, 9, 29))]
    assert owed[0].days_left(today) == -3
    (announced,) = follow_up.duties(store.meetings(db), clocks, date(2026, 9, 1))
    assert (announced.clock.key, announced.due) == ("announce", date(2026, 9, 11))
    store.set_state(db, kept.id or 0, MeetingState.PUBLISHED)
    assert follow_up.duties(store.meetings(db), clocks, today) == []
    assert follow_up.held_in(store.meetings(db), 2026, today) == (1, 0)
    assert follow_up.held_in(store.meetings(db), 2026, date(2026, 9, 1)) == (0, 1)


def test_every_term_names_its_source(home: Path) -> None:
    clocks = read_clocks(home)
    assert clocks.clocks["publish"].days == 10
    assert (clocks.least, clocks.most) == (1, 2)
    assert all(clock.source and clock.name for clock in clocks.clocks.values())


def test_a_commune_may_set_its_own_terms(home: Path) -> None:
    home.mkdir()
    (home / "clocks.yaml").write_text(
        "clocks:\n  conclusion: {days: 5, source: KH 12}\nholidays: [2026-09-02]\n", encoding="utf-8")
    clocks = read_clocks(home)
    assert (clocks.clocks["conclusion"].days, clocks.clocks["conclusion"].working) == (5, True)
    assert clocks.due("conclusion", date(2026, 8, 31)) == date(2026, 9, 8)


@pytest.mark.parametrize(("text", "reason"), [
    ("clocks: [", "not_yaml"), ("clocks: {publish: {ngay: 3}}", "unknown_key"), ("khac: 1", "unknown_key"),
    ("clocks: {publish: {days: mười}}", "bad_value"), ("clocks: {publish: 3}", "bad_value"),
    ("holidays: [Tết]", "bad_value")])
def test_a_wrong_setting_is_named(home: Path, text: str, reason: str) -> None:
    home.mkdir()
    (home / "clocks.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as refused:
        read_clocks(home)
    assert refused.value.reason == reason
