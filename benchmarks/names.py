"""How well misheard names are put right, and how often a name is put where none was said.

    python -m benchmarks.names EVALUATION

EVALUATION is the folder with `meetings/` and `audio/`. In the dialogues of `meetings/`, 20 % of the
syllables are replaced by one that sounds alike (seeded; vowels, endings, initials and tones as in
several parts of the country); those and 5 % of the others are given little confidence. The names are
what the secretary types in beforehand and the hamlets and people that the written dialogue names.
The spliced meetings of `audio/` are recognised as they are, with the same names of both dialogues and
500 names of communes in which nothing of what was read occurs but by chance.

names heard     Names of two and more syllables that occur in the dialogue, and how many of them are
                heard right before and after.
changed         Words that were changed, and how many of those are wrong afterwards.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.wording import recognised, texts
from models.meeting_file import read_meeting
from models.records import Word
from transcribe.utterances import utterances
from transcribe.voices import VoiceModel
from transcribe.wording.corrections import corrected
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Line, Phrases
from transcribe.wording.lists import units
from transcribe.wording.sounds import sound
from transcribe.wording.wording import introduced

MISHEARD, DOUBTED = 0.2, 0.05


def main() -> None:
    evaluation = Path(sys.argv[1])
    chance = random.Random(4)
    everything = Glossary({}, frozenset())
    for folder in sorted(path.parent for path in evaluation.glob("meetings/*/heard.jsonl")):
        known = Glossary.of_meeting(read_meeting(folder / "meeting.yaml"))
        said = texts(folder / "heard.jsonl")
        for text in said:
            known |= introduced(text)
        everything |= known
        print_dialogue(folder.name, [text.split() for text in said], known, chance)
    communes = chance.sample(sorted(units()["xã"]), 500)
    print_sound(evaluation, everything | Glossary.of(names=communes))


def print_dialogue(name: str, said: list[list[str]], known: Glossary, chance: random.Random) -> None:
    alike: dict[str, list[str]] = {}
    for word in sorted({word for words in said for word in words}):
        alike.setdefault(sound(word), []).append(word)
    heard = [[misheard(word, alike, chance) for word in words] for words in said]
    fixed = [corrected(words, known) for words in heard]
    total = sum(names_in(words, words, known) for words in said)
    before, after = (sum(names_in(said[at], [word.word for word in words], known) for at, words in enumerate(form))
                     for form in (heard, fixed))
    changed = [(new.word, right) for one, two, words in zip(heard, fixed, said, strict=True)
               for old, new, right in zip(one, two, words, strict=True) if old != new]
    print(f"{name:20} names heard {total:4}: {before:4} before, {after:4} after; "
          f"{len(changed):4} changed, {sum(new != right for new, right in changed)} wrong")


def misheard(word: str, alike: dict[str, list[str]], chance: random.Random) -> Word:
    """The word, or one that sounds alike."""
    others = [other for other in (*alike[sound(word)], *variants(word)) if other != word]
    if others and chance.random() < MISHEARD:
        return Word(chance.choice(others), 0.0, 0.0, chance.uniform(0.3, 0.7))
    return Word(word, 0.0, 0.0, 0.5 if chance.random() < DOUBTED else 0.95)


def variants(word: str) -> list[str]:
    """Other spellings that `sound` takes for the same."""
    changes = (("ng", "n"), ("n", "ng"), ("t", "c"), ("c", "t"), ("s", "x"), ("x", "s"), ("tr", "ch"), ("ch", "tr"),
               ("v", "d"), ("d", "v"), ("l", "n"), ("n", "l"), ("ả", "ã"), ("ã", "ả"), ("ộ", "ọ"), ("ầ", "à"))
    found = {word.replace(old, new, 1) for old, new in changes if old in word}
    found |= {word[:-len(old)] + new for old, new in changes if word.endswith(old)}
    return sorted(other for other in found if sound(other) == sound(word))


def names_in(said: list[str], heard: list[str], known: Glossary) -> int:
    """How many names that were said are heard as they were said."""
    names, line = Phrases([name for name in known.written if " " in name]), Line(said)
    spans = [(at, names.end(line, at)) for at in range(len(said))]
    return sum(said[start:end] == heard[start:end] for start, end in spans if end)


def print_sound(evaluation: Path, known: Glossary) -> None:
    for path in sorted(evaluation.glob("audio/meetings/*.flac")):
        words = [word for utterance in utterances(recognised(path, VoiceModel(threads=1))) for word in utterance.words]
        fixed = corrected(words, known)
        changed = [f"{old.word}→{new.word}" for old, new in zip(words, fixed, strict=True) if old != new]
        doubted = sum(word.confidence < 0.75 for word in words)
        print(f"{path.stem:20} {len(words)} words, {doubted} unsure, {len(known.written)} names: "
              f"{len(changed)} changed {' '.join(changed)}")
        assert [replace(new, word=old.word) for old, new in zip(words, fixed, strict=True)] == words


if __name__ == "__main__":
    main()
