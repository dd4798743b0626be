"""What a log tells of an error: where it happened and of what kind, never the words in it.

The message of an exception may hold a name, a text that somebody typed or the name of a file.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    def formatException(self, ei: Raised) -> str:  # noqa: N802, the name that `logging` calls
        return "\n".join(_told(ei[1])) if ei[1] else ""


def _told(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    number = f" (errno {error.errno})" if isinstance(error, OSError) else ""
    frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return [*(_told(before) if before else []), *frames, f"{type(error).__qualname__}{number}"]


def log_discreetly() -> None:
    """For the process of the pages, whose log goes to the terminal."""
    own = logging.getLogger("doithoai")
    if not own.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(Discreet(FORMAT))
        own.addHandler(handler)
        own.propagate = False
