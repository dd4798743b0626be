"""The right side of the review page: one question, its fields, and what is done with it as a whole."""

from __future__ import annotations

import json
from datetime import date

import streamlit as st
from sqlite_utils import Database

from models.clocks import read_clocks
from models.folders import home
from models.records import Question, Status
from models.review import fields_of
from summarize.masking import ANONYMOUS, DENUNCIATION, PRIVATE
from ui.labels import STATUS
from ui.seen import HIDDEN, is_hidden_question
from ui.similar import Earlier, earlier
from ui.views.earlier_view import earlier_view
from ui.views.questions_view import FLAGS, OTHER_FLAG, OUTSIDE
from ui.views.review_desk import Desk, go_to, mark, save_one, typed_field
from ui.views.review_masks import masks_view
from ui.views.review_parts import SUMMARY_KEY
from ui.views.review_remarks import remarks_view
from ui.views.review_whole import whole_view
from ui.views.wording import capital, plain, speaker_name

NO_QUESTIONS = "Chưa có câu hỏi nào. Hãy đánh dấu lượt nói ở bên trái rồi bấm «Lập câu hỏi mới»."
WHICH, ENTRY = "Câu hỏi", "{mark} Câu {number}. {summary}"
DONE, TODO = "✓", "○"
REVIEWED, NOT_YET = "Đã xem", "Chưa xem"
PREVIOUS, FOLLOWING = "Câu trước", "Câu sau"
AGAIN = "Bỏ đánh dấu"
SUMMARY, TEXT, TOPIC, STATUS_LABEL = "Tóm tắt câu hỏi", "Nguyên văn câu hỏi", "Chủ đề", "Kết quả trả lời"
ANSWER, ANSWERED_BY, AGENCY, DEADLINE = "Câu trả lời", "Người trả lời", "Đơn vị giải quyết", "Thời hạn"
ASKER, ADDRESS = "Người hỏi", "Địa chỉ"
DAY, DAY_HELP = "Ngày hết hạn", "Tính từ chữ ở ô «Thời hạn»; chọn ngày khác nếu tính sai"
NOBODY = "(chưa rõ)"
SECRET = "Có nội dung tố cáo: giữ bí mật, không công bố"
NAMELESS = "Người hỏi xin giấu tên: không nêu tên, địa chỉ trong giấy tờ"
WHY = "Vì sao máy xếp như vậy"


def question_view(db: Database, desk: Desk) -> None:
    question = desk.question
    if question is None or question.id is None:
        st.info(NO_QUESTIONS)
        return
    _choose(desk, question)
    if is_hidden_question(question):
        st.info(HIDDEN, icon=":material/lock:")
        return
    with st.container(height=560, border=True, key="review_fields_box"):
        earlier_view(_earlier(db, desk, question), f"review_earlier_{question.id}")
        _fields(desk, question)
        whole_view(desk, question)


def _earlier(db: Database, desk: Desk, question: Question) -> list[Earlier]:
    """What was asked before like the question at hand: looked up once for each, not at every edit."""
    known: tuple[int | None, list[Earlier]] = st.session_state.get("review_earlier", (None, []))
    if known[0] != question.id:
        found = earlier(db, desk.meeting, [question], read_clocks(home())).get(question.id or 0, [])
        known = st.session_state["review_earlier"] = (question.id, found)
    return known[1]


def _choose(desk: Desk, question: Question) -> None:
    """The question at hand, and the way to any other."""
    questions = desk.analysis.questions
    labels = {q.id: ENTRY.format(mark=DONE if q.reviewed else TODO, number=q.number, summary=q.summary or q.text)
              for q in questions}
    # A key of its own for each question: the address says which is at hand, not the element.
    key = f"review_which_{question.id}_{desk.seen}"
    st.selectbox(WHICH, list(labels), index=question.number - 1, format_func=lambda i: labels.get(i, ""), key=key,
                 on_change=lambda: _go(question, st.session_state[key]), label_visibility="collapsed")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, step, icon, shortcut in ((PREVIOUS, -1, "arrow_back", "Alt+Up"),
                                            (FOLLOWING, 1, "arrow_forward", "Alt+Down")):
            place = question.number - 1 + step
            there = questions[place].id if 0 <= place < len(questions) else None
            st.button(label, icon=f":material/{icon}:", shortcut=shortcut, key=f"review_step_{step}",
                      disabled=there is None, on_click=lambda to=there: go_to(to or 0))
        st.badge(REVIEWED if question.reviewed else NOT_YET, color="green" if question.reviewed else "orange")
        if question.reviewed and not is_hidden_question(question):
            st.button(AGAIN, key="review_again", type="tertiary", on_click=mark, args=(desk, question, False))
        for flag in question.flags:
            st.badge(capital(FLAGS.get(flag, OTHER_FLAG)), icon=":material/flag:", color="yellow")


