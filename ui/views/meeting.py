"""The page of one meeting: its sound, questions, words and papers. The address names the meeting."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models import jobs, store
from models.folders import home
from models.frozen import FROZEN
from models.records import Analysis, Meeting, Person
from models.rights import Act
from models.transcripts import Transcript, current_analysis, current_transcript
from ui import recording
from ui.labels import MEETING_STATE
from ui.seen import as_seen
from ui.views.approval_view import approval_view
from ui.views.chain_view import chain_view
from ui.views.chosen import chosen_meeting
from ui.views.holes import tell_holes
from ui.views.papers_view import papers_view
from ui.views.questions_view import questions_view
from ui.views.signed_in import account
from ui.views.sound_import import add_sound
from ui.views.speakers_view import speakers_view, with_speakers
from ui.views.transcript_view import transcript_view
from ui.views.watching import watch
from ui.views.wording import ROLES, STATE_COLOUR, capital, day, plain

BACK = "Danh sách hội nghị"
PEOPLE, TOPICS = "Người tham dự ({count})", "Chủ đề đã thông báo ({count})"
BEING_RECORDED = "Hội nghị này đang được ghi âm, hoặc có bản ghi chưa cất."
TO_RECORDING = "Mở trang ghi âm"
RECORD_HERE = "Họp ngay bây giờ? Ghi âm bằng micro của máy này, chương trình ghi lời trong lúc họp."
RECORD = "Ghi âm trực tiếp"
MORE_SOUND = "Thêm bản ghi âm khác vào hội nghị này"
REPLACES = "Lời nói và câu hỏi của bản ghi âm mới sẽ được hiện thay cho bản đang xem."
EDIT = "Sửa thông tin"
QUESTIONS, CHAIN, SPEAKERS = "Câu hỏi", "Hỏi và đáp", "Người nói"
WORDS, PAPERS = "Lời nói", "Biên bản"
CHOOSE_VIEW = "Xem phần nào"
NOT_UNDERSTOOD = "Đã có bản ghi lời, nhưng chưa tìm câu hỏi."
UNDERSTAND = "Tìm câu hỏi"
REVIEW = "Rà soát"
REVIEW_ABOUT = "Máy soạn còn sai sót: hãy nghe lại, sửa và đánh dấu từng câu trước khi lập biên bản."
REVIEW_LEFT = "Đã rà soát {done}/{count} câu hỏi."
LOOKING = "Đang tìm câu hỏi và câu trả lời…"


def show() -> None:
    st.page_link("views/meetings.py", label=BACK, icon=":material/arrow_back:")
    with store.open_store() as db:
        meeting = chosen_meeting(db)
        if meeting is None:
            return
        _head(meeting)
        assert meeting.id is not None
        if recording.open_folder(db, home(), meeting.id):
            _being_recorded(meeting.id)
            return
        if job := jobs.latest_job(db, meeting.id):
            watch(job)
        working = job is not None and job.state in (jobs.WAITING, jobs.RUNNING)
        transcript = current_transcript(db, meeting.id)
        analysis = current_analysis(db, transcript) if transcript else None
        course = recording.course_of_meeting(db, home(), meeting.id)
    if transcript is None:
        if not working and account().may(Act.RECORD):
            _record(meeting.id)
            add_sound(meeting.id)
        return
    tell_holes(course)
    frozen = meeting.state in FROZEN
    if analysis is not None and not working and not frozen:
        _review(meeting.id, analysis)
    _views(meeting, transcript, analysis)
    if not working and not frozen and account().may(Act.RECORD):
        with st.expander(MORE_SOUND, icon=":material/upload_file:"):
            st.caption(REPLACES)
            _record(meeting.id)
            add_sound(meeting.id)


def _being_recorded(meeting: int) -> None:
    with st.container(border=True):
        st.markdown(f":red[:material/radio_button_checked:] **{BEING_RECORDED}**")
        if account().may(Act.RECORD) and st.button(TO_RECORDING, type="primary", icon=":material/mic:"):
            st.switch_page("views/record.py", query_params={"meeting": str(meeting)})


def _record(meeting: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{RECORD_HERE}**")
        if st.button(RECORD, type="primary", icon=":material/mic:"):
            st.switch_page("views/record.py", query_params={"meeting": str(meeting)})


def _review(meeting: int, analysis: Analysis) -> None:
    """The way to the review page, and how far it is done."""
    done, count = sum(question.reviewed for question in analysis.questions), len(analysis.questions)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        if st.button(REVIEW, type="primary", icon=":material/rate_review:", key="to_review"):
            st.switch_page("views/review.py", query_params={"meeting": str(meeting)})
        st.markdown(f"**{REVIEW_LEFT.format(done=done, count=count)}** {REVIEW_ABOUT}" if done < count
                    else f"**{REVIEW_LEFT.format(done=done, count=count)}**", width="stretch")


def _head(meeting: Meeting) -> None:
    st.title(plain(meeting.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.badge(capital(MEETING_STATE[meeting.state]), color=STATE_COLOUR[meeting.state])
        st.markdown(f":material/event: {day(meeting.date)}", width="content")
        st.markdown(f":material/location_on: {plain(meeting.place)}", width="content")
        _list(PEOPLE, ":material/groups:", [_person(person) for person in meeting.officials])
        _list(TOPICS, ":material/list:", [plain(topic.name) for topic in meeting.topics])
        if meeting.state not in FROZEN and account().may(Act.RECORD):
            st.page_link("views/edit_meeting.py", label=EDIT, icon=":material/edit:",
                         query_params={"meeting": str(meeting.id)})


def _list(label: str, icon: str, lines: Sequence[str]) -> None:
    if lines:
        with st.popover(label.format(count=len(lines)), icon=icon, type="tertiary"):
            st.markdown("\n".join(f"- {line}" for line in lines))


def _person(person: Person) -> str:
    role = f" ({ROLES[person.role]})" if person.role in ROLES else ""
    return f"**{plain(person.name)}**, {plain(person.title)}{role}"


def _views(meeting: Meeting, transcript: Transcript, analysis: Analysis | None) -> None:
    views = [QUESTIONS, CHAIN, SPEAKERS, WORDS, PAPERS]
    chosen = st.segmented_control(CHOOSE_VIEW, views, default=QUESTIONS, required=True, key="xem",
                                  bind="query-params", label_visibility="collapsed")
    who = account()
    if analysis is None:
        # As long as nobody knows what of it is a denunciation, only those named for them see words.
        if chosen not in (WORDS, SPEAKERS) or not who.sees_denunciations:
            _understand(transcript)
            return
        analysis = Analysis((), (), "")
    elif chosen not in (WORDS, SPEAKERS):
        # All questions first, then what of them may be seen: what is found anew is found in all that was said.
        analysis = with_speakers(transcript, analysis)
    transcript, analysis = as_seen(transcript, analysis, who)
    if chosen == WORDS:
        transcript_view(transcript)
    elif chosen == SPEAKERS:
        speakers_view(meeting, transcript)
    elif chosen == CHAIN:
        chain_view(meeting, transcript, analysis)
    elif chosen == PAPERS:
        approval_view(meeting)
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
