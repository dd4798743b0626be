"""Every error in words: one Vietnamese sentence of what is wrong and what to do next."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from typing import Any

import click

from models import errors
from recorder import errors as recording

MEETING = {
    "not_found": "Không tìm thấy tệp hội nghị «{path}»; hãy kiểm tra lại đường dẫn.",
    "not_yaml": "Tệp hội nghị «{path}» không đọc được (dòng {detail}); hãy sửa cho đúng dạng YAML.",
    "not_mapping": "Tệp hội nghị «{path}» phải gồm các mục title, date, place, topics, officials.",
    "unknown_key": "Tệp hội nghị «{path}» có mục lạ «{detail}»; hãy xóa hoặc sửa tên mục này.",
    "missing_key": "Tệp hội nghị «{path}» thiếu mục «{detail}»; hãy điền thêm.",
    "bad_value": "Tệp hội nghị «{path}» có giá trị không hợp lệ ở «{detail}»; hãy sửa lại.",
    "bad_date": "Ngày «{detail}» trong tệp hội nghị «{path}» không hợp lệ; hãy ghi năm-tháng-ngày, ví dụ 2026-05-22.",
    "duplicate_topic": "Chủ đề «{detail}» bị ghi hai lần trong tệp hội nghị «{path}»; hãy bỏ bớt một.",
}
SOUND = {
    "not_found": "Không tìm thấy tệp âm thanh «{path}»; hãy kiểm tra lại đường dẫn.",
    "empty": "Tệp «{path}» không có âm thanh nào; hãy chọn tệp khác.",
    "not_sound": "Tệp «{path}» không phải tệp âm thanh đọc được; hãy chọn tệp wav, mp3, m4a, ogg, flac hoặc mp4.",
    "no_speech": "Không nghe thấy tiếng nói nào trong «{path}»; bản ghi vẫn được giữ, hãy nghe thử và ghi lại gần "
                 "micro hơn.",
}
TRANSCRIPT = {
    "not_found": "Không tìm thấy bản ghi lời «{path}»; hãy kiểm tra lại đường dẫn.",
    "not_json": "Dòng {detail} của bản ghi lời «{path}» không phải JSON; hãy sửa hoặc xuất lại tệp.",
    "missing_key": "Bản ghi lời «{path}» thiếu mục (dòng {detail}); mỗi dòng cần start, end, speaker, text.",
    "bad_value": "Dòng {detail} của bản ghi lời «{path}» có giá trị không hợp lệ; hãy sửa lại.",
    "empty": "Bản ghi lời «{path}» không có dòng nào; hãy chọn tệp khác.",
}
TEMPLATE = {
    "not_docx": "Mẫu «{path}» không phải tệp Word (.docx); hãy lưu lại mẫu bằng Word.",
    "unknown_field": "Mẫu «{path}» có trường lạ «{detail}»; hãy sửa tên trường trong Word.",
    "broken_field": "Mẫu «{path}» có trường viết chưa đúng: {detail}; hãy sửa trong Word.",
}
WEIGHTS = {
    "missing": "Chưa cài bộ nhận dạng «{name}»; hãy chạy: doithoai weights install {name}",
    "damaged": "Bộ nhận dạng «{name}» bị hỏng; hãy cài lại: doithoai weights install {name}",
}
UNREACHABLE = ("Không tải được gói «{package}» cho bộ nhận dạng «{name}»; hãy kiểm tra mạng rồi chạy lại: "
               "doithoai weights install {name} (chi tiết: {detail})")
DISK_FULL = "Đĩa không còn đủ chỗ ở «{path}»{needed}; hãy dọn bớt rồi làm lại, những gì đã có vẫn còn nguyên."
NEEDED = " (cần khoảng {megabytes:.0f} MB)"
BUSY = "«{what}» đang được một chương trình khác xử lý; hãy đợi chương trình đó xong rồi làm lại."
NOT_FOUND = "Không tìm thấy {kind} số {key}; hãy xem lại danh sách."
KINDS = {"meetings": "hội nghị", "recordings": "bản ghi âm", "utterances": "câu nói", "jobs": "việc",
         "transcript": "bản ghi lời của hội nghị"}
STALE = "Có người vừa sửa chỗ này thành «{theirs}»; phần của bạn là «{yours}», hãy xem lại rồi lưu."
NOT_WRITABLE = "Không ghi được vào «{path}»; hãy chọn thư mục khác hoặc xin quyền ghi."
DAMAGED_STORE = "Tệp dữ liệu của chương trình bị hỏng; hãy phục hồi từ bản sao lưu."
STORE_IN_USE = "Dữ liệu đang được chương trình khác ghi quá lâu; hãy đóng bớt chương trình rồi làm lại."
USAGE = "Lệnh viết chưa đúng: {message} Hãy xem: {help}"
UNKNOWN = "Có lỗi ngoài dự kiến: {detail}. Dữ liệu đã lưu vẫn còn; hãy thử lại, nếu vẫn lỗi hãy báo người phụ trách."


def explain(error: BaseException) -> str:
    """One sentence for a person, whatever happened."""
    for kind, words in SENTENCES:
        if isinstance(error, kind):
            return words(error)
    return UNKNOWN.format(detail=f"{type(error).__name__}: {error}")


def _from(sentences: dict[str, str]) -> Callable[[Any], str]:
    """The sentence for the error's reason, filled with its own fields."""
    return lambda error: sentences[error.reason].format(**vars(error))


