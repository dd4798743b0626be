"""A meeting's own data put right after it was created: warned of what is found anew, refused once signed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import approval, history, remarks, review, store
from models.errors import FrozenMinutes, StaleEdit
from models.planning import change_meeting
from models.records import Topic
from models.review import Edit
from tests import standing
from tests.test_approval import HAN, TAN, kept, signed, ticked
from tests.test_browser import HOSTILE
from tests.test_pages import opened, press, texts
from ui.errors import FROZEN
from ui.views import edit_meeting, history_view
from ui.views import meeting as meeting_page
from ui.views.wording import plain

__all__ = ["kept", "signed", "ticked"]  # fixtures of the models' tests


def page(meeting: int) -> AppTest:
    app = opened("edit_meeting", meeting=str(meeting))
    assert not app.exception
    return app


def fill(app: AppTest, **fields: str) -> AppTest:
    for name, value in fields.items():
        (field,) = [shown for shown in (*app.text_input, *app.text_area) if shown.key == f"edit_{name}"]
        field.set_value(value)
    app.run()
    assert not app.exception
    return app


def test_what_was_typed_in_is_changed_and_stands_in_the_history(db: Database, kept: int) -> None:
    app = fill(page(kept), title=HOSTILE, place="Nhà văn hóa ấp 3", glossary="ấp Suối  Cạn")
    assert plain(edit_meeting.WARNING) not in texts(app) and edit_meeting.GLOSSARY_ONLY in texts(app)
    questions = standing.analysis(db, kept).questions
    press(app, edit_meeting.SAVE)
    held = store.meeting(db, kept)
    assert (held.title, held.place, held.glossary) == (HOSTILE, "Nhà văn hóa ấp 3", ("ấp Suối Cạn",))
    assert standing.analysis(db, kept).questions == questions  # nothing of it rests on these
    assert plain(HOSTILE) in texts(opened("meeting", meeting=str(kept)))
    shown = "".join(str(part.proto.body) for part in opened("history_view").get("html"))
    assert history_view.MEETING_FIELDS["title"] in shown and "&lt;img src=x" in shown
    assert not history.broken_links(db)


def test_other_topics_sort_the_questions_anew_and_edits_stay(db: Database, kept: int) -> None:
    first = standing.analysis(db, kept).questions[0]
    review.change(db, kept, TAN.name, [Edit("question", first.id or 0, "agency", "", "Phòng Kinh tế", 0)])
    remarks.add(db, kept, "question", first.id or 0, "Hỏi lại", TAN.name)
    app = fill(page(kept), topic_0="Cầu, đường giao thông")
    assert edit_meeting.WARNING in [box.value for box in app.warning]
    press(app, edit_meeting.SAVE)
    names = {topic.id: topic.name for topic in store.meeting(db, kept).topics}
    assert names["T1"] == "Cầu, đường giao thông"  # a renamed topic stays the same
    changed = next(q for q in standing.analysis(db, kept).questions if q.answer.agency == "Phòng Kinh tế")
    assert changed.id != first.id
    (told,) = remarks.remarks(db, kept)
    assert told.record_id == changed.id


def test_rows_are_added_and_removed(db: Database, kept: int) -> None:
    before = store.meeting(db, kept)
    app = page(kept)
    next(button for button in app.button if button.key == f"add_{edit_meeting.TOPIC_ROWS}").click().run()
    added = max(int(field.key.rpartition("_")[2]) for field in app.text_input
                if (field.key or "").startswith("edit_topic_"))
    app = fill(app, **{f"topic_{added}": "Nước sạch", f"about_{added}": "giếng khoan"})
    next(button for button in app.button if button.key == "edit_drop_topic_0").click().run()
    press(app, edit_meeting.SAVE)
    assert store.meeting(db, kept).topics == (*before.topics[1:], Topic("own1", "Nước sạch", "giếng khoan"))


def test_what_is_missing_is_told_and_nothing_saved(db: Database, kept: int) -> None:
    before = store.meeting(db, kept)
    app = press(fill(page(kept), title=" ", place="Nơi khác"), edit_meeting.SAVE)
    assert edit_meeting.MISSING in texts(app) and store.meeting(db, kept) == before


def test_somebody_elses_change_is_not_overwritten(db: Database, kept: int) -> None:
    seen = store.meeting(db, kept)
    change_meeting(db, seen, replace(seen, place="Hội trường"), HAN.name)
    with pytest.raises(StaleEdit):
        change_meeting(db, seen, replace(seen, place="Sân đình"), TAN.name)
    assert store.meeting(db, kept).place == "Hội trường"


def test_signed_minutes_keep_their_meeting(db: Database, signed: int) -> None:
    seen = store.meeting(db, signed)
    with pytest.raises(FrozenMinutes):
        change_meeting(db, seen, replace(seen, date="2026-01-01"), TAN.name)
    assert FROZEN["signed"] in [box.value.replace("\\", "") for box in page(signed).error]
    links = [link.proto.label for link in opened("meeting", meeting=str(signed)).get("page_link")]
    assert links and meeting_page.EDIT not in links


def test_what_is_signed_is_what_was_seen(db: Database, ticked: int) -> None:
    seen = approval.standing(db, ticked)
    held = store.meeting(db, ticked)
    change_meeting(db, held, replace(held, date="2026-01-01"), HAN.name)
    assert approval.standing(db, ticked).mark != seen.mark
