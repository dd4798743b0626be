"""Learns which of the matters cut out of turns are questions of their own, and prints how well it is then told.

    python benchmarks/sifting.py [--write] [--shared=FOLDER]

Learned from the matters of the dialogues that `benchmarks/dialogues.py` names, in both forms, with the answers given to
them by the weights shipped: whether one is a question of the gold file. Printed is the F1 of questions before and after
sifting, on dialogues left out of what was learned (by groups), on those never learned from and on the shared ones.
--write stores the weights in `summarize/sifting.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.answers import forms
from benchmarks.dialogues import learned_from, unseen
from benchmarks.storing import store
from summarize.answering import answer
from summarize.embedding import Embedder, open_embedder
from summarize.sifting import UNLIKELY, VERSION, features

ROOT = Path(__file__).parents[1]
STRENGTH = 0.05  # of the regression: the less, the smaller the weights
FOLDS = 8


@dataclass(frozen=True)
class Found:
    """The matters of a dialogue in both forms: their features, which are questions of the gold file, and how many
    such questions there are."""

    rows: Sequence[dict[str, float]]
    right: np.ndarray
    wanted: int


def main() -> None:
    shared = next((Path(argument[9:]) for argument in sys.argv if argument.startswith("--shared=")),
                  ROOT.parent / "shared")
    embedder = open_embedder().attuned()
    known = [of_dialogue(folder, embedder) for folder in learned_from()]
    apart = [(one, learn([other for i, other in enumerate(known) if i % FOLDS != fold]))
             for fold in range(FOLDS) for one in known[fold::FOLDS]]
    print("left out:", _told(apart))
    weights = learn(known)
    for name, folders in (("never learned from", unseen()),
                          ("shared", sorted((shared / "evaluation" / "meetings").glob("dialogue_*")))):
        print(f"{name}:", _told([(of_dialogue(folder, embedder), weights) for folder in folders]))
    if "--write" in sys.argv:
        store("sifting", VERSION, "dialogues", {"weights": weights})


def of_dialogue(folder: Path, embedder: Embedder | None) -> Found:
    """The matters of a dialogue, answered."""
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    wanted = 0
    for form in forms(folder):
        answer(form.found, form.spoken, form.flats, form.known, embedder)
        for matter, gold in zip(form.found, form.answered_by, strict=True):
            together = [other for other in form.found if (other.turn, other.asker) == (matter.turn, matter.asker)]
            rows.append({name: float(value) for name, value in features(matter, together).items()})
            right.append(gold is not None)
        wanted += form.wanted
    return Found(rows, np.array(right, dtype=bool), wanted)


def learn(known: Sequence[Found]) -> dict[str, float]:
    """The weights under which what is right is likeliest."""
    vectorizer = DictVectorizer(sparse=False)
    table = vectorizer.fit_transform([row for one in known for row in one.rows])
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=False).fit(
        table / spread, np.concatenate([one.right for one in known]))
    return {str(name): float(weight) for name, weight in zip(
        vectorizer.get_feature_names_out(), (model.coef_[0] / spread).round(3), strict=True)}


def _told(judged: Sequence[tuple[Found, dict[str, float]]]) -> str:
    right = kept = found = matched = wanted = 0
    for one, weights in judged:
        odds = np.array([sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in one.rows])
        stays = odds >= np.log(UNLIKELY / (1 - UNLIKELY))
        right, kept = right + int((stays & one.right).sum()), kept + int(stays.sum())
        found, matched, wanted = found + len(one.rows), matched + int(one.right.sum()), wanted + one.wanted
    return (f"F1 {2 * matched / (found + wanted):.3f} before, {2 * right / (kept + wanted):.3f} after; "
            f"{matched - right} of {matched} questions lost, {found - matched - kept + right} others gone")


if __name__ == "__main__":
    main()
