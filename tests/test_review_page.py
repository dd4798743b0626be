"""The review page: a draft put right with the sound at hand, nothing typed lost, nobody overwritten."""

from __future__ import annotations

import re
import wave
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import follow_up, history, remarks, review, speaking, store, typed
from models.clocks import read_clocks
from models.folders import home
from models.records import Recording, Status, Utterance, Word
from models.review import Edit
from models.rights import Account, Role
from models.transcripts import save_analysis, save_transcript
from tests import standing
from tests.conftest import EVERYTHING, act_as
from tests.test_browser import HOSTILE
from tests.test_pages import opened, texts
from tests.test_review import LINES, TAN, kept, questions
from ui import reviewing
from ui.views import (
    approval_view,
    review_bar,
    review_desk,
    review_lines,
    review_parts,
    review_question,
    review_remarks,
    review_whole,
)
from ui.views import meeting as meeting_page
from ui.views.review_desk import Desk
from ui.views.wording import plain

__all__ = ["kept"]  # a fixture of the models' tests

HAN = EVERYTHING.name
PATIENCE = 30_000
"""Milliseconds within which a slow machine has drawn the page."""


@pytest.fixture
def heard(db: Database, kept: int) -> int:
    """The meeting with sound, its words timed and one of them unsure."""
    sound = home() / "meetings" / "sound.wav"
    sound.parent.mkdir(parents=True)
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((np.sin(np.arange(16_000 * 60) / 8) * 3000).astype("<i2").tobytes())
    recording = store.add_recording(db, Recording("x.wav", "0" * 64, "x", "meetings/sound.wav", 60.0, (), kept))
    old = standing.transcript(db, kept)
    understood = standing.analysis(db, kept)
    said = [replace(u, id=None, words=tuple(
        Word(word.lower(), u.start + i, u.start + i + 0.9, 0.3 if word == "Sậy" else 0.9)
        for i, word in enumerate(u.text.split()))) for u in old.utterances]
    save_analysis(db, save_transcript(db, kept, recording.id, "test", said), understood)
    return kept


OTHER = Account("tan.huynh", TAN, frozenset({Role.SECRETARY}))


def page_of(meeting: int, account: Account = EVERYTHING, **address: str) -> AppTest:
    act_as(account)
    app = opened("review", meeting=str(meeting), **address)
    assert not app.exception and not app.error
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception and not app.error
    return app


def progress(app: AppTest) -> str:
    return str(app.get("progress")[0].proto.text)


def test_each_question_is_ticked_off_and_what_is_left_is_told(db: Database, kept: int) -> None:
    app = page_of(kept)
    assert review_bar.LEFT.format(done=0, count=2, left=2) in progress(app)
    click(app, "review_ready")
    assert review_bar.LEFT.format(done=1, count=2, left=1) in progress(app)
    assert [q.reviewed for q in questions(db, kept)] == [True, False]
    assert "1/2" in texts(opened("meeting", meeting=str(kept)))
    click(app, "review_ready")
    assert review_bar.ALL_DONE.format(count=2) in progress(app)
    click(app, "review_undo")
    assert [q.reviewed for q in questions(db, kept)] == [True, False]


def test_a_choice_is_saved_at_once_and_shows_in_the_questions(db: Database, kept: int) -> None:
    app = page_of(kept)
    status = next(box for box in app.selectbox if box.label == review_question.STATUS_LABEL)
    status.select(Status.ESCALATED.value).run()
    assert not app.exception
    first = questions(db, kept)[0]
    assert first.status is Status.ESCALATED
    assert [entry.by for entry in history.history(db, "question", first.id or 0)] == [HAN]


def test_a_choice_that_says_what_is_stored_is_no_step(db: Database, kept: int) -> None:
    """A page that is left while it is still drawn hands its choices over again, though nobody made them."""
    question = questions(db, kept)[0]
    held = standing.transcript(db, kept)
    analysis = standing.analysis(db, kept)
    desk = Desk(store.meeting(db, kept), TAN, held, analysis, question, {}, {}, 0)
    review_desk.save_one(desk, ("question", question.id or 0, "topic"), question.topic or "")
    review_desk.save_one(desk, ("question", question.id or 0, "status"), question.status)
    assert review.last_step(db, kept, TAN) is None
    review_desk.save_one(desk, ("question", question.id or 0, "status"), Status.ESCALATED)
    assert questions(db, kept)[0].status == Status.ESCALATED


