"""The button that has the summaries rewritten, where a language model on this machine is switched on."""

from __future__ import annotations

import streamlit as st

from models import store
from models.folders import home
from models.frozen import FROZEN
from models.local_model import read_local_model
from models.records import Meeting
from ui.views.told import told
from ui.views.wording import plain

REWRITE = "Viết lại tóm tắt bằng «{model}»"
ABOUT = ("Chương trình viết lại chạy ngay trên máy này, không gửi gì đi đâu. "
         "Câu nào thêm số, tên hay làm sai ý thì bị loại và giữ câu cũ.")
DONE = "Đã viết lại {rewritten} câu; {refused} câu giữ nguyên vì bản viết lại không đúng lời nói."


def rewriting_view(meeting: Meeting) -> None:
    """Nothing at all where no model is switched on, or the minutes are signed."""
    with told():
        model = read_local_model(home())
        if model is None or meeting.state in FROZEN:
            return
        if said := st.session_state.pop("rewritten", None):
            st.success(said)
        if st.button(REWRITE.format(model=plain(model.model)), help=ABOUT, icon=":material/edit_note:", key="rewrite"):
            _rewrite(meeting)


def _rewrite(meeting: Meeting) -> None:
    from ui import rewriting  # the rooms behind it take seconds to load
    assert meeting.id is not None
    bar = st.progress(0.0)

    def show(share: float, words: str) -> None:
        bar.progress(share, words)

    with store.open_store() as db:
        outcome = rewriting.rewrite(db, home(), meeting.id, show)
    st.session_state["rewritten"] = DONE.format(rewritten=outcome.rewritten, refused=outcome.refused)
    st.rerun()
