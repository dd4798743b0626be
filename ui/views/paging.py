"""Turning the pages of a long list."""

from __future__ import annotations

import streamlit as st


def page_of(count: int, per_page: int, key: str) -> int:
    """The page that is turned to, from 1; nothing is drawn where one holds all."""
    pages = -(-count // per_page)
    return st.pagination(pages, key=key) if pages > 1 else 1
