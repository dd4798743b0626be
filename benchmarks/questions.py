"""Prints how well questions, topics, statuses and answers are found in dialogues, and how fast.

    python benchmarks/questions.py [SHARED] [--words]

Each dialogue is taken as it was written, as a recogniser hears it, and so heard but with the wording
that transcripts are given (`worded`; what is found there is scored on the heard words behind it).
SHARED is the folder that holds `evaluation` (the scorer, the shared dialogues with their gold
files, the questions by topic); by default `shared` beside the checkout. Those of `tests/data`
are measured too, and those that nothing is learned from (see `benchmarks/dialogues.py`), then all of them
with 5, 10 and 20 % of the words misheard and with a tenth of the turns given to a wrong speaker,
then topics, each left out in turn, and their margin, then a meeting of three hours.
--words leaves the sentence encoder out.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, cycle, takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import matched, measured, roles_in
from benchmarks.noise import misheard, mixed_up
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Meeting, Utterance
from summarize.catalogue import catalogue
from summarize.embedding import Embedder, open_embedder
from summarize.formats import questions_json
from summarize.questions import UNSURE_TOPIC, understand
from summarize.roles import LEADS
from summarize.topics import Matcher
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Piece
from transcribe.wording.wording import introduced, pieces

THREE_HOURS, TEN_MINUTES = 3 * 3600, 600  # seconds
FIGURES = ("gold", "found", "matched", "f1", "topic", "status", "answers_f1", "whole")


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    shared = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "shared"
    evaluation = shared / "evaluation"
    judges = [None] if "--words" in sys.argv else [open_embedder().attuned(), None]
    scorer = _scorer(evaluation / "score_questions.py")
    folders = [*sorted((evaluation / "meetings").glob("dialogue_*")), *measured()]
    print("dialogue".ljust(26), *(figure.rjust(10) for figure in FIGURES), "seconds".rjust(10))
    for folder in folders:
        for form in ("written", "heard", "worded"):
            for used in judges:
                _print_dialogue(scorer, folder, form, used)
    print("\nmean over all dialogues, heard", *(figure.rjust(10) for figure in FIGURES[3:]))
    for used in judges:
        _print_curve(scorer, folders, used)
    print()
    for used in judges:
        _print_topics(evaluation / "topics_eval.tsv", used)
        _print_left_out(evaluation / "topics_eval.tsv", used)
        _print_margin(folders, used)
    _print_speed(folders, judges[0])


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_questions", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: no scorer there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _print_dialogue(scorer: ModuleType, folder: Path, form: str, embedder: Embedder | None) -> None:
    begin = time.perf_counter()
    score = (_score_worded(scorer, folder, embedder) if form == "worded" else
             _score(scorer, folder, form, embedder, read_transcript(folder / f"{form}.jsonl")))
    seconds = time.perf_counter() - begin
    name = f"{folder.name.removeprefix('dialogue_')} {form} {_name(embedder)}"
    print(name.ljust(26), *(str(score[figure]).rjust(10) for figure in FIGURES), f"{seconds:.1f}".rjust(10))


def _score_worded(scorer: ModuleType, folder: Path, embedder: Embedder | None) -> dict[str, Any]:
    meeting, heard = read_meeting(folder / "meeting.yaml"), read_transcript(folder / "heard.jsonl")
    lines = _worded(heard, meeting)
    said = [replace(one, text=_text(line)) for one, line in zip(heard, lines, strict=True)]
    found = questions_json(understand(said, meeting, embedder), meeting)
    for span in (span for question in found["questions"] for span in question["spans"]):
        span |= _heard_span(span, lines[span["utterance"]], heard[span["utterance"]].text)
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    score: dict[str, Any] = scorer.score(gold, [{"text": utterance.text} for utterance in heard], found, "heard")
    return score


def _score(scorer: ModuleType, folder: Path, form: str, embedder: Embedder | None,
           said: Sequence[Utterance]) -> dict[str, Any]:
    meeting = read_meeting(folder / "meeting.yaml")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    found = questions_json(understand(said, meeting, embedder), meeting)
    score: dict[str, Any] = scorer.score(gold, [{"text": utterance.text} for utterance in said], found, form)
    return score


def _worded(heard: list[Utterance], meeting: Meeting) -> list[list[Piece]]:
    """What was heard, written as the transcripts of a meeting are."""
    known, lines = Glossary.of_meeting(meeting), []
    for utterance in heard:
        lines.append(pieces(utterance.text, known, int(meeting.date[:4])))
        known |= introduced(utterance.text)
    return lines


def _text(line: list[Piece]) -> str:
    return " ".join(piece.text for piece in line)


def _heard_span(span: dict[str, int], line: list[Piece], heard: str) -> dict[str, int]:
    """The characters of the heard words behind a span of the written text."""
    begins = [0, *accumulate(len(piece.text) + 1 for piece in line)]
    behind = [piece for piece, begin in zip(line, begins, strict=False)
              if begin < span["end"] and begin + len(piece.text) > span["start"]]
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", heard)]
    return {"start": words[behind[0].start][0], "end": words[behind[-1].end - 1][1]}


def _name(embedder: Embedder | None) -> str:
    return "e5+words" if embedder else "words"


def _print_curve(scorer: ModuleType, folders: Sequence[Path], embedder: Embedder | None) -> None:
    for share in (0.0, 0.05, 0.1, 0.2):
        _print_mean(f"{share:.0%} of words misheard, {_name(embedder)}", [
            _score(scorer, folder, "heard", embedder, [
                replace(utterance, text=misheard(utterance.text, share, seed)) for utterance in
                read_transcript(folder / "heard.jsonl")]) for folder in folders for seed in range(2 if share else 1)])
    _print_mean(f"10% of speakers wrong, {_name(embedder)}", [
        _score(scorer, folder, "heard", embedder, mixed_up(read_transcript(folder / "heard.jsonl")))
        for folder in folders])


def _print_mean(name: str, scores: Sequence[dict[str, Any]]) -> None:
    print(name.ljust(30), *(f"{np.mean([score[figure] for score in scores]):.3f}".rjust(10) for figure in FIGURES[3:]))


def _print_margin(folders: Sequence[Path], embedder: Embedder | None) -> None:
    """How often the topic is right where a person is asked, and where not."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for folder in folders:
        meeting = read_meeting(folder / "meeting.yaml")
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        said = read_transcript(folder / "written.jsonl")
        found = understand(said, meeting, embedder).questions
        for question, at in matched(gold, [one.spans for one in found], said, "written"):
            is_right = found[at].topic in (question["topic"], *question["topic_alt"])
            right[UNSURE_TOPIC in found[at].flags].append(is_right)
    print(f"margin of topics, {_name(embedder)}:",
          *(f"{who} {len(found)}, {np.mean(found) if found else 0:.3f} of them right"
            for who, found in (("sure of", right[False]), ("asks a person at", right[True]))))


