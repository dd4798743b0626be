"""Every test has a data folder of its own; the weights, which are only read, are the installed ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from models.folders import weights_home
from models.records import Meeting, Person, Topic
from models.store import open_store
from transcribe.weights import SAMPLE_CLIPS

INSTALLED_WEIGHTS = weights_home()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with Vietnamese letters and a space in its name."""
    folder = tmp_path / "Dữ liệu đối thoại"
    monkeypatch.setenv("DOITHOAI_HOME", str(folder))
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(INSTALLED_WEIGHTS))
    return folder


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    with open_store(home) as database:
        yield database


@pytest.fixture
def meeting() -> Meeting:
    """What a secretary typed in before a meeting that never was."""
    return Meeting(
        "Hội nghị đối thoại xã Tân Hòa (hư cấu)", "2026-05-22", "Nhà văn hóa xã",
        (Topic("T1", "Thủ tục hành chính về đất đai"), Topic("T2", "Vệ sinh môi trường, thoát nước")),
        (Person("Lê Thị Hân", "Bí thư Đảng ủy xã", "chair"), Person("Huỳnh Tân", "Văn phòng", "secretary")))


@pytest.fixture(scope="session")
def clips() -> dict[Path, str]:
    """Real voices with their transcripts."""
    return {path: path.with_suffix(".txt").read_text(encoding="utf-8").strip()
            for path in sorted(SAMPLE_CLIPS.folder.glob("*.wav"))}


@pytest.fixture
def meeting_file(tmp_path: Path) -> Path:
    path = tmp_path / "hội nghị.yaml"
    path.write_text("title: Hội nghị đối thoại xã Tân Hòa (hư cấu)\ndate: 2026-05-22\nplace: Nhà văn hóa xã\n"
                    "topics:\n  - {id: T1, name: Thủ tục hành chính về đất đai}\n"
                    "officials:\n  - {name: Lê Thị Hân, title: Bí thư Đảng ủy xã, role: chair}\n", encoding="utf-8")
    return path


def run(*arguments: str | Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """The `doithoai` command in a process of its own, as a user runs it."""
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
                          env=os.environ | {"PYTHONIOENCODING": "utf-8"})


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The one error sentence a failed command ended with."""
    assert result.returncode != 0
    lines = [line for line in result.stderr.splitlines() if line.startswith("Lỗi: ")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]
