"""What `doithoai app` serves: the Streamlit pages behind a gate, and the plain pages through which one signs in.

The gate stands in front of everything that is fetched: pages, sound clips, downloads, uploads. The connection over
which Streamlit draws is let through, because a page whose session has expired must be able to say so: each page asks
`ui.views.signed_in` before it draws anything.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

from models import accounts, sessions, store
from ui import office, sign_in
from ui.discreet import log_discreetly
from ui.serving import is_on_network
from ui.sign_in import COOKIE, FIRST_START, SIGN_IN, sign_in_address

OPEN = ("/static/", "/_stcore/health", "/_stcore/host-config", "/favicon", SIGN_IN, FIRST_START, "/auth/login",
        "/oauth2callback")
"""What is served to anyone: Streamlit's own scripts, whether it lives, and the ways to sign in."""
CONTENT = ("/media/", "/_stcore/", "/component/", "/app/")
"""What is fetched for a page rather than gone to: refused instead of sent to the sign-in page."""
HEADERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
POLICY = "; ".join((
    "default-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:", "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:", "media-src 'self' data: blob:", "font-src 'self' data:", "worker-src 'self' blob:",
    "connect-src 'self' data: blob:", "object-src 'none'", "base-uri 'self'", "form-action 'self'",
    "frame-ancestors 'none'"))
"""Nothing that a page holds may come from or go to another computer. Streamlit draws with inline scripts and styles."""
OWN_NAMES = ("127.0.0.1", "localhost", "::1")
"""By which this computer's own browser calls it: any other name was made to point here by somebody else."""

REFUSED = "Hãy đăng nhập trước."
FOREIGN = "Yêu cầu này không đến từ trang của chương trình trên máy này nên không được nhận."
NOT_SAFE = "Chỉ mở được chương trình qua địa chỉ bắt đầu bằng https://"


class Gate:
    """Answers whoever is not signed in with the sign-in page, and everything else as the app does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not _is_safe(scope):
            await _refuse(scope, receive, send, NOT_SAFE)
        elif not _is_called_by_own_name(scope) or not _is_own(scope):
            await _refuse(scope, receive, send, FOREIGN)
        elif scope["type"] == "http" and (answer := await run_in_threadpool(_instead, Request(scope))):
            await answer(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, _with_headers(send))


def _is_safe(scope: Scope) -> bool:
    """Whether a request came over TLS, which it must as soon as other computers are let in."""
    return scope["scheme"] in ("https", "wss") or not is_on_network()


def _is_called_by_own_name(scope: Scope) -> bool:
    """Whether it was asked for by a name of this computer, as long as no others are let in.

    A foreign site may let its own name point to 127.0.0.1 (DNS rebinding): to the browser its page is then one of ours.
    """
    host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    return is_on_network() or host in OWN_NAMES


def _is_own(scope: Scope) -> bool:
    """Whether a connection was opened, or something sent, by a page of this very program, if by a page at all.

    Asked before Streamlit asks: for a foreign page it would look up this computer's address in the internet.
    """
    headers = Headers(scope=scope)
    asks_only = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    origin = None if asks_only else headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(why, 403)(scope, receive, send)


def _instead(request: Request) -> Response | None:
    """What is answered to a browser that is not signed in; None when it may have what it asks for."""
    path = request.url.path
    if path.startswith(OPEN):
        return None
    with store.open_store() as db:
        if sessions.signed_in(db, request.cookies.get(COOKIE, "")):
            return None
        is_set_up = accounts.any_account(db)
        if (email := office.email_of(request)) is not None:
            known = accounts.account_with_email(db, email) if email else None
            token = sessions.open_session(db, known.id or 0) if known else ""
            return sign_in.came_back(request, token)
    if path.startswith(CONTENT) or request.method != "GET":
        return PlainTextResponse(REFUSED, 403)
    wanted = path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(sign_in_address(wanted) if is_set_up else FIRST_START, 303)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", POLICY)
        await send(message)
    return sending


log_discreetly()

app = App("app.py", routes=[
    Route(SIGN_IN, sign_in.show, methods=["GET"]),
    Route(SIGN_IN, sign_in.enter, methods=["POST"]),
    Route(FIRST_START, sign_in.show_first, methods=["GET"]),
    Route(FIRST_START, sign_in.create_first, methods=["POST"]),
], middleware=[Middleware(Gate)])
