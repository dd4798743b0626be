"""One file that holds the whole data folder, made while it is in use; and the folder checked.

The file is a ZIP archive: `data/…` as in the data folder, and last `manifest.json` with size and
SHA-256 of each. Sound is stored as it is (it does not shrink), the rest is deflated. The database is
copied by SQLite's own backup, so that what it says holds for one moment; files are only ever added
to the folder, therefore what that moment names is there when the files are copied afterwards.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from sqlite_utils import Database

from models import accounts, approval
from models.errors import BadBackup, DiskFull
from models.files import PIECE, replaced, sha256_of, sync_folder
from models.history import broken_links
from models.migrations import migrations
from models.room import room_for
from models.store import DATABASE, WAIT_FOR_WRITER, now, reading

FORMAT = 1
MANIFEST, DATA = "manifest.json", "data/"
LEFT_OUT = ("weights", "work", "locks", "worker.log", "migrating.lock", f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE)
"""What can be had again, belongs to running programs, or (the database) is copied another way."""
STORED = (".wav", ".mp3", ".m4a", ".ogg", ".flac", ".mp4", ".docx", ".xlsx", ".pdf", ".zip")
LARGEST_MANIFEST = 64 << 20
LARGEST_RATIO = 1000
"""Times that deflated text may grow at most: an archive that grows more was made to fill a disk."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError,
              NotImplementedError, RuntimeError, struct.error)
"""What the archive module raises at damaged or foreign files."""

Progress = Callable[[float], None]
"""Told the share done, from 0 to 1."""


