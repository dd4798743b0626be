"""The meeting that a page's address names."""

from __future__ import annotations

import streamlit as st
from sqlite_utils import Database

from models import store
from models.errors import NotFound
from models.records import Meeting

NO_MEETING = "Chưa chọn hội nghị nào; hãy mở một hội nghị trong danh sách."


def chosen_meeting(db: Database) -> Meeting | None:
    """The meeting, or None after saying that none was chosen. Raises NotFound when there is none of its number."""
    number = st.query_params.get("meeting", "")
    if not number:
        st.info(NO_MEETING)
        return None
    if not number.isdecimal():
        raise NotFound("meetings", number)
    return store.meeting(db, int(number))
