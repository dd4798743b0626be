"""The frame of all pages: who is signed in, which pages they may open. Served by `ui/server.py`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import streamlit as st

from models.errors import NotAllowed
from models.rights import Account, Act
from ui.views.healing import heal_when_broken
from ui.views.own_menu import own_menu
from ui.views.recording_alarm import RECORD_PAGE, recording_alarm
from ui.views.signed_in import account
from ui.views.told import told

NAME = "Đối Thoại"
MEETINGS, NEW_MEETING, MEETING, SEARCH = "Hội nghị", "Tạo hội nghị", "Hồ sơ hội nghị", "Tìm kiếm"
RECORD, CAPTIONS = "Ghi âm", "Phụ đề"
FOLLOW_UP = "Theo dõi lời hứa"
REVIEW = "Rà soát"
EDIT_MEETING = "Sửa thông tin hội nghị"
PUBLISHED = "Công bố"
ACCOUNTS = "Tài khoản"
HISTORY = "Lịch sử"
PICTURES = "Thống kê"
BACK = "Về trang đầu"

HERE = Path(__file__).parent
# Drawn here: an icon given by name or emoji would be fetched from the network.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path fill="#1d4f91" d="M3 4h19v13H11l-5 5v-5H3z"/>
<path fill="#e0912f" d="M25 11h4v14h-3v4l-4-4h-9v-4l2-1h10z"/></svg>"""

# Address, file, title, the right that opens it, and its icon where it stands in the navigation.
PAGES = (
    ("hoi-nghi", "meetings", MEETINGS, Act.SEE_DRAFTS, "groups"),
    ("theo-doi", "follow_up", FOLLOW_UP, Act.SEE_DRAFTS, "pending_actions"),
    ("thong-ke", "pictures", PICTURES, Act.SEE_DRAFTS, "bar_chart"),
    ("lich-su", "history_view", HISTORY, Act.HISTORY, "history"),
    ("tim-kiem", "search", SEARCH, Act.SEARCH, "search"),
    ("cong-bo", "published", PUBLISHED, Act.SEARCH, "public"),
    ("tai-khoan", "accounts_page", ACCOUNTS, Act.MANAGE, "manage_accounts"),
    ("tao-hoi-nghi", "new_meeting", NEW_MEETING, Act.RECORD, ""),
    ("sua-hoi-nghi", "edit_meeting", EDIT_MEETING, Act.RECORD, ""),
    ("ho-so", "meeting", MEETING, Act.SEE_DRAFTS, ""),
    ("ra-soat", "review", REVIEW, Act.EDIT, ""),
    (RECORD_PAGE, "record", RECORD, Act.RECORD, ""),
    ("phu-de", "captions", CAPTIONS, Act.SEE_DRAFTS, ""),
)
# The page for the projector shows nothing but words.
WITHOUT_MENU = "phu-de"
# Of the page that an account begins with; nobody ever sees it.
WITHOUT_ADDRESS = "bat-dau"


def main() -> None:
    st.set_page_config(page_title=NAME, page_icon=f"data:image/svg+xml,{quote(ICON)}", layout="wide")
    st.html(HERE / "style.css")
    heal_when_broken()
    who = account()
    page, needed = _chosen(who)
    if page.url_path != WITHOUT_MENU:
        own_menu(who)
    recording_alarm(who, _own_recording(page))
    with told():
        if not who.may(needed):
            st.page_link(f"views/{_start(who)[1]}.py", label=BACK, icon=":material/arrow_back:")
            raise NotAllowed(needed)
        page.run()


def _own_recording(page: st.Page) -> int:
    """The meeting whose recording page is open, 0 on every other page."""
    chosen = st.query_params.get("meeting", "")
    return int(chosen) if page.url_path == RECORD_PAGE and chosen.isdecimal() else 0


def _start(who: Account) -> tuple[str, str]:
    """Address and file of the page with which an account begins: the first of those it may open."""
    return next((address, file) for address, file, _, needed, icon in PAGES if icon and who.may(needed))


def _chosen(who: Account) -> tuple[st.Page, Act]:
    """The page that the address names, and the right it needs; those that `who` may not open are not offered."""
    start, first = _start(who)
    pages = [st.Page(f"views/{file}.py", title=title, url_path=address,
                     icon=f":material/{icon}:" if icon else None,
                     visibility="visible" if icon and who.may(needed) else "hidden")
             for address, file, title, needed, icon in PAGES]
    # What is shown without an address is a page apart: Streamlit gives its default page no address of its own, so one
    # that was sent on would not be found. Both are known by their title.
    title = next(title for address, _, title, _, _ in PAGES if address == start)
    pages.append(st.Page(f"views/{first}.py", title=title, url_path=WITHOUT_ADDRESS, default=True, visibility="hidden"))
    page = st.navigation(pages, position="top")
    return page, next(needed for _, _, title, needed, _ in PAGES if title == page.title)


if __name__ == "__main__":
    main()
