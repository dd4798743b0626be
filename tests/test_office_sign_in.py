"""Signing in through an agency's own service, against a small one that runs beside the test."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlite_utils import Database

from models import accounts
from tests.conftest import EVERYTHING, PASSWORD
from tests.test_security import HERE, Started, running, started
from ui import sign_in
from ui.views import own_menu

joserfc = pytest.importorskip("joserfc.jwk")
pytest.importorskip("authlib")

__all__ = ["running", "started"]  # fixtures of the security tests

SLOW = 30_000
CLIENT = "doithoai"


@dataclass
class Service:
    """An agency's sign-in service that asks nobody for a password and says they are `email`."""

    email: str = ""
    verified: bool = True
    nonce: str = ""
    port: int = 0
    key: object = field(default_factory=lambda: joserfc.RSAKey.generate_key(2048, {"kid": "1"}))

    @property
    def address(self) -> str:
        return f"http://{HERE}:{self.port}"

    def id_token(self) -> str:
        from joserfc import jwt
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": self.nonce,
                  "email": self.email, "email_verified": self.verified}
        return str(jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key))


@pytest.fixture
def service() -> Iterator[Service]:
    held = Service()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
            if parts.path == "/authorize":
                held.nonce = query.get("nonce", [""])[0]
                back = urlencode({"code": "c", "state": query["state"][0]})
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri'][0]}?{back}")
                self.end_headers()
            elif parts.path == "/keys":
                self._say({"keys": [held.key.as_dict(private=False)]})  # type: ignore[attr-defined]
            else:
                self._say({"issuer": held.address, "authorization_endpoint": f"{held.address}/authorize",
                           "token_endpoint": f"{held.address}/token", "jwks_uri": f"{held.address}/keys",
                           "id_token_signing_alg_values_supported": ["RS256"]})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": held.id_token()})

        def _say(self, content: object) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HERE, 0), Answering)
    held.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


def test_who_has_an_account_with_the_address_comes_in_and_nobody_else(
        browser: Browser, started: Started, service: Service, home: Path, db: Database) -> None:
    accounts.create(db, replace(EVERYTHING, email="han@tanhoa.example"), PASSWORD, "Hân")

    def secrets(port: str) -> str:
        return (f'[auth]\nredirect_uri = "http://{HERE}:{port}/oauth2callback"\ncookie_secret = "{"x" * 40}"\n'
                f'client_id = "{CLIENT}"\nclient_secret = "s"\n'
                f'server_metadata_url = "{service.address}/.well-known/openid-configuration"\n')

    port = started(secrets=secrets)
    page = browser.new_page(locale="vi-VN")
    for email, verified in (("la@tanhoa.example", True), ("han@tanhoa.example", False), ("", True)):
        service.email, service.verified = email, verified
        page.goto(f"http://{HERE}:{port}/")
        page.get_by_role("link", name=sign_in.OFFICE).click()
        expect(page.get_by_role("alert")).to_have_text(sign_in.NO_SUCH_EMAIL)
        assert not db.table("sessions").count
    service.email, service.verified = "Han@TanHoa.example", True
    page.get_by_role("link", name=sign_in.OFFICE).click()
    expect(page.get_by_role("button", name=EVERYTHING.name)).to_be_visible()
    assert len(accounts.accounts(db)) == 1

    page.get_by_role("button", name=EVERYTHING.name).click()
    page.get_by_role("button", name=own_menu.SIGN_OUT).click()
    expect(page.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()
    page.goto(f"http://{HERE}:{port}/")  # signed out is signed out: the service is not asked again by itself
    expect(page.get_by_role("heading", name=sign_in.SIGN_IN_TITLE)).to_be_visible()
    page.close()
