"""From draft to official minutes, on the meeting's page: how far they are, the next step, every version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st
from sqlite_utils import Database

from models import approval, remarks, store, typed
from models.approval import Kind, Standing, Step, Version
from models.folders import home
from models.records import Document, Meeting, MeetingState
from models.rights import Account, Act
from ui.paper_names import PAPERS
from ui.seen import said_to
from ui.views import signed_in
from ui.views.told import told
from ui.views.wording import moment, plain

TITLE = "Đường đi của biên bản"
STAGES = ("Bản nháp", "Đang rà soát", "Thư ký ký", "Chủ trì duyệt", "Công bố")
AT_HAND = {MeetingState.IN_REVIEW: 1, MeetingState.SIGNED: 3, MeetingState.APPROVED: 4, MeetingState.PUBLISHED: 5}
"""The stage that is to be done now, by position; all are done at the end."""
DONE_BY = "{by}, {at}"
VERSION_NOW = "Bản đính chính lần {number}. Lý do: {reason}"
SENT_BACK = "**{by}** đã trả lại lúc {at}. Lý do: {reason}"
UNSAVED = "**{by}** còn {count} chỗ đang gõ chưa lưu ở trang Rà soát; hãy lưu trước khi ký."
LEFT = "Còn {left} câu chưa rà soát (đã rà soát {done}/{count} câu)."
NONE_LEFT = "Đã rà soát hết {count} câu hỏi."
REMARKS = "Còn {count} ý kiến trao đổi chưa xong; hãy xem và đánh dấu «Đã xong» ở trang Rà soát trước khi ký."
TO_REVIEW = "Mở trang Rà soát"
SIGN, SIGN_ASK = "Ký biên bản", "Thư ký ký biên bản?"
SIGN_ABOUT = ("Chương trình lập toàn bộ giấy tờ từ bản đã rà soát và giữ nguyên từ lúc này. Không ai sửa được lời ghi "
              "và câu hỏi nữa, trừ khi biên bản được trả lại. Sau đó chủ trì duyệt.")
SIGNING = "Đang lập giấy tờ để ký, có thể mất nửa phút…"
APPROVE, APPROVE_ASK = "Duyệt biên bản", "Duyệt biên bản?"
APPROVE_ABOUT = ("Bạn duyệt đúng những giấy tờ thư ký đã ký ({papers} tệp ở dưới trang). Sau khi duyệt:\n"
                 "- không ai sửa được nữa; muốn sửa phải mở bản đính chính, có ghi lý do;\n"
                 "- dấu giọng nói của hội nghị bị xóa hẳn (giọng cán bộ đã đồng ý lưu thì vẫn còn);\n"
                 "- việc duyệt không rút lại được.")
SAME_PERSON = "Bạn đã ký với tư cách thư ký: muốn duyệt, phải ghi rõ duyệt thay ai và vì sao."
INSTEAD = "Duyệt thay ai, vì sao (nếu không phải chủ trì; được ghi vào lịch sử và phiếu duyệt)"
INSTEAD_EXAMPLE = "Ví dụ: đ/c Bí thư Lê Thị Hân đi công tác, theo giấy ủy quyền số 12"
INSTEAD_OF = "Duyệt thay: {instead_of}"
SLIP_NAME = "Phiếu duyệt (in ra, ký tay, lưu cùng biên bản)"
PUBLISH, PUBLISH_ASK = "Công bố", "Công bố kết quả hội nghị?"
PUBLISH_ABOUT = ("Mọi người có tài khoản đọc sẽ tìm và xem được bản công bố: thông tin cá nhân đã che, nội dung tố cáo "
                 "không nêu. Hãy đọc lại tệp «{paper}» trước khi bấm. Đã công bố thì không rút lại được.")
SEND_BACK, SEND_BACK_ASK = "Trả lại để sửa", "Trả lại biên bản để sửa?"
SEND_BACK_ABOUT = "Biên bản trở về bước rà soát; thư ký sửa xong phải ký lại."
CORRECT, CORRECT_ASK = "Mở bản đính chính", "Mở bản đính chính?"
CORRECT_ABOUT = ("Bản đang có vẫn giữ nguyên. Bản mới được rà soát, ký và duyệt lại từ đầu, trên mỗi giấy tờ có ghi "
                 "lần đính chính và lý do.")
REASON = "Lý do (được ghi vào lịch sử và giấy tờ)"
NO = "Thôi, chưa làm"
WAITING = {MeetingState.IN_REVIEW: "Chờ thư ký ký.", MeetingState.SIGNED: "Chờ chủ trì duyệt.",
           MeetingState.APPROVED: "Chờ công bố."}
FINISHED = "Kết quả hội nghị đã được công bố."
HISTORY = "Xem lịch sử sửa đổi"
VERSIONS = "Giấy tờ đã ký và đã duyệt"
VERSION = "Bản {number}"
VERSION_STATE = {Kind.PUBLISHED: "đã công bố", Kind.APPROVED: "đã duyệt", Kind.SIGNED: "thư ký đã ký, chờ duyệt"}
SIGNATURES = {Kind.SIGNED: "Thư ký ký: **{by}**, {at}", Kind.APPROVED: "Chủ trì duyệt: **{by}**, {at}",
              Kind.PUBLISHED: "Công bố: **{by}**, {at}"}
HASH = "Mã kiểm tra (SHA-256): {files}"
HASHES = "Mã kiểm tra đầy đủ của từng tệp"
HASHES_ABOUT = ("Tệp nào bị sửa dù chỉ một chữ thì mã của nó khác đi. Người phụ trách máy so lại được tất cả bằng lệnh "
                "«doithoai check».")
GONE = "Tệp «{name}» không còn trong thư mục dữ liệu; hãy phục hồi từ bản sao lưu."


def approval_view(meeting: Meeting) -> None:
    """All about the official minutes of a meeting that has questions."""
    assert meeting.id is not None
    with store.open_store() as db:
        seen, found = approval.standing(db, meeting.id), approval.versions(db, meeting.id)
        who, back = signed_in.account(), seen.last(Kind.SENT_BACK)
        found = [replace(one, reason=said_to(db, meeting.id, who, one.reason)) for one in found]
        back = replace(back, reason=said_to(db, meeting.id, who, back.reason)) if back else None
        unsaved = typed.writers(db, meeting.id)
        told = remarks.count_open(db, meeting.id)
    with st.container(border=True, key="approval"):
        st.subheader(TITLE, anchor=False)
        st.html(stepper(seen))
        _remarks(seen, found, unsaved, back)
        _next(seen, found, told, who)
        st.page_link("views/history_view.py", label=HISTORY, icon=":material/history:",
                     query_params={"meeting": str(meeting.id)})
    _versions([version for version in found if version.papers])


def stepper(seen: Standing) -> str:
    """The five stages as HTML: which are done, by whom and when, and which is at hand."""
    now = AT_HAND.get(seen.state, 0)
    begun = seen.last(Kind.CORRECTED) or seen.last(Kind.BEGUN)
    steps: Sequence[Step | None] = (None, begun, seen.last(Kind.SIGNED), seen.last(Kind.APPROVED),
                                    seen.last(Kind.PUBLISHED))
    parts = []
    for i, (name, step) in enumerate(zip(STAGES, steps, strict=True)):
        kind = "done" if i < now else "now" if i == now else "open"
        mark = "✓" if kind == "done" else str(i + 1)
        said = f"<small>{escape(DONE_BY.format(by=step.by, at=moment(step.at)))}</small>" if step and i <= now else ""
        current = ' aria-current="step"' if kind == "now" else ""
        parts.append(f'<li class="dt-step-{kind}"{current}><i>{mark}</i><b>{name}</b>{said}</li>')
    return f'<ol class="dt-steps">{"".join(parts)}</ol>'


def _remarks(seen: Standing, found: Sequence[Version], unsaved: Mapping[str, int], back: Step | None) -> None:
    """What whoever takes the next step should know."""
    if seen.version > 1:
        words = VERSION_NOW.format(number=seen.version - 1, reason=plain(found[0].reason))
        st.markdown(f":material/edit_note: {words}")
    if back and seen.state is MeetingState.IN_REVIEW:
        st.warning(SENT_BACK.format(by=plain(back.by), at=moment(back.at), reason=plain(back.reason)),
                   icon=":material/undo:")
    if seen.state is MeetingState.IN_REVIEW:
        for by, count in unsaved.items():
            st.warning(UNSAVED.format(by=plain(by), count=count), icon=":material/edit:")


def _next(seen: Standing, found: Sequence[Version], told: int, who: Account) -> None:
    """The one next step with what is missing for it, and the way back. `told`: remarks that are still open."""
    if seen.state is MeetingState.SIGNED:
        _buttons(seen, (APPROVE, Act.APPROVE, ":material/verified:", lambda then: _approve(then, found, who)),
                 (SEND_BACK, (Act.APPROVE, Act.SIGN_OFF), ":material/undo:", lambda then: _send_back(then, who)), who)
    elif seen.state is MeetingState.APPROVED:
        _buttons(seen, (PUBLISH, Act.PUBLISH, ":material/public:", lambda then: _publish(then, who)),
                 (CORRECT, (Act.EDIT,), ":material/edit_note:", lambda then: _correct(then, who)), who)
    elif seen.state is MeetingState.PUBLISHED:
        st.markdown(f":green[:material/check_circle:] {FINISHED}")
        _buttons(seen, None, (CORRECT, (Act.EDIT,), ":material/edit_note:", lambda then: _correct(then, who)), who)
    elif seen.left or told:
        if seen.left:
            st.markdown(f"**{LEFT.format(left=seen.left, done=seen.reviewed, count=seen.questions)}**")
        if told:
            st.markdown(f"**{REMARKS.format(count=told)}**")
        if who.may(Act.EDIT) and st.button(TO_REVIEW, type="primary", icon=":material/rate_review:",
                                           key="approval_review"):
            st.switch_page("views/review.py", query_params={"meeting": str(seen.meeting)})
    else:
        st.markdown(f":green[:material/check_circle:] {NONE_LEFT.format(count=seen.questions)}")
        _buttons(seen, (SIGN, Act.SIGN_OFF, ":material/draw:", lambda then: _sign(then, who)), None, who)


Forward = tuple[str, Act, str, Callable[[Standing], None]]
Back = tuple[str, tuple[Act, ...], str, Callable[[Standing], None]]


def _buttons(seen: Standing, forward: Forward | None, back: Back | None, who: Account) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if forward and who.may(forward[1]):
            _button(seen, forward[0], forward[2], "primary", "approval_next", forward[3])
        elif seen.state in WAITING:
            st.markdown(f":material/hourglass_top: **{WAITING[seen.state]}**", width="content")
        if back and any(map(who.may, back[1])):
            _button(seen, back[0], back[2], "secondary", "approval_back", back[3])


def _button(seen: Standing, label: str, icon: str, kind: Literal["primary", "secondary"], key: str,
            ask: Callable[[Standing], None]) -> None:
    """A step's button: what the person saw when they pressed it counts, not what stands there since."""
    def pressed() -> None:
        st.session_state["approval_seen"] = seen

    if st.button(label, type=kind, icon=icon, key=key, on_click=pressed):
        ask(st.session_state["approval_seen"])


