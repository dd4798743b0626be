"""The chain behind every question: what was said, what was taken from it, who answered, what became of it, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models import store
from models.clocks import read_clocks
from models.folders import home
from models.formats import clock
from models.records import Analysis, Meeting, Question, Span, Utterance
from models.transcripts import Transcript
from summarize.overview import Overview, overview
from ui.labels import STATUS
from ui.similar import earlier
from ui.views.earlier_view import earlier_view
from ui.views.rewriting_view import rewriting_view
from ui.views.told import told
from ui.views.wording import STATUS_COLOUR, capital, day, lasting, plain, speaker_name, topic_names

EXPLAINED = "Mỗi câu hỏi đọc từ trái sang phải: lời dân nói, câu hỏi máy rút ra, lời trả lời, kết quả. " \
            "Chữ nhỏ bên dưới là căn cứ của máy; thấy sai thì bấm «Rà soát»."
NO_QUESTIONS = "Không tìm thấy câu hỏi nào trong lời nói của hội nghị này."
WAITING = "{count} câu chưa ai trả lời, câu chờ lâu nhất là câu {number}: {time}"
WITHOUT_DATE = "{count} câu mới hứa hoặc hẹn mà chưa có ngày: {numbers}"
UNSURE = "{count} câu máy chưa chắc thuộc chủ đề nào: {numbers}"
NUMBER = "Câu {number}"
SAID, QUESTION, ANSWER, OUTCOME = "Lời dân nói", "Câu hỏi", "Lời trả lời", "Kết quả"
PRESSED = "Hỏi lại: "
NO_ANSWER = "Chưa có lời nào trả lời."
NO_NAME = "Người hỏi chưa rõ tên"
OUTSIDE = "Ngoài các chủ đề đã thông báo"
LINKED = "Cùng việc với câu {numbers}"
WHY = {"question": "Vì sao là câu hỏi: {reason}", "asker": "Người hỏi: {reason}", "topic": "Chủ đề: {reason}",
       "link": "Liên quan: {reason}", "answer": "Vì sao là lời đáp: {reason}", "status": "Kết quả: {reason}",
       "summary": "Tóm tắt: {reason}", "answer_summary": "Tóm tắt lời đáp: {reason}",
       "deadline": "Thời hạn: {reason}", "agency": "Đơn vị: {reason}"}
TERM, BY_DATE = "Hẹn: **{term}**", " (ngày {day})"
AGENCY = "Giao: **{agency}**"


@st.fragment
def chain_view(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    with told():
        if not analysis.questions:
            st.info(NO_QUESTIONS)
            return
        _state(overview(transcript.utterances, analysis))
        st.caption(EXPLAINED)
        rewriting_view(meeting)
        with store.open_store() as db:
            before = earlier(db, meeting, analysis.questions, read_clocks(home()))
        for question in analysis.questions:
            with st.container(border=True):
                _chain(question, meeting, transcript.utterances)
                earlier_view(before.get(question.id or 0, ()), f"chain_earlier_{question.id}")


def _state(seen: Overview) -> None:
    """What still needs somebody's care, in a line each."""
    if seen.waiting:
        longest = seen.waiting[0]
        st.markdown(WAITING.format(count=f"**{len(seen.waiting)}**", number=longest.number,
                                   time=lasting(longest.seconds)))
    for words, numbers in ((WITHOUT_DATE, seen.promised_without_date), (UNSURE, seen.unsure_topic)):
        if numbers:
            st.markdown(words.format(count=f"**{len(numbers)}**", numbers=_numbers(numbers)))


def _chain(question: Question, meeting: Meeting, said: Sequence[Utterance]) -> None:
    asked, taken, answered, became = st.columns([3, 3, 3, 2], gap="medium")
    with asked:
        st.markdown(f"**{NUMBER.format(number=question.number)} · {SAID}**")
        _lines(question.spans, said)
        for span in question.follow_ups:
            _lines([span], said, PRESSED)
    with taken:
        _taken(question, meeting)
    with answered:
        st.markdown(f"**{ANSWER}**")
        _lines([Span(i, 0, len(said[i].text)) for i in question.answer.utterances if i < len(said)], said)
        if not question.answer.utterances:
            st.markdown(NO_ANSWER)
        for decision in ("answer", "answer_summary"):
            _why(question, decision)
    with became:
        _became(question)


def _lines(spans: Sequence[Span], said: Sequence[Utterance], before: str = "") -> None:
    """Each stretch with its time and voice."""
    for span in spans:
        utterance = said[span.utterance]
        st.markdown(f":gray[{clock(utterance.start)} · {plain(speaker_name(utterance.speaker))}]  \n"
                    f"{before}{plain(utterance.text[span.start:span.end])}")


def _taken(question: Question, meeting: Meeting) -> None:
    st.markdown(f"**{QUESTION}**")
    st.markdown(plain(question.summary))
    st.markdown(f":material/person: {plain(', '.join(filter(None, (question.asker or NO_NAME, question.address))))}")
    st.markdown(f":material/sell: {plain(topic_names(meeting).get(question.topic, OUTSIDE))}")
    if question.linked:
        st.markdown(f":material/link: {LINKED.format(numbers=_numbers(question.linked))}")
    for decision in ("summary", "question", "asker", "topic", "link"):
        _why(question, decision)


def _became(question: Question) -> None:
    st.markdown(f"**{OUTCOME}**")
    st.badge(capital(STATUS[question.status]), color=STATUS_COLOUR[question.status])
    answer = question.answer
    if answer.deadline:
        by = BY_DATE.format(day=day(answer.deadline_date)) if answer.deadline_date else ""
        st.markdown(TERM.format(term=plain(answer.deadline)) + by)
    if answer.agency:
        st.markdown(AGENCY.format(agency=plain(answer.agency)))
    for decision in ("status", "deadline", "agency"):
        _why(question, decision)


def _why(question: Question, decision: str) -> None:
    if reason := question.reasons.get(decision):
        st.caption(WHY[decision].format(reason=plain(reason)))


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
