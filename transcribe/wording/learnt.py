"""How likely a mark stands between two words, learned from written dialogues.

The rules of `sentences.py` and `commas.py` know the turns of speech that somebody thought of; most
gaps are shown by nothing but the words around them. Each word, pair and triple near a gap is a
feature with two weights, for a full stop and for any mark; the sums are log-odds. The weights
(`stops.json`) are learned by `benchmarks/stops.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from transcribe.wording.cardinals import DIGITS, SCALES, TENS, UNITS_OF_TENS
from transcribe.wording.compounds import binds
from transcribe.wording.line import Line
from transcribe.wording.lists import words

_NUMBERS = frozenset({*DIGITS, *TENS, *UNITS_OF_TENS, *SCALES, "mười", "phẩy", "rưỡi"})
_TITLES = words("names", "titles")
_FAR = 4
"""How many words on each side are looked at."""


class Odds(NamedTuple):
    """Log-odds that a sentence ends at a gap, and that any mark stands there."""

    end: float
    mark: float


def odds(line: Line, people: Mapping[int, int], weighed: Mapping[int, float]) -> dict[int, Odds]:
    """The log-odds of every gap in `weighed` (see `sentences.gaps`); `people` are names of persons."""
    known, bias = _weights()
    ends_of_names = frozenset(people.values())
    found = {}
    for position, weight in weighed.items():
        end, mark = bias
        for name, value in features(line, position, people, ends_of_names, weight):
            if learned := known.get(name):
                end += learned.end * value
                mark += learned.mark * value
        found[position] = Odds(end, mark)
    return found


def features(line: Line, position: int, people: Collection[int], ends_of_names: Collection[int],
             weight: float) -> Iterator[tuple[str, float]]:
    """What is seen at the gap before `position`: the words around it and what the rules weigh it at."""
    said = {place: line[position + place] for place in range(-_FAR, _FAR)}
    kind = {place: _kind(word) for place, word in said.items()}
    yield from ((f"{place}:{said[place]}", 1.0) for place in (-3, -2, -1, 0, 1, 2))
    yield from ((f"{places[0]}:{' '.join(kind[place] for place in places)}", 1.0) for places in _TOGETHER)
    yield from ((f"next:{kind[place]}", 1.0) for place in range(_FAR))
    yield from ((f"before:{kind[place]}", 1.0) for place in range(-_FAR, 0))
    yield from ((f"binds:{near}", 1.0) for near in (-1, 0, 1) if binds(line, position + near))
    if position in ends_of_names:
        yield "behind a name", 1.0
    if position in people:
        yield "before a name", 1.0
    yield f"from the beginning:{min(position, 6)}", 1.0
    yield f"to the end:{min(len(line) - position, 4)}", 1.0
    yield "rules", max(-2.0, min(2.0, weight / 2))
    if weight > 0:
        yield "rules end it", 1.0


_TOGETHER = ((-2, -1), (0, 1), (-1, 0), (-3, -2, -1), (0, 1, 2), (-1, 1), (-2, 0))


def _kind(word: str) -> str:
    """Numbers and titles are alike whichever they are."""
    return "#" if word in _NUMBERS else "@" if word in _TITLES else word


@cache
def _weights() -> tuple[dict[str, Odds], Odds]:
    stored = json.loads(files("transcribe.wording").joinpath("stops.json").read_text(encoding="utf-8"))
    return {name: Odds(*pair) for name, pair in stored["weights"].items()}, Odds(*stored["bias"])
