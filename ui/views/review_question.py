"""The right side of the review page: one question, its fields, and what is done with it as a whole."""

from __future__ import annotations

import json

import streamlit as st
from sqlite_utils import Database

from models import review
from models.clocks import read_clocks
from models.folders import home
from models.records import Question, Status
from models.review import fields_of
from ui.labels import STATUS
from ui.seen import HIDDEN, is_hidden_question
from ui.similar import Earlier, earlier
from ui.views.earlier_view import earlier_view
from ui.views.questions_view import FLAGS, OTHER_FLAG, OUTSIDE
from ui.views.review_desk import Desk, act, go_to, mark, onwards, save_one, typed_field
from ui.views.review_masks import masks_view
from ui.views.review_parts import SUMMARY_KEY
from ui.views.wording import capital, plain

NO_QUESTIONS = "Chưa có câu hỏi nào. Hãy đánh dấu lượt nói ở bên trái rồi bấm «Lập câu hỏi mới»."
WHICH, ENTRY = "Câu hỏi", "{mark} Câu {number}. {summary}"
DONE, TODO = "✓", "○"
REVIEWED, NOT_YET = "Đã xem", "Chưa xem"
PREVIOUS, FOLLOWING = "Câu trước", "Câu sau"
AGAIN = "Bỏ đánh dấu"
SUMMARY, TEXT, TOPIC, STATUS_LABEL = "Tóm tắt câu hỏi", "Nguyên văn câu hỏi", "Chủ đề", "Kết quả trả lời"
ANSWER, ANSWERED_BY, AGENCY, DEADLINE = "Câu trả lời", "Người trả lời", "Đơn vị giải quyết", "Thời hạn"
ASKER, ADDRESS = "Người hỏi", "Địa chỉ"
SECRET = "Có nội dung tố cáo: giữ bí mật, không công bố"
WHY = "Vì sao máy xếp như vậy"
WHOLE = "Cả câu hỏi này:"
MERGE, DROP = "Gộp vào câu trước", "Bỏ câu hỏi này"
DENUNCIATION, PRIVATE = "denunciation", "private"


def question_view(db: Database, desk: Desk) -> None:
    question = desk.question
    if question is None or question.id is None:
        st.info(NO_QUESTIONS)
        return
    _choose(desk, question)
    if is_hidden_question(question):
        st.info(HIDDEN, icon=":material/lock:")
        return
    with st.container(height=560, border=True):
        earlier_view(_earlier(db, desk, question), f"review_earlier_{question.id}")
        _fields(desk, question)
        _whole(desk, question)


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
    for pair in ((("asker", ASKER), ("address", ADDRESS)), (("agency", AGENCY), ("deadline", DEADLINE))):
        for column, (name, label) in zip(st.columns(2), pair, strict=True):
            with column:
                _typed(desk, question, name, label, single=True)
    _typed(desk, question, "text", TEXT)
    _typed(desk, question, "answer_text", ANSWER)
    _typed(desk, question, "answered_by", ANSWERED_BY, single=True)
    _secret(desk, question)
    masks_view(desk, question)
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


def _secret(desk: Desk, question: Question) -> None:
    field = ("question", question.id or 0, "flags")
    key = f"review_secret_{question.id}_{desk.version(field)}"

    def changed() -> None:
        if st.session_state[key] == (DENUNCIATION in question.flags):
            return
        flags = [flag for flag in question.flags if flag != DENUNCIATION]
        if st.session_state[key]:
            flags = list(dict.fromkeys([DENUNCIATION, *flags, PRIVATE]))
        save_one(desk, field, json.dumps(flags))

    st.checkbox(SECRET, value=DENUNCIATION in question.flags, key=key, on_change=changed)


def _whole(desk: Desk, question: Question) -> None:
    own = question.id or 0
    previous = desk.analysis.questions[question.number - 2] if question.number > 1 else None
    before = previous.id if previous and not is_hidden_question(previous) else None
    st.markdown(f"**{WHOLE}**")
    with st.container(horizontal=True, gap="small"):
        st.button(MERGE, icon=":material/merge:", key="review_merge", disabled=before is None,
                  on_click=_merge, args=(desk, before or 0, own))
        st.button(DROP, icon=":material/delete:", key="review_drop", on_click=_drop, args=(desk, question))


def _merge(desk: Desk, into: int, other: int) -> None:
    if act(lambda db: review.merge(db, desk.id, desk.by, into, other, desk.seen)):
        go_to(into)


def _drop(desk: Desk, question: Question) -> None:
    if act(lambda db: review.drop(db, desk.id, desk.by, question.id or 0, desk.seen)):
        onwards(desk, question)
