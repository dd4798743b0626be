"""Words that sound alike are one word to whoever looks for cues.

A recogniser writes «dậy» for «vậy», «xả» for «xã», «tiếp thô» for «tiếp thu»: initial d/gi/v, tr/ch
and s/x, final n/ng and t/c, hỏi and ngã are told apart by hardly any dialect. A word that is no
cue itself and sounds like one is taken for the commonest that it sounds like.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache, lru_cache
from importlib import resources

import yaml

HOOK, TILDE = "\u0309", "\u0303"
SHORTEST = 3  # letters
NAMES = {"surnames", "middle_names", "name_ends", "not_a_name", "points_at", "counts_something"}
ALIKE = ((r"^(?:gi|v|d)(?=[^\W\d_])", "z"), (r"^tr", "ch"), (r"^s", "x"), (r"ng$", "n"), (r"c$", "t"))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a lower-case word sounds to a speaker of any dialect."""
    letters = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).replace(HOOK, TILDE))
    for pattern, same in ALIKE:
        letters = re.sub(pattern, same, letters)
    return letters


def understood(word: str) -> str:
    """The cue word that a lower-case word stands for, or the word itself."""
    known, by_sound = _vocabulary()
    if word in known or len(word) < SHORTEST:
        return word
    return by_sound.get(sound(word), word)


@cache
def _vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    """All words of the cue lists and the catalogue, and for each sound the commonest cue word.

    The words of outcomes stay what they are, but nothing is taken for them: replies are judged by sounds anyway.
    """
    cues = yaml.safe_load(resources.files("summarize").joinpath("phrases.yaml").read_text(encoding="utf-8"))
    plain = "".join(resources.files("summarize").joinpath(name).read_text(encoding="utf-8").lower()
                    for name in ("catalogue.yaml", "outcomes.yaml"))
    of_cues = Counter(word for name, phrases in cues.items() if name not in NAMES
                      for phrase in phrases for word in _words(re.sub(r"\\.|\{[a-z_]+\}", " ", phrase)))
    known = set(of_cues) | {word for name in NAMES for word in cues[name]} | set(_words(plain))
    alike: dict[str, list[str]] = defaultdict(list)
    for word in sorted(known):
        alike[sound(word)].append(word)
    likeliest = {key: max(words, key=lambda word: of_cues[word]) for key, words in alike.items()}
    return frozenset(known), {key: word for key, word in likeliest.items()
                              if of_cues[word] and len(word) >= SHORTEST}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
