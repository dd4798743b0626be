"""Learns where new matters begin, from examples of our own, and stores what was learned.

    python benchmarks/openings.py [--write] [--without=NAME,NAME]

Turns are put together at random from `summarize/spoken_examples.tsv` (one matter a line), the longer stories of
`benchmarks/data/meetings.tsv` and `summarize/spoken_other.tsv` (thanks, praise, introductions), with and without
connecting words and punctuation; the dialogues of `tests/data` that may be learned from are added, but not those after
--without; those of NEVER_LEARNED are in no training. --write stores the weights. Nothing is measured here: weights
stored without some dialogues show in `benchmarks/questions.py` how well they do where they saw nothing.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import learned_from
from benchmarks.meetings import Written, written
from benchmarks.storing import store
from summarize.cues import says
from summarize.flat import Flat, flatten
from summarize.introductions import find_name
from summarize.openings import VERSION, all_features, matter_features

ROOT = Path(__file__).parents[1]
TURNS, LONG_TURNS = 700, 3000
STORIES = 600  # of the written meetings, among what puts a matter
CONNECTORS = (
    "Với lại", "Rồi", "Còn", "Thứ hai là", "Ý thứ hai,", "Cái nữa là", "Còn một chuyện nữa là", "Thêm nữa,",
    "Ngoài ra", "Tôi hỏi thêm", "Tôi cũng muốn nói", "Còn cái chuyện", "Nhân đây", "Rồi tới", "À, còn",
    "Tôi nói tiếp,", "Việc khác,", "Vấn đề nữa là", "Một cái nữa,", "Tôi muốn biết", "Bên cạnh đó",
    "Mà nói thêm", "Còn bà con xóm tôi thì", "Chưa hết,", "Cũng ở ấp tôi,", "Tiện đây tôi nói luôn,", "Về",
    "Đối với")
INTRODUCTION = 12  # words that may introduce who speaks
BARE = 0.5  # share of matters that follow without any connecting word
OFTEN = 4  # times a feature is met in training
STRENGTH, SMALLEST = 1.0, 0.02
SHORTEST = 4  # words of a turn that teaches
REPEATED = 4  # how often a real turn counts against a made-up one


@dataclass(frozen=True)
class Labelled:
    """A citizen's turn, the words with which its parts begin, and which parts put a matter."""

    flat: Flat
    begins: frozenset[int]
    matters: frozenset[tuple[int, int]] = frozenset()


def main() -> None:
    rows, other = read_examples("spoken_examples.tsv"), read_examples("spoken_other.tsv")
    chance = random.Random(7)
    made = [*made_up(rows, other, chance), *of_meetings(other, chance)]
    without = [name for argument in sys.argv if argument.startswith("--without=") for name in argument[10:].split(",")]
    own = {folder.name: list(of_dialogue(folder)) for folder in learned_from()
           if folder.name.removeprefix("dialogue_") not in without}
    opening = learn(_rows([*made, *[turn for turns in own.values() for turn in turns] * REPEATED]))
    told = [text for _, text in rows] + chance.sample(list(plainly_asked()), STORIES)
    matter = learn(_matters(told, [text for _, text in other], [turn for turns in own.values() for turn in turns]))
    if "--write" in sys.argv:
        store("openings", VERSION, "spoken_examples.tsv, spoken_other.tsv, meetings.tsv and dialogues",
              {"opening": opening, "matter": matter})
        print(len(opening), len(matter), "weights")


def read_examples(name: str) -> list[tuple[str, str]]:
    with (ROOT / "summarize" / name).open(encoding="utf-8") as file:
        return [(row[0], row[1]) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def made_up(rows: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]],
            chance: random.Random) -> Iterator[Labelled]:
    """Turns of one to four matters with what people say around them."""
    said = {kind: [text for row, text in other if row == kind] for kind, _ in other}
    for _ in range(TURNS):
        parts = [chance.choice(said["intro"])]
        if chance.random() < 0.3:
            parts.append(chance.choice(said[chance.choice(("thanks", "praise", "rhetoric"))]))
        for i, (_, text) in enumerate(chance.sample(list(rows), chance.choice((1, 1, 2, 2, 3, 4)))):
            parts.append(linked(text, chance) if i else text)
            if chance.random() < 0.08:
                parts.append(chance.choice(said["rhetoric"]))
        parts.append(chance.choice(said[chance.choice(("farewell", "thanks", "private"))]))
        yield labelled(parts, chance.random() < 0.35)


