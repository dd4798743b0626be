"""The encoder's file is decoded to the letter, the same on every machine."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from models.errors import WeightsMissing
from models.weights import check
from summarize.e5_file import BLOCK, _dequantise, convert
from summarize.embedding import open_embedder
from summarize.weights import ALL, E5


def test_the_installed_encoder_is_whole() -> None:
    check(E5)
    assert ALL == (E5,)


def test_a_block_is_a_scale_and_nibbles_the_low_ones_first() -> None:
    nibbles = np.arange(BLOCK) % 16
    packed = (nibbles[:16] | (nibbles[16:] << 4)).astype(np.uint8)
    values = _dequantise(struct.pack("<e", 0.5) + packed.tobytes())
    assert np.array_equal(values.ravel(), (nibbles - 8) * 0.5)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="E5S1"):
        convert(tmp_path / "a.bin", tmp_path)


def test_the_written_header_tells_every_tensor(tmp_path: Path) -> None:
    with (E5.folder / "model.safetensors").open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    assert header["embeddings.word_embeddings.weight"]["shape"] == [250037, 384]
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    assert (E5.folder / "model.safetensors").stat().st_size == 8 + length + max(ends)


def test_a_missing_encoder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsMissing) as missing:
        open_embedder()
    assert missing.value.name == E5.name
    with pytest.raises(WeightsMissing):
        open_embedder(str(tmp_path / "không có"))
