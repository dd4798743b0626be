"""The cue phrases of `phrases.yaml` and `outcomes.yaml`, each list as one regular expression over flat text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

import yaml

from summarize.flat import flatten


@cache
def _lists() -> dict[str, list[str]]:
    return _read("phrases.yaml") | _read("outcomes.yaml")


@cache
def outcome_groups() -> tuple[str, ...]:
    """The names of the lists that speak for what became of a question."""
    return tuple(_read("outcomes.yaml"))


@cache
def _read(name: str) -> dict[str, list[str]]:
    text = resources.files("summarize").joinpath(name).read_text(encoding="utf-8")
    lists: dict[str, list[str]] = yaml.safe_load(text)
    return lists


@cache
def cue(name: str) -> re.Pattern[str]:
    """The expression that finds any phrase of the list `name`, whole words only.

    In a phrase `…` stands for up to eight words, `#` for a number, and `{name}` for the phrases of
    another list.
    """
    phrases = sorted(_lists()[name], key=len, reverse=True)
    return re.compile(r"(?<!\S)(?:" + "|".join(_expression(phrase) for phrase in phrases) + r")(?!\S)")


@cache
def words(name: str) -> frozenset[str]:
    """The list `name` as a set of single words."""
    return frozenset(_lists()[name])


def _expression(phrase: str) -> str:
    phrase = re.sub(r"\{([a-z_]+)\}", lambda match: _any_of(match[1]), phrase)
    phrase = phrase.replace(" … ", r"(?: \S+){0,8}? ").replace("#", NUMBER)
    return phrase


def _any_of(name: str) -> str:
    return "(?:" + "|".join(_expression(phrase) for phrase in _lists()[name]) + ")"


UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
         "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}
NUMBER_WORD = "(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|trăm|nghìn|ngàn|linh|lẻ|rưỡi)"
NUMBER = rf"(?:\d[\d.,/:]*|{NUMBER_WORD}(?: {NUMBER_WORD})*)"


@lru_cache(maxsize=65536)
def says(name: str, flat_text: str) -> bool:
    """Whether the flat text holds a phrase of the list. Remembered, as while a meeting goes on all is asked again."""
    return cue(name).search(flat_text) is not None


@lru_cache(maxsize=65536)
def phrase_in(name: str, flat_text: str) -> str:
    """The first phrase of the list that the flat text holds, or nothing. Remembered, too."""
    found = cue(name).search(flat_text)
    return found[0] if found else ""


def count(name: str, flat_text: str) -> int:
    """How many phrases of the list the flat text holds."""
    return sum(1 for _ in cue(name).finditer(flat_text))


@lru_cache(maxsize=8192)
def strip_fillers(text: str) -> str:
    """The text without greetings and politeness, which say nothing of its matter."""
    flat = flatten(text)
    return " ".join(cue("fillers").sub(" ", flat.text).split())
