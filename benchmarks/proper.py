"""Learns which words are proper names, from dialogues in both forms, and stores what was learned.

    python -m benchmarks.proper [FOLDER ...] [--write]

Learned from are the dialogues of `tests/data` and every FOLDER with `heard.jsonl`, `written.jsonl`
and `meeting.yaml`; the shared evaluation dialogues never are, nor those on which the tests measure.
Heads of sentences are left out: their capital says nothing. Printed are precision, recall and F1 of
capitals, each dialogue judged by what was learned from the others, by the rules alone and together
with what was learned. --write stores the weights (`transcribe/wording/proper.json`) learned from all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.dialogues import learned_from
from benchmarks.stops import letters
from benchmarks.wording import texts
from models.meeting_file import read_meeting
from transcribe.wording import casing, numbers, proper
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Line
from transcribe.wording.proper import Learnt
from transcribe.wording.wording import introduced

ROOT = Path(__file__).parents[1]
STORED = ROOT / "transcribe" / "wording" / "proper.json"
STRENGTH, SMALLEST, DIALOGUES, FOLDS = 0.5, 0.05, 2, 5


@dataclass(frozen=True)
class Said:
    """One utterance as the rules write it, and which words are names in the written form (None: nobody knows)."""

    words: list[str]
    names: list[bool | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    dialogues = [read(folder) for folder in [*learned_from(), *options.folders]]
    judge(dialogues)
    if options.write:
        learnt = learn(dialogues)
        STORED.write_text(json.dumps({
            "origin": f"learned by benchmarks/proper.py from {len(dialogues)} written dialogues",
            "bias": learnt.bias, "known": " ".join(sorted(learnt.known)).split(), "weights": learnt.weights,
        }, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        print(len(learnt.weights), "weights")


def read(folder: Path) -> list[Said]:
    form = read_meeting(folder / "meeting.yaml")
    known = Glossary.of_meeting(form)
    found: list[Said] = []
    for heard, written in zip(texts(folder / "heard.jsonl"), texts(folder / "written.jsonl"), strict=True):
        pieces = casing.by_rule(numbers.write(heard.split(), int(form.date[:4])), known)
        words = [piece.text for piece in pieces]
        found.append(Said(words, names_of(words, written.split())))
        known |= introduced(heard)
    return found


def names_of(words: Sequence[str], written: Sequence[str]) -> list[bool | None]:
    """Which words have a capital in the written form; None where another stands there or a sentence begins."""
    found: list[bool | None] = [None] * len(words)
    matcher = SequenceMatcher(None, list(map(letters, words)), list(map(letters, written)), autojunk=False)
    for block in matcher.get_matching_blocks():
        for at in range(block.size):
            theirs = block.b + at
            begins = theirs == 0 or written[theirs - 1].rstrip("»\"”)")[-1:] in (".", "?", "!", "…", ":")
            found[block.a + at] = None if begins else written[theirs].lstrip("(«\"“")[:1].isupper()
    return found


def learn(dialogues: Sequence[Sequence[Said]]) -> Learnt:
    spread = Counter(word for dialogue in dialogues
                     for word in {word for said in dialogue for word in Line(said.words).between(0, len(said.words))})
    known = frozenset(word for word, times in spread.items() if times >= DIALOGUES)
    rows, wanted = [], []
    for dialogue in dialogues:
        for said in dialogue:
            line = Line(said.words)
            ruled = [word[:1].isupper() for word in said.words]
            for at, name in enumerate(said.names):
                if name is not None and said.words[at].isalpha() and not ruled[at]:
                    before = [ruled[i] or bool(said.names[i]) for i in range(at)]
                    rows.append(dict.fromkeys(proper.features(line, at, [*before, *ruled[at:]], known), 1.0))
                    wanted.append(name)
    met = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer(dtype=np.float32)
    table = vectorizer.fit_transform([{name: 1.0 for name in row if met[name] >= DIALOGUES} for row in rows])
    fit = LogisticRegression(C=STRENGTH, max_iter=80, tol=1e-3).fit(table, np.array(wanted))
    pairs = zip(vectorizer.get_feature_names_out(), fit.coef_[0], strict=True)
    return Learnt(round(float(fit.intercept_[0]), 3), {
        str(name): round(float(weight), 2) for name, weight in pairs if abs(weight) >= SMALLEST}, known)


def judge(dialogues: Sequence[Sequence[Said]]) -> None:
    """Prints how well names are told where the dialogue was not learned from."""
    folds = [learn([one for at, one in enumerate(dialogues) if at % FOLDS != fold]) for fold in range(FOLDS)]
    for least in (99.0, 1.0, 0.5, 0.0, -0.5):
        counted: Counter[str] = Counter()
        for fold, learnt in enumerate(folds):
            for dialogue in dialogues[fold::FOLDS]:
                for said in dialogue:
                    ours_all = proper.proper(said.words, learnt=learnt, likely=least)
                    for ours, theirs in zip(ours_all, said.names, strict=True):
                        counted[f"{ours} {theirs}"] += theirs is not None
        right, false, missed = counted["True True"], counted["True False"], counted["False True"]
        print(f"odds > {least:4} precision {right / (right + false):.3f} recall {right / (right + missed):.3f} "
              f"F1 {2 * right / (2 * right + false + missed):.3f}")


if __name__ == "__main__":
    main()
