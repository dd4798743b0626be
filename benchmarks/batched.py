"""Whisper piece by piece beside its batched inference (several pieces at once, no second try where it is unsure).

    python -m benchmarks.batched MEETING.flac [--model FOLDER]

MEETING.flac is a spliced meeting of the evaluation with its `.jsonl` beside it. Prints for each way the words,
WER in %, and processor seconds for each second of sound, on one thread; then by how many seconds the times of the
words that both heard differ.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import BatchedInferencePipeline
from faster_whisper.audio import decode_audio

from benchmarks.recognition import plain, said
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.whisper import Whisper, _pieces

Heard = list[tuple[str, float]]
AT_ONCE = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("meeting", type=Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    samples, engine = decode_audio(str(options.meeting)), Whisper(options.model, threads=1)
    one, many = (measured(name, hear, samples, options.meeting) for name, hear in (
        ("one by one", lambda: [(plain(word.word), word.start) for word in engine.recognise(samples, 0.0)]),
        ("batched", lambda: batched(engine, samples))))
    same = SequenceMatcher(None, [word for word, _ in one], [word for word, _ in many], autojunk=False)
    apart = [abs(one[a + k][1] - many[b + k][1]) for a, b, n in same.get_matching_blocks() for k in range(n)]
    print(f"{len(apart)} words heard by both: times differ by {np.median(apart):.3f} s (median), "
          f"{np.percentile(apart, 95):.3f} s (95 %), {max(apart):.3f} s at most")


def batched(engine: Whisper, samples: Samples) -> Heard:
    pieces = [{"start": start, "end": end} for start, end in _pieces(samples)]
    segments, _ = BatchedInferencePipeline(engine._model).transcribe(
        samples, language="vi", word_timestamps=True, batch_size=AT_ONCE, vad_filter=False, clip_timestamps=pieces,
        condition_on_previous_text=False)
    return [(plain(word.word), float(word.start)) for segment in segments for word in segment.words or ()]


def measured(name: str, hear: Callable[[], Heard], samples: Samples, meeting: Path) -> Heard:
    began = time.process_time()
    heard = hear()
    spent = (time.process_time() - began) / (len(samples) / SAMPLE_RATE)
    error = 100 * jiwer.wer(said(meeting), " ".join(word for word, _ in heard))
    print(f"{name:12} {len(heard):5} words  WER {error:5.1f} %  {spent:.3f} CPU s/s", flush=True)
    return heard


if __name__ == "__main__":
    main()
