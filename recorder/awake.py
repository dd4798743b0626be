"""Keeps the machine from falling asleep while it records, where the platform allows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

logging.getLogger("wakepy").setLevel(logging.WARNING)  # it tells at length what a machine cannot do
log = logging.getLogger("doithoai.recorder")


@contextmanager
def awake() -> Iterator[bool]:
    """Holds off sleep inside; yields whether the platform agreed. The screen may go dark. Never raises."""
    with ExitStack() as stack:
        yield _held(stack)


def _held(stack: ExitStack) -> bool:
    try:
        from wakepy import keep

        held = stack.enter_context(keep.running(on_fail="pass")).active
    except Exception:  # whatever is wrong with it, the recording goes on
        log.exception("cannot hold off sleep")
        held = False
    log.info("sleep held off: %s", held)
    return bool(held)
