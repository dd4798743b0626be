"""The page «Thống kê»: what the meetings come to, in pictures that can be printed, each with its numbers below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from altair import LayerChart
from sqlite_utils import Database

from models import figures, store, transcripts
from models.clocks import read_clocks
from models.figures import Side, Wait, Waiting
from models.folders import home
from models.follow_up import promises_of
from models.records import Meeting, Status
from models.search import Sight, choices, visible
from summarize.sheets import Sheet, write_sheet
from ui.labels import STATUS
from ui.views import signed_in
from ui.views.charts import Cell, Part, stacked
from ui.views.papers_view import XLSX
from ui.views.wording import capital, day, lasting

TITLE = "Thống kê các hội nghị"
COMMUNE, YEAR, ANY = "Xã, phường", "Năm", "Tất cả"
SUMMARY = "{meetings} hội nghị, {questions} câu hỏi của người dân."
NOTHING = "Chưa có hội nghị nào có câu hỏi trong phạm vi này. Hãy chọn xã hoặc năm khác."
PRINT = "Muốn in: nhấn Ctrl+P; thực đơn và các nút không in ra giấy."
BY_TOPIC, BY_MEETING = "Câu hỏi theo chủ đề và kết quả trả lời", "Câu hỏi qua các hội nghị"
SPEAKING, WAITING = "Thời gian nói của mỗi bên", "Trả lời sau hội nghị: bao lâu, còn nợ bao nhiêu"
TOPIC, MEETING, TOTAL, COUNT, WHAT = "Chủ đề", "Hội nghị", "Cộng", "Số câu", "Tình trạng"
OUTSIDE = "Ngoài chủ đề đã thông báo"
NOBODY = "Chưa có lời nói nào để tính."
NOTHING_OWED = "Mọi câu hỏi đều được trả lời ngay tại hội nghị."
SIDES = {Side.CITIZENS: "Người dân", Side.OFFICIALS: "Cán bộ trả lời", Side.LEADS: "Chủ trì, thư ký"}
WAITS = {Wait.WITHIN_10: "Đã trả lời, trong 10 ngày", Wait.WITHIN_30: "Đã trả lời, 11 đến 30 ngày",
         Wait.WITHIN_60: "Đã trả lời, 31 đến 60 ngày", Wait.LONGER: "Đã trả lời, sau hơn 60 ngày",
         Wait.OWED: "Chưa trả lời, còn hạn", Wait.UNDATED: "Chưa trả lời, chưa đặt hạn",
         Wait.OVERDUE: "Chưa trả lời, đã quá hạn"}
MIDDLE = "Một nửa số câu trả lời sau hội nghị đến trong vòng {days} ngày; lâu nhất {longest} ngày."
NO_DAYS = "Chưa ghi câu trả lời nào sau hội nghị."
TAKE = "Tải bảng số (Excel)"
UNTIL = "Tính đến ngày {day}"
STATUS_PARTS = {Status.ANSWERED: Part(capital(STATUS[Status.ANSWERED]), "#0f4a28", False),
                Status.PROMISED: Part(capital(STATUS[Status.PROMISED]), "#f6b44b", True),
                Status.WRITTEN: Part(capital(STATUS[Status.WRITTEN]), "#cfe3f8", True),
                Status.ESCALATED: Part(capital(STATUS[Status.ESCALATED]), "#a98fd6", True),
                Status.UNANSWERED: Part(capital(STATUS[Status.UNANSWERED]), "#ffffff", True)}
SIDE_PARTS = {Side.CITIZENS: Part(SIDES[Side.CITIZENS], "#f2b35c", True),
              Side.OFFICIALS: Part(SIDES[Side.OFFICIALS], "#1d4f91", False),
              Side.LEADS: Part(SIDES[Side.LEADS], "#ffffff", True)}
WAIT_PART = Part(COUNT, "#9cc3ee", True)


def show() -> None:
    st.title(TITLE, anchor=False)
    sight = visible(signed_in.account())
    with store.open_store() as db:
        transcripts.index_anew(db)
        meetings, scope = _chosen(db, sight)
        asked = figures.by_meeting(db, meetings)
        if not asked:
            st.info(NOTHING)
            return
        today = date.today()
        st.markdown(SUMMARY.format(meetings=len(meetings), questions=sum(asked.values())))
        st.caption(PRINT)
        names = _names(meetings)
        _topics(figures.by_topic(db, meetings), scope)
        _meetings(asked, names, scope)
        _speaking(figures.speaking(db, meetings), names, scope)
        _waiting(figures.waiting(promises_of(db, read_clocks(home()), meetings), today), scope)


def _chosen(db: Database, sight: Sight) -> tuple[list[Meeting], str]:
    """The meetings to be counted, and in words which these are."""
    there = choices(db, sight)
    left, right = st.columns(2)
    place = left.selectbox(COMMUNE, there["commune"], index=None, key="xa", placeholder=ANY, bind="query-params") or ""
    year = right.selectbox(YEAR, there["year"], index=None, key="nam", placeholder=ANY, bind="query-params") or ""
    scope = ", ".join(filter(None, (place, f"{YEAR.lower()} {year}" if year else "")))
    until = UNTIL.format(day=day(date.today().isoformat()))
    return figures.meetings_of(db, sight, place, year), f"{capital(scope)}. {until}" if scope else until


def _names(meetings: Sequence[Meeting]) -> dict[int, str]:
    """A short name for each meeting, none twice."""
    names: dict[int, str] = {}
    for meeting in meetings:
        name, count = day(meeting.date), 1
        while name in names.values():
            count += 1
            name = f"{day(meeting.date)} ({count})"
        names[meeting.id or 0] = name
    return names


def _topics(counts: Mapping[tuple[str, Status], int], scope: str) -> None:
    named = {(topic or OUTSIDE, status): count for (topic, status), count in counts.items()}
    totals: dict[str, int] = {}
    for (topic, _), count in named.items():
        totals[topic] = totals.get(topic, 0) + count
    topics = sorted(totals, key=lambda topic: (topic == OUTSIDE, -totals[topic], topic))
    _by_status(BY_TOPIC, TOPIC, topics, named, scope, "chu-de")


def _meetings(counts: Mapping[tuple[int, Status], int], names: Mapping[int, str], scope: str) -> None:
    named = {(names[meeting], status): count for (meeting, status), count in counts.items()}
    _by_status(BY_MEETING, MEETING, [name for name in names.values() if any(bar == name for bar, _ in named)], named,
               scope, "hoi-nghi")


def _by_status(title: str, head: str, bars: Sequence[str], counts: Mapping[tuple[str, Status], int], scope: str,
               key: str) -> None:
    cells = [Cell(bar, STATUS_PARTS[status].name, count, str(count)) for (bar, status), count in counts.items()]
    numbers = [[counts.get((bar, status), 0) for status in Status] for bar in bars]
    numbers.append([sum(column) for column in zip(*numbers, strict=True)])
    table: list[list[str | int]] = [[name, *row, sum(row)] for name, row in zip((*bars, TOTAL), numbers, strict=True)]
    _picture(title, stacked(bars, list(STATUS_PARTS.values()), cells), key)
    _table(title, [head, *(part.name for part in STATUS_PARTS.values()), TOTAL], table, scope, key)


def _speaking(seconds: Mapping[tuple[int, Side], float], names: Mapping[int, str], scope: str) -> None:
    if not seconds:
        st.subheader(SPEAKING, anchor=False)
        st.caption(NOBODY)
        return
    whole: dict[int, float] = {}
    for (meeting, _), spoken in seconds.items():
        whole[meeting] = whole.get(meeting, 0.0) + spoken
    shown = {meeting: name for meeting, name in names.items() if whole.get(meeting)}
    cells = [Cell(shown[meeting], SIDE_PARTS[side].name, spoken, f"{spoken / whole[meeting]:.0%}")
             for (meeting, side), spoken in seconds.items() if meeting in shown]
    rows = [[name, *(f"{lasting(spoken)} ({spoken / whole[meeting]:.0%})" if (spoken := seconds.get((meeting, side), 0))
                     else "0" for side in Side), lasting(whole[meeting])] for meeting, name in shown.items()]
    _picture(SPEAKING, stacked(list(shown.values()), list(SIDE_PARTS.values()), cells, as_shares=True), "noi")
    _table(SPEAKING, [MEETING, *SIDES.values(), TOTAL], rows, scope, "noi")


def _waiting(found: Waiting, scope: str) -> None:
    if not found.counts:
        st.subheader(WAITING, anchor=False)
        st.caption(NOTHING_OWED)
        return
    counts = {WAITS[wait]: found.counts.get(wait, 0) for wait in Wait}
    cells = [Cell(name, WAIT_PART.name, count, str(count)) for name, count in counts.items()]
    _picture(WAITING, stacked(list(WAITS.values()), [WAIT_PART], cells), "cho")
    middle = f"{found.middle or 0:g}".replace(".", ",")
    st.markdown(MIDDLE.format(days=middle, longest=max(found.days)) if found.days else NO_DAYS)
    _table(WAITING, [WHAT, COUNT], list(counts.items()), scope, "cho")


def _picture(title: str, chart: LayerChart, key: str) -> None:
    st.subheader(title, anchor=False)
    st.altair_chart(chart, width="stretch", theme=None, key=f"chart_{key}")


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]], scope: str, key: str) -> None:
    """The numbers as plain HTML, which prints whole, and as a file."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>" for row in rows)
    st.html(f'<table class="dt-numbers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
    st.download_button(TAKE, _file(title, heads, rows, scope), f"thong-ke-{key}.xlsx", XLSX, key=f"take_{key}",
                       icon=":material/download:", on_click="ignore")


def _file(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]], scope: str) -> Callable[[], bytes]:
    def made() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "table.xlsx"
            write_sheet(Sheet(title, scope, tuple((name, 34 if not place else 18) for place, name in enumerate(heads)),
                              rows), path)
            return path.read_bytes()
    return made


if __name__ == "__main__":
    show()
