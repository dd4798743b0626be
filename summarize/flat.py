"""One view of a text for both of its forms: as written, and as a recogniser hears it.

A flat text is lower case, without punctuation, one space between words, so that a cue phrase
is one regular expression whichever form it is met in. Every word keeps its characters in the
original, and where sentences and clauses end, if the text says so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summarize.mishearing import understood

WORD = re.compile(r"\d+(?:[.,/:]\d+)+|[^\W_]+(?:['’][^\W_]+)?|[²³%]", re.UNICODE)
SENTENCE_END = re.compile(r"[.!?…;]")
CLAUSE_END = re.compile(r"[,:–—\n]")

# Both ways of placing the tone mark are in use; cues are written in the older one.
NEW_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}
NEW_STYLE_END = re.compile("(?<!q)(" + "|".join(NEW_STYLE) + r")\b")


@dataclass(frozen=True)
class Word:
    """A word of a flat text: its characters in the flat text and in the original."""

    flat: int
    start: int
    end: int
    ends_sentence: bool
    ends_clause: bool
    is_capital: bool
    ends_question: bool = False


@dataclass(frozen=True, eq=False)
class Flat:
    """A flat text with its words. Equal only to itself, so that what is found in it can be remembered cheaply."""

    original: str
    text: str
    words: tuple[Word, ...]

    def at(self, position: int) -> int:
        """The number of the word that holds this position of the flat text."""
        return bisect_right(self._places, position) - 1

    @cached_property
    def _places(self) -> list[int]:
        return [word.flat for word in self.words]

    @cached_property
    def as_said(self) -> list[str]:
        """The folded words without what was taken for a misheard cue: names are no cues."""
        return [fold_word(self.original[word.start:word.end]) for word in self.words]

    @cached_property
    def is_punctuated(self) -> bool:
        """Whether the text says where its sentences end."""
        return any(word.ends_sentence for word in self.words[:-1])

    def between(self, first: int, last: int) -> str:
        """The flat text of the words [first, last)."""
        if first >= last:
            return ""
        end = self.words[last].flat - 1 if last < len(self.words) else len(self.text)
        return self.text[self.words[first].flat:end]

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Where the words [first, last), with the punctuation that closes them, lie in the original."""
        start, end = self.words[first].start, self.words[last - 1].end
        closing = re.match(r"[.!?…]+", self.original[end:])
        return start, end + (closing.end() if closing else 0)

    def after(self, word: int) -> str:
        """The characters between a word and the next one."""
        end = self.words[word + 1].start if word + 1 < len(self.words) else len(self.original)
        return self.original[self.words[word].end:end]

    def has_question_mark(self, first: int, last: int) -> bool:
        """Whether one of the words [first, last) ends a question in writing."""
        return any(word.ends_question for word in self.words[first:last])


@lru_cache(maxsize=8192)
def flatten(text: str) -> Flat:
    """The flat view of a text. Positions refer to the text as given.

    Remembered, because while a meeting goes on the same texts are looked at over and over.
    """
    words, parts, length = [], [], 0
    found = list(WORD.finditer(text))
    for i, match in enumerate(found):
        after = text[match.end():found[i + 1].start() if i + 1 < len(found) else len(text)]
        ends_sentence = bool(SENTENCE_END.search(after))
        words.append(Word(length, match.start(), match.end(), ends_sentence,
                          ends_sentence or bool(CLAUSE_END.search(after)), match[0][0].isupper(), "?" in after))
        parts.append(understood(fold_word(match[0])))
        length += len(parts[-1]) + 1
    return Flat(text, " ".join(parts), tuple(words))


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Lower case, tone mark in the older place."""
    word = unicodedata.normalize("NFC", word.lower())
    return NEW_STYLE_END.sub(lambda match: NEW_STYLE[match[0]], word)
