"""The page «Rà soát»: an official puts the draft right, transcript and questions side by side, the sound at hand.

The page is drawn from the store and holds no text of its own: what is typed is kept at every pause,
saved as a step that can be undone, and shown beside the other text when somebody was faster.
"""

from __future__ import annotations

from html import escape

import streamlit as st
from sqlite_utils import Database

from models import store
from models.frozen import refuse_if_frozen
from models.records import Meeting
from models.rights import Act
from ui.views.chosen import chosen_meeting
from ui.views.review_bar import bar_view, conflicts_view, progress_view, replace_view
from ui.views.review_desk import Desk, read_desk, tell_outcome
from ui.views.review_lines import hear_on_arrival, lines_view
from ui.views.review_question import question_view
from ui.views.review_remarks import lost_view
from ui.views.signed_in import require
from ui.views.told import told

TITLE = "Rà soát: {title}"
BACK = "Về hồ sơ hội nghị"
NOTHING = "Hội nghị này chưa có lời nói hoặc câu hỏi để rà soát."


def show() -> None:
    with store.open_store() as db:
        meeting = chosen_meeting(db)
    if meeting is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="review_head"):
        st.html(f'<h1 class="dt-review-title">{escape(TITLE.format(title=meeting.title))}</h1>', width="stretch")
        st.page_link("views/meeting.py", label=BACK, icon=":material/arrow_back:",
                     query_params={"meeting": str(meeting.id)})
    _desk(meeting)


@st.fragment
def _desk(meeting: Meeting) -> None:
    with told(), store.open_store() as db:
        refuse_if_frozen(db, meeting.id or 0)
        desk = read_desk(db, meeting, require(Act.EDIT))
        if desk is None:
            st.info(NOTHING)
            return
        _draw(db, desk)


def _draw(db: Database, desk: Desk) -> None:
    hear_on_arrival(desk)
    progress_view(desk)
    with st.container(key="review_bar", gap="small"):
        bar_view(db, desk)
    tell_outcome()
    conflicts_view(desk)
    lost_view(desk)
    replace_view(desk)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        lines_view(db, desk)
    with right:
        question_view(db, desk)


if __name__ == "__main__":
    show()
