"""Masks that a person adds or lifts in review: recorded, undone as one step, obeyed by every paper."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import history, review, store
from models.records import Analysis, Meeting, PersonalData, Place, Question, Span, Status, Utterance
from models.review import Edit, Kind
from models.transcripts import save_analysis, save_transcript
from summarize.masking import MASK, told, told_lines, veil
from tests import standing
from tests.conftest import EVERYTHING
from tests.test_review import HAN, analysis, kept, questions, undo
from tests.test_review_page import heard, page_of
from ui import masks
from ui.seen import as_seen
from ui.views import review_bar, review_masks

__all__ = ["heard", "kept"]  # fixtures
PHONE = "0912 345 678"


def said(db: Database, meeting: int) -> tuple[Utterance, ...]:
    transcript = standing.transcript(db, meeting)
    return transcript.utterances


def _version(db: Database) -> masks.Version:
    return lambda key, name: history.versions(db, "question", [key]).get((key, name), 0)


def save(db: Database, meeting: int, edits: list[Edit]) -> None:
    review.change(db, meeting, HAN, edits, Kind.MASKED)


def public(db: Database, meeting: int) -> list[Question]:
    return told(questions(db, meeting), said(db, meeting), published=True)


def test_a_mask_that_a_person_lifts_is_shown_and_comes_back_when_undone(db: Database, kept: int) -> None:
    assert PHONE not in public(db, kept)[1].text and public(db, kept)[1].asker == ""
    found = questions(db, kept)
    save(db, kept, masks.lift(found[1], found, said(db, kept), PHONE, "Số của xã", _version(db)))
    assert PHONE in public(db, kept)[1].text and public(db, kept)[1].asker == "Lực"
    assert PHONE in told_lines(said(db, kept), analysis(db, kept))[3].text
    (entry,) = [e for e in history.history(db, "question", found[1].id or 0) if e.field == "personal_data"]
    assert entry.by == HAN and "Số của xã" in entry.after and not history.broken_links(db)
    undo(db, kept)
    assert PHONE not in public(db, kept)[1].text and public(db, kept)[1].asker == ""


def test_a_mask_that_a_person_adds_holds_in_every_text(db: Database, kept: int) -> None:
    first = questions(db, kept)[0]
    save(db, kept, masks.hide(first, said(db, kept), "Rạch  Sậy", "other", "Người dân xin che", _version(db)))
    shown = public(db, kept)[0]
    assert shown.text == f"Tôi hỏi cầu ván qua {MASK} bao giờ sửa?" and shown.summary == f"Cầu ván qua {MASK}"
    assert "Sậy" not in told_lines(said(db, kept), analysis(db, kept))[1].text
    assert "private" in questions(db, kept)[0].flags
    (mask,) = masks.masked_words(questions(db, kept)[0], said(db, kept), veil(questions(db, kept), said(db, kept)))
    assert (mask.words, mask.kind, mask.reason, mask.lifted) == ("rạch Sậy", "other", "Người dân xin che", False)
    undo(db, kept)
    assert "rạch Sậy" in public(db, kept)[0].text and "private" not in questions(db, kept)[0].flags


def test_marks_in_lines_that_are_hidden_from_somebody_outlive_their_masks(db: Database, meeting: Meeting) -> None:
    line = "Tôi tố cáo ông Bền cho vay nặng lãi. Còn máy tôi 0977 222 333, chừng nào sửa cống?"
    held = store.add_meeting(db, meeting).id or 0
    spoken = [Utterance(0, 9, "S1", line), Utterance(9, 12, "S1", "Cống gãy nắp.")]
    kept = save_transcript(db, held, None, "test", spoken)
    cut, number = line.index("Còn"), line.index("0977")
    phone = PersonalData(0, number, number + 12, "phone")
    save_analysis(db, kept, Analysis((
        Question(1, (Span(0, 0, cut - 1),), line[:cut - 1], "", None, 0.1, Status.UNANSWERED, flags=("denunciation",)),
        Question(2, (Span(0, cut, len(line)), Span(1, 0, 13)), f"{line[cut:]} Cống gãy nắp.", "", None, 0.1,
                 Status.UNANSWERED, flags=("private",), personal_data=(phone,))),
        (Place.QUESTION, Place.QUESTION), "test"))
    transcript, seen = as_seen(standing.transcript(db, held), standing.analysis(db, held),
                               replace(EVERYTHING, sees_denunciations=False))
    edits = masks.hide(seen.questions[1], transcript.utterances, "gãy nắp", "other", "thử", lambda *_: 0)
    review.change(db, held, HAN, masks.with_unseen(edits, standing.analysis(db, held).questions, seen.questions))
    assert [item.kind for item in standing.analysis(db, held).questions[1].personal_data] == ["phone", "other"]


def test_an_added_mask_follows_its_words_when_a_line_is_corrected(db: Database, kept: int) -> None:
    first = questions(db, kept)[0]
    save(db, kept, masks.hide(first, said(db, kept), "rạch Sậy", "other", "riêng", _version(db)))
    line = said(db, kept)[1]
    review.change(db, kept, HAN, [Edit("utterance", line.id or 0, "text", line.text,
                                       "Dạ, " + line.text.replace("Sậy", "Dừa"), 0)])
    assert "Dừa" not in public(db, kept)[0].text and MASK in public(db, kept)[0].text


def test_words_that_nobody_said_cannot_be_masked(db: Database, kept: int) -> None:
    assert masks.hide(questions(db, kept)[0], said(db, kept), "con voi", "other", "x", _version(db)) == []


def test_the_page_counts_what_is_masked_and_says_who_decided(db: Database, kept: int) -> None:
    app = page_of(kept, cau=str(questions(db, kept)[1].id))
    assert review_masks.HEAD_COUNT.format(count=1) in [box.label for box in app.expander]
    app.button(key="review_unmask_now_0").click().run()
    assert not app.exception and PHONE in public(db, kept)[1].text
    app.text_input(key="review_mask_words").set_value("con voi").run()
    app.button(key="review_mask").click().run()
    assert any("con voi" in str(warning.value) for warning in app.warning)
    app.button(key="review_mask_again_0").click().run()
    assert PHONE not in public(db, kept)[1].text


def test_selected_words_are_masked_and_seen_masked(page: Page, db: Database, heard: int) -> None:
    page.goto(f"{page.url}ra-soat?meeting={heard}&cau={questions(db, heard)[0].id}")
    page.get_by_text(review_masks.HEAD, exact=True).click()
    text = page.locator(".st-key-review_masked_" + str(questions(db, heard)[0].id) + " p").first
    expect(text).to_contain_text("rạch Sậy")
    text.evaluate("""p => { const node = [...p.childNodes].find(n => n.data && n.data.includes('rạch Sậy'))
        const at = node.data.indexOf('rạch Sậy'), range = document.createRange()
        range.setStart(node, at); range.setEnd(node, at + 8)
        getSelection().removeAllRanges(); getSelection().addRange(range)
        p.parentElement.dispatchEvent(new MouseEvent('mouseup', {bubbles: true})) }""")
    expect(page.get_by_label(review_masks.WORDS)).to_have_value("rạch Sậy")
    page.get_by_role("button", name=review_masks.HIDE, exact=True).click()
    expect(page.locator("mark.masked")).to_have_text(["rạch Sậy"])
    expect(page.locator(".word.masked")).to_have_text(["rạch", "Sậy", re.compile("0912"), "345", re.compile("678")])
    page.keyboard.press("Alt+z")
    expect(page.locator("mark.masked")).to_have_count(0)
    assert review_bar.KINDS[Kind.MASKED]
