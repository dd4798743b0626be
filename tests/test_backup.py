"""Everything in one file while it is in use, laid down again byte for byte, and what is damaged is found."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import history, store, transcripts
from models.backup import DATA, MANIFEST, Problem, backup, check, read_all, restore
from models.errors import BadBackup, DiskFull
from models.migrations import migrations
from models.records import Document, Meeting, Recording, Utterance
from models.store import DATABASE, open_store
from tests.conftest import run, sentence
from ui.errors import explain

SOUND, PAPER = random.Random(1).randbytes(300_000), "biên bản".encode()


@pytest.fixture
def kept(db: Database, home: Path, meeting: Meeting) -> Path:
    """A data folder with a recording, a live recording in two parts, a paper, a template and an edit."""
    number = store.add_meeting(db, meeting).id or 0
    folder = f"meetings/{number}/recordings"
    for name, content in ((f"{folder}/ab/original-a.mp3", SOUND), (f"{folder}/ab/sound.wav", SOUND[::-1]),
                          (f"{folder}/live-01/part-0001.wav", b"1" * 9), (f"{folder}/live-01/part-0002.wav", b"2"),
                          (f"{folder}/live-01/sound.wav", b"12"), (f"meetings/{number}/papers/a.docx", PAPER),
                          ("templates/bien_ban.docx", b"mau"), ("weights/e5/model.onnx", b"w" * 99),
                          (f"{folder}/ab/.original.part", b"half"), ("locks/a.lock", b"")):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    sha256, parts = hashlib.sha256(SOUND).hexdigest(), hashlib.sha256(b"1" * 9 + b"2").hexdigest()
    store.add_recording(db, Recording("a.mp3", sha256, f"{folder}/ab/original-a.mp3", f"{folder}/ab/sound.wav", 1.0,
                                      (), number))
    store.add_recording(db, Recording("live", parts, f"{folder}/live-01", f"{folder}/live-01/sound.wav", 1.0, (),
                                      number))
    store.add_document(db, Document(number, "minutes", f"meetings/{number}/papers/a.docx",
                                    hashlib.sha256(PAPER).hexdigest(), store.now()))
    said = transcripts.save_transcript(db, number, None, "test", [Utterance(0, 2, "S1", "sổ đỏ")]).utterances[0]
    history.revise(db, "utterance", said.id or 0, "text", "sổ đỏ", "Sổ hồng.", "Hân", 0)
    return home


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
            and path.relative_to(folder).parts[0] not in ("weights", "locks", "migrating.lock")
            and not path.name.startswith((".", DATABASE))}


def _rows(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / DATABASE)
    rows = list(connection.iterdump())
    connection.close()
    return rows


def test_what_comes_back_is_what_was_kept_byte_for_byte(kept: Path, tmp_path: Path) -> None:
    done: list[float] = []
    backup(kept, tmp_path / "sao lưu.zip", done.append)
    found = restore(tmp_path / "sao lưu.zip", tmp_path / "phục hồi")
    assert not found.problems and found.revisions == 1
    assert _files(tmp_path / "phục hồi") == _files(kept)
    assert _rows(tmp_path / "phục hồi") == _rows(kept)
    assert done == sorted(done) and done[-1] == 1.0
    assert not (tmp_path / "phục hồi" / "weights").exists()
    with open_store(tmp_path / "phục hồi") as db:
        assert db.journal_mode == "wal"
    assert {path.name for path in tmp_path.iterdir()} == {"sao lưu.zip", "phục hồi", kept.name}


def test_sound_is_stored_and_the_database_shrinks(kept: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert {kind for name, kind in kinds.items() if name.endswith((".wav", ".mp3"))} == {zipfile.ZIP_STORED}
    assert kinds[DATA + DATABASE] == zipfile.ZIP_DEFLATED


def _write_edits(folder: str, utterance: int, writer: int, count: int) -> None:
    with store.open_store(Path(folder)) as db:
        for i in range(count):
            history.revise(db, "utterance", utterance, "text", str(i), f"{writer} {i + 1}", str(writer), i)


def test_a_backup_made_while_four_write_holds_one_moment(kept: Path, db: Database, tmp_path: Path) -> None:
    said = [Utterance(0, 2, "S1", "x") for _ in range(4)]
    ids = [u.id or 0 for u in transcripts.save_transcript(db, 1, None, "test2", said).utterances]
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_edits, args=(str(kept), key, i, 60)) for i, key in enumerate(ids)]
    for writer in writers:
        writer.start()
    made = 0
    while any(writer.is_alive() for writer in writers):
        acknowledged = db.table("revisions").count
        backup(kept, tmp_path / "a.zip")
        found = restore(tmp_path / "a.zip", tmp_path / f"r{made}")
        assert not found.problems
        assert found.revisions >= acknowledged
        made += 1
    assert made > 1 and all(writer.exitcode == 0 for writer in writers)
    assert db.table("revisions").count == 241 and not history.broken_links(db)


def test_any_damaged_byte_of_a_backup_is_found_or_does_no_harm(kept: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "a.zip")
    whole, expected = (tmp_path / "a.zip").read_bytes(), _files(kept)
    chance, refused = random.Random(7), 0
    ends = [*range(60), *range(len(whole) - 400, len(whole))]
    for at in [*chance.sample(range(len(whole)), 60), *chance.sample(ends, 60)]:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(8)
        (tmp_path / "b.zip").write_bytes(damaged)
        try:
            restore(tmp_path / "b.zip", tmp_path / "r")
        except BadBackup as error:
            assert error.reason in ("damaged", "not_backup", "unsafe", "too_large")
            assert not (tmp_path / "r").exists()
            refused += 1
        else:
            assert _files(tmp_path / "r") == expected
            assert _rows(tmp_path / "r") == _rows(kept)
            shutil.rmtree(tmp_path / "r")
    assert refused > 80
    assert not list(tmp_path.glob(".restoring-*"))


def test_half_a_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:len(whole) // 2])
    with pytest.raises(BadBackup, match="not_backup"):
        restore(tmp_path / "a.zip", tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_only_an_empty_folder_is_filled(kept: Path, tmp_path: Path) -> None:
    backup(kept, tmp_path / "a.zip")
    (tmp_path / "r").mkdir()
    restore(tmp_path / "a.zip", tmp_path / "r")
    before = _files(tmp_path / "r")
    with pytest.raises(BadBackup, match="not_empty"):
        restore(tmp_path / "a.zip", tmp_path / "r")
    assert _files(tmp_path / "r") == before


def _forged(path: Path, name: str, content: bytes, told: dict[str, object] | None = None,
            link: bool = False) -> Path:
    """An archive in the right form that carries what it should not."""
    files = {DATABASE: b"", name: content}
    manifest = {n: told if told and n == name else {"size": len(c), "sha256": hashlib.sha256(c).hexdigest()}
                for n, c in files.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, c in files.items():
            info = zipfile.ZipInfo(DATA + n)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if link and n == name else 0o600 << 16
            archive.writestr(info, c)
        archive.writestr(MANIFEST, json.dumps({"format": 1, "program": "doithoai", "files": manifest}))
    return path


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b", "/etc/a", "C:/a", "a\\..\\b", "c:a", "..", "./a", "a//b"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadBackup, match="unsafe"):
        restore(_forged(tmp_path / "a.zip", name, b"x"), tmp_path / "deep" / "r")
    assert {path.name for path in tmp_path.rglob("*")} <= {"a.zip", "deep"}


def test_a_link_and_a_bomb_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="unsafe"):
        restore(_forged(tmp_path / "a.zip", "link", b"/etc/passwd", link=True), tmp_path / "r")
    with pytest.raises(BadBackup, match="too_large"):
        restore(_forged(tmp_path / "b.zip", "bomb", bytes(50 << 20)), tmp_path / "r")
    told: dict[str, object] = {"size": 3, "sha256": hashlib.sha256(b"xxx").hexdigest()}
    with pytest.raises(BadBackup, match="damaged"):
        restore(_forged(tmp_path / "c.zip", "more", b"xxxx", told), tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_something_else_is_refused(tmp_path: Path, home: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    (tmp_path / "b.zip").write_text("không phải zip")
    for name in ("a.zip", "b.zip"):
        with pytest.raises(BadBackup, match="not_backup"):
            read_all(tmp_path / name)
    with pytest.raises(BadBackup, match="not_found"):
        read_all(tmp_path / "c.zip")
    with pytest.raises(BadBackup, match="no_data"):
        backup(home, tmp_path / "d.zip")


def test_a_backup_does_not_go_into_what_it_saves(kept: Path) -> None:
    with pytest.raises(BadBackup, match="inside"):
        backup(kept, kept / "meetings" / "a.zip")


def test_what_is_missing_changed_or_edited_from_outside_is_found(kept: Path, db: Database) -> None:
    assert check(kept).problems == ()
    (recording, live, *_) = store.recordings(db, 1)
    sound = kept / recording.original
    sound.write_bytes(SOUND[:1000] + bytes([SOUND[1000] ^ 1]) + SOUND[1001:])
    (kept / live.original / "part-0002.wav").unlink()
    (kept / recording.sound).unlink()
    db.execute("update revisions set after = 'khác'")
    db.conn.commit()
    assert set(check(kept).problems) == {
        Problem("changed", recording.original), Problem("changed", live.original), Problem("missing", recording.sound),
        Problem("revision", "1")}


def test_data_of_an_older_version_is_checked_without_being_changed(tmp_path: Path) -> None:
    old = tmp_path / "bản cũ"
    old.mkdir()
    with closing(sqlite3.connect(old / DATABASE)) as connection:
        migrations.apply(Database(connection), stop_before="m027_end_of_the_chain")
        connection.execute("insert into meetings (title, date, state) values ('Cũ', '2026-01-01', 'approved')")
        connection.commit()
    before = (old / DATABASE).read_bytes()
    assert check(old).problems == (Problem("approval", "1, bản 1"),)
    assert (old / DATABASE).read_bytes() == before


def test_a_database_that_is_damaged_is_found(kept: Path, db: Database) -> None:
    db.close()
    content = bytearray((kept / DATABASE).read_bytes())
    content[4096 * 3:4096 * 3 + 64] = b"\xff" * 64
    (kept / DATABASE).write_bytes(content)
    found = check(kept)
    assert found.problems and {problem.kind for problem in found.problems} == {"database"}


def test_a_recording_that_grows_meanwhile_is_saved_as_far_as_it_was(
        kept: Path, tmp_path: Path) -> None:
    part, ended = kept / "meetings" / "1" / "recordings" / "live-02" / "part-0001.wav", threading.Event()
    part.parent.mkdir()

    def grow() -> None:
        with part.open("wb", buffering=0) as file:
            while not ended.wait(0.0005):
                file.write(b"sound" * 2000)

    recorder = threading.Thread(target=grow)
    recorder.start()
    try:
        backup(kept, tmp_path / "a.zip")
    finally:
        ended.set()
        recorder.join()
    assert not restore(tmp_path / "a.zip", tmp_path / "r").problems
    saved = (tmp_path / "r" / part.relative_to(kept)).read_bytes()
    assert part.read_bytes().startswith(saved)


def test_a_disk_that_takes_no_large_files_is_told(kept: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        with pytest.raises(OSError) as refused:
            backup(kept, tmp_path / "a.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "FAT32" in explain(refused.value)
    assert not list(tmp_path.glob("*.zip*")) and not list(tmp_path.glob(".*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() or not shutil.which("mount"):
        pytest.skip("needs root to mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("may not mount")
    yield place
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def test_a_full_disk_leaves_the_older_backup(
        kept: Path, tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small_disk / "a.zip").write_bytes(b"older")
    with pytest.raises(DiskFull):
        backup(kept, small_disk / "a.zip")
    room = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: room)  # it fills up on the way
    with pytest.raises(DiskFull):
        backup(kept, small_disk / "a.zip")
    assert [path.name for path in small_disk.iterdir()] == ["a.zip"]
    assert (small_disk / "a.zip").read_bytes() == b"older"
    backup(kept, tmp_path / "b.zip")
    with pytest.raises(DiskFull):
        restore(tmp_path / "b.zip", small_disk / "r")
    assert [path.name for path in small_disk.iterdir()] == ["a.zip"]


def test_the_commands_say_what_they_did(kept: Path, db: Database, tmp_path: Path) -> None:
    saved = run("backup", tmp_path / "a.zip")
    assert saved.returncode == 0 and "đọc lại thấy khớp" in saved.stderr
    whole = run("check", tmp_path / "a.zip")
    assert whole.returncode == 0 and "nguyên vẹn" in whole.stdout
    assert run("restore", tmp_path / "a.zip", tmp_path / "r").returncode == 0
    assert "thư mục trống" in sentence(run("restore", tmp_path / "a.zip", tmp_path / "r"))
    assert json.loads(run("check", "--json").stdout)["ok"]
    (kept / store.recordings(db, 1)[0].sound).unlink()
    wrong = run("check")
    assert wrong.returncode == 1 and "Thiếu tệp: meetings/1/" in wrong.stdout
    assert not json.loads(run("check", "--json").stdout)["ok"]
