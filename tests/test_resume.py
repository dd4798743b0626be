"""Killed at any point and started again, recognition goes on and ends the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from models import proposals, store, transcripts
from models.records import Meeting, Utterance
from models.store import open_store
from tests.conftest import run
from transcribe.sound import read
from ui import work

PAUSE = np.zeros(16_000)


@pytest.fixture(scope="module")
def long_sound(clips: dict[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several minutes of real voices, repeated with pauses: enough for several blocks."""
    from recorder.files import import_file
    folder = tmp_path_factory.mktemp("dài")
    pieces = []
    for clip in clips:
        sound = folder / import_file(clip, folder / "r", folder).sound
        pieces += [read(sound, 0, 60) * 32767, PAUSE]
    path = folder / "dài.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(np.tile(np.concatenate(pieces), 3).astype("<i2").tobytes())
    return path


def test_killed_again_and_again_the_text_is_the_same(
        long_sound: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("transcribe", long_sound, "--to")
    monkeypatch.setenv("DOITHOAI_HOME", str(tmp_path / "một mạch"))
    assert run(*arguments, tmp_path / "a.jsonl").returncode == 0

    monkeypatch.setenv("DOITHOAI_HOME", str(home))
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments), str(tmp_path / "b.jsonl")]
    dice, kept, killed = random.Random(7), [], 0
    for _ in range(2):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ.copy())
        _wait_for_blocks(home, process, more_than=kept[-1] if kept else 0)
        time.sleep(dice.random())
        killed += process.poll() is None
        process.kill()
        process.wait()
        with open_store(home) as db:
            kept.append(_blocks(db))
    assert killed > 0 and kept[0] > 0, "the test killed nothing: make the sound longer"
    assert kept == sorted(kept)
    assert run(*arguments, tmp_path / "b.jsonl").returncode == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_final_pass_that_is_killed_proposes_the_same(
        long_sound: Path, meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Heard by two processes at once; whoever is killed leaves holes, which are filled."""
    arguments = ("transcribe", "--final", "--meeting", "1", "--workers", "2")
    homes = [tmp_path / "một mạch", tmp_path / "đứt quãng"]
    for folder in homes:
        with open_store(folder) as db:
            store.add_meeting(db, meeting)
            recording = work.import_recording(db, folder, long_sound, 1, lambda share, message: None)
            transcripts.save_transcript(db, 1, recording.id, "test", [Utterance(0, 4, "S1", "Kính thưa hội nghị.")])
    monkeypatch.setenv("DOITHOAI_HOME", str(homes[0]))
    assert run(*arguments).returncode == 0

    monkeypatch.setenv("DOITHOAI_HOME", str(homes[1]))
    process = subprocess.Popen([sys.executable, "-m", "ui.cli", *arguments], stderr=subprocess.DEVNULL)
    _wait_for_blocks(homes[1], process, more_than=0)
    assert process.poll() is None, "the test killed nothing: make the sound longer"
    process.kill()
    process.wait()
    assert run(*arguments).returncode == 0
    contents = []
    for folder in homes:
        with open_store(folder) as db:
            contents.append(proposals.proposal(db, 1))
    assert contents[0] is not None and contents[1] is not None
    assert contents[0].utterances == contents[1].utterances and len(contents[0].utterances) > 10


def _wait_for_blocks(home: Path, process: subprocess.Popen[bytes], more_than: int) -> None:
    """Until another block is stored, or the process has ended by itself."""
    while process.poll() is None:
        with open_store(home) as db:
            if _blocks(db) > more_than:
                return
        time.sleep(0.2)


def _blocks(db: Database) -> int:
    return int(db["blocks"].count)
