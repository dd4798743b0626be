"""The page «Theo dõi lời hứa»: what is owed to people, the most urgent first, and the answer recorded later."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from sqlite_utils import Database
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models import follow_up, store
from models.clocks import Clocks, read_clocks
from models.files import lay_down
from models.folders import home
from models.follow_up import Duty, Promise, Standing
from models.records import Document
from models.rights import Act
from ui.labels import STATUS
from ui.paper_names import PAPERS
from ui.seen import HIDDEN, hides_question
from ui.views.papers_view import DOCX, XLSX
from ui.views.signed_in import account, require
from ui.views.told import told
from ui.views.wording import STATUS_COLOUR, Colour, capital, day, plain

TITLE = "Theo dõi lời hứa"
NOTHING = "Chưa có lời hứa nào phải theo dõi. Khi một câu hỏi chưa được trả lời xong, câu ấy sẽ hiện ở đây."
HEADS = {Standing.OVERDUE: "Đã quá hạn", Standing.SOON: "Sắp đến hạn", Standing.UNDATED: "Chưa đặt thời hạn",
         Standing.LATER: "Còn trong hạn", Standing.ANSWERED: "Đã trả lời"}
COLOURS: dict[Standing, Colour] = {Standing.OVERDUE: "red", Standing.SOON: "orange", Standing.UNDATED: "violet",
                                   Standing.LATER: "blue", Standing.ANSWERED: "green"}
HEAD = "{name} ({count})"
LATE, LEFT, TODAY = "Quá hạn {days} ngày", "Còn {days} ngày", "Hạn cuối hôm nay"
UNTIL = "hạn {day}"
SAID = "Lời hứa tại hội nghị: «{words}»"
NO_AGENCY = "chưa rõ cơ quan"
ASKER = "Người có ý kiến: {name}"
SOMEONE = "chưa rõ tên"
MEETING = "{title}, ngày {day}"
ANSWER, ANSWERED, DOCUMENT, DOCUMENT_HINT = ("Câu trả lời", "Ngày trả lời", "Số, ngày văn bản trả lời",
                                             "Ví dụ: Công văn 12/UBND-VP ngày 30/9/2026")
FILE, FILE_KINDS = "Tệp văn bản (nếu có; pdf, docx, jpg, png)", ["pdf", "docx", "doc", "jpg", "jpeg", "png"]
AGENCY, TERM = "Cơ quan giải quyết", "Thời hạn"
RECORD, CHANGE = "Ghi câu trả lời", "Đổi cơ quan, thời hạn"
CORRECT = "Sửa câu trả lời"
SAVE, SAVED = "Lưu", "Đã lưu."
NEED_ANSWER = "Hãy ghi câu trả lời, hoặc số văn bản trả lời."
GET_FILE = "Tải văn bản trả lời"
MOST = 60
"""Cards of one kind that a page shows at once."""
MORE = "Còn {count} việc nữa; chọn một cơ quan, hoặc xem trong danh sách tải về ở cuối trang."
ALL = "Tất cả"
BY_AGENCY, BY_KIND, BY_YEAR = "Xem theo cơ quan", "Loại việc", "Hội nghị trong năm"
NONE_SHOWN = "Không có việc nào phù hợp. Hãy chọn lại ở các ô trên."
TERMS = "Các thời hạn đang áp dụng và căn cứ"
TERM_LINE = "**{name}**: {days} {kind}. {source}"
AFTER, WORKING, BEFORE = "ngày sau hội nghị", "ngày làm việc sau hội nghị", "ngày trước hội nghị"
PLAN_LINE = "**Số hội nghị đối thoại mỗi năm**: {least} đến {most}. {source}"
REMIND_LINE = "**Nhắc trước hạn**: {days} ngày."
HOW_TO_CHANGE = ("Muốn đổi thời hạn hay ghi ngày nghỉ lễ, hãy nhờ người phụ trách máy (tệp models/clocks.yaml, xem "
                 "hướng dẫn).")
DUTIES = "Việc chung của các hội nghị ({count})"
DUTIES_LATE = "Việc chung của các hội nghị ({count}, :red[**quá hạn {late}**])"
DUTY = "**{name}**: chậm nhất ngày {day}. {left}. {meeting}."
SOURCE, UNVERIFIED = "Căn cứ: {source}.", "Căn cứ: {source} (số ngày chưa đối chiếu; sửa trong tệp clocks.yaml)."
PLAN = "Năm {year}: đã đối thoại {held} lần{coming} (kế hoạch mỗi năm: {least} đến {most} lần)."
COMING = ", sắp tới {count} lần"
WORD, EXCEL = "Danh sách theo dõi (Word)", "Danh sách theo dõi (Excel)"


def show() -> None:
    st.title(TITLE, anchor=False)
    today, clocks = date.today(), read_clocks(home())
    with store.open_store() as db:
        meetings = store.meetings(db)
        held, coming = follow_up.held_in(meetings, today.year, today)
        found = follow_up.urgent_first(follow_up.promises(db, clocks), today, clocks.remind_before)
        words = PLAN.format(year=today.year, held=held, least=clocks.least, most=clocks.most,
                            coming=COMING.format(count=coming) if coming else "")
        if held + coming < clocks.least:
            st.warning(words, icon=":material/event_repeat:")
        else:
            st.caption(words, help=clocks.plan_source)
        if found:
            _counts(found, today, clocks)
        _duties(follow_up.duties(meetings, clocks, today), today)
        _terms(clocks)
        if not found:
            st.success(NOTHING)
            return
        shown = _chosen(found)
        for standing in HEADS:
            _group(db, standing, [p for p in shown if p.standing(today, clocks.remind_before) is standing], today)
        if shown:
            _lists(shown, today)
        else:
            st.info(NONE_SHOWN)


def _counts(found: Sequence[Promise], today: date, clocks: Clocks) -> None:
    standings = [promise.standing(today, clocks.remind_before) for promise in found]
    for column, standing in zip(st.columns(len(HEADS)), HEADS, strict=True):
        with column.container(border=True):
            count = standings.count(standing)
            colour = COLOURS[standing] if count else "gray"
            st.markdown(f"## :{colour}[{count}]\n{HEADS[standing]}")


def _chosen(found: Sequence[Promise]) -> list[Promise]:
    """What an agency owes, of one kind, from the meetings of one year."""
    shown, places = list(found), st.columns(3)
    for place, label, key, about in ((places[0], BY_AGENCY, "agency", _agency), (places[1], BY_KIND, "kind", _kind),
                                     (places[2], BY_YEAR, "year", _year)):
        there = sorted({about(promise) for promise in found} - {""})
        if len(there) > 1:
            wanted = place.selectbox(label, [ALL, *there], key=key)
            shown = [promise for promise in shown if wanted in (ALL, about(promise))]
    return shown


def _agency(promise: Promise) -> str:
    return promise.agency


def _kind(promise: Promise) -> str:
    return capital(STATUS[promise.question.status])


def _year(promise: Promise) -> str:
    return promise.meeting.date[:4]


def _group(db: Database, standing: Standing, found: Sequence[Promise], today: date) -> None:
    if not found:
        return
    head = HEAD.format(name=HEADS[standing], count=len(found))
    if standing is Standing.ANSWERED:
        with st.expander(head, icon=":material/task_alt:"):
            _cards(db, standing, found, today)
    else:
        st.subheader(head, anchor=False)
        _cards(db, standing, found, today)


def _cards(db: Database, standing: Standing, found: Sequence[Promise], today: date) -> None:
    for promise in found[:MOST]:
        _card(db, promise, standing, today)
    if len(found) > MOST:
        st.caption(MORE.format(count=len(found) - MOST))


def _card(db: Database, promise: Promise, standing: Standing, today: date) -> None:
    with st.container(border=True):
        term, content = st.columns([1, 4], gap="medium")
        with term:
            st.markdown(f"### :{COLOURS[standing]}[{_left(promise, standing, today)}]")
            if promise.due:
                st.markdown(UNTIL.format(day=day(promise.due.isoformat())))
            st.markdown(f"**{plain(promise.agency) or NO_AGENCY}**")
        with content:
            who = account()
            if hides_question(promise.question, who):
                st.markdown(f":material/lock: {HIDDEN}")
                return
            st.markdown(f"**{plain(promise.question.summary)}**")
            _about(promise)
            if promise.is_answered:
                _answer(db, promise)
            if not who.may(Act.EDIT):
                return
            with st.container(horizontal=True):
                if st.button(CORRECT if promise.is_answered else RECORD, key=f"record_{promise.key}",
                             icon=":material/edit_note:"):
                    _record_answer(promise, today)
                if not promise.is_answered and st.button(CHANGE, key=f"change_{promise.key}", type="tertiary",
                                                         icon=":material/edit_calendar:"):
                    _change_term(promise)


def _left(promise: Promise, standing: Standing, today: date) -> str:
    left = promise.days_left(today)
    if standing is Standing.ANSWERED or left is None:
        return HEADS[standing]
    return LATE.format(days=-left) if left < 0 else LEFT.format(days=left) if left else TODAY


def _about(promise: Promise) -> None:
    question = promise.question
    asker = ", ".join(part for part in (question.asker or SOMEONE, question.address) if part)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(capital(STATUS[question.status]), color=STATUS_COLOUR[question.status])
        st.caption(ASKER.format(name=plain(asker)), width="content")
        st.page_link("views/meeting.py", query_params={"meeting": str(promise.meeting.id)},
                     label=MEETING.format(title=plain(promise.meeting.title), day=day(promise.meeting.date)))
    if question.answer.text:
        st.caption(SAID.format(words=plain(question.answer.text)))


def _answer(db: Database, promise: Promise) -> None:
    when = f"{ANSWERED}: {day(promise.answered_on.isoformat())}. " if promise.answered_on else ""
    st.success(f"{when}{plain(promise.document)}\n\n{plain(promise.answer)}")
    kept = store.document(db, promise.file) if promise.file else None
    if kept and (home() / kept.path).is_file():
        st.download_button(GET_FILE, (home() / kept.path).read_bytes, Path(kept.path).name, key=f"get_{promise.key}",
                           icon=":material/download:", on_click="ignore")


@st.dialog(RECORD, width="medium")
def _record_answer(promise: Promise, today: date) -> None:
    with told(), st.form("answer", border=False):
        st.markdown(f"**{plain(promise.question.summary)}**")
        answer = st.text_area(ANSWER, promise.answer, height=140)
        document = st.text_input(DOCUMENT, promise.document, placeholder=DOCUMENT_HINT)
        when = st.date_input(ANSWERED, promise.answered_on or today, format="DD/MM/YYYY")
        file = st.file_uploader(FILE, FILE_KINDS)
        if not st.form_submit_button(SAVE, type="primary"):
            return
        if not (answer.strip() or document.strip()):
            st.error(NEED_ANSWER)
            return
        changes = {"answer": answer.strip(), "document": document.strip(), "answered_on": when.isoformat()}
        _save(promise, changes, file)


@st.dialog(CHANGE, width="medium")
def _change_term(promise: Promise) -> None:
    with told(), st.form("term", border=False):
        st.markdown(f"**{plain(promise.question.summary)}**")
        agency = st.text_input(AGENCY, promise.agency)
        due = st.date_input(TERM, promise.due, format="DD/MM/YYYY")
        if st.form_submit_button(SAVE, type="primary"):
            _save(promise, {"agency": agency.strip(), "due": due.isoformat() if due else ""})


def _save(promise: Promise, changes: dict[str, str], file: UploadedFile | None = None) -> None:
    """Writes the changes down in the name of who is signed in, and shows the page anew."""
    by = require(Act.EDIT).name
    with store.open_store() as db:
        if file:
            changes |= {"file": str(_keep(db, promise, file.name, file.getvalue()))}
        follow_up.record(db, promise, by, **changes)
    st.toast(SAVED, icon=":material/check:")
    st.rerun()


def _keep(db: Database, promise: Promise, name: str, content: bytes) -> int:
    """Lays the reply's document into the meeting's papers, named by its SHA-256, and returns its id."""
    from recorder.files import safe_name  # loads the sound library
    sha256 = hashlib.sha256(content).hexdigest()
    path = home() / "meetings" / str(promise.meeting.id) / "papers" / sha256[:16] / safe_name(name)
    lay_down(path, content)
    kept = store.add_document(db, Document(promise.meeting.id or 0, "answer", path.relative_to(home()).as_posix(),
                                           sha256, store.now()))
    assert kept.id is not None
    return kept.id


def _duties(owed: Sequence[Duty], today: date) -> None:
    if not owed:
        return
    late = sum(duty.days_left(today) < 0 for duty in owed)
    head = (DUTIES_LATE if late else DUTIES).format(count=len(owed), late=late)
    with st.expander(head, icon=":material/gavel:"):
        for duty in owed:
            left = duty.days_left(today)
            words = LATE.format(days=-left) if left < 0 else LEFT.format(days=left) if left else TODAY
            colour = "red" if left < 0 else "orange" if left <= duty.clock.days // 2 else "blue"
            source = (SOURCE if duty.clock.verified else UNVERIFIED).format(source=duty.clock.source)
            st.markdown(DUTY.format(name=duty.clock.name, day=day(duty.due.isoformat()), left=f":{colour}[**{words}**]",
                                    meeting=plain(duty.meeting.title)), help=source)


def _terms(clocks: Clocks) -> None:
    """Every term that counts here, with where it comes from."""
    with st.expander(TERMS, icon=":material/schedule:"):
        for clock in clocks.clocks.values():
            kind = BEFORE if clock.before else WORKING if clock.working else AFTER
            source = (SOURCE if clock.verified else UNVERIFIED).format(source=plain(clock.source))
            st.markdown(TERM_LINE.format(name=plain(clock.name), days=clock.days, kind=kind, source=source))
        source = SOURCE.format(source=plain(clocks.plan_source))
        st.markdown(PLAN_LINE.format(least=clocks.least, most=clocks.most, source=source))
        st.markdown(REMIND_LINE.format(days=clocks.remind_before))
        st.caption(HOW_TO_CHANGE)


def _lists(shown: Sequence[Promise], today: date) -> None:
    name = f"{PAPERS['follow-up'].file}-{today.isoformat()}"
    with st.container(horizontal=True):
        for label, ending, mime in ((WORD, "docx", DOCX), (EXCEL, "xlsx", XLSX)):
            st.download_button(label, _file(shown, ending, today), f"{name}.{ending}", mime,
                               icon=":material/download:", on_click="ignore")


def _file(shown: Sequence[Promise], ending: str, today: date) -> Callable[[], bytes]:
    def made() -> bytes:
        from ui import papers  # the rooms behind it take seconds to load
        with TemporaryDirectory() as folder, store.open_store() as db:
            path = Path(folder) / f"list.{ending}"
            papers.write_follow_up(db, home(), shown, path, today)
            return path.read_bytes()
    return made


if __name__ == "__main__":
    show()
