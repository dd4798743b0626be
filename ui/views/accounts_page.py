"""The page «Tài khoản»: the administrator adds accounts, gives roles, sets passwords, and turns accounts off."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from models import accounts, store
from models.passwords import LEAST
from models.rights import Account, Act, Role
from ui.labels import ACCOUNT_ROLES
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import plain

TITLE = "Tài khoản"
ABOUT = ("Mỗi người dùng một tài khoản riêng, vì mọi chỗ sửa và lần duyệt đều ghi tên người làm. Ai nghỉ việc thì tắt "
         "tài khoản, không xóa, để lịch sử còn nguyên.")
ADD, EDIT, PASSWORD, OFF, ON = "Thêm tài khoản", "Sửa", "Đặt lại mật khẩu", "Tắt tài khoản", "Bật lại"
MEANS = {Role.SECRETARY: "Ghi âm, sửa bản ghi, trình biên bản, công bố sau khi duyệt.",
         Role.OFFICIAL: "Xem và sửa dự thảo, duyệt biên bản, ghi câu trả lời.",
         Role.READER: "Chỉ tìm và đọc kết quả đã công bố, thông tin riêng đã che.",
         Role.ADMINISTRATOR: "Quản lý tài khoản, đọc kết quả đã công bố; riêng vai trò này không xem được dự thảo."}
NAME, LOGIN, NEW_PASSWORD, AGAIN = "Họ và tên", "Tên đăng nhập", "Mật khẩu ban đầu", "Gõ lại mật khẩu"
NAME_HELP = "Tên này đứng trong lịch sử sửa và duyệt."
LOGIN_HELP = "Chữ không dấu, viết liền, ví dụ: han.le"
PASSWORD_HELP = "Ít nhất {least} ký tự; hãy đưa tận tay và dặn người dùng đổi ngay."
EMAIL, EMAIL_HELP = "Thư điện tử (nếu đăng nhập qua tài khoản cơ quan)", "Chỉ cần khi cơ quan có đăng nhập chung."
ROLE = "Vai trò"
DENUNCIATIONS = "Được xem nội dung tố cáo"
DENUNCIATIONS_WHY = ("Luật Tố cáo yêu cầu giữ bí mật người tố cáo. Chỉ chọn người được phân công tiếp nhận, xử lý tố "
                     "cáo; việc chọn được ghi vào lịch sử.")
SEES, IS_OFF, YOU = "Xem được tố cáo", "Đã tắt", "Bạn"
OFF_SURE = "Tắt tài khoản của **{name}**? Người này bị đăng xuất ngay và không đăng nhập được nữa."
SAVE, SAVED = "Lưu", "Đã lưu."
DIFFERENT = "Hai lần gõ mật khẩu không giống nhau; hãy gõ lại."
SIGNED_OUT = "Đổi vai trò thì người ấy phải đăng nhập lại."


def show() -> None:
    me = require(Act.MANAGE)
    head, add = st.columns([3, 1], vertical_alignment="center")
    head.title(TITLE, anchor=False)
    if add.button(ADD, type="primary", icon=":material/person_add:", width="stretch", key="account_add"):
        _add()
    st.caption(ABOUT)
    with store.open_store() as db:
        found = accounts.accounts(db)
    for one in found:
        with st.container(border=True):
            _row(one, me)


def _row(one: Account, me: Account) -> None:
    who, doing = st.columns([3, 2], vertical_alignment="center")
    with who, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(one.name)}**  \n:gray[{plain(one.login)}]", width="content")
        for role in sorted(one.roles, key=list(Role).index):
            st.badge(ACCOUNT_ROLES[role], color="blue")
        for words, is_so, colour in ((SEES, one.sees_denunciations, "orange"), (IS_OFF, one.is_disabled, "red"),
                                     (YOU, one.id == me.id, "gray")):
            if is_so:
                st.badge(words, color=colour)  # type: ignore[arg-type]
    with doing, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if one.is_disabled:
            if st.button(ON, key=f"account_on_{one.id}", icon=":material/person_check:"):
                _keep(replace(one, is_disabled=False))
            return
        if st.button(EDIT, key=f"account_edit_{one.id}", icon=":material/edit:"):
            _edit(one)
        if st.button(PASSWORD, key=f"account_password_{one.id}", icon=":material/key:"):
            _password(one)
        if st.button(OFF, key=f"account_off_{one.id}", icon=":material/person_off:"):
            _off(one)


@st.dialog(ADD, width="medium")
def _add() -> None:
    with told(), st.form("account_new", border=False):
        me = require(Act.MANAGE)
        typed = _fields(Account("", "", frozenset()))
        if (password := _new_password()) is not None:
            with store.open_store() as db:
                accounts.create(db, typed, password, me.name)
            _done()


@st.dialog(EDIT, width="medium")
def _edit(one: Account) -> None:
    with told(), st.form("account_edit", border=False):
        typed = _fields(one)
        st.caption(SIGNED_OUT)
        if st.form_submit_button(SAVE, type="primary"):
            _keep(typed)


def _fields(one: Account) -> Account:
    """The fields of an account, and what stands in them now."""
    first, second = st.columns(2)
    name = first.text_input(NAME, one.name, help=NAME_HELP)
    login = second.text_input(LOGIN, one.login, help=LOGIN_HELP)
    st.markdown(f"**{ROLE}**")
    roles = frozenset(role for role in Role if st.checkbox(
        f"**{ACCOUNT_ROLES[role]}.** {MEANS[role]}", role in one.roles, key=f"account_role_{role}_{one.id}"))
    sees = st.checkbox(f"**{DENUNCIATIONS}.** {DENUNCIATIONS_WHY}", one.sees_denunciations,
                       key=f"account_sees_{one.id}")
    email = st.text_input(EMAIL, one.email, help=EMAIL_HELP)
    return replace(one, name=name, login=login, roles=roles, sees_denunciations=sees, email=email)


@st.dialog(PASSWORD)
def _password(one: Account) -> None:
    with told(), st.form("account_password", border=False):
        me = require(Act.MANAGE)
        st.markdown(f"**{plain(one.name)}**")
        if (password := _new_password()) is not None:
            with store.open_store() as db:
                accounts.set_password(db, one.id or 0, password, me.name)
            _done()


def _new_password() -> str | None:
    """Two fields for a password and the button that saves; the password when it was typed twice alike."""
    first, second = st.columns(2)
    password = first.text_input(NEW_PASSWORD, type="password", autocomplete="new-password")
    again = second.text_input(AGAIN, type="password", autocomplete="new-password")
    st.caption(PASSWORD_HELP.format(least=LEAST))
    if not st.form_submit_button(SAVE, type="primary"):
        return None
    if password != again:
        st.error(DIFFERENT)
        return None
    return password


@st.dialog(OFF)
def _off(one: Account) -> None:
    with told():
        st.markdown(OFF_SURE.format(name=plain(one.name)))
        if st.button(OFF, type="primary", icon=":material/person_off:", key="account_off_sure"):
            _keep(replace(one, is_disabled=True))


def _keep(changed: Account) -> None:
    me = require(Act.MANAGE)
    with store.open_store() as db:
        accounts.change(db, changed, me.name)
    _done()


def _done() -> None:
    st.toast(SAVED, icon=":material/check:")
    st.rerun()


if __name__ == "__main__":
    show()
