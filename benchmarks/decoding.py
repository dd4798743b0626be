"""Greedy decoding beside beam search with the language model, on clean sound and in noise.

    python -m benchmarks.decoding EVALUATION [--hot-words FILE]

EVALUATION is the folder with `audio/clips.tsv` and `audio/meetings/`. The network hears every sound
as it is, under babble (eight other voices at once) and under white noise, both seeded and 10 dB
below the speech; both decoders read what it gives. For each: WER in %, processor seconds of
decoding for each second of sound, and how well confidence tells right words from wrong ones (area
under the ROC curve, words aligned with the reference). At the end, the resident memory the language
model takes and the most that beam search added while it read one sound (Linux only).

FILE holds phrases, one a line, said somewhere or nowhere: beam search then runs once more listening
for them, and the last columns tell how often they are said, heard without and with listening, and
how often one was heard more often than it is said.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import jiwer
import numpy as np
from faster_whisper.audio import decode_audio
from sklearn.metrics import roc_auc_score

from benchmarks.recognition import said, transcripts, words_of
from models.records import Word
from transcribe.beam import BeamDecoder
from transcribe.decoding import ROW_SECONDS, Clock, Decoder, Rows
from transcribe.greedy import GreedyDecoder
from transcribe.language_model import LanguageModel
from transcribe.sound import Samples
from transcribe.vietasr import LEAD_SECONDS, VietAsr

NOISES = ("none", "babble", "white")
BELOW = 10.0
"""dB."""
VOICES = 8
SEED = 4


class Kept:
    """A decoder that only keeps the rows of its stretch."""

    def __init__(self, start: float) -> None:
        self.start = start
        self.rows: list[Rows] = []

    def accept(self, rows: Rows) -> list[Word]:
        self.rows.append(rows)
        return []

    def pending(self) -> list[Word]:
        return []

    def finish(self) -> list[Word]:
        return []


class Network(VietAsr):
    """The engine, without a decoder: what it hears lies in `heard`."""

    heard: list[Kept]

    def decoder(self, start: float) -> Decoder:
        self.heard.append(Kept(start))
        return self.heard[-1]

    def listen(self, samples: Samples, whole_meeting: bool) -> list[Kept]:
        """The rows of each stretch; a meeting is cut as the program cuts it."""
        self.heard = []
        if whole_meeting:
            list(words_of(self, samples))
        else:
            self.recognise(samples, 0.0)
        return self.heard


class Sounds(NamedTuple):
    name: str
    texts: list[str]
    sounds: list[Samples]


@dataclass
class Result:
    """What one decoder made of some sounds."""

    open_decoder: Callable[[Clock], Decoder]
    texts: list[list[Word]]
    spent: float = 0.0
    added: float = 0.0

    def take(self, heard: Sequence[Kept]) -> None:
        """Decodes one sound."""
        began, before, words = time.process_time(), memory(), []
        for kept in heard:
            decoder = self.open_decoder(Clock(kept.start - LEAD_SECONDS, kept.start))
            for rows in kept.rows:
                words += decoder.accept(rows)
                self.added = max(self.added, memory() - before)
            words += decoder.finish()
        self.spent += time.process_time() - began
        self.texts.append(words)

    def lines(self) -> list[str]:
        return [" ".join(word.word for word in words) for words in self.texts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("--hot-words", type=Path)
    options = parser.parse_args()
    audio = options.evaluation / "audio"
    phrases = options.hot_words.read_text(encoding="utf-8").lower().splitlines() if options.hot_words else []
    network = Network(threads=1)
    before = memory()
    language = LanguageModel(network.tokens)
    model = memory() - before
    added = 0.0
    clips = Sounds("clips", *transcripts(audio))
    meetings = [Sounds(path.stem, [said(path)], [decode_audio(str(path))])
                for path in sorted((audio / "meetings").glob("*.flac"))]
    listening = LanguageModel(network.tokens, phrases)
    decoders: list[Callable[[Clock], Decoder]] = [
        lambda clock: GreedyDecoder(network.tokens, clock), lambda clock: BeamDecoder(language, clock)]
    if phrases:
        decoders.append(lambda clock: BeamDecoder(listening, clock))
    print(f"{'':27} {'greedy':^23}   {'beam':^23}   {'beam, listening':^23}"[: 27 + 26 * len(decoders)])
    print(f"{'sound':19} {'noise':7} " + "   ".join([f"{'WER %':>6} {'CPU s/s':>8} {'sure':>7}"] * len(decoders))
          + ("   said heard  with  more" if phrases else ""))
    for sounds in (clips, *meetings):
        for noise in NOISES:
            results = [Result(decoder, []) for decoder in decoders]
            seconds = measure(network, sounds, noise, clips.sounds, results)
            added = max(added, results[1].added)
            columns = (f"{wer(sounds, result):6.1f} {result.spent / seconds:8.3f} {sureness(sounds, result):7.2f}"
                       for result in results)
            print(f"{sounds.name:19} {noise:7} " + "   ".join(columns) + names(sounds, results, phrases), flush=True)
    print(f"language model {model:.0f} MiB; beam search at most {added:.0f} MiB")


def measure(network: Network, sounds: Sounds, noise: str, clips: Sequence[Samples], results: Sequence[Result]) -> float:
    """Lets every decoder read what the network hears; returns the seconds of sound."""
    dice, rows = np.random.default_rng(SEED), 0
    for number, samples in enumerate(sounds.sounds):
        # Nobody babbles over himself; in a meeting everybody speaks, so that cannot be had.
        others = [clip for other, clip in enumerate(clips) if sounds.name != "clips" or other != number]
        heard = network.listen(noisy(samples, noise, others, dice), sounds.name != "clips")
        rows += sum(len(step) for kept in heard for step in kept.rows)
        for result in results:
            result.take(heard)
    return rows * ROW_SECONDS


def noisy(samples: Samples, noise: str, voices: Sequence[Samples], dice: np.random.Generator) -> Samples:
    if noise == "none":
        return samples
    if noise == "white":
        added = dice.standard_normal(len(samples))
    else:
        chosen = [voices[index] / level(voices[index]) for index in dice.permutation(len(voices))[:VOICES]]
        added = np.sum([np.resize(np.roll(voice, dice.integers(len(voice))), len(samples)) for voice in chosen], axis=0)
    return (samples + added * level(samples) / level(added) * 10 ** (-BELOW / 20)).astype(np.float32)


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def wer(sounds: Sounds, result: Result) -> float:
    return 100 * jiwer.wer(sounds.texts, result.lines())


def sureness(sounds: Sounds, result: Result) -> float:
    """Area under the ROC curve of confidence against being right."""
    right, confidence = [], []
    for reference, words in zip(sounds.texts, result.texts, strict=True):
        hits: set[int] = set()
        for piece in jiwer.process_words(reference, " ".join(word.word for word in words)).alignments[0]:
            if piece.type == "equal":
                hits.update(range(piece.hyp_start_idx, piece.hyp_end_idx))
        right += [index in hits for index in range(len(words))]
        confidence += [word.confidence for word in words]
    return float(roc_auc_score(right, confidence))


def names(sounds: Sounds, results: Sequence[Result], phrases: Sequence[str]) -> str:
    """The columns of the hot words; nothing without any."""
    if not phrases:
        return ""
    said, heard, listening = (counts(lines, phrases) for lines in
                              (sounds.texts, results[1].lines(), results[2].lines()))
    more = sum(max(0, with_it - truly) for with_it, truly in zip(listening, said, strict=True))
    right = [sum(map(min, said, found)) for found in (heard, listening)]
    return f"   {sum(said):4} {right[0]:5} {right[1]:5} {more:5}"


def counts(lines: Sequence[str], phrases: Sequence[str]) -> list[int]:
    """How often each phrase stands in the lines."""
    text = " | ".join(lines)
    return [len(re.findall(rf"\b{re.escape(phrase)}\b", text)) for phrase in phrases]


def memory() -> float:
    """Resident memory now, MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
