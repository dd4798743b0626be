"""The menu at the top right of every page: who is signed in, their password, and signing out."""

from __future__ import annotations

import streamlit as st

from models import accounts, store
from models.passwords import LEAST
from models.rights import Account
from ui.views.signed_in import account, sign_out
from ui.views.told import told
from ui.views.wording import plain

CHANGE, SIGN_OUT = "Đổi mật khẩu", "Đăng xuất"
WITH = "Đăng nhập với tên: {login}"
OLD, NEW, AGAIN = "Mật khẩu đang dùng", "Mật khẩu mới", "Gõ lại mật khẩu mới"
HELP = "Ít nhất {least} ký tự. Sau khi đổi, hãy đăng nhập lại bằng mật khẩu mới."
SAVE = "Đổi mật khẩu"
WRONG = "Mật khẩu đang dùng không đúng; hãy gõ lại."
DIFFERENT = "Hai lần gõ mật khẩu mới không giống nhau; hãy gõ lại."


def own_menu(who: Account) -> None:
    with st.container(key="own_menu"), st.popover(plain(who.name), icon=":material/account_circle:", type="tertiary"):
        st.caption(WITH.format(login=plain(who.login)))
        if st.button(CHANGE, icon=":material/key:", key="own_password", width="stretch"):
            _change()
        if st.button(SIGN_OUT, icon=":material/logout:", key="own_sign_out", width="stretch"):
            sign_out()


@st.dialog(CHANGE)
def _change() -> None:
    with told(), st.form("own_password_form", border=False):
        who = account()
        old = st.text_input(OLD, type="password", autocomplete="current-password")
        new = st.text_input(NEW, type="password", autocomplete="new-password", help=HELP.format(least=LEAST))
        again = st.text_input(AGAIN, type="password", autocomplete="new-password")
        st.caption(HELP.format(least=LEAST))
        if not st.form_submit_button(SAVE, type="primary"):
            return
        if new != again:
            st.error(DIFFERENT)
            return
        with store.open_store() as db:
            is_own = accounts.is_password_of(db, who.id or 0, old)
            if is_own:
                accounts.set_password(db, who.id or 0, new, who.name)
        if is_own:
            sign_out()
        st.error(WRONG)
