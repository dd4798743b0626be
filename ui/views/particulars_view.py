"""What the minutes must hold and nobody says aloud: asked for in a small form before they are signed."""

from __future__ import annotations

from datetime import time

import streamlit as st

from models import particulars, store
from models.particulars import Particulars
from models.records import Meeting
from models.rights import Act
from summarize.heads import head, signers
from ui.views.signed_in import account, require
from ui.views.told import told
from ui.views.wording import plain

TITLE = "Điền trước khi ký"
ABOUT = "Giấy tờ mang tên **{body}**. Chỗ nào để trống thì giấy tờ in dấu «…» để điền tay."
NO_BODY = ("Chưa rõ xã, phường nào tổ chức: tên và địa điểm hội nghị không nêu «xã …» hoặc «phường …». Giấy tờ in dấu "
           "«…» để điền tay.")
BEGAN, ENDED = "Bắt đầu lúc", "Kết thúc lúc"
PRESENT, NUMBER = "Số người tham dự", "Số biên bản"
NUMBER_HELP = "Số do văn thư cấp, ví dụ 5; giấy tờ in «05/BB-UBND»."
SIGNER = "Người ký các văn bản của Ủy ban"
SAVE, SAVED = "Lưu", "Đã lưu; các giấy tờ dưới đây đã theo thông tin mới."


def particulars_view(meeting: Meeting) -> None:
    """The form, for who may edit, while the minutes are not signed."""
    if not account().may(Act.EDIT):
        return
    assert meeting.id is not None
    with store.open_store() as db:
        known = particulars.particulars(db, meeting.id)
    with st.expander(TITLE, icon=":material/edit_note:", expanded=known == Particulars()), told():
        body = head(meeting)["ten_co_quan"]
        st.markdown(NO_BODY if body.endswith("…") else ABOUT.format(body=plain(body)))
        _form(meeting, known)


def _form(meeting: Meeting, known: Particulars) -> None:
    with st.form("particulars", border=False):
        first, second, third, fourth = st.columns(4)
        began = first.time_input(BEGAN, _time(known.began), step=300, key="particulars_began")
        ended = second.time_input(ENDED, _time(known.ended), step=300, key="particulars_ended")
        present = third.number_input(PRESENT, 0, 100_000, known.present or None, key="particulars_present")
        number = fourth.text_input(NUMBER, known.number, help=NUMBER_HELP, key="particulars_number")
        names = [person.name for person in signers(meeting)]
        if len(names) > 1:
            at = names.index(known.signer) if known.signer in names else 0
            signer = st.selectbox(SIGNER, names, at, key="particulars_signer")
        else:
            signer = known.signer
        pressed = st.form_submit_button(SAVE, icon=":material/save:")
    if pressed:
        require(Act.EDIT)
        filled = Particulars(_clock(began), _clock(ended), int(present or 0), number.strip(), signer)
        with store.open_store() as db:
            particulars.fill_in(db, meeting.id or 0, filled, account().name)
        st.success(SAVED, icon=":material/check:")


def _time(clock: str) -> time | None:
    return time.fromisoformat(clock) if clock else None


def _clock(chosen: time | None) -> str:
    return chosen.strftime("%H:%M") if chosen else ""
