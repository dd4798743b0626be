"""The page «Công bố»: what everybody with an account may read of published meetings, at an address of its own.

Drawn from the masked version that was signed, approved and published, never from the draft: while a correction is in
work the version before stays readable. Of a meeting that is not published nothing is told, not even that there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from sqlite_utils import Database

from models import approval, store
from models.approval import Head, Kind, Version
from models.folders import home
from models.formats import clock
from models.records import MeetingState, Status
from ui.labels import STATUS
from ui.views.papers_view import KINDS, MIMES
from ui.views.wording import STATUS_COLOUR, capital, day, moment, plain, speaker_name

TITLE = "Kết quả đối thoại đã công bố"
ABOUT = "Thông tin riêng của người dân đã được che bằng […]."
NOTHING = "Chưa có hội nghị nào được công bố."
NONE = "Không có kết quả nào được công bố ở địa chỉ này."
BACK = "Các hội nghị đã công bố"
COUNT = "{count} câu hỏi"
WHEN = "Công bố lúc {at}"
CORRECTED, CORRECTED_ALONE = "Bản đính chính lần {number}. Lý do: {reason}", "Bản đính chính lần {number}."
IN_WORK = "Cơ quan đang làm bản đính chính. Bản dưới đây vẫn có hiệu lực cho đến khi bản mới được công bố."
PAPER = "Tải bản công bố ({kind})"
OUTSIDE = "Ngoài các chủ đề đã thông báo"
NUMBER = "Câu {number}"
ANSWER, ANSWER_BY = "Trả lời", "Trả lời ({name})"
NO_ANSWER = "Chưa có lời trả lời tại hội nghị."
AGENCY, DEADLINE = "Đơn vị giải quyết: **{}**", "Thời hạn: **{}**"
WORDS = "Toàn bộ lời nói ({count} lượt)"
CITIZEN = "Người dự"


def show() -> None:
    wanted = st.query_params.get("meeting", "")
    with store.open_store() as db:
        there = approval.published_heads(db)
        if not wanted:
            _list(there)
            return
        st.page_link("views/published.py", label=BACK, icon=":material/arrow_back:", query_params={"meeting": ""})
        record = approval.published(db, int(wanted)) if wanted in {str(head.id) for head in there} else None
        if record is None:
            st.error(NONE, icon=":material/search_off:")
            return
        state = store.meeting(db, int(wanted)).state
        version = _version(db, int(wanted))
    _head(record, version, state)
    _questions(record)
    _words(record["lines"])


def _list(found: Sequence[Head]) -> None:
    st.title(TITLE, anchor=False)
    st.caption(ABOUT)
    if not found:
        st.info(NOTHING)
    for head in found:
        with st.container(border=True):
            st.page_link("views/published.py", label=f"**{plain(head.title)}**",
                         query_params={"meeting": str(head.id)}, width="stretch")
            st.caption(f"{day(head.date)}, {plain(head.place)} · {COUNT.format(count=head.questions)}")


def _version(db: Database, meeting: int) -> Version:
    """The version that was published last."""
    return next(version for version in approval.versions(db, meeting) if version.at(Kind.PUBLISHED))


def _head(record: Mapping[str, Any], version: Version, state: MeetingState) -> None:
    st.title(plain(record["title"]), anchor=False)
    step = version.at(Kind.PUBLISHED)
    when = WHEN.format(at=moment(step.at)) if step else ""
    st.caption(f"{day(record['date'])}, {plain(record['place'])} · {when}. {ABOUT}")
    if version.number > 1:
        reason = plain(record.get("reason", ""))  # masked; versions published by older programs tell none
        told = CORRECTED if reason else CORRECTED_ALONE
        st.info(told.format(number=version.number - 1, reason=reason), icon=":material/edit_note:")
    if state is not MeetingState.PUBLISHED:
        st.warning(IN_WORK, icon=":material/edit_note:")
    if record["withheld"]:
        st.caption(record["withheld"])
    with st.container(horizontal=True):
        for paper in version.papers:
            path, ending = home() / paper.path, Path(paper.path).suffix.lstrip(".")
            if paper.kind == "public" and path.is_file():
                st.download_button(PAPER.format(kind=KINDS[ending]), path.read_bytes, path.name, MIMES[ending],
                                   icon=":material/download:", on_click="ignore", key=f"published_{paper.id}")


def _questions(record: Mapping[str, Any]) -> None:
    """By topic where the record names its topics; otherwise as they were put."""
    names: Mapping[str, str] = record.get("topics", {})
    for topic in (*names, None):
        group = [q for q in record["questions"] if q["topic"] == topic or (topic is None and q["topic"] not in names)]
        if group and names:
            st.subheader(plain(names[topic]) if topic else OUTSIDE, anchor=False)
        for question in group:
            with st.container(border=True):
                _question(question)


def _question(question: Mapping[str, Any]) -> None:
    status = Status(question["status"])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        asker = ", ".join(filter(None, (question["asker"], question["address"])))
        number = f"**{NUMBER.format(number=question['number'])}**"
        st.markdown(f"{number} · {plain(asker)}" if asker else number, width="content")
        st.badge(capital(STATUS[status]), color=STATUS_COLOUR[status])
    st.markdown(f"**{plain(question['summary'])}**")
    if question["answer"]:
        by = speaker_name(question["answered_by"])
        st.markdown(f"{ANSWER_BY.format(name=plain(by)) if by else ANSWER}: {plain(question['answer'])}")
    else:
        st.markdown(NO_ANSWER)
    facts = [words.format(plain(question[name])) for name, words in (("agency", AGENCY), ("deadline", DEADLINE))
             if question[name]]
    if facts:
        st.markdown(" · ".join(facts))


def _words(lines: Sequence[Mapping[str, Any]]) -> None:
    with st.expander(WORDS.format(count=len(lines)), icon=":material/notes:"):
        st.html("".join(f"<p><small class='dt-soft'>{clock(line['start'])} · {escape(line['speaker'] or CITIZEN)}"
                        f"</small><br>{escape(line['text'])}</p>" for line in lines))


if __name__ == "__main__":
    show()
