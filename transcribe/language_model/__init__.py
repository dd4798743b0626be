"""The syllables of Vietnamese and how they follow one another; README.md tells where they come from."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from transcribe.decoding import BLANK, WORD_START
from transcribe.language_model.hot_words import HotWords, Standing

FOLDER = Path(__file__).parent
WEIGHT = 0.6
"""What the 4-gram counts beside the sound, both in natural logarithms."""
WORD_BONUS = 3.0
"""Every word costs probability; this gives some back, or short words would be left out."""
OPEN_PRICE = 6.0
"""What a word outside the lexicon costs beside its probability as an unknown word."""
UNSAID_PRICE = 2.0
"""Guess for a word that is not yet spelled to its end."""
_UNKNOWN = "<unk>"


class _Ended(NamedTuple):
    """Words that are complete: what stands for them in the 4-gram, its score, and that of hot words."""

    state: Any
    score: float
    standing: Standing

    @property
    def total(self) -> float:
        return self.score + self.standing.hoped


class Prefix:
    """A sequence of tokens: a node in the tree of all that were looked at.

    `total` is the score of its words, with the one under way as far as it goes; `closed` the same
    if that word ends here. `spelling` are the tokens of that word, `before` the words before it.
    Without a `parent` the prefix is where a decoder begins or has settled everything before.
    """

    __slots__ = ("before", "children", "closed", "ended", "parent", "spelling", "token", "total")

    def __init__(self, parent: Prefix | None, token: int, spelling: tuple[int, ...], before: _Ended,
                 ended: _Ended) -> None:
        self.parent = parent
        self.token = token
        self.spelling = spelling
        self.before = before
        self.ended = ended
        self.closed = self.total = ended.total
        self.children: dict[int, Prefix | None] = {}

    @property
    def opens_word(self) -> bool:
        return len(self.spelling) == 1


class LanguageModel:
    """Scores sequences of tokens with a syllable 4-gram (KenLM), and the spellings of its words."""

    def __init__(self, tokens: list[str], hot_words: Iterable[str] = ()) -> None:
        """`tokens` is the vocabulary by number; `hot_words` are phrases that are likely in this meeting.

        Raises ImportError where flashlight-text is not installed.
        """
        from flashlight.lib.text.decoder.kenlm import KenLM
        from flashlight.lib.text.dictionary import Dictionary

        self._tokens = tokens
        number = {token: index for index, token in enumerate(tokens)}
        lines = (FOLDER / "lexicon.txt").read_text(encoding="utf-8").splitlines()
        entries = [line.split("\t") for line in lines]
        self._words = {tuple(number[piece] for piece in spelling.split()): word for word, spelling in entries}
        self._beginnings = {spelling[:end] for spelling in self._words for end in range(1, len(spelling))}
        dictionary = Dictionary([*dict.fromkeys(self._words.values()), _UNKNOWN])
        self._index = {word: dictionary.get_index(word) for word in (*self._words.values(), _UNKNOWN)}
        self.hot_words = HotWords(hot_words, common=self._index)
        # KenLM takes no letter outside the code page in a folder's name on Windows: it gets the bare name.
        with contextlib.chdir(FOLDER):
            self._ngram = KenLM("vi_syllables_4gram.bin", dictionary)

    def start(self) -> Prefix:
        """Nothing said yet."""
        nothing = _Ended(self._ngram.start(False), 0.0, Standing())
        return Prefix(None, BLANK, (), nothing, nothing)

    def extended(self, prefix: Prefix, token: int) -> Prefix | None:
        """The prefix with one token more; None for a token that would go on with no word."""
        if token not in prefix.children:
            prefix.children[token] = self._grown(prefix, token)
        return prefix.children[token]

    def text(self, prefix: Prefix) -> str:
        """The last word of a prefix."""
        return self._words.get(prefix.spelling) or self._spelled(prefix.spelling)

    def _grown(self, prefix: Prefix, token: int) -> Prefix | None:
        opens = self._tokens[token].startswith(WORD_START)
        if not opens and not prefix.spelling:
            return None
        spelling = (token,) if opens else (*prefix.spelling, token)
        before = prefix.ended if opens else prefix.before
        child = Prefix(prefix, token, spelling, before, self._with_word(before, spelling))
        if self._goes_on(spelling):
            child.total = max(child.closed, before.total - UNSAID_PRICE)
        return child

    def _with_word(self, before: _Ended, spelling: tuple[int, ...]) -> _Ended:
        word = self._words.get(spelling)
        text = word or self._spelled(spelling)
        state, log10 = self._ngram.score(before.state, self._index[word or _UNKNOWN])
        known = word or text in self.hot_words.words
        score = before.score + WEIGHT * math.log(10) * log10 + (WORD_BONUS if known else -OPEN_PRICE)
        return _Ended(state, score, self.hot_words.after(before.standing, text))

    def _goes_on(self, spelling: tuple[int, ...]) -> bool:
        """Whether more tokens can make it a word."""
        return spelling in self._beginnings or self._spelled(spelling) in self.hot_words.beginnings

    def _spelled(self, spelling: tuple[int, ...]) -> str:
        return "".join(self._tokens[token] for token in spelling).removeprefix(WORD_START)
