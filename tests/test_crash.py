"""Killed in the middle of saving, four writers at once, the current gone: nothing acknowledged is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlite_utils import Database

from models import approval, backup, history, review, typed
from models.folders import home as data_folder
from models.records import MeetingState
from models.rights import Account, Role
from models.search import search_words
from models.store import DATABASE, open_store
from models.typed import Typed
from tests import standing
from tests.conftest import EVERYTHING, come_in, served
from tests.test_review import kept
from tests.writers import FIELDS, edit, write_many
from ui import freezing, pdf
from ui.views import review_bar, review_question

__all__ = ["kept"]  # a fixture of the models' tests

KILLS, CUTS, WRITERS, EDITS = 6, 12, 4, 250


def writer_of(meeting: int) -> subprocess.Popen[str]:
    """Writes the summary of the first question and says each time, by a number, that it is saved."""
    command = [sys.executable, "-m", "tests.writers", str(meeting)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])


def saved(db: Database) -> list[str]:
    """What was saved of the field that `write_for_ever` writes, the oldest first."""
    query = "select after from revisions where record = 'question' and field = 'summary' order by id"
    return [row["after"] for row in db.query(query)]


def assert_whole(db: Database, meeting: int) -> None:
    """The file is sound, the chain holds, every step is whole, and what can be searched for is what stands there."""
    assert [row[0] for row in db.execute("pragma integrity_check")] == ["ok"]
    assert not history.broken_links(db)
    in_steps = sum(row["last"] - row["first"] + 1 for row in db["steps"].rows)
    of_approval = db["revisions"].count_where("record = 'approval'")
    assert in_steps + of_approval == db["revisions"].count
    last = saved(db)[-1]
    assert any(hit.record == "question" and hit.text.startswith(last) for hit in search_words(db, last))
    assert approval.standing(db, meeting).state is MeetingState.IN_REVIEW


def test_what_was_acknowledged_outlives_a_kill_at_any_moment(db: Database, kept: int) -> None:
    chance, before = random.Random(5), 0
    for _ in range(KILLS):
        writer = writer_of(kept)
        assert writer.stdout
        acknowledged = [writer.stdout.readline() for _ in range(chance.randrange(1, 25))]
        writer.kill()  # somewhere in the next one
        acknowledged += writer.stdout.read().splitlines()
        writer.wait()
        written = saved(db)[before:]
        assert written[:len(acknowledged)] == [f"lần {int(number)}" for number in acknowledged]
        assert len(written) - len(acknowledged) <= 1, "at most the one that was being saved"
        before += len(written)
        assert_whole(db, kept)


def test_four_writers_at_once_lose_none_of_a_thousand_edits(db: Database, kept: int, home: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write_many, args=(str(home), kept, i, EDITS)) for i in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    for i in range(WRITERS):
        rows = db["revisions"].rows_where("by = ? and record = 'question'", [f"người {i}"], order_by="id")
        assert [row["after"] for row in rows] == [f"{i}-{number}" for number in range(EDITS)]
    for field in FIELDS:
        rows = list(db["revisions"].rows_where("record = 'question' and field = ?", [field], order_by="id"))
        assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
        assert all(row["before"] == earlier["after"] for earlier, row in pairwise(rows))
    assert db["steps"].count == WRITERS * EDITS
    assert_whole(db, kept)


def test_a_copy_taken_as_if_the_current_failed_holds_all_that_was_acknowledged(
        db: Database, kept: int, home: Path, tmp_path: Path) -> None:
    """The disk as it is at a moment: a reader keeps SQLite from emptying the log while it is copied, and behind what
    was there when the last edit was acknowledged the log breaks off anywhere, as writes not yet synced do."""
    chance, writer, acknowledged = random.Random(3), writer_of(kept), 0
    assert writer.stdout
    try:
        for cut in range(CUTS):
            for _ in range(chance.randrange(1, 30)):
                acknowledged = int(writer.stdout.readline())
            with closing(sqlite3.connect(home / DATABASE)) as reader:
                reader.execute("begin")
                reader.execute("select count(*) from revisions").fetchone()
                synced = (home / f"{DATABASE}-wal").stat().st_size
                copy = tmp_path / f"mất điện {cut}"
                copy.mkdir()
                for name in (DATABASE, f"{DATABASE}-wal"):
                    shutil.copyfile(home / name, copy / name)
            log = copy / f"{DATABASE}-wal"
            os.truncate(log, chance.randint(min(synced, log.stat().st_size), log.stat().st_size))
            with open_store(copy) as left:
                assert saved(left)[:acknowledged] == [f"lần {number}" for number in range(1, acknowledged + 1)]
                assert_whole(left, kept)
    finally:
        writer.kill()
        writer.wait()


def test_an_edit_in_the_middle_of_a_check_is_no_damage(
        db: Database, kept: int, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert edit(db, kept, "Hân", "một", "summary")
    asked = []

    def meanwhile(looked_at: Database, *args: Any) -> list[int]:
        with open_store(home) as other:
            assert edit(other, kept, "Tân", f"lần {len(asked)}", "agency")
        asked.append(beyond(looked_at, *args))
        return asked[-1]

    beyond = history._beyond
    monkeypatch.setattr(history, "_beyond", meanwhile)
    assert not backup.check(home).problems and not history.broken_links(db)
    assert len(asked) == 2


def test_every_acknowledged_edit_is_on_the_disk(db: Database) -> None:
    """What the copies above take for granted: SQLite waits for the disk at each commit."""
    assert db.execute("pragma journal_mode").fetchone() == ("wal",)
    assert db.execute("pragma synchronous").fetchone() == (2,), "FULL"


@pytest.mark.parametrize("moment", ["before its papers are moved", "after its papers are moved"])
def test_a_kill_while_the_minutes_are_signed_leaves_them_unsigned(
        db: Database, kept: int, home: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for question in standing.analysis(db, kept).questions:
        review.mark_reviewed(db, kept, "Tân", question.id or 0, True, history.last_id(db))
    done = subprocess.run([sys.executable, "-c", f"from tests.test_crash import die; die({kept}, {moment!r})"],
                          cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == 9
    assert approval.standing(db, kept).state is MeetingState.IN_REVIEW
    assert not backup.check(home).problems
    monkeypatch.setattr(pdf, "office", lambda: None)
    freezing.sign_off(db, home, approval.standing(db, kept), account())
    assert approval.standing(db, kept).state is MeetingState.SIGNED and not backup.check(home).problems


def account() -> Account:
    return Account("tan", "Tân", frozenset(Role))


def die(meeting: int, moment: str) -> None:
    """In a process of its own: signs, and is gone at this moment, with no time to tidy up."""
    pdf.office = lambda: None
    at = {"before its papers are moved": "_keep", "after its papers are moved": "_step"}
    setattr(approval, at[moment], lambda *args, **named: os._exit(9))
    with open_store() as db:
        freezing.sign_off(db, data_folder(), approval.standing(db, meeting), account())


def test_the_pages_die_while_an_edit_is_being_saved(
        browser: Browser, db: Database, home: Path, kept: int) -> None:
    """What was typed is in the record as a whole step, or still there to be saved."""
    first = _first(db, kept)
    for moment in (0.0, 0.03, 0.15):
        with served(home) as (address, server):
            page = browser.new_page(locale="vi-VN")
            come_in(page, address, home)
            page.goto(f"{address}/ra-soat?meeting={kept}&cau={first}")
            summary = page.get_by_label(review_question.SUMMARY)
            summary.fill(f"Sửa cầu trước {moment} giây.")
            expect(page.get_by_role("button", name=review_bar.SAVE_COUNT.format(count=1))).to_be_visible(timeout=30_000)
            page.keyboard.press("Control+Enter")
            time.sleep(moment)
            server.kill()
            server.wait()
            page.close()
        wanted = f"Sửa cầu trước {moment} giây."
        unsaved = {key: left.after for key, left in typed.unsaved(db, kept, EVERYTHING.name).items()}
        assert (saved(db) or [""])[-1] == wanted or unsaved.get(("question", first, "summary")) == wanted
        for left in typed.unsaved(db, kept, EVERYTHING.name).values():
            typed.forget(db, Typed(kept, EVERYTHING.name, left))
        assert not history.broken_links(db)
    in_steps = sum(row["last"] - row["first"] + 1 for row in db["steps"].rows)
    assert in_steps == db["revisions"].count_where("record in ('question', 'utterance')")


def _first(db: Database, meeting: int) -> int:
    return standing.analysis(db, meeting).questions[0].id or 0
