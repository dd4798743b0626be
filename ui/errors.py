"""Every error in words: one Vietnamese sentence of what is wrong and what to do next."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import click

from models import errors
from recorder import errors as recording

MEETING = {
    "not_found": "Không tìm thấy tệp hội nghị «{path}»; hãy kiểm tra lại đường dẫn.",
    "not_yaml": "Tệp hội nghị «{path}» không đọc được (dòng {detail}); hãy sửa cho đúng dạng YAML.",
    "too_large": "Tệp hội nghị «{path}» lớn bất thường (quá 1 MB); hãy chọn đúng tệp.",
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
    "no_files": "Thư mục «{path}» không có tệp âm thanh nào (wav, mp3, m4a, ogg, flac, mp4); hãy chọn thư mục khác.",
    "not_sound": "Tệp «{path}» không phải tệp âm thanh đọc được; hãy chọn tệp wav, mp3, m4a, ogg, flac hoặc mp4.",
    "no_speech": "Không nghe thấy tiếng nói nào trong «{path}»; bản ghi vẫn được giữ, hãy nghe thử và ghi lại gần "
                 "micro hơn.",
}
VOICE = {
    "short": "Mới có {seconds:.0f} giây tiếng nói, chưa đủ để nhớ giọng (cần ít nhất 10 giây, tốt nhất là 20 giây); "
             "hãy chọn đoạn dài hơn.",
    "several": "Đoạn này nghe như có hơn một người nói; hãy chọn đoạn chỉ có một người.",
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
    "unknown_field": "Mẫu «{path}» có ô điền «{detail}» mà chương trình không biết; hãy sửa tên ô ấy trong Word.",
    "broken_field": "Mẫu «{path}» có ô điền viết chưa đúng: {detail}; hãy sửa trong Word.",
}
SCAN = {
    "unapproved": "Biên bản chưa được duyệt nên chưa cất «{path.name}» cạnh nó được; hãy chờ chủ trì duyệt.",
    "not_scan": "Tệp «{path.name}» không phải bản chụp PDF hoặc JPG; hãy chụp hoặc quét lại rồi lưu dạng PDF.",
    "too_large": "Tệp «{path.name}» lớn hơn 100 MB; hãy quét lại với độ nét thấp hơn.",
}
PARTICULARS = {
    "number": "Số biên bản «{detail}» chưa đúng; hãy chỉ ghi số do văn thư cấp, ví dụ 5 hoặc 5a.",
    "order": "Giờ kết thúc phải sau giờ bắt đầu ({detail}); hãy xem lại hai ô giờ.",
}
BACKUP = {
    "no_data": "Thư mục «{path}» không có dữ liệu của chương trình; hãy xem lại biến DOITHOAI_HOME.",
    "inside": "Không sao lưu vào ngay trong thư mục dữ liệu («{path}»); hãy chọn ổ đĩa hoặc thư mục khác.",
    "not_found": "Không tìm thấy tệp sao lưu «{path}»; hãy kiểm tra lại đường dẫn.",
    "not_backup": "Tệp «{path}» không phải bản sao lưu của chương trình, hoặc đã hỏng; hãy dùng bản sao lưu khác.",
    "damaged": "Bản sao lưu «{path}» bị hỏng ở «{detail}»; hãy dùng bản sao lưu khác.",
    "unsafe": "Bản sao lưu «{path}» chứa tên tệp nguy hiểm «{detail}»; không phục hồi gì từ tệp này.",
    "too_large": "Bản sao lưu «{path}» phình to bất thường ở «{detail}»; không phục hồi gì từ tệp này.",
    "not_empty": "«{path}» không phải thư mục trống; hãy phục hồi vào một thư mục mới hoặc trống.",
}
PROBLEM = {
    "database": "Tệp dữ liệu có chỗ hỏng: {what}",
    "revision": "Lần sửa số {what} không khớp chuỗi mã: đã bị sửa hoặc xóa từ bên ngoài chương trình.",
    "missing": "Thiếu tệp: {what}",
    "changed": "Tệp không còn như lúc được cất: {what}",
    "approval": "Biên bản đã ký của hội nghị số {what} không còn đúng như lúc ký: đã bị sửa từ bên ngoài chương trình.",
    "account": "Tài khoản «{what}» không còn như lịch sử đã ghi: đã bị thêm, sửa hoặc xóa từ bên ngoài chương trình.",
}
"""What a check found, each as one line; the row of an overview rather than an error."""
SETTING = {
    "not_yaml": "Tệp cài đặt «{path}» không đọc được; hãy sửa cho đúng dạng YAML.",
    "unknown_key": "Tệp cài đặt «{path}» có mục lạ «{detail}»; hãy xóa hoặc sửa tên mục này.",
    "bad_value": "Tệp cài đặt «{path}» có giá trị không hợp lệ ở «{detail}»; hãy sửa lại.",
    "not_here": "Tệp cài đặt «{path}» ghi địa chỉ «{detail}»; chỉ dùng được mô hình trên chính máy này, ví dụ "
                "http://127.0.0.1:11434/v1.",
}
LANGUAGE_MODEL = {
    "off": "Chưa bật mô hình ngôn ngữ; muốn dùng, hãy tạo tệp language-model.yaml trong thư mục dữ liệu (xem README).",
    "not_here": "Địa chỉ «{detail}» không phải của máy này; lời nói trong hội nghị không được gửi ra ngoài.",
    "unreachable": "Không gọi được mô hình ngôn ngữ ở {detail}; hãy mở chương trình chạy mô hình rồi thử lại.",
    "slow": "Mô hình «{detail}» trả lời quá lâu; hãy chọn mô hình nhỏ hơn hoặc tăng timeout trong language-model.yaml.",
    "refused": "Chương trình chạy mô hình báo lỗi {detail}; hãy xem lại tên mô hình trong language-model.yaml.",
    "unreadable": "Nơi trả lời ở {detail} không phải một mô hình ngôn ngữ; hãy xem lại địa chỉ trong "
                  "language-model.yaml.",
}
PDF = {
    "missing": "Máy này chưa có LibreOffice để in ra PDF; hãy cài LibreOffice, hoặc lấy tệp Word rồi lưu thành PDF "
               "trong Word.",
    "failed": "LibreOffice không in được ra PDF ({detail}); hãy lấy tệp Word rồi lưu PDF trong Word.",
}
WRONG_FORMAT = "Giấy tờ này không có dạng «{suffix}»; hãy đặt tên tệp với đuôi {formats}."
NOTHING_TO_WRITE = "Hội nghị này không có nội dung nào cho giấy tờ «{paper}»; không cần lập."
MODEL = {
    "not_found": "Không có thư mục mô hình Whisper «{path}»; hãy kiểm tra lại đường dẫn.",
    "incomplete": "Thư mục «{path}» thiếu tệp {detail} nên không phải mô hình Whisper dùng được; hãy chuyển đổi "
                  "lại mô hình (xem docs/weights.md).",
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
         "transcript": "bản ghi lời của hội nghị", "sound": "bản ghi âm đã ghi lời của hội nghị",
         "proposals": "bản nghe lại của hội nghị", "accounts": "tài khoản"}
STALE = "Có người vừa sửa chỗ này thành «{theirs}»; phần của bạn là «{yours}», hãy xem lại rồi lưu."
NOT_WRITABLE = "Không ghi được vào «{path}»; hãy chọn thư mục khác hoặc xin quyền ghi."
TOO_LARGE = "Ổ đĩa này không chứa được tệp lớn như vậy (thường do định dạng FAT32); hãy dùng ổ NTFS hoặc exFAT."
DAMAGED_STORE = "Tệp dữ liệu của chương trình bị hỏng; hãy phục hồi từ bản sao lưu."
STORE_IN_USE = "Dữ liệu đang được chương trình khác ghi quá lâu; hãy đóng bớt chương trình rồi làm lại."
USAGE = "Lệnh viết chưa đúng: {message} Hãy xem: {help}"
UNKNOWN = ("Có lỗi ngoài dự kiến; dữ liệu đã lưu vẫn còn, hãy thử lại, nếu vẫn lỗi hãy báo người phụ trách máy "
           "(mã để báo: {detail}).")


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
    if error.errno == errno.EFBIG:
        return TOO_LARGE
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
CLUSTER = {
    "missing": "Máy này chưa cài phần dùng cụm máy tính; hãy chạy: pip install doithoai[cluster]",
    "unreachable": "Không nối được với cụm máy tính tại «{address}»; hãy xem lại địa chỉ và máy điều phối.",
}
OTHER_ENGINE = ("Một máy trong cụm dùng bộ nhận dạng «{found}», máy này dùng «{wanted}»; hãy cài cùng một phiên bản "
                "trên mọi máy rồi chạy lại.")
STAYS = {
    "edited_questions": "Đã có người sửa câu hỏi số {detail}; lấy bản nghe lại sẽ làm mất các chỗ sửa đó nên không lấy "
                        "được.",
    "dropped_questions": "Đã có người bỏ {detail} câu hỏi; lấy bản nghe lại sẽ đưa các câu ấy trở lại nên không lấy "
                         "được.",
    "approved_summaries": "Hội nghị đã được duyệt nên các câu tóm tắt không đổi nữa.",
    "edited_words": "Đã có người sửa lời hoặc câu hỏi của bản ghi này; nghe lại từ đầu sẽ làm mất các chỗ sửa đó. Hãy "
                    "dùng «Nghe lại toàn bộ lần cuối» trong hồ sơ hội nghị: cách ấy giữ chỗ đã sửa.",
}
FROZEN = {
    "signed": "Thư ký đã ký biên bản nên không sửa được nữa; muốn sửa, hãy trả lại biên bản ở phần «Biên bản» của hội "
              "nghị.",
    "approved": "Biên bản đã duyệt nên không sửa được nữa; muốn sửa, hãy mở bản đính chính ở phần «Biên bản» của hội "
                "nghị.",
}
APPROVAL = {
    "right": "Tài khoản của bạn không được làm việc này; hãy nhờ người có quyền, hoặc hỏi người quản trị.",
    "stale": "Biên bản vừa được sửa hoặc chuyển bước trong lúc bạn xem, nên chưa làm gì cả; hãy xem lại bản mới rồi "
             "bấm lần nữa.",
    "already_signed": "Biên bản đã được {detail} ký rồi; không cần ký lần nữa.",
    "already_approved": "Biên bản đã được {detail} duyệt rồi; không cần duyệt lần nữa.",
    "already_published": "Biên bản đã được {detail} công bố rồi; không cần công bố lần nữa.",
    "unsigned": "Thư ký chưa ký biên bản này; hãy đợi thư ký ký rồi mới duyệt.",
    "unapproved": "Biên bản chưa được chủ trì duyệt nên chưa công bố được; hãy đợi duyệt.",
    "unreviewed": "Còn {detail} câu chưa rà soát; hãy rà soát hết rồi mới ký.",
    "empty": "Hội nghị chưa có lời ghi và câu hỏi nào để ký; hãy ghi lời trước.",
    "no_reason": "Chưa ghi lý do; hãy ghi ngắn gọn vì sao.",
    "same_person": "Bạn đã ký biên bản này với tư cách thư ký nên không tự duyệt được; hãy để chủ trì duyệt, hoặc ghi "
                   "rõ bạn duyệt thay ai và vì sao.",
    "no_correction": "Biên bản chưa được duyệt nên không cần đính chính; hãy sửa thẳng ở trang Rà soát.",
    "changed": "Tệp «{detail}» không còn đúng như lúc thư ký ký; hãy trả lại biên bản để thư ký ký lại, và báo người "
               "quản trị.",
}
HEARER_DIED = ("Máy thiếu bộ nhớ nên việc nghe dừng giữa chừng; hãy đóng bớt chương trình khác rồi làm lại (dòng lệnh: "
               "bớt --workers).")

SIGN_IN_REFUSED = "Tên đăng nhập hoặc mật khẩu không đúng; hãy gõ lại."
SIGN_IN_LOCKED = "Tên đăng nhập này đã gõ sai quá nhiều lần; hãy đợi {minutes} phút rồi thử lại."
ACCOUNT = {
    "no_login": "Hãy ghi tên đăng nhập.",
    "bad_login": "Tên đăng nhập chỉ gồm chữ không dấu, số và các dấu . - _ @, không có khoảng trống; hãy sửa lại.",
    "login_taken": "Đã có tài khoản mang tên đăng nhập này; hãy chọn tên khác.",
    "no_name": "Hãy ghi họ và tên.",
    "name_taken": "Đã có tài khoản mang họ tên này; hãy ghi thêm chức danh để phân biệt, vì lịch sử sửa ghi theo tên.",
    "no_roles": "Hãy chọn ít nhất một vai trò cho tài khoản.",
    "email_taken": "Đã có tài khoản dùng địa chỉ thư điện tử này; hãy ghi địa chỉ khác.",
    "last_administrator": "Đây là người quản trị cuối cùng nên không tắt hay bỏ vai trò được; hãy thêm người quản trị "
                          "khác trước.",
    "not_first": "Đã có tài khoản trên máy này; hãy đăng nhập, hoặc nhờ người quản trị tạo tài khoản.",
    "short_password": "Mật khẩu cần ít nhất {least} ký tự; một câu ngắn dễ nhớ là tốt nhất.",
    "long_password": "Mật khẩu quá dài; hãy dùng nhiều nhất {least} ký tự.",
    "password_is_login": "Mật khẩu không được giống tên đăng nhập hoặc họ tên; hãy chọn mật khẩu khác.",
}
NETWORK = {
    "not_safe": "Muốn mở cho máy khác trong mạng dùng, hãy ghi thêm --certificate và --key (tệp chứng thư TLS), hoặc "
                "--behind-proxy ĐỊA_CHỈ của máy chủ trung gian có TLS.",
    "both": "Chỉ chọn một cách: chứng thư TLS của chính máy này, hoặc máy chủ trung gian.",
    "half": "Hãy ghi cả hai: --certificate (chứng thư) và --key (khóa).",
    "not_switched_on": "Các lựa chọn --certificate, --key, --behind-proxy chỉ dùng cùng --network.",
    "no_account": "Máy này chưa có tài khoản nào; hãy mở «doithoai app» trên chính máy này và tạo người quản trị "
                  "trước, rồi mới dùng --network.",
    "no_file": "Không tìm thấy tệp «{detail}»; hãy kiểm tra lại đường dẫn.",
    "bad_certificate": "Chứng thư hoặc khóa không dùng được ({detail}); hãy xin lại tệp dạng PEM.",
    "bad_address": "«{detail}» không phải địa chỉ IP; hãy ghi địa chỉ của máy chủ trung gian, ví dụ 192.168.1.10.",
}
KEPT_SECRET = ("Đây là nội dung tố cáo nên phải giữ kín và không bỏ hay chuyển đi được (giấy tờ vốn không nêu); nếu "
               "không phải tố cáo, hãy bỏ chọn «Có nội dung tố cáo» của câu ấy trước.")
NOT_ALLOWED = "Tài khoản của bạn không được làm việc này; nếu cần, hãy nhờ người quản trị cấp thêm vai trò."
NOT_NAMED = "Nội dung tố cáo: chỉ người được phân công mới xem."


SENTENCES: list[tuple[type[BaseException], Callable[[Any], str]]] = [
    (errors.BadMeeting, _from(MEETING)),
    (errors.BadSound, _from(SOUND)),
    (errors.BadVoice, _from(VOICE)),
    (errors.BadTranscript, _from(TRANSCRIPT)),
    (errors.BadTemplate, _from(TEMPLATE)),
    (errors.BadScan, _from(SCAN)),
    (errors.BadParticulars, _from(PARTICULARS)),
    (errors.BadBackup, _from(BACKUP)),
    (errors.BadSetting, _from(SETTING)),
    (errors.NoLanguageModel, _from(LANGUAGE_MODEL)),
    (errors.NoPdf, _from(PDF)),
    (errors.WrongFormat, lambda error: WRONG_FORMAT.format(suffix=error.suffix, formats=", ".join(error.formats))),
    (errors.NothingToWrite, lambda error: NOTHING_TO_WRITE.format(**vars(error))),
    (errors.BadModel, _from(MODEL)),
    (errors.WeightsMissing, _from(WEIGHTS)),
    (errors.WeightsUnreachable, lambda error: UNREACHABLE.format(**vars(error))),
    (errors.DiskFull, _disk_full),
    (recording.NoDevice, lambda error: NO_DEVICE.format(name=error.name) if error.name else NO_MICROPHONE),
    (recording.DeviceBusy, lambda error: DEVICE_BUSY.format(name=error.name)),
    (recording.AlreadyRecording, lambda error: ALREADY_RECORDING),
    (recording.NotRecording, lambda error: NOT_RECORDING),
    (recording.FolderNotWritable, lambda error: NOT_WRITABLE.format(path=error.folder)),
    (recording.RecorderFailed, lambda error: RECORDER_FAILED.format(detail=error.detail)),
    (errors.NoCluster, _from(CLUSTER)),
    (errors.OtherEngine, lambda error: OTHER_ENGINE.format(**vars(error))),
    (errors.NotReplaceable, _from(STAYS)),
    (errors.SignInRefused, lambda error: SIGN_IN_REFUSED),
    (errors.SignInLocked, lambda error: SIGN_IN_LOCKED.format(minutes=error.minutes)),
    (errors.BadAccount, _from(ACCOUNT)),
    (errors.NotOnNetwork, _from(NETWORK)),
    (errors.NotAllowed, lambda error: NOT_ALLOWED),
    (errors.NotNamedForDenunciations, lambda error: NOT_NAMED),
    (errors.FrozenMinutes, _from(FROZEN)),
    (errors.NotApprovable, _from(APPROVAL)),
    (BrokenProcessPool, lambda error: HEARER_DIED),
    (errors.Busy, lambda error: BUSY.format(what=error.what)),
    (errors.NotFound, _not_found),
    (errors.StaleEdit, lambda error: STALE.format(**vars(error))),
    (errors.KeptSecret, lambda error: KEPT_SECRET),
    (click.ClickException, _usage),
    (sqlite3.DatabaseError, _database),
    (OSError, _os_error),
]
