"""What was said, line by line, each with its time, speaker and sound."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.formats import clock
from models.records import Utterance
from models.transcripts import Transcript
from ui.views.listening import listen_buttons, player
from ui.views.told import told
from ui.views.wording import capital, lasting, plain, speaker_name

COUNT = "{lines} lượt nói, {speakers} người nói, dài {time}"
FROM_TEXT = "Hội nghị này được nạp từ bản chữ, không có bản ghi âm để nghe lại."
ONLY_UNSURE = "Chỉ hiện chỗ máy nghe chưa chắc ({count})"
PAGE = "Trang"
NO_WORDS = "Không có lượt nói nào."
FLAGS = {"low_confidence": "nghe chưa rõ", "invention": "có thể máy nghe nhầm tiếng ồn thành lời"}
OTHER_FLAG = "nên nghe lại"

PER_PAGE = 50


@st.fragment
def transcript_view(transcript: Transcript) -> None:
    with told():
        said = transcript.utterances
        time = lasting(said[-1].end if said else 0.0)
        st.markdown(COUNT.format(lines=len(said), speakers=len({u.speaker for u in said}), time=time))
        if transcript.recording is None:
            st.info(FROM_TEXT, icon=":material/article:")
        shown = _page_of(_wanted(said))
        for utterance in shown:
            _line(utterance, transcript.recording is not None)


def _wanted(said: Sequence[Utterance]) -> Sequence[Utterance]:
    """All lines, or only those the machine was not sure of."""
    unsure = [utterance for utterance in said if utterance.flags]
    if unsure and st.toggle(ONLY_UNSURE.format(count=len(unsure)), key="only_unsure"):
        return unsure
    return said


def _page_of(said: Sequence[Utterance]) -> Sequence[Utterance]:
    """Fifty lines at a time, so that hours of talk open at once."""
    if not said:
        st.info(NO_WORDS)
    if len(said) <= PER_PAGE:
        return said
    pages = -(-len(said) // PER_PAGE)
    page = st.pagination(pages, key="trang", bind="query-params")
    return said[(page - 1) * PER_PAGE:page * PER_PAGE]


def page_with(position: int) -> int:
    """The page on which the line at this position stands."""
    return position // PER_PAGE + 1


def _line(utterance: Utterance, sound: bool) -> None:
    when, what = st.columns([1, 6], gap="small")
    with when:
        if sound:
            listen_buttons([utterance], "line")
        else:
            st.markdown(f":gray[{clock(utterance.start)}]")
    with what:
        flags = ", ".join(dict.fromkeys(FLAGS.get(flag, OTHER_FLAG) for flag in utterance.flags))
        warning = f"  :orange-badge[:material/flag: {capital(flags)}]" if flags else ""
        st.markdown(f"**{plain(speaker_name(utterance.speaker))}**{warning}  \n{plain(utterance.text)}")
        player([utterance], "line")
