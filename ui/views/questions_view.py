"""The questions of a meeting by topic, each with what became of it and the sound behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from models.records import Analysis, Meeting, Question, Status, Utterance
from models.transcripts import Transcript
from summarize.shares import speaking_times
from ui.labels import STATUS
from ui.views.bar import Part, bar
from ui.views.listening import listen_buttons, player
from ui.views.shares import time_bar
from ui.views.told import told
from ui.views.wording import STATUS_COLOUR, capital, is_open, plain, topic_names

NO_QUESTIONS = "Không tìm thấy câu hỏi nào trong lời nói của hội nghị này."
BY_STATUS = "Kết quả trả lời {count} câu hỏi"
ALL, OPEN, FLAGGED = "Tất cả ({count})", "Còn phải theo dõi ({count})", "Cần lưu ý ({count})"
FILTER = "Lọc câu hỏi"
NONE_LEFT = "Không có câu nào ở mục này."
TOPIC = "{name} ({count})"
OUTSIDE = "Ngoài các chủ đề đã thông báo"
NUMBER = "Câu {number}"
NO_NAME = "Người hỏi chưa rõ tên"
AGENCY, DEADLINE = "Đơn vị giải quyết", "Thời hạn"
ANSWER, ANSWER_BY = "Trả lời", "Trả lời ({name})"
HEAR_QUESTION, HEAR_ANSWER = "Nghe câu hỏi:", "Nghe trả lời:"
WHOLE = "Nguyên văn và lý do máy xếp như vậy"
WORDS = "Nguyên văn"
REASONS = {"question": "Vì sao là câu hỏi", "topic": "Chủ đề", "status": "Kết quả", "answer": "Câu trả lời",
           "asker": "Người hỏi", "agency": "Đơn vị", "deadline": "Thời hạn", "link": "Câu hỏi liên quan",
           "summary": "Tóm tắt", "answer_summary": "Tóm tắt lời đáp"}
OTHER_REASON = "Lý do khác"
FLAGS = {"denunciation": "có nội dung tố cáo", "private": "có thông tin riêng tư",
         "anonymous": "người hỏi xin giấu tên", "unsure_topic": "chưa chắc chủ đề",
         "read_out": "đọc thay người vắng mặt"}
OTHER_FLAG = "nên xem lại"
UNSURE = "nghe chưa rõ, nên nghe lại"

Kept = Callable[[Question], bool]


@st.fragment
def questions_view(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    with told():
        if not analysis.questions:
            st.info(NO_QUESTIONS)
        else:
            _shares(transcript, analysis)
            _by_topic(meeting, transcript, _filtered(analysis.questions, transcript.utterances))


def _shares(transcript: Transcript, analysis: Analysis) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        counts = [(status, sum(q.status == status for q in analysis.questions)) for status in Status]
        bar(BY_STATUS.format(count=len(analysis.questions)),
            [Part(capital(STATUS[status]), count, str(count), STATUS_COLOUR[status]) for status, count in counts])
    with right:
        time_bar(speaking_times(transcript.utterances, analysis.places))


def _filtered(questions: Sequence[Question], said: Sequence[Utterance]) -> list[Question]:
    """The questions of the kind that was chosen."""
    kinds: dict[str, Kept] = {ALL: lambda q: True, OPEN: is_open, FLAGGED: lambda q: bool(_warnings(q, said))}
    counts = {kind: sum(map(kept, questions)) for kind, kept in kinds.items()}
    shown = [kind for kind in kinds if kind == ALL or counts[kind]]
    chosen = st.segmented_control(FILTER, shown, default=ALL, required=True, key="question_kind",
                                  label_visibility="collapsed",
                                  format_func=lambda kind: kind.format(count=counts[kind]))
    return [question for question in questions if kinds[chosen](question)]


def _by_topic(meeting: Meeting, transcript: Transcript, questions: Sequence[Question]) -> None:
    if not questions:
        st.info(NONE_LEFT)
    names = topic_names(meeting)
    for topic in (*names, None):
        group = [q for q in questions if q.topic == topic or (topic is None and q.topic not in names)]
        if group:
            st.subheader(plain(TOPIC.format(name=names.get(topic, OUTSIDE), count=len(group))), anchor=False)
        for question in group:
            with st.container(border=True):
                _question(question, transcript)


def _question(question: Question, transcript: Transcript) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{NUMBER.format(number=question.number)}** · {_asker(question)}", width="content")
        with st.container(horizontal=True, width="content"):
            for words in _warnings(question, transcript.utterances):
                st.badge(capital(words), icon=":material/flag:", color="yellow")
            st.badge(capital(STATUS[question.status]), color=STATUS_COLOUR[question.status])
    st.markdown(f"**{plain(question.summary or question.text)}**")
    _answer(question)
    if transcript.recording is not None:
        _listen(question, transcript.utterances)
    with st.expander(WHOLE):
        st.markdown(f"**{WORDS}:** {plain(question.text)}")
        for decision, reason in question.reasons.items():
            st.markdown(f"**{REASONS.get(decision, OTHER_REASON)}:** {plain(reason)}")


def _warnings(question: Question, said: Sequence[Utterance]) -> list[str]:
    """What to look at in a question: what it holds, and whether it was heard well."""
    heard = _at([span.utterance for span in question.spans], said)
    unsure = [UNSURE] if any(utterance.flags for utterance in heard) else []
    return list(dict.fromkeys([FLAGS.get(flag, OTHER_FLAG) for flag in question.flags] + unsure))


def _asker(question: Question) -> str:
    return ", ".join(plain(part) for part in (question.asker or NO_NAME, question.address) if part)


def _answer(question: Question) -> None:
    answer = question.answer
    if answer.text:
        label = ANSWER_BY.format(name=plain(answer.answered_by)) if answer.answered_by else ANSWER
        st.markdown(f"{label}: {plain(answer.text)}")
    undertaken = [(AGENCY, answer.agency), (DEADLINE, answer.deadline)]
    if any(text for _, text in undertaken):
        st.markdown(" · ".join(f"{label}: **{plain(text)}**" for label, text in undertaken if text))


def _listen(question: Question, said: Sequence[Utterance]) -> None:
    """Buttons for where it was asked and answered."""
    asked = _at([span.utterance for span in question.spans], said)
    answered = _at(question.answer.utterances, said)
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, heard, key in ((HEAR_QUESTION, asked, "ask"), (HEAR_ANSWER, answered, "answer")):
            if heard:
                st.markdown(label, width="content")
                listen_buttons(heard, f"{key}_{question.id}")
    for heard, key in ((asked, "ask"), (answered, "answer")):
        player(heard, f"{key}_{question.id}")


def _at(positions: Sequence[int], said: Sequence[Utterance]) -> list[Utterance]:
    return [said[i] for i in dict.fromkeys(positions) if 0 <= i < len(said)]
