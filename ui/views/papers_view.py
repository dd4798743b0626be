"""The papers of a meeting, to take away, in the order in which they fall due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from models import store
from models.folders import home
from models.frozen import FROZEN
from models.records import Analysis, Meeting, Question, Status
from models.transcripts import Transcript
from ui import pdf
from ui.errors import explain
from ui.paper_names import NO_FONT, PAPERS, TEMPLATES
from ui.views.beside_view import beside_view
from ui.views.particulars_view import particulars_view
from ui.views.wording import is_open, plain

MINUTES = "Biên bản hội nghị"
MINUTES_ABOUT = ("Biên bản soạn từ {questions} câu hỏi và {lines} lượt nói, theo mẫu văn bản hành chính. "
                 "Đây là **dự thảo do máy soạn**: hãy đọc lại và sửa trong Word trước khi trình ký.")
STILL_OPEN = "Có {count} câu chưa được trả lời xong; biên bản ghi rõ từng câu."
GET_MINUTES = "Tải dự thảo biên bản (Word)"
GET_PARTY = "Biên bản mẫu của Đảng (Word)"
AFTER = "Giấy tờ sau hội nghị"
PUBLISH = "Công bố và theo dõi"
KINDS = {"docx": "Word", "xlsx": "Excel", "pdf": "PDF"}
LETTER = "Trả lời câu {number}: {asker} (Word)"
SOMEONE = "người hỏi chưa rõ tên"
NO_LETTERS = "Không có câu nào hứa trả lời bằng văn bản."
NO_PETITION = "Không có câu nào kiến nghị cấp trên."
NO_PDF = "Muốn lấy bản PDF ngay tại đây, hãy cài LibreOffice trên máy này; hoặc mở tệp Word rồi lưu thành PDF."
WORDS = "Toàn bộ lời nói"
WORDS_ABOUT = "Lời của từng người, kèm thời gian; thông tin riêng tư đã che, nội dung tố cáo không nêu."
FORMATS = {"txt": "Văn bản để đọc", "srt": "Phụ đề phim (srt)", "vtt": "Phụ đề trang mạng (vtt)",
           "jsonl": "Cho kỹ thuật viên (jsonl)"}
QUESTIONS = "Danh sách câu hỏi"
QUESTIONS_ABOUT = "Câu hỏi, chủ đề, kết quả trả lời, để chuyển cho chương trình khác."
GET_QUESTIONS = "Tải danh sách câu hỏi (json)"

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIMES = {"docx": DOCX, "xlsx": XLSX, "pdf": "application/pdf", "json": "application/json"}


def papers_view(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    """`transcript` and `analysis` as the account may see them; the papers themselves withhold denunciations anyway."""
    if (home() / TEMPLATES).is_dir():
        _wrong_templates(meeting, transcript, analysis)
    if meeting.state not in FROZEN:
        particulars_view(meeting)
        with st.container(border=True):
            _minutes(meeting, transcript, analysis)
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(AFTER, anchor=False)
        for paper in ("summary", "conclusion"):
            _paper(meeting, paper)
        _letters(meeting, [q for q in analysis.questions if q.status is Status.WRITTEN])
        if any(question.status is Status.ESCALATED for question in analysis.questions):
            _paper(meeting, "petition")
        else:
            st.caption(f"**{PAPERS['petition'].name}.** {NO_PETITION}")
    with right.container(border=True):
        st.subheader(PUBLISH, anchor=False)
        for paper in ("public", "follow-up"):
            _paper(meeting, paper)
        if not pdf.office():
            st.caption(NO_PDF)
        elif pdf.lacks_font():
            st.caption(NO_FONT)
    beside_view(meeting, [q for q in analysis.questions if q.status is Status.WRITTEN])
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(WORDS, anchor=False)
        st.caption(WORDS_ABOUT)
        for kind, label in FORMATS.items():
            _download(label, _made(meeting, "transcript", kind), f"{PAPERS['transcript'].file}-{meeting.date}.{kind}",
                      "text/plain")
    with right.container(border=True):
        st.subheader(QUESTIONS, anchor=False)
        st.caption(QUESTIONS_ABOUT)
        _download(GET_QUESTIONS, _made(meeting, "questions", "json"), _file_name(meeting, "questions", "json"),
                  MIMES["json"])


def _wrong_templates(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    from ui import papers
    with store.open_store() as db:
        for error in papers.wrong_templates(db, home(), meeting, transcript.utterances, analysis):
            st.error(plain(explain(error)), icon=":material/error:")


def _minutes(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    st.subheader(MINUTES, anchor=False)
    st.markdown(MINUTES_ABOUT.format(questions=len(analysis.questions), lines=len(transcript.utterances)))
    if left := sum(map(is_open, analysis.questions)):
        st.warning(STILL_OPEN.format(count=left), icon=":material/pending_actions:")
    with st.container(horizontal=True):
        st.download_button(GET_MINUTES, lambda: _minutes_file(meeting), f"bien-ban-du-thao-{meeting.date}.docx", DOCX,
                           type="primary", icon=":material/download:", shortcut="Alt+W", on_click="ignore")
        st.download_button(GET_PARTY, _made(meeting, "minutes-party", "docx"),
                           _file_name(meeting, "minutes-party", "docx"), DOCX, icon=":material/download:",
                           on_click="ignore")


def _paper(meeting: Meeting, paper: str) -> None:
    """A paper's name and purpose, and a button for each format."""
    st.markdown(f"**{PAPERS[paper].name}.** {PAPERS[paper].about}")
    with st.container(horizontal=True):
        for ending in PAPERS[paper].formats:
            if ending != "pdf" or pdf.office():
                st.download_button(KINDS[ending], _made(meeting, paper, ending), _file_name(meeting, paper, ending),
                                   MIMES[ending], icon=":material/download:", on_click="ignore",
                                   key=f"{paper}_{ending}")


def _letters(meeting: Meeting, promised: list[Question]) -> None:
    name = PAPERS["replies"]
    if not promised:
        st.caption(f"**{name.name}.** {NO_LETTERS}")
        return
    st.markdown(f"**{name.name}.** {name.about}")
    for question in promised:
        if "denunciation" not in question.flags:
            label = LETTER.format(number=question.number, asker=plain(question.asker) or SOMEONE)
            _download(label, _made(meeting, "replies", "docx", question.number),
                      f"{name.file}-cau-{question.number}-{meeting.date}.docx", DOCX)


def _download(label: str, content: Callable[[], bytes], name: str, mime: str) -> None:
    """A button whose file is made only when it is pressed."""
    st.download_button(label, content, name, mime, icon=":material/download:", on_click="ignore", width="stretch")


def _file_name(meeting: Meeting, paper: str, ending: str) -> str:
    return f"{PAPERS[paper].file}-{meeting.date}.{ending}"


def _minutes_file(meeting: Meeting) -> bytes:
    from ui import work  # the rooms behind it take seconds to load
    assert meeting.id is not None
    with store.open_store() as db:
        return work.minutes(db, home(), meeting.id).read_bytes()


def _made(meeting: Meeting, paper: str, ending: str, question: int | None = None) -> Callable[[], bytes]:
    """What makes the file once its button is pressed."""
    def content() -> bytes:
        from ui import work
        assert meeting.id is not None
        with TemporaryDirectory() as folder, store.open_store() as db:
            path = Path(folder) / f"paper.{ending}"
            work.export(db, home(), meeting.id, paper, path, question)
            return path.read_bytes()
    return content
