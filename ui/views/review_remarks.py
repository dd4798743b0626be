"""What official and secretary tell one another about a question or a line, beside it, until it is done."""

from __future__ import annotations

import streamlit as st

from models import remarks
from models.remarks import Remark
from ui.views.review_desk import Desk, act
from ui.views.wording import moment, plain

HEAD, HEAD_OPEN = "Ý kiến trao đổi ({count})", "Ý kiến trao đổi (còn {open} chưa xong)"
HEAD_NONE = "Ý kiến trao đổi"
ABOUT = "Nhắn cho người cùng rà soát. Chỉ để trao đổi, không vào giấy tờ nào."
WRITE, SEND = "Viết ý kiến", "Gửi ý kiến"
BY, DONE_BY = "**{by}**, {at}: {text}", ":gray[:material/check: {by} đánh dấu đã xong, {at}]"
SETTLE, REOPEN = "Đã xong", "Mở lại"
LOST = "Ý kiến về câu hỏi hoặc lượt nói không còn trong bản này"


def remarks_view(desk: Desk, record: str, record_id: int) -> None:
    """Remarks on one question or line, and the field for another."""
    found = desk.remarks_on(record, record_id)
    left = sum(remark.is_open for remark in found)
    head = HEAD_OPEN.format(open=left) if left else HEAD.format(count=len(found)) if found else HEAD_NONE
    name = f"{record}_{record_id}"
    with st.expander(head, icon=":material/forum:", expanded=bool(left), key=f"review_remarks_{name}"):
        for remark in found:
            _remark(desk, remark)
        st.caption(ABOUT)
        # A key of its own for each remark, so that the field is empty after one was sent.
        key = f"review_remark_{name}_{len(found)}"
        st.text_input(WRITE, key=key)
        st.button(SEND, key=f"review_send_{name}", icon=":material/send:",
                  on_click=lambda: _send(desk, record, record_id, st.session_state[key]))


def lost_view(desk: Desk) -> None:
    """Open remarks on what is there no longer; of a denunciation only for whom it is meant."""
    there = {("utterance", u.id) for u in desk.said} | {("question", q.id) for q in desk.analysis.questions}
    lost = [r for r in desk.remarks if r.is_open and (r.record, r.record_id) not in there]
    if lost and desk.sees_all:
        with st.container(border=True):
            st.markdown(f"**{LOST}**")
            for remark in lost:
                _remark(desk, remark)


def _remark(desk: Desk, remark: Remark) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        words = BY.format(by=plain(remark.by), at=moment(remark.at), text=plain(remark.text))
        if not remark.is_open:
            words += "  \n" + DONE_BY.format(by=plain(remark.done_by), at=moment(remark.done_at))
        st.markdown(words, width="stretch")
        st.button(SETTLE if remark.is_open else REOPEN, key=f"review_settle_{remark.id}",
                  type="secondary" if remark.is_open else "tertiary",
                  on_click=_settle, args=(desk, remark))


def _settle(desk: Desk, remark: Remark) -> None:
    act(lambda db: remarks.settle(db, remark, desk.by, remark.is_open))


def _send(desk: Desk, record: str, record_id: int, text: str) -> None:
    if text.strip():
        act(lambda db: remarks.add(db, desk.id, record, record_id, text, desk.by))
