"""Why a voice is taken for somebody: the words in which they say who they are, or are called to speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from summarize.cues import cue
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.roles import Speaker
from summarize.turns import Turn

AROUND = 12
"""Words quoted on each side of the name."""


class Why(StrEnum):
    """From strong to weak."""

    CONFIRMED = "confirmed"
    INTRODUCED = "introduced"
    CALLED = "called"
    TALK = "talk"


@dataclass(frozen=True)
class Reason:
    """What a suggestion rests on, with the words it rests on where there are such."""

    why: Why
    quote: str = ""


def reason(speaker: Speaker, spoken: Sequence[Turn], flats: Sequence[Flat]) -> Reason:
    """Why the speaker's voice is taken for who they are taken for."""
    if not speaker.name:
        return Reason(Why.TALK)
    name = flatten(speaker.name).text
    if flatten(speaker.label).text == name:
        return Reason(Why.CONFIRMED)
    own = (flat for turn, flat in zip(spoken, flats, strict=True) if turn.speaker == speaker.label)
    for why, texts, sign in ((Why.INTRODUCED, own, re.escape(name)),
                             (Why.CALLED, _calls(speaker.label, spoken, flats), _called(name))):
        for flat in texts:
            if match := re.search(rf"(?<!\S)(?:{sign})(?!\S)", flat.text):
                return Reason(why, _quote(flat, match.start(), match.end()))
    return Reason(Why.TALK)


def _calls(label: str, spoken: Sequence[Turn], flats: Sequence[Flat]) -> Iterator[Flat]:
    """What others said right before the speaker spoke, if it called somebody."""
    pairs = zip(pairwise(spoken), flats, strict=False)
    return (flat for (before, after), flat in pairs
            if after.speaker == label != before.speaker and "mời " in flat.text)


def _called(name: str) -> str:
    """The full name, or a title with the given name («mời anh Bảo»)."""
    return f"{re.escape(name)}|{cue('title').pattern} {re.escape(given_name(name))}"


def _quote(flat: Flat, start: int, end: int) -> str:
    """The words of the original around these characters of the flat text."""
    first, last = max(flat.at(start) - AROUND, 0), min(flat.at(end - 1) + 1 + AROUND, len(flat.words))
    words = flat.original[flat.words[first].start:flat.words[last - 1].end]
    return f"{'… ' if first else ''}{words}{' …' if last < len(flat.words) else ''}"
