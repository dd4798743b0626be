"""Voices of officials kept by name, to be known again in later meetings: with their consent, and erased on demand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from models import enrolled, store
from models.enrolled import Enrolled
from models.folders import home
from models.records import Meeting
from models.rights import Act
from models.transcripts import Transcript
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import day, plain

if TYPE_CHECKING:
    from ui.voices import Heard

TITLE = "Giọng cán bộ đã lưu ({count})"
WHAT = ("Giọng của cán bộ thường dự đối thoại có thể được lưu (khoảng 20 giây) để lần họp sau máy gợi ý tên. Chỉ lưu "
        "dấu giọng trên máy này, không lưu giọng người dân. Dấu giọng là dữ liệu cá nhân nhạy cảm: phải được chính "
        "người ấy đồng ý, và xóa ngay khi người ấy muốn.")
NONE = "Chưa lưu giọng nào."
KEPT = "**{name}**  \n:gray[{seconds} giây, từ {source}; người lưu: {by}, {day}]"
DELETE, DELETE_SURE = "Xóa giọng", "Xóa hẳn giọng của {name}?"
DELETED = "Đã xóa giọng của {name}"
IN_BACKUPS = "Bản sao lưu cũ vẫn còn giọng này; hãy xóa hoặc làm lại các bản sao lưu."
REMEMBER = "Lưu giọng cho lần họp sau"
HAS_TITLE = "Lưu giọng"
FROM_MEETING = ("Máy sẽ lấy khoảng 20 giây trong các đoạn dài nhất của **{name}** ở hội nghị này. Hãy nghe thử các "
                "đoạn ấy trước.")
CONSENT = ("Tôi, {name}, đồng ý để chương trình lưu dấu giọng nói của tôi trên máy này, chỉ để gợi ý tên tôi khi ghi "
           "biên bản các hội nghị đối thoại; tôi có thể yêu cầu xóa bất cứ lúc nào.")
AGREED = "Người này đã đọc hoặc nghe câu trên và **đồng ý**"
NEED_CONSENT = "Chưa có sự đồng ý thì không được lưu giọng."
SAVE = "Lưu giọng"
SAVED = "Đã lưu giọng của {name}"
ADD = "Thêm giọng từ tệp âm thanh"
NAME, NEED_NAME = "Họ và tên cán bộ", "Hãy ghi tên cán bộ."
FILE = "Tệp âm thanh chỉ có một mình người ấy nói, khoảng 20 giây (wav, mp3, m4a, ogg, flac, mp4)"
NEED_FILE = "Hãy chọn tệp âm thanh."
LISTENING = "Đang nghe giọng…"
SOURCE = "tệp {name}"
KINDS = ["wav", "mp3", "m4a", "ogg", "flac", "mp4"]


def kept_voices(meeting: Meeting) -> None:
    """The list of kept voices, each to be erased, and the way to add one from a file."""
    with store.open_store() as db:
        kept = enrolled.enrolled(db)
    with st.expander(TITLE.format(count=len(kept)), icon=":material/record_voice_over:"):
        st.markdown(WHAT)
        if not kept:
            st.caption(NONE)
        for voice in kept:
            _row(voice)
        if st.button(ADD, icon=":material/upload_file:"):
            _from_file(meeting)


def remember(meeting: Meeting, transcript: Transcript, voice: Heard) -> None:
    """The button to keep the voice of a confirmed official."""
    from ui import voices
    if transcript.recording is not None and voices.is_official(voice) and st.button(
            REMEMBER, key=f"remember_{voice.said[0].id}", icon=":material/record_voice_over:"):
        _from_meeting(meeting, transcript, voice)


def _row(voice: Enrolled) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(KEPT.format(name=plain(voice.name), seconds=round(voice.seconds), source=plain(voice.source),
                                by=plain(voice.by), day=day(voice.created[:10])), width="content")
        if st.button(DELETE, key=f"forget_{voice.id}", icon=":material/delete:"):
            _forget(voice)


@st.dialog(DELETE)
def _forget(voice: Enrolled) -> None:
    with told():
        st.markdown(f"**{DELETE_SURE.format(name=plain(voice.name))}**")
        st.caption(IN_BACKUPS)
        if st.button(DELETE, type="primary", key="forget_sure", icon=":material/delete:"):
            assert voice.id is not None
            require(Act.EDIT)
            with store.open_store() as db:
                enrolled.forget(db, voice.id)
            st.toast(DELETED.format(name=plain(voice.name)), icon=":material/delete:")
            st.rerun()


@st.dialog(HAS_TITLE, width="medium")
def _from_meeting(meeting: Meeting, transcript: Transcript, voice: Heard) -> None:
    from ui import voices
    with told():
        st.markdown(FROM_MEETING.format(name=plain(voice.label)))
        with store.open_store() as db:
            _agree(voice.label, lambda by: voices.enrol_from_meeting(db, meeting, transcript, voice, by))


@st.dialog(ADD, width="medium")
def _from_file(meeting: Meeting) -> None:
    with told():
        names = [person.name for person in meeting.officials]
        name = (st.selectbox(NAME, names, index=None, accept_new_options=True, placeholder="") or "").strip()
        upload = st.file_uploader(FILE, KINDS)

        def keep(by: str) -> Enrolled:
            from ui import voices
            assert upload is not None
            with tempfile.TemporaryDirectory() as folder, store.open_store() as db:
                path = Path(folder) / f"sound{Path(upload.name).suffix}"
                path.write_bytes(upload.getvalue())
                return voices.enrol_from_file(db, home(), path, name, SOURCE.format(name=upload.name), by)

        _agree(name, keep, NEED_NAME if not name else NEED_FILE if upload is None else "")


def _agree(name: str, keep: Callable[[str], Enrolled], lacking: str = "") -> None:
    """The words of consent, and the button that keeps the voice in the name of who is signed in."""
    with st.container(border=True):
        st.markdown(f"«{CONSENT.format(name=plain(name) or '…')}»")
    agreed = st.checkbox(AGREED, key="voice_consent")
    if not st.button(SAVE, type="primary", icon=":material/save:", key="voice_save"):
        return
    if problem := lacking or ("" if agreed else NEED_CONSENT):
        st.error(problem)
        return
    with st.spinner(LISTENING):
        keep(require(Act.EDIT).name)
    st.toast(SAVED.format(name=plain(name)), icon=":material/check:")
    st.rerun()
