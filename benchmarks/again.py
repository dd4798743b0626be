"""Learns whether who speaks again puts a new matter, prints how well that is told, and stores what was learned.

    python benchmarks/again.py [--write]

Learned from `benchmarks/data/again.tsv` (presses, thanks or new; question, reply, what its asker says next) and from
the citizens of the dialogues that `benchmarks/dialogues.py` names who speak again, in both forms. Printed is what is
kept of what is new and of what is not: of dialogues left out of what was learned (by groups) and of those never learned
from. --write stores the weights.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import learned_from, owners, unseen, words_in
from benchmarks.storing import store
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Span
from summarize.again import LIKELY_NEW, VERSION, chance, features
from summarize.cutting import Part, cut
from summarize.flat import Flat, flatten
from summarize.roles import Role, speakers
from summarize.turns import in_utterances, turns

FILE = Path(__file__).parent / "data" / "again.tsv"
FORMS = ("written", "heard")
STRENGTH = 0.3  # of the regression: the less, the smaller the weights
FOLDS = 6
OWN = 0.4  # share of a part's words in questions begun here, from which on it is new

Told = tuple[dict[str, float], bool]
"""The features of what somebody says again, and whether it is new."""


def main() -> None:
    written, known = list(read_examples()), [list(of_dialogue(folder)) for folder in learned_from()]
    apart = [judged for fold in range(FOLDS) for judged in _judged(
        [one for dialogue in known[fold::FOLDS] for one in dialogue],
        learn([*written, *(one for i, dialogue in enumerate(known) if i % FOLDS != fold for one in dialogue)]))]
    weights = learn([*written, *(one for dialogue in known for one in dialogue)])
    print("left out:", _told(apart))
    never = [one for folder in unseen() for one in of_dialogue(folder)]
    print("never learned from:", _told(list(_judged(never, weights))))
    if "--write" in sys.argv:
        store("again", VERSION, "again.tsv and dialogues", {"weights": weights})


def read_examples() -> Iterator[Told]:
    """The written examples."""
    with FILE.open(encoding="utf-8") as file:
        for kind, *texts in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            asked, replied, said = (flatten(text).text for text in texts)
            yield dict(features(said, asked, replied)), kind == "new"


def of_dialogue(folder: Path) -> Iterator[Told]:
    """What citizens of a dialogue say who have asked before, unless they count or link it; in both forms."""
    meeting = read_meeting(folder / "meeting.yaml")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    for form in FORMS:
        said = read_transcript(folder / f"{form}.jsonl")
        spoken = turns(said)
        flats = [flatten(turn.text) for turn in spoken]
        known, owner = speakers(spoken, flats, meeting), owners(gold["questions"], form)
        before: dict[str, tuple[int, str]] = {}
        for i, (turn, flat) in enumerate(zip(spoken, flats, strict=True)):
            if known[turn.speaker].role != Role.CITIZEN:
                continue
            at, asked = before.get(turn.speaker, (i, ""))
            begun = {question["id"] for question in gold["questions"]
                     if question["spans"][0]["utterance"] in {piece.utterance for piece in turn.pieces}}
            parts = cut(flat)
            for part in parts if asked else ():
                if part.opening not in ("link", "ordinal"):
                    spans = in_utterances([Span(i, *flat.characters(part.first, part.last))], spoken)
                    ids = [owner.get((span.utterance, word)) for span in spans
                           for word in words_in(said[span.utterance].text, span)]
                    between = " ".join(other.text for other in flats[at + 1:i])
                    yield (dict(features(flat.between(part.first, part.last), asked, between)),
                           sum(id_ in begun for id_ in ids) >= OWN * len(ids))
            if parts:
                before[turn.speaker] = (i, f"{asked} {_matters(flat, parts)}".strip())


def _matters(flat: Flat, parts: Sequence[Part]) -> str:
    return " ".join(flat.between(part.first, part.last) for part in parts)


def learn(told: Sequence[Told]) -> dict[str, float]:
    """The weights under which what is right is likeliest."""
    vectorizer = DictVectorizer(sparse=False)
    table = vectorizer.fit_transform([row for row, _ in told])
    model = LogisticRegression(C=STRENGTH, max_iter=1000, fit_intercept=False).fit(
        table, [is_new for _, is_new in told])
    return {str(name): float(weight) for name, weight in zip(
        vectorizer.get_feature_names_out(), model.coef_[0].round(3), strict=True)}


def _judged(told: Sequence[Told], weights: dict[str, float]) -> Iterator[tuple[Told, bool]]:
    return (((row, is_new), chance(row, weights) >= LIKELY_NEW) for row, is_new in told)


def _told(judged: Sequence[tuple[Told, bool]]) -> str:
    new = [kept for (_, is_new), kept in judged if is_new]
    old = [kept for (_, is_new), kept in judged if not is_new]
    return f"{sum(new)} of {len(new)} new ones kept, and {sum(old)} of {len(old)} others"


if __name__ == "__main__":
    main()
