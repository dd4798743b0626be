"""The commands that keep what is there: backup, restore, check, and the networks that the program needs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from models.folders import home
from ui.errors import PROBLEM
from ui.terminal import FILE, JSON, answer, progress_bar

# Rooms are imported inside the commands: `doithoai --help` must not wait for neural networks.

WEIGHTS_ROW = "{name:14} {state:10} {megabytes:5.0f} MB  {licence:11} {purpose}"
INSTALLED, NOT_INSTALLED = "đã cài", "chưa cài"
INSTALLING = "Đang tải {name} ({megabytes:.0f} MB)"
ALREADY = "{name}: đã cài rồi."
CHECKED = "{name}: nguyên vẹn."
UNKNOWN_WEIGHTS = "không có bộ nhận dạng tên {name}; các tên có: {names}."
SAVING, RESTORING, CHECKING = "Đang sao lưu", "Đang phục hồi", "Đang kiểm tra"
SAVED = "Đã sao lưu {files} tệp ({megabytes:.1f} MB) vào {path} và đọc lại thấy khớp từng tệp."
RESTORED = "Đã phục hồi vào {path}; muốn dùng, hãy đặt DOITHOAI_HOME là thư mục này."
ALL_WELL = "Nguyên vẹn: {files} tệp ghi âm và giấy tờ, {revisions} lần sửa."
ALL_READ = "Bản sao lưu nguyên vẹn: {files} tệp."
FOUND_WRONG = "Có {count} chỗ không còn như lúc được cất; hãy phục hồi từ bản sao lưu."


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Sao lưu toàn bộ dữ liệu, cả âm thanh, vào một tệp; chương trình khác cứ chạy bình thường."""
    from models import backup as saving
    with progress_bar() as progress:
        members = saving.backup(home(), file, lambda share: progress(share, SAVING))
    click.echo(SAVED.format(path=file, files=len(members), megabytes=file.stat().st_size / 1e6), err=True)


@click.command()
@click.argument("file", type=FILE)
@click.argument("folder", type=FILE)
def restore(file: Path, folder: Path) -> int:
    """Phục hồi một bản sao lưu vào thư mục trống FOLDER."""
    from models import backup as saving
    with progress_bar() as progress:
        found = saving.restore(file, folder, lambda share: progress(share, RESTORING))
    click.echo(RESTORED.format(path=folder), err=True)
    return _problems(found)


@click.command()
@click.argument("file", type=FILE, required=False)
@JSON
def check(file: Path | None, as_json: bool) -> int:
    """Đọc lại toàn bộ dữ liệu (hoặc bản sao lưu FILE) xem có gì mất, hỏng hay bị sửa từ bên ngoài."""
    from models import backup as saving
    if file:
        with progress_bar() as progress:
            members = saving.read_all(file, lambda share: progress(share, CHECKING))
        answer({"ok": True, "files": len(members)} if as_json else ALL_READ.format(files=len(members)))
        return 0
    with progress_bar() as progress:
        found = saving.check(home(), lambda share: progress(share, CHECKING))
    if as_json:
        answer({"ok": not found.problems, **asdict(found)})
        return int(bool(found.problems))
    return _problems(found)


@click.group()
def weights() -> None:
    """Các bộ nhận dạng (mạng nơ-ron) mà chương trình dùng: xem, cài, kiểm tra."""


@weights.command("list")
@JSON
def weights_list(as_json: bool) -> None:
    """Liệt kê các bộ nhận dạng, dung lượng, giấy phép."""
    from models.weights import is_installed
    rows = [{"name": w.name, "installed": is_installed(w), "bytes": w.download_size, "licence": w.licence,
             "origin": w.origin, "purpose": w.purpose, "default": w.default} for w in _all_weights().values()]
    if as_json:
        answer(rows)
        return
    for row in rows:
        state = INSTALLED if row["installed"] else NOT_INSTALLED
        click.echo(WEIGHTS_ROW.format(**row, state=state, megabytes=int(str(row["bytes"])) / 1e6))


@weights.command("install")
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Cài cả những bộ không bắt buộc.")
def weights_install(names: tuple[str, ...], everything: bool) -> None:
    """Cài các bộ nhận dạng cần thiết, hoặc những bộ có tên trong NAMES."""
    from models.weights import install, is_installed
    for weights_ in _chosen(names, everything):
        if is_installed(weights_):
            click.echo(ALREADY.format(name=weights_.name), err=True)
            continue
        label = INSTALLING.format(name=weights_.name, megabytes=weights_.download_size / 1e6)
        with progress_bar() as progress:
            install(weights_, lambda share, label=label: progress(share, label))  # type: ignore[misc]


@weights.command("check")
@click.argument("names", nargs=-1)
def weights_check(names: tuple[str, ...]) -> None:
    """Đọc lại từng tệp và so mã SHA-256."""
    from models.weights import check, is_installed
    for weights_ in _chosen(names, True):
        if names or weights_.default or is_installed(weights_):
            check(weights_)
            click.echo(CHECKED.format(name=weights_.name))


def _all_weights() -> dict[str, Any]:
    import summarize.weights
    import transcribe.weights
    return {w.name: w for w in (*transcribe.weights.ALL, *summarize.weights.ALL)}


def _chosen(names: tuple[str, ...], everything: bool) -> list[Any]:
    known = _all_weights()
    for name in names:
        if name not in known:
            raise click.UsageError(UNKNOWN_WEIGHTS.format(name=name, names=", ".join(known)))
    return [known[name] for name in names] or [w for w in known.values() if everything or w.default]


def _problems(found: Any) -> int:
    """What a check found, one line each, and the exit code."""
    for problem in found.problems:
        click.echo(PROBLEM[problem.kind].format(what=problem.what))
    click.echo(FOUND_WRONG.format(count=len(found.problems)) if found.problems else
               ALL_WELL.format(files=found.files, revisions=found.revisions), err=True)
    return int(bool(found.problems))