def test_a_choice_made_over_somebody_elses_is_shown_not_saved(db: Database, kept: int) -> None:
    app = page_of(kept)
    first = questions(db, kept)[0].id or 0
    review.change(db, kept, TAN, [Edit("question", first, "status", "answered_on_spot", "unanswered", 0)])
    status = next(box for box in app.selectbox if box.label == review_question.STATUS_LABEL)
    status.select(Status.ESCALATED.value).run()
    assert questions(db, kept)[0].status is Status.UNANSWERED
    assert review_bar.CONFLICT.split("**")[2][:20] in texts(app)
    click(app, f"yours_question_{first}_status")
    assert questions(db, kept)[0].status is Status.ESCALATED


def test_a_text_on_the_desk_and_its_version_are_of_one_moment(
        db: Database, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first, read = questions(db, kept)[0], review_desk.current_analysis

    def slowly(*arguments: Any) -> Any:
        found = read(*arguments)
        with store.open_store() as other:
            review.change(other, kept, TAN, [Edit("question", first.id or 0, "summary", first.summary, "Của Tân", 0)])
        return found

    monkeypatch.setattr(review_desk, "current_analysis", slowly)
    desk = review_desk.read_desk(db, store.meeting(db, kept), EVERYTHING)
    key = ("question", first.id or 0, "summary")
    assert desk and (desk.stored(key), desk.version(key)) == (first.summary, 0)
    assert questions(db, kept)[0].summary == "Của Tân"


def test_find_and_replace_shows_first_and_is_one_step(db: Database, kept: int) -> None:
    app = page_of(kept)
    app.toggle(key="review_find").set_value(True).run()
    app.text_input(key="review_find_what").set_value("đường").run()
    app.text_input(key="review_put_what").set_value("lộ").run()
    assert review_bar.FOUND.format(lines=2, fields=3) in texts(app)
    assert "lộ" not in questions(db, kept)[1].text
    click(app, "review_replace")
    changed = questions(db, kept)[1]
    assert changed.text.startswith("Còn lộ vô ấp")
    assert (changed.summary, changed.answer.text) == ("lộ vô ấp", "lộ đã có tiền rồi.")
    click(app, "review_undo")
    assert questions(db, kept)[1].text == LINES[3] and questions(db, kept)[1].summary == "Đường vô ấp"


def test_an_unsaved_text_is_there_again_for_its_writer_only(db: Database, kept: int) -> None:
    first = questions(db, kept)[0].id or 0
    typed.keep(db, typed.Typed(kept, HAN, Edit("question", first, "summary", "Cầu ván qua rạch Sậy", HOSTILE, 0)))
    assert review_bar.SAVE_COUNT.format(count=1) in [b.label for b in page_of(kept).button]
    assert review_bar.SAVE in [b.label for b in page_of(kept, OTHER).button]
    assert questions(db, kept)[0].summary == "Cầu ván qua rạch Sậy"
    click(page_of(kept), "review_save")
    assert questions(db, kept)[0].summary == HOSTILE
    assert not typed.unsaved(db, kept, HAN)


def test_words_have_the_second_at_which_they_were_said() -> None:
    words = tuple(Word(w, float(i), i + 0.9, 0.3 if w == "mươi" else 0.9) for i, w in
                  enumerate(["có", "hai", "mươi", "hộ"]))
    line = Utterance(0, 4, "S1", "Có 20 hộ.", "có hai mươi hộ", words)
    assert [(w.text, w.at, w.is_unsure) for w in reviewing.timed(line, False)] == [
        ("Có", 0.0, False), ("20", 1.0, True), ("hộ.", 3.0, False)]
    assert not any(w.is_unsure for w in reviewing.timed(replace(line, text="Có 21 hộ."), True))


def test_a_question_out_of_lines_keeps_what_is_private_to_itself() -> None:
    said = [Utterance(0, 2, "S1", "Tôi tố cáo ông Hồ Tham nhận tiền."), Utterance(2, 4, "S1", "Số 0912 345 678.")]
    made = reviewing.as_question(said, [0, 1])
    assert set(made.flags) == {"denunciation", "private"}
    assert any(said[d.utterance].text[d.start:d.end] == "0912 345 678" for d in made.personal_data)
    assert reviewing.as_question([replace(said[0], text="Cầu sập.")], [0]).flags == ()


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(element for element in app.get(kind) if element.label == label)


def test_a_question_is_merged_with_any_other(db: Database, kept: int) -> None:
    first, second = questions(db, kept)
    app = click(page_of(kept, cau=str(first.id)), "review_merge")
    assert field(app, "selectbox", review_whole.MERGE_WITH.format(number=1)).value == second.id
    click(app, "review_merge_now")
    (left,) = questions(db, kept)
    assert left.id == second.id and left.text == f"{LINES[1]} {LINES[3]}"


def test_two_matters_in_one_breath_are_parted_at_a_word(db: Database, kept: int, page: Page) -> None:
    page.goto(f"{page.url}ra-soat?meeting={kept}&cau={questions(db, kept)[1].id}")
    page.get_by_role("button", name=review_whole.PART).click(timeout=PATIENCE)
    word = page.locator(".cut")
    expect(word.first).to_be_disabled(timeout=PATIENCE)
    word.get_by_text("Số", exact=True).click()
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=3, left=3))).to_be_visible(timeout=PATIENCE)
    _, one, two = questions(db, kept)
    assert (one.text, two.text) == ("Còn đường vô ấp thì sao?", "Số của tôi 0912 345 678.")
    assert one.answer == two.answer and two.personal_data == one.personal_data  # as secret as it was
    page.keyboard.press("Alt+z")
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=2, left=2))).to_be_visible(timeout=PATIENCE)
    assert questions(db, kept)[1].text == LINES[3]


