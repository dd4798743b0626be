"""What is being said, large and on black: for a projector, for people who hear badly."""

from __future__ import annotations

from html import escape

import streamlit as st

from models import live as passing
from models import store
from models.folders import home
from ui import recording
from ui.views.chosen import chosen_meeting
from ui.views.told import told

WAITING = "Phụ đề sẽ hiện khi hội nghị được ghi âm."
LINES = 3
"""How many lines are shown: more cannot be read from the last row."""
LETTERS = 160
"""How much of a line is shown: its end."""


def show() -> None:
    st.html("<style>[data-testid='stHeader'], header { display: none; } .stApp { background: #000; }"
            ".stMainBlockContainer { max-width: none; padding: 3vh 4vw; }</style>")
    with store.open_store() as db:
        meeting = chosen_meeting(db)
    if meeting:
        _captions(meeting.id or 0)


@st.fragment(run_every=0.4)
def _captions(meeting: int) -> None:
    with told():
        with store.open_store() as db:
            live = recording.open_folder(db, home(), meeting)
            lines = passing.captions(db, recording.key(home(), live)) if live else []
            lines = [line for line in lines if not line.is_left_out][-LINES:]
        shown = "".join(f"<p>{escape(_tail(line.text))}</p>" for line in lines) or f"<p class='dt-soft'>{WAITING}</p>"
        st.html(f'<div class="dt-projector" aria-live="polite">{shown}</div>')


def _tail(text: str) -> str:
    """The end of a line, from a whole word on."""
    return text if len(text) <= LETTERS else "… " + text[-LETTERS:].partition(" ")[2]


if __name__ == "__main__":
    show()
