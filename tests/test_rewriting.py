"""Summaries rewritten by a language model on this machine: true ones are kept and marked, others refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import history, store, transcripts
from models.errors import BadSetting, FrozenMinutes, NoLanguageModel, NotReplaceable
from models.local_model import FILE, LocalModel, is_here, read_local_model
from models.records import Meeting, MeetingState, Question, Utterance
from summarize.asking import ask
from summarize.rewriting import objection
from tests.test_pages import opened, texts
from ui import rewriting, work
from ui.errors import explain
from ui.views import rewriting_view

TEXT = ("Tôi là Võ Thị Sáu, ấp 2. Cống trước chợ Tân Hòa nghẹt đã 3 tháng, 20 hộ bị ngập mà chưa ai tới nạo vét, "
        "đề nghị xã trả lời trước ngày 30/6.")
SUMMARY = "Đề nghị: Cống trước chợ Tân Hòa nghẹt đã 3 tháng, 20 hộ bị ngập mà chưa ai tới nạo vét."
TRUE = ("20 hộ bị ngập vì cống trước chợ Tân Hòa nghẹt đã 3 tháng, chưa ai tới nạo vét.",
        "Bà con đề nghị xã cho nạo vét cống trước chợ Tân Hòa nghẹt đã 3 tháng, đến nay chưa ai tới.",
        "Hỏi vì sao cống trước chợ Tân Hòa nghẹt đã 3 tháng mà chưa ai tới nạo vét?")
FALSE = {
    "a number": "Cống trước chợ Tân Hòa nghẹt đã 5 tháng, chưa ai tới nạo vét.",
    "a number in words": "Cống trước chợ Tân Hòa nghẹt đã ba mươi tháng, chưa ai tới nạo vét.",
    "a number of something else": "Cống chợ nghẹt đã 20 tháng, 3 hộ bị ngập mà chưa ai tới nạo vét.",
    "a date": "Cống trước chợ Tân Hòa nghẹt đã 3 tháng, chưa ai tới nạo vét, hẹn ngày 15/7 sửa.",
    "a time": "Cống trước chợ Tân Hòa nghẹt đã 3 tháng, chưa ai tới nạo vét, tuần sau sẽ làm.",
    "a name": "Bà Nguyễn Thị Lan nói cống trước chợ nghẹt đã 3 tháng, chưa ai tới nạo vét.",
    "a name at the start": "Lan Anh phản ánh cống trước chợ nghẹt đã 3 tháng, chưa ai tới nạo vét.",
    "a name without capitals": "ông hùng đề nghị nạo vét cống trước chợ nghẹt đã 3 tháng, chưa ai tới.",
    "a place": "Cống trước chợ Bình Sơn nghẹt đã 3 tháng, chưa ai tới nạo vét.",
    "another hamlet": "Cống ấp 5 trước chợ nghẹt đã 3 tháng, chưa ai tới nạo vét.",
    "a lost negation": "Cống trước chợ Tân Hòa nghẹt đã 3 tháng, 20 hộ bị ngập, xã có tới nạo vét.",
    "a negation turned": "Cống trước chợ Tân Hòa nghẹt đã 3 tháng, ai tới nạo vét cũng chưa xong.",
    "an added negation": "Cống trước chợ Tân Hòa nghẹt đã 3 tháng, chưa ai tới nạo vét, xã không trả lời.",
    "nothing": "", "chatter": "Vâng, đây là bản tóm tắt mà tôi vừa hoàn thành cho quý vị tham khảo nhé.",
    "too much": "Cống trước chợ Tân Hòa nghẹt, chưa ai tới nạo vét, " * 9,
}


@pytest.mark.parametrize("made", TRUE)
def test_what_is_true_to_the_source_is_kept(made: str) -> None:
    assert objection(made, TEXT, SUMMARY) == ""


@pytest.mark.parametrize("made", FALSE.values(), ids=FALSE)
def test_what_is_not_is_refused(made: str) -> None:
    assert objection(made, TEXT, SUMMARY)


@pytest.mark.parametrize(("made", "text"), [
    ("Giá đất tăng.", "Giá đất giảm rồi."), ("Xã đồng ý làm cầu.", "Xã phản đối làm cầu."),
    ("Xã sẽ làm cầu.", "Xã đã làm cầu."), ("Được cấp sổ.", "Không được cấp sổ.")])
def test_the_opposite_is_refused(made: str, text: str) -> None:
    assert objection(made, text, text)


def test_a_question_at_the_end_negates_nothing() -> None:
    asked = "Cho hỏi xã có sửa cầu không ạ?"
    assert objection("Hỏi xã có sửa cầu hay không?", asked, "Hỏi: xã có sửa cầu không?") == ""


@pytest.mark.parametrize("address", [
    "http://192.168.1.5:11434/v1", "http://example.com/v1", "http://127.0.0.1.example.com/v1", "file:///etc/passwd",
    "http://127.0.0.1@example.com/v1", "http://localhost:99999999/v1", "//127.0.0.1/v1", "http://0.0.0.0/v1",
    "http://example.com#127.0.0.1", "http://127.0.0.1/v1?a=http://example.com"])
def test_no_other_machine_is_asked(address: str, home: Path) -> None:
    assert not is_here(address)
    _switch_on(home, address)
    with pytest.raises(BadSetting, match="not_here") as refused:
        read_local_model(home)
    assert "máy này" in explain(refused.value)
    with pytest.raises(NoLanguageModel, match="not_here"):
        ask(LocalModel(address, "m"), "", "")


def test_off_by_default_and_wrong_settings_are_named(home: Path) -> None:
    assert read_local_model(home) is None
    _switch_on(home, "http://localhost:11434/v1/")
    assert read_local_model(home) == LocalModel("http://localhost:11434/v1", "thử/1")
    for content, reason in (("a: [", "not_yaml"), ("x: 1", "unknown_key"),
                            ("address: http://localhost\nmodel: ''", "model"),
                            ("address: http://localhost\nmodel: m\ntimeout: 0", "timeout")):
        (home / FILE).write_text(content, encoding="utf-8")
        with pytest.raises(BadSetting, match=reason):
            read_local_model(home)


Reply = Callable[[str], str]


class Server(ThreadingHTTPServer):
    """A model that answers as it is told; `asked` holds what it was shown."""

    reply: Reply
    asked: list[str]
    status = 200
    raw: bytes | None = None
    hold: threading.Event | None = None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/chat/completions" and content["temperature"] == 0
        shown = content["messages"][-1]["content"]
        self.server.asked.append(shown)
        if self.server.hold:
            self.server.hold.wait(30)
        answer = self.server.raw or json.dumps(
            {"choices": [{"message": {"content": self.server.reply(shown)}}]}).encode()
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked, made.reply = [], honest
    threading.Thread(target=made.serve_forever, daemon=True).start()
    _switch_on(home, f"http://localhost:{made.server_port}/v1")
    yield made
    if made.hold:
        made.hold.set()
    made.shutdown()
    made.server_close()


def honest(shown: str) -> str:
    """Says the summary again without what stands before the colon, and thinks aloud as some models do."""
    summary = shown.split("Tóm tắt hiện có: ")[1]
    return f"<think>số 99?</think>\n\"{summary.split(': ', 1)[-1].capitalize() if ': ' in summary else summary}\""


def lying(shown: str) -> str:
    return shown.split("Tóm tắt hiện có: ")[1].rstrip(".") + " trong 45 ngày."


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    held = store.add_meeting(db, meeting)
    work.find_questions(db, transcripts.save_transcript(db, held.id or 0, None, "test", [
        Utterance(0, 3, "S1", "Tôi là Lê Thị Hân, chủ trì. Mời bà con."), Utterance(4, 9, "S2", TEXT),
        Utterance(10, 12, "S1", "Xã sẽ cho nạo vét cống trước ngày 30/6."),
        Utterance(13, 20, "S3", "Tôi là Phan Văn Kín. Tôi tố cáo ông Hồ Tham nhận tiền.")]))
    return held


def questions(db: Database, meeting: Meeting) -> tuple[Question, ...]:
    return work.understood(db, meeting.id or 0)[1].questions


def run(db: Database, home: Path, meeting: Meeting) -> rewriting.Outcome:
    return rewriting.rewrite(db, home, meeting.id or 0, lambda *_: None)


def test_an_honest_model_is_marked_by_name(server: Server, db: Database, home: Path, kept: Meeting) -> None:
    before = questions(db, kept)[0]
    assert run(db, home, kept).rewritten >= 1
    after = questions(db, kept)[0]
    assert after.summary != before.summary and "99" not in after.summary and ": " not in after.summary
    assert "«thử/1»" in after.reasons["summary"] and before.summary in after.reasons["summary"]
    assert (after.text, after.topic, after.status, after.answer.text) == (
        before.text, before.topic, before.status, before.answer.text)
    assert work.understood(db, kept.id or 0)[1].generator.endswith("+local/thử/1")
    assert not [shown for shown in server.asked if "Hồ Tham" in shown]
    run(db, home, kept)  # a second time begins with the speaker's own words, not with the model's
    assert questions(db, kept)[0].summary == after.summary
    assert before.summary in questions(db, kept)[0].reasons["summary"]


def test_a_lying_model_changes_nothing_and_the_reason_is_told(
        server: Server, db: Database, home: Path, kept: Meeting) -> None:
    server.reply = lying
    before = questions(db, kept)
    outcome = run(db, home, kept)
    after = questions(db, kept)
    assert outcome.rewritten == 0 and outcome.refused >= 1
    assert [q.summary for q in after] == [q.summary for q in before]
    assert "«45»" in after[0].reasons["summary"]


def test_a_persons_sentence_stays(server: Server, db: Database, home: Path, kept: Meeting) -> None:
    first = questions(db, kept)[0]
    history.revise(db, "question", first.id or 0, "summary", first.summary, "Cống chợ nghẹt.", "Tân", 0)
    run(db, home, kept)
    assert questions(db, kept)[0].summary == "Cống chợ nghẹt."


@pytest.mark.parametrize(("status", "raw", "reason"), [
    (404, b"no such model", "refused"), (302, b"", "refused"), (200, b"<html>", "unreadable"),
    (200, b'{"choices": []}', "unreadable"), (200, b'{"choices": [{"message": {"content": 5}}]}', "unreadable")])
def test_trouble_is_told_in_a_sentence_and_changes_nothing(
        status: int, raw: bytes, reason: str, server: Server, db: Database, home: Path, kept: Meeting) -> None:
    server.status, server.raw = status, raw
    before = questions(db, kept)
    with pytest.raises(NoLanguageModel, match=reason) as told:
        run(db, home, kept)
    assert questions(db, kept) == before
    assert explain(told.value).endswith(".")


def test_a_slow_or_absent_model_is_not_waited_for(server: Server, db: Database, home: Path, kept: Meeting) -> None:
    server.hold = threading.Event()
    _switch_on(home, f"http://127.0.0.1:{server.server_port}/v1", "timeout: 0.2")
    with pytest.raises(NoLanguageModel, match="slow"):
        run(db, home, kept)
    _switch_on(home, "http://127.0.0.1:9/v1")
    with pytest.raises(NoLanguageModel, match="unreachable"):
        run(db, home, kept)
    (home / FILE).unlink()
    with pytest.raises(NoLanguageModel, match="off"):
        run(db, home, kept)


def test_an_approved_meeting_keeps_its_words(server: Server, db: Database, home: Path, kept: Meeting) -> None:
    store.set_state(db, kept.id or 0, MeetingState.APPROVED)
    with pytest.raises(NotReplaceable, match="approved_summaries"):
        run(db, home, kept)
    assert not server.asked


def test_a_signed_meeting_is_neither_offered_nor_begun(server: Server, db: Database, home: Path, kept: Meeting) -> None:
    store.set_state(db, kept.id or 0, MeetingState.SIGNED)
    page = opened("meeting", meeting=str(kept.id), xem="Hỏi và đáp")
    assert not [button for button in page.button if button.key == "rewrite"]
    with pytest.raises(FrozenMinutes):
        run(db, home, kept)
    assert not server.asked


def test_a_proxy_in_the_surroundings_is_not_used(
        server: Server, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    model = read_local_model(home)
    assert model and ask(model, "", "Tóm tắt hiện có: Cống nghẹt.") == "Cống nghẹt."


def test_the_page_offers_it_only_where_it_is_switched_on(server: Server, home: Path, kept: Meeting) -> None:
    page = opened("meeting", meeting=str(kept.id), xem="Hỏi và đáp")
    page.button(key="rewrite").click().run()
    assert not page.exception and "viết lại" in texts(page)
    assert any(rewriting_view.DONE.split("{")[0] in str(box.value) for box in page.success)
    (home / FILE).unlink()
    page = opened("meeting", meeting=str(kept.id), xem="Hỏi và đáp")
    assert not [button for button in page.button if button.key == "rewrite"]


def _switch_on(home: Path, address: str, more: str = "") -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(f"address: {address!r}\nmodel: thử/1\n{more}\n", encoding="utf-8")
