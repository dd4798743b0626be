"""Prints how many keys, and how many seconds of waiting, a meeting of 16 questions takes without touching the mouse.

    python benchmarks/keyboard.py

Two dialogues of `tests/data`, with (silent) sound, are reviewed in Chromium: each question is heard and
marked as looked through; of every four, one has its summary corrected, one its outcome changed, and one a
line of its transcript corrected. Letters typed are counted apart from the keys that lead somewhere. What
the person needs to listen and read is not counted: only until the page has done what the key asked for.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.opened import opened
from models import store
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Question, Recording, Status, Utterance
from models.transcripts import current_analysis, current_transcript, save_analysis, save_transcript
from summarize.questions import understand
from ui.views import review_question

QUESTIONS = 16
DIALOGUES = Path(__file__).parents[1] / "tests" / "data" / "dialogues"
IDLE = "[data-test-script-state='notRunning']"
FOCUSED = """() => { let at = document.activeElement; while (at?.shadowRoot) at = at.shadowRoot.activeElement;
  return at?.closest('label')?.innerText ?? '' }"""


class Keyboard:
    """A person who only presses keys; counts them, and the seconds until the page is ready again."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.letters, self.waited = page, 0, 0, 0.0

    def press(self, key: str, done: Callable[[], None] | None = None) -> None:
        begun = time.perf_counter()
        self.page.keyboard.press(key)
        self.keys += 1
        if done:
            done()
            self.page.locator(IDLE).wait_for()
            self.waited += time.perf_counter() - begun
            self.page.wait_for_timeout(300)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.letters += len(text)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with store.open_store(folder) as db:
            meeting = _meeting(db, folder)
        with opened(folder) as (page, address):
            page.goto(f"{address}/ra-soat?meeting={meeting}")
            page.get_by_label(review_question.SUMMARY).wait_for(timeout=60_000)
            page.locator(IDLE).wait_for()
            page.wait_for_timeout(1000)
            print(f"{_tabs_to_summary(page)} times Tab lead from the top of the page to the summary, or F2 once")
            person = Keyboard(page)
            for number in range(QUESTIONS):
                _review(person, folder, meeting, number)
            print(f"{QUESTIONS} questions: {person.keys} keys, {person.letters} letters, "
                  f"{person.waited:.1f} s until the page was ready ({person.waited / person.keys:.2f} s for each key)")


def _review(person: Keyboard, folder: Path, meeting: int, number: int) -> None:
    page = person.page

    def at_hand(db: Database) -> Question:
        return _questions(db, meeting)[number]

    heard = page.locator(f"audio[data-token='{number + 1}']")
    if number:
        heard.wait_for()  # played as soon as it was gone to
    else:
        person.press("F7", heard.wait_for)
    if number % 4 == 1:
        person.press("F2")
        person.press("End")
        person.type(" (sửa)")
        person.press("Control+Enter", lambda: _until(folder, lambda db: "(sửa)" in at_hand(db).summary))
    if number % 4 == 2:
        with store.open_store(folder) as db:
            before = at_hand(db).status
        person.press("F3")
        person.type("chưa được" if before is not Status.UNANSWERED else "kiến nghị")
        person.press("Enter", lambda: _until(folder, lambda db: at_hand(db).status != before))
    if number % 4 == 3:
        person.press("F4", page.locator(".st-key-review_correct textarea").wait_for)
        person.press("End")
        person.type(" ạ")
        person.press("Control+Enter", lambda: page.locator(".st-key-review_correct").wait_for(state="detached"))
    # The next question that is open; after the last, the page stays where it is.
    here = min(number + 2, QUESTIONS)
    person.press("Alt+Enter", lambda: expect(page.get_by_role("combobox", name=review_question.WHICH)).to_have_value(
        re.compile(rf"(○|✓) Câu {here}\."), timeout=30_000))
    _until(folder, lambda db: at_hand(db).reviewed)


def _tabs_to_summary(page: Page) -> int:
    for count in range(200):
        if page.evaluate(FOCUSED).startswith(review_question.SUMMARY):
            return count
        page.keyboard.press("Tab")
    return 200


def _until(folder: Path, done: Callable[[Database], bool]) -> None:
    """Waits until the store says so."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with store.open_store(folder) as db:
            if done(db):
                return
        time.sleep(0.02)
    raise TimeoutError


def _questions(db: Database, meeting: int) -> tuple[Question, ...]:
    transcript = current_transcript(db, meeting)
    analysis = current_analysis(db, transcript) if transcript else None
    return analysis.questions if analysis else ()


def _meeting(db: Database, folder: Path) -> int:
    """Two dialogues one after the other, of whose questions the first are kept."""
    said: list[Utterance] = []
    for name in ("dialogue_bac", "dialogue_xuong"):
        shift = said[-1].end + 1 if said else 0.0
        said += [replace(u, start=u.start + shift, end=u.end + shift)
                 for u in read_transcript(DIALOGUES / name / "written.jsonl")]
    meeting = store.add_meeting(db, read_meeting(DIALOGUES / "dialogue_bac" / "meeting.yaml"))
    assert meeting.id is not None
    with wave.open(str(folder / "sound.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000 * (int(said[-1].end) + 1)))
    sound = store.add_recording(db, Recording("x", "0" * 64, "x", "sound.wav", said[-1].end, (), meeting.id))
    transcript = save_transcript(db, meeting.id, sound.id, "benchmark", said)
    found = understand(transcript.utterances, meeting, None)
    assert len(found.questions) >= QUESTIONS
    save_analysis(db, transcript, replace(found, questions=found.questions[:QUESTIONS]))
    return meeting.id


if __name__ == "__main__":
    main()
