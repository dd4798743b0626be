"""Many recordings at once: the same words from one process, several, or a cluster whose workers die."""

from __future__ import annotations

import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio
from sqlite_utils import Database

from models.formats import as_jsonl, as_text
from models.store import open_store
from tests.conftest import run
from transcribe import crew
from transcribe.blocks import Block, next_block
from transcribe.crew import Choice, Crew, hear_all, opened
from transcribe.sound import SAMPLE_RATE
from transcribe.utterances import utterances
from ui import batch
from ui.errors import explain
from ui.work import Engine

CHOICE = Choice()


@pytest.fixture(scope="module")
def sound(clips: dict[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of real voices with pauses: several blocks."""
    path = tmp_path_factory.mktemp("âm thanh") / "họp xã.wav"
    silence = np.zeros(round(1.5 * SAMPLE_RATE), np.float32)
    whole = np.tile(np.concatenate([part for clip in clips for part in (decode_audio(str(clip)), silence)]), 2)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((whole * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def alone(sound: Path) -> list[Block]:
    """The blocks of one process that hears one after another."""
    engine, voices = opened(CHOICE)
    found: list[Block] = []
    while block := next_block(sound, found[-1].end if found else 0.0, engine, voices):
        found.append(block)
    assert len(found) >= 3 and all(block.words for block in found)
    return found


@pytest.fixture(scope="module")
def generator() -> str:
    engine, voices = opened(CHOICE)
    return f"{engine.generator}+{voices.generator}"


def test_holes_left_by_a_kill_are_filled_and_nothing_is_heard_twice(
        sound: Path, alone: list[Block], generator: str) -> None:
    kept: list[Block] = []
    here = Here()
    found = hear_all(sound, [alone[1], alone[-1]], Crew(here, 2), CHOICE, generator, kept.append)
    assert found == alone
    in_order = sorted(kept, key=lambda block: block.start)  # kept as they come: the short ones are done first
    assert in_order == [block for block in alone if block not in (alone[1], alone[-1])]


def test_a_machine_with_another_engine_is_refused(sound: Path, generator: str) -> None:
    with pytest.raises(crew.OtherEngine):
        hear_all(sound, [], Crew(Here(), 1), CHOICE, f"{generator}.2", lambda block: None)


class Here(crew.Executor):
    """Hears at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def scheduler(home: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A cluster of two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=None, host="127.0.0.1") as local:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", local.scheduler_address, "--no-nanny",
                   "--no-dashboard", "--nthreads", "1"]
        workers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        try:
            with distributed.Client(local, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=120)
            yield local.scheduler_address, workers
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


def test_a_cluster_whose_worker_is_killed_hears_the_same(
        sound: Path, alone: list[Block], generator: str, scheduler: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = scheduler
    kept: list[Block] = []

    def keep(block: Block) -> None:
        if not kept:
            workers[0].kill()
        kept.append(block)

    with crew.cluster(address) as hands:
        assert hear_all(sound, [], hands, CHOICE, generator, keep) == alone
    assert workers[0].wait(10) != 0 and workers[1].poll() is None
    assert len(kept) == len(alone)


def test_no_cluster_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(crew, "PATIENCE", 1.0)
    with pytest.raises(crew.NoCluster) as told, crew.cluster("tcp://127.0.0.1:9"):
        pass
    assert "127.0.0.1:9" in explain(told.value)


def test_a_bad_file_does_not_stop_the_others(db: Database, home: Path, sound: Path, tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "processes", lambda count: _Hands(Crew(Here(), 2)))
    folder, out = tmp_path / "bản ghi", tmp_path / "kết quả"
    (folder / "xã A").mkdir(parents=True)
    (folder / "hỏng.mp3").write_bytes(b"not sound")
    (folder / "xã A" / "họp.wav").write_bytes(sound.read_bytes())
    (folder / "ghi chú.txt").write_text("không phải âm thanh", encoding="utf-8")
    said: list[tuple[float, str]] = []
    failed = batch.transcribe_folder(db, home, folder, out, Engine(), lambda *news: said.append(news))
    assert [path.name for path, _ in failed] == ["hỏng.mp3"]
    assert {path.relative_to(out).as_posix() for path in out.rglob("*.*")} == {
        "xã A/họp.wav.jsonl", "xã A/họp.wav.txt"}
    assert [share for share, _ in said] == sorted(share for share, _ in said) and said[-1][0] == 1.0
    assert any("họp.wav (2/2)" in message for _, message in said)


class _Hands:
    def __init__(self, hands: Crew) -> None:
        self._hands = hands

    def __enter__(self) -> Crew:
        return self._hands

    def __exit__(self, *_: object) -> None:
        return None


def test_several_processes_killed_and_started_again_hear_what_one_hears(
        home: Path, sound: Path, alone: list[Block], tmp_path: Path) -> None:
    folder, out = tmp_path / "bản ghi", tmp_path / "kết quả"
    folder.mkdir()
    (folder / "a.wav").write_bytes(sound.read_bytes())
    arguments = ("batch", folder, "--workers", "2", "--out", out)
    process = subprocess.Popen([sys.executable, "-m", "ui.cli", *map(str, arguments)], stderr=subprocess.DEVNULL)
    with open_store(home) as db:
        while process.poll() is None and not db["blocks"].count:
            time.sleep(0.1)
        process.kill()
        process.wait()
        assert 0 < db["blocks"].count < len(alone), "the test killed nothing: make the sound longer"
    (folder / "hỏng.wav").write_bytes(b"not sound")
    again = run(*arguments)
    assert again.returncode == 1 and "hỏng.wav" in again.stderr and "Traceback" not in again.stderr
    assert (out / "a.wav.jsonl").read_text(encoding="utf-8") == as_jsonl(utterances(alone))
    assert (out / "a.wav.txt").read_text(encoding="utf-8") == as_text(utterances(alone))
