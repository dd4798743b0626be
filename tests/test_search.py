"""Any past meeting is found again: by word, without tone marks, by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from models import approval, planning, review, speaking, store, transcripts
from models.communes import commune
from models.folding import fold
from models.lines import Audience
from models.records import Analysis, Answer, Meeting, Place, Question, Span, Status, Utterance
from models.review import Edit
from models.rights import Account, Role
from models.search import (
    ANYTHING,
    Filters,
    Kind,
    Sight,
    Vector,
    choices,
    search,
    search_meaning,
    search_words,
    visible,
)
from models.vectors import add_vectors
from tests import standing
from tests.test_approval import TAN, put_out
from ui import searching

LINES = ("Đường tỉnh 769 chưa có đèn tín hiệu", "Mương thoát nước bị bít", "Tiền đền bù chậm quá")


@pytest.fixture
def filled(db: Database, meeting: Meeting) -> Database:
    kept = store.add_meeting(db, meeting)
    said = [Utterance(i, i + 1, "S1", text) for i, text in enumerate(LINES)]
    transcripts.save_transcript(db, kept.id or 0, None, "test", said)
    return db


@pytest.mark.parametrize(("text", "folded"), [
    ("Đường Tỉnh", "duong tinh"), ("ƯƠNG", "uong"), ("Nguyễn Thị Thủy", "nguyen thi thuy"), ("đ" + "à", "da")])
def test_folding_takes_off_case_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("typed", ["đường tỉnh", "ĐƯỜNG TỈNH", "duong tinh", "Duong 769"])
def test_words_are_found_with_and_without_marks(filled: Database, typed: str) -> None:
    assert [hit.text for hit in search_words(filled, typed)] == [LINES[0]]


@pytest.mark.parametrize("typed", ["ủy ban nhân dân", "uy ban nhan dan", "UBND", "một triệu hai", "1,2 triệu"])
def test_words_are_found_as_written_and_as_heard(db: Database, meeting: Meeting, typed: str) -> None:
    kept = store.add_meeting(db, meeting)
    said = Utterance(0, 3, "S1", "UBND xã thu 1,2 triệu.", "ủy ban nhân dân xã thu một triệu hai")
    transcripts.save_transcript(db, kept.id or 0, None, "test", [said])
    assert [hit.text for hit in search_words(db, typed)] == ["UBND xã thu 1,2 triệu."]


def test_a_word_typed_with_marks_means_just_that_word(filled: Database) -> None:
    assert not search_words(filled, "mướng")


@pytest.mark.parametrize("typed", ['"', "a AND", "NEAR(", "text:", "-", "", "đường*", "x' OR 1=1 --", "^"])
def test_signs_in_a_query_are_not_operators(filled: Database, typed: str) -> None:
    search_words(filled, typed)


def _by_length(texts: list[str]) -> Vector:
    """A stand-in for the embedder: a vector that tells texts apart."""
    vectors = np.array([[len(text), 10.0, text.count("m")] for text in texts], dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def asked(db: Database, meeting: Meeting) -> Database:
    """Two meetings: two questions with answers in the first, a denunciation in the second."""
    first = store.add_meeting(db, meeting)
    _understand(db, first, [
        Question(1, (Span(0, 0, 9),), "Chừng nào làm đường, gọi tôi số 0912345678?", "Hỏi làm đường.", "T1", 0.9,
                 Status.PROMISED, Answer((1,), "Phòng Kinh tế sẽ khảo sát đường.", "Lê Thị Hân", "Phòng Kinh tế"),
                 "An"),
        Question(2, (Span(2, 0, 9),), "Rác để đâu?", "Hỏi về rác.", "T2", 0.9, Status.ANSWERED,
                 Answer((1,), "Để ở bãi rác.", "S9", "UBND xã"), "Bình")])
    second = store.add_meeting(db, replace(meeting, title="Hội nghị xã Vũ Lâm", date="2025-03-01"))
    _understand(db, second, [
        Question(1, (Span(0, 0, 9),), "Tôi tố cáo ông Tham làm đường.", "Tố cáo.", None, 0.0, Status.UNANSWERED,
                 Answer((1,), "Đã ghi nhận.", "S9"), "Cúc", flags=("denunciation",))])
    return db


def _understand(db: Database, meeting: Meeting, questions: Sequence[Question]) -> None:
    said = [Utterance(0, 2, "S1", "Làm đường đi."), Utterance(2, 9, "Lê Thị Hân", "Sẽ làm đường."),
            Utterance(9, 11, "S2", "Rác nhiều quá.")]
    transcript = transcripts.save_transcript(db, meeting.id or 0, None, "test", said)
    places = (Place.QUESTION, Place.ANSWER, Place.QUESTION)
    transcripts.save_analysis(db, transcript, Analysis(tuple(questions), places, "test"))


def _found(db: Database, words: str, filters: Filters = ANYTHING) -> set[tuple[int, str, str]]:
    return {(hit.meeting, hit.record, hit.text.splitlines()[-1]) for hit in search_words(db, words, 20, filters)}


ROAD = (1, "question", "Chừng nào làm đường, gọi tôi số 0912345678?")
SURVEY = (1, "answer", "Phòng Kinh tế sẽ khảo sát đường.")
SAID, REPLIED = (1, "utterance", "Làm đường đi."), (1, "utterance", "Sẽ làm đường.")


@pytest.mark.parametrize(("filters", "expected"), [
    (Filters(kind=Kind.QUESTIONS, year=2026), {ROAD}),
    (Filters(kind=Kind.ANSWERS), {SURVEY}),
    (Filters(topic="Thủ tục hành chính về đất đai"), {ROAD, SURVEY}),
    (Filters(topic="Vệ sinh môi trường, thoát nước"), set()),
    (Filters(status="promised_no_answer"), {ROAD, SURVEY}),
    (Filters(agency="Phòng Kinh tế"), {ROAD, SURVEY}),
    (Filters(role="chair", commune="xã Tân Hòa"), {SURVEY, REPLIED}),
    (Filters(role="citizen", year=2026), {ROAD, SAID}),
    (Filters(commune="xã Tân Hòa"), {ROAD, SURVEY, SAID, REPLIED}),
    (Filters(commune="xã Khác"), set())])
def test_every_filter_leaves_only_what_it_names(
        asked: Database, filters: Filters, expected: set[tuple[int, str, str]]) -> None:
    assert _found(asked, "đường", filters) == expected


def test_what_there_is_to_filter_by_is_told(asked: Database) -> None:
    assert choices(asked) == {
        "commune": ["xã Tân Hòa", "xã Vũ Lâm"], "year": ["2026", "2025"], "agency": ["Phòng Kinh tế", "UBND xã"],
        "topic": ["Thủ tục hành chính về đất đai", "Vệ sinh môi trường, thoát nước"]}


@pytest.mark.parametrize(("title", "place", "expected"), [
    ("Hội nghị đối thoại xã Vũ Lâm (hư cấu), tỉnh Hưng Yên", "Hội trường", "xã Vũ Lâm"),
    ("Đối thoại quý I", "Nhà văn hóa phường An Phú, thành phố", "phường An Phú"),
    ("Đối thoại", "Phường 12", "phường 12"),
    ("Gặp bà con trong xã", "Hội trường lớn", "Hội trường lớn"), ("", "Đặc khu Phú Quốc", "đặc khu Phú Quốc")])
def test_the_commune_is_read_out_of_title_or_place(title: str, place: str, expected: str) -> None:
    assert commune(title, place) == expected


def test_edits_in_review_are_found_at_once_and_the_old_words_no_longer(asked: Database) -> None:
    key = next(hit.record_id for hit in search_words(asked, "rác để đâu") if hit.record == "question")
    review.change(asked, 1, "Hân", [
        Edit("question", key, "topic", "T2", "T1", 0), Edit("question", key, "agency", "UBND xã", "Công an xã", 0),
        Edit("question", key, "answer_text", "Để ở bãi rác.", "Có xe thu gom.", 0)])
    here = Filters(topic="Thủ tục hành chính về đất đai", agency="Công an xã")
    assert (1, "answer", "Có xe thu gom.") in _found(asked, "thu gom", here)
    assert not _found(asked, "bãi rác")
    review.drop(asked, 1, "Hân", key, 99)
    assert not _found(asked, "thu gom")


def test_a_named_speaker_is_found_under_the_role_of_that_name(asked: Database) -> None:
    transcript = standing.transcript(asked, 1)
    said = transcript.utterances[2]
    speaking.give(asked, transcript.id, speaking.Kind.NAME, [said], "Huỳnh Tân", "Hân")
    assert _found(asked, "rác nhiều", Filters(role="secretary")) == {(1, "utterance", "Rác nhiều quá.")}


def test_a_denunciation_is_found_only_by_those_named_for_it(asked: Database) -> None:
    official = Account("tan", "Tân", frozenset({Role.OFFICIAL}))
    assert not [hit for hit in search_words(asked, "đường", 20, ANYTHING, visible(official)) if hit.meeting == 2]
    named = replace(official, sees_denunciations=True)
    assert {hit.record for hit in search_words(asked, "đường", 20, ANYTHING, visible(named)) if hit.meeting == 2} == {
        "question", "utterance"}


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_who_sees_no_drafts_finds_only_the_masked_text_of_published_meetings(
        asked: Database, home: Path, role: Role) -> None:
    sight = visible(Account("r", "R", frozenset({role}), sees_denunciations=True))
    assert not searching.find(asked, "đường", sight=sight)
    for meeting in (1, 2):
        put_out(asked, home, meeting)
    found = searching.find(asked, "đường", sight=sight)
    assert {(hit.meeting, hit.record) for hit in found} == {(1, "question"), (1, "answer")}
    assert not any("0912345678" in hit.text for hit in found)
    for words in ("0912345678", "tố cáo", "Tham", "làm đường đi"):
        assert not searching.find(asked, words, sight=sight), words
    assert searching.find(asked, "0912345678")


def test_readers_find_the_published_version_until_its_correction_is_published(asked: Database, home: Path) -> None:
    put_out(asked, home, 1)
    sight = Sight(Audience.PUBLIC)
    (before,) = searching.find(asked, "rác để đâu", sight=sight)
    key = before.record_id
    approval.open_correction(asked, approval.standing(asked, 1), TAN, "Sai chữ")
    assert searching.find(asked, "rác để đâu", sight=sight) == [before]
    review.change(asked, 1, "Hân", [Edit("question", key, "text", "Rác để đâu?", "Nước thải chảy đâu?", 0)])
    held = store.meeting(asked, 1)
    planning.change_meeting(asked, held, replace(held, title="Hội nghị xã Vũ Lâm"), "Hân")
    assert not searching.find(asked, "nước thải", sight=sight)
    (still,) = searching.find(asked, "rác để đâu", sight=sight)
    assert replace(still, score=before.score) == before
    assert choices(asked, sight)["commune"] == ["xã Tân Hòa"]
    put_out(asked, home, 1)
    assert not searching.find(asked, "để đâu", sight=sight)
    assert searching.find(asked, "nước thải", sight=sight)
    assert choices(asked, sight)["commune"] == ["xã Vũ Lâm"]


def test_lines_of_an_older_program_are_made_anew(asked: Database) -> None:
    asked.execute("update lines set topic = '', role = ''")
    asked.execute("delete from lines where record = 'answer'")
    asked.execute("update meetings set indexed = 0")
    asked.conn.commit()
    searching.find(asked, "đường")
    assert _found(asked, "đường", Filters(topic="Thủ tục hành chính về đất đai")) == {ROAD, SURVEY}
    assert _found(asked, "đường", Filters(role="chair", year=2026)) == {SURVEY, REPLIED}


def test_meaning_finds_the_nearest_question_or_answer(asked: Database) -> None:
    assert add_vectors(asked, _by_length, "length") == 6
    assert add_vectors(asked, _by_length, "length") == 0
    near = _by_length([SURVEY[2]])[0]
    assert [hit.text for hit in search_meaning(asked, near, "length", limit=1)] == [SURVEY[2]]
    only = Filters(kind=Kind.QUESTIONS, agency="UBND xã")
    assert [hit.text for hit in search_meaning(asked, near, "length", filters=only)] == ["Hỏi về rác.\nRác để đâu?"]
    assert 2 not in {hit.meeting for hit in search_meaning(asked, near, "length", sight=Sight(denunciations=False))}


def test_meaning_forgets_a_text_that_was_edited_and_learns_the_new_one(asked: Database) -> None:
    add_vectors(asked, _by_length, "length")
    key = next(hit.record_id for hit in search_words(asked, "khảo sát"))
    review.change(asked, 1, "Hân", [Edit("question", key, "answer_text", SURVEY[2], "Xong.", 0)])
    near = _by_length([SURVEY[2]])[0]
    assert SURVEY[2] not in [hit.text for hit in search_meaning(asked, near, "length")]
    assert add_vectors(asked, _by_length, "length") == 1
    assert [hit.text for hit in search_meaning(asked, _by_length(["Xong."])[0], "length", limit=1)] == ["Xong."]
    assert add_vectors(asked, _by_length, "another") == 6


def test_words_and_meaning_are_joined(asked: Database) -> None:
    add_vectors(asked, _by_length, "length")
    hits = search(asked, "khảo sát", _by_length([SURVEY[2]])[0], "length")
    assert hits[0].text == SURVEY[2]
    assert len(hits) == 6