@dataclass(frozen=True)
class Member:
    """One file of a backup: bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was kept.

    `kind`: "database" (`what` is SQLite's complaint), "revision" (the number of a changed or missing row),
    "approval" (the signed minutes of a meeting: their state, their list of papers, or what they were made from),
    "account" (its login: roles, name or login are not what the history says),
    "missing" or "changed" (a file, relative to the data folder).
    """

    kind: str
    what: str


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what was found wrong."""

    revisions: int
    files: int
    problems: tuple[Problem, ...]


def backup(folder: Path, to: Path, progress: Progress = lambda share: None) -> dict[str, Member]:
    """Writes the whole data folder into one file, reads it again, and only then gives it its name.

    Other programs may go on writing. Raises BadBackup ("no_data", "inside"), DiskFull and OSError;
    what stood at `to` stays until the new file is whole.
    """
    if not (folder / DATABASE).is_file():
        raise BadBackup(folder, "no_data")
    if to.resolve().is_relative_to(folder.resolve()):
        raise BadBackup(to, "inside")
    to.parent.mkdir(parents=True, exist_ok=True)
    files = _files(folder)
    needed = 2 * (folder / DATABASE).stat().st_size + sum(path.stat().st_size for path in files.values())
    with (room_for(to.parent, needed), tempfile.TemporaryDirectory(dir=to.parent, prefix=".saving-") as scratch,
          replaced(to) as temporary):
        copy = Path(scratch) / DATABASE
        _copy_database(folder / DATABASE, copy)
        files = {DATABASE: copy} | _files(folder)
        members = _write(files, temporary, lambda share: progress(0.6 * share))
        read_all(temporary, lambda share: progress(0.6 + 0.4 * share))
    sync_folder(to.parent)
    progress(1.0)
    return members


def read_all(file: Path, progress: Progress = lambda share: None) -> dict[str, Member]:
    """Reads every byte of a backup and compares it. Raises BadBackup."""
    with _opened(file) as (archive, members):
        for name, share in _in_turn(members):
            with _readable(file, name), archive.open(DATA + name) as content:
                _compare(content, members[name], None)
            progress(share)
    return members


def restore(file: Path, folder: Path, progress: Progress = lambda share: None) -> Checked:
    """Lays a backup down in an empty or new folder, all or nothing, and checks what came out.

    Raises BadBackup (not_found, not_backup, damaged, unsafe, too_large, not_empty) and DiskFull.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadBackup(folder, "not_empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as (archive, members), room_for(folder.parent, sum(m.size for m in members.values())):
        half = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restoring-"))
        try:
            for name, share in _in_turn(members):
                path = half / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with _readable(file, name), archive.open(DATA + name) as content, path.open("xb") as out:
                    _compare(content, members[name], out)
                progress(0.9 * share)
            checked = check(half)
            half.chmod(0o755)
            if folder.exists():
                folder.rmdir()
            half.replace(folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    progress(1.0)
    return checked


def check(folder: Path, progress: Progress = lambda share: None) -> Checked:
    """Reads the database, the chain of revisions, and every recording and paper it names.

    Raises BadBackup("no_data") where there is no data folder.
    """
    if not (folder / DATABASE).is_file():
        raise BadBackup(folder, "no_data")
    try:
        with closing(sqlite3.connect(folder / DATABASE, timeout=WAIT_FOR_WRITER)) as connection:
            db = Database(connection)
            problems = [Problem("database", row[0]) for row in db.execute("pragma integrity_check") if row[0] != "ok"]
            problems += [Problem("database", f"{row[0]} {row[1]} → {row[2]}")
                         for row in db.execute("pragma foreign_key_check")]
            with reading(_up_to_date(db)) as db:  # all of one moment: others may be writing
                problems += [Problem("revision", str(number)) for number in broken_links(db)]
                problems += [Problem("approval", what) for what in approval.changed_from_outside(db)]
                problems += [Problem("account", what) for what in accounts.changed_from_outside(db)]
                revisions, named = db.table("revisions").count, _named_files(db)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise
        return Checked(0, 0, (Problem("database", str(error)),))
    for done, (name, expected) in enumerate(named.items(), 1):
        found = _sha256(folder / name)
        if found is None:
            problems.append(Problem("missing", name))
        elif expected and found != expected:
            problems.append(Problem("changed", name))
        progress(done / len(named))
    return Checked(revisions, len(named), tuple(problems))


def _up_to_date(db: Database) -> Database:
    """The same, or a copy in memory with the tables of this version: what is only looked at is not changed."""
    if not migrations.pending(db):
        return db
    copy = Database(memory=True)
    db.conn.backup(copy.conn)
    migrations.apply(copy)
    return copy


def _named_files(db: Database) -> dict[str, str]:
    """The files that the database names, with their SHA-256 (empty where none was kept)."""
    named: dict[str, str] = {}
    for row in db.table("recordings").rows_where(order_by="id"):
        named |= {row["original"]: row["sha256"], row["sound"]: ""}
    for row in db.table("documents").rows_where(order_by="id"):
        named[row["path"]] = row["sha256"]  # a paper made anew takes the place of the one before
    return named | {row["path"]: row["sha256"] for row in db.table("beside").rows_where(order_by="id")}


def _sha256(path: Path) -> str | None:
    """Of a file, or of the parts of a live recording one after another; None when it is not there."""
    parts = sorted(path.glob("part-*.wav")) if path.is_dir() else [path]
    try:
        return sha256_of(*parts) if parts else None
    except FileNotFoundError:
        return None


def _files(folder: Path) -> dict[str, Path]:
    """What is copied beside the database, by name; half-made files are not."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        whole = not any(part.startswith(".") for part in name.parts) and not path.is_symlink()
        if whole and name.parts[0] not in LEFT_OUT and path.suffix not in (".lock", ".part") and path.is_file():
            found[name.as_posix()] = path
    return found


def _copy_database(source: Path, to: Path) -> None:
    """The database as it stands at one moment: one step, so that writers cannot make it begin again."""
    with closing(sqlite3.connect(source, timeout=WAIT_FOR_WRITER)) as here, closing(sqlite3.connect(to)) as there:
        try:
            here.backup(there)
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise DiskFull(to.parent.parent) from error
            raise


def _write(files: dict[str, Path], to: Path, progress: Progress) -> dict[str, Member]:
    """The archive on the disk, with what was written into it."""
    total = sum(path.stat().st_size for path in files.values()) or 1
    members: dict[str, Member] = {}
    done = 0
    with to.open("wb") as out:
        with zipfile.ZipFile(out, "w") as archive:
            for name, path in files.items():
                with suppress(FileNotFoundError):  # passing things may be done with by now
                    members[name] = _add(archive, name, path)
                    done += members[name].size
                progress(min(1.0, done / total))
            archive.writestr(MANIFEST, json.dumps(
                {"format": FORMAT, "program": "doithoai", "created": now(),
                 "files": {name: {"size": m.size, "sha256": m.sha256} for name, m in members.items()}},
                ensure_ascii=False), zipfile.ZIP_DEFLATED)
        out.flush()
        os.fsync(out.fileno())
    return members


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Member:
    """Copies one file in, as long as it is at this moment: a recording may be growing meanwhile."""
    info = zipfile.ZipInfo(DATA + name)
    info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in STORED else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, archive.open(info, "w", force_zip64=True) as out:
        length = os.fstat(file.fileno()).st_size
        while piece := file.read(min(PIECE, length - size)):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return Member(size, digest.hexdigest())


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Member]]]:
    """The archive with its manifest, after everything in it was found to be harmless."""
    if not file.is_file():
        raise BadBackup(file, "not_found")
    try:
        archive = zipfile.ZipFile(file)
    except (*UNREADABLE, OSError) as error:
        raise BadBackup(file, "not_backup") from error
    with archive:
        with _readable(file, MANIFEST):
            inside = {info.filename: info for info in archive.infolist()}
            members = _manifest(archive, inside)
        if len(inside) != len(archive.infolist()) or set(inside) != {MANIFEST, *(DATA + name for name in members)}:
            raise BadBackup(file, "damaged", MANIFEST)
        for name, member in members.items():
            info = inside[DATA + name]
            if not _is_safe(name) or (info.external_attr >> 16) & 0o170000 == 0o120000:
                raise BadBackup(file, "unsafe", name)
            if info.file_size != member.size or info.file_size > LARGEST_RATIO * info.compress_size + PIECE:
                raise BadBackup(file, "too_large" if info.file_size == member.size else "damaged", name)
        yield archive, members


def _manifest(archive: zipfile.ZipFile, inside: dict[str, zipfile.ZipInfo]) -> dict[str, Member]:
    if inside[MANIFEST].file_size > LARGEST_MANIFEST:
        raise ValueError(MANIFEST)
    told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if told["program"] != "doithoai" or told["format"] != FORMAT:
        raise ValueError(MANIFEST)
    members = {str(name): Member(int(m["size"]), str(m["sha256"])) for name, m in told["files"].items()}
    if DATABASE not in members:
        raise ValueError(DATABASE)
    return members


def _is_safe(name: str) -> bool:
    """Whether a name stays below the folder it is written to, on every platform."""
    path, windows = PurePosixPath(name), PureWindowsPath(name)
    return (bool(name) and "\\" not in name and "\0" not in name and not windows.drive and not windows.root
            and ":" not in name and name == path.as_posix() and ".." not in path.parts and path.parts != ())


def _in_turn(members: dict[str, Member]) -> Iterator[tuple[str, float]]:
    """Each name with the share of all bytes that is done with it."""
    total, done = sum(member.size for member in members.values()) or 1, 0
    for name, member in members.items():
        done += member.size
        yield name, done / total


def _compare(content: IO[bytes], member: Member, out: IO[bytes] | None) -> None:
    """Reads one file, no further than it should be long. Raises BadZipFile when it is another one."""
    digest, left = hashlib.sha256(), member.size
    while piece := content.read(min(PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            break
        digest.update(piece)
        if out:
            out.write(piece)
    if left or digest.hexdigest() != member.sha256:
        raise zipfile.BadZipFile("not what was written")
    if out:
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _readable(file: Path, name: str) -> Iterator[None]:
    """Names the file of the archive that cannot be read."""
    try:
        yield
    except UNREADABLE as error:
        raise BadBackup(file, "not_backup" if name == MANIFEST else "damaged", name) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a position outside the file
            raise BadBackup(file, "damaged", name) from error
        raise
