"""Names of states that several pages and the command line show alike."""

from __future__ import annotations

from models.records import MeetingState, Status
from models.rights import Role
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
    MeetingState.SIGNED: "thư ký đã ký, chờ duyệt",
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
PRIVATE_KINDS = {
    "phone": "số điện thoại", "cccd": "số căn cước", "bank_account": "số tài khoản", "insurance": "số bảo hiểm",
    "tax": "mã số thuế", "passport": "số hộ chiếu", "plate": "biển số xe", "house": "số nhà",
    "parcel": "số thửa, số tờ bản đồ", "birth_date": "ngày sinh", "email": "thư điện tử, trang mạng",
    "password": "mật khẩu", "health": "sức khỏe", "family": "chuyện gia đình",
    "third_party": "tên người khác", "denouncer_name": "tên người tố cáo", "denouncer_address": "nơi ở người tố cáo",
    "denounced_name": "tên người bị tố cáo", "denounced_position": "chức vụ người bị tố cáo",
    "other": "thông tin riêng khác",
}
ACCOUNT_ROLES = {Role.SECRETARY: "Thư ký", Role.OFFICIAL: "Cán bộ", Role.READER: "Người đọc",
                 Role.ADMINISTRATOR: "Người quản trị"}
