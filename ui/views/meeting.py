"""The page of one meeting: its sound, questions, words and papers. The address names the meeting."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlite_utils import Database

from models import jobs, store
from models.errors import NotFound
from models.records import Analysis, Meeting, Person
from models.transcripts import Transcript, current_analysis, current_transcript
from ui.labels import MEETING_STATE
from ui.views.papers_view import papers_view
from ui.views.questions_view import questions_view
from ui.views.sound_import import add_sound
from ui.views.transcript_view import transcript_view
from ui.views.watching import watch
from ui.views.wording import ROLES, STATE_COLOUR, capital, day, plain

BACK = "Danh sách hội nghị"
NO_MEETING = "Chưa chọn hội nghị nào; hãy mở một hội nghị trong danh sách."
PEOPLE, TOPICS = "Người tham dự ({count})", "Chủ đề đã thông báo ({count})"
MORE_SOUND = "Đưa bản ghi âm khác vào hội nghị này"
REPLACES = "Lời nói và câu hỏi của bản ghi âm mới sẽ được hiện thay cho bản đang xem."
QUESTIONS, WORDS, PAPERS = "Câu hỏi", "Lời nói", "Biên bản"
CHOOSE_VIEW = "Xem phần nào"
NOT_UNDERSTOOD = "Đã có bản ghi lời, nhưng chưa tìm câu hỏi."
UNDERSTAND = "Tìm câu hỏi"
LOOKING = "Đang tìm câu hỏi và câu trả lời…"


def show() -> None:
    st.page_link("views/meetings.py", label=BACK, icon=":material/arrow_back:")
    with store.open_store() as db:
        meeting = _chosen(db)
        if meeting is None:
            st.info(NO_MEETING)
            return
        _head(meeting)
        assert meeting.id is not None
        if job := jobs.latest_job(db, meeting.id):
            watch(job)
        working = job is not None and job.state in (jobs.WAITING, jobs.RUNNING)
        transcript = current_transcript(db, meeting.id)
        analysis = current_analysis(db, transcript) if transcript else None
    if transcript is None:
        if not working:
            add_sound(meeting.id)
        return
    _views(meeting, transcript, analysis)
    if not working:
        with st.expander(MORE_SOUND, icon=":material/upload_file:"):
            st.caption(REPLACES)
            add_sound(meeting.id)


def _chosen(db: Database) -> Meeting | None:
    """The meeting that the address names. Raises NotFound when there is none with its number."""
    number = st.query_params.get("meeting", "")
    if not number:
        return None
    if not number.isdecimal():
        raise NotFound("meetings", number)
    return store.meeting(db, int(number))


def _head(meeting: Meeting) -> None:
    st.title(plain(meeting.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.badge(capital(MEETING_STATE[meeting.state]), color=STATE_COLOUR[meeting.state])
        st.markdown(f":material/event: {day(meeting.date)}", width="content")
        st.markdown(f":material/location_on: {plain(meeting.place)}", width="content")
        _list(PEOPLE, ":material/groups:", [_person(person) for person in meeting.officials])
        _list(TOPICS, ":material/list:", [plain(topic.name) for topic in meeting.topics])


def _list(label: str, icon: str, lines: Sequence[str]) -> None:
    if lines:
        with st.popover(label.format(count=len(lines)), icon=icon, type="tertiary"):
            st.markdown("\n".join(f"- {line}" for line in lines))


def _person(person: Person) -> str:
    role = f" ({ROLES[person.role]})" if person.role in ROLES else ""
    return f"**{plain(person.name)}**, {plain(person.title)}{role}"


def _views(meeting: Meeting, transcript: Transcript, analysis: Analysis | None) -> None:
    chosen = st.segmented_control(CHOOSE_VIEW, [QUESTIONS, WORDS, PAPERS], default=QUESTIONS, required=True, key="xem",
                                  bind="query-params", label_visibility="collapsed")
    if chosen == WORDS:
        transcript_view(transcript)
    elif analysis is None:
        _understand(transcript)
    elif chosen == PAPERS:
        papers_view(meeting, transcript, analysis)
    else:
        questions_view(meeting, transcript, analysis)


def _understand(transcript: Transcript) -> None:
    st.info(NOT_UNDERSTOOD)
    if st.button(UNDERSTAND, type="primary", icon=":material/search:"):
        from ui import work  # the rooms behind it take seconds to load
        with st.spinner(LOOKING), store.open_store() as db:
            work.find_questions(db, transcript)
        st.rerun()


if __name__ == "__main__":
    show()
