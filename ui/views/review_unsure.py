"""From one doubtful word to the next, heard at once: what a machine was unsure of is where its mistakes are."""

from __future__ import annotations

import streamlit as st

from ui.reviewing import Shown, timed
from ui.views.review_desk import Desk, say
from ui.views.review_lines import PER_PAGE, first_line, hear

NONE_LEFT = "Không có chữ nào máy nghe chưa chắc."


def next_unsure(desk: Desk, after: tuple[int, int]) -> tuple[int, int, Shown] | None:
    """The next doubtful word behind line and word `after`, round the end: its line, its place there, the word."""
    line, word = after
    count = len(desk.said)
    for position in (*range(line, count), *range(min(line + 1, count))):
        begin = word + 1 if position == line else 0
        utterance = desk.said[position]
        is_corrected = desk.version(("utterance", utterance.id or 0, "text")) > 0
        for i, shown in enumerate(timed(utterance, is_corrected)):
            if shown.is_unsure and i >= begin:
                return position, i, shown
        word = -1  # when the line comes round again, from its start
    return None


def jump(desk: Desk) -> None:
    """Goes to the next doubtful word from the last one, or from the question at hand, and plays it."""
    found = next_unsure(desk, st.session_state.get("review_jump") or (first_line(desk), -1))
    if found is None:
        say(NONE_LEFT)
        return
    position, place, word = found
    st.session_state["review_jump"] = (position, place)
    st.session_state["review_page"] = position // PER_PAGE + 1
    hear(desk, {"position": position, "at": word.at})
