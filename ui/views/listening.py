"""Hearing the second of sound behind a line: a button with its time, and the player it opens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.folders import home
from models.formats import clock
from models.records import Utterance
from models.store import open_store
from ui import clips

LISTEN = "Nghe đoạn này"
STOP = "Thôi nghe"
NO_SOUND = "Đoạn này không có âm thanh."

PLAYING = "playing"
"""The key of the button whose stretch is being played."""


def listen_buttons(said: Sequence[Utterance], key: str) -> None:
    """A button for each utterance that may be heard; its time is its label."""
    for utterance in said:
        if utterance.id is None:
            continue  # hidden from this account
        own = f"{key}_{utterance.id}"
        playing = st.session_state.get(PLAYING) == own
        st.button(clock(utterance.start), key=f"listen_{own}", help=STOP if playing else LISTEN,
                  icon=":material/stop:" if playing else ":material/play_arrow:", on_click=_toggle, args=(own,))


def player(said: Sequence[Utterance], key: str) -> None:
    """Plays the utterance whose button was pressed, if it is one of these."""
    for utterance in said:
        if st.session_state.get(PLAYING) == f"{key}_{utterance.id}" and utterance.id is not None:
            with open_store() as db:
                sound = clips.clip(db, home(), utterance.id)
            if sound:
                st.audio(sound, format="audio/wav", autoplay=True)
            else:
                st.caption(NO_SOUND)


def _toggle(key: str) -> None:
    st.session_state[PLAYING] = None if st.session_state.get(PLAYING) == key else key
