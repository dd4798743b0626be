"""The papers of a meeting, to take away: the draft minutes, the words, the questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from models import store
from models.folders import home
from models.formats import WRITERS
from models.records import Analysis, Meeting
from models.transcripts import Transcript
from ui.views.wording import is_open

MINUTES = "Dự thảo biên bản"
MINUTES_ABOUT = ("Biên bản soạn từ {questions} câu hỏi và {lines} lượt nói, theo mẫu văn bản hành chính. "
                 "Đây là **dự thảo do máy soạn**: hãy đọc lại và sửa trong Word trước khi trình ký.")
STILL_OPEN = "Có {count} câu chưa được trả lời xong; biên bản ghi rõ từng câu."
GET_MINUTES = "Tải dự thảo biên bản (Word)"
WORDS = "Toàn bộ lời nói"
WORDS_ABOUT = "Lời của từng người, kèm thời gian."
FORMATS = {"txt": "Văn bản để đọc (txt)", "srt": "Phụ đề phim (srt)", "vtt": "Phụ đề trang mạng (vtt)",
           "jsonl": "Cho chương trình khác (jsonl)"}
QUESTIONS = "Danh sách câu hỏi"
QUESTIONS_ABOUT = "Câu hỏi, chủ đề, kết quả trả lời, để chuyển cho chương trình khác."
GET_QUESTIONS = "Tải danh sách câu hỏi (json)"
MINUTES_FILE, WORDS_FILE, QUESTIONS_FILE = "bien-ban-du-thao", "loi-noi", "cau-hoi"

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers_view(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    with st.container(border=True):
        _minutes(meeting, transcript, analysis)
    left, right = st.columns(2)
    with left.container(border=True):
        st.subheader(WORDS, anchor=False)
        st.caption(WORDS_ABOUT)
        for kind, label in FORMATS.items():
            _download(label, _writer(kind, transcript), f"{WORDS_FILE}-{meeting.date}.{kind}", "text/plain")
    with right.container(border=True):
        st.subheader(QUESTIONS, anchor=False)
        st.caption(QUESTIONS_ABOUT)
        _download(GET_QUESTIONS, lambda: _questions(meeting), f"{QUESTIONS_FILE}-{meeting.date}.json",
                  "application/json")


def _minutes(meeting: Meeting, transcript: Transcript, analysis: Analysis) -> None:
    st.subheader(MINUTES, anchor=False)
    st.markdown(MINUTES_ABOUT.format(questions=len(analysis.questions), lines=len(transcript.utterances)))
    if left := sum(map(is_open, analysis.questions)):
        st.warning(STILL_OPEN.format(count=left), icon=":material/pending_actions:")
    st.download_button(GET_MINUTES, lambda: _minutes_file(meeting), f"{MINUTES_FILE}-{meeting.date}.docx", DOCX,
                       type="primary", icon=":material/download:", shortcut="Alt+W", on_click="ignore")


def _download(label: str, content: Callable[[], bytes], name: str, mime: str) -> None:
    """A button whose file is made only when it is pressed."""
    st.download_button(label, content, name, mime, icon=":material/download:", on_click="ignore", width="stretch")


def _minutes_file(meeting: Meeting) -> bytes:
    from ui import work  # the rooms behind it take seconds to load
    assert meeting.id is not None
    with store.open_store() as db:
        return work.minutes(db, home(), meeting.id).read_bytes()


def _writer(kind: str, transcript: Transcript) -> Callable[[], bytes]:
    return lambda: WRITERS[kind](transcript.utterances).encode()


def _questions(meeting: Meeting) -> bytes:
    from ui import work
    assert meeting.id is not None
    with TemporaryDirectory() as folder, store.open_store() as db:
        path = Path(folder) / "questions.json"
        work.export(db, home(), meeting.id, "questions", path)
        return path.read_bytes()
