"""The final pass: what is heard anew is shown, taken or left, and people's edits stay on top."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import history, jobs, proposals, review, store, transcripts
from models.errors import FrozenMinutes, NotFound, NotReplaceable
from models.merging import KEPT, Outcome, merged, same_speakers
from models.records import Analysis, Meeting, MeetingState, Place, Question, Span, Status, Utterance
from models.transcripts import Transcript
from tests import standing
from tests.test_batch import Here
from tests.test_pages import opened, texts
from transcribe.crew import Crew
from ui import final, work, worker
from ui.errors import explain
from ui.views import final_view
from ui.views import meeting as meeting_page
from ui.work import Engine

LIVE = [Utterance(0, 4, "S1", "Kính thưa hội nghị.", "kính thưa hội nghị"),
        Utterance(5, 9, "S2", "Tôi hỏi sổ đỏ.", "tôi hỏi sổ đỏ"),
        Utterance(10, 11, "S1", "Xin mời bà.", "xin mời bà"),
        Utterance(11.1, 20, "S2", "Cảm ơn ông.", "cảm ơn ông")]
AGAIN = [Utterance(0, 4, "S1", "Kính thưa hội nghị.", "kính thưa hội nghị"),
         Utterance(5.1, 9.2, "S2", "Tôi hỏi sổ hồng.", "tôi hỏi sổ hồng"),
         Utterance(10, 20, "S2", "Xin mời bà cảm ơn ông.", "xin mời bà cảm ơn ông")]


@pytest.fixture
def live(db: Database, home: Path, meeting: Meeting, clips: dict[Path, str],
         monkeypatch: pytest.MonkeyPatch) -> Transcript:
    monkeypatch.setattr(work, "embedder_if_installed", lambda: None)
    kept = store.add_meeting(db, meeting)
    clip = next(iter(clips))
    recording = work.import_recording(db, home, clip, kept.id or 0, lambda share, message: None)
    return transcripts.save_transcript(db, kept.id or 0, recording.id, "test", LIVE)


def edit(db: Database, live: Transcript, position: int, field: str, after: str) -> None:
    one = live.utterances[position]
    history.revise(db, "utterance", one.id or 0, field, getattr(one, field), after, "Hân", 0)


def said(db: Database, meeting: int) -> list[tuple[str, str]]:
    current = standing.transcript(db, meeting)
    return [(one.speaker, one.text) for one in current.utterances]


def test_nothing_changes_until_it_is_taken(db: Database, live: Transcript) -> None:
    proposals.propose(db, live, "test/2", AGAIN)
    assert said(db, live.meeting) == [(one.speaker, one.text) for one in LIVE]
    proposals.leave(db, live.meeting)
    with pytest.raises(NotFound):
        final.take(db, live.meeting)
    assert said(db, live.meeting) == [(one.speaker, one.text) for one in LIVE]


def test_without_edits_the_new_words_hold_and_questions_are_found_anew(db: Database, live: Transcript) -> None:
    proposals.propose(db, live, "test/2", AGAIN)
    taken = final.take(db, live.meeting)
    assert said(db, live.meeting) == [(one.speaker, one.text) for one in AGAIN]
    assert transcripts.current_analysis(db, taken) is not None
    assert proposals.proposal(db, live.meeting) is None


def test_an_edit_stays_on_top_of_the_new_words(db: Database, live: Transcript) -> None:
    edit(db, live, 1, "text", "Tôi hỏi về sổ hồng nhà tôi.")
    proposed = proposals.propose(db, live, "test/2", AGAIN)
    assert [side.outcome for side in proposals.beside(db, proposed)] == [
        Outcome.SAME, Outcome.CARRIED, Outcome.CHANGED]
    taken = final.take(db, live.meeting)
    one = taken.utterances[1]
    assert (one.text, one.heard) == ("Tôi hỏi về sổ hồng nhà tôi.", "tôi hỏi sổ hồng")
    (revision,) = history.history(db, "utterance", one.id or 0)
    assert (revision.before, revision.by) == ("Tôi hỏi sổ hồng.", "Hân")
    assert not history.broken_links(db)


def test_where_an_edit_belongs_to_no_certain_utterance_the_old_ones_stay_and_say_so(
        db: Database, live: Transcript) -> None:
    edit(db, live, 2, "text", "Xin mời bà Lan.")
    proposals.propose(db, live, "test/2", AGAIN)
    taken = final.take(db, live.meeting)
    assert [one.text for one in taken.utterances] == [
        "Kính thưa hội nghị.", "Tôi hỏi sổ hồng.", "Xin mời bà Lan.", "Cảm ơn ông."]
    assert [KEPT in one.flags for one in taken.utterances] == [False, False, True, True]


def test_words_never_pass_to_whoever_bears_the_same_number() -> None:
    old = [Utterance(0, 10, "S1", "a", id=1), Utterance(11, 20, "S2", "b", id=2), Utterance(21, 25, "S3", "c", id=3)]
    new = [Utterance(0, 10, "S2", "a"), Utterance(11, 20, "S1", "b"), Utterance(21, 25, "S1", "c")]
    assert same_speakers(old, new) == {"S1": "S2", "S2": "S4", "S3": "S5"}
    lines = merged(old, new, {1: {"text": "A"}, 3: {"speaker": "S1"}})
    assert [(line.utterance.speaker, dict(line.edits)) for line in lines] == [
        ("S2", {"text": "A"}), ("S1", {}), ("S1", {"speaker": "S2"})]


def test_every_old_or_new_word_lands_in_exactly_one_stretch() -> None:
    edited = {3: {"text": "Xin mời bà Lan."}}
    old = [Utterance(one.start, one.end, one.speaker, one.text, id=at) for at, one in enumerate(LIVE, 1)]
    lines = merged(old, AGAIN, edited)
    assert [line.utterance.start for line in lines] == sorted(line.utterance.start for line in lines)
    assert len(lines) == 4


@pytest.mark.parametrize("state", [MeetingState.APPROVED, MeetingState.PUBLISHED])
def test_what_was_approved_is_not_replaced(db: Database, live: Transcript, state: MeetingState) -> None:
    proposals.propose(db, live, "test/2", AGAIN)
    store.set_state(db, live.meeting, state)
    with pytest.raises(FrozenMinutes):
        final.take(db, live.meeting)
    assert said(db, live.meeting) == [(one.speaker, one.text) for one in LIVE]


def test_edited_questions_are_not_lost(db: Database, live: Transcript) -> None:
    asked = Question(1, (Span(1, 0, 14),), "Tôi hỏi sổ đỏ.", "Sổ đỏ", None, 0.0, Status.UNANSWERED)
    (question,) = transcripts.save_analysis(db, live, Analysis((asked,), (Place.OTHER,) * 4, "test")).questions
    history.revise(db, "question", question.id or 0, "summary", "Sổ đỏ", "Sổ đỏ bị chậm", "Hân", 0)
    proposals.propose(db, live, "test/2", AGAIN)
    with pytest.raises(NotReplaceable, match="edited_questions"):
        final.take(db, live.meeting)


def test_a_dropped_question_does_not_come_back(db: Database, live: Transcript) -> None:
    asked = Question(1, (Span(1, 0, 14),), "Tôi hỏi sổ đỏ.", "Sổ đỏ", None, 0.0, Status.UNANSWERED)
    (question,) = transcripts.save_analysis(db, live, Analysis((asked,), (Place.OTHER,) * 4, "test")).questions
    review.drop(db, live.meeting, "Hân", question.id or 0, history.last_id(db))
    proposals.propose(db, live, "test/2", AGAIN)
    with pytest.raises(NotReplaceable, match="dropped_questions") as told:
        final.take(db, live.meeting)
    assert "bỏ 1 câu hỏi" in explain(told.value)


def test_the_worker_hears_the_meeting_anew_and_the_page_shows_both(
        db: Database, home: Path, live: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(final, "processes", lambda count: nullcontext(Crew(Here(), 1)))
    job = jobs.add_job(db, jobs.FINAL, live.meeting, live.recording)
    worker.do(db, home, job)
    ended = jobs.job(db, job.id)
    assert (ended.state, ended.message) == (jobs.DONE, work.DONE)
    app = opened("meeting", meeting=str(live.meeting), xem=meeting_page.WORDS)
    assert not app.exception
    assert "Đã nghe lại xong" in texts(app)
    next(button for button in app.button if button.label == final_view.TAKE).click().run()
    assert "kính thưa hội nghị" not in " ".join(text.lower() for _, text in said(db, live.meeting))


def test_the_recogniser_is_chosen_beside_the_button_and_the_usual_one_still_listens_for_names(
        db: Database, home: Path, live: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(final_view, "is_installed", lambda weights: True)
    monkeypatch.setattr(final_view, "ensure_running", lambda: None)
    app = opened("meeting", meeting=str(live.meeting), xem=meeting_page.WORDS)
    assert list(app.selectbox(key="final_engine").options) == list(final_view.ENGINES.values())
    app.button(key="final_pass").click().run()
    job = jobs.latest_job(db, live.meeting)
    assert job is not None and job.options["engine"] == "vietasr"
    asked: list[Engine | None] = []
    monkeypatch.setattr(final, "final_pass", lambda db, folder, meeting, progress, engine: asked.append(engine))
    final.do_job(db, home, job, lambda share, message: None)
    final.do_job(db, home, replace(job, options={"engine": "whisper"}), lambda share, message: None)
    assert asked == [None, Engine("whisper")]


def test_the_final_pass_listens_for_the_names_of_the_meeting(meeting: Meeting) -> None:
    assert "Lê Thị Hân" in final.best_engine(meeting).hot_words
    assert final.best_engine(meeting).name == Engine().name


def test_the_words_that_differ_are_marked_and_nothing_else_becomes_html() -> None:
    assert final_view.differing(["sổ", "<đỏ>", "chậm"], ["sổ", "hồng", "chậm", "quá"]) == (
        "sổ <mark>&lt;đỏ&gt;</mark> chậm", "sổ <mark>hồng</mark> chậm <mark>quá</mark>")
