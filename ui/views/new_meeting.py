"""The page «Tạo hội nghị»: the form for a new meeting, or a meeting file made elsewhere."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NoReturn

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import store
from models.communes import commune
from models.meeting_file import read_meeting
from models.records import Meeting
from models.rights import Act
from summarize.catalogue import catalogue
from ui.views import draft as drafts
from ui.views.draft import Draft
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import ROLES, capital, plain

PAGE_TITLE = "Tạo hội nghị"
BACK = "Danh sách hội nghị"
KEPT = "Những gì đã ghi được giữ lại, kể cả khi đóng trình duyệt."
WHAT, TOPICS, PEOPLE = "1. Hội nghị", "2. Chủ đề đã thông báo", "3. Người tham dự"
TITLE, DATE, PLACE = "Tên hội nghị", "Ngày họp", "Địa điểm"
TITLE_EXAMPLE = "Hội nghị đối thoại giữa người đứng đầu cấp ủy, chính quyền với Nhân dân xã …"
PLACE_EXAMPLE = "Hội trường nhà văn hóa xã …"
TOPICS_HELP = "Đánh dấu các chủ đề của hội nghị này. Câu hỏi ngoài các chủ đề vẫn được tiếp nhận."
OWN_TOPICS = "Chủ đề khác, mỗi dòng một chủ đề"
OWN_EXAMPLE = "Ví dụ: Nước sạch ở ấp 3"
PEOPLE_HELP = "Họ tên và chức danh sẽ được ghi vào biên bản. Dòng nào không dùng thì để trống."
GLOSSARY = "Tên riêng hay được nhắc (ấp, dự án, cơ quan), mỗi dòng một tên; giúp bản ghi lời viết đúng"
TAKEN_OVER = "Các tên này lấy từ những hội nghị trước của xã; bạn sửa hoặc xóa bớt được."
GLOSSARY_EXAMPLE = "Ví dụ: ấp Suối Cạn"
NAME, OFFICE, ROLE, REMOVE = "Họ và tên", "Chức danh", "Vai trò", "Bỏ dòng này"
OFFICE_EXAMPLE = "Ví dụ: Chủ tịch UBND xã"
ROW = "{label} (dòng {row})"
ADD_PERSON = "Thêm người"
CREATE = "Tạo hội nghị"
LOOK_ABOVE = "Chưa tạo được, còn thiếu:"
CLEAR = "Xóa hết, ghi lại từ đầu"
FROM_FILE = "Đã có tệp thông tin hội nghị (đuôi yaml)? Nạp tại đây"
FILE = "Tệp hội nghị"
FILE_HELP = "Tệp có tên hội nghị, ngày, địa điểm, chủ đề và người tham dự, do cấp trên gửi hoặc lưu từ trước."
USE_FILE = "Nạp tệp này"

# How long typing rests before what was typed is kept.
PAUSE = "700ms"
# Letters of a topic's description that fit on one line.
GIST = 62
# Whether the button was pressed: messages are shown from then on, and go as they are mended.
TRIED = "form_tried"
# The commune whose earlier names were filled in, and what was filled in; emptied by a person, the field stays empty.
NAMES_OF, NAMES_TAKEN = "form_names_of", "form_names_taken"
# The numbers of the rows of people; a row keeps its number when others are removed.
ROWS = "form_rows"


def show() -> None:
    st.page_link("views/meetings.py", label=BACK, icon=":material/arrow_back:")
    st.title(PAGE_TITLE, anchor=False)
    st.caption(KEPT)
    state = st.session_state
    if ROWS not in state:
        _fill(state, drafts.read_draft())
    told_missing = drafts.missing(_typed(state), catalogue()) if state.get(TRIED) else {}
    with st.container(border=True):
        _what(told_missing)
    with st.container(border=True):
        _topics(told_missing)
    with st.container(border=True):
        _people(told_missing)
    typed = _typed(state)
    drafts.keep_draft(typed)
    _create(typed)
    with st.expander(FROM_FILE, icon=":material/upload_file:"):
        _from_file()


def _what(wrong: dict[str, str]) -> None:
    st.subheader(WHAT, anchor=False)
    st.text_input(TITLE, key="form_title", placeholder=TITLE_EXAMPLE, live=PAUSE, persist_state="session")
    _say(wrong, drafts.TITLE)
    when, where = st.columns([1, 3])
    with when:
        st.date_input(DATE, key="form_date", format="DD/MM/YYYY", persist_state="session")
        _say(wrong, drafts.DATE)
    with where:
        st.text_input(PLACE, key="form_place", placeholder=PLACE_EXAMPLE, live=PAUSE, persist_state="session")
        _say(wrong, drafts.PLACE)


def _topics(wrong: dict[str, str]) -> None:
    st.subheader(TOPICS, anchor=False)
    st.caption(TOPICS_HELP)
    columns = st.columns(2, gap="medium")
    known = catalogue()
    half = (len(known) + 1) // 2
    for i, topic in enumerate(known):
        with columns[i // half]:
            label = f"**{plain(topic.name)}**  \n:gray[{plain(_gist(topic.description))}]"
            st.checkbox(label, key=f"form_topic_{topic.id}", persist_state="session")
    st.text_area(OWN_TOPICS, key="form_own", placeholder=OWN_EXAMPLE, height=90, persist_state="session")
    _say(wrong, drafts.TOPICS)


def _gist(description: str) -> str:
    """The first few of the words by which a topic is known."""
    first = description[:GIST].rpartition(",")[0] if len(description) > GIST else ""
    return f"{first}, …" if first else description


def _people(wrong: dict[str, str]) -> None:
    st.subheader(PEOPLE, anchor=False)
    st.caption(PEOPLE_HELP)
    for position, row in enumerate(st.session_state[ROWS], 1):
        _person(position, row)
    _say(wrong, drafts.PEOPLE)
    st.button(ADD_PERSON, icon=":material/person_add:", on_click=_add_row)
    taken_over = _take_over_names(st.session_state)
    st.text_area(GLOSSARY, key="form_glossary", placeholder=GLOSSARY_EXAMPLE, height=90, persist_state="session")
    if taken_over:
        st.caption(TAKEN_OVER)


def _take_over_names(state: MutableMapping[Any, Any]) -> bool:
    """Fills the empty field with names of earlier meetings of the commune, once; whether they stand there still."""
    here = commune(state.get("form_title", ""), state.get("form_place", ""))
    if here and state.get(NAMES_OF) != here and not state.get("form_glossary", "").strip():
        with store.open_store() as db:
            names = drafts.earlier_names(store.meetings(db), state.get("form_title", ""), state.get("form_place", ""))
        if names:
            state["form_glossary"], state[NAMES_OF] = "\n".join(names), here
            state[NAMES_TAKEN] = state["form_glossary"]
    return bool(state.get(NAMES_TAKEN)) and state.get("form_glossary") == state[NAMES_TAKEN]


def _person(position: int, row: int) -> None:
    name, office, role, remove = st.columns([4, 5, 2, 1], vertical_alignment="bottom")
    shown: Literal["visible", "collapsed"] = "visible" if position == 1 else "collapsed"
    name.text_input(ROW.format(label=NAME, row=position) if position > 1 else NAME, key=f"form_name_{row}",
                    label_visibility=shown, placeholder=NAME, live=PAUSE, persist_state="session")
    office.text_input(ROW.format(label=OFFICE, row=position) if position > 1 else OFFICE, key=f"form_office_{row}",
                      label_visibility=shown, placeholder=OFFICE_EXAMPLE if position == 1 else OFFICE,
                      live=PAUSE, persist_state="session")
    role.selectbox(ROW.format(label=ROLE, row=position) if position > 1 else ROLE, list(ROLES), key=f"form_role_{row}",
                   format_func=lambda key: capital(ROLES[key]), label_visibility=shown, persist_state="session")
    remove.button("", key=f"form_remove_{row}", icon=":material/close:", help=REMOVE, on_click=_remove_row,
                  args=(row,))


def _create(typed: Draft) -> None:
    """The button and, after it was pressed, all that is missing."""
    create, clear = st.columns([3, 1])
    with create:
        pressed = st.button(CREATE, type="primary", icon=":material/check:", shortcut="Ctrl+Enter", key="form_create")
    with clear:
        st.button(CLEAR, type="tertiary", key="form_clear", on_click=_clear)
    wrong = drafts.missing(typed, catalogue())
    if pressed and not wrong:
        require(Act.RECORD)
        with store.open_store() as db:
            kept = store.add_meeting(db, drafts.meeting_of(typed, catalogue()))
        _clear()
        _open(kept)
    if pressed and wrong:
        st.toast(f"{LOOK_ABOVE} {plain(next(iter(wrong.values())))}", icon=":material/error:")
    if pressed and not st.session_state.get(TRIED):
        st.session_state[TRIED] = True
        st.rerun()  # so that each message stands at its field
    if wrong and st.session_state.get(TRIED):
        st.error("\n".join([f"**{LOOK_ABOVE}**", "", *(f"- {plain(words)}" for words in wrong.values())]),
                 icon=":material/error:")


def _from_file() -> None:
    st.caption(FILE_HELP)
    upload = st.file_uploader(FILE, type=["yaml", "yml"], key="form_file")
    if upload and st.button(USE_FILE, type="primary", key="form_use_file"):
        with told():
            require(Act.RECORD)
            meeting = _read(upload)
            with store.open_store() as db:
                kept = store.find_meeting(db, meeting) or store.add_meeting(db, meeting)
            _open(kept)


def _read(upload: UploadedFile) -> Meeting:
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name).name
        path.write_bytes(upload.getvalue())
        return read_meeting(path)


def _open(meeting: Meeting) -> NoReturn:
    st.switch_page("views/meeting.py", query_params={"meeting": str(meeting.id)})


def _say(wrong: dict[str, str], place: str) -> None:
    if place in wrong:
        st.markdown(f":red[:material/error: {plain(wrong[place])}]")


def _fill(state: MutableMapping[Any, Any], draft: Draft) -> None:
    """Puts a draft into the fields."""
    state["form_title"], state["form_place"], state["form_own"] = draft.title, draft.place, draft.own
    state["form_glossary"] = draft.glossary
    state["form_date"] = date.fromisoformat(draft.date) if draft.date else date.today()
    for topic in catalogue():
        state[f"form_topic_{topic.id}"] = topic.id in draft.topics
    state[ROWS] = list(range(len(draft.people)))
    for row, (name, office, role) in enumerate(draft.people):
        state[f"form_name_{row}"], state[f"form_office_{row}"] = name, office
        state[f"form_role_{row}"] = role if role in ROLES else "official"


def _typed(state: MutableMapping[Any, Any]) -> Draft:
    """What the fields hold."""
    chosen = [topic.id for topic in catalogue() if state.get(f"form_topic_{topic.id}")]
    people = [(str(state.get(f"form_name_{row}", "")), str(state.get(f"form_office_{row}", "")),
               str(state.get(f"form_role_{row}", "official"))) for row in state[ROWS]]
    when = state.get("form_date")
    return Draft(state.get("form_title", ""), when.isoformat() if when else "", state.get("form_place", ""), chosen,
                 state.get("form_own", ""), people, state.get("form_glossary", ""))


def _add_row() -> None:
    row = max(st.session_state[ROWS], default=-1) + 1
    st.session_state[ROWS] = [*st.session_state[ROWS], row]
    st.session_state[f"form_role_{row}"] = "official"


def _remove_row(row: int) -> None:
    st.session_state[ROWS] = [other for other in st.session_state[ROWS] if other != row]
    for field in ("name", "office", "role"):
        st.session_state.pop(f"form_{field}_{row}", None)


def _clear() -> None:
    """Forgets what was typed, on disk and in the fields."""
    drafts.forget_draft()
    for key in [key for key in st.session_state if str(key).startswith("form_")]:
        del st.session_state[key]


if __name__ == "__main__":
    show()
