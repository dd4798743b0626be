"""Diarization error on the evaluation meetings, how long it takes, and how well known voices are found.

    python -m benchmarks.speakers EVALUATION

EVALUATION is the folder with `audio/meetings/`. Sound is cut into blocks as it is when transcribed.

First table: for each meeting the speakers found and real, the diarization error rate (collar
0.25 s, overlap counted) and its parts in %, and processor seconds for each second of sound. `final`
has all blocks at hand. Live, speakers are told anew from the blocks so far after each block: `drafts`
is the mean over all that is shown in turn, each draft up to its own end; `first` judges each block
only by how it was first shown, so that a speaker whose number changes later counts as confused.

Second table: processor seconds of one `assign` over so many hours, the meetings' blocks repeated
with their prints moved a little at random.

Third table: the first half of each voice's first turn is enrolled, the second halves of all turns
are named: clips may repeat, halves do not. The equal error rate and its threshold, which LIKELY is,
come from voices16_returning; there and in the hall, what is named rightly, missed (known, not
named) and named wrongly from several likenesses on.
"""

from __future__ import annotations

import argparse
import time
import wave
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from faster_whisper.audio import decode_audio
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from models.records import Word
from transcribe.blocks import Block, next_block
from transcribe.enrolment import LIKELY, Vector, mean_print, within
from transcribe.sound import SAMPLE_RATE, Samples
from transcribe.speakers import Turn, VoiceModel, assign

PARTS = ("missed detection", "false alarm", "confusion")
RETURNING, HALL = "voices16_returning", "voices25_hall"
HOURS = (1.0, 3.0)
MOVED = 0.02
"""Standard deviation of the noise on each of the 192 numbers of a repeated print."""

Spoken = tuple[str, float, float]
"""Who, from when, until when."""


class Deaf:
    """Recognises nothing: speakers do not depend on the words."""

    generator = "none/none/0"

    def recognise(self, samples: Samples, start: float) -> list[Word]:
        return []


@dataclass(frozen=True)
class Sound:
    """A meeting as blocks, who really spoke when, and processor seconds for each second of sound."""

    blocks: list[Block]
    real: list[Spoken]
    spent: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evaluation", type=Path)
    options = parser.parse_args()
    meetings = {path.stem: sound(path) for path in sorted((options.evaluation / "audio" / "meetings").glob("*.flac"))}
    print(f"{'meeting':20} {'':6} {'found':>5} {'real':>5} {'DER %':>6} {'missed':>7} {'false':>6} {'mixed':>6} "
          f"{'CPU s/s':>8}")
    for name, meeting in meetings.items():
        final, first = assign(meeting.blocks), as_first_shown(meeting.blocks)
        print_errors(name, "final", final, errors(final, meeting.real), meeting)
        print_errors(name, "drafts", final, errors_of_drafts(meeting), meeting)
        print_errors(name, "first", first, errors(first, meeting.real), meeting)
    print(f"\n{'hours':>5} {'windows':>8} {'CPU s':>6}")
    for hours in HOURS:
        print_time(hours, repeated([block for meeting in meetings.values() for block in meeting.blocks], hours))
    print_named(meetings)


def sound(path: Path) -> Sound:
    samples = decode_audio(str(path))
    voices = VoiceModel(threads=1)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "sound.wav"
        with wave.open(str(copy), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        began = time.process_time()
        blocks = list(_blocks(copy, voices))
        spent = (time.process_time() - began) / (len(samples) / SAMPLE_RATE)
    return Sound(blocks, reference(path.with_suffix(".rttm")), spent)


def _blocks(path: Path, voices: VoiceModel) -> Iterator[Block]:
    start = 0.0
    while block := next_block(path, start, Deaf(), voices):
        yield block
        start = block.end


def reference(path: Path) -> list[Spoken]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[7], float(row[3]), float(row[3]) + float(row[4])) for row in rows]


def as_first_shown(blocks: Sequence[Block]) -> list[Turn]:
    """Of each block, the turns as they were known when it had just been heard."""
    shown: list[Turn] = []
    for count, block in enumerate(blocks, start=1):
        shown += [replace(turn, start=max(turn.start, block.start)) for turn in assign(blocks[:count])
                  if turn.end > block.start]
    return shown


def errors_of_drafts(meeting: Sound) -> list[float]:
    """The mean error and its parts of what is shown after each block."""
    rows = []
    for count, block in enumerate(meeting.blocks, start=1):
        real = [(who, start, min(end, block.end)) for who, start, end in meeting.real if start < block.end]
        rows.append(errors(assign(meeting.blocks[:count]), real))
    return [float(mean) for mean in np.mean(rows, axis=0)]


def errors(turns: Sequence[Turn], spoken: Sequence[Spoken]) -> list[float]:
    """The diarization error rate and its parts, in %."""
    real, found = Annotation(), Annotation()
    for who, start, end in spoken:
        real[Segment(start, end)] = who
    for turn in turns:
        found[Segment(turn.start, turn.end)] = str(turn.speaker)
    everything = Timeline([Segment(0.0, max(real.get_timeline().extent().end, turns[-1].end))])
    error = DiarizationErrorRate(collar=0.25)(real, found, uem=everything, detailed=True)
    return [100 * error["diarization error rate"], *(100 * error[part] / error["total"] for part in PARTS)]


