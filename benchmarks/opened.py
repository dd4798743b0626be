"""The pages in Chromium, for what is measured there: served for a data folder, with somebody signed in who may edit."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from models import accounts, sessions, store
from models.rights import Account, Role
from ui.sign_in import COOKIE

ROOT = Path(__file__).parents[1]


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Page, str]]:
    """A browser's page, and the address at which the program is served for this data folder."""
    with _served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        page.context.add_cookies([{"name": COOKIE, "value": _signed_in(folder), "url": address}])
        yield page, address
        browser.close()


def _signed_in(folder: Path) -> str:
    """The token of a session."""
    with store.open_store(folder) as db:
        made = accounts.create_first(db, Account("han", "Hân", frozenset({Role.SECRETARY})), "một câu dễ nhớ")
        return sessions.open_session(db, made.id or 0)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The program, served for this data folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "ui" / "server.py"), "--server.headless", "true",
         "--server.port", address.split(":")[1]], env=os.environ | {"DOITHOAI_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=5):
                    break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(30)