def of_meetings(other: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[Labelled]:
    """Turns of what was asked at one of the written meetings: long stories, in which no other matter begins."""
    said = {kind: [text for row, text in other if row == kind] for kind, _ in other}
    meetings = [list(plainly_asked([meeting])) for meeting in written()]
    for _ in range(LONG_TURNS):
        asked = chance.choice(meetings)
        parts = [chance.choice(said["intro"])] if chance.random() < 0.5 else []
        for i, text in enumerate(chance.sample(asked, min(len(asked), chance.choice((1, 1, 2, 2, 3))))):
            parts.append(linked(text, chance) if i else text)
        if chance.random() < 0.3:
            parts.append(chance.choice(said[chance.choice(("farewell", "thanks"))]))
        yield labelled(parts, chance.random() < 0.35)


def plainly_asked(meetings: Sequence[Written] | None = None) -> Iterator[str]:
    """What was asked at written meetings without saying who asks."""
    return (one.question for meeting in meetings or written() for one in meeting.asked if not introduces(one.question))


def introduces(text: str) -> bool:
    """Whether it begins with who speaks: nobody says so amid a turn."""
    flat = flatten(text)
    return find_name(flat) is not None or says("introduced_by", flat.between(0, INTRODUCTION))


def linked(text: str, chance: random.Random) -> str:
    return text if chance.random() < BARE else f"{chance.choice(CONNECTORS)} {text[0].lower()}{text[1:]}"


def labelled(parts: Sequence[str], is_written: bool) -> Labelled:
    """The turn and the words with which its parts begin."""
    begins, length, texts = set(), 0, []
    for part in parts:
        if length:
            begins.add(length)
        texts.append(part if is_written else re.sub(r"[.,?!;:]", "", part).lower())
        length += len(flatten(texts[-1]).words)
    return Labelled(flatten(" ".join(texts)), frozenset(begins))


def of_dialogue(folder: Path) -> Iterator[Labelled]:
    """The citizens' utterances of a dialogue, in both forms, with the words where its questions begin.

    Those without a question teach as well: insisting, thanking and agreeing begin nothing.
    """
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    for form in ("written", "heard"):
        lines = (folder / f"{form}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        said = [row["text"] for row in rows]
        citizens = {speaker for speaker, role in gold.get("roles", {}).items() if role == "citizen"}
        spans: dict[int, list[tuple[int, int]]] = {i: [] for i, row in enumerate(rows) if row["speaker"] in citizens}
        for question in gold["questions"]:
            for span in question["spans"]:
                spans.setdefault(span["utterance"], []).append(tuple(span[form]))
        for i, places in spans.items():
            flat = flatten(said[i])
            if len(flat.words) < SHORTEST:
                continue
            starts = [match.start() for match in re.finditer(r"\S+", said[i])]
            found = {(_word(flat, starts, first), _word(flat, starts, last)) for first, last in places}
            begins = {at for span in found for at in span if 0 < at < len(flat.words)}
            yield Labelled(flat, frozenset(begins), frozenset(found))


def _word(flat: Flat, starts: Sequence[int], token: int) -> int:
    """The word of the flat text at which a word of the gold file (split at spaces) begins."""
    if token >= len(starts):
        return len(flat.words)
    return next((n for n, word in enumerate(flat.words) if word.start >= starts[token]), len(flat.words))


def learn(labelled_rows: tuple[list[dict[str, float]], np.ndarray]) -> dict[str, float]:
    """Feature to weight, of features met often enough."""
    rows, wanted = labelled_rows
    seen = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([
        {name: value for name, value in row.items() if seen[name] >= OFTEN} for row in rows])
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=1e-3, fit_intercept=False).fit(table, wanted)
    return {name: round(float(weight), 3) for name, weight in zip(
        vectorizer.get_feature_names_out(), model.coef_[0], strict=True) if abs(weight) >= SMALLEST}


def _matters(told: Sequence[str], other: Sequence[str],
             turns: Sequence[Labelled]) -> tuple[list[dict[str, float]], np.ndarray]:
    """Stretches that put a matter and such that do not: before and after the questions of a turn."""
    said = [(flatten(text).text, True) for text in told] + [(flatten(text).text, False) for text in other] * 3
    for turn in turns:
        cuts = sorted(turn.begins | {0, len(turn.flat.words)})
        said += [(turn.flat.between(a, b), (a, b) in turn.matters) for a, b in pairwise(cuts)]
    return [dict(matter_features(text)) for text, _ in said], np.array([is_matter for _, is_matter in said])


def _rows(turns: Sequence[Labelled]) -> tuple[list[dict[str, float]], np.ndarray]:
    found = [(dict(features), i in turn.begins) for turn in turns
             for i, features in enumerate(all_features(turn.flat)) if i]
    return [row for row, _ in found], np.array([is_beginning for _, is_beginning in found])


if __name__ == "__main__":
    main()
