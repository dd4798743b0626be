"""The unit of work that can be stored: half a minute or so of sound, with what was heard in it.

A block depends on nothing but the sound and the time it begins at. Whoever stores each block and
is killed goes on from the `end` of the last one, and ends with the same transcript.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from models.records import Word
from transcribe.engine import Engine
from transcribe.sound import SAMPLE_RATE, Samples, duration, read
from transcribe.speech import Stretch, middle, pauses, speech_stretches
from transcribe.voices import Voice, VoiceModel

PAUSE = 0.8
"""Silence, in seconds, at which the recogniser may start anew without losing words."""
LENGTHS = {20.0: PAUSE, 40.0: 0.5, 60.0: 0.3}
"""Seconds to read, and how long a pause must be to cut there: who never pauses is cut at shorter ones. A live meeting
waits for its blocks, so they are short."""


@dataclass(frozen=True)
class Block:
    """What was heard between `start` and `end`, in seconds of the recording.

    `speech` holds the stretches in which somebody spoke, `voices` the prints of short windows.
    """

    start: float
    end: float
    words: tuple[Word, ...]
    voices: tuple[Voice, ...]
    speech: tuple[Stretch, ...]

    def to_json(self) -> str:
        """The block as one line of JSON; `from_json` gives an equal block."""
        return json.dumps(
            {
                "start": self.start,
                "end": self.end,
                "words": [[word.word, word.start, word.end, word.confidence] for word in self.words],
                "voices": [[voice.start, voice.end, base64.b64encode(voice.print).decode()] for voice in self.voices],
                "speech": self.speech,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, line: str) -> Block:
        """Reads what `to_json` wrote."""
        block = json.loads(line)
        return cls(
            block["start"],
            block["end"],
            tuple(Word(*word) for word in block["words"]),
            tuple(Voice(start, end, base64.b64decode(code)) for start, end, code in block["voices"]),
            tuple((start, end) for start, end in block["speech"]),
        )


@dataclass(frozen=True)
class Cut:
    """Where a block begins and ends, in seconds of the recording, and the speech in it."""

    start: float
    end: float
    speech: tuple[Stretch, ...]


def next_block(
    sound: Path, start: float, engine: Engine, voices: VoiceModel | None, growing: bool = False
) -> Block | None:
    """Recognises the block of `sound` that begins at `start` seconds; None at the end of the sound.

    With `growing`, the sound is still being recorded: its end so far is no place to cut, and None
    means that more must come first. Without `voices` no prints are made.

    Raises BadSound when the file is missing or of another form.
    """
    cut = next_cut(sound, start, growing)
    return hear(read(sound, cut.start, cut.end), cut, engine, voices) if cut else None


def next_cut(sound: Path, start: float, growing: bool = False) -> Cut | None:
    """Where the block of `sound` that begins at `start` ends; None as for `next_block`."""
    whole = duration(sound)
    if start >= whole:
        return None
    for length, pause in LENGTHS.items():
        last = start + length >= whole
        if last and growing:
            return None
        speech = speech_stretches(read(sound, start, start + length), start)
        end = whole if last else _pause_cut(speech, start, start + length, pause)
        if end is None and length == max(LENGTHS):
            end = _hard_cut(speech, start, start + length)
        if end is not None:
            return Cut(start, end, tuple(_before(speech, end)))
    raise AssertionError("the longest piece is always cut")


def hear(samples: Samples, cut: Cut, engine: Engine, voices: VoiceModel | None) -> Block:
    """Recognises the block whose sound is `samples`, of shape (samples,) at 16 kHz."""
    words = [
        word
        for begin, stop in _stretches(cut.speech, cut.start, cut.end)
        for word in engine.recognise(_cut(samples, begin - cut.start, stop - cut.start), begin)
    ]
    prints = voices.prints(samples, cut.speech, cut.start) if voices else []
    return Block(cut.start, cut.end, tuple(words), tuple(prints), cut.speech)


def _pause_cut(speech: Sequence[Stretch], start: float, end: float, least: float) -> float | None:
    """The middle of the last pause behind some speech; without any speech, near the end."""
    silences = [pause for pause in pauses(speech, start, end, least) if pause[0] > start or not speech]
    if not silences:
        return None
    # A silence that reaches the end may break off right there: all but a little of it is used up.
    return _on_sample(end - least / 2 if silences[-1][1] == end else middle(silences[-1]))


def _hard_cut(speech: Sequence[Stretch], start: float, end: float) -> float:
    """Nobody paused: the longest silence of the second half, else the very end."""
    late = [silence for silence in pauses(speech, start, end) if silence[0] > (start + end) / 2]
    longest = max(late, key=lambda silence: silence[1] - silence[0], default=(end, end))
    return _on_sample(middle(longest))


def _stretches(speech: Sequence[Stretch], start: float, end: float) -> list[Stretch]:
    """What the recogniser hears in one go: from the middle of one pause to the middle of the next."""
    if not speech:
        return []
    inner = [pause for pause in pauses(speech, start, end, PAUSE) if pause[0] > start and pause[1] < end]
    cuts = [start, *(_on_sample(middle(pause)) for pause in inner), end]
    return list(pairwise(cuts))


def _before(speech: Sequence[Stretch], end: float) -> list[Stretch]:
    return [(begin, min(stop, end)) for begin, stop in speech if begin < end]


def _cut(samples: Samples, start: float, end: float) -> Samples:
    """Samples from `start` to `end`, in seconds from the first."""
    return samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]


def _on_sample(time: float) -> float:
    return round(time * SAMPLE_RATE) / SAMPLE_RATE
