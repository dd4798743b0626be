"""Phrases likelier in this meeting than in the language at large: names of officials, hamlets, projects."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import NamedTuple

BOOST = 2.0
"""What each word of a phrase earns (natural logarithm); taken back when the phrase is not said to its end."""
_END = ""
_Tree = dict[str, "_Tree"]


class _Place(NamedTuple):
    """How far a phrase has been said: what may follow, and how many words."""

    tree: _Tree
    words: int


class Standing(NamedTuple):
    """What some words have earned for good, and the phrases under way behind them."""

    earned: float = 0.0
    places: tuple[_Place, ...] = ()

    @property
    def hoped(self) -> float:
        """What was earned, and the longest phrase under way as far as it goes."""
        return self.earned + BOOST * max((place.words for place in self.places), default=0)


class HotWords:
    """Follows phrases through words. A syllable of `common` alone is no phrase: it is said everywhere."""

    def __init__(self, phrases: Iterable[str] = (), common: Collection[str] = ()) -> None:
        spelled = {tuple(_plain(phrase).split()) for phrase in phrases}
        kept = sorted(words for words in spelled if len(words) > 1 or (words and words[0] not in common))
        self.words = {word for words in kept for word in words}
        self.beginnings = {word[:end] for word in self.words for end in range(1, len(word))}
        self.digest = hashlib.sha256(repr(kept).encode()).hexdigest()[:12] if kept else ""
        """Changes with the phrases; empty without any."""
        self._tree: _Tree = {}
        for words in kept:
            tree = self._tree
            for word in (*words, _END):
                tree = tree.setdefault(word, {})

    def after(self, before: Standing, word: str) -> Standing:
        """The standing with one word more."""
        places = (*before.places, _Place(self._tree, 0))
        begun = tuple(_Place(place.tree[word], place.words + 1) for place in places if word in place.tree)
        ended = max((place.words for place in begun if _END in place.tree), default=0)
        # A phrase within a longer one earns only once.
        return Standing(before.earned + BOOST * ended) if ended else Standing(before.earned, begun)


def _plain(phrase: str) -> str:
    return re.sub(r"[\W\d_]+", " ", unicodedata.normalize("NFC", phrase).lower())
