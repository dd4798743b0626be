"""Names of states that several pages and the command line show alike."""

from __future__ import annotations

from models.records import MeetingState, Status
from recorder.status import State

STATUS = {
    Status.ANSWERED: "đã trả lời tại chỗ",
    Status.PROMISED: "mới hứa, chưa trả lời",
    Status.WRITTEN: "sẽ trả lời bằng văn bản",
    Status.ESCALATED: "kiến nghị cấp trên",
    Status.UNANSWERED: "chưa được trả lời",
}
MEETING_STATE = {
    MeetingState.PLANNED: "sắp họp",
    MeetingState.RECORDING: "đang ghi",
    MeetingState.TRANSCRIBED: "đã có bản ghi lời",
    MeetingState.IN_REVIEW: "đang rà soát",
    MeetingState.APPROVED: "đã duyệt",
    MeetingState.PUBLISHED: "đã công bố",
}
RECORDER_STATE = {
    State.STARTING: "đang mở micro",
    State.RECORDING: "đang ghi",
    State.PAUSED: "đang tạm dừng",
    State.DEVICE_LOST: "MẤT MICRO, đang chờ nối lại",
    State.STOPPED: "đã ngừng",
    State.DISK_FULL: "đã ngừng vì đĩa đầy",
    State.FAILED: "đã ngừng vì lỗi",
    State.INTERRUPTED: "bị ngắt giữa chừng, gõ lại lệnh ghi để ghi tiếp",
}
