"""Learns what in a reply tells the outcome of a question, prints how well, and stores what was learned.

    python benchmarks/statuses.py [--write] [--shared=FOLDER] [DIALOGUE …]

Learned from `summarize/reply_examples.tsv` (an outcome and a reply a line; «none» and «unanswered» say nothing of
what is to become of a question), the answers of `benchmarks/data/meetings.tsv`, the dialogues that
`benchmarks/dialogues.py` names, and those given. Printed is how often the outcome is right when it is known which
utterances answer a question: each dialogue judged by what all others taught (dialogues whose names differ by a
number only are one), then those never learned from, and the examples shared with other programs. --write stores the
weights.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import learned_from, unseen
from benchmarks.meetings import written
from benchmarks.noise import misheard
from models.records import Status
from summarize.embedding import Embedder, open_embedder
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.likeness import Rarity
from summarize.pertinent import pertinent
from summarize.replies import Open, share_out
from summarize.reply_features import VERSION, features
from summarize.statuses import NOTHING, Learned, judge

ROOT = Path(__file__).parents[1]
FORMS = ("written", "heard")
OFTEN = 2  # times a feature is met in training
STRENGTH, SMALLEST = 3.0, 0.03
OF_DIALOGUE, OF_EXAMPLE, OF_MISHEARD = 1.0, 1.0, 0.3  # what a reply counts; those of dialogues come in both forms
MISHEARD = 0.1  # share of the words


@dataclass(frozen=True)
class Replied:
    """A question of a dialogue (flat text): what became of it, and the words of each utterance that answer it."""

    dialogue: str
    question: str
    status: str
    replies: tuple[Flat, ...]


def main() -> None:
    given = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    shared = next((Path(argument[9:]) for argument in sys.argv if argument.startswith("--shared=")),
                  ROOT.parent / "shared")
    folders = [*learned_from(), *given]
    embedder = open_embedder().attuned()
    replied = [one for folder in folders for one in of_dialogue(folder, embedder)]
    said_idly = [(_name(folder), text) for folder in folders for text in idle(folder)]
    examples = list(read_examples())
    confused: Counter[tuple[str, str]] = Counter()
    for name in sorted({one.dialogue for one in replied}):
        others = learn(examples, [one for one in replied if one.dialogue != name],
                       [text for dialogue, text in said_idly if dialogue != name])
        left_out = confusion([one for one in replied if one.dialogue == name], others)
        print(name.ljust(20), f"{_right(left_out):.3f} of {left_out.total()}")
        confused += left_out
    _print("each left out", confused)
    learned = learn(examples, replied, [text for _, text in said_idly])
    for name, apart in (("never learned from", unseen()),
                         ("shared", sorted((shared / "evaluation" / "meetings").glob("dialogue_*")))):
        _print(name, confusion([one for folder in apart for one in of_dialogue(folder, embedder)], learned))
    if "--write" in sys.argv:
        write(learned)
        print(len(learned.weights), "features")


def read_examples() -> Iterator[tuple[str, str]]:
    """Outcome and reply (flat) of the written examples and meetings."""
    with (ROOT / "summarize" / "reply_examples.tsv").open(encoding="utf-8") as file:
        for status, reply in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield _outcome(status), flatten(reply).text
    for meeting in written():
        for one in meeting.asked:
            if one.answer:
                yield _outcome(one.status), flatten(one.answer).text


def _outcome(status: str) -> str:
    return NOTHING if status == Status.UNANSWERED else status


def of_dialogue(folder: Path, embedder: Embedder | None = None) -> Iterator[Replied]:
    """The questions of a dialogue that its gold file gives an answer to, in both forms."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    for form in FORMS:
        lines = (folder / f"{form}.jsonl").read_text(encoding="utf-8").splitlines()
        said = [flatten(json.loads(line)["text"]) for line in lines]
        told = _told(gold["questions"], said, form, embedder)
        for question in gold["questions"]:
            if question["answer_utterances"]:
                yield Replied(_name(folder), _text(question, said, form), question["status"],
                              tuple(told[question["id"]]))


def _name(folder: Path) -> str:
    return re.sub(r"\d+$", "", folder.name)


