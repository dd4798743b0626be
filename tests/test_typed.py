"""What is typed while the server is down: it stays in the browser and is handed over when the server is back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlite_utils import Database

from models import history, review, typed
from models.review import Edit
from tests.conftest import EVERYTHING, come_in, served
from tests.test_review import TAN, kept, questions
from tests.test_review_page import PATIENCE
from ui.views import review_bar, review_question

__all__ = ["kept"]  # a fixture of the models' tests


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def gone(server: subprocess.Popen[bytes]) -> None:
    server.kill()
    server.wait()


def texts(db: Database, meeting: int) -> list[str]:
    return [edit.after for edit in typed.unsaved(db, meeting, EVERYTHING.name).values()]


def wait_for(db: Database, meeting: int, text: str) -> None:
    """Until the store holds it as typed."""
    until = time.monotonic() + 2 * PATIENCE / 1000
    while texts(db, meeting) != [text] and time.monotonic() < until:
        time.sleep(0.1)
    assert texts(db, meeting) == [text]


def test_what_is_typed_while_the_server_is_down_is_kept_when_it_is_back(
        window: Page, db: Database, home: Path, kept: int) -> None:
    summary = window.get_by_label(review_question.SUMMARY)
    with served(home) as (address, server):
        port = int(address.rsplit(":", 1)[1])
        come_in(window, address, home)
        window.goto(f"{address}/ra-soat?meeting={kept}")
        summary.fill("Gõ khi còn.")
        wait_for(db, kept, "Gõ khi còn.")
        gone(server)
    summary.fill("Gõ lúc máy chủ ngừng.")
    window.wait_for_timeout(1000)  # longer than the pause after which it would be handed over
    with served(home, port):
        wait_for(db, kept, "Gõ lúc máy chủ ngừng.")
        expect(summary).to_have_value("Gõ lúc máy chủ ngừng.")
        first = questions(db, kept)[0]
        review.change(db, kept, TAN, [Edit("question", first.id or 0, "summary", first.summary, "Của Tân.", 0)])
        summary.fill("Gõ rồi tải lại trang.")
        window.reload()  # at once: nothing was handed over
        wait_for(db, kept, "Gõ rồi tải lại trang.")
        expect(window.locator(".dt-conflict")).to_have_text(["Của Tân.", "Gõ rồi tải lại trang."])
        window.get_by_role("button", name=review_bar.KEEP_YOURS).click()
        expect(window.locator(".dt-conflict")).to_have_count(0)
        window.reload()
        expect(summary).to_have_value("Gõ rồi tải lại trang.")
        assert questions(db, kept)[0].summary == "Gõ rồi tải lại trang." and not texts(db, kept)
        assert window.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('doithoai')).length") == 0
    assert not history.broken_links(db)
