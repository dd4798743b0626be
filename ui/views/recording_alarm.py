"""The alarm of a running recording that brings no sound, or will soon bring none: on every page, and what to do.

A recorder that died just now is started again from here, too, whatever page is open.
"""

from __future__ import annotations

import logging
from html import escape

import streamlit as st
from sqlite_utils import Database

from models import store
from models.errors import Busy, DoiThoaiError
from models.folders import home
from models.formats import clock as as_clock
from models.rights import Account, Act
from recorder import process
from recorder.clocks import clock
from recorder.status import State, Status
from ui import recording
from ui.views.told import told
from ui.views.wording import lasting

LOST = ("MẤT MICRO «{device}»: từ {time} không ghi được gì! Hãy cắm lại dây micro, chương trình sẽ tự ghi tiếp; "
        "hoặc chọn micro khác ở mục «{change}» của trang ghi âm.")
STRAYED = ("ĐANG GHI BẰNG MICRO KHÁC: không còn thấy «{device}» nên máy đã tự chuyển sang «{other}». Hãy cắm lại "
           "micro cũ, chương trình sẽ tự chuyển về; hoặc chọn micro khác ở mục «{change}» của trang ghi âm.")
SILENT = ("MICRO «{device}» KHÔNG CÓ TIẾNG: đã {time} không thu được gì. Hãy xem công tắc và pin của micro, dây cắm, "
          "nút tắt tiếng; hoặc chọn micro khác ở mục «{change}» của trang ghi âm.")
NO_ANSWER = ("CHƯƠNG TRÌNH GHI ÂM KHÔNG TRẢ LỜI đã {time}: không rõ còn ghi được không. Hãy mở trang ghi âm; "
             "nếu một phút nữa vẫn thế, hãy khởi động lại máy. Phần đã ghi vẫn còn nguyên.")
BROKE_OFF = ("VIỆC GHI ÂM ĐÃ DỪNG ở phút {time}! Phần đã ghi còn nguyên. Hãy mở trang ghi âm và bấm «{go_on}».")
REVIVING = "VIỆC GHI ÂM VỪA BỊ NGẮT ở phút {time}; chương trình đang tự ghi tiếp. Phần đã ghi còn nguyên."
DISK_FULL = ("ĐĨA ĐẦY, VIỆC GHI ÂM ĐÃ DỪNG ở phút {time}! Phần đã ghi còn nguyên. Hãy xóa bớt tệp không cần trên máy, "
             "rồi mở trang ghi âm và bấm «{go_on}».")
DISK_LOW = "Đĩa sắp đầy: chỉ còn ghi được khoảng {time}. Hãy xóa bớt tệp không cần trên máy; bản đang ghi vẫn an toàn."
CHANGE, GO_ON = "Đổi micro", "Ghi tiếp vào bản này"
TO_RECORDING = "Mở trang ghi âm"

SILENT_AFTER = 15.0
"""Seconds in which even a still hall is heard by a microphone that is on."""
NO_ANSWER_AFTER = 5.0
LOOK_EVERY = 1.0
RECORD_PAGE = "ghi-am"

log = logging.getLogger("doithoai.pages")


def trouble(said: Status, now: float | None = None) -> str:
    """What is wrong with a recording, and what to do; empty when nothing is. `now` as in `recorder.clocks`."""
    now = clock() if now is None else now
    time = as_clock(said.seconds)
    if said.state is State.DISK_FULL:
        return DISK_FULL.format(time=time, go_on=GO_ON)
    if said.state in (State.INTERRUPTED, State.FAILED):
        return BROKE_OFF.format(time=time, go_on=GO_ON)
    if not said.state.is_live:
        return ""
    if now - said.clock > NO_ANSWER_AFTER:
        return NO_ANSWER.format(time=lasting(now - said.clock))
    if said.state is State.DEVICE_LOST:
        return LOST.format(device=said.device, time=time, change=CHANGE)
    if said.fed_by:
        return STRAYED.format(device=said.device, other=said.fed_by, change=CHANGE)
    if said.state is State.RECORDING and said.quiet > SILENT_AFTER:
        return SILENT.format(device=said.device, time=lasting(said.quiet), change=CHANGE)
    return ""


def recording_alarm(who: Account, here: int) -> None:
    """For every page; `here` is the meeting whose own recording page this is, where it is told already, else 0."""
    if who.may(Act.SEE_DRAFTS) or who.may(Act.MANAGE):
        _alarm(who.may(Act.RECORD), here)


@st.fragment(run_every=LOOK_EVERY)
def _alarm(may_record: bool, here: int) -> None:
    with told(), store.open_store() as db:
        for meeting, said in recording.running(db, home()):
            dies = said.state in (State.INTERRUPTED, State.FAILED) and start_again(db, meeting)
            if meeting != here and (words := said_of(said, dies)):
                st.html(_as_html(words, meeting if may_record else 0))


def said_of(said: Status, dies: bool) -> str:
    if dies:
        return REVIVING.format(time=as_clock(said.seconds))
    if words := trouble(said):
        return words
    return DISK_LOW.format(time=lasting(said.minutes_left * 60)) if said.state.is_live and said.disk_low else ""


def start_again(db: Database, meeting: int) -> bool:
    """Starts the recorder of a meeting again if it died just now; whether it did."""
    live = recording.open_folder(db, home(), meeting)
    if live is None or not process.died_just_now(live):
        return False
    try:
        recording.revive(db, home(), meeting, live)
    except Busy:
        log.info("another process starts the recorder of meeting %s", meeting)
    except (DoiThoaiError, OSError):
        log.exception("cannot start the recorder of meeting %s", meeting)
    return True


def _as_html(words: str, meeting: int) -> str:
    """A bar at the foot of the window, wherever the page is scrolled to."""
    link = f' <a href="{RECORD_PAGE}?meeting={meeting}">{escape(TO_RECORDING)}</a>' if meeting else ""
    return f'<div class="dt-alarm" role="alert">{escape(words)}{link}</div>'
