"""The pages in the browser. Started by `doithoai app`; nothing that matters is kept in memory."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import streamlit as st

from ui.views.told import told

NAME = "Đối Thoại"
MEETINGS, NEW_MEETING, MEETING, SEARCH = "Hội nghị", "Tạo hội nghị", "Hồ sơ hội nghị", "Tìm kiếm"

HERE = Path(__file__).parent
# Drawn here: an icon given by name or emoji would be fetched from the network.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path fill="#1d4f91" d="M3 4h19v13H11l-5 5v-5H3z"/>
<path fill="#e0912f" d="M25 11h4v14h-3v4l-4-4h-9v-4l2-1h10z"/></svg>"""


def main() -> None:
    st.set_page_config(page_title=NAME, page_icon=f"data:image/svg+xml,{quote(ICON)}", layout="wide")
    st.html(HERE / "style.css")
    page = st.navigation([
        st.Page("views/meetings.py", title=MEETINGS, icon=":material/groups:", url_path="hoi-nghi", default=True),
        st.Page("views/search.py", title=SEARCH, icon=":material/search:", url_path="tim-kiem"),
        st.Page("views/new_meeting.py", title=NEW_MEETING, url_path="tao-hoi-nghi", visibility="hidden"),
        st.Page("views/meeting.py", title=MEETING, url_path="ho-so", visibility="hidden"),
    ], position="top")
    with told():
        page.run()


if __name__ == "__main__":
    main()
