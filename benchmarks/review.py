"""Prints how long the review page takes with a three-hour meeting, as a person at a browser waits for it.

    python benchmarks/review.py

A meeting of 10,000 words in 600 utterances, with 60 questions and three hours of (silent) sound, is put
into a passing data folder and reviewed in Chromium. Each figure is the median of several tries; the
first opening after the start of the program is told apart.
"""

from __future__ import annotations

import sys
import tempfile
import time
import wave
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, expect
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.opened import opened
from models import history, review, store
from models.records import Analysis, Answer, Meeting, Place, Question, Recording, Span, Status, Topic, Utterance, Word
from models.review import Edit
from models.transcripts import current_transcript, save_analysis, save_transcript
from ui.views import review_bar, review_lines, review_parts, review_question

UTTERANCES, WORDS, QUESTIONS, SECONDS = 600, 17, 60, 3 * 3600
TRIES = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with store.open_store(folder) as db:
            meeting = _meeting(db, folder)
            print(f"{UTTERANCES * WORDS} words, {UTTERANCES} utterances, {QUESTIONS} questions")
            _print("save a corrected line (store only)", _correct(db, meeting))
        with opened(folder) as (page, address):
            _look_at(page, f"{address}/ra-soat?meeting={meeting}")


def _look_at(page: Page, address: str) -> None:
    def open_it() -> None:
        page.goto(address)
        page.locator(".line.ask").first.wait_for()
        page.get_by_label(review_question.SUMMARY).wait_for()

    _print("open, the first time after the start", [_timed(open_it)])
    _print("open", [_timed(open_it) for _ in range(TRIES)])
    _print("hear a word", [_timed(lambda i=i: _hear(page, i)) for i in range(TRIES)])
    _print("mark as looked through, next question", [_timed(lambda i=i: _mark(page, i)) for i in range(TRIES)])
    _print("undo", [_undo(page, TRIES - 1 - i) for i in range(TRIES)])
    _print("save a summary", [_save(page, i) for i in range(TRIES)])
    _print("correct a line", [_correct_line(page, i) for i in range(TRIES)])


def _hear(page: Page, i: int) -> None:
    page.locator(".line.ask .word").nth(i).click()
    page.locator(f"audio[data-token='{i + 1}']").wait_for()


def _mark(page: Page, i: int) -> None:
    page.keyboard.press("Alt+Enter")
    _progress(page, i + 1)


def _undo(page: Page, left: int) -> float:
    """A key that comes while the page is still being drawn is lost: then it is pressed again, and timed anew."""
    while True:
        page.wait_for_timeout(1500)
        begun = time.perf_counter()
        page.keyboard.press("Alt+z")
        with suppress(AssertionError):
            _progress(page, left, 5_000)
            return time.perf_counter() - begun


def _progress(page: Page, done: int, within: int = 30_000) -> None:
    expect(page.get_by_text(review_bar.LEFT.format(done=done, count=QUESTIONS, left=QUESTIONS - done))).to_be_visible(
        timeout=within)


def _save(page: Page, i: int) -> float:
    """From the key that saves to the page that says so; typing itself is not counted."""
    page.get_by_label(review_question.SUMMARY).fill(f"Tóm tắt {i}")
    waiting = page.get_by_role("button", name=review_bar.SAVE_COUNT.format(count=1))
    waiting.wait_for()
    begun = time.perf_counter()
    page.keyboard.press("Control+Enter")
    waiting.wait_for(state="detached")
    return time.perf_counter() - begun


def _correct_line(page: Page, i: int) -> float:
    page.locator(".line.ask").get_by_role("button", name=review_parts.EDIT).first.click()
    line = page.get_by_label(review_lines.TEXT, exact=True)
    line.wait_for()
    page.wait_for_timeout(1000)  # as a person, who reads the line before typing
    line.fill(f"Lời đã sửa lần {i} cho đúng.")
    waiting = page.get_by_role("button", name=review_bar.SAVE_COUNT.format(count=1))
    waiting.wait_for()
    begun = time.perf_counter()
    page.keyboard.press("Control+Enter")
    page.locator(".line.ask", has_text=f"sửa lần {i}").wait_for()
    return time.perf_counter() - begun


def _correct(db: Database, meeting: int) -> list[float]:
    def once(i: int) -> None:
        transcript = current_transcript(db, meeting)
        assert transcript
        line = transcript.utterances[10 * i + 300]
        version = history.versions(db, "utterance", [line.id or 0]).get((line.id or 0, "text"), 0)
        edit = Edit("utterance", line.id or 0, "text", line.text, f"{line.text} ạ", version)
        review.change(db, meeting, "Hân", [edit])
    return [_timed(lambda i=i: once(i)) for i in range(TRIES)]


def _meeting(db: Database, folder: Path) -> int:
    topics = (Topic("T1", "Đất đai"), Topic("T2", "Môi trường"))
    meeting = store.add_meeting(db, Meeting("Hội nghị ba giờ", "2026-05-22", "Nhà văn hóa", topics)).id or 0
    with wave.open(str(folder / "sound.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        for _ in range(SECONDS // 60):
            file.writeframes(bytes(16_000 * 60 * 2))
    recording = store.add_recording(db, Recording("x.wav", "0" * 64, "x", "sound.wav", float(SECONDS), (), meeting))
    said = save_transcript(db, meeting, recording.id, "benchmark", [_utterance(i) for i in range(UTTERANCES)])
    every = UTTERANCES // QUESTIONS
    texts = [utterance.text for utterance in said.utterances]
    questions = tuple(
        Question(n + 1, (Span(n * every, 0, len(texts[n * every])),), texts[n * every], texts[n * every][:60], "T1",
                 0.5, Status.ANSWERED, Answer(tuple(range(n * every + 1, n * every + 4)),
                                         " ".join(texts[n * every + 1:n * every + 4]), "S2", "UBND xã"), "Hồ Văn Lực")
        for n in range(QUESTIONS))
    save_analysis(db, said, Analysis(questions, (Place.OTHER,) * UTTERANCES, "benchmark"))
    return meeting


def _utterance(i: int) -> Utterance:
    length = SECONDS / UTTERANCES
    words = tuple(Word(f"chữ{(i * WORDS + n) % 997}", i * length + n, i * length + n + 0.9, 0.5 if n == 5 else 0.9)
                  for n in range(WORDS))
    text = " ".join(word.word for word in words)
    return Utterance(i * length, i * length + WORDS, f"S{i % 9 + 1}", f"{text.capitalize()}.", text, words)


def _timed(doing: Callable[[], None]) -> float:
    begun = time.perf_counter()
    doing()
    return time.perf_counter() - begun


def _print(what: str, seconds: list[float]) -> None:
    print(f"{what:45}{median(seconds):8.3f} s   (longest {max(seconds):.3f} s)", flush=True)


if __name__ == "__main__":
    main()
