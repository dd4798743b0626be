"""Names the machine put where something that sounds like them was heard: said so, and taken back with one press."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from models.records import Meeting, Utterance
from transcribe.wording.corrections import corrected
from transcribe.wording.glossary import Glossary
from transcribe.wording.wording import written
from ui.views.review_desk import Desk, edit_of, save
from ui.views.wording import plain

CORRECTED = "corrected"
HEARD_AS = "nghe là «{heard}»"
TOLD = "Máy {heard}, rồi viết theo tên riêng của hội nghị."
TAKE_BACK = "Lấy lại chữ máy nghe"


@lru_cache(maxsize=4)
def _names(meeting: Meeting) -> Glossary:
    """Remembered, for each corrected line asks for them."""
    return Glossary.of_meeting(meeting)


def heard_as(utterance: Utterance, meeting: Meeting) -> str:
    """«nghe là «hâng»»: the words that were heard where the line now has names; empty where it has none."""
    if CORRECTED not in utterance.flags:
        return ""
    put = corrected(utterance.words, _names(meeting))
    others = [was.word for was, name in zip(utterance.words, put, strict=True) if was != name]
    return HEARD_AS.format(heard=" ".join(others)) if others else ""


def as_heard(utterance: Utterance, meeting: Meeting) -> str:
    """The line as it would stand with the words that were heard."""
    return written(utterance.words, _names(meeting), int(meeting.date[:4]))


def offer_what_was_heard(desk: Desk, utterance: Utterance) -> None:
    """In the line that is being corrected: what was heard, and the button that takes it back."""
    heard = heard_as(utterance, desk.meeting)
    if heard and utterance.text != as_heard(utterance, desk.meeting):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(TOLD.format(heard=heard)))
            st.button(TAKE_BACK, icon=":material/undo:", key="review_take_back", on_click=_take_back,
                      args=(desk, utterance))


def _take_back(desk: Desk, utterance: Utterance) -> None:
    key = ("utterance", utterance.id or 0, "text")
    save(desk, [edit_of(desk, key, as_heard(utterance, desk.meeting))])
