"""Which dialogues programs here learn from, and which only measure them.

Every script that learns takes its dialogues from here, so that none of them meets what the tests hold as unseen.
Those of `benchmarks/data/dialogues` serve for nothing but learning, those of `benchmarks/data/unseen` for nothing but
measuring; of `tests/data` all but the named ones are learned from.
The shared evaluation dialogues lie elsewhere and are never learned from.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.records import Span, Utterance

ROOT = Path(__file__).parents[1]
DIALOGUES = ROOT / "tests" / "data" / "dialogues"
ROLES = ROOT / "tests" / "data" / "roles.tsv"
ONLY_LEARNED = ROOT / "benchmarks" / "data" / "dialogues"
ONLY_MEASURED = ROOT / "benchmarks" / "data" / "unseen"
NEVER_LEARNED = ("khmer", "nghe", "u1", "u2", "u3", "u4", "v1", "v2", "v3", "v4")


def learned_from() -> list[Path]:
    """The folders to learn from, by name."""
    return [folder for folder in _folders() if _name(folder) not in NEVER_LEARNED]


def unseen() -> list[Path]:
    """The folders that nothing was learned from."""
    return [*unseen_in_tests(), *sorted(ONLY_MEASURED.iterdir())]


def measured() -> list[Path]:
    """All folders on which benchmarks measure: those that tests use, and those that nothing was learned from."""
    return sorted({*DIALOGUES.iterdir(), *unseen()})


def unseen_in_tests() -> list[Path]:
    """Those of them on which tests measure."""
    return [folder for folder in _folders() if _name(folder) in NEVER_LEARNED]


def roles_in(folder: Path) -> dict[str, str]:
    """Speaker to role, from the gold file or `tests/data/roles.tsv`."""
    with ROLES.open(encoding="utf-8") as file:
        own = {row["speaker"]: row["role"] for row in csv.DictReader(file, delimiter="\t")
               if row["dialogue"] == folder.name}
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    roles: dict[str, str] = own or gold.get("roles", {})
    return roles


def matched(gold: dict[str, Any], found: Sequence[Sequence[Span]], said: Sequence[Utterance],
            form: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The questions of a gold file that were found, each with which of the found ones it is (spans of utterances).

    They share half of the gold question's words and three tenths of the found one's, as the scorer has it.
    """
    optional = _gold_words(gold["optional"], form)
    wanted = [_gold_words(question["spans"], form) - optional for question in gold["questions"]]
    words = [{(span.utterance, i) for span in spans for i in words_in(said[span.utterance].text, span)} - optional
             for spans in found]
    pairs = sorted(((len(a & b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(words)
                    if a and b and len(a & b) >= 0.5 * len(a) and len(a & b) >= 0.3 * len(b)), reverse=True)
    taken: set[int] = set()
    given: set[int] = set()
    for _, i, j in pairs:
        if i not in given and j not in taken:
            given.add(i)
            taken.add(j)
            yield gold["questions"][i], j


def _gold_words(spans: Sequence[dict[str, Any]], form: str) -> set[tuple[int, int]]:
    return {(span["utterance"], i) for span in spans for i in range(*span[form])}


def owners(questions: Sequence[dict[str, Any]], form: str) -> dict[tuple[int, int], str]:
    """For each word of a gold file's questions (utterance, word) the question that it belongs to."""
    return {word: question["id"] for question in questions for word in _gold_words(question["spans"], form)}


def words_in(text: str, span: Span) -> Iterator[int]:
    """The numbers of the words of an utterance's text that lie in a span."""
    return (i for i, word in enumerate(re.finditer(r"\S+", text))
            if word.end() > span.start and word.start() < span.end)


def _folders() -> list[Path]:
    return sorted([*DIALOGUES.iterdir(), *ONLY_LEARNED.iterdir()], key=_name)


def _name(folder: Path) -> str:
    return folder.name.removeprefix("dialogue_")
