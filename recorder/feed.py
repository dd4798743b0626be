"""Which source feeds the stream. PulseAudio and PipeWire put another in the place of a microphone that is unplugged,
or is no longer the default, while the stream goes on as if nothing had happened: sound comes, but from elsewhere.

The server is asked every 0.7 s through `pactl`. The stream is moved back as soon as its own source is there. Where
there is no such server, as on Windows and macOS, a stream stays with its device or ends with it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from recorder.desk import Shared
from recorder.writer import Writer

LOOK_EVERY = 0.7
MOVE_EVERY = 5.0
"""Seconds between two attempts to move the stream back: whoever moves it away again is not fought."""
ANSWER = 5.0

log = logging.getLogger("doithoai.recorder")


@dataclass(frozen=True)
class Source:
    """A source of the sound server: `name` lasts, `index` is new each time it appears."""

    index: int
    name: str
    description: str


@contextmanager
def fed_as_opened(shared: Shared, writer: Writer) -> Iterator[None]:
    """Watches inside what feeds the stream, where there is a server to be asked."""
    feed = Feed(shared, writer)
    if shutil.which("pactl"):
        feed.start()
    try:
        yield
    finally:
        feed.close()


class Feed(threading.Thread):
    """Remembers the source that fed the stream when a person chose the device, and holds on to it."""

    def __init__(self, shared: Shared, writer: Writer) -> None:
        super().__init__(name="feed", daemon=True)
        self._shared, self._writer = shared, writer
        self._closed = threading.Event()
        self._chosen = 0
        self._own: Source | None = None
        self._moved = -MOVE_EVERY

    def close(self) -> None:
        self._closed.set()

    def run(self) -> None:
        while not self._closed.wait(LOOK_EVERY):
            try:
                self._look()
            except (OSError, ValueError, KeyError, subprocess.SubprocessError):  # no server, or one that just went
                log.debug("cannot ask the sound server", exc_info=True)

    def _look(self) -> None:
        chosen, own = self._shared.chosen, self._own
        stream = newest_stream()
        if stream is None:
            return
        output, index = stream
        if own and chosen == self._chosen and index == own.index:
            return self._is_fed_by("")
        there = sources()
        current = next((source for source in there if source.index == index), None)
        if current is None:
            return
        if own is None or chosen != self._chosen or current.name == own.name:
            self._own, self._chosen = current, chosen
            self._writer.note("fed", by=current.description)
            return self._is_fed_by("")
        self._is_fed_by(current.description)
        self._move_back(output, own, there)

    def _move_back(self, output: int, own: Source, there: list[Source]) -> None:
        now = self._shared.clock()
        if now - self._moved >= MOVE_EVERY and any(source.name == own.name for source in there):
            self._moved = now
            log.info("moving the stream back to %s", own.name)
            _ask("move-source-output", str(output), own.name)
            self._look()

    def _is_fed_by(self, other: str) -> None:
        """Tells when it changes; empty stands for the own source."""
        if other != self._shared.fed_by:
            self._shared.fed_by = other
            own = self._own.description if self._own else ""
            self._writer.note("strayed" if other else "returned", to=other or own)


def newest_stream() -> tuple[int, int] | None:
    """The newest stream that this process records, and the index of the source that feeds it."""
    ours = [(stream["index"], stream["source"]) for stream in _list("source-outputs")
            if stream["properties"].get("application.process.id") == str(os.getpid())]
    return max(ours, default=None)


def sources() -> list[Source]:
    return [Source(source["index"], source["name"], source["description"]) for source in _list("sources")]


def _list(what: str) -> list[dict[str, Any]]:
    found = json.loads(_ask("-f", "json", "list", what))
    return [row for row in found if isinstance(row, dict)]


def _ask(*words: str) -> bytes:
    """What pactl answers. Raises OSError and subprocess.SubprocessError."""
    return subprocess.run(["pactl", *words], capture_output=True, check=True, timeout=ANSWER, stdin=subprocess.DEVNULL,
                          env=os.environ | {"LC_ALL": "C.UTF-8"}).stdout
