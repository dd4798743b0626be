"""What an outsider may try: from the network, through file names and contents, and in the log."""

from __future__ import annotations

import http.client
import io
import logging
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from models import accounts
from models.errors import NotOnNetwork, StaleEdit
from recorder.files import safe_name
from summarize.sheets import Sheet, write_sheet
from tests.conftest import EVERYTHING, PASSWORD, run, sentence, signed_in
from tests.test_review_page import heard, kept
from ui import processes, serving
from ui.errors import NETWORK
from ui.sign_in import COOKIE, FIRST_START, SIGN_IN, way_on
from ui.views import sound_import

__all__ = ["heard", "kept"]  # fixtures of the review page's tests

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)


def ask(address: str, path: str, form: dict[str, str] | None = None, context: ssl.SSLContext | None = None,
        **headers: str) -> Answer:
    """One request, redirects not followed."""
    parts = urlsplit(address)
    assert parts.hostname
    connection = (http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=60) if context
                  else http.client.HTTPConnection(parts.hostname, parts.port, timeout=60))
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if form is not None:
        sent = {"Origin": address, "Content-Type": "application/x-www-form-urlencoded"} | sent
    connection.request("GET" if form is None else "POST", path, urlencode(form) if form is not None else None, sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()})


Started = Callable[..., str]


@pytest.fixture
def running() -> list[subprocess.Popen[bytes]]:
    """What was started, in order."""
    return []


@pytest.fixture
def started(home: Path, tmp_path: Path, running: list[subprocess.Popen[bytes]]) -> Iterator[Started]:
    """Starts `doithoai app` with options and returns its port; all it wrote is in output.txt.

    `secrets` gives the content of secrets.toml for the port.
    """
    output = (tmp_path / "output.txt").open("wb")

    def start(*options: str | Path, secrets: Callable[[str], str] | None = None) -> str:
        with socket.socket() as probe:
            probe.bind((HERE, 0))
            port = str(probe.getsockname()[1])
        if secrets:
            (home / serving.SECRETS).write_text(secrets(port), encoding="utf-8")
        command = [sys.executable, "-m", "ui.cli", "app", "--no-browser", "--port", port, *map(str, options)]
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=os.name != "nt")
        running.append(server)
        until = time.monotonic() + 90
        while time.monotonic() < until and server.poll() is None:
            try:
                socket.create_connection((HERE, int(port)), 1).close()
                return port
            except OSError:
                time.sleep(0.2)
        pytest.fail("the app did not start")

    yield start
    for server in running:
        _end(server)
    output.close()


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ends the command and the server that it started."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(server.pid)], check=False, capture_output=True)
    else:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, 15)
    server.wait(30)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl to make a certificate with")
    made, key = tmp_path / "chứng thư.pem", tmp_path / "khóa.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    return made, key


def test_only_this_computer_is_listened_to_unless_switched_on() -> None:
    served = serving.serving(False, None, None, None)
    assert served.address == HERE
    assert f"--server.address {HERE}" in " ".join(served.command(8501, False))
    assert served.environment[serving.TRUSTED_PROXY] == ""


@pytest.mark.parametrize(("options", "reason"), [
    (("--network",), "not_safe"), (("--certificate", "x.pem"), "not_switched_on"),
    (("--network", "--certificate", "x.pem"), "half"), (("--network", "--key", "x.pem"), "half"),
    (("--network", "--certificate", "x.pem", "--key", "x.pem"), "no_file"),
    (("--network", "--behind-proxy", "proxy.example"), "bad_address"),
    (("--network", "--behind-proxy", "10.1.2.3", "--certificate", "x.pem", "--key", "x.pem"), "both")])
def test_the_network_is_refused_in_one_sentence_unless_it_is_safe(options: tuple[str, ...], reason: str) -> None:
    said = sentence(run("app", "--no-browser", *options))
    assert NETWORK[reason].split("{")[0].split("«")[0] in said


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "x.pem"
    broken.write_text("không phải chứng thư", encoding="utf-8")
    with pytest.raises(NotOnNetwork, match="bad_certificate"):
        serving.serving(True, broken, broken, None)


@pytest.mark.parametrize("way", ["proxy", "certificate"])
def test_the_network_is_refused_before_there_is_an_account(
        way: str, certificate: tuple[Path, Path], db: Database) -> None:
    """Otherwise whoever comes first from the network makes themselves the administrator."""
    keys, proxy = (certificate, None) if way == "certificate" else ((None, None), HERE)
    with pytest.raises(NotOnNetwork, match="no_account"):
        serving.serving(True, *keys, proxy)
    accounts.create_first(db, EVERYTHING, PASSWORD)
    assert serving.serving(True, *keys, proxy).environment[serving.ONLY_TLS]


