"""What was asked before like a question, read only: when, where, what was answered, whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from models.follow_up import Promise
from models.records import Question
from summarize.papers import standing
from ui.labels import STATUS
from ui.similar import Earlier
from ui.views.wording import day, plain, shortened

ASKED = "Đã hỏi ở phiên ngày {day} (câu {number}), khi đó {status}"
ASKED_MANY = "Đã hỏi ở {count} phiên trước, gần nhất ngày {day}"
WHEN = "**{day}** · {title} · câu {number}"
THEN = "Khi đó: **{status}**. {answer}"
NO_ANSWER = "Không có lời trả lời nào được ghi."
TERM, AGENCY = "Hẹn: **{term}**", "Giao: **{agency}**"
KEPT, KEPT_ON = "Đã trả lời sau đó", "Đã trả lời ngày {day}"
LATER = "{kept}{document}: {answer}"
DOCUMENT = " tại văn bản {document}"
LONGEST = 300
"""Characters shown of an answer."""


def earlier_view(found: Sequence[Earlier], key: str) -> None:
    """One closed box: its label tells the latest; nothing at all where nothing like it was asked."""
    if not found:
        return
    latest = max(found, key=lambda one: one.meeting.date)
    label = (ASKED.format(day=day(latest.meeting.date), number=latest.question.number,
                          status=STATUS[latest.question.status]) if len(found) == 1
             else ASKED_MANY.format(count=len({one.meeting.id for one in found}), day=day(latest.meeting.date)))
    with st.expander(label, icon=":material/history:", key=key):
        for one in found:
            _one(one)


def _one(one: Earlier) -> None:
    question, promise = one.question, one.promise
    st.markdown(WHEN.format(day=day(one.meeting.date), title=plain(one.meeting.title), number=question.number))
    st.markdown(plain(shortened(question.summary or question.text, LONGEST)))
    st.markdown(THEN.format(status=STATUS[question.status], answer=plain(_answer(question))))
    if question.answer.deadline:
        st.markdown(TERM.format(term=plain(question.answer.deadline)))
    if promise:
        if promise.agency:
            st.markdown(AGENCY.format(agency=plain(promise.agency)))
        st.markdown(f":material/flag: {_kept(promise)}")


def _answer(question: Question) -> str:
    return shortened(question.answer.summary or question.answer.text, LONGEST) or NO_ANSWER


def _kept(promise: Promise) -> str:
    """Whether the promise was kept, as of today."""
    if not promise.is_answered:
        return f"**{plain(standing(promise, date.today()))}**"
    kept = KEPT_ON.format(day=f"{promise.answered_on:%d/%m/%Y}") if promise.answered_on else KEPT
    document = DOCUMENT.format(document=plain(promise.document)) if promise.document else ""
    answer = shortened(promise.answer, LONGEST)
    return LATER.format(kept=kept, document=document, answer=plain(answer)).removesuffix(": ")