def _disk_full(error: errors.DiskFull) -> str:
    needed = NEEDED.format(megabytes=error.needed / 1e6) if error.needed else ""
    return DISK_FULL.format(path=error.path, needed=needed)


def _not_found(error: errors.NotFound) -> str:
    return NOT_FOUND.format(kind=KINDS.get(error.kind, error.kind), key=error.key)


def _os_error(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return DISK_FULL.format(path=error.filename or "", needed="")
    return NOT_WRITABLE.format(path=error.filename or error)


def _database(error: sqlite3.Error) -> str:
    said = str(error)
    if "locked" in said:
        return STORE_IN_USE
    if "full" in said:
        return DISK_FULL.format(path="", needed="")
    if "readonly" in said or "unable to open" in said:
        return NOT_WRITABLE.format(path=said)
    return DAMAGED_STORE


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "doithoai"
    return USAGE.format(message=error.format_message(), help=f"{command} --help")


NO_DEVICE = "Không tìm thấy micro «{name}»; hãy cắm micro rồi xem tên bằng lệnh: doithoai devices"
NO_MICROPHONE = "Máy này không có micro nào dùng được; hãy cắm micro rồi thử lại."
DEVICE_BUSY = "Micro «{name}» đang bị chương trình khác giữ; hãy đóng chương trình đó rồi thử lại."
ALREADY_RECORDING = "Hội nghị này đang được ghi âm; không cần bấm ghi lần nữa."
NOT_RECORDING = "Hội nghị này không có bản ghi âm nào đang ghi; hãy bắt đầu ghi trước."
RECORDER_FAILED = "Không ghi âm được ({detail}); phần đã ghi vẫn còn, hãy thử lại."


SENTENCES: list[tuple[type[BaseException], Callable[[Any], str]]] = [
    (errors.BadMeeting, _from(MEETING)),
    (errors.BadSound, _from(SOUND)),
    (errors.BadTranscript, _from(TRANSCRIPT)),
    (errors.BadTemplate, _from(TEMPLATE)),
    (errors.WeightsMissing, _from(WEIGHTS)),
    (errors.WeightsUnreachable, lambda error: UNREACHABLE.format(**vars(error))),
    (errors.DiskFull, _disk_full),
    (recording.NoDevice, lambda error: NO_DEVICE.format(name=error.name) if error.name else NO_MICROPHONE),
    (recording.DeviceBusy, lambda error: DEVICE_BUSY.format(name=error.name)),
    (recording.AlreadyRecording, lambda error: ALREADY_RECORDING),
    (recording.NotRecording, lambda error: NOT_RECORDING),
    (recording.FolderNotWritable, lambda error: NOT_WRITABLE.format(path=error.folder)),
    (recording.RecorderFailed, lambda error: RECORDER_FAILED.format(detail=error.detail)),
    (errors.Busy, lambda error: BUSY.format(what=error.what)),
    (errors.NotFound, _not_found),
    (errors.StaleEdit, lambda error: STALE.format(**vars(error))),
    (click.ClickException, _usage),
    (sqlite3.DatabaseError, _database),
    (OSError, _os_error),
]
