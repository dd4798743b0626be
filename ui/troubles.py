"""What is wrong with a recording, in words that say what to do: for the pages and the command line."""

from __future__ import annotations

from models.formats import clock as as_clock
from recorder.clocks import clock
from recorder.status import State, Status

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
SECONDS = "{count} giây"
CHANGE, GO_ON = "Đổi micro", "Ghi tiếp vào bản này"

SILENT_AFTER = 20.0
"""Seconds in which even a still hall is heard by a microphone that is on."""
NO_ANSWER_AFTER = 5.0


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
        return NO_ANSWER.format(time=seconds(now - said.clock))
    if said.state is State.DEVICE_LOST:
        return LOST.format(device=said.device, time=time, change=CHANGE)
    if said.fed_by:
        return STRAYED.format(device=said.device, other=said.fed_by, change=CHANGE)
    if said.state is State.RECORDING and said.quiet > SILENT_AFTER:
        return SILENT.format(device=said.device, time=seconds(said.quiet), change=CHANGE)
    return ""


def seconds(count: float) -> str:
    return SECONDS.format(count=round(count))
