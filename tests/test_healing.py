"""A page that its own redraws have broken loads itself anew, and only then."""

from __future__ import annotations

import tomllib

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import APP, drawn
from ui.views.healing import BROKEN
from ui.views.meetings import TITLE

TOLD = """words => {
  window.isTheOldPage = true;
  const told = document.createElement("div");
  told.setAttribute("role", "dialog");
  told.textContent = words;
  document.body.append(told);
}"""


@pytest.mark.parametrize("address_of", ["", "/tim-kiem"])
def test_a_broken_page_is_loaded_anew(page: Page, address: str, address_of: str) -> None:
    page.goto(address + address_of)
    drawn(page)
    page.evaluate(TOLD, f"Bad message format: {BROKEN} 4 (should be between [0, 2])")
    page.wait_for_function("!window.isTheOldPage")
    drawn(page)
    assert page.url == address + (address_of or "/")


def test_other_dialogs_stay(page: Page, address: str) -> None:
    page.goto(address)
    drawn(page)
    page.evaluate(TOLD, "Bạn có chắc không?")
    page.wait_for_timeout(1_000)
    assert page.evaluate("window.isTheOldPage")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_no_notice_of_streamlit_itself_lies_over_the_pages() -> None:
    """It comes where programs for programmers are installed, and hides buttons; without a screen it never shows."""
    with (APP.parent / ".streamlit" / "config.toml").open("rb") as file:
        assert tomllib.load(file)["logger"]["hideWelcomeMessage"] is True
