"""The alarm of a running recording that brings no sound, or will soon bring none: on every page, and what to do.

A recorder that died just now is started again from here, too, whatever page is open.
"""

from __future__ import annotations

from html import escape

import streamlit as st
from sqlite_utils import Database

from models import store
from models.folders import home
from models.formats import clock as as_clock
from models.rights import Account, Act
from recorder import process
from recorder.status import State, Status
from ui import recording
from ui.troubles import DISK_LOW, REVIVING, trouble
from ui.views.told import told
from ui.views.wording import lasting

TO_RECORDING = "Mở trang ghi âm"

LOOK_EVERY, LOOK_IDLY = 1.0, 20.0
"""Seconds: while a recording runs, and while none does, when every needless redraw could only be in somebody's way."""
RECORD_PAGE = "ghi-am"


def recording_alarm(who: Account, here: int) -> None:
    """For every page; `here` is the meeting whose own recording page this is, where it is told already, else 0."""
    if who.may(Act.SEE_DRAFTS) or who.may(Act.MANAGE):
        with store.open_store() as db:
            is_running = bool(recording.running(db, home()))
        st.fragment(_alarm, run_every=LOOK_EVERY if is_running else LOOK_IDLY)(who.may(Act.RECORD), here)


def _alarm(may_record: bool, here: int) -> None:
    with told(is_use=False), store.open_store() as db:
        lines = []
        for meeting, said in recording.running(db, home()):
            dies = said.state in (State.INTERRUPTED, State.FAILED) and start_again(db, meeting)
            if meeting != here and (words := said_of(said, dies)):
                lines.append(_as_html(words, meeting if may_record else 0))
        if lines:  # a bar at the foot of the window, wherever the page is scrolled to
            st.html(f'<div class="dt-alarm" role="alert">{"".join(lines)}</div>')


def said_of(said: Status, dies: bool) -> str:
    if dies:
        return REVIVING.format(time=as_clock(said.seconds))
    if words := trouble(said):
        return words
    return DISK_LOW.format(time=lasting(said.minutes_left * 60)) if said.state.is_live and said.disk_low else ""


def start_again(db: Database, meeting: int) -> bool:
    """Starts the recorder of a meeting again if it died just now; whether it did."""
    live = recording.open_folder(db, home(), meeting)
    if live is None or not process.died_just_now(live):
        return False
    recording.try_to_revive(db, home(), meeting, live)
    return True


def _as_html(words: str, meeting: int) -> str:
    link = f' <a href="{RECORD_PAGE}?meeting={meeting}">{escape(TO_RECORDING)}</a>' if meeting else ""
    return f"<div>{escape(words)}{link}</div>"
