"""Which syllables sound alike in some part of the country, and so to a recogniser."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from transcribe.wording.line import spelled

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TILDE, _HOOK = "\u0303", "\u0309"
_ALIKE = [(re.compile(pattern), sound) for pattern, sound in (
    # Two spellings of one sound.
    ("^ngh", "ng"), ("^gh", "g"), ("^k(?!h)", "c"), ("^quy$", "cui"), ("^qu", "cu"), ("(?<![aâu])y", "i"),
    ("^gi$", "di"), ("^giê", "diê"),
    # Said alike somewhere in the country.
    ("^gi|^v", "d"), ("^l", "n"), ("^s", "x"), ("^tr", "ch"), ("âu$", "au"), ("oai$", "ai"), ("u[ôơ]", "u"),
    ("ênh$", "inh"), ("anh$", "ăn"), ("ach$", "ăt"), ("ôc$", "oc"), ("ông$", "ong"), ("ng$", "n"), ("c$", "t"),
)]


def alike(one: str, other: str) -> bool:
    """Whether two syllables sound alike in some part of the country: «vàng», «giàn»."""
    return sound(one) == sound(other)


@cache
def sound(syllable: str) -> str:
    """One spelling, with its tone at the end, for all syllables that sound alike."""
    letters = unicodedata.normalize("NFD", spelled(syllable))
    tone = "".join(letter for letter in letters if letter in _TONES).replace(_TILDE, _HOOK)
    bare = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    for pattern, same in _ALIKE:
        bare = pattern.sub(same, bare)
    return bare + tone
