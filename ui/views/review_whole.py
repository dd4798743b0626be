"""What is done with a question as a whole: made one with another, made two, dropped."""

from __future__ import annotations

import re

import streamlit as st

from models import review
from models.records import Question
from ui.reviewing import parted
from ui.seen import is_hidden, is_hidden_question
from ui.views.review_desk import Desk, act, go_to, onwards, say
from ui.views.review_parts import cutting

WHOLE = "Cả câu hỏi này:"
MERGE, PART, DROP = "Gộp với câu khác", "Tách làm hai câu", "Bỏ câu hỏi này"
MERGE_WITH = "Gộp câu {number} vào câu nào? (chủ đề và kết quả theo câu được chọn)"
MERGE_NOW, NO = "Gộp hai câu", "Thôi"
ENTRY = "Câu {number}. {summary}"
HOW_TO_PART = ("Bấm vào chữ đầu tiên của câu hỏi thứ hai. Cả hai câu cùng giữ lời trả lời và kết quả; sau đó sửa lại "
               "từng câu.")
PARTED = "Đã tách câu {number} làm hai câu."
PANEL = "review_whole"
"""Which of the two panels is open: "merge" or "part"."""


def whole_view(desk: Desk, question: Question) -> None:
    others = {q.id or 0: ENTRY.format(number=q.number, summary=q.summary or q.text)
              for q in desk.analysis.questions if q.id != question.id and not is_hidden_question(q)}
    words = _words(desk, question)
    st.markdown(f"**{WHOLE}**")
    with st.container(horizontal=True, gap="small"):
        st.button(MERGE, icon=":material/merge:", key="review_merge", disabled=not others, on_click=_open,
                  args=("merge",))
        st.button(PART, icon=":material/call_split:", key="review_part", disabled=len(words) < 2, on_click=_open,
                  args=("part",))
        st.button(DROP, icon=":material/delete:", key="review_drop", on_click=_drop, args=(desk, question))
    panel = st.session_state.get(PANEL)
    if panel == "merge" and others:
        _merge(desk, question, others)
    elif panel == "part" and len(words) > 1:
        with st.container(border=True):
            st.caption(HOW_TO_PART)
            cutting(f"review_cut_{question.id}", words, lambda line, at: _part(desk, question, line, at))
            st.button(NO, key="review_whole_no", on_click=_open, args=("",))


def _open(panel: str) -> None:
    st.session_state[PANEL] = panel


def _words(desk: Desk, question: Question) -> list[tuple[str, int, int]]:
    """The words of a question where they were said; none when some of it is hidden from this account."""
    if any(is_hidden(desk.said[span.utterance]) for span in question.spans):
        return []
    return [(word[0], span.utterance, span.start + word.start()) for span in question.spans
            for word in re.finditer(r"\S+", desk.said[span.utterance].text[span.start:span.end])]


def _merge(desk: Desk, question: Question, others: dict[int, str]) -> None:
    ids = list(others)
    before = [q.id for q in desk.analysis.questions if q.number < question.number and q.id in others]
    key = f"review_merge_with_{question.id}"
    with st.container(border=True):
        st.selectbox(MERGE_WITH.format(number=question.number), ids, key=key, format_func=lambda i: others.get(i, ""),
                     index=ids.index(before[-1]) if before and before[-1] else 0)
        with st.container(horizontal=True, gap="small"):
            st.button(MERGE_NOW, type="primary", key="review_merge_now",
                      on_click=lambda: _merged(desk, st.session_state[key], question.id or 0))
            st.button(NO, key="review_whole_no", on_click=_open, args=("",))


def _merged(desk: Desk, into: int, other: int) -> None:
    if act(lambda db: review.merge(db, desk.id, desk.by, into, other, desk.seen)):
        go_to(into)


def _part(desk: Desk, question: Question, line: int, at: int) -> None:
    if (line, at) not in [(position, start) for _, position, start in _words(desk, question)[1:]]:
        return  # what is asked for comes from the browser
    first, second = parted(desk.said, question, line, at)
    if act(lambda db: review.part(db, desk.id, desk.by, first, second, desk.seen)):
        say(PARTED.format(number=question.number))
        _open("")


def _drop(desk: Desk, question: Question) -> None:
    if act(lambda db: review.drop(db, desk.id, desk.by, question.id or 0, desk.seen)):
        onwards(desk, question)
