"""What makes an utterance doubtful. It is only flagged: whoever listens decides, nothing is taken out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice, takewhile
from operator import itemgetter

from models.records import Word
from transcribe.inventions import holds_invention
from transcribe.speech import Stretch

UNSURE = 0.75
"""Mean confidence of the words below which the recogniser was unsure."""
FASTEST = 9.0
"""Syllables in a second of speech that nobody says; quick readers reach 6."""
SLOWEST = 1.5
"""Syllables in a second of speech below which words are likely missing; slow speakers say 3."""
LEAST_WORDS = 5
"""Words from which on a rate can be judged."""
LEAST_SPEECH = 4.0
"""Seconds of speech from which on too few words can be told."""
LEAST_SHARE = 0.5
"""Share of the time of words in which speech must be detected; below it they come from music or noise."""
_LOOP = re.compile(
    r"(?:^| )(?:(\S+)(?: \1){5,}|(\S+(?: \S+){1,11}?)(?: \2){3,}|(\S+(?: \S+){4,19}?)(?: \3){2,})(?= |$)")
"""One word six times, a few words four times, a whole clause three times, without anything between:
«vâng vâng vâng» and telephone numbers with four noughts are no loops."""


def doubts(words: Sequence[Word], speech: Sequence[Stretch], until: float) -> tuple[str, ...]:
    """The flags of one utterance.

    `speech` holds all detected speech near it, in seconds, and `until` is where the next utterance
    begins. "low_confidence": the recogniser was unsure. "invention": a phrase that recognisers make up.
    "loop": the same words over and over. "too_fast", "too_slow": more or fewer syllables than people say
    in a second of speech, the speech behind the last word counted for "too_slow". "noise": words where
    no speech was detected, as in music. Without `speech` the last three are not judged.
    """
    heard = " ".join(word.word for word in words)
    start, end = words[0].start, words[-1].end
    found = {
        "low_confidence": sum(word.confidence for word in words) / len(words) < UNSURE,
        "invention": holds_invention(heard),
        "loop": is_loop(heard),
    }
    if speech:
        spoken = seconds_within(speech, start, end)
        found |= {
            "too_fast": _is_too_fast(len(words), max(spoken, LEAST_SHARE * (end - start))),
            "too_slow": _is_too_slow(len(words), seconds_within(speech, start, max(end, until))),
            "noise": spoken < LEAST_SHARE * (end - start),
        }
    return tuple(flag for flag, holds in found.items() if holds)


def is_loop(heard: str) -> bool:
    """Whether the same words come over and over, as from a recogniser that is caught in a loop."""
    return _LOOP.search(heard.lower()) is not None


def _is_too_fast(syllables: int, spoken: float) -> bool:
    return syllables >= LEAST_WORDS and syllables > FASTEST * spoken


def _is_too_slow(syllables: int, spoken: float) -> bool:
    return spoken >= LEAST_SPEECH and syllables < SLOWEST * spoken


def seconds_within(speech: Sequence[Stretch], start: float, end: float) -> float:
    """Seconds of speech, whose stretches are in order, between `start` and `end`."""
    first = bisect_right(speech, start, key=itemgetter(1))
    near = takewhile(lambda stretch: stretch[0] < end, islice(speech, first, None))
    return sum(min(stop, end) - max(begin, start) for begin, stop in near)