def _print_speed(folders: Sequence[Path], embedder: Embedder | None) -> None:
    """Three hours of talk, its last ten minutes new: the whole, and once more as it is done while live."""
    meeting = read_meeting(folders[0] / "meeting.yaml")
    long = list(takewhile(lambda utterance: utterance.start < THREE_HOURS, _one_meeting(folders)))
    before = [utterance for utterance in long if utterance.end < long[-1].end - TEN_MINUTES]
    for name, words in (("all but its last ten minutes", before), ("all of it, ten minutes of it new", long),
                        ("all of it again", long)):
        begin = time.perf_counter()
        found = understand(words, meeting, embedder)
        print(f"three hours, {name}: {len(found.questions)} questions in {time.perf_counter() - begin:.1f} s")


def _one_meeting(folders: Sequence[Path]) -> Iterator[Utterance]:
    """All dialogues one after another, over and over, under one chair and one secretary, all others voices of their
    own."""
    clock = 0.0
    for folder in cycle(folders):
        leads = {speaker: role for speaker, role in roles_in(folder).items() if role in LEADS}
        for utterance in read_transcript(folder / "written.jsonl"):
            length = utterance.end - utterance.start
            voice = leads.get(utterance.speaker, f"{folder.name} {utterance.speaker}")
            yield replace(utterance, start=clock, end=clock + length, speaker=voice)
            clock += length


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
    print(f"topics, {_name(embedder)}: top-1 {first:.3f}, top-2 {two:.3f}, off-topic AUC {auc:.3f}, "
          f"decided right with the threshold {decided:.3f}")


def _print_left_out(path: Path, embedder: Embedder | None) -> None:
    """Each topic in turn is not announced: are its questions told from those of the others?"""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    aucs, refused, kept = [], [], []
    for left in sorted({row["topic"] for row in rows} - {"ngoai"}):
        matches = Matcher([topic for topic in catalogue() if topic.id != left], embedder).match(
            [row["text"] for row in rows])
        inside = [row["topic"] not in (left, "ngoai") for row in rows]
        aucs.append(roc_auc_score(inside, [match.score for match in matches]))
        for match, row in zip(matches, rows, strict=True):
            if row["topic"] == left:
                refused.append(match.topic is None)
            elif row["topic"] != "ngoai":
                kept.append(match.topic == row["topic"])
    print(f"one topic left out, {_name(embedder)}: the others' questions right {np.mean(kept):.3f}, "
          f"its own found outside {np.mean(refused):.3f}, AUC {np.mean(aucs):.3f}")


if __name__ == "__main__":
    main()
