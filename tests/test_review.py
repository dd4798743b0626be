"""A draft put right: each step over what the machine wrote, undone as a whole, refused when stale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlite_utils import Database

from models import history, review, store, typed
from models.carrying import carried, carried_stretch
from models.errors import KeptSecret, NotFound, StaleEdit
from models.records import Analysis, Answer, Meeting, PersonalData, Place, Question, Span, Status, Utterance
from models.review import Edit
from models.search import search_words
from models.transcripts import save_analysis, save_transcript
from tests import standing
from tests.standing import analysis

LINES = ("Xin mời bà con.", "Tôi hỏi cầu ván qua rạch Sậy bao giờ sửa?", "Năm sau sẽ sửa cầu.",
         "Còn đường vô ấp thì sao? Số của tôi 0912 345 678.", "Đường đã có tiền rồi.", "Xin hết.")
HAN, TAN = "Hân", "Tân"


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> int:
    held = store.add_meeting(db, meeting).id or 0
    said = save_transcript(db, held, None, "test", [
        Utterance(i * 10.0, i * 10 + 8.0, f"S{i % 2 + 1}", text) for i, text in enumerate(LINES)])
    number = LINES[3].index("0912")
    save_analysis(db, said, Analysis((
        Question(1, (Span(1, 0, len(LINES[1])),), LINES[1], "Cầu ván qua rạch Sậy", "T1", 0.5, Status.ANSWERED,
                 Answer((2,), LINES[2], "Khải", "UBND xã")),
        Question(2, (Span(3, 0, len(LINES[3])),), LINES[3], "Đường vô ấp", None, 0.1, Status.PROMISED,
                 Answer((4,), LINES[4], "Khải"), "Lực", flags=("private",),
                 personal_data=(PersonalData(3, number, number + 12, "phone"),))),
        (Place.OPENING, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.ANSWER, Place.OTHER), "test"))
    return held


def questions(db: Database, meeting: int) -> tuple[Question, ...]:
    return analysis(db, meeting).questions


def ids(db: Database, meeting: int) -> list[int]:
    return [question.id or 0 for question in questions(db, meeting)]


def correct(db: Database, meeting: int, position: int, after: str, by: str = HAN) -> None:
    transcript = standing.transcript(db, meeting)
    line = transcript.utterances[position]
    version = history.versions(db, "utterance", [line.id or 0]).get((line.id or 0, "text"), 0)
    review.change(db, meeting, by, [Edit("utterance", line.id or 0, "text", line.text, after, version)])


def undo(db: Database, meeting: int, by: str = HAN) -> None:
    step = review.last_step(db, meeting, by)
    assert step
    review.undo(db, step)


def test_a_corrected_line_is_corrected_wherever_it_is_quoted(db: Database, kept: int) -> None:
    correct(db, kept, 1, LINES[1].replace("Sậy", "Dừa"))
    first, second = questions(db, kept)
    assert first.text == LINES[1].replace("Sậy", "Dừa")
    assert first.summary == "Cầu ván qua rạch Dừa"
    assert second.text == LINES[3]
    assert {hit.record for hit in search_words(db, "rạch Dừa")} == {"utterance", "question"}
    assert not search_words(db, "rạch Sậy")
    assert [row["text"] for row in db["questions"].rows] == [LINES[1], LINES[3]]


def test_private_data_stays_marked_when_words_before_it_change(db: Database, kept: int) -> None:
    correct(db, kept, 3, "Dạ thưa, " + LINES[3])
    (data,) = questions(db, kept)[1].personal_data
    transcript = standing.transcript(db, kept)
    assert transcript.utterances[3].text[data.start:data.end] == "0912 345 678"


def test_an_undone_step_leaves_everything_as_it_was(db: Database, kept: int) -> None:
    before = analysis(db, kept)
    correct(db, kept, 1, "Khác hẳn.")
    one, two = ids(db, kept)
    review.merge(db, kept, HAN, one, two, history.last_id(db))
    review.mark_reviewed(db, kept, HAN, one, True, history.last_id(db))
    for _ in range(3):
        undo(db, kept)
    assert analysis(db, kept) == before
    assert review.last_step(db, kept, HAN) is None
    assert not history.broken_links(db)
    assert {hit.record for hit in search_words(db, "vô ấp")} == {"utterance", "question"}


def test_two_questions_become_one(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    review.merge(db, kept, HAN, one, two, history.last_id(db))
    (merged,) = questions(db, kept)
    assert (merged.id, merged.topic, merged.status) == (one, "T1", Status.ANSWERED)
    assert merged.text == f"{LINES[1]} {LINES[3]}"
    assert merged.answer.text == f"{LINES[2]} {LINES[4]}"
    assert [span.utterance for span in merged.spans] == [1, 3]
    assert (merged.asker, merged.flags, len(merged.personal_data)) == ("Lực", ("private",), 1)
    assert len([hit for hit in search_words(db, "đường") if hit.record == "question"]) == 1


def test_a_dropped_question_gives_its_lines_back_and_is_found_no_more(db: Database, kept: int) -> None:
    one, _ = ids(db, kept)
    review.drop(db, kept, HAN, one, history.last_id(db))
    found = analysis(db, kept)
    assert [(question.number, question.text) for question in found.questions] == [(1, LINES[3])]
    assert found.places[1:3] == (Place.OTHER, Place.OTHER)
    assert {hit.record for hit in search_words(db, "rạch Sậy")} == {"utterance"}
    undo(db, kept)
    assert len(questions(db, kept)) == 2
    assert {hit.record for hit in search_words(db, "rạch Sậy")} == {"utterance", "question"}


def test_a_question_is_added_from_lines_and_split_from_another(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    review.move(db, kept, HAN, [5], two, False, history.last_id(db))
    assert questions(db, kept)[1].text == f"{LINES[3]} {LINES[5]}"
    made = Question(0, (Span(5, 0, len(LINES[5])),), LINES[5], "Hết", None, 0.0, Status.UNANSWERED)
    added = review.add(db, kept, HAN, made, two, history.last_id(db))
    found = questions(db, kept)
    assert [question.id for question in found] == [one, two, added]
    assert (found[1].text, found[2].text) == (LINES[3], LINES[5])
    assert (found[2].asker, found[2].flags) == ("Lực", ("private",))
    undo(db, kept)
    assert questions(db, kept)[1].text == f"{LINES[3]} {LINES[5]}"


def test_moved_lines_change_their_place_and_an_emptied_question_goes(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    review.move(db, kept, HAN, [5], one, True, history.last_id(db))
    assert analysis(db, kept).places[5] is Place.ANSWER
    assert questions(db, kept)[0].answer.text == f"{LINES[2]} {LINES[5]}"
    review.release(db, kept, HAN, [2], one, history.last_id(db))
    assert questions(db, kept)[0].answer.text == LINES[5]
    review.move(db, kept, HAN, [3], one, False, history.last_id(db))
    (left,) = questions(db, kept)
    assert left.id == one and left.flags == ("private",)
    assert two not in ids(db, kept)


def test_what_a_denunciation_holds_is_neither_dropped_nor_given_to_another_answer(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    review.change(db, kept, HAN, [Edit("question", one, "flags", "[]", '["denunciation", "private"]', 0)])
    before, seen = analysis(db, kept), history.last_id(db)
    for act in (lambda: review.drop(db, kept, HAN, one, seen), lambda: review.release(db, kept, HAN, [1], one, seen),
                lambda: review.move(db, kept, HAN, [2], two, True, seen)):
        with pytest.raises(KeptSecret):
            act()
    assert analysis(db, kept) == before
    review.change(db, kept, HAN, [Edit("question", one, "flags", '["denunciation", "private"]', "[]", 1)])
    review.drop(db, kept, HAN, one, history.last_id(db))
    assert ids(db, kept) == [two]


def test_a_stale_edit_writes_nothing_of_its_step(db: Database, kept: int) -> None:
    one, _ = ids(db, kept)
    review.change(db, kept, TAN, [Edit("question", one, "agency", "UBND xã", "Công an xã", 0)])
    with pytest.raises(StaleEdit) as refused:
        review.change(db, kept, HAN, [Edit("question", one, "status", "answered_on_spot", "escalated", 0),
                                      Edit("question", one, "agency", "UBND xã", "Sở Xây dựng", 0)])
    assert (refused.value.theirs, refused.value.yours) == ("Công an xã", "Sở Xây dựng")
    assert questions(db, kept)[0].status is Status.ANSWERED
    assert review.last_step(db, kept, HAN) is None


def test_questions_are_not_merged_by_what_one_no_longer_sees(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    seen = history.last_id(db)
    review.release(db, kept, TAN, [2], one, seen)
    with pytest.raises(StaleEdit):
        review.merge(db, kept, HAN, one, two, seen)
    assert len(questions(db, kept)) == 2


def answer_of(db: Database, kept: int, text: str, by: str) -> None:
    one = questions(db, kept)[0]
    version = history.versions(db, "question", [one.id or 0]).get((one.id or 0, "answer_text"), 0)
    review.change(db, kept, by, [Edit("question", one.id or 0, "answer_text", one.answer.text, text, version)])


def ticked(db: Database, kept: int) -> list[bool]:
    return [question.reviewed for question in questions(db, kept)]


def tick_all(db: Database, kept: int, by: str) -> None:
    for key in ids(db, kept):
        review.mark_reviewed(db, kept, by, key, True, history.last_id(db))


def test_a_question_changed_after_its_tick_is_no_longer_ticked_until_that_is_undone(db: Database, kept: int) -> None:
    tick_all(db, kept, HAN)
    answer_of(db, kept, "Sang năm sẽ sửa.", TAN)
    assert ticked(db, kept) == [False, True]
    undo(db, kept, TAN)
    assert ticked(db, kept) == [True, True]
    correct(db, kept, 3, LINES[3].replace("ấp", "xóm"))
    assert ticked(db, kept) == [True, False], "its words came from the corrected line"
    review.drop(db, kept, TAN, ids(db, kept)[1], history.last_id(db))
    assert ticked(db, kept) == [True], "another question went, this one is as it was seen"


def test_undo_takes_a_later_tick_of_what_it_changes_back(db: Database, kept: int) -> None:
    tick_all(db, kept, HAN)
    answer_of(db, kept, "Sang năm sẽ sửa.", TAN)
    tick_all(db, kept, HAN)
    undo(db, kept, TAN)
    assert questions(db, kept)[0].answer.text == LINES[2] and ticked(db, kept) == [False, True]


def test_what_somebody_else_changed_meanwhile_is_not_ticked_unseen(db: Database, kept: int) -> None:
    one, two = ids(db, kept)
    seen = history.last_id(db)
    answer_of(db, kept, "Sang năm sẽ sửa.", TAN)
    answer_of(db, kept, "Tháng sau sẽ sửa.", TAN)
    with pytest.raises(StaleEdit) as refused:
        review.mark_reviewed(db, kept, HAN, one, True, seen)
    assert (refused.value.yours, refused.value.theirs) == (LINES[2], "Tháng sau sẽ sửa.")
    review.mark_reviewed(db, kept, HAN, two, True, seen)
    correct(db, kept, 1, "Cầu ván qua rạch Sậy bao giờ sửa xong?", TAN)
    review.mark_reviewed(db, kept, TAN, one, True, seen)  # his own words he has seen
    assert ticked(db, kept) == [True, True]


@pytest.mark.parametrize("what", ["drop", "merge", "split", "move", "release"])
def test_no_question_is_dropped_merged_or_split_by_what_one_no_longer_sees(db: Database, kept: int, what: str) -> None:
    one, two = ids(db, kept)
    seen = history.last_id(db)
    answer_of(db, kept, "Sang năm sẽ sửa.", TAN)
    made = Question(0, (Span(1, 0, len(LINES[1])),), LINES[1], "Cầu", None, 0.0, Status.UNANSWERED)
    acts = {"drop": lambda: review.drop(db, kept, HAN, one, seen),
            "merge": lambda: review.merge(db, kept, HAN, two, one, seen),
            "split": lambda: review.add(db, kept, HAN, made, one, seen),
            "move": lambda: review.move(db, kept, HAN, [5], one, False, seen),
            "release": lambda: review.release(db, kept, HAN, [2], one, seen)}
    with pytest.raises(StaleEdit) as refused:
        acts[what]()
    assert (refused.value.yours, refused.value.theirs) == (LINES[2], "Sang năm sẽ sửa.")
    assert ids(db, kept) == [one, two] and review.last_step(db, kept, HAN) is None


def test_a_new_question_quotes_its_lines_as_they_are(db: Database, kept: int) -> None:
    seen = history.last_id(db)
    correct(db, kept, 5, "Xin hết ạ.", TAN)
    made = Question(0, (Span(5, 0, len(LINES[5])),), LINES[5], "Hết", None, 0.0, Status.UNANSWERED)
    with pytest.raises(StaleEdit):
        review.add(db, kept, HAN, made, None, seen)


def test_nothing_is_saved_into_questions_that_the_meeting_has_no_more(db: Database, kept: int) -> None:
    one, line = ids(db, kept)[0], standing.transcript(db, kept)
    assert line
    old = line.utterances[0]
    save_transcript(db, kept, None, "test/2", line.utterances)
    for edit in (Edit("question", one, "agency", "UBND xã", "Công an xã", 0),
                 Edit("utterance", old.id or 0, "text", old.text, "Khác.", 0)):
        with pytest.raises(NotFound):
            review.change(db, kept, HAN, [edit])
    assert not history.last_id(db)


def test_undo_does_not_undo_what_somebody_else_went_on_from(db: Database, kept: int) -> None:
    correct(db, kept, 1, "Của Hân.")
    correct(db, kept, 1, "Của Tân.", TAN)
    with pytest.raises(StaleEdit):
        undo(db, kept)
    transcript = standing.transcript(db, kept)
    assert transcript.utterances[1].text == "Của Tân."


def test_what_is_typed_is_kept_until_it_is_saved_or_taken_back(db: Database, kept: int) -> None:
    edit = Edit("question", ids(db, kept)[0], "summary", "Cầu ván qua rạch Sậy", "Cầu", 0)
    typed.keep(db, typed.Typed(kept, HAN, edit))
    assert list(typed.unsaved(db, kept, HAN).values()) == [edit]
    assert not typed.unsaved(db, kept, TAN)
    typed.keep(db, typed.Typed(kept, HAN, replace(edit, after=edit.before)))
    assert not typed.unsaved(db, kept, HAN)


@pytest.mark.parametrize(("quote", "after", "wanted"), [
    ("ở ấp Gò Me, hỏi đường", "tôi ở ấp Gò Mè, xin hỏi đường", "ở ấp Gò Mè, xin hỏi đường"),
    ("chuyện khác hẳn", "tôi ở ấp Gò Mè, hỏi đường", "chuyện khác hẳn"),
    ("A. tôi ở ấp Gò Me, hỏi đường B.", "tôi ở ấp hỏi đường", "A. tôi ở ấp hỏi đường B."),
])
def test_a_correction_reaches_only_the_words_that_are_quoted(quote: str, after: str, wanted: str) -> None:
    assert carried(quote, "tôi ở ấp Gò Me, hỏi đường", after) == wanted


def test_a_marked_stretch_moves_with_its_words() -> None:
    before, after = "gọi số 0912 345 678 nhé", "xin gọi số 0912 346 678 nhé bà con"
    start, end = carried_stretch(7, 19, before, after)
    assert after[start:end] == "0912 346 678"
