"""How well heard words become minutes.

    python -m benchmarks.wording EVALUATION [--sound] [-v]

EVALUATION is the folder with `meetings/` and `audio/`. Written are the dialogues in `meetings/`, each
utterance from its words alone, without pauses (`heard.jsonl` against `written.jsonl`), with what a
secretary types in beforehand and, as in a meeting, the names that were said in full in earlier
utterances. With --sound also the spliced meetings in `audio/` as the program hears them: recognised,
with voices and pauses. Those are unrelated sentences, read aloud, in which numbers stand in words.
-v shows what differs. Counted are:

numbers         Runs of words that hold a figure («22/5/2025», «1.250 m²», «34 triệu rưỡi», «0908 114 527»;
                symbols and «đồng», «triệu», «tỷ» behind them belong to the run, «III» behind «quý» is one).
                Ours and theirs are aligned word by word within an utterance; a run is right if it is the
                same run of characters. «by value» counts as right also what means the same: «34,5 triệu»
                for «34 triệu rưỡi», «1 triệu» for «1.000.000 đồng», digits grouped in another way.
sentence ends   Words behind which stands «.», «?» or «!», the last of all left out, for it is given.
stops           Words behind which stands any mark.
capitals        Words that begin with a capital letter; «inside» leaves out the first of each sentence
                of either form.

Words are aligned by their letters without marks and capitals (difflib); as many other words in a place
count as misheard ones. Precision, recall, F1.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from faster_whisper.audio import decode_audio

from models.meeting_file import read_meeting
from transcribe.blocks import Block, next_block
from transcribe.engine import open_engine
from transcribe.sound import SAMPLE_RATE
from transcribe.speakers import VoiceModel
from transcribe.utterances import utterances
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Piece
from transcribe.wording.wording import introduced, pieces, written

COUNTED = ("numbers", "numbers by value", "sentence ends", "stops", "capitals", "capitals inside")
_MARKS = ".,;:?!…"
_UNITS = {"m²", "m", "km", "ha", "kg", "m³", "cm", "%", "triệu", "tỷ", "triệu/m²", "rưỡi", "đồng", "đồng/m²"}


@dataclass
class Score:
    """How many were right, how many we made, how many there are."""

    right: int = 0
    ours: int = 0
    theirs: int = 0
    differences: list[str] = field(default_factory=list)

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.ours + other.ours, self.theirs + other.theirs)

    def row(self) -> str:
        precision, recall = self.right / max(1, self.ours), self.right / max(1, self.theirs)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"{precision:9.3f} {recall:9.3f} {f1:9.3f} {self.theirs:6d}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("--sound", action="store_true")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    print(f"{'':20} {'':18} precision    recall        F1      n")
    both = {name: Score() for name in COUNTED}
    for meeting in sorted(path.parent for path in options.evaluation.glob("meetings/*/heard.jsonl")):
        scores = measured(meeting)
        print_scores(meeting.name, scores, options.v)
        for name, score in scores.items():
            both[name] += score
    print_scores("both", both, False)
    for sound in sorted(options.evaluation.glob("audio/meetings/*.flac")) if options.sound else ():
        print_scores(sound.stem, read_aloud(sound), options.v)
    print(f"10,000 words in {seconds_for(options.evaluation / 'meetings', 10_000):.2f} s")


def print_scores(name: str, scores: dict[str, Score], verbose: bool) -> None:
    for counted, score in scores.items():
        print(f"{name:20} {counted:18} {score.row()}")
        if verbose:
            print(*(f"    {difference}" for difference in score.differences), sep="\n")


def measured(meeting: Path) -> dict[str, Score]:
    """The scores of one dialogue by what is counted."""
    scores = {name: Score() for name in COUNTED}
    form = read_meeting(meeting / "meeting.yaml")
    known = Glossary.of_meeting(form)
    for heard, theirs in zip(texts(meeting / "heard.jsonl"), texts(meeting / "written.jsonl"), strict=True):
        ours = written(heard, known, int(form.date[:4]))
        known |= introduced(heard)
        compare(ours.split(), theirs.split(), scores)
    return scores


def read_aloud(sound: Path) -> dict[str, Score]:
    """The scores of a spliced meeting as it is recognised."""
    scores = {name: Score() for name in COUNTED if not name.startswith("numbers")}
    known, ours = Glossary.of(), []
    for utterance in utterances(recognised(sound, VoiceModel(threads=1))):
        heard = utterance.heard.split()
        ours += [word for piece in pieces(utterance.words, known) for word in spelled_out(piece, heard)]
        known |= introduced(utterance.words)
    compare(ours, " ".join(texts(sound.with_suffix(".jsonl"))).split(), scores)
    return scores


def spelled_out(piece: Piece, heard: list[str]) -> list[str]:
    """The heard words behind a piece, with its capital and its mark."""
    words = heard[piece.start:piece.end]
    words[0] = words[0].capitalize() if piece.text[0].isupper() else words[0]
    words[-1] += piece.text[-1] if piece.text[-1] in _MARKS else ""
    return words


def recognised(sound: Path, voices: VoiceModel) -> list[Block]:
    """The blocks of a sound file."""
    engine = open_engine(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes((decode_audio(str(sound)) * 32767).clip(-32768, 32767).astype("<i2").tobytes())
        blocks: list[Block] = []
        while block := next_block(path, blocks[-1].end if blocks else 0.0, engine, voices):
            blocks.append(block)
    return blocks


def compare(ours: list[str], theirs: list[str], scores: dict[str, Score]) -> None:
    """Adds one utterance to the scores."""
    matcher = SequenceMatcher(None, list(map(_letters, ours)), list(map(_letters, theirs)), autojunk=False)
    partner = {a + i: c + i for kind, a, b, c, d in matcher.get_opcodes() if b - a == d - c for i in range(b - a)}
    _marked(ours, theirs, partner, scores["sentence ends"], _ends)
    _marked(ours, theirs, partner, scores["stops"], lambda words, at: words[at][-1] in _MARKS and at < len(words) - 1)
    _marked(ours, theirs, partner, scores["capitals"], lambda words, at: _is_upper(words[at]))
    _marked(ours, theirs, partner, scores["capitals inside"], lambda words, at: _is_upper(words[at]), inside=True)
    if "numbers" in scores:
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
    spoken = " ".join(heard for path in sorted(folder.glob("*/heard.jsonl")) for heard in texts(path)).split()
    text = " ".join((spoken * (1 + words // len(spoken)))[:words])
    begun = time.perf_counter()
    written(text)
    return time.perf_counter() - begun


def texts(path: Path) -> list[str]:
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
