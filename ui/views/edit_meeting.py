"""The page «Sửa thông tin hội nghị»: what was typed in beforehand put right, as long as the minutes are not signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st
from sqlite_utils import Database

from models import store
from models.folding import fold
from models.frozen import refuse_if_frozen
from models.planning import change_meeting, is_understood_otherwise
from models.records import Meeting, Person, Topic
from models.rights import Act
from models.transcripts import current_analysis, current_transcript
from ui.views import draft as drafts
from ui.views.chosen import chosen_meeting
from ui.views.draft import Draft, lines, tidy
from ui.views.new_meeting import DATE, GLOSSARY, NAME, OFFICE, PLACE, ROLE, TITLE
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import ROLES, capital, plain

PAGE_TITLE = "Sửa thông tin hội nghị"
BACK = "Về hồ sơ hội nghị"
TOPICS, PEOPLE = "Chủ đề đã thông báo", "Người tham dự"
TOPIC, ABOUT = "Chủ đề", "Mô tả (những việc thuộc chủ đề này)"
ROW = "{label} {row}"
ADD_TOPIC, ADD_PERSON, REMOVE = "Thêm chủ đề", "Thêm người", "Bỏ dòng này"
WARNING = ("Đổi ngày họp, chủ đề hoặc người tham dự thì chương trình xếp lại các câu hỏi. Chỗ đã sửa tay vẫn giữ "
           "nguyên; câu nào đổi chủ đề hoặc kết quả thì phải xem lại.")
GLOSSARY_ONLY = "Tên riêng vừa thêm giúp những lần nghe sau; lời đã ghi không đổi."
SAVE, SAVED = "Lưu thông tin", "Đã lưu thông tin hội nghị."
FINDING = "Đang xếp lại câu hỏi…"
LEAVE = "Bỏ, không sửa"
MISSING = "Chưa lưu được, còn thiếu:"

SEEN, TOPIC_ROWS, PEOPLE_ROWS = "edit_seen", "edit_topic_rows", "edit_people_rows"


def show() -> None:
    with store.open_store() as db:
        meeting = chosen_meeting(db)
        if meeting is None:
            return
        st.page_link("views/meeting.py", label=BACK, icon=":material/arrow_back:",
                     query_params={"meeting": str(meeting.id)})
        st.title(PAGE_TITLE, anchor=False)
        refuse_if_frozen(db, meeting.id or 0)
        transcript = current_transcript(db, meeting.id or 0)
        is_understood = transcript is not None and current_analysis(db, transcript) is not None
    if getattr(st.session_state.get(SEEN), "id", None) != meeting.id or "edit_title" not in st.session_state:
        _fill(meeting)
    with st.container(border=True):
        _what()
    with st.container(border=True):
        _rows(TOPICS, TOPIC_ROWS, _topic, ADD_TOPIC)
    with st.container(border=True):
        _rows(PEOPLE, PEOPLE_ROWS, _person, ADD_PERSON)
    st.text_area(GLOSSARY, key="edit_glossary", height=90)
    _save(meeting, is_understood)


def _what() -> None:
    st.text_input(TITLE, key="edit_title")
    when, where = st.columns([1, 3])
    when.date_input(DATE, key="edit_date", format="DD/MM/YYYY")
    where.text_input(PLACE, key="edit_place")


def _rows(head: str, key: str, draw: Callable[[int, int], None], add: str) -> None:
    st.subheader(head, anchor=False)
    for position, row in enumerate(st.session_state[key], 1):
        draw(position, row)
    st.button(add, icon=":material/add:", key=f"add_{key}", on_click=_add, args=(key,))


def _topic(position: int, row: int) -> None:
    name, about, remove = st.columns([4, 7, 1], vertical_alignment="bottom")
    name.text_input(ROW.format(label=TOPIC, row=position), key=f"edit_topic_{row}")
    about.text_input(ROW.format(label=ABOUT, row=position), key=f"edit_about_{row}")
    remove.button("", key=f"edit_drop_topic_{row}", icon=":material/close:", help=REMOVE, on_click=_remove,
                  args=(TOPIC_ROWS, row))


def _person(position: int, row: int) -> None:
    name, office, role, remove = st.columns([4, 5, 2, 1], vertical_alignment="bottom")
    name.text_input(ROW.format(label=NAME, row=position), key=f"edit_name_{row}")
    office.text_input(ROW.format(label=OFFICE, row=position), key=f"edit_office_{row}")
    role.selectbox(ROW.format(label=ROLE, row=position), list(ROLES), key=f"edit_role_{row}",
                   format_func=lambda kind: capital(ROLES[kind]))
    remove.button("", key=f"edit_drop_person_{row}", icon=":material/close:", help=REMOVE, on_click=_remove,
                  args=(PEOPLE_ROWS, row))


def _save(meeting: Meeting, is_understood: bool) -> None:
    seen: Meeting = st.session_state[SEEN]
    wrong, wanted = _wrong(), _wanted(seen)
    is_anew = is_understood and is_understood_otherwise(seen, wanted)
    if is_anew:
        st.warning(WARNING, icon=":material/autorenew:")
    elif is_understood and wanted.glossary != seen.glossary:
        st.info(GLOSSARY_ONLY)
    with st.container(horizontal=True):
        save = st.button(SAVE, type="primary", icon=":material/save:", key="edit_save", shortcut="Ctrl+Enter")
        leave = st.button(LEAVE, key="edit_leave")
    if save and wrong:
        st.error("\n".join([f"**{MISSING}**", "", *(f"- {plain(words)}" for words in wrong)]), icon=":material/error:")
    elif save:
        with told():
            by = require(Act.RECORD).name
            with store.open_store() as db:
                change_meeting(db, seen, wanted, by)
                if is_anew:
                    _find_anew(db, meeting.id or 0)
            st.toast(SAVED, icon=":material/check:")
            _go(meeting)
    elif leave:
        _go(meeting)


def _find_anew(db: Database, meeting: int) -> None:
    from ui import work  # the rooms behind it take seconds to load
    with st.spinner(FINDING):
        if transcript := current_transcript(db, meeting):
            work.find_questions(db, transcript)


def _go(meeting: Meeting) -> None:
    """Back to the meeting; what was typed is forgotten."""
    for key in [key for key in st.session_state if str(key).startswith("edit_")]:
        del st.session_state[key]
    st.switch_page("views/meeting.py", query_params={"meeting": str(meeting.id)})


def _wrong() -> list[str]:
    """What is missing, in sentences, as for a new meeting."""
    state = st.session_state
    when = state["edit_date"]
    people = [(state[f"edit_name_{row}"], state[f"edit_office_{row}"], state[f"edit_role_{row}"])
              for row in state[PEOPLE_ROWS]]
    names = "\n".join(state[f"edit_topic_{row}"] for row in state[TOPIC_ROWS])
    typed = Draft(state["edit_title"], when.isoformat() if when else "", state["edit_place"], [], names, people)
    return list(drafts.missing(typed, ()).values())


def _wanted(seen: Meeting) -> Meeting:
    """The meeting as the fields have it; one whose day is empty keeps its day, which is told as missing."""
    state = st.session_state
    topics: list[Topic] = []
    for row in state[TOPIC_ROWS]:
        if name := tidy(state[f"edit_topic_{row}"]):
            key = _id(seen, row, {topic.id for topic in topics})
            topics.append(Topic(key, name, tidy(state[f"edit_about_{row}"])))
    people = tuple(Person(tidy(state[f"edit_name_{row}"]), tidy(state[f"edit_office_{row}"]),
                          state[f"edit_role_{row}"]) for row in state[PEOPLE_ROWS] if tidy(state[f"edit_name_{row}"]))
    day = state["edit_date"].isoformat() if state["edit_date"] else seen.date
    glossary = lines(state["edit_glossary"])
    return Meeting(tidy(state["edit_title"]), day, tidy(state["edit_place"]), tuple(topics), people, seen.state,
                   seen.id, glossary)


def _id(seen: Meeting, row: int, taken: set[str]) -> str:
    """A topic that was there keeps its id, also under another name, so that questions stay with it."""
    if row < len(seen.topics):
        return seen.topics[row].id
    used = {fold(topic.id) for topic in seen.topics} | {fold(key) for key in taken}
    return next(key for n in range(1, 1000) if fold(key := f"own{n}") not in used)


def _fill(meeting: Meeting) -> None:
    state = st.session_state
    state[SEEN] = meeting
    state["edit_title"], state["edit_place"] = meeting.title, meeting.place
    state["edit_date"] = date.fromisoformat(meeting.date)
    state["edit_glossary"] = "\n".join(meeting.glossary)
    state[TOPIC_ROWS], state[PEOPLE_ROWS] = list(range(len(meeting.topics))), list(range(len(meeting.officials)))
    for row, topic in enumerate(meeting.topics):
        state[f"edit_topic_{row}"], state[f"edit_about_{row}"] = topic.name, topic.description
    for row, person in enumerate(meeting.officials):
        state[f"edit_name_{row}"], state[f"edit_office_{row}"] = person.name, person.title
        state[f"edit_role_{row}"] = person.role if person.role in ROLES else "official"


def _add(key: str) -> None:
    """A row behind all that there ever were, so that a topic's row tells which topic it was."""
    state = st.session_state
    state[f"{key}_last"] = max(state.get(f"{key}_last", -1), len(state[SEEN].topics), len(state[SEEN].officials),
                               *(row + 1 for row in state[key]), 0)
    state[key] = [*state[key], state[f"{key}_last"]]


def _remove(key: str, row: int) -> None:
    st.session_state[key] = [other for other in st.session_state[key] if other != row]


if __name__ == "__main__":
    show()
