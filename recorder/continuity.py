"""Are all frames there? What was received is held against the clock.

Frames that came late have not been lost: after a pause of the machine they arrive in a burst. So a
standstill leaves a doubt of a third of a second: either the burst comes, or the frames are lost. A
gap is believed, too, when *every* block of the last second came later than the frames before it
allow (`PATIENCE`, `TOLERANCE`), or at once when the sound system itself reports an overflow, or when
a stream was opened anew. A device whose clock runs a little fast or slow (`DRIFT`) loses nothing and
is followed. The device's own time stamps are not asked: behind PulseAudio they were seen to jump by
0.6 s while every sample was there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

DOUBT = 0.35
"""Seconds after a standstill in which late frames may still come; less than a kill may cost."""
PATIENCE = 1.0
"""Seconds for which all blocks must be late before frames count as lost."""
TOLERANCE = 0.08
"""Seconds of lateness that a loaded machine shows without losing anything."""
FLAGGED_TOLERANCE = 0.02
"""Seconds of lateness that are believed when an overflow was reported."""
SETTLING = 2.0
"""Seconds after the start of a stream in which its usual lateness is learnt."""
STEP = 0.05
DRIFT = 500e-6
"""Seconds per second by which a device's clock may differ from ours: cheap crystals stay below 200e-6."""


@dataclass(frozen=True)
class Arrival:
    """So many frames reached us at `clock`; `overflow` when the sound system says some before them were dropped."""

    clock: float
    frames: int
    overflow: bool = False


class Continuity:
    """Follows one stream of frames at `rate` Hz.

    `due` is the clock time at which its first frame should have been heard when it goes on where
    another stream broke off, else None.
    """

    def __init__(self, rate: float, due: float | None = None) -> None:
        self._rate, self._due = rate, due
        self._origin: float | None = None
        self._opened = 0.0
        self._usual = 0.0
        self._frames = 0
        self._recent: deque[tuple[float, float]] = deque()
        self._last = 0.0
        self._doubt: tuple[float, float] | None = None

    @property
    def end(self) -> float | None:
        """The clock time of the end of all that was received and filled; None before the first block."""
        return None if self._origin is None else self._origin + self._usual + self._frames / self._rate

    @property
    def in_doubt(self) -> bool:
        """Whether it will only show with the next blocks if some are missing before the last ones."""
        return self._doubt is not None

    def missing(self, block: Arrival) -> int:
        """Takes a block into account and returns how many frames are missing.

        They are missing before this block, or before the first of those that were in doubt.
        """
        missing = self._before_first(block) if self._origin is None else 0
        late = self._lateness(block)
        self._remember(block.clock, late)
        lost = self._lost(block, late)
        if lost:
            self._recent.clear()  # from here on the frames are counted anew
        self._frames += lost + block.frames
        self._last = block.clock
        return missing + lost

    def _before_first(self, block: Arrival) -> int:
        heard = block.clock - block.frames / self._rate
        self._origin, self._opened = heard if self._due is None else self._due, block.clock
        self._frames = max(0, round((heard - self._origin) * self._rate))
        return self._frames

    def _lateness(self, block: Arrival) -> float:
        """Seconds by which the block came later than the first did, frames counted."""
        assert self._origin is not None
        return block.clock - self._origin - (self._frames + block.frames) / self._rate

    def _remember(self, at: float, late: float) -> None:
        """Keeps the least lateness of each twentieth of the last second."""
        if self._recent and at - self._recent[-1][0] < STEP:
            since, least = self._recent.pop()
            self._recent.append((since, min(least, late)))
        else:
            self._recent.append((at, late))
            self._learn_what_is_usual(at)
        while self._recent[0][0] < at - PATIENCE:
            self._recent.popleft()

    def _learn_what_is_usual(self, at: float) -> None:
        """Quickly at first, then no faster than a clock drifts."""
        if at - self._opened < SETTLING:
            self._usual = min(self._usual, self._least())
        elif len(self._recent) > 1:
            possible = DRIFT * min(PATIENCE, at - self._recent[-2][0])
            self._usual += max(-possible, min(possible, self._least() - self._usual))

    def _least(self) -> float:
        return min(late for _, late in self._recent)

    def _lost(self, block: Arrival, late: float) -> int:
        """Frames that are believed lost before this block."""
        self._wonder(block, late)
        watched_long_enough = block.clock - self._recent[0][0] > 0.9 * PATIENCE
        excess = 0.0
        if block.overflow and late - self._usual > FLAGGED_TOLERANCE:
            excess = late - self._usual
        elif self._doubt and block.clock - self._doubt[0] > DOUBT:
            excess = self._doubt[1] - self._usual
        elif watched_long_enough and self._least() - self._usual > TOLERANCE:
            excess = self._least() - self._usual
        if excess:
            self._doubt = None
        return round(excess * self._rate)

    def _wonder(self, block: Arrival, late: float) -> None:
        """A standstill begins a doubt, frames that catch up end it."""
        if late - self._usual <= TOLERANCE:
            self._doubt = None
        elif self._doubt:
            self._doubt = self._doubt[0], min(self._doubt[1], late)
        elif self._last and block.clock - self._last > TOLERANCE:
            self._doubt = block.clock, late
