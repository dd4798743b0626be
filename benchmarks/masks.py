"""Prints how much of what dialogues mark as private is masked in their public text, and how many masks are right.

    python benchmarks/masks.py [FOLDER …] [--wrong]

FOLDER holds `gold.json`, `meeting.yaml` and the two forms of a dialogue; by default those of `tests/data`, those that
nothing is learned from, and the shared ones beside the checkout. A mask is right when it meets a stretch that the gold
file marks (or a number of the same kind in another line), or calls a denouncer or a denounced person by name. Lines
that are withheld as a whole hold no masks.
--wrong prints every mask that is not right and every mark that was missed.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import measured
from models.formats import read_transcript
from models.meeting_file import read_meeting
from summarize.masking import NAMES, alike, stretches, veil, withheld_lines
from summarize.questions import understand

ROOT = Path(__file__).parents[1]


def main() -> None:
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")] or [
        *sorted((ROOT.parent / "shared" / "evaluation" / "meetings").glob("dialogue_*")),
        *measured()]
    total: Counter[str] = Counter()
    for folder in folders:
        for form in ("written", "heard"):
            counts = _measured(folder, form, "--wrong" in sys.argv)
            total += counts
            print(f"{folder.name} {form}".ljust(28), _figures(counts))
    print("all".ljust(28), _figures(total))


def _measured(folder: Path, form: str, tells: bool) -> Counter[str]:
    said = read_transcript(folder / f"{form}.jsonl")
    analysis = understand(said, read_meeting(folder / "meeting.yaml"), None)
    gold: list[dict[str, Any]] = json.loads((folder / "gold.json").read_text(encoding="utf-8"))["personal_data"]
    over, gone = veil(analysis.questions, said), withheld_lines(said, analysis)
    private = [(item["utterance"], alike(item[form])) for item in gold]
    called = {alike(item[form]).split()[-1] for item in gold if item["kind"] in NAMES}
    counts: Counter[str] = Counter()
    for i, line in enumerate(said):
        if i in gone:
            continue
        for start, end in stretches(line.text, over.hidden, over.lifted):
            words = alike(line.text[start:end])
            right = words.split()[-1] in called or any(_meet(words, marked) for _, marked in private)
            counts += Counter(masks=1, right=int(right))
            if tells and not right:
                print("  not private:", line.text[max(0, start - 50):start], f"[{line.text[start:end]}]",
                      line.text[end:end + 20])
        shown = over(line.text)
        for at, words in private:
            if at == i:
                missed = f" {words} " in f" {alike(shown)} "
                counts += Counter(marked=1, missed=int(missed))
                if tells and missed:
                    print("  shown:", words, "|", re.sub(r"\s+", " ", shown)[:120])
    held = sum(at in gone for at, _ in private)
    return counts + Counter(marked=held)


def _meet(words: str, marked: str) -> bool:
    return f" {words} " in f" {marked} " or f" {marked} " in f" {words} " or bool(
        set(words.split()) & set(marked.split()) and re.search(r"\d{3}", words))


def _figures(counts: Counter[str]) -> str:
    recall = 1 - counts["missed"] / counts["marked"] if counts["marked"] else 1.0
    precision = counts["right"] / counts["masks"] if counts["masks"] else 1.0
    return (f"marked {counts['marked']:4d}  masked or withheld {recall:.3f}   "
            f"masks {counts['masks']:4d}  right {precision:.3f}")


if __name__ == "__main__":
    main()
