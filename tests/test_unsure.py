"""The key that goes to the next word the machine was unsure of, and plays it."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import store
from models.records import Utterance, Word
from models.transcripts import save_analysis, save_transcript
from tests import standing
from tests.test_review import HAN, kept
from tests.test_review_page import heard, page_of
from ui.views.review_bar import UNSURE
from ui.views.review_desk import Desk
from ui.views.review_unsure import next_unsure

__all__ = ["heard", "kept"]  # fixtures


def doubting(utterance: Utterance, *doubtful: str) -> Utterance:
    words = tuple(Word(word.lower(), utterance.start + i, utterance.start + i + 0.9, 0.3 if word in doubtful else 0.9)
                  for i, word in enumerate(utterance.text.split()))
    return replace(utterance, id=None, words=words)


def doubt(db: Database, meeting: int) -> Desk:
    """The meeting with three doubtful words: «ván» and «Sậy» in line 1, «tiền» in line 4."""
    old = standing.transcript(db, meeting)
    understood = standing.analysis(db, meeting)
    said = [doubting(u, "ván", "Sậy", "tiền") for u in old.utterances]
    transcript = save_transcript(db, meeting, old.recording, "test", said)
    analysis = save_analysis(db, transcript, understood)
    return Desk(store.meeting(db, meeting), HAN, transcript, analysis, analysis.questions[0], {}, {}, 0)


def test_the_next_doubtful_word_is_found_round_the_end(db: Database, kept: int) -> None:
    desk = doubt(db, kept)
    at, found = (1, -1), []
    for _ in range(4):
        word = next_unsure(desk, at)
        assert word
        at = word[:2]
        found.append((word[0], word[2].text))
    assert found == [(1, "ván"), (1, "Sậy"), (4, "tiền"), (1, "ván")]


def test_without_doubt_there_is_nowhere_to_go(db: Database, kept: int) -> None:
    desk = doubt(db, kept)
    sure = replace(desk, transcript=replace(desk.transcript, utterances=tuple(
        doubting(u) for u in desk.transcript.utterances)))
    assert next_unsure(sure, (0, -1)) is None


def test_a_key_goes_to_the_next_doubtful_word_and_plays_it(page: Page, db: Database, heard: int) -> None:
    doubt(db, heard)
    page.goto(f"{page.url}ra-soat?meeting={heard}&nguoi={HAN}")
    expect(page.locator(".unsure")).to_have_text(["ván", "Sậy", "tiền"])
    expect(page.get_by_role("button", name=UNSURE)).to_be_visible()
    sound = page.locator("audio")
    for word, token in (("ván", "1"), ("Sậy", "2"), ("tiền", "3"), ("ván", "4")):
        page.keyboard.press("Alt+j")
        expect(page.locator(".here")).to_have_text([word])
        expect(sound).to_have_attribute("data-token", token)
        expect(sound).to_have_js_property("readyState", 4)


def test_a_name_put_by_sound_is_marked_and_taken_back_with_one_press(db: Database, heard: int) -> None:
    old = standing.transcript(db, heard)
    understood = standing.analysis(db, heard)
    meeting = store.meeting(db, heard)
    name = meeting.officials[0].name
    syllables = [*name.lower().split()[:-1], f"{name.lower().split()[-1]}g"]
    words = tuple(Word(word, 1.0 + at, 1.9 + at, 0.3 if word.endswith("ng") and at > 2 else 0.9)
                  for at, word in enumerate(["mời", "chị", *syllables, "trả", "lời"]))
    first = replace(old.utterances[0], id=None, words=words, heard=" ".join(word.word for word in words),
                    text=f"Mời chị {name} trả lời.", flags=("corrected",))
    transcript = save_transcript(db, heard, old.recording, "test",
                                 [first, *(replace(one, id=None) for one in old.utterances[1:])])
    save_analysis(db, transcript, understood)
    app = page_of(heard)
    app.session_state["review_edit"] = 0
    app.run()
    assert f"nghe là «{syllables[-1]}»" in " ".join(caption.value for caption in app.caption)
    app.button(key="review_take_back").click().run()
    assert not app.exception
    now = standing.transcript(db, heard)
    assert syllables[-1] in now.utterances[0].text.lower()
    assert now.utterances[0].heard == first.heard
