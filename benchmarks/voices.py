"""Learns which words sound like an official's and which like a citizen's, and prints how well they tell.

    python benchmarks/voices.py [--write]

Learned from the questions and answers of `benchmarks/data/meetings.tsv`, whole and some words of each; one meeting in
ten is left out and measured. --write stores the weights; run `benchmarks/roles.py` after it.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.meetings import Written, written
from benchmarks.storing import store
from summarize.flat import flatten
from summarize.voices import VERSION, units

APART, OFTEN, STRENGTH, SMALLEST = 10, 8, 1.0, 0.05
FEWEST = 6  # words of a part


def main() -> None:
    meetings, chance = written(), random.Random(7)
    apart = list(_said(meetings[::APART], chance))
    taught = list(_said([one for at, one in enumerate(meetings) if at % APART], chance))
    vectorizer, model = _learn(taught)
    right = model.predict(vectorizer.transform([_row(tokens) for tokens, _ in apart])) == [is_ for _, is_ in apart]
    whole = np.arange(len(apart)) % 2 == 0
    print(f"right of texts left out: {right[whole].mean():.3f}, of some words of each: {right[~whole].mean():.3f}")
    if "--write" in sys.argv:
        vectorizer, model = _learn([*taught, *apart])
        weights = {name: round(float(weight), 2) for name, weight in zip(
            vectorizer.get_feature_names_out(), model.coef_[0], strict=True) if abs(weight) >= SMALLEST}
        store("voices", VERSION, "benchmarks/data/meetings.tsv",
              {"weights": {"bias": round(float(model.intercept_[0]), 2), **weights}})
        print(len(weights), "weights")


def _said(meetings: Sequence[Written], chance: random.Random) -> Iterator[tuple[list[str], bool]]:
    """Each question and answer, and some words in a row of it; whether an official said it."""
    for meeting in meetings:
        for one in meeting.asked:
            for text, is_official in ((one.question, False), (one.answer, True)):
                tokens = flatten(text).text.split()
                if len(tokens) >= FEWEST:
                    many = chance.randint(FEWEST, len(tokens))
                    first = chance.randint(0, len(tokens) - many)
                    yield tokens, is_official
                    yield tokens[first:first + many], is_official


def _learn(said: Sequence[tuple[list[str], bool]]) -> tuple[DictVectorizer, LogisticRegression]:
    seen = Counter(unit for tokens, _ in said for unit in set(units(tokens)))
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([{unit: value for unit, value in _row(tokens).items() if seen[unit] >= OFTEN}
                                      for tokens, _ in said])
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    return vectorizer, LogisticRegression(C=STRENGTH, solver="liblinear").fit(table, [is_ for _, is_ in said])


def _row(tokens: Sequence[str]) -> dict[str, float]:
    return dict.fromkeys(units(tokens), len(tokens) ** -0.5)


if __name__ == "__main__":
    main()
