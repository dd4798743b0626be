"""The papers by their keys: what they are called, and in which formats there are.

Apart from `ui.papers`, so that the command line and the pages name them without loading the rooms.
"""

from __future__ import annotations

from dataclasses import dataclass

TEMPLATES = "templates"
"""The folder of the clerk's own templates, in the data folder."""
TEMPLATE = "template"
"""What such a template is called among the files of a signed version."""

NO_FONT = ("Máy này chưa cài phông Times New Roman nên bản PDF in bằng phông gần giống; hãy cài phông đó, hoặc mở tệp "
           "Word trên máy có phông rồi lưu thành PDF.")

FOLLOW_UP = "follow-up"
"""The list of what is owed as it is today: no part of the minutes, therefore never signed."""
IN_THE_HOUSE = ("minutes", "minutes-party")
"""Papers that keep private words as they were said; they are not published."""
LIVING = ("summary", "replies", "petition", FOLLOW_UP)
"""Papers that later answers go into: of approved minutes too they are written as things stand today."""


@dataclass(frozen=True)
class PaperName:
    """A paper's name, what it is for, the name of its file, and the endings it is made with."""

    name: str
    about: str
    file: str
    formats: tuple[str, ...] = ("docx", "pdf")


PAPERS = {
    "minutes": PaperName("Biên bản (mẫu chính quyền)", "Theo Nghị định 30/2020/NĐ-CP, mẫu 1.9.", "bien-ban"),
    "minutes-party": PaperName("Biên bản (mẫu của Đảng)", "Theo Hướng dẫn 05-HD/VPTW.", "bien-ban-dang"),
    "summary": PaperName("Bảng tổng hợp ý kiến – trả lời", "Từng ý kiến, câu trả lời, cơ quan và thời hạn.",
                         "bang-tong-hop", ("docx", "xlsx", "pdf")),
    "conclusion": PaperName("Thông báo kết luận", "Lời kết luận của chủ trì và việc giao cho từng cơ quan.",
                            "thong-bao-ket-luan"),
    "replies": PaperName("Công văn trả lời", "Một công văn cho mỗi ý kiến đã hứa trả lời bằng văn bản.",
                         "cong-van-tra-loi"),
    "petition": PaperName("Công văn kiến nghị cấp trên", "Các ý kiến vượt thẩm quyền của địa phương.",
                          "cong-van-kien-nghi"),
    "public": PaperName("Bản công bố", "Để niêm yết: thông tin cá nhân đã che, nội dung tố cáo không nêu.",
                        "ban-cong-bo"),
    FOLLOW_UP: PaperName("Danh sách theo dõi", "Việc đã hứa, cơ quan, thời hạn, còn bao nhiêu ngày.", "theo-doi",
                           ("docx", "xlsx", "pdf")),
    "transcript": PaperName("Toàn bộ lời nói", "Lời của từng người, kèm thời gian; đã che thông tin riêng tư.",
                            "loi-noi", ("txt", "srt", "vtt", "jsonl")),
    "questions": PaperName("Danh sách câu hỏi", "Để chuyển cho chương trình khác; đã che thông tin riêng tư.",
                           "cau-hoi", ("json",)),
}
