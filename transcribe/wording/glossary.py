"""The names that are known before and during a meeting, and how they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.records import Meeting
from transcribe.wording.compounds import binds
from transcribe.wording.line import Line, Phrases, as_heard, spelled
from transcribe.wording.names import name_end
from transcribe.wording.sounds import sound


@dataclass(frozen=True)
class Glossary:
    """Written forms by their heard words («suối cạn»: «Suối Cạn»), and given names of people."""

    written: Mapping[str, str]
    given: frozenset[str]

    @classmethod
    def of(cls, texts: Collection[str] = (), names: Collection[str] = ()) -> Glossary:
        """The names in `texts` («Hội nghị đối thoại xã Lộc Phước»), and `names` just as they stand."""
        runs = [name for text in texts for name in _capitalised(text)]
        whole = [name for name in names if name != name.lower()]
        people = [name for name in [*runs, *whole] if _is_person(name)]
        long_given = [" ".join(name.split()[-2:]) for name in people if _has_long_given(name)]
        return cls({as_heard(name): name for name in [*long_given, *runs, *whole]}, frozenset(map(_given, people)))

    @classmethod
    def of_meeting(cls, meeting: Meeting) -> Glossary:
        """What the secretary typed in: officials with their titles, the glossary, names in title, place and topics."""
        texts = [meeting.title, meeting.place, *(topic.name for topic in meeting.topics), *meeting.glossary]
        people = [name for person in meeting.officials for name in (person.name, person.title)]
        return cls.of(texts, [*people, *meeting.glossary])

    def __or__(self, other: Glossary) -> Glossary:
        """Both together; where they differ the first decides."""
        if not other.written.keys() - self.written.keys() and other.given <= self.given:
            return self
        return Glossary({**other.written, **self.written}, self.given | other.given)

    def end(self, line: Line, start: int) -> int:
        """Where the longest name that begins at `start` ends; 0 when none does."""
        return self._phrases.end(line, start) or 0

    @property
    def as_written(self) -> tuple[str, ...]:
        """The names as they are written, in order: what a recogniser listens for."""
        return tuple(sorted(self.written.values()))

    @cached_property
    def by_sound(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The syllables of names that have several, by the sound of the first; the longest names first."""
        names: dict[str, list[tuple[str, ...]]] = {}
        for name in sorted(self.written, key=lambda name: -len(name.split())):
            if len(syllables := tuple(name.split())) > 1:
                names.setdefault(sound(syllables[0]), []).append(syllables)
        return names

    @cached_property
    def longest(self) -> int:
        """How many syllables the longest name has."""
        return max((len(name.split()) for name in self.written), default=1)

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.written)


NOTHING = Glossary({}, frozenset())


def _capitalised(text: str) -> Iterator[str]:
    """The runs of two or more words with capitals, or the whole text if it is one word."""
    run: list[str] = []
    for word in [*text.replace("–", " – ").split(), ""]:
        bare = word.strip(".,;:()[]«»\"")
        if bare[:1].isupper():
            run.append(bare)
        if run and (not bare[:1].isupper() or bare != word):
            if len(run) > 1 or run[0] == text:
                yield " ".join(run)
            run = []


def _is_person(name: str) -> bool:
    line = Line(name.split())
    return len(line) >= 3 and name_end(Line(["tên", *name.split()]), 1) is not None


def _has_long_given(name: str) -> bool:
    """Whether two syllables are the given name («Danh Thị Sa Rây»), and no everyday word («Hòa Bình»)."""
    return len(name.split()) >= 4 and not binds(Line(name.split()[-2:]), 1)


def _given(name: str) -> str:
    return spelled(name.split()[-1])