def test_over_tls_the_cookie_is_secure_and_nothing_secret_is_written_to_the_log(
        started: Started, certificate: tuple[Path, Path], db: Database, tmp_path: Path) -> None:
    accounts.create(db, EVERYTHING, PASSWORD, "Hân")
    port = started("--network", "--certificate", certificate[0], "--key", certificate[1])
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    trusting.check_hostname = False
    address = f"https://{HERE}:{port}"
    answer = ask(address, SIGN_IN, {"login": EVERYTHING.login, "password": PASSWORD}, trusting)
    assert answer.status == 303
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=") and "httponly" in cookie and "samesite=lax" in cookie and "secure" in cookie
    assert ask(address, SIGN_IN, {"login": EVERYTHING.login, "password": "sai " + PASSWORD}, trusting).status == 401
    written = (tmp_path / "output.txt").read_bytes().decode("utf-8", "replace")
    token = cookie.split("=", 1)[1].split(";")[0]
    assert PASSWORD not in written and token not in written.lower()


def test_behind_a_proxy_only_what_it_passes_on_is_answered(started: Started, db: Database) -> None:
    accounts.create(db, EVERYTHING, PASSWORD, "Hân")
    here = f"http://{HERE}:{started('--network', '--behind-proxy', HERE)}"
    assert ask(here, "/").status == 403
    passed_on = ask(here, "/", X_Forwarded_Proto="https", X_Forwarded_For="10.0.0.9")
    assert (passed_on.status, passed_on.headers["location"]) == (303, SIGN_IN)


def test_another_computers_word_is_not_taken_for_the_proxys(started: Started, db: Database) -> None:
    accounts.create(db, EVERYTHING, PASSWORD, "Hân")
    address = f"http://{HERE}:{started('--network', '--behind-proxy', '10.9.8.7')}"
    assert ask(address, "/", X_Forwarded_Proto="https").status == 403


def test_forms_and_connections_of_foreign_pages_are_refused(address: str, db: Database, home: Path) -> None:
    first = {"name": "Kẻ Lạ", "login": "ke.la", "password": PASSWORD, "again": PASSWORD}
    assert ask(address, FIRST_START, first, Origin="http://evil.example").status == 403
    assert not accounts.any_account(db)
    token = signed_in(home)
    entering = {"login": EVERYTHING.login, "password": PASSWORD}
    for origin in ("http://evil.example", "null", address.replace("http", "https")):
        refused = ask(address, SIGN_IN, entering, Origin=origin)
        assert refused.status == 403 and not refused.headers.get("set-cookie", "").startswith(f"{COOKIE}=")
    assert ask(address, SIGN_IN, entering).status == 303
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus):
        connect(stream, origin="http://evil.example", additional_headers={"Cookie": f"{COOKIE}={token}"})
    with connect(stream, origin=address, subprotocols=["streamlit"]):  # type: ignore[arg-type, list-item]
        pass


def test_a_name_that_somebody_pointed_here_is_not_answered(address: str, home: Path) -> None:
    token = signed_in(home)
    for host in ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil", ""):
        for path in ("/", SIGN_IN, "/_stcore/host-config", "/hoi-nghi"):
            assert ask(address, path, Host=host, Cookie=f"{COOKIE}={token}").status == 403, (host, path)
    port = address.rsplit(":", 1)[1]
    for own in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert ask(address, SIGN_IN, Host=own).status == 200


def test_nothing_is_taken_from_a_page_of_another_program_on_this_computer(address: str, home: Path) -> None:
    """Its cookies are sent along: to the browser all ports of a computer are one site."""
    token = signed_in(home)
    for path in ("/_stcore/upload_file/x/y", "/media/x"):
        sent = ask(address, path, {"a": "b"}, Origin="http://127.0.0.1:3000", Cookie=f"{COOKIE}={token}")
        assert sent.status == 403, path


def test_every_answer_forbids_foreign_content_frames_and_guessing(address: str, home: Path) -> None:
    token = signed_in(home)
    for path in ("/hoi-nghi", SIGN_IN, "/_stcore/health", "/no-such-page"):
        headers = ask(address, path, Cookie=f"{COOKIE}={token}").headers
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy and "http" not in policy


@pytest.mark.skipif(os.name == "nt", reason="ends by Ctrl+Break there")
def test_told_to_end_it_ends_with_all_that_serves(started: Started, running: list[subprocess.Popen[bytes]]) -> None:
    port = int(started())
    running[0].terminate()  # the command alone, as a service manager does
    assert running[0].wait(30) == 0
    with pytest.raises(OSError):
        socket.create_connection((HERE, port), 1).close()


