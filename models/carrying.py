"""A corrected line carried over to what quotes it: the same words in a question, the same stretches in the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

SHORTEST = 2
"""Words that must agree in a row before a stretch counts as a quotation."""

Change = tuple[int, int, list[str]]
"""Words [first, last) of a text, and what stands there from now on."""


def carried(quote: str, before: str, after: str) -> str:
    """The text `quote`, which repeats stretches of `before`, with the changes that made it `after`.

    Words that `quote` does not share with `before` stay as they are.
    """
    if quote == before:
        return after
    quoted, old, new = quote.split(), before.split(), after.split()
    places = _places(old, quoted)
    changes = [change for tag, i1, i2, j1, j2 in _matcher(old, new).get_opcodes() if tag != "equal"
               if (change := _change(places, i1, i2, new[j1:j2]))]
    for first, last, words in reversed(changes):
        quoted[first:last] = words
    return " ".join(quoted) if changes else quote


def carried_stretch(start: int, end: int, before: str, after: str) -> tuple[int, int]:
    """Where the characters [start, end) of `before` stand in `after`; a changed word counts as a whole."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    at_old, at_new = _offsets(old), _offsets(new)
    first, last = (0 if start == 0 else None), (len(after) if end >= len(before) else None)
    for tag, i1, i2, j1, j2 in _matcher(old, new).get_opcodes():
        low, high = at_old[i1], at_old[i2]
        if first is None and low <= start < high:
            first = at_new[j1] + (start - low if tag == "equal" else 0)
        if last is None and low < end <= high:
            last = at_new[j1] + end - low if tag == "equal" else at_new[j2]
    first = len(after) if first is None else first
    return first, max(first, 0 if last is None else last)


def _places(old: Sequence[str], quoted: Sequence[str]) -> dict[int, int]:
    """Which word of the quotation each word of the line is, where enough of them agree in a row."""
    blocks = _matcher(old, quoted).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks if block.size >= min(SHORTEST, len(old), len(quoted))
            for i in range(block.size)}


def _change(places: dict[int, int], first: int, last: int, words: list[str]) -> Change | None:
    """The change of the line's words [first, last) in the quotation; None where it does not hold all of them."""
    if first == last:
        at = places[first - 1] + 1 if first - 1 in places else places.get(first)
        return None if at is None else (at, at, words)
    there = [places.get(i) for i in range(first, last)]
    begin = there[0]
    if begin is None or there != list(range(begin, begin + last - first)):
        return None
    return begin, begin + last - first, words


def _offsets(tokens: Sequence[str]) -> list[int]:
    found = [0]
    for token in tokens:
        found.append(found[-1] + len(token))
    return found


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, old, new, autojunk=False)
