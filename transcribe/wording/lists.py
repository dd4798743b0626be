"""The word lists of this package, kept in TOML files so that they can be read and added to."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from transcribe.wording.line import Phrases, spelled


def words(file: str, name: str) -> frozenset[str]:
    """A list of single words, written with spaces between them."""
    return frozenset(spelled(word) for word in _lists(file)[name].split())


def phrases(file: str, name: str) -> Phrases:
    """A list of phrases of any length."""
    return Phrases(_lists(file)[name])


def entries(file: str, name: str) -> list[str]:
    """A list of phrases just as they stand in the file."""
    return list(_lists(file)[name])


def table(file: str, name: str) -> dict[str, str]:
    """Phrases as heard, each with its written form."""
    return {" ".join(map(spelled, heard.split())): written for heard, written in _lists(file)[name].items()}


@cache
def _lists(file: str) -> dict[str, Any]:
    return tomllib.loads(files("transcribe.wording").joinpath(f"{file}.toml").read_text(encoding="utf-8"))


def weights(file: str, name: str) -> dict[str, float]:
    """Phrases, each with what it weighs."""
    return {" ".join(map(spelled, phrase.split())): float(weight) for phrase, weight in _lists(file)[name].items()}


def units() -> dict[str, list[str]]:
    """The names of administrative units by kind («xã», «tỉnh»), those of before 1 July 2025 too."""
    names: dict[str, list[str]] = {}
    text = files("transcribe.wording").joinpath("units.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, before, since = line.split("\t")
            for kind in set(filter(None, f"{before}, {since}".split(", "))):
                names.setdefault(kind, []).append(name)
    return names
