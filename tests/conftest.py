"""Every test has a data folder of its own; the weights, which are only read, are the installed ones."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from sqlite_utils import Database

from models import accounts, folders, passwords, sessions
from models.folders import weights_home
from models.records import Meeting, Person, Topic
from models.rights import Account, Role
from models.store import open_store
from summarize.embedding import Embedder
from tests.pulse import Hall, opened_hall
from transcribe.vietasr import VietAsr
from transcribe.weights import SAMPLE_CLIPS
from ui import work
from ui.sign_in import COOKIE
from ui.views import signed_in as signed_in_view

INSTALLED_WEIGHTS = weights_home()
APP = Path(__file__).parents[1] / "ui" / "server.py"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
"""For Chromium: it may run as root, and looks nothing up in the network."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a busy machine a browser, or sound in real time, may miss its moment once; missing it twice is a fault.

    What was run again is named in the summary. All these are marked, for `start.py` runs them one after another, beside
    all others: they mostly wait, and must not compete with one another.
    """
    for item in items:
        if {"page", "browser", "hall"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.real_time)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with Vietnamese letters and a space in its name."""
    folder = tmp_path / "Dữ liệu đối thoại"
    monkeypatch.setenv("DOITHOAI_HOME", str(folder))
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(INSTALLED_WEIGHTS))
    return folder


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    with open_store(home) as database:
        yield database


EVERYTHING = Account("han.le", "Lê Thị Hân", frozenset({Role.ADMINISTRATOR, Role.SECRETARY, Role.OFFICIAL}), True)
"""Who does everything in a commune with one computer, and is named for denunciations."""
PASSWORD = "một câu dễ nhớ"
HASHED = cache(passwords.hashed)
"""Made once of each password: it is slow on purpose."""


def signed_in(home: Path, account: Account = EVERYTHING) -> str:
    """Makes the account unless it is there, and returns the token of a session of it."""
    with open_store(home) as db:
        kept = next((one for one in accounts.accounts(db) if one.login == account.login), None)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(passwords, "hashed", HASHED)
            kept = kept or accounts.create(db, account, PASSWORD, account.name)
        return sessions.open_session(db, kept.id or 0)


def come_in(page: Page, address: str, home: Path, account: Account = EVERYTHING) -> None:
    """Signs a browser in without its filling in the page for it."""
    page.context.add_cookies([{"name": COOKIE, "value": signed_in(home, account), "url": address, "httpOnly": True,
                               "sameSite": "Lax"}])


def act_as(account: Account) -> None:
    """Signs in for pages that are run without a browser (AppTest), until the test ends."""
    token = cache(lambda: signed_in(folders.home(), account))
    signed_in_view.token = token


@pytest.fixture(autouse=True)
def actor(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_in_view, "token", None)  # given back at the end
    act_as(EVERYTHING)


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts the page it runs in the place of `__main__`, which processes started by a later test would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def meeting() -> Meeting:
    """What a secretary typed in before a meeting that never was."""
    return Meeting(
        "Hội nghị đối thoại xã Tân Hòa (hư cấu)", "2026-05-22", "Nhà văn hóa xã",
        (Topic("T1", "Thủ tục hành chính về đất đai"), Topic("T2", "Vệ sinh môi trường, thoát nước")),
        (Person("Lê Thị Hân", "Bí thư Đảng ủy xã", "chair"), Person("Huỳnh Tân", "Văn phòng", "secretary")))


@pytest.fixture(scope="session")
def clips() -> dict[Path, str]:
    """Real voices with their transcripts."""
    return {path: path.with_suffix(".txt").read_text(encoding="utf-8").strip()
            for path in sorted(SAMPLE_CLIPS.folder.glob("*.wav"))}


@pytest.fixture(scope="session")
def engine() -> VietAsr:
    return VietAsr(threads=1)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The one that search uses too, when it runs in this process."""
    return work.loaded_embedder()


@pytest.fixture(scope="session")
def attuned() -> Embedder:
    """The one that pages and commands understand meetings with."""
    return work.loaded_attuned()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    if sys.platform == "win32":
        pytest.skip("needs PulseAudio")
    with opened_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def meeting_file(tmp_path: Path) -> Path:
    return write_meeting(tmp_path)


def write_meeting(folder: Path) -> Path:
    path = folder / "hội nghị.yaml"
    path.write_text("title: Hội nghị đối thoại xã Tân Hòa (hư cấu)\ndate: 2026-05-22\nplace: Nhà văn hóa xã\n"
                    "topics:\n  - {id: T1, name: Thủ tục hành chính về đất đai}\n"
                    "officials:\n  - {name: Lê Thị Hân, title: Bí thư Đảng ủy xã, role: chair}\n", encoding="utf-8")
    return path


def run(*arguments: str | Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """The `doithoai` command in a process of its own, as a user runs it."""
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
                          env=os.environ | {"PYTHONIOENCODING": "utf-8"})


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The one error sentence a failed command ended with."""
    assert result.returncode != 0
    lines = [line for line in result.stderr.splitlines() if line.startswith("Lỗi: ")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]


PATIENCE = 30_000
"""Milliseconds within which a slow machine has drawn a page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "msedge"))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            pytest.skip(f"no Chromium: {error}")
        yield browser
        browser.close()


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    """The app, served for this test's data folder."""
    with served(home) as (address, _):
        yield address


def drawn(page: Page) -> None:
    """Waits until every part of the page is there: parts are loaded by themselves and appear in any order."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(timeout=60_000)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=60_000)


@contextmanager
def served(home: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The app on this port, or a free one: its address and its process."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=os.environ | {"DOITHOAI_HOME": str(home)})
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the app did not start")


@pytest.fixture
def page(browser: Browser, address: str, home: Path) -> Iterator[Page]:
    """A page that fails the test when anything leaves this computer or a script breaks."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN", accept_downloads=True)
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:"))
            else outside.append(request.url))
    page.on("pageerror", lambda error: outside.append(str(error)))
    come_in(page, address, home)
    page.goto(address)
    yield page
    page.close()
    assert not outside
