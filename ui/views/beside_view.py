"""What goes out after the approval, kept beside the version: scans of what was signed by hand, letters as issued."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from models import beside, follow_up, store
from models.beside import Beside, Kind
from models.clocks import read_clocks
from models.folders import home
from models.records import Meeting, MeetingState, Question
from models.rights import Act
from ui.paper_names import PAPERS
from ui.views.signed_in import account, require
from ui.views.told import told
from ui.views.wording import moment, plain

TITLE = "Bản đã ký tay, đóng dấu và công văn đã gửi"
ABOUT = ("Cất bản chụp (PDF, JPG) của giấy tờ đã ký và đóng dấu cạnh bản đã duyệt. Tệp được giữ nguyên, kèm mã "
         "kiểm tra để biết về sau có ai sửa hay không.")
PAPER, FILE, KEEP = "Giấy tờ nào", "Tệp chụp (PDF, JPG)", "Cất bản chụp"
KEPT = "Đã cất «{name}»."
LETTER, ISSUE = "Công văn trả lời câu", "Lập để gửi và giữ một bản"
LETTER_ABOUT = ("Công văn được lập theo câu trả lời đã ghi ở trang Theo dõi và giữ nguyên từ lúc này; "
                "tải về ở dưới để ký và gửi.")
NO_ANSWER = "Câu {number} chưa có câu trả lời; hãy ghi câu trả lời ở trang Theo dõi rồi gửi."
LETTER_OF = "Câu {number}: {asker}"
SOMEONE = "người hỏi chưa rõ tên"
ROW = "**{paper}** (bản {version}): {name}  \n:small[:gray[{by}, {at} · mã kiểm tra {sha256}]]"
KINDS = {Kind.SCAN: "Bản chụp", Kind.LETTER: "Công văn đã gửi"}
GET = "Tải"
GONE = "Tệp «{name}» không còn trong thư mục dữ liệu; hãy phục hồi từ bản sao lưu."
SIGNED = ("minutes", "minutes-party", "summary", "conclusion", "public", "petition", "replies")


def beside_view(meeting: Meeting, promised: Sequence[Question]) -> None:
    """For approved minutes: what is kept beside them, and the ways to add to it. `promised` are the questions that
    were to be answered in writing."""
    if meeting.state not in (MeetingState.APPROVED, MeetingState.PUBLISHED):
        return
    assert meeting.id is not None
    with st.container(border=True, key="beside"), told():
        st.subheader(TITLE, anchor=False)
        st.caption(ABOUT)
        if account().may(Act.EDIT):
            left, right = st.columns(2)
            with left:
                _scan(meeting)
            with right:
                _letter(meeting, [q for q in promised if "denunciation" not in q.flags])
        with store.open_store() as db:
            kept = beside.beside(db, meeting.id)
        for paper in kept:
            _row(paper)


def _scan(meeting: Meeting) -> None:
    with st.form("beside_scan", clear_on_submit=True, border=False):
        paper = st.selectbox(PAPER, SIGNED, format_func=lambda key: PAPERS[key].name, key="beside_paper")
        file = st.file_uploader(FILE, ["pdf", "jpg", "jpeg"], key="beside_file")
        pressed = st.form_submit_button(KEEP, icon=":material/inventory_2:")
    if pressed and file is not None:
        require(Act.EDIT)
        with store.open_store() as db:
            beside.keep_scan(db, home(), meeting.id or 0, paper, file.name, file.getvalue(), account().name)
        st.success(KEPT.format(name=plain(file.name)), icon=":material/check:")


def _letter(meeting: Meeting, promised: Sequence[Question]) -> None:
    if not promised:
        return
    asked = {question.number: question for question in promised}
    with st.form("beside_letter", border=False):
        number = st.selectbox(LETTER, list(asked), key="beside_question", format_func=lambda n: LETTER_OF.format(
            number=n, asker=asked[n].asker or SOMEONE))
        st.caption(LETTER_ABOUT)
        pressed = st.form_submit_button(ISSUE, icon=":material/send:")
    if pressed and not _is_answered(meeting, asked[number]):
        st.warning(NO_ANSWER.format(number=number), icon=":material/edit:")
    elif pressed:
        from ui import work  # the rooms behind it take seconds to load
        require(Act.EDIT)
        name = f"{PAPERS['replies'].file}-cau-{number}-{meeting.date}.docx"
        with TemporaryDirectory() as scratch, store.open_store() as db:
            path = Path(scratch) / name
            work.export(db, home(), meeting.id or 0, "replies", path, number)
            beside.keep_letter(db, home(), meeting.id or 0, number, name, path.read_bytes(), account().name)
        st.success(KEPT.format(name=name), icon=":material/check:")


def _is_answered(meeting: Meeting, question: Question) -> bool:
    with store.open_store() as db:
        promises = follow_up.promises(db, read_clocks(home()), meeting.id)
    return any(promise.is_answered for promise in promises if promise.question.id == question.id)


def _row(kept: Beside) -> None:
    path = home() / kept.path
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{KINDS[kept.kind]} · " + ROW.format(
            paper=PAPERS[kept.paper].name, version=kept.version, name=plain(kept.name), by=plain(kept.by),
            at=moment(kept.at), sha256=kept.sha256), width="stretch")
        if path.is_file():
            st.download_button(GET, path.read_bytes, kept.name, icon=":material/download:", on_click="ignore",
                               key=f"beside_{kept.id}")
        else:
            st.error(plain(GONE.format(name=kept.name)))