def idle(folder: Path) -> Iterator[str]:
    """The utterances (flat) of a dialogue that neither ask nor answer: greetings, calls, evasions."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    busy = {at for question in gold["questions"] for at in question["answer_utterances"]}
    busy |= {span["utterance"] for span in (*gold["optional"], *(
        span for question in gold["questions"] for span in question["spans"]))}
    for form in FORMS:
        lines = (folder / f"{form}.jsonl").read_text(encoding="utf-8").splitlines()
        yield from (flatten(json.loads(line)["text"]).text for at, line in enumerate(lines) if at not in busy)


def _told(questions: Sequence[dict[str, Any]], said: Sequence[Flat], form: str,
          embedder: Embedder | None) -> dict[str, list[Flat]]:
    """For each question the stretches of its answering utterances that are about it rather than another."""
    rarity = Rarity([flat.text for flat in said])
    told: dict[str, list[Flat]] = {question["id"]: [] for question in questions}
    for at in sorted({at for question in questions for at in question["answer_utterances"]}):
        answered = [question for question in questions if at in question["answer_utterances"]]
        if len(answered) == 1:
            told[answered[0]["id"]].append(said[at])
            continue
        opens = [_open(question, questions, answered, said, form) for question in answered]
        for reply in share_out(said[at], opens, rarity, embedder):
            first, last = said[at].characters(reply.first, reply.last)
            told[answered[reply.question]["id"]].append(flatten(said[at].original[first:last]))
    return told


def _text(question: dict[str, Any], said: Sequence[Flat], form: str) -> str:
    return flatten(" ".join(" ".join(said[span["utterance"]].original.split()[slice(*span[form])])
                            for span in question["spans"])).text


def _open(question: dict[str, Any], questions: Sequence[dict[str, Any]], answered: Sequence[dict[str, Any]],
          said: Sequence[Flat], form: str) -> Open:
    turn = question["spans"][0]["utterance"]
    together = [other["id"] for other in questions if other["spans"][0]["utterance"] == turn]
    is_latest = turn == max(other["spans"][0]["utterance"] for other in answered)
    return Open(_text(question, said, form), given_name(flatten(question["asker"] or "").text),
                together.index(question["id"]) + 1 if is_latest else 0, len(together))


def learn(examples: Sequence[tuple[str, str]], replied: Sequence[Replied], said_idly: Sequence[str]) -> Learned:
    """The weights, of features met often enough; each example also as a recogniser may mishear it."""
    rows = [(" ".join(pertinent(reply, one.question) for reply in one.replies), one.status, OF_DIALOGUE)
            for one in replied if one.replies]
    rows += [(text, NOTHING, OF_DIALOGUE) for text in said_idly]
    rows += [(reply, status, OF_EXAMPLE) for status, reply in examples]
    rows += [(misheard(reply, MISHEARD, 1), status, OF_MISHEARD) for status, reply in examples]
    described = [_described(text) for text, _, _ in rows]
    seen = Counter(name for row in described for name in row)
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([
        {name: value for name, value in row.items() if seen[name] >= OFTEN} for row in described])
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    model = LogisticRegression(C=STRENGTH, max_iter=500, fit_intercept=False).fit(
        table, [status for _, status, _ in rows], sample_weight=[worth for _, _, worth in rows])
    return Learned(tuple(str(name) for name in model.classes_), {
        str(name): weights.round(2) for name, weights in zip(
            vectorizer.get_feature_names_out(), model.coef_.T, strict=True) if np.abs(weights).max() >= SMALLEST})


@cache
def _described(text: str) -> dict[str, float]:
    return {feature.name: feature.value for feature in features(flatten(text))}


def write(learned: Learned) -> None:
    """Stores the weights, one feature a line."""
    lines = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(weights.tolist())}"
                       for name, weights in sorted(learned.weights.items()))
    text = (f'{{"origin": "learned by benchmarks/statuses.py from reply_examples.tsv, meetings.tsv and dialogues",\n'
            f'"version": {VERSION},\n"outcomes": {json.dumps(learned.outcomes)},\n"weights": {{\n{lines}\n}}}}\n')
    (ROOT / "summarize" / "statuses.json").write_text(text, encoding="utf-8")


def confusion(replied: Sequence[Replied], by: Learned) -> Counter[tuple[str, str]]:
    """How often which status (first) was taken for which (second)."""
    return Counter((one.status, judge(one.replies, one.question, by).status.value) for one in replied)


def _right(confused: Counter[tuple[str, str]]) -> float:
    return sum(many for (status, found), many in confused.items() if status == found) / max(1, confused.total())


def _print(name: str, confused: Counter[tuple[str, str]]) -> None:
    print(f"\n{name}: {_right(confused):.3f} of {confused.total()}; found as", *(status.value[:9] for status in Status))
    for status in Status:
        if any(wanted == status for wanted, _ in confused):
            print(status.ljust(20), *(str(confused[status.value, found.value]).rjust(9) for found in Status))


if __name__ == "__main__":
    main()