@st.dialog(SIGN_ASK)
def _sign(seen: Standing, who: Account) -> None:
    st.markdown(SIGN_ABOUT)

    def sign(db: Database) -> None:
        from ui import freezing  # the rooms behind it take seconds to load
        with st.spinner(SIGNING):
            freezing.sign_off(db, home(), seen, who)

    _confirm(SIGN, sign)


@st.dialog(APPROVE_ASK)
def _approve(seen: Standing, found: Sequence[Version], who: Account) -> None:
    st.markdown(APPROVE_ABOUT.format(papers=len(found[0].papers)))
    signed = seen.last(Kind.SIGNED)
    if signed and signed.by == who.name:
        st.info(SAME_PERSON, icon=":material/info:")
    instead_of = st.text_input(INSTEAD, placeholder=INSTEAD_EXAMPLE, max_chars=300, key="approval_instead_of")

    def approve(db: Database) -> None:
        from ui import freezing
        freezing.approve(db, home(), seen, who, instead_of)

    _confirm(APPROVE, approve)


@st.dialog(PUBLISH_ASK)
def _publish(seen: Standing, who: Account) -> None:
    st.markdown(PUBLISH_ABOUT.format(paper=PAPERS["public"].name))
    _confirm(PUBLISH, lambda db: approval.publish(db, home(), seen, who))


