"""Signing in through the agency's own service (OpenID Connect), by way of Streamlit's login; only where it is set up.

`secrets.toml` in the data folder sets it up (`[auth]`, see the README). The service says which e-mail address somebody
has; the account that carries the address is signed in, and none is ever made. Streamlit's login leaves a signed cookie,
which is read once and then taken away: from then on the session is our own, like any other.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from streamlit.auth_util import encode_provider_token, get_secrets_auth_section, is_authlib_installed

# Streamlit has no public way to read its login outside of a page, and no page can set a cookie hidden from scripts.
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette.starlette_auth_routes import _clear_auth_cookie, _get_cookie_value_from_request

PROVIDER = "default"


def is_offered() -> bool:
    """Whether the administrator of this computer has set the service up."""
    return is_authlib_installed() and bool(get_secrets_auth_section().get("client_id"))


def way() -> str:
    """The address that leads to the agency's sign-in page."""
    return f"/auth/login?provider={quote(encode_provider_token(PROVIDER))}"


def email_of(request: Request) -> str | None:
    """The address of e-mail with which somebody has just come back from the service; None when nobody has.

    Empty when the service told none, or one that it has not verified.
    """
    if AUTH_COOKIE_NAME not in request.cookies or not is_offered():
        return None
    told = _get_cookie_value_from_request(request, AUTH_COOKIE_NAME)
    if told is None:
        return None
    content = json.loads(told)
    if not content.get("is_logged_in"):
        return None
    return "" if content.get("email_verified") is False else str(content.get("email", "")).strip().lower()


def forget(answer: Response, request: Request) -> None:
    """Takes the cookie of Streamlit's login away."""
    _clear_auth_cookie(answer, request)