def _go(question: Question, to: int) -> None:
    """Goes where the list was set to; a list handed over from a page that was left says where that page was."""
    if to != question.id:
        go_to(to)


def _fields(desk: Desk, question: Question) -> None:
    _typed(desk, question, "summary", SUMMARY, to_key=SUMMARY_KEY)
    left, right = st.columns(2)
    topics = {topic.id: topic.name for topic in desk.meeting.topics} | {"": OUTSIDE}
    with left:
        _choice(desk, question, "topic", TOPIC, topics)
    with right:
        _choice(desk, question, "status", STATUS_LABEL, {status.value: capital(STATUS[status]) for status in Status})
    for column, (name, label) in zip(st.columns(2), (("asker", ASKER), ("address", ADDRESS)), strict=True):
        with column:
            _typed(desk, question, name, label, single=True)
    left, right = st.columns(2)
    with left:
        _typed(desk, question, "agency", AGENCY, single=True)
        _answered_by(desk, question)
    with right:
        _typed(desk, question, "deadline", DEADLINE, single=True)
        _day(desk, question)
    _typed(desk, question, "text", TEXT)
    _typed(desk, question, "answer_text", ANSWER)
    _flag(desk, question, DENUNCIATION, SECRET, (PRIVATE,))
    _flag(desk, question, ANONYMOUS, NAMELESS)
    masks_view(desk, question)
    remarks_view(desk, "question", question.id or 0)
    if question.reasons:
        with st.popover(WHY, type="tertiary"):
            for reason in question.reasons.values():
                st.markdown(f"- {plain(reason)}")


def _typed(desk: Desk, question: Question, name: str, label: str, single: bool = False, to_key: str = "") -> None:
    key = ("question", question.id or 0, name)
    typed_field(desk, key, f"review_{name}_{question.id}", label, single, to_key=to_key)


def _choice(desk: Desk, question: Question, name: str, label: str, options: dict[str, str]) -> None:
    """A choice that is saved at once."""
    field = ("question", question.id or 0, name)
    now = fields_of(question)[name]
    now = now if now in options else ""
    key = f"review_{name}_{question.id}_{desk.version(field)}"
    st.selectbox(label, list(options), index=list(options).index(now), format_func=lambda name: options[name], key=key,
                 on_change=lambda: save_one(desk, field, st.session_state[key]))


def _answered_by(desk: Desk, question: Question) -> None:
    """Who answered: chosen among those who spoke or take part, or typed."""
    field = ("question", question.id or 0, "answered_by")
    now = question.answer.answered_by
    names = list(dict.fromkeys([now, *(person.name for person in desk.meeting.officials),
                                *sorted({u.speaker for u in desk.said})]))
    key = f"review_answered_by_{question.id}_{desk.version(field)}"
    st.selectbox(ANSWERED_BY, names, key=key, format_func=lambda name: speaker_name(name) or NOBODY,
                 accept_new_options=True, on_change=lambda: save_one(desk, field, st.session_state[key] or ""))


def _day(desk: Desk, question: Question) -> None:
    """The last day: what the words of the term mean, until a person sets another."""
    field = ("question", question.id or 0, "deadline_date")
    now = question.answer.deadline_date
    key = f"review_day_{question.id}_{now}_{desk.version(field)}"

    def changed() -> None:
        day = st.session_state[key]
        save_one(desk, field, day.isoformat() if day else "")

    st.date_input(DAY, date.fromisoformat(now) if now else None, key=key, format="DD/MM/YYYY", on_change=changed,
                  help=DAY_HELP)


def _flag(desk: Desk, question: Question, flag: str, label: str, brings: tuple[str, ...] = ()) -> None:
    """A switch for one flag of the question; setting it sets those that it `brings`."""
    field = ("question", question.id or 0, "flags")
    key = f"review_{flag}_{question.id}_{desk.version(field)}"

    def changed() -> None:
        if st.session_state[key] == (flag in question.flags):
            return
        flags = [other for other in question.flags if other != flag]
        if st.session_state[key]:
            flags = list(dict.fromkeys([flag, *flags, *brings]))
        save_one(desk, field, json.dumps(flags))

    st.checkbox(label, value=flag in question.flags, key=key, on_change=changed)