@st.dialog(SEND_BACK_ASK)
def _send_back(seen: Standing, who: Account) -> None:
    st.markdown(SEND_BACK_ABOUT)
    reason = st.text_area(REASON, key="approval_reason")
    _confirm(SEND_BACK, lambda db: approval.send_back(db, seen, who, reason))


@st.dialog(CORRECT_ASK)
def _correct(seen: Standing, who: Account) -> None:
    st.markdown(CORRECT_ABOUT)
    reason = st.text_area(REASON, key="approval_reason")
    _confirm(CORRECT, lambda db: approval.open_correction(db, seen, who, reason))


def _confirm(label: str, doing: Callable[[Database], None]) -> None:
    """The buttons of a dialog; a refusal is told there, and what was seen stays until the dialog is closed."""
    with st.container(horizontal=True):
        yes = st.button(label, type="primary", key="approval_yes")
        no = st.button(NO, key="approval_no")
    if yes:
        with told():
            with store.open_store() as db:
                doing(db)
            st.rerun()
    if no:
        st.rerun()


def _versions(found: Sequence[Version]) -> None:
    if not found:
        return
    st.subheader(VERSIONS, anchor=False)
    for version in found:
        with st.expander(_title(version), expanded=version is found[0], icon=":material/folder_zip:"):
            if version.number > 1:
                st.markdown(VERSION_NOW.format(number=version.number - 1, reason=plain(version.reason)))
            steps = ((words, version.at(kind)) for kind, words in SIGNATURES.items())
            st.markdown("  \n".join(words.format(by=plain(s.by), at=moment(s.at)) for words, s in steps if s))
            if (approved := version.at(Kind.APPROVED)) and approved.instead_of:
                st.markdown(INSTEAD_OF.format(instead_of=plain(approved.instead_of)))
            _papers(version)


