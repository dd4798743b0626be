"""Somebody opens the data file with another program: whatever they change, `doithoai check` names it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from models import accounts, approval, backup, history, snapshot
from models.backup import Problem
from models.store import DATABASE
from tests.conftest import EVERYTHING, PASSWORD, run
from tests.test_approval import HAN, TAN, _edit, approved, kept, published, signed, tick, ticked
from ui.errors import PROBLEM

__all__ = ["approved", "kept", "published", "signed", "ticked"]  # fixtures of the approval's tests


def tamper(home: Path, *statements: str) -> None:
    """What any program that opens SQLite files can do."""
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
        connection.commit()


def problems(home: Path) -> set[Problem]:
    return set(backup.check(home).problems)


def found(home: Path, *statements: str) -> set[Problem]:
    """What is found wrong in a copy of the data folder that was tampered with: the next may begin from the same."""
    with TemporaryDirectory(dir=home.parent) as scratch:
        copy = Path(scratch) / home.name
        shutil.copytree(home, copy)
        tamper(copy, *statements)
        return problems(copy)


def kinds(home: Path) -> set[str]:
    return {problem.kind for problem in problems(home)}


def test_every_field_of_a_row_is_covered_by_the_chain(home: Path, db: Database, approved: int) -> None:
    assert not problems(home)
    for column in db["revisions"].columns_dict:
        value = {int: "99"}.get(db["revisions"].columns_dict[column], "'khác'")
        wrong = found(home, f"update revisions set {column} = {value} where id = 3")
        assert Problem("revision", "99" if column == "id" else "3") in wrong, column


def test_the_reason_and_the_order_of_steps_are_covered_too(home: Path, db: Database, approved: int) -> None:
    approval.open_correction(db, approval.standing(db, approved), TAN, "Sai tên ấp")
    tamper(home, "update revisions set after = 'Lý do khác' where field = 'reason'")
    assert "revision" in kinds(home)
    tamper(home, "update revisions set after = 'Sai tên ấp' where field = 'reason'")
    assert not problems(home)
    tamper(home, "update revisions set id = -id where id in (3, 4)", "update revisions set id = 7 + id where id < 0")
    assert Problem("revision", "3") in problems(home)


def test_rows_taken_out_of_the_middle_or_off_the_end_are_missed(home: Path, approved: int) -> None:
    for gone in ("id = 2", "id = 1", "id = (select max(id) from revisions)",
                 "id > (select max(id) - 2 from revisions)", "id > 2", "1"):
        wrong = found(home, f"delete from revisions where {gone}")
        assert "revision" in {problem.kind for problem in wrong}, gone


def test_the_history_cut_off_and_its_counter_set_back_does_not_fit_the_signed_version(
        home: Path, db: Database, approved: int) -> None:
    cut = next(db.query("select max(id) as id from revisions where field = 'content'"))["id"]
    (row,) = db.query("select id, hash from revisions where id = ?", [cut - 1])
    tamper(home, f"delete from revisions where id >= {cut}",
           f"update chain set last = {row['id']}, hash = '{row['hash']}'",
           f"update meetings set state = 'in_review' where id = {approved}")
    assert problems(home) == {Problem("approval", f"{approved}, bản 1")}


def test_an_approval_cut_off_the_end_does_not_fit_what_was_noted_beside_the_signed_version(
        home: Path, db: Database, approved: int) -> None:
    (row,) = db.query("select id, hash from revisions where id = (select max(id) - 1 from revisions)")
    tamper(home, f"delete from revisions where id > {row['id']}",
           f"update chain set last = {row['id']}, hash = '{row['hash']}'",
           f"update meetings set state = 'signed' where id = {approved}")
    assert problems(home) == {Problem("approval", f"{approved}, bản 1")}


def test_a_row_put_in_at_the_end_by_another_program_is_found(home: Path, db: Database, approved: int) -> None:
    """Even one whose own hash was worked out right."""
    (last,) = db.query("select * from revisions order by id desc limit 1")
    content = {name: value for name, value in last.items() if name not in ("id", "hash")} | {
        "version": last["version"] + 1, "before": "approved", "after": "published", "previous_hash": last["hash"]}
    right = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    with db.conn:
        db.table("revisions").insert(content | {"hash": right})
    assert Problem("revision", str(last["id"] + 1)) in problems(home)


def test_the_counter_itself_cannot_be_taken_away(home: Path, approved: int) -> None:
    tamper(home, "delete from chain")
    assert "revision" in kinds(home)


BEHIND = {
    "the words of a line": "update utterances set text = 'Tôi rút lại lời.' where position = 1",
    "who said a line": "update utterances set speaker = 'S9' where position = 1",
    "a question": "update questions set text = 'Không hỏi gì.' where number = 1",
    "its status": "update questions set status = 'answered_on_spot' where number = 1",
    "its answer": "update answers set text = 'Đã sửa xong.'",
    "a question taken away": "update questions set dropped = 'yes' where number = 1",
    "a line taken away": "delete from utterances where position = 5",
    "the title of the meeting": "update meetings set title = 'Hội nghị khác'",
    "an official": "update people set name = 'Người khác' where position = 0",
    "another analysis on top": "insert into analyses (transcript, generator, places, created) "
                               "select transcript, generator, places, created from analyses",
}


def test_what_lies_behind_signed_minutes_cannot_be_changed_unseen(home: Path, approved: int) -> None:
    assert not problems(home)
    for what, statement in BEHIND.items():
        assert found(home, statement) == {Problem("approval", f"{approved}, bản 1")}, what


BESIDE = (
    "update snapshots set content = replace(content, 'rạch Sậy', 'kênh')", "update snapshots set public = '{}'",
    "delete from snapshots", "update documents set sha256 = '0' where version = 1 and kind = 'minutes'",
    "delete from documents where version = 1 and kind = 'minutes'", "update meetings set state = 'in_review'",
    "update meetings set state = 'published'", "update snapshots set content = 'không phải JSON'")


def test_state_snapshot_and_list_of_papers_are_those_of_the_signature(home: Path, approved: int) -> None:
    for statement in BESIDE:
        assert Problem("approval", f"{approved}, bản 1") in found(home, statement), statement


def test_minutes_that_nobody_signed_do_not_become_approved_by_a_changed_state(home: Path, kept: int) -> None:
    assert not problems(home)
    tamper(home, "update meetings set state = 'approved'")
    assert problems(home) == {Problem("approval", f"{kept}, bản 1")}


def test_a_changed_and_a_missing_paper_are_named(home: Path, approved: int) -> None:
    place = home / "meetings" / str(approved) / "papers" / "v1"
    (place / "bien-ban.docx").write_bytes(b"khac")
    (place / "cau-hoi.json").unlink()
    assert {(problem.kind, Path(problem.what).name) for problem in problems(home)} == {
        ("changed", "bien-ban.docx"), ("missing", "cau-hoi.json")}


def test_an_older_version_is_still_watched_after_a_correction(home: Path, db: Database, published: int) -> None:
    approval.open_correction(db, approval.standing(db, published), TAN, "Sai")
    _edit(db, published, "agency", "", "UBND xã")
    tick(db, published)
    assert not problems(home), "what is edited on the way to the next version is no tampering"
    tamper(home, "update snapshots set public = '{}' where version = 1")
    assert problems(home) == {Problem("approval", f"{published}, bản 1")}


def test_an_account_given_or_changed_from_outside_is_found(home: Path, db: Database) -> None:
    accounts.create_first(db, EVERYTHING, PASSWORD)
    assert not problems(home)
    for statement in (
            """update accounts set roles = '["official", "secretary"]'""", "update accounts set name = 'Lê Hân'",
            "update accounts set sees_denunciations = 0", "update accounts set disabled = 1", "delete from accounts",
            "insert into accounts (login, name, roles, sees_denunciations, email, disabled, password, created) "
            "values ('x', 'X', '[\"official\"]', 0, '', 0, 'x', '')"):
        assert {problem.kind for problem in found(home, statement)} == {"account"}, statement


def test_a_program_that_knows_more_fields_finds_older_snapshots_unchanged(db: Database, approved: int) -> None:
    (row,) = db.query("select content from snapshots")
    content = json.loads(row["content"])
    del content["questions"][0]["linked"]
    assert not snapshot.differs(db, approved, json.dumps(content))
    content["questions"][0]["asker"] = "Người khác"
    assert snapshot.differs(db, approved, json.dumps(content))


def test_the_command_says_it_in_words(home: Path, approved: int) -> None:
    tamper(home, "delete from revisions where id = (select max(id) from revisions)", BEHIND["its status"])
    said = run("check")
    assert said.returncode == 1
    assert PROBLEM["approval"].format(what=f"{approved}, bản 1") in said.stdout
    assert "Lần sửa số" in said.stdout


def test_work_that_is_done_with_the_program_is_no_tampering(home: Path, db: Database, published: int) -> None:
    accounts.create_first(db, HAN, PASSWORD)
    approval.open_correction(db, approval.standing(db, published), TAN, "Sai")
    _edit(db, published, "agency", "", "UBND xã")
    assert not problems(home) and not history.broken_links(db)
