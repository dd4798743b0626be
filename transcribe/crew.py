"""Many hands for one recording: its blocks recognised by several processes, or by a cluster.

The sound is cut here, with speech detection only, and each block goes out with its samples: whoever
hears it needs the weights but no file of ours. A block comes out the same wherever it was heard, so
those done before, in any order and by anyone, are kept.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import NoCluster, OtherEngine
from transcribe.blocks import Block, Cut, hear, next_cut
from transcribe.engine import Engine, open_engine
from transcribe.sound import read_bytes, samples_of
from transcribe.voices import VoiceModel

PATIENCE = 30.0
"""Seconds to wait for the scheduler of a cluster."""


@dataclass(frozen=True)
class Choice:
    """Which engine is to hear: its name, for Whisper a model, for VietASR phrases that are likely."""

    name: str = "vietasr"
    model: str | None = None
    hot_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crew:
    """Who hears, and how many blocks are given out at once."""

    executor: Executor
    at_once: int


@contextmanager
def processes(count: int) -> Iterator[Crew]:
    """`count` processes on this machine, each with one thread; they end with this one, however it ends."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, initializer=_end_with_parent) as executor:
        try:
            yield Crew(executor, 2 * count)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def cluster(scheduler: str) -> Iterator[Crew]:
    """The Dask cluster at `scheduler` ("tcp://…"); what a worker that dies had in hand is done again by others.

    Raises NoCluster when dask.distributed is not installed or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NoCluster(scheduler, "missing") from error
    try:
        client: Any = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NoCluster(scheduler, "unreachable") from error
    with client:
        threads = sum(client.nthreads().values())
        # A block has no outcome but its words, so that it may be given out again as often as workers die.
        yield Crew(client.get_executor(pure=False), 2 * max(threads, 1))


def hear_all(sound: Path, done: Collection[Block], crew: Crew, choice: Choice, generator: str,
             keep: Callable[[Block], None]) -> list[Block]:
    """All blocks of a 16 kHz mono WAV file, in order; those of `done` are not heard again.

    `keep` is given each newly heard block as soon as it is there, in any order. Raises BadSound, and
    OtherEngine when somebody hears with another engine or version than `generator`.
    """
    known = {block.start: block for block in done}
    found: list[Block] = []
    under_way: set[Future[tuple[str, Block]]] = set()

    def collect(at_most: int) -> None:
        while len(under_way) > at_most:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                under_way.remove(future)
                made_by, block = future.result()
                if made_by != generator:
                    raise OtherEngine(made_by, generator)
                keep(block)
                found.append(block)

    try:
        start = 0.0
        while block_or_cut := known.get(start) or next_cut(sound, start):
            start = block_or_cut.end
            if isinstance(block_or_cut, Block):
                found.append(block_or_cut)
                continue
            data = read_bytes(sound, block_or_cut.start, block_or_cut.end)
            under_way.add(crew.executor.submit(hear_one, data, block_or_cut, choice))
            collect(crew.at_once - 1)
        collect(0)
    finally:
        for future in under_way:
            future.cancel()
    return sorted(found, key=lambda block: block.start)


def hear_one(data: bytes, cut: Cut, choice: Choice) -> tuple[str, Block]:
    """Who heard, and what; done in a process of the crew, which opens the engine once."""
    engine, voices = opened(choice)
    return f"{engine.generator}+{voices.generator}", hear(samples_of(data), cut, engine, voices)


@lru_cache(maxsize=1)
def opened(choice: Choice) -> tuple[Engine, VoiceModel]:
    """The engine and the voices of this process, with one thread: figures do not depend on the machine's cores."""
    return open_engine(choice.name, choice.model, 1, choice.hot_words), VoiceModel(threads=1)


def _end_with_parent() -> None:
    """Ends this process when the one that started it was killed: nobody else would."""
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
