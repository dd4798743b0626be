"""Transcripts as they come wrong: words misheard, and utterances given to somebody else.

Misheard is a share of the words, replaced by what sounds alike. The confusions are those
common in Vietnamese speech (dz/gi/v, hỏi and ngã, final n/ng and t/c, s/x, tr/ch, oai/ai); a word that none of
them changes loses or changes its tone mark.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from models.records import Utterance

HOOK, TILDE = "\u0309", "\u0303"
TONES = ("", "\u0300", "\u0301", HOOK, TILDE, "\u0323")
SOUNDS = ((r"^(gi|v)(?=[^\W\d_])", "d"), (r"^d(?=[^\W\d_])", "v"), (r"^tr", "ch"), (r"^ch", "tr"),
          (r"^s", "x"), (r"^x", "s"),
          (r"ng$", "n"), (r"(?<!n)n$", "ng"), (r"nh$", "n"), (r"c$", "t"), (r"t$", "c"), (r"oai$", "ai"), (r"uô", "u"))


def misheard(text: str, share: float, seed: int) -> str:
    """The text with about this share of its words replaced; as many words as before."""
    chance = random.Random(f"{seed}/{share}/{text}")
    return re.sub(r"\S+", lambda match: _confused(match[0], chance) if chance.random() < share else match[0], text)


def _confused(word: str, chance: random.Random) -> str:
    if not word.isalpha():
        return word
    found = [changed for sound, other in SOUNDS if (changed := re.sub(sound, other, word)) != word]
    letters = unicodedata.normalize("NFD", word)
    found += [_composed(letters.replace(a, b)) for a, b in ((HOOK, TILDE), (TILDE, HOOK)) if a in letters]
    return chance.choice(found or [_other_tone(letters, chance)])


def _other_tone(letters: str, chance: random.Random) -> str:
    has = next((tone for tone in TONES[1:] if tone in letters), "")
    if has:
        return _composed(letters.replace(has, chance.choice([tone for tone in TONES if tone != has])))
    plain = _composed(letters)
    vowel = re.search(r"[aeiouyăâêôơư]", plain)
    if vowel is None:
        return plain
    return _composed(plain[:vowel.end()] + chance.choice(TONES[1:]) + plain[vowel.end():])


def _composed(letters: str) -> str:
    return unicodedata.normalize("NFC", letters)


def mixed_up(said: Sequence[Utterance], seed: int = 0) -> list[Utterance]:
    """A tenth of the utterances given to another speaker of the meeting."""
    chance = random.Random(5 + seed)
    labels = sorted({utterance.speaker for utterance in said})
    return [replace(utterance, speaker=chance.choice(labels)) if chance.random() < 0.1 else utterance
            for utterance in said]
