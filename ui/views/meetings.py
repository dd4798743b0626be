"""The page «Hội nghị»: all meetings, and the way to a new one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlite_utils import Database

from models import store
from models.folders import home
from models.lookup import questions_of
from models.records import Meeting, Question
from models.rights import Act
from recorder.status import Status
from ui import recording
from ui.labels import MEETING_STATE
from ui.views.signed_in import account, require
from ui.views.wording import STATE_COLOUR, capital, day, is_open, lasting, plain

TITLE = "Hội nghị đối thoại"
NEW = "Tạo hội nghị mới"
SAMPLE = "Nạp hội nghị mẫu"
LOADING_SAMPLE = "Đang nạp hội nghị mẫu…"
WELCOME = "Chưa có hội nghị nào"
WELCOME_STEPS = """
1. **Tạo hội nghị**: ghi tên, ngày, địa điểm, các chủ đề đã thông báo và người tham dự.
2. **Ghi âm trong lúc họp**, hoặc đưa bản ghi âm có sẵn vào: chương trình nghe và ghi lại thành chữ, ngay trên máy này,
   không cần mạng.
3. **Xem lại câu hỏi của người dân** và tải dự thảo biên bản về máy.
"""
TRY_SAMPLE = "Muốn xem thử trước? Hãy nạp hội nghị mẫu (hư cấu) để thấy kết quả sẽ như thế nào."
QUESTIONS = "{count} câu hỏi"
OPEN_QUESTIONS = "{count} câu còn phải theo dõi"
ALL_ANSWERED = "đã trả lời hết"
NOTHING_YET = "Chưa có bản ghi lời"
OPEN = "Mở"
RUNNING, TO_RECORDING = "Đang ghi âm, đã được {time}", "Mở trang ghi âm"
BROKEN_OFF, TO_RESCUE = "Bản ghi âm dừng giữa chừng, {time} đã ghi còn nguyên", "Ghi tiếp hoặc cất lại"


def show() -> None:
    title, new = st.columns([3, 1], vertical_alignment="center")
    title.title(TITLE, anchor=False)
    with store.open_store() as db:
        found = store.meetings(db)
        if not found:
            _welcome(db)
            return
        records = account().may(Act.RECORD)
        if records and new.button(NEW, type="primary", icon=":material/add:", shortcut="Alt+N", width="stretch"):
            st.switch_page("views/new_meeting.py")
        for number, said in recording.running(db, home()):
            _being_recorded(next(meeting for meeting in found if meeting.id == number), said)
        for meeting in found:
            _card(meeting, questions_of(db, meeting.id or 0))
        st.space("small")
        if records:
            _sample_button(db)


def _welcome(db: Database) -> None:
    with st.container(border=True):
        st.subheader(WELCOME, anchor=False)
        st.markdown(WELCOME_STEPS)
        if not account().may(Act.RECORD):
            return
        with st.container(horizontal=True):
            if st.button(NEW, type="primary", icon=":material/add:", shortcut="Alt+N"):
                st.switch_page("views/new_meeting.py")
            _sample_button(db)
        st.caption(TRY_SAMPLE)


def _being_recorded(meeting: Meeting, said: Status) -> None:
    """The recording that runs, or broke off, before everything else."""
    with st.container(border=True):
        words = RUNNING if said.state.is_live else BROKEN_OFF
        st.markdown(f"### :red[:material/radio_button_checked:] {words.format(time=lasting(said.seconds))}")
        st.markdown(plain(meeting.title))
        if account().may(Act.RECORD) and st.button(TO_RECORDING if said.state.is_live else TO_RESCUE, type="primary",
                                                   icon=":material/mic:", key=f"live_{meeting.id}"):
            st.switch_page("views/record.py", query_params={"meeting": str(meeting.id)})


def _sample_button(db: Database) -> None:
    if st.button(SAMPLE, icon=":material/auto_stories:"):
        require(Act.RECORD)
        from ui import work  # the rooms behind it take seconds to load
        with st.spinner(LOADING_SAMPLE):
            meeting = work.load_sample(db)
        st.switch_page("views/meeting.py", query_params={"meeting": str(meeting.id)})


def _card(meeting: Meeting, questions: Sequence[Question] | None) -> None:
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            st.page_link("views/meeting.py", label=f"**{plain(meeting.title)}**",
                         query_params={"meeting": str(meeting.id)}, width="stretch")
            with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                st.badge(capital(MEETING_STATE[meeting.state]), color=STATE_COLOUR[meeting.state])
                st.markdown(f":material/event: {day(meeting.date)}", width="content")
                st.markdown(f":material/location_on: {plain(meeting.place)}", width="content")
            st.markdown(_count(questions))
        if right.button(OPEN, key=f"open_{meeting.id}", icon=":material/folder_open:", width="stretch"):
            st.switch_page("views/meeting.py", query_params={"meeting": str(meeting.id)})


def _count(questions: Sequence[Question] | None) -> str:
    if questions is None:
        return f":gray[{NOTHING_YET}]"
    left = sum(map(is_open, questions))
    rest = f":orange[**{OPEN_QUESTIONS.format(count=left)}**]" if left else f":green[{ALL_ANSWERED}]"
    return f"{QUESTIONS.format(count=len(questions))}, {rest}" if questions else QUESTIONS.format(count=0)


if __name__ == "__main__":
    show()