def test_another_term_is_another_day_until_a_person_sets_one(db: Database, kept: int) -> None:
    second = questions(db, kept)[1].id or 0
    review.change(db, kept, HAN, [Edit("question", second, "deadline", "", "trước ngày 30/6", 0)])
    assert questions(db, kept)[1].answer.deadline_date == "2026-06-30"
    day = field(page_of(kept, cau=str(second)), "date_input", review_question.DAY)
    assert day.value == date(2026, 6, 30)
    day.set_value(date(2026, 7, 15)).run()
    review.change(db, kept, HAN, [Edit("question", second, "deadline", "trước ngày 30/6", "cuối quý III", 1)])
    assert questions(db, kept)[1].answer.deadline_date == "2026-07-15"
    (promise,) = follow_up.promises(db, read_clocks(home()), kept)
    assert promise.due == date(2026, 7, 15)


def test_a_person_says_what_is_a_denunciation_and_who_is_not_named(db: Database, kept: int) -> None:
    app = page_of(kept)
    for label, flags in ((review_question.NAMELESS, ("anonymous",)),
                         (review_question.SECRET, ("denunciation", "anonymous", "private"))):
        field(app, "checkbox", label).check().run()
        assert questions(db, kept)[0].flags == flags
    field(app, "checkbox", review_question.SECRET).uncheck().run()
    assert questions(db, kept)[0].flags == ("anonymous", "private")


def test_who_somebody_is_can_be_put_right_where_a_line_is(db: Database, kept: int) -> None:
    said = standing.transcript(db, kept)
    line = said.utterances[1]
    review.change(db, kept, HAN, [Edit("utterance", line.id or 0, "speaker", line.speaker, "Hồ Lực", 0)])
    app = page_of(kept)
    app.session_state["review_edit"] = 1
    app.run()
    field(app, "selectbox", review_lines.ROLE.format(name="Hồ Lực")).select("citizen").run()
    assert not app.exception and not app.error
    assert "Hồ Lực" in speaking.who_is_who(db, store.meeting(db, kept), said.id)[1]


def test_remarks_are_told_counted_and_closed_before_signing(db: Database, kept: int) -> None:
    first = questions(db, kept)[0].id or 0
    app = page_of(kept, OTHER, cau=str(first))
    field(app, "text_input", review_remarks.WRITE).set_value(f"Xem lại tên cầu {HOSTILE}").run()
    click(app, f"review_send_question_{first}")
    (told,) = remarks.remarks(db, kept)
    assert (told.by, told.is_open) == (TAN, True)
    for question in questions(db, kept):
        review.mark_reviewed(db, kept, HAN, question.id or 0, True, history.last_id(db))
    app = page_of(kept, cau=str(first))
    assert "còn 1 ý kiến" in progress(app) and TAN in texts(app) and plain(HOSTILE) in texts(app)
    minutes = opened("meeting", meeting=str(kept), xem=meeting_page.PAPERS)
    assert approval_view.REMARKS.format(count=1) in texts(minutes)
    assert approval_view.SIGN not in [button.label for button in minutes.button]
    click(app, f"review_settle_{told.id}")
    assert remarks.remarks(db, kept)[0].done_by == HAN and "ý kiến" not in progress(app)
    minutes = opened("meeting", meeting=str(kept), xem=meeting_page.PAPERS)
    assert approval_view.SIGN in [button.label for button in minutes.button]