def _title(version: Version) -> str:
    state = next(words for kind, words in VERSION_STATE.items() if version.at(kind))
    return f"{VERSION.format(number=version.number)}: {state}"


def _papers(version: Version) -> None:
    """Each paper once, with a button for each format and the beginning of its SHA-256."""
    names = {key: paper.name for key, paper in PAPERS.items()} | {approval.SLIP: SLIP_NAME}
    for key, called in names.items():
        files = [document for document in version.papers if document.kind == key]
        if files:
            name, buttons = st.columns([2, 3], vertical_alignment="center")
            hashes = ", ".join(f"{_ending(file)} {file.sha256[:8]}…" for file in files)
            name.markdown(f"**{called}**  \n:small[:gray[{HASH.format(files=hashes)}]]")
            with buttons.container(horizontal=True, horizontal_alignment="right"):
                for document in files:
                    _download(document)
    with st.popover(HASHES, type="tertiary", icon=":material/fingerprint:"):
        st.caption(HASHES_ABOUT)
        st.code("\n".join(f"{paper.sha256}  {Path(paper.path).name}" for paper in version.papers), language=None,
                wrap_lines=True)


def _download(document: Document) -> None:
    path = home() / document.path
    if not path.is_file():
        st.error(plain(GONE.format(name=path.name)))
        return
    st.download_button(_ending(document).upper(), path.read_bytes, path.name, icon=":material/download:",
                       on_click="ignore", key=f"paper_{document.id}")


def _ending(document: Document) -> str:
    return Path(document.path).suffix.lstrip(".")
