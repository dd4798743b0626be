"""From draft to official minutes: each step by who may take it, nothing frozen changed, every change found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from sqlite_utils import Database

from models import accounts, approval, backup, enrolled, history, proposals, review, speaking, store, transcripts
from models.approval import Kind, Standing
from models.backup import Problem
from models.errors import DoiThoaiError, FrozenMinutes, NotApprovable, StaleEdit
from models.folding import fold
from models.records import Analysis, Meeting, MeetingState, PersonalData, Place, Question, Recording, Span, Status
from models.records import Utterance as Said
from models.review import Edit
from models.rights import Account, Role
from models.snapshot import snapshot
from summarize.heads import DRAFT
from tests import standing
from tests.conftest import PASSWORD, run
from ui import approval_slip, final, freezing, pdf, recording, work
from ui.errors import PROBLEM, explain
from ui.work import Engine

TIP = "Tôi là Trần Văn Kín, tố cáo ông Hồ Tham nhận tiền."
LINES = ("Xin mời bà con.", "Tôi hỏi cầu ván qua rạch Sậy bao giờ sửa? Gọi 0912 345 678.", "Năm sau sẽ sửa cầu.", TIP,
         "Mời anh Kín gặp riêng.", "Xin hết.")
PHONE = LINES[1].index("0912")


def account(name: str, *roles: Role) -> Account:
    return Account(fold(name).replace(" ", "."), name, frozenset(roles))


TAN, HAN = account("Huỳnh Tân", Role.SECRETARY), account("Đỗ Minh Hân", Role.OFFICIAL)
BINH = account("Phan Văn Bình", Role.OFFICIAL)
READER, ADMIN = account("Bạn đọc", Role.READER), account("Quản trị", Role.ADMINISTRATOR)


@pytest.fixture
def kept(db: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> int:
    """A meeting with two questions, one of them a denunciation, nothing looked through. No PDF, for speed."""
    monkeypatch.setattr(pdf, "office", lambda: None)
    monkeypatch.setattr(work, "embedder_if_installed", lambda: None)
    held = store.add_meeting(db, meeting).id or 0
    said = transcripts.save_transcript(db, held, None, "test", [
        Said(i * 10.0, i * 10 + 8.0, f"S{i % 2 + 1}", text) for i, text in enumerate(LINES)])
    transcripts.save_analysis(db, said, Analysis((
        Question(1, (Span(1, 0, len(LINES[1])),), LINES[1], "Cầu ván qua rạch Sậy", "T1", 0.5, Status.WRITTEN,
                 asker="Lực", personal_data=(PersonalData(1, PHONE, PHONE + 12, "phone"),), flags=("private",)),
        Question(2, (Span(3, 0, len(TIP)),), TIP, TIP, None, 0.1, Status.UNANSWERED, asker="Trần Văn Kín",
                 flags=("denunciation", "private"))),
        (Place.OPENING, Place.QUESTION, Place.ANSWER, Place.QUESTION, Place.OTHER, Place.CLOSING), "test"))
    store.set_state(db, held, MeetingState.TRANSCRIBED)
    return held


def tick(db: Database, meeting: int, by: str = TAN.name) -> None:
    """Everything that is not looked through yet."""
    for question in standing.analysis(db, meeting).questions:
        if not question.reviewed:
            review.mark_reviewed(db, meeting, by, question.id or 0, True, history.last_id(db))


def put_out(db: Database, home: Path, meeting: int) -> None:
    """Looks a meeting through and publishes it; no papers are made, for speed."""
    tick(db, meeting)
    held, said = store.meeting(db, meeting), standing.transcript(db, meeting).utterances
    public = json.dumps(freezing.public_record(held, said, standing.analysis(db, meeting)))
    made = approval.Made(snapshot(db, meeting), public, {})
    approval.sign_off(db, home, approval.standing(db, meeting), TAN, made)
    approval.approve(db, home, approval.standing(db, meeting), HAN)
    approval.publish(db, home, approval.standing(db, meeting), TAN)


@pytest.fixture
def ticked(db: Database, kept: int) -> int:
    tick(db, kept)
    return kept


@pytest.fixture
def signed(db: Database, home: Path, ticked: int) -> int:
    freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    return ticked


@pytest.fixture
def approved(db: Database, home: Path, signed: int) -> int:
    approval.approve(db, home, approval.standing(db, signed), HAN)
    return signed


@pytest.fixture
def published(db: Database, home: Path, approved: int) -> int:
    approval.publish(db, home, approval.standing(db, approved), TAN)
    return approved


def _edit(db: Database, meeting: int, field: str, before: str, after: str, by: str = TAN.name) -> None:
    key = standing.analysis(db, meeting).questions[0].id or 0
    version = history.versions(db, "question", [key]).get((key, field), 0)
    review.change(db, meeting, by, [Edit("question", key, field, before, after, version)])


def _state(db: Database, meeting: int) -> MeetingState:
    return approval.standing(db, meeting).state


def _problems(home: Path) -> list[Problem]:
    return list(backup.check(home).problems)


def _text(path: Path) -> str:
    paper = docx.Document(str(path))
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def test_the_whole_life_with_who_and_when(db: Database, home: Path, published: int) -> None:
    steps = approval.standing(db, published).steps
    assert [(step.kind, step.by, step.version) for step in steps] == [
        (Kind.BEGUN, TAN.name, 1), (Kind.SIGNED, TAN.name, 1), (Kind.APPROVED, HAN.name, 1),
        (Kind.PUBLISHED, TAN.name, 1)]
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert _state(db, published) is MeetingState.PUBLISHED
    assert not history.broken_links(db) and not _problems(home)


def test_the_first_tick_or_edit_begins_the_review(db: Database, kept: int) -> None:
    assert _state(db, kept) is MeetingState.TRANSCRIBED
    _edit(db, kept, "agency", "", "UBND xã")
    assert _state(db, kept) is MeetingState.IN_REVIEW
    step = review.last_step(db, kept, TAN.name)
    assert step
    review.undo(db, step)
    assert _state(db, kept) is MeetingState.IN_REVIEW
    assert len(approval.standing(db, kept).steps) == 1


def test_nobody_signs_before_every_question_was_looked_through(db: Database, home: Path, kept: int) -> None:
    first = standing.analysis(db, kept).questions[0].id or 0
    review.mark_reviewed(db, kept, TAN.name, first, True, history.last_id(db))
    with pytest.raises(NotApprovable) as refused:
        freezing.sign_off(db, home, approval.standing(db, kept), TAN)
    assert explain(refused.value).startswith("Còn 1 câu chưa rà soát")
    assert not list((home / "meetings").rglob("v1")) and _state(db, kept) is MeetingState.IN_REVIEW


@pytest.mark.parametrize("who", [READER, ADMIN, HAN], ids=lambda who: who.name)
def test_only_a_secretary_signs(db: Database, home: Path, ticked: int, who: Account) -> None:
    with pytest.raises(NotApprovable, match="right"):
        freezing.sign_off(db, home, approval.standing(db, ticked), who)


@pytest.mark.parametrize("who", [READER, ADMIN, TAN], ids=lambda who: who.name)
def test_only_an_official_approves(db: Database, home: Path, signed: int, who: Account) -> None:
    with pytest.raises(NotApprovable, match="right"):
        approval.approve(db, home, approval.standing(db, signed), who)
    assert _state(db, signed) is MeetingState.SIGNED


BOTH = account("Huỳnh Tân", Role.SECRETARY, Role.OFFICIAL)
INSTEAD = "thay đ/c Lê Thị Hân đi công tác, giấy ủy quyền số 12"


def test_who_signed_approves_only_for_somebody_else_and_it_is_recorded_and_printed(
        db: Database, home: Path, signed: int) -> None:
    for nothing in ("", "  \n"):
        with pytest.raises(NotApprovable, match="same_person"):
            freezing.approve(db, home, approval.standing(db, signed), BOTH, nothing)
    freezing.approve(db, home, approval.standing(db, signed), BOTH, INSTEAD)
    step = approval.standing(db, signed).last(Kind.APPROVED)
    assert step and (step.by, step.instead_of) == (BOTH.name, INSTEAD)
    said = history.latest(db, "approval", signed, "instead_of")
    assert said and (said.by, said.after) == (BOTH.name, INSTEAD)
    printed = _text(home / "meetings" / str(signed) / "papers" / "v1" / approval_slip.FILE)
    assert INSTEAD in printed and printed.count(BOTH.name) == 2
    assert not _problems(home)


def test_a_new_name_makes_nobody_another_person(db: Database, home: Path, ticked: int) -> None:
    one = accounts.create_first(db, BOTH, PASSWORD)
    freezing.sign_off(db, home, approval.standing(db, ticked), one)
    renamed = accounts.change(db, replace(one, name="Huỳnh Tân (Chủ tịch)"), "Hân")
    with pytest.raises(NotApprovable, match="same_person"):
        freezing.approve(db, home, approval.standing(db, ticked), renamed)


def test_the_slip_names_every_paper_and_how_far_the_history_went_and_is_watched_too(
        db: Database, home: Path, signed: int) -> None:
    number, end = history.end(db)
    freezing.approve(db, home, approval.standing(db, signed), HAN)
    path = home / "meetings" / str(signed) / "papers" / "v1" / approval_slip.FILE
    slip = docx.Document(str(path))
    rows = {row.cells[0].text: row.cells[1].text for row in slip.tables[0].rows}
    papers = {Path(paper.path).name: paper.sha256 for paper in approval.versions(db, signed)[0].papers}
    assert papers.pop(approval_slip.FILE) == work.sha256_of(path)
    assert {name: rows[name] for name in papers} == papers and len(rows) == len(papers) + 1
    assert f"{number} dòng" in _text(path) and end in _text(path) and "Duyệt thay" not in _text(path)
    assert not _problems(home)
    path.write_bytes(b"other")
    assert _problems(home) == [Problem("changed", path.relative_to(home).as_posix())]
    with db.conn:
        db.execute("update documents set sha256 = ? where path like '%phieu-duyet.docx'", [work.sha256_of(path)])
    assert _problems(home) == [Problem("approval", f"{signed}, bản 1")]
    with pytest.raises(NotApprovable, match="changed"):
        approval.publish(db, home, approval.standing(db, signed), TAN)


def test_nothing_is_published_before_it_is_approved_nor_by_whoever_may_not(
        db: Database, home: Path, signed: int) -> None:
    with pytest.raises(NotApprovable, match="unapproved"):
        approval.publish(db, home, approval.standing(db, signed), TAN)
    approval.approve(db, home, approval.standing(db, signed), HAN)
    with pytest.raises(NotApprovable, match="right"):
        approval.publish(db, home, approval.standing(db, signed), HAN)
    assert not approval.published_heads(db) and approval.published(db, signed) is None


def test_each_step_is_taken_once(db: Database, home: Path, signed: int) -> None:
    seen = approval.standing(db, signed)
    with pytest.raises(NotApprovable, match="already_signed"):
        freezing.sign_off(db, home, seen, TAN)
    approval.approve(db, home, seen, HAN)
    for again in (seen, approval.standing(db, signed)):  # a page that is open since, and one opened now
        with pytest.raises(NotApprovable) as refused:
            approval.approve(db, home, again, BINH)
        assert explain(refused.value) == f"Biên bản đã được {HAN.name} duyệt rồi; không cần duyệt lần nữa."
    approval.publish(db, home, approval.standing(db, signed), TAN)
    with pytest.raises(NotApprovable, match="already_published"):
        approval.publish(db, home, approval.standing(db, signed), TAN)
    assert [step.kind for step in approval.standing(db, signed).steps].count(Kind.APPROVED) == 1


def test_nobody_signs_or_approves_what_they_have_not_seen(db: Database, home: Path, ticked: int) -> None:
    seen = approval.standing(db, ticked)
    _edit(db, ticked, "agency", "", "UBND xã", HAN.name)
    tick(db, ticked)
    with pytest.raises(NotApprovable, match="stale"):
        freezing.sign_off(db, home, seen, TAN)
    freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    seen = approval.standing(db, ticked)
    approval.send_back(db, seen, TAN, "Sót một chỗ")
    with pytest.raises(NotApprovable, match="stale"):
        approval.approve(db, home, seen, HAN)
    freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    with pytest.raises(NotApprovable, match="stale"):  # the same state again, but other papers
        approval.approve(db, home, seen, HAN)
    assert _state(db, ticked) is MeetingState.SIGNED


def test_an_edit_while_the_papers_are_made_is_not_signed(
        db: Database, home: Path, ticked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    written = freezing._written

    def slowly(*args: object) -> object:
        made = written(*args)  # type: ignore[arg-type]
        _edit(db, ticked, "agency", "", "UBND xã", HAN.name)
        return made

    monkeypatch.setattr(freezing, "_written", slowly)
    with pytest.raises(NotApprovable, match="stale"):
        freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    assert not list((home / "meetings").rglob("*.docx"))


def test_papers_and_what_they_were_made_from_are_kept_with_their_sha256(
        db: Database, home: Path, approved: int) -> None:
    (version,) = approval.versions(db, approved)
    names = {Path(paper.path).name for paper in version.papers}
    assert {"bien-ban.docx", "bien-ban-dang.docx", "bang-tong-hop.xlsx", "ban-cong-bo.docx", "cong-van-tra-loi.docx",
            "loi-noi.txt", "cau-hoi.json"} <= names
    assert "cong-van-kien-nghi.docx" not in names and not any(name.startswith("theo-doi") for name in names)
    for paper in version.papers:
        path = home / paper.path
        assert path.parent == home / "meetings" / str(approved) / "papers" / "v1"
        assert paper.sha256 == work.sha256_of(path)
    assert DRAFT not in _text(home / "meetings" / str(approved) / "papers" / "v1" / "bien-ban.docx")
    (row,) = db["snapshots"].rows
    assert row["content"] == snapshot(db, approved)
    assert [line["text"] for line in json.loads(row["content"])["utterances"]] == list(LINES)


def test_no_signed_paper_holds_the_denunciation_and_the_public_part_no_private_data(
        db: Database, home: Path, published: int) -> None:
    for path in (home / "meetings").rglob("*"):
        if path.is_file():
            text = _text(path) if path.suffix == ".docx" else path.read_bytes().decode(errors="ignore")
            assert not any(words in text for words in ("Văn Kín", "anh Kín", "Hồ Tham", "nhận tiền")), path.name
    public = approval.published(db, published)
    assert public and [head.id for head in approval.published_heads(db)] == [published]
    assert public["withheld"].startswith("Có 01 nội dung") and len(public["questions"]) == 1
    shown = json.dumps(public, ensure_ascii=False)
    assert not any(words in shown for words in ("0912", "Kín", "Tham", "nhận tiền"))
    assert "rạch Sậy" in shown


def _try_line(db: Database, home: Path, meeting: int) -> None:
    said = standing.transcript(db, meeting).utterances[0]
    review.change(db, meeting, TAN.name, [Edit("utterance", said.id or 0, "text", said.text, "Khác.", 0)])


def _try_voice(db: Database, home: Path, meeting: int) -> None:
    said = standing.transcript(db, meeting)
    speaking.give(db, said.id, speaking.Kind.NAME, said.utterances[:1], "Lê Thị Hân", TAN.name)


def _try_proposal(db: Database, home: Path, meeting: int) -> None:
    proposals.propose(db, replace(standing.transcript(db, meeting), recording=1), "test/2", [Said(0, 1, "S1", "Khác.")])
    final.take(db, meeting)


def _try_hearing(db: Database, home: Path, meeting: int) -> None:
    kept = store.add_recording(db, Recording("x.wav", "0" * 64, "x", "x.wav", 1.0, (), meeting))
    work.transcribe_recording(db, home, kept, Engine(), lambda share, words: None)


REFUSED: dict[str, Callable[[Database, Path, int], object]] = {
    "a line": _try_line,
    "a voice": _try_voice,
    "a field": lambda db, home, held: _edit(db, held, "agency", "", "UBND xã"),
    "a tick": lambda db, home, held: review.mark_reviewed(
        db, held, TAN.name, standing.analysis(db, held).questions[0].id or 0, False, history.last_id(db)),
    "a question dropped": lambda db, home, held: review.drop(
        db, held, TAN.name, standing.analysis(db, held).questions[0].id or 0, history.last_id(db)),
    "an undone step": lambda db, home, held: review.undo(db, review.last_step(db, held, TAN.name)),  # type: ignore[arg-type]
    "questions found anew": lambda db, home, held: work.find_questions(db, standing.transcript(db, held)),
    "the final pass": lambda db, home, held: final.final_pass(db, home, held, lambda share, words: None),
    "the final pass taken": _try_proposal,
    "heard anew": _try_hearing,
    "recorded again": lambda db, home, held: recording.begin(db, home, held),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_signed_or_approved_does_not_change(db: Database, home: Path, signed: int, what: str) -> None:
    before = snapshot(db, signed)
    for sentence in ("Thư ký đã ký", "Biên bản đã duyệt"):
        with pytest.raises(FrozenMinutes) as refused:
            REFUSED[what](db, home, signed)
        assert explain(refused.value).startswith(sentence)
        assert snapshot(db, signed) == before
        if _state(db, signed) is MeetingState.SIGNED:
            approval.approve(db, home, approval.standing(db, signed), HAN)


def test_what_was_sent_back_may_be_put_right_and_signed_again(db: Database, home: Path, signed: int) -> None:
    with pytest.raises(NotApprovable, match="no_reason"):
        approval.send_back(db, approval.standing(db, signed), HAN, "  ")
    with pytest.raises(NotApprovable, match="right"):
        approval.send_back(db, approval.standing(db, signed), READER, "Không thích")
    approval.send_back(db, approval.standing(db, signed), HAN, "Sai tên cơ quan")
    standing = approval.standing(db, signed)
    back = standing.last(Kind.SENT_BACK)
    assert back and (back.by, back.reason) == (HAN.name, "Sai tên cơ quan")
    assert standing.last(Kind.SIGNED) is None and not approval.versions(db, signed)[0].papers
    _edit(db, signed, "agency", "", "Ủy ban nhân dân xã")
    with pytest.raises(NotApprovable, match="unreviewed"):
        freezing.sign_off(db, home, approval.standing(db, signed), TAN)
    tick(db, signed)
    freezing.sign_off(db, home, approval.standing(db, signed), TAN)
    assert "Ủy ban nhân dân xã" in _text(home / "meetings" / str(signed) / "papers" / "v1" / "bien-ban.docx")
    approval.approve(db, home, approval.standing(db, signed), HAN)
    assert not _problems(home)


def test_a_correction_is_a_new_version_that_says_so_and_the_old_one_stays(
        db: Database, home: Path, published: int) -> None:
    first = approval.versions(db, published)[0].papers
    old = {paper.path: (home / paper.path).read_bytes() for paper in first}
    with pytest.raises(NotApprovable, match="no_reason"):
        approval.open_correction(db, approval.standing(db, published), TAN, "")
    seen = approval.standing(db, published)
    approval.open_correction(db, seen, TAN, "Ghi sai đơn vị giải quyết.")
    with pytest.raises(NotApprovable, match="stale"):
        approval.open_correction(db, seen, TAN, "Ghi sai đơn vị giải quyết.")
    there = [head.id for head in approval.published_heads(db)]
    assert there == [published], "until the correction is published, the old one holds"
    _edit(db, published, "agency", "", "Ủy ban nhân dân xã")
    tick(db, published)
    for step in (lambda s: freezing.sign_off(db, home, s, TAN), lambda s: approval.approve(db, home, s, HAN)):
        step(approval.standing(db, published))
    second, one = approval.versions(db, published)
    assert (second.number, second.reason, one.number) == (2, "Ghi sai đơn vị giải quyết.", 1)
    assert one.papers == first and {path: (home / path).read_bytes() for path in old} == old
    for name in ("bien-ban", "bien-ban-dang", "ban-cong-bo", "thong-bao-ket-luan", "bang-tong-hop"):
        text = _text(home / "meetings" / str(published) / "papers" / "v2" / f"{name}.docx")
        assert "BẢN ĐÍNH CHÍNH LẦN 1, thay thế bản đã duyệt ngày" in text, name
        assert "lý do: Ghi sai đơn vị giải quyết" in text and DRAFT not in text, name
    approval.publish(db, home, approval.standing(db, published), TAN)
    public = approval.published(db, published)
    assert public and public["questions"][0]["agency"] == "Ủy ban nhân dân xã"
    assert not _problems(home)


def test_a_correction_begins_with_the_ticks_of_what_is_as_it_was_signed(
        db: Database, home: Path, approved: int) -> None:
    with db.conn:
        db.execute("update answers set text = 'Viết từ bên ngoài.' where question = (select min(id) from questions)")
    approval.open_correction(db, approval.standing(db, approved), TAN, "Sai")
    assert [question.reviewed for question in standing.analysis(db, approved).questions] == [False, True]


def test_exported_papers_of_approved_minutes_are_the_signed_bytes(
        db: Database, home: Path, approved: int, tmp_path: Path) -> None:
    work.export(db, home, approved, "minutes", tmp_path / "a.docx")
    kept = home / "meetings" / str(approved) / "papers" / "v1" / "bien-ban.docx"
    assert (tmp_path / "a.docx").read_bytes() == kept.read_bytes()
    approval.open_correction(db, approval.standing(db, approved), TAN, "Sai")
    work.export(db, home, approved, "minutes", tmp_path / "a.docx")
    assert DRAFT in _text(tmp_path / "a.docx")


def test_approval_erases_the_voice_prints_of_the_meeting_alone(db: Database, home: Path, signed: int) -> None:
    store.add_recording(db, Recording("x.wav", "hers", "x", "x.wav", 1.0, (), signed))
    enrolled.enrol(db, enrolled.Enrolled("Lê Thị Hân", "x", b"1", 21.0, "tệp a.wav", "Tân"))
    for sound in ("hers", "other"):
        transcripts.save_block(db, sound, "ears/1", 0.0, 1.0, json.dumps({"voices": ["print"], "words": ["xin"]}))
    approval.approve(db, home, approval.standing(db, signed), HAN)
    blocks = {row["sound"]: json.loads(row["content"]) for row in db["blocks"].rows}
    assert blocks == {"hers": {"voices": [], "words": ["xin"]}, "other": {"voices": ["print"], "words": ["xin"]}}
    assert len(enrolled.enrolled(db)) == 1


def test_a_paper_changed_from_outside_is_named_and_not_approved(db: Database, home: Path, signed: int) -> None:
    paper = home / "meetings" / str(signed) / "papers" / "v1" / "bien-ban.docx"
    whole = paper.read_bytes()
    paper.write_bytes(whole + b" ")
    with pytest.raises(NotApprovable) as refused:
        approval.approve(db, home, approval.standing(db, signed), HAN)
    assert "bien-ban.docx" in explain(refused.value)
    assert _problems(home) == [Problem("changed", paper.relative_to(home).as_posix())]
    paper.write_bytes(whole)
    approval.approve(db, home, approval.standing(db, signed), HAN)
    paper.unlink()
    assert _problems(home) == [Problem("missing", paper.relative_to(home).as_posix())]


@pytest.mark.parametrize("attack", [
    "update documents set sha256 = '0' where version = 1 and kind = 'minutes'",
    "delete from documents where version = 1 and kind = 'public'",
    "update snapshots set content = replace(content, 'rạch', 'kênh')",
    "update snapshots set public = '{}'",
    "update meetings set state = 'in_review'"])
def test_a_change_of_what_the_store_says_about_signed_papers_is_found(
        db: Database, home: Path, approved: int, attack: str) -> None:
    db.execute(attack)
    db.conn.commit()
    assert Problem("approval", f"{approved}, bản 1") in _problems(home)


def test_papers_exchanged_together_with_their_entries_are_found(db: Database, home: Path, signed: int) -> None:
    paper = home / "meetings" / str(signed) / "papers" / "v1" / "bien-ban.docx"
    paper.write_bytes(b"other")
    db.execute("update documents set sha256 = ? where path like '%bien-ban.docx'", [work.sha256_of(paper)])
    db.conn.commit()
    with pytest.raises(NotApprovable, match="changed"):
        approval.approve(db, home, approval.standing(db, signed), HAN)
    assert _problems(home) == [Problem("approval", f"{signed}, bản 1")]


def test_the_check_command_names_a_changed_paper_and_changed_minutes(db: Database, home: Path, approved: int) -> None:
    assert run("check").returncode == 0
    paper = home / "meetings" / str(approved) / "papers" / "v1" / "ban-cong-bo.docx"
    paper.write_bytes(b"other")
    db.execute("update snapshots set public = '{}'")
    db.conn.commit()
    found = run("check")
    assert found.returncode == 1
    assert PROBLEM["changed"].format(what=paper.relative_to(home).as_posix()) in found.stdout
    assert PROBLEM["approval"].format(what=f"{approved}, bản 1") in found.stdout


def test_a_sign_off_that_breaks_off_leaves_the_minutes_in_review(
        db: Database, home: Path, ticked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(approval, "_step", lambda *args, **named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    assert _state(db, ticked) is MeetingState.IN_REVIEW and not _problems(home)
    freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    assert _state(db, ticked) is MeetingState.SIGNED and not _problems(home)


def test_a_wrong_template_stops_the_signing(db: Database, home: Path, ticked: int) -> None:
    (home / "templates").mkdir()
    (home / "templates" / "bien_ban.docx").write_text("không phải Word")
    with pytest.raises(DoiThoaiError, match="not_docx"):
        freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    assert _state(db, ticked) is MeetingState.IN_REVIEW
    assert not [path for path in (home / "meetings").rglob("*") if path.is_file()]


@pytest.mark.skipif(not pdf.office(), reason="LibreOffice is not installed")
def test_papers_are_printed_too_where_libreoffice_is(
        db: Database, home: Path, ticked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("DOITHOAI_HOME", str(home))
    freezing.sign_off(db, home, approval.standing(db, ticked), TAN)
    place = home / "meetings" / str(ticked) / "papers" / "v1"
    assert {path.stem for path in place.glob("*.pdf")} == {path.stem for path in place.glob("*.docx")}
    assert (place / "bien-ban.pdf").read_bytes().startswith(b"%PDF")


def test_a_backup_brings_back_signed_papers(db: Database, home: Path, approved: int, tmp_path: Path) -> None:
    backup.backup(home, tmp_path / "a.zip")
    assert not backup.restore(tmp_path / "a.zip", tmp_path / "again").problems
    with store.open_store(tmp_path / "again") as again:
        assert approval.versions(again, approved) == approval.versions(db, approved)


def test_two_who_press_at_once_take_one_step(db: Database, home: Path, signed: int) -> None:
    seen: Standing = approval.standing(db, signed)
    with store.open_store(home) as other:
        approval.approve(other, home, seen, HAN)
    with pytest.raises(NotApprovable, match="already_approved"):
        approval.approve(db, home, seen, BINH)
    with pytest.raises(StaleEdit):  # nor past the rules of this module
        history.revise(db, "approval", signed, "state", "signed", "approved", BINH.name, 2)
