"""Who is signed in and acts: the one place where a page asks.

A page has its account from `account()`, which leads to the sign-in page when there is none. What is done in a
callback asks `may(…)` again, because roles may have changed since the page was drawn.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from models import sessions, store
from models.errors import NotAllowed
from models.rights import Account, Act
from ui.sign_in import COOKIE, EXPIRED, SIGN_IN, TO

LEAVE = """export default function ({ data }) {
  const here = window.location.pathname + window.location.search;
  window.location.replace(data.to + (data.back ? encodeURIComponent(here) : ""));
}"""


def account(is_use: bool = True) -> Account:
    """The account that is signed in; without one, the browser goes to the sign-in page and nothing more is drawn.

    What every open page does by itself is no use of a session (`is_use`): it would never end.
    """
    who = current(is_use)
    if who is None:
        _leave(f"{SIGN_IN}?{EXPIRED}&{TO}=", back=True)
    assert who is not None
    return who


def current(is_use: bool = True) -> Account | None:
    """The account that is signed in, None when nobody is: for callbacks, which draw nothing."""
    with store.open_store() as db:
        return sessions.signed_in(db, token(), is_use)


def may(act: Act) -> bool:
    """Whether somebody is signed in who may do this."""
    who = current()
    return who is not None and who.may(act)


def require(act: Act) -> Account:
    """The account that is signed in. Raises NotAllowed when it may not do this."""
    who = account()
    if not who.may(act):
        raise NotAllowed(act)
    return who


def sign_out() -> None:
    """Ends the session and goes to the sign-in page; nothing more is drawn."""
    with store.open_store() as db:
        sessions.end_session(db, token())
    _leave(SIGN_IN)


def token() -> str:
    return st.context.cookies.get(COOKIE, "")


def _leave(to: str, back: bool = False) -> None:
    """Sends the browser on, with the address it was at when it shall come back."""
    _leaving()(key="leave", data={"to": to, "back": back})
    st.stop()


@st.cache_resource
def _leaving() -> Any:
    return st.components.v2.component("doithoai_leave", html="<div></div>", js=LEAVE)