def print_errors(name: str, way: str, turns: Sequence[Turn], row: Sequence[float], meeting: Sound) -> None:
    found, real = {turn.speaker for turn in turns}, {who for who, _, _ in meeting.real}
    whole, missed, false, mixed = row
    print(f"{name:20} {way:6} {len(found):5} {len(real):5} {whole:6.1f} {missed:7.1f} {false:6.1f} {mixed:6.1f} "
          f"{meeting.spent:8.3f}")


def repeated(blocks: Sequence[Block], hours: float) -> list[Block]:
    """So many hours of these blocks, no print twice the same."""
    chance = np.random.default_rng(1)
    found: list[Block] = []
    while not found or found[-1].end < 3600 * hours:
        block = blocks[len(found) % len(blocks)]
        shift = (found[-1].end if found else 0.0) - block.start
        voices = []
        for voice in block.voices:
            moved = voice.vector + MOVED * chance.normal(size=voice.vector.shape)
            print_ = (moved / np.linalg.norm(moved)).astype("<f2").tobytes()
            voices.append(replace(voice, start=voice.start + shift, end=voice.end + shift, print=print_))
        found.append(Block(block.start + shift, block.end + shift, (), tuple(voices), ()))
    return found


def print_time(hours: float, blocks: Sequence[Block]) -> None:
    began = time.process_time()
    assign(blocks)
    print(f"{hours:5.0f} {sum(len(block.voices) for block in blocks):8} {time.process_time() - began:6.2f}")


def print_named(meetings: Mapping[str, Sound]) -> None:
    known = enrolled(meetings[RETURNING])
    pairs = {name: likenesses(known, meetings[name]) for name in (RETURNING, HALL)}
    rate, threshold = equal_error(*split(pairs[RETURNING]))
    print(f"\n{len(known)} enrolled; equal error rate {100 * rate:.1f} % at a likeness of {threshold:.2f}")
    print(f"{'meeting':20} {'from':>5} {'turns':>6} {'known':>6} {'right':>6} {'missed':>7} {'wrong':>6} "
          f"{'least own':>10} {'most other':>11}")
    for name, rows in pairs.items():
        own, other = split(rows)
        for least in sorted({0.5, 0.6, LIKELY}):
            right, missed, wrong = named(rows, least)
            known_turns = sum(who in row for who, row in rows)
            print(f"{name:20} {least:5.2f} {len(rows):6} {known_turns:6} {right:6} {missed:7} {wrong:6} "
                  f"{min(own):10.2f} {max(other):11.2f}")


def enrolled(meeting: Sound) -> dict[str, Vector]:
    """Each voice by name, from the first half of its first turn."""
    known: dict[str, Vector] = {}
    for who, start, end in meeting.real:
        if who not in known and (vector := _print(meeting, start, (start + end) / 2)) is not None:
            known[who] = vector
    return known


def likenesses(known: Mapping[str, Vector], meeting: Sound) -> list[tuple[str, dict[str, float]]]:
    """Who spoke each turn, and how much its second half is like each of the known voices."""
    return [(who, {name: float(vector @ print_) for name, vector in known.items()})
            for who, start, end in meeting.real
            if (print_ := _print(meeting, (start + end) / 2, end)) is not None]


def _print(meeting: Sound, start: float, end: float) -> Vector | None:
    return mean_print(within([voice for block in meeting.blocks for voice in block.voices], [(start, end)]))


def split(rows: Sequence[tuple[str, dict[str, float]]]) -> tuple[list[float], list[float]]:
    """The likenesses of a turn to its own speaker, and those to others."""
    own = [likeness for who, row in rows for name, likeness in row.items() if name == who]
    return own, [likeness for who, row in rows for name, likeness in row.items() if name != who]


def equal_error(own: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """The error rate where as many are refused as are taken wrongly, and the likeness where that is."""
    def errors(least: float) -> tuple[float, float]:
        return float(np.mean(np.array(own) < least)), float(np.mean(np.array(other) >= least))

    steps = np.linspace(-1.0, 1.0, 401).tolist()
    gap = min(abs(np.subtract(*errors(step))) for step in steps)
    even = [step for step in steps if abs(np.subtract(*errors(step))) <= gap + 1e-9]
    middle = even[len(even) // 2]
    return sum(errors(middle)) / 2, middle


def named(rows: Sequence[tuple[str, dict[str, float]]], least: float) -> tuple[int, int, int]:
    """Turns of known voices named rightly and not named, and turns of anybody named wrongly."""
    right = missed = wrong = 0
    for who, row in rows:
        best = max(row, key=lambda name: row[name])
        said = best if row[best] >= least else None
        right += said == who
        missed += said is None and who in row
        wrong += said not in (None, who)
    return right, missed, wrong


if __name__ == "__main__":
    main()
