"""Learns where marks stand between words, from dialogues in both forms, and stores what was learned.

    python -m benchmarks.stops [FOLDER ...] [--write]

Learned from are the dialogues of `tests/data` and every FOLDER with `heard.jsonl` and `written.jsonl`;
the shared evaluation dialogues never are, nor those of NEVER_LEARNED, on which the tests
measure. Printed is how well the words alone tell (no pauses), each dialogue judged by what was learned
from the others: precision, recall and F1 of sentence ends and of marks of any kind. --write stores the
weights (`transcribe/wording/stops.json`) learned from all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.dialogues import learned_from
from benchmarks.wording import texts
from transcribe.wording import learnt, wording
from transcribe.wording.line import Line
from transcribe.wording.names import names

ROOT = Path(__file__).parents[1]
STORED = ROOT / "transcribe" / "wording" / "stops.json"
MARKS = ".,;:?!…"
ENDS = ".?!…"
STRENGTH, SMALLEST, DIALOGUES = 0.3, 0.05, 2
"""Regularisation; weights below are left out, as are features met in fewer dialogues."""
FOLDS = 5


@dataclass(frozen=True)
class Dialogue:
    """Every gap of a dialogue: its features, and the mark that was written there."""

    name: str
    rows: list[dict[str, float]]
    marks: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folders = [*learned_from(), *options.folders]
    dialogues = [read(folder) for folder in folders]
    judge(dialogues)
    if options.write:
        weights, bias = learn(dialogues)
        STORED.write_text(json.dumps({
            "origin": f"learned by benchmarks/stops.py from {len(dialogues)} written dialogues",
            "bias": bias, "weights": dict(sorted(weights.items()))}, ensure_ascii=False, indent=0)
            .replace("[\n", "[").replace(",\n-", ", -").replace("\n]", "]") + "\n", encoding="utf-8")
        print(len(weights), "weights")


def read(folder: Path) -> Dialogue:
    rows: list[dict[str, float]] = []
    marks: list[str] = []
    for heard, written in zip(texts(folder / "heard.jsonl"), texts(folder / "written.jsonl"), strict=True):
        line = Line(heard.split())
        people = dict(names(line))
        behind = marks_behind(line, written.split())
        for position, weight in wording.weighed(heard.split()).items():
            rows.append(dict(learnt.features(line, position, people, frozenset(people.values()), weight)))
            marks.append(behind[position - 1])
    return Dialogue(folder.name, rows, marks)


def marks_behind(line: Line, written: Sequence[str]) -> list[str]:
    """The mark behind each heard word; a number in figures has it behind the last word of the number."""
    theirs = [word for word in written if letters(word)]
    found = [""] * len(line)
    matcher = SequenceMatcher(None, line.between(0, len(line)), list(map(letters, theirs)), autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found[a:b] = [_mark(word) for word in theirs[c:d]]
        elif b > a and d > c:
            found[b - 1] = _mark(theirs[d - 1])
    return found


def learn(dialogues: Sequence[Dialogue]) -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    """The weights of every feature for a sentence end and for any mark, and what there is without any."""
    met: dict[str, set[str]] = {}
    for dialogue in dialogues:
        for name in {name for row in dialogue.rows for name in row}:
            met.setdefault(name, set()).add(dialogue.name)
    vectorizer = DictVectorizer(dtype=np.float32)
    table = vectorizer.fit_transform([
        {name: value for name, value in row.items() if len(met[name]) >= DIALOGUES}
        for dialogue in dialogues for row in dialogue.rows])
    marks = [mark for dialogue in dialogues for mark in dialogue.marks]
    fits = [LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(table, wanted)
            for wanted in (np.array([mark != "" and mark in ENDS for mark in marks]), np.array(marks) != "")]
    pairs = zip(vectorizer.get_feature_names_out(), *(fit.coef_[0] for fit in fits), strict=True)
    weights = {str(name): (round(float(end), 2), round(float(mark), 2)) for name, end, mark in pairs
               if max(abs(end), abs(mark)) >= SMALLEST}
    return weights, (round(float(fits[0].intercept_[0]), 3), round(float(fits[1].intercept_[0]), 3))


def judge(dialogues: Sequence[Dialogue]) -> None:
    """Prints how well marks are told where the dialogue was not learned from."""
    odds: list[npt.NDArray[np.float64]] = []
    wanted: list[str] = []
    for fold in range(FOLDS):
        out = dialogues[fold::FOLDS]
        weights, bias = learn([dialogue for dialogue in dialogues if dialogue not in out])
        for dialogue in out:
            odds += [bias + sum((np.array(weights.get(name, (0, 0))) * value for name, value in row.items()),
                                np.zeros(2)) for row in dialogue.rows]
            wanted += dialogue.marks
    table = np.array(odds)
    for at, (name, gold) in enumerate((
            ("sentence ends", np.array([mark != "" and mark in ENDS for mark in wanted])),
            ("any mark", np.array(wanted) != ""))):
        for least in (-1.5, -1.0, -0.5, 0.0):
            told = table[:, at] > least
            right = (told & gold).sum()
            print(f"{name:14} odds > {least:4} precision {right / told.sum():.3f} recall {right / gold.sum():.3f} "
                  f"F1 {2 * right / (told.sum() + gold.sum()):.3f}")


def letters(word: str) -> str:
    return word.strip(MARKS + "()«»\"“”'–-").lower()


def _mark(word: str) -> str:
    return word[-1] if word[-1] in MARKS else ""


if __name__ == "__main__":
    main()
