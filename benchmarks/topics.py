"""Learns what each kind of evidence for a topic counts, prints how well, and stores what was learned.

    python benchmarks/topics.py [--write] [--shared=FOLDER]

Learned from what the program finds of the questions of the dialogues that `benchmarks/dialogues.py` names, in both
forms (a conditional logit over the announced topics and none of them; no likeness may count against a topic).
Printed is how often the topic is right, with the sentence encoder and by words alone: on dialogues left out of what
was learned, on those never learned from and on the shared ones; and of how many a person is asked.
--write stores the weights.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import learned_from, matched, unseen
from benchmarks.storing import store
from models.formats import read_transcript
from models.meeting_file import read_meeting
from summarize.embedding import Embedder, open_embedder
from summarize.questions import find
from summarize.topics import EVIDENCE, EVIDENCE_WORDS, OF_RIVALS, OF_RIVALS_WORDS, VERSION, Matcher, Weights
from summarize.turns import in_utterances

ROOT = Path(__file__).parents[1]
FORMS = ("written", "heard")
STRENGTH = 2.0  # of the pull towards nought, in units of a kind's spread
FOLDS = 6
FREE = ("called", "many")  # tell of the topic alone: they may count against it


@dataclass(frozen=True)
class Asked:
    """The questions of a dialogue in one form: what speaks for each topic, for the best rival, and what is right.

    Shapes (questions, topics, kinds), (questions, kinds of rivals), (questions, topics + 1); the last is for none.
    """

    announced: np.ndarray
    rivals: np.ndarray
    right: np.ndarray


def main() -> None:
    shared = next((Path(argument[9:]) for argument in sys.argv if argument.startswith("--shared=")),
                  ROOT.parent / "shared")
    learned = {}
    for judge, kinds, rivals in (("meaning", EVIDENCE, OF_RIVALS), ("words", EVIDENCE_WORDS, OF_RIVALS_WORDS)):
        read = partial(of_dialogue, embedder=open_embedder().attuned() if judge == "meaning" else None)
        known = [read(folder) for folder in learned_from()]
        print(f"{judge}, left out: {_left_out(known, kinds):.3f}")
        weights = learn([one for dialogue in known for one in dialogue], kinds)
        for name, folders in (("never learned from", unseen()),
                              ("shared", sorted((shared / "evaluation" / "meetings").glob("dialogue_*")))):
            print(f"{judge}, {name}: {_right([one for folder in folders for one in read(folder)], weights):.3f}")
        learned[judge] = {"inside": dict(zip(kinds, weights.inside.round(2).tolist(), strict=True)),
                          "outside": dict(zip(kinds[:rivals], weights.outside.round(2).tolist(), strict=True)),
                          "bias": round(weights.bias, 2)}
    print(json.dumps(learned, indent=1))
    if "--write" in sys.argv:
        store("topics", VERSION, "dialogues", learned)


def of_dialogue(folder: Path, embedder: Embedder | None) -> list[Asked]:
    """The questions of a dialogue that are found, in both forms; but those that are put outside, or told to be
    denunciations, by what was said of them."""
    meeting = read_meeting(folder / "meeting.yaml")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    ids = [*(topic.id for topic in meeting.topics), None]
    matcher, asked = Matcher(meeting.topics, embedder), []
    for form in FORMS:
        said = read_transcript(folder / f"{form}.jsonl")
        found = find(said, meeting, embedder)
        spans = [in_utterances(matter.spans, found.spoken) for matter in found.matters]
        pairs = [(question, at) for question, at in matched(gold, spans, said, form)
                 if not found.matters[at].is_denunciation and not found.matters[at].outside]
        right = np.array([[id_ in (question["topic"], *question.get("topic_alt", ())) for id_ in ids]
                          for question, _ in pairs])
        rows = [at for _, at in pairs]
        announced, rivals = matcher.evidence(found.asked(), found.answered(), found.breaths())
        asked.append(Asked(announced[rows], rivals[rows], right))
    return asked


def learn(asked: Sequence[Asked], kinds: Sequence[str]) -> Weights:
    """The weights under which what is right is likeliest."""
    inside = len(kinds)
    rows, right = _rows(asked)
    spread = np.concatenate([row.reshape(-1, row.shape[-1]) for row in rows]).std(axis=0) + 1e-6
    scaled = [row / spread for row in rows]
    limits = [(None if kind in FREE else 0, None) for kind in kinds] + [
        (0, None)] * (rows[0].shape[-1] - inside - 1) + [(None, None)]
    found = minimize(_loss(scaled, right), np.zeros(len(spread)), jac=True, method="L-BFGS-B", bounds=limits).x / spread
    return Weights(found[:inside], found[inside:-1], float(found[-1]))


def _rows(asked: Sequence[Asked]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """For each dialogue all evidence of its topics and of none as columns of one matrix."""
    rows = []
    for one in asked:
        many, topics, kinds = one.announced.shape
        row = np.zeros((many, topics + 1, kinds + one.rivals.shape[1] + 1))
        row[:, :topics, :kinds] = one.announced
        row[:, topics, kinds:-1], row[:, topics, -1] = one.rivals, 1.0
        rows.append(row)
    return rows, [one.right for one in asked]


def _loss(rows: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.5 * STRENGTH * float(weights @ weights), STRENGTH * weights
        for row, wanted in zip(rows, right, strict=True):
            odds = row @ weights
            chances = np.exp(odds - odds.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            hit = (chances * wanted).sum(axis=1, keepdims=True) + 1e-12
            total -= float(np.log(hit).sum())
            slope = slope - np.einsum("nt,ntk->k", chances * wanted / hit - chances, row)
        return total, slope
    return loss


def _left_out(known: Sequence[Sequence[Asked]], kinds: Sequence[str]) -> float:
    shares, sizes = [], []
    for fold in range(FOLDS):
        taught = [one for at, dialogue in enumerate(known) if at % FOLDS != fold for one in dialogue]
        apart = [one for at, dialogue in enumerate(known) if at % FOLDS == fold for one in dialogue]
        shares.append(_right(apart, learn(taught, kinds)))
        sizes.append(sum(len(one.right) for one in apart))
    return float(np.average(shares, weights=sizes))


def _right(asked: Sequence[Asked], weights: Weights) -> float:
    hits = [one.right[np.arange(len(one.right)), weights.odds(one.announced, one.rivals).argmax(axis=1)]
            for one in asked]
    return float(np.concatenate(hits).mean())


if __name__ == "__main__":
    main()
