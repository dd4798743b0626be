"""Errors shown as one sentence where they happened, instead of the rest of the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from models.errors import DoiThoaiError
from ui.errors import explain
from ui.views.signed_in import account
from ui.views.wording import plain

log = logging.getLogger("doithoai.pages")


@contextmanager
def told(is_use: bool = True) -> Iterator[None]:
    """For the border of a page or fragment: whatever goes wrong inside is told in words; `is_use` as in `account`.

    A fragment draws itself again without the rest of its page, so it is here that it notices the end of a session.
    """
    account(is_use)
    try:
        yield
    except Exception as error:
        if not isinstance(error, DoiThoaiError):
            log.exception("a page failed")
        st.error(plain(explain(error)), icon=":material/error:")
