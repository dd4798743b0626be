"""Prints how well questions, topics, statuses and answers are found in the shared dialogues.

    python benchmarks/questions.py [SHARED]

SHARED is the folder that holds `evaluation` (the scorer, the dialogues with their gold files, the
questions by topic); by default `shared` beside the checkout.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parents[1]))


from models.formats import read_transcript
from models.meeting_file import read_meeting
from summarize.embedding import Embedder, open_embedder
from summarize.formats import questions_json
from summarize.questions import understand
from summarize.topics import Matcher, catalogue

FIGURES = ("gold", "found", "matched", "f1", "topic", "status", "answers_f1", "whole")


def main() -> None:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared"
    evaluation = shared / "evaluation"
    embedder = open_embedder()
    scorer = _scorer(evaluation / "score_questions.py")
    print("dialogue".ljust(22), *(figure.rjust(10) for figure in FIGURES), "seconds".rjust(10))
    for folder in sorted((evaluation / "meetings").glob("dialogue_*")):
        for form in ("written", "heard"):
            for used in (embedder, None):
                _print_dialogue(scorer, folder, form, used)
    for used in (embedder, None):
        _print_topics(evaluation / "topics_eval.tsv", used)


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_questions", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: no scorer there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _print_dialogue(scorer: ModuleType, folder: Path, form: str, embedder: Embedder | None) -> None:
    said, meeting = read_transcript(folder / f"{form}.jsonl"), read_meeting(folder / "meeting.yaml")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    begin = time.perf_counter()
    found = questions_json(understand(said, meeting, embedder), said, meeting)
    seconds = time.perf_counter() - begin
    score = scorer.score(gold, [{"text": utterance.text} for utterance in said], found, form)
    name = f"{folder.name.removeprefix('dialogue_')} {form} {'e5+words' if embedder else 'words'}"
    print(name.ljust(22), *(str(score[figure]).rjust(10) for figure in FIGURES), f"{seconds:.1f}".rjust(10))


def _print_topics(path: Path, embedder: Embedder | None) -> None:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    matches = Matcher(catalogue(), embedder).match([row["text"] for row in rows])
    inside = [row["topic"] != "ngoai" for row in rows]
    pairs = [(match, row["topic"]) for match, row in zip(matches, rows, strict=True) if row["topic"] != "ngoai"]
    first = np.mean([match.best == topic for match, topic in pairs])
    two = np.mean([topic in (match.best, match.second) for match, topic in pairs])
    decided = np.mean([(match.topic or "ngoai") == row["topic"] for match, row in zip(matches, rows, strict=True)])
    auc = roc_auc_score(inside, [match.score for match in matches])
    judges = "e5+words" if embedder else "words"
    print(f"topics, {judges}: top-1 {first:.3f}, top-2 {two:.3f}, off-topic AUC {auc:.3f}, "
          f"decided right with the threshold {decided:.3f}")


if __name__ == "__main__":
    main()
