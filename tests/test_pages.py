"""The pages' own logic, without a browser: what is shown, what is refused, what is kept."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from models import jobs, store
from models.records import Meeting, Utterance
from models.transcripts import save_transcript
from ui import work
from ui.views import (
    chain_view,
    chosen,
    draft,
    meetings,
    new_meeting,
    questions_view,
    sound_import,
    transcript_view,
    watching,
)
from ui.views import meeting as meeting_page
from ui.views.wording import held, marked, plain

APP = Path(meetings.__file__).parents[1] / "app.py"


def opened(page: str = "", **address: str) -> AppTest:
    """The app as it stands after this page was opened."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    if page:
        app.switch_page(f"views/{page}.py")
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def fill(app: AppTest, **fields: object) -> AppTest:
    """Types into fields of the form by their keys."""
    for name, value in fields.items():
        fields_shown = (*app.text_input, *app.text_area, *app.checkbox)
        (field,) = [shown for shown in fields_shown if shown.key == f"form_{name}"]
        field.set_value(value)
    return app.run()


def texts(app: AppTest) -> str:
    shown = (*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return "\n".join(element.value for element in shown)


def test_an_empty_start_offers_both_ways_to_begin(home: Path) -> None:
    app = opened()
    assert not app.exception
    assert {meetings.NEW, meetings.SAMPLE} <= {button.label for button in app.button}
    assert meetings.WELCOME in texts(app)


def test_the_sample_meeting_opens_with_its_questions(home: Path, db: Database) -> None:
    app = press(opened(), meetings.SAMPLE)
    assert not app.exception and not app.error
    (kept,) = store.meetings(db)
    assert app.title[0].value == plain(kept.title)
    _, analysis = work.understood(db, kept.id or 0)
    assert len(analysis.questions) > 5
    for question in analysis.questions:
        assert f"**{questions_view.NUMBER.format(number=question.number)}**" in texts(app)
    assert meetings.QUESTIONS.format(count=len(analysis.questions)) in texts(opened())


def test_a_missing_field_is_named_and_nothing_typed_is_lost(home: Path, db: Database) -> None:
    app = fill(opened("new_meeting"), title="Đối thoại xã Tân Hòa", name_0="Lê Thị Hân")
    app = press(app, new_meeting.CREATE)
    for words in (draft.NEED_PLACE, draft.NEED_TOPIC, draft.NEED_OFFICE.format(row=1, name="Lê Thị Hân")):
        assert plain(words) in texts(app)
    assert plain(draft.NEED_TITLE) not in texts(app)
    assert not store.meetings(db)
    again = opened("new_meeting")  # another browser: the draft comes from the disk
    assert [field.value for field in again.text_input][:1] == ["Đối thoại xã Tân Hòa"]
    again = fill(again, place="Nhà văn hóa", office_0="Bí thư Đảng ủy", own="Nước sạch ở ấp 3",
                 glossary="ấp Suối  Cạn\n")
    assert not press(again, new_meeting.CREATE).exception
    (kept,) = store.meetings(db)
    assert (kept.title, kept.place, kept.date) == ("Đối thoại xã Tân Hòa", "Nhà văn hóa", date.today().isoformat())
    assert kept.glossary == ("ấp Suối Cạn",)
    assert [topic.name for topic in kept.topics] == ["Nước sạch ở ấp 3"]
    assert [(person.name, person.role) for person in kept.officials] == [("Lê Thị Hân", "chair")]
    assert opened("new_meeting").text_input[0].value == ""


def test_a_row_that_is_removed_takes_no_other_row_along(home: Path) -> None:
    app = fill(opened("new_meeting"), name_0="Một", name_1="Hai", name_2="Ba")
    next(button for button in app.button if button.key == "form_remove_1").click()
    app.run()
    assert [w.value for w in app.text_input if (w.key or "").startswith("form_name")] == ["Một", "Ba", ""]


@pytest.mark.parametrize(("field", "value", "words"), [
    ("title", "", draft.NEED_TITLE),
    ("title", " \n", draft.NEED_TITLE),
    ("date", "", draft.NEED_DATE),
    ("own", "nước sạch\nNước Sạch", draft.SAME_TOPIC.format(name="Nước Sạch")),
    ("people", [("", "Chủ tịch", "chair")], draft.NEED_NAME.format(row=1, title="Chủ tịch")),
    ("people", [("An", "A", "chair"), ("Bình", "B", "chair")], draft.TWO_CHAIRS.format(row=2)),
])
def test_what_is_missing_is_said_in_one_sentence(field: str, value: object, words: str) -> None:
    whole = draft.Draft("Tên", "2026-05-22", "Nơi", [], "nước sạch", [])
    assert not draft.missing(whole, ())
    assert list(draft.missing(draft.Draft(**vars(whole) | {field: value}), ()).values()) == [words]  # type: ignore[arg-type]


def test_an_address_without_a_meeting_is_told_in_words(home: Path) -> None:
    assert chosen.NO_MEETING in texts(opened("meeting"))
    for wrong in ("99", "abc"):
        app = opened("meeting", meeting=wrong)
        assert not app.exception and len(app.error) == 1


def test_hours_of_talk_open_fifty_lines_at_a_time(home: Path, db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    said = [Utterance(i * 6.0, i * 6.0 + 5, f"S{i % 9}", f"câu *số* {i} <b>") for i in range(1800)]
    save_transcript(db, kept.id or 0, None, "test", said)
    app = opened("meeting", meeting=str(kept.id), xem=meeting_page.WORDS)
    assert not app.exception
    assert texts(app).count("câu \\*số\\*") == transcript_view.PER_PAGE
    assert transcript_view.page_with(49) == 1 and transcript_view.page_with(50) == 2


def test_a_name_that_was_put_right_shows_what_was_heard(home: Path, db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, meeting)
    save_transcript(db, kept.id or 0, None, "test", [
        Utterance(0, 2, "S1", "Mời chị Hân.", "mời chị hân"),
        Utterance(2, 5, "S1", "Ở ấp Suối Cạn.", "ở ấp xuối cạn", flags=("corrected",))])
    shown = texts(opened("meeting", meeting=str(kept.id), xem=meeting_page.WORDS))
    assert "ở ấp xuối cạn" in shown and "mời chị hân" not in shown
    assert transcript_view.FLAGS["corrected"][1:] in shown


def test_a_failed_job_says_why_and_can_be_tried_again(
        home: Path, db: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr("ui.views.watching.ensure_running", lambda: started.append(True))
    kept = store.add_meeting(db, meeting)
    job = jobs.add_job(db, "process", kept.id or 0, source="a.wav", name="a_b.wav")
    jobs.report(db, job.id, jobs.FAILED, 0.1, "Tệp «a.wav» không có âm thanh nào.")
    app = opened("meeting", meeting=str(kept.id))
    assert "không có âm thanh nào" in app.error[0].value
    press(app, watching.TRY_AGAIN)
    latest = jobs.latest_job(db, kept.id or 0)
    assert latest and (latest.state, latest.options) == (jobs.WAITING, job.options)
    assert started


def test_an_upload_is_kept_whole_under_a_safe_name(home: Path) -> None:
    content = b"\x01\x02" * sound_import.PIECE
    path = sound_import._keep(BytesIO(content), "../../Ghi âm: 22\\5 <b>.m4a")
    assert path.parent == home / "incoming" and path.suffix == ".m4a"
    assert not set(path.name) & set('<>:"/\\|?* ')
    assert path.read_bytes() == content


def test_found_words_are_marked_and_nothing_else_becomes_html() -> None:
    assert marked("<b>Đường</b> & đường", "duong") == (
        "&lt;b&gt;<mark>Đường</mark>&lt;/b&gt; &amp; <mark>đường</mark>")
    assert marked("nước giếng, nuoc", "nước") == "<mark>nước</mark> giếng, nuoc"
    assert held("thu hồi đất, thứ hai", "thu hoi") == 2


def test_what_people_type_is_never_markup() -> None:
    assert plain("*a* [b](c) <d> $e$ :red[f] 1. g") == (
        r"\*a\* \[b\]\(c\) \<d\> \$e\$ \:red\[f\] 1\. g")


def test_the_chain_shows_for_every_question_what_its_decisions_rest_on(home: Path, db: Database) -> None:
    press(opened(), meetings.SAMPLE)
    (kept,) = store.meetings(db)
    _, analysis = work.understood(db, kept.id or 0)
    app = opened("meeting", meeting=str(kept.id), xem=meeting_page.CHAIN)
    assert not app.exception and not app.error
    shown = texts(app)
    for question in analysis.questions:
        assert f"**{chain_view.NUMBER.format(number=question.number)} · {chain_view.SAID}**" in shown
        for decision in ("question", "topic", "status"):
            assert plain(question.reasons[decision]) in shown
