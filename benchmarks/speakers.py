"""Diarization error of the speakers on the evaluation meetings.

    python -m benchmarks.speakers EVALUATION

EVALUATION is the folder with `audio/meetings/`. Prints, for each meeting, the speakers found and
real, the diarization error rate (collar 0.25 s, overlap counted) and its parts in %, and processor
seconds for each second of sound.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from faster_whisper.audio import decode_audio
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from transcribe.blocks import Block
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.speakers import Turn, VoiceModel, assign
from transcribe.speech import speech_stretches

MINUTE = 60 * SAMPLE_RATE
PARTS = ("missed detection", "false alarm", "confusion")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    options = parser.parse_args()
    voices = VoiceModel(threads=1)
    print(f"{'meeting':24} {'found':>5} {'real':>5} {'DER %':>6} {'missed':>7} {'false':>6} {'mixed':>6} "
          f"{'CPU s/s':>8}")
    for sound in sorted((options.evaluation / "audio" / "meetings").glob("*.flac")):
        samples = decode_audio(str(sound))
        began = time.process_time()
        turns = assign([block(voices, samples, first) for first in range(0, len(samples), MINUTE)])
        spent = (time.process_time() - began) / (len(samples) / SAMPLE_RATE)
        print_row(sound.stem, turns, reference(sound.with_suffix(".rttm")), spent)


def block(voices: VoiceModel, samples: Samples, first: int) -> Block:
    """One minute, with the voices in it only."""
    start = first / SAMPLE_RATE
    minute = samples[first : first + MINUTE]
    speech = speech_stretches(minute, start)
    return Block(start, start + len(minute) / SAMPLE_RATE, (), tuple(voices.prints(minute, speech, start)), ())


def reference(path: Path) -> Annotation:
    turns = Annotation()
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        start, seconds = float(fields[3]), float(fields[4])
        turns[Segment(start, start + seconds)] = fields[7]
    return turns


def print_row(name: str, turns: list[Turn], real: Annotation, spent: float) -> None:
    found = Annotation()
    for turn in turns:
        found[Segment(turn.start, turn.end)] = str(turn.speaker)
    everything = Timeline([Segment(0.0, max(real.get_timeline().extent().end, turns[-1].end))])
    error = DiarizationErrorRate(collar=0.25)(real, found, uem=everything, detailed=True)
    parts = [100 * error[part] / error["total"] for part in PARTS]
    print(f"{name:24} {len(found.labels()):5} {len(real.labels()):5} {100 * error['diarization error rate']:6.1f} "
          f"{parts[0]:7.1f} {parts[1]:6.1f} {parts[2]:6.1f} {spent:8.3f}")


if __name__ == "__main__":
    main()
