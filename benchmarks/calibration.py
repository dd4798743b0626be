"""How often a word is right, by the confidence that is shown with it.

    python -m benchmarks.calibration EVALUATION [--picture FILE.png]

EVALUATION is the folder with `audio/`. All clips and meetings are recognised, as they are and with white noise at
10 dB (seeded); each word heard is held against the transcript (Levenshtein alignment of words). Prints, for each
tenth of confidence, how many words there were, their mean confidence and the share of them that was right, then
the expected calibration error (Naeini et al. 2015) and what the threshold of «nghe chưa rõ» would catch.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper.audio import decode_audio

from benchmarks.recognition import plain
from models.records import Word
from transcribe.engine import Engine, open_engine
from transcribe.flags import UNSURE
from transcribe.sound import Samples

NOISE_DB = 10.0
Judged = tuple[float, bool]
"""The confidence of a word and whether it was right."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("--picture", type=Path, help="the curves, as .png or .svg (needs vl-convert-python)")
    given = parser.parse_args()
    engine, curves = open_engine(threads=1), {}
    for name, noisy in (("as it is", False), ("white noise 10 dB", True)):
        judged = [word for samples, said in sounds(given.evaluation / "audio")
                  for word in judge(engine, with_noise(samples) if noisy else samples, said)]
        curves[name] = rows(judged)
        print_curve(name, judged)
    if given.picture:
        draw(curves, given.picture)


def sounds(audio: Path) -> Iterator[tuple[Samples, str]]:
    """Each sound with what is said in it."""
    with (audio / "clips.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield decode_audio(str(audio / "clips" / row["path"])), row["transcript"]
    for path in sorted((audio / "meetings").glob("*.flac")):
        lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        yield decode_audio(str(path)), " ".join(json.loads(line)["text"] for line in lines)


def with_noise(samples: Samples) -> Samples:
    noise = np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32)
    wanted = np.sqrt(np.mean(samples**2)) / 10 ** (NOISE_DB / 20)
    return np.asarray(samples + noise * wanted, np.float32)


def judge(engine: Engine, samples: Samples, said: str) -> list[Judged]:
    heard = [Word(part, word.start, word.end, word.confidence) for word in engine.recognise(samples, 0.0)
             for part in plain(word.word).split()]
    aligned = jiwer.process_words(plain(said), " ".join(word.word for word in heard)).alignments[0]
    right = {place for chunk in aligned if chunk.type == "equal"
             for place in range(chunk.hyp_start_idx, chunk.hyp_end_idx)}
    return [(word.confidence, place in right) for place, word in enumerate(heard)]


def rows(judged: list[Judged]) -> list[tuple[int, float, float]]:
    """For each tenth of confidence that has words: how many, their mean confidence, the share that was right."""
    confidence, right = (np.array(column, float) for column in zip(*judged, strict=True))
    tenth = np.minimum((confidence * 10).astype(int), 9)
    return [(int((tenth == i).sum()), float(confidence[tenth == i].mean()), float(right[tenth == i].mean()))
            for i in range(10) if (tenth == i).any()]


def print_curve(name: str, judged: list[Judged]) -> None:
    print(f"\n{name}: {len(judged)} words, {np.mean([right for _, right in judged]):.3f} right")
    print(f"{'words':>6} {'confidence':>10} {'right':>6}")
    for count, confidence, right in rows(judged):
        print(f"{count:6} {confidence:10.2f} {right:6.2f}  {'#' * round(40 * right)}")
    error = sum(count * abs(confidence - right) for count, confidence, right in rows(judged)) / len(judged)
    unsure = [right for confidence, right in judged if confidence < UNSURE]
    wrong = sum(not right for _, right in judged)
    print(f"expected calibration error {error:.3f}; below {UNSURE}: {len(unsure)} words, "
          f"{sum(not right for right in unsure)} of the {wrong} wrong ones")


def draw(curves: dict[str, list[tuple[int, float, float]]], to: Path) -> None:
    import altair
    import pandas
    data = pandas.DataFrame([{"sound": name, "words": count, "confidence": confidence, "right": right}
                             for name, curve in curves.items() for count, confidence, right in curve])
    ideal = altair.Chart(pandas.DataFrame({"confidence": [0, 1], "right": [0, 1]})).mark_line(
        color="#999", strokeDash=[4, 4]).encode(x="confidence", y="right")
    curve = altair.Chart(data).encode(
        x=altair.X("confidence", title="mean confidence of the words"),
        y=altair.Y("right", title="share of them that was right"), color=altair.Color("sound", title=None))
    sizes = curve.mark_circle(opacity=0.8).encode(size=altair.Size("words", scale=altair.Scale(type="log")))
    (ideal + curve.mark_line() + sizes).properties(width=480, height=480).save(str(to), scale_factor=2)


if __name__ == "__main__":
    main()
