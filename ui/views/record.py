"""The page «Ghi âm»: a microphone is chosen and tried, the recording begun, watched and ended.

It comes back to a running recording whenever it is opened; the recording itself needs no page.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st
from sqlite_utils import Database

from models import store
from models.folders import home
from models.records import Meeting
from models.rights import Act
from recorder import disk, process
from recorder.errors import AlreadyRecording
from recorder.status import State, Status
from recorder.wav import Form
from ui import recording
from ui.troubles import GO_ON
from ui.views.chosen import chosen_meeting
from ui.views.live_view import ENDING, live_view, sound_the_alarm
from ui.views.microphone import choose_microphone, try_microphone
from ui.views.recording_alarm import said_of, start_again
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import lasting, plain

BACK = "Hồ sơ hội nghị"
STEPS = ("1. Chọn và thử micro", "2. Đọc cho mọi người cùng biết", "3. Ghi âm")
NOTICE = ("Kính thưa các đồng chí, kính thưa bà con! Hội nghị hôm nay được **ghi âm** để ghi biên bản cho đúng và đủ "
          "lời bà con. Bản ghi được lưu tại xã và chỉ dùng cho việc lập biên bản, trả lời kiến nghị. Ai không muốn nêu "
          "tên, hoặc cần phản ánh riêng, tố cáo, xin báo với thư ký để được tiếp riêng, không ghi âm.")
NOTICE_WHY = ("Người dự họp phải được biết là mình đang được ghi âm (Luật Bảo vệ dữ liệu cá nhân, số 91/2025/QH15).")
START = "Bắt đầu ghi âm"
STARTING = "Đang mở micro…"
ROOM = "Đĩa còn chỗ để ghi khoảng {time}."
LITTLE_ROOM = "Đĩa sắp đầy: chỉ còn ghi được khoảng {time}. Hãy dọn bớt trước khi bắt đầu."
KEEPS_ON = "Khi đã bắt đầu, đóng trang này hay tắt trình duyệt cũng không làm ngừng ghi."

BROKE_OFF = "Bản ghi âm đã dừng giữa chừng; {time} đã ghi vẫn còn nguyên."
WHY = {
    State.INTERRUPTED: "Máy tắt đột ngột hoặc chương trình ghi âm bị đóng.",
    State.DISK_FULL: "Đĩa đã đầy. Hãy dọn bớt rồi ghi tiếp, hoặc cất phần đã ghi.",
    State.FAILED: "Chương trình ghi âm gặp lỗi.",
    State.STOPPED: "Việc ghi đã ngừng nhưng bản ghi chưa được cất.",
}
KEEP = "Cất phần đã ghi, soạn dự thảo"
KEEPING = "Đang cất bản ghi…"

USUAL = Form(48_000, 2)
"""What most microphones bring: for the time that the disk will last, before one is open."""


def show() -> None:
    with store.open_store() as db:
        meeting = chosen_meeting(db)
        if meeting is None:
            return
        number = meeting.id or 0
        st.page_link("views/meeting.py", label=BACK, icon=":material/arrow_back:",
                     query_params={"meeting": str(number)})
        if st.session_state.pop(ENDING, False):
            with told():
                require(Act.RECORD)
                end_recording(db, meeting)
        live = recording.open_folder(db, home(), number)
        said = process.status(live) if live else None
    if live is None or said is None:
        _prepare(meeting)
    elif said.state.is_live:
        live_view(meeting, live, said.state is State.PAUSED)
    else:
        _broke_off(meeting, said)


def _prepare(meeting: Meeting) -> None:
    st.title(plain(meeting.title), anchor=False)
    st.subheader(STEPS[0], anchor=False)
    device = choose_microphone("microphone")
    if device:
        try_microphone(device)
    st.subheader(STEPS[1], anchor=False)
    with st.container(border=True):
        st.markdown(NOTICE)
        st.caption(NOTICE_WHY)
    st.subheader(STEPS[2], anchor=False)
    _room()
    with told():
        if st.button(START, type="primary", icon=":material/radio_button_checked:", shortcut="Ctrl+Enter",
                     width="stretch", disabled=device is None, key="start_recording"):
            require(Act.RECORD)
            with st.spinner(STARTING), store.open_store() as db:
                recording.begin(db, home(), meeting.id or 0, device.name if device else None)
            st.rerun()
    st.caption(KEEPS_ON)


def _room() -> None:
    minutes = disk.minutes_left(_there(home()), USUAL.bytes_per_second)
    words = (LITTLE_ROOM if minutes < disk.LOW_MINUTES else ROOM).format(time=lasting(minutes * 60))
    if minutes < disk.LOW_MINUTES:
        st.error(words, icon=":material/hard_drive:")
    else:
        st.markdown(f":material/hard_drive: {words}")


def _there(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _broke_off(meeting: Meeting, said: Status) -> None:
    """One click to go on, one to keep what there is; what died just now goes on by itself."""
    st.title(plain(meeting.title), anchor=False)
    _until_it_goes_on(meeting.id or 0)
    st.error(f"**{BROKE_OFF.format(time=lasting(said.seconds))}** {WHY[said.state]}", icon=":material/warning:")
    device = choose_microphone("microphone")
    with told(), st.container(horizontal=True), store.open_store() as db:
        if st.button(GO_ON, type="primary", icon=":material/radio_button_checked:", disabled=device is None):
            with st.spinner(STARTING), suppress(AlreadyRecording):  # it has gone on by itself in this moment
                recording.begin(db, home(), meeting.id or 0, device.name if device else None)
            st.rerun()
        if st.button(KEEP, icon=":material/save:"):
            end_recording(db, meeting)


@st.fragment(run_every=1.0)
def _until_it_goes_on(meeting: int) -> None:
    """The alarm, and the running recording as soon as there is one."""
    with told(), store.open_store() as db:
        dies = start_again(db, meeting)
        live = recording.open_folder(db, home(), meeting)
        said = process.status(live) if live else None
        if said is None or said.state.is_live:
            st.rerun()
        if words := said_of(said, dies):
            sound_the_alarm(words)


def end_recording(db: Database, meeting: Meeting) -> None:
    """Ends and keeps the recording, and goes to the meeting, where its draft is being made."""
    with st.spinner(KEEPING):
        recording.end(db, home(), meeting.id or 0)
    st.switch_page("views/meeting.py", query_params={"meeting": str(meeting.id)})


if __name__ == "__main__":
    show()
