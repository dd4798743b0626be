"""How well heard words become minutes: the dialogues of an evaluation folder, `heard.jsonl` against `written.jsonl`.

    python -m benchmarks.wording EVALUATION/meetings

Each utterance is written from its words alone, without pauses. The glossary is what a secretary
types in beforehand (officials, title, place, topics) and, as in a meeting, the names that were said
in full in earlier utterances. Counted are:

numbers         Runs of words that hold a figure («22/5/2025», «1.250 m²», «34 triệu rưỡi», «0908 114 527»;
                symbols and «đồng», «triệu», «tỷ» behind them belong to the run, «III» behind «quý» is one).
                Ours and theirs are aligned word by word within an utterance; a run is right if it is the
                same run of characters. «by value» counts as right also what means the same: «34,5 triệu»
                for «34 triệu rưỡi», «1 triệu» for «1.000.000 đồng», digits grouped in another way.
sentence ends   Words behind which stands «.», «?» or «!», the last of an utterance left out, for it is given.
capitals        Words that begin with a capital letter; «inside» leaves out the first of each sentence
                of either form.

Words are aligned by their letters without marks and capitals (difflib). Precision, recall, F1.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import yaml

from transcribe.wording.wording import introduced, written

_MARKS = ".,;:?!…"
_UNITS = {"m²", "m", "km", "ha", "kg", "m³", "cm", "%", "triệu", "tỷ", "triệu/m²", "rưỡi", "đồng", "đồng/m²"}


@dataclass
class Score:
    """How many were right, how many we made, how many there are."""

    right: int = 0
    ours: int = 0
    theirs: int = 0
    differences: list[str] = field(default_factory=list)

    def row(self) -> str:
        precision, recall = self.right / max(1, self.ours), self.right / max(1, self.theirs)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"{precision:9.3f} {recall:9.3f} {f1:9.3f} {self.theirs:6d}"


def main() -> None:
    folder = Path(sys.argv[1])
    verbose = "-v" in sys.argv
    totals: dict[str, Score] = {}
    print(f"{'':12} {'':24} precision    recall        F1      n")
    for meeting in sorted(path.parent for path in folder.glob("*/heard.jsonl")):
        scores = measured(meeting)
        for name, score in scores.items():
            print(f"{meeting.name:12} {name:24} {score.row()}")
            total = totals.setdefault(name, Score())
            total.right, total.ours, total.theirs = (
                total.right + score.right, total.ours + score.ours, total.theirs + score.theirs)
            if verbose:
                print(*(f"    {difference}" for difference in score.differences), sep="\n")
    for name, score in totals.items():
        print(f"{'both':12} {name:24} {score.row()}")
    print(f"10,000 words in {seconds_for(folder, 10_000):.2f} s")


def measured(meeting: Path) -> dict[str, Score]:
    """The scores of one dialogue by what is counted."""
    scores = {name: Score() for name in ("numbers", "numbers by value", "sentence ends", "capitals", "capitals inside")}
    form = yaml.safe_load((meeting / "meeting.yaml").read_text(encoding="utf-8"))
    glossary = {form["title"], form["place"], *(topic["name"] for topic in form["topics"])}
    glossary |= {official["name"] for official in form["officials"]}
    for heard, theirs in zip(_texts(meeting / "heard.jsonl"), _texts(meeting / "written.jsonl"), strict=True):
        ours = written(heard, glossary, form["date"].year)
        glossary |= set(introduced(heard))
        compare(ours.split(), theirs.split(), scores)
    return scores


def compare(ours: list[str], theirs: list[str], scores: dict[str, Score]) -> None:
    """Adds one utterance to the scores."""
    matcher = SequenceMatcher(None, list(map(_letters, ours)), list(map(_letters, theirs)), autojunk=False)
    partner = {a + i: b + i for a, b, size in matcher.get_matching_blocks() for i in range(size)}
    _marked(ours, theirs, partner, scores["sentence ends"], _ends)
    _marked(ours, theirs, partner, scores["capitals"], lambda words, at: _is_upper(words[at]))
    _marked(ours, theirs, partner, scores["capitals inside"], lambda words, at: _is_upper(words[at]), inside=True)
    _numbers(ours, theirs, scores["numbers"], lambda number: number)
    _numbers(ours, theirs, scores["numbers by value"], value)


def _marked(
    ours: list[str], theirs: list[str], partner: dict[int, int], score: Score,
    has: Callable[[list[str], int], bool], inside: bool = False,
) -> None:
    """Counts the words that have a property, theirs and ours, and those where both have it."""
    heads = {at for at in range(len(theirs)) if _begins(theirs, at)} if inside else set()
    if inside:
        heads |= {partner[at] for at in range(len(ours)) if at in partner and _begins(ours, at)}
    ours_with = {at for at in range(len(ours)) if has(ours, at) and partner.get(at, -1) not in heads}
    theirs_with = {at for at in range(len(theirs)) if has(theirs, at) and at not in heads}
    right = {at for at in ours_with if partner.get(at, -1) in theirs_with}
    score.right += len(right)
    score.ours += len(ours_with)
    score.theirs += len(theirs_with)
    matched = {partner[at] for at in right}
    score.differences += [f"+ {_around(ours, at)}" for at in sorted(ours_with - right)]
    score.differences += [f"- {_around(theirs, at)}" for at in sorted(theirs_with - matched)]


def _numbers(ours: list[str], theirs: list[str], score: Score, form: Callable[[str], str]) -> None:
    mine, gold = list(map(form, runs(ours))), list(map(form, runs(theirs)))
    matcher = SequenceMatcher(None, mine, gold, autojunk=False)
    score.right += sum(size for _, _, size in matcher.get_matching_blocks())
    score.ours += len(mine)
    score.theirs += len(gold)
    score.differences += [
        f"{mine[a:b]} for {gold[c:d]}" for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]


def runs(words: list[str]) -> list[str]:
    """The numbers of a text, each with its unit."""
    bare = [word.strip(_MARKS + "()") for word in words]
    found: list[str] = []
    open_run = False
    for at, word in enumerate(bare):
        quarter = at > 0 and bare[at - 1] == "quý" and word in ("I", "II", "III", "IV")
        figure = quarter or any(letter.isdigit() for letter in word)
        joins = open_run and (word in _UNITS or (figure and found[-1][0] == "0" and _is_digits(word)))
        if joins:
            found[-1] += f" {word}"
        elif figure:
            found.append(word)
        open_run = (joins or figure) and words[at][-1] not in _MARKS
    return [run.removesuffix(" đồng") for run in found]


def _is_digits(word: str) -> bool:
    return word.isdigit() and word != ""


def value(number: str) -> str:
    """What the number means, so that two ways of writing it are equal."""
    number = number.replace(" rưỡi", ",5") if " triệu rưỡi" not in number else number.replace(" triệu rưỡi", ",5 triệu")
    if all(map(_is_digits, number.split())):
        return number.replace(" ", "")
    scaled = re.fullmatch(r"([\d.]+(?:,\d+)?) (triệu|tỷ)(.*)", number)
    if scaled:
        amount = float(scaled[1].replace(".", "").replace(",", ".")) * {"triệu": 1e6, "tỷ": 1e9}[scaled[2]]
        return f"{amount:.0f}{scaled[3].removeprefix(' đồng')}"
    return re.sub(r"(?<=\d)\.(?=\d{3})", "", number).removesuffix(" km")


def seconds_for(folder: Path, words: int) -> float:
    """How long it takes to write as many words, one utterance of them all."""
    spoken = " ".join(heard for path in sorted(folder.glob("*/heard.jsonl")) for heard in _texts(path)).split()
    text = " ".join((spoken * (1 + words // len(spoken)))[:words])
    begun = time.perf_counter()
    written(text)
    return time.perf_counter() - begun


def _texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def _letters(word: str) -> str:
    return word.strip(_MARKS).lower()


def _ends(words: list[str], at: int) -> bool:
    return words[at][-1] in ".?!" and at < len(words) - 1


def _begins(words: list[str], at: int) -> bool:
    return at == 0 or words[at - 1][-1] in ".?!"


def _is_upper(word: str) -> bool:
    return word.lstrip("(«\"")[:1].isupper()


def _around(words: list[str], at: int) -> str:
    return f"{' '.join(words[max(0, at - 3):at])} [{words[at]}] {' '.join(words[at + 1:at + 4])}"


if __name__ == "__main__":
    main()
