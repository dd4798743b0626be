"""Names of the meeting where the recogniser, unsure, wrote what sounds like them.

Vietnamese has syllables that many speakers pronounce alike («rãnh», «rảnh»; «vàng», «dàn» in the
south; «lông», «nông» in the north), and the recogniser knows nothing of who lives in a commune. A
stretch of words becomes a name only if the name has as many syllables, each that differs sounds
alike and was heard with little confidence, and one at least was heard as it is. Where two names fit
nothing is changed, nor where the last syllable is a given name that people have («Chung», for
«Trung»): nobody is to be called by an official's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.records import Word
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import spelled
from transcribe.wording.lists import words as word_list
from transcribe.wording.sounds import alike, sound

UNSURE = 0.75
"""Confidence of a word from which on it is never changed."""
_GIVEN = word_list("names", "given")


def corrected(words: Sequence[Word], glossary: Glossary) -> list[Word]:
    """The words with names of the glossary where they were misheard; as many words, with the same times."""
    result: list[Word] = []
    while len(result) < len(words):
        at = len(result)
        name = _misheard(words[at:at + glossary.longest], glossary)
        result += [replace(word, word=syllable) for word, syllable in zip(words[at:at + len(name)], name, strict=True)]
        if not name:
            result.append(words[at])
    return result


def _misheard(words: Sequence[Word], glossary: Glossary) -> tuple[str, ...]:
    """The one name that these words begin with if it was misheard, else nothing."""
    if all(word.confidence >= UNSURE for word in words):
        return ()
    heard = [spelled(word.word) for word in words]
    candidates = [name for name in glossary.by_sound.get(sound(heard[0]), ()) if _sounds_alike(heard, name)]
    longest = [name for name in candidates if len(name) == len(candidates[0])]
    return longest[0] if len(longest) == 1 and _may_become(words[:len(longest[0])], longest[0]) else ()


def _sounds_alike(heard: Sequence[str], name: tuple[str, ...]) -> bool:
    return len(heard) >= len(name) and all(map(alike, heard, name))


def _may_become(words: Sequence[Word], name: tuple[str, ...]) -> bool:
    others = [word for word, syllable in zip(words, name, strict=True) if spelled(word.word) != syllable]
    is_other_name = others[-1:] == [words[-1]] and spelled(words[-1].word) in _GIVEN
    return 0 < len(others) < len(name) and all(word.confidence < UNSURE for word in others) and not is_other_name