def test_nothing_but_the_way_in_is_served_to_strangers(address: str, home: Path) -> None:
    token = signed_in(home)
    for path in ("/", "/hoi-nghi", "/ho-so?meeting=1", "/no-such-page", "//evil.example"):
        answer = ask(address, path)
        assert answer.status in (303, 400), path
        assert answer.headers.get("location", SIGN_IN).startswith(SIGN_IN)
    for path in ("/media/x.wav", "/_stcore/metrics", "/component/x/index.html", "/app/static/x"):
        assert ask(address, path).status == 403, path
    upload = "/_stcore/upload_file/x/y"
    assert ask(address, upload, {}).status == 403
    inside = ask(address, "/hoi-nghi", Cookie=f"{COOKIE}={token}")
    assert inside.status == 200 and inside.headers["x-frame-options"] == "DENY"
    assert ask(address, "/hoi-nghi", Cookie=f"{COOKIE}={token[:-1]}").status == 303


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_signing_in_never_leads_to_another_site(path: str) -> None:
    assert way_on(path) == "/"
    assert way_on("/ho-so?meeting=1") == "/ho-so?meeting=1"


def test_a_clip_is_not_fetched_by_its_address_without_signing_in(page: Page, heard: int, address: str) -> None:
    page.goto(f"{address}/ho-so?meeting={heard}")
    page.get_by_role("button", name=re.compile("00:00:")).first.click()
    sound = page.locator("audio")
    expect(sound).to_have_js_property("readyState", 4, timeout=30_000)
    source = str(sound.evaluate("sound => sound.currentSrc")).removeprefix(address)
    assert source.startswith("/media/")
    (token,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE]
    assert ask(address, source).status == 403
    assert ask(address, source, Cookie=f"{COOKIE}={token}").status == 200


OUTWARD = ("/static/../../../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd",
           "/static/..%2f..%2fetc/passwd", "/_stcore/health/../../media/x", "/favicon.png/../hoi-nghi",
           "/media/..%2f..%2fetc%2fpasswd", "/component/../../../etc/passwd", "/dang-nhap/../hoi-nghi")


def test_no_path_leads_out_of_what_is_served(address: str) -> None:
    parts = urlsplit(address)
    for path in OUTWARD:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert b"root:x" not in body, path
        # What Streamlit knows nothing of it answers with its page without any content.
        assert answer.status in (303, 400, 403, 404) or b'<div id="root"></div>' in body, path
        connection.close()


EVIL_NAMES = ("../../etc/passwd.mp3", "..\\..\\Windows\\x.mp3", "/tmp/x.mp3", "C:\\x.mp3", "CON.mp3", "x\0y.mp3",
              "a/b/../../../c.mp3", "....//x.mp3", "-rf.mp3", "x.mp3:ads")


@pytest.mark.parametrize("name", EVIL_NAMES)
def test_a_file_name_never_leads_out_of_its_folder(name: str, home: Path) -> None:
    kept = sound_import._keep(io.BytesIO(b"sound"), name)
    assert kept.resolve().parent == (home / "incoming").resolve()
    assert re.fullmatch(r"[\w.-]+", kept.name)
    assert re.fullmatch(r"original-[a-z0-9-]+[.a-z0-9]*", safe_name(name))


def test_no_path_of_the_server_is_asked_for_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not serving.is_on_network()
    monkeypatch.setenv(serving.ONLY_TLS, "1")
    assert serving.is_on_network()


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1"])
def test_a_name_is_never_a_formula(name: str, tmp_path: Path) -> None:
    write_sheet(Sheet("Bảng", "", (("Họ tên", 20),), [[name]]), tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A5"]  # type: ignore[index]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)


SECRETS = ("Tôi tố cáo ông Hồ Tham", "Bà Nguyễn Thị Bảy nói")


def _fail_with_secrets() -> None:
    try:
        raise StaleEdit("text", *SECRETS)
    except StaleEdit as error:
        raise KeyError(SECRETS[1]) from error


def test_the_log_tells_no_text_that_people_wrote(tmp_path: Path) -> None:
    before = logging.root.handlers[:]
    logging.root.handlers.clear()
    try:
        processes.log_to(tmp_path)
        try:
            _fail_with_secrets()
        except KeyError:
            logging.getLogger("doithoai.worker").exception("job failed")
        written = (tmp_path / "worker.log").read_text(encoding="utf-8")
    finally:
        for handler in logging.root.handlers:
            handler.close()
        logging.root.handlers[:] = before
    assert "StaleEdit" in written and "KeyError" in written and "_fail_with_secrets" in written
    assert not any(secret in written for secret in SECRETS)
