"""Questions found anew do not lose what people changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import history, review, store
from models.errors import NotReplaceable
from models.keeping import save_anew
from models.records import Analysis, Meeting, PersonalData, Place, Question, Recording, Span, Status, Utterance
from models.review import Edit
from models.search import search_words
from models.transcripts import as_understood, last_analysis, save_analysis, save_transcript
from tests import standing
from tests.test_review import HAN, LINES, TAN, analysis, correct, ids, kept, questions
from ui import work

__all__ = ["kept"]  # a fixture


def edit(db: Database, meeting: int, question: Question, name: str, after: str, by: str = HAN) -> None:
    before = review.fields_of(question)[name]
    review.change(db, meeting, by, [Edit("question", question.id or 0, name, before, after, 0)])


def find_again(db: Database, meeting: int, **changed: object) -> None:
    """Finds the machine's questions again, the first one somewhat different."""
    held = standing.transcript(db, meeting)
    first, *others = as_understood(db, last_analysis(db, held.id) or 0)
    made = [replace(first, **changed), *(q for q in others if q.text in LINES)]  # type: ignore[arg-type]
    save_anew(db, held, replace(analysis(db, meeting), questions=tuple(made), places=(Place.OTHER,) * len(LINES)))


def test_edits_lie_over_the_question_found_anew(db: Database, kept: int) -> None:
    one, two = questions(db, kept)
    edit(db, kept, one, "summary", "Cầu rạch Sậy", TAN)
    edit(db, kept, two, "topic", "T2")
    find_again(db, kept, summary="Hỏi cầu.", status=Status.PROMISED)
    found = questions(db, kept)
    assert {q.id for q in found}.isdisjoint({one.id, two.id})
    assert (found[0].summary, found[0].status, found[1].topic) == ("Cầu rạch Sậy", Status.PROMISED, "T2")
    (entry,) = history.history(db, "question", found[0].id or 0)
    assert (entry.by, entry.before) == (TAN, "Hỏi cầu.") and not history.broken_links(db)
    assert {hit.record_id for hit in search_words(db, "Sậy") if hit.record == "question"} == {found[0].id}


def test_of_two_questions_of_one_line_each_keeps_its_own_edits(db: Database, meeting: Meeting) -> None:
    held = store.add_meeting(db, meeting).id or 0
    line = "Đường hỏng nát bao giờ làm? Còn điện hay cắt, xã tính sao?"
    said = save_transcript(db, held, None, "test", [Utterance(0.0, 9.0, "S1", line)])
    cut = line.index("Còn")
    both = tuple(Question(i, (Span(0, a, b),), line[a:b].strip(), line[a:b].strip(), None, 0.1, Status.PROMISED)
                 for i, (a, b) in enumerate(((0, cut), (cut, len(line))), start=1))
    made = Analysis(both, (Place.QUESTION,), "test")
    save_analysis(db, said, made)
    edit(db, held, analysis(db, held).questions[1], "asker", "Bà Lan")
    correct(db, held, 0, line.replace("cắt", "cúp"))
    save_anew(db, standing.transcript(db, held), replace(made, questions=tuple(
        replace(one, text=one.text.replace("cắt", "cúp")) for one in made.questions)))
    assert [(one.text[:4], one.asker) for one in analysis(db, held).questions] == [("Đườn", ""), ("Còn ", "Bà Lan")]


def test_what_is_newly_found_to_be_secret_is_added_to_what_people_marked(db: Database, kept: int) -> None:
    one, _ = questions(db, kept)
    edit(db, kept, one, "flags", '["private"]')
    find_again(db, kept, flags=("denunciation",), personal_data=(PersonalData(1, 8, 15, "health"),))
    first = questions(db, kept)[0]
    assert set(first.flags) == {"private", "denunciation"} and first.personal_data[0].kind == "health"


def test_a_dropped_question_stays_dropped_and_a_joined_one_joined(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    review.merge(db, kept, HAN, one, two, history.last_id(db))
    find_again(db, kept)
    (merged,) = questions(db, kept)
    assert merged.text == f"{LINES[1]} {LINES[3]}" and [span.utterance for span in merged.spans] == [1, 3]


def test_what_a_person_added_stays(db: Database, kept: int) -> None:
    made = Question(0, (Span(5, 0, len(LINES[5])),), LINES[5], "Hết", None, 0.0, Status.UNANSWERED)
    review.add(db, kept, HAN, made, None, history.last_id(db))
    for _ in range(2):
        find_again(db, kept)
        assert [q.summary for q in questions(db, kept)] == ["Cầu ván qua rạch Sậy", "Đường vô ấp", "Hết"]


def test_an_edited_question_that_is_not_found_any_more_stays(db: Database, kept: int) -> None:
    one, _ = questions(db, kept)
    edit(db, kept, one, "summary", "Cầu rạch Sậy")
    find_again(db, kept, spans=(Span(5, 0, 4),), text="Xin hết.", summary="Khác")
    assert {"Cầu rạch Sậy", "Khác"} <= {q.summary for q in questions(db, kept)}


def test_reviewed_means_as_it_was_seen(db: Database, kept: int) -> None:
    for key in ids(db, kept):
        review.mark_reviewed(db, kept, HAN, key, True, history.last_id(db))
    find_again(db, kept, status=Status.ESCALATED)
    assert [q.reviewed for q in questions(db, kept)] == [False, True]
    review.mark_reviewed(db, kept, HAN, ids(db, kept)[0], True, history.last_id(db))
    find_again(db, kept, status=Status.ESCALATED, asker="Người khác")
    assert [q.reviewed for q in questions(db, kept)] == [False, True], "not only words count"


def test_a_step_before_that_is_not_undone_unseen(db: Database, kept: int) -> None:
    edit(db, kept, questions(db, kept)[0], "summary", "Cầu rạch Sậy")
    find_again(db, kept)
    assert review.last_step(db, kept, HAN) is None
    edit(db, kept, questions(db, kept)[1], "agency", "Công an xã")
    step = review.last_step(db, kept, HAN)
    assert step
    review.undo(db, step)
    assert questions(db, kept)[1].answer.agency == "" and questions(db, kept)[0].summary == "Cầu rạch Sậy"


def test_the_work_itself_carries_them_over(db: Database, kept: int) -> None:
    first = questions(db, kept)[0]
    edit(db, kept, first, "agency", "Công an xã")
    work.find_questions(db, standing.transcript(db, kept))
    assert "Công an xã" in [q.answer.agency for q in questions(db, kept)]


def test_hearing_anew_with_another_engine_is_refused_over_edits(
        db: Database, kept: int, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = store.add_recording(db, Recording("x.wav", "0" * 64, "x", "x.wav", 60.0, (), kept))
    held = save_transcript(db, kept, recording.id, "test", standing.transcript(db, kept).utterances)
    monkeypatch.setattr(work, "hear", lambda *_: (list(held.utterances), "another"))
    line = standing.transcript(db, kept).utterances[1]
    review.change(db, kept, HAN, [Edit("utterance", line.id or 0, "text", line.text, "Khác hẳn.", 0)])
    with pytest.raises(NotReplaceable, match="edited_words"):
        work.transcribe_recording(db, home, recording, work.Engine(), lambda *_: None)
    assert standing.transcript(db, kept).utterances[1].text == "Khác hẳn."