def test_remarks_on_what_is_hidden_are_hidden(db: Database, kept: int) -> None:
    second = questions(db, kept)[1]
    review.change(db, kept, HAN, [Edit("question", second.id or 0, "flags", '["private"]', '["denunciation"]', 0)])
    said = standing.transcript(db, kept)
    remarks.add(db, kept, "question", second.id or 0, "Hồ Tham nhận tiền", HAN)
    remarks.add(db, kept, "utterance", said.utterances[3].id or 0, "Hồ Tham nhận tiền", HAN)
    assert "Hồ Tham" not in texts(page_of(kept, OTHER, cau=str(second.id)))
    assert "Hồ Tham" in texts(page_of(kept, cau=str(second.id)))
    app = page_of(kept, OTHER)
    app.toggle(key="review_find").set_value(True).run()
    app.text_input(key="review_find_what").set_value("nội dung").run()  # as in what stands in place of it
    assert plain(review_bar.NOT_FOUND.format(words="nội dung")) in texts(app)


def test_an_official_puts_a_draft_right(page: Page, db: Database, heard: int) -> None:
    home_address = page.url
    page.goto(f"{home_address}ho-so?meeting={heard}")
    page.get_by_role("button", name=meeting_page.REVIEW, exact=True).click()
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=2, left=2))).to_be_visible()

    # Hear a word: a short clip that begins three seconds before it, not the recording.
    unsure = page.locator(".unsure")
    expect(unsure).to_have_text(["Sậy"])
    unsure.click()
    sound = page.locator("audio")
    expect(sound).to_have_js_property("readyState", 4)
    assert sound.evaluate("sound => sound.duration") < 20
    assert sound.evaluate("sound => Number(sound.dataset.at)") == 3.0

    # Correct a line; what is typed outlives a refresh that comes before it is saved.
    page.get_by_role("button", name=re.compile(f"{review_parts.EDIT} 00:00:10")).click()
    line = page.get_by_label(review_lines.TEXT, exact=True)
    line.fill(LINES[1].replace("Sậy", "Dừa"))
    expect(page.get_by_role("button", name=review_bar.SAVE_COUNT.format(count=1))).to_be_visible()
    page.reload()
    save = page.get_by_role("button", name=review_bar.SAVE_COUNT.format(count=1))
    expect(save).to_be_visible()
    assert "Dừa" not in questions(db, heard)[0].text
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label(review_question.TEXT, exact=True)).to_have_value(LINES[1].replace("Sậy", "Dừa"))
    expect(page.locator(".unsure")).to_have_count(0)

    # A second writer was faster: both texts are shown, and mine is saved only when I say so.
    summary = page.get_by_label(review_question.SUMMARY)
    first = questions(db, heard)[0]
    version = history.versions(db, "question", [first.id or 0]).get((first.id or 0, "summary"), 0)
    review.change(db, heard, TAN, [Edit("question", first.id or 0, "summary", first.summary, "Của Tân", version)])
    summary.fill(HOSTILE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(review_bar.THEIRS)).to_be_visible()
    expect(page.locator(".dt-conflict")).to_have_text(["Của Tân", HOSTILE])
    assert questions(db, heard)[0].summary == "Của Tân"
    page.get_by_role("button", name=review_bar.KEEP_YOURS).click()
    expect(page.get_by_text(review_bar.THEIRS)).to_have_count(0)
    assert questions(db, heard)[0].summary == HOSTILE

    # Two questions become one, and two again.
    page.keyboard.press("Alt+ArrowDown")
    expect(summary.first).to_have_value("Đường vô ấp")
    expect(summary).to_have_count(1)  # all of the question before is gone
    page.get_by_role("button", name=review_whole.MERGE).click()
    page.get_by_role("button", name=review_whole.MERGE_NOW).click()
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=1, left=1))).to_be_visible()
    expect(page.get_by_role("button", name=review_whole.MERGE)).to_be_disabled()
    page.keyboard.press("Alt+z")
    expect(page.get_by_text(review_bar.LEFT.format(done=0, count=2, left=2))).to_be_visible()

    # Looked through, with the keyboard alone; it shows in the meeting.
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text(review_bar.LEFT.format(done=1, count=2, left=1))).to_be_visible()
    page.goto(f"{home_address}ho-so?meeting={heard}")
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert not history.broken_links(db)
