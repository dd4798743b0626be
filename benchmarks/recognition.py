"""Word error rate and speed of the recognition engines on the evaluation sound.

    python -m benchmarks.recognition EVALUATION [--engine vietasr|whisper] [--model FOLDER] [--threads N]

EVALUATION is the folder with `audio/clips.tsv` and `audio/meetings/`. Prints one line for the
clips and one for each meeting: WER in %, and processor seconds for each second of sound.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import time
import unicodedata
import wave
from collections.abc import Iterator
from pathlib import Path

import jiwer
from faster_whisper.audio import decode_audio

from transcribe.blocks import next_block
from transcribe.engine import Engine, open_engine
from transcribe.sound import SAMPLE_RATE, Samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("--engine", default="vietasr")
    parser.add_argument("--model")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    engine = open_engine(options.engine, options.model, options.threads)
    audio = options.evaluation / "audio"
    print(engine.generator)
    print(f"{'sound':24} {'seconds':>8} {'words':>6} {'WER %':>6} {'CPU s/s':>8}")
    print_row("clips", *clips(engine, audio))
    for meeting in sorted((audio / "meetings").glob("*.flac")):
        print_row(meeting.stem, *whole_meeting(engine, meeting))


def clips(engine: Engine, audio: Path) -> tuple[float, list[str], list[str], float]:
    """Seconds of sound, references, what was heard, processor seconds."""
    references, sounds = transcripts(audio)
    began = time.process_time()
    heard = [plain(" ".join(word.word for word in engine.recognise(samples, 0.0))) for samples in sounds]
    return sum(map(len, sounds)) / SAMPLE_RATE, references, heard, time.process_time() - began


def transcripts(audio: Path) -> tuple[list[str], list[Samples]]:
    """What is said in each clip, and its sound."""
    with (audio / "clips.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    sounds = [decode_audio(str(audio / "clips" / row["path"])) for row in rows]
    return [plain(row["transcript"]) for row in rows], sounds


def whole_meeting(engine: Engine, sound: Path) -> tuple[float, list[str], list[str], float]:
    """The same for a meeting, taken block by block as the program does."""
    samples = decode_audio(str(sound))
    began = time.process_time()
    heard = plain(" ".join(words_of(engine, samples)))
    return len(samples) / SAMPLE_RATE, [said(sound)], [heard], time.process_time() - began


def said(meeting: Path) -> str:
    """All that is said in a meeting."""
    lines = meeting.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return plain(" ".join(json.loads(line)["text"] for line in lines))


def words_of(engine: Engine, samples: Samples) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((samples * 32768).round().clip(-32768, 32767).astype("<i2").tobytes())
        start = 0.0
        while block := next_block(path, start, engine, None):
            yield from (word.word for word in block.words)
            start = block.end


def plain(text: str) -> str:
    """Lower case, NFC, without punctuation: what the error rate is counted on."""
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text).lower()).split())


def print_row(name: str, seconds: float, references: list[str], heard: list[str], spent: float) -> None:
    words = sum(len(reference.split()) for reference in references)
    print(f"{name:24} {seconds:8.0f} {words:6} {100 * jiwer.wer(references, heard):6.1f} {spent / seconds:8.3f}")


if __name__ == "__main__":
    main()
