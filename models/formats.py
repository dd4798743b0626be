"""Transcripts at the border: JSON Lines in and out, plain text, SRT and WebVTT out.

These formats are contracts with other programs; they do not change without a version.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from models.errors import BadTranscript
from models.folding import nfc
from models.records import Utterance, Word


def read_transcript(path: Path) -> tuple[Utterance, ...]:
    """The utterances of a JSON Lines file; only start, end, speaker and text are required.

    Raises BadTranscript, naming the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise BadTranscript(path, "not_found") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadTranscript(path, "not_json", "1") from error
    found = tuple(_utterance(line, number, path) for number, line in enumerate(lines, 1) if line.strip())
    if not found:
        raise BadTranscript(path, "empty")
    return found


def _utterance(line: str, number: int, path: Path) -> Utterance:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadTranscript(path, "not_json", str(number)) from error
    if not isinstance(fields, dict):
        raise BadTranscript(path, "not_json", str(number))
    try:
        words = tuple(Word(str(w["word"]), float(w["start"]), float(w["end"]), float(w.get("confidence", 1.0)))
                      for w in fields.get("words") or ())
        return Utterance(float(fields["start"]), float(fields["end"]), str(fields["speaker"]), nfc(str(fields["text"])),
                         nfc(str(fields.get("heard") or "")), words, tuple(map(str, fields.get("flags") or ())))
    except KeyError as error:
        raise BadTranscript(path, "missing_key", f"{number}: {error.args[0]}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadTranscript(path, "bad_value", str(number)) from error


def as_jsonl(utterances: Iterable[Utterance]) -> str:
    """One JSON object a line, as the architecture lays down."""
    return "".join(json.dumps(as_json(utterance), ensure_ascii=False) + "\n" for utterance in utterances)


def as_json(utterance: Utterance) -> dict[str, Any]:
    words = [{"word": w.word, "start": round(w.start, 3), "end": round(w.end, 3), "confidence": round(w.confidence, 3)}
             for w in utterance.words]
    return {"start": round(utterance.start, 3), "end": round(utterance.end, 3), "speaker": utterance.speaker,
            "text": utterance.text, "heard": utterance.heard, "words": words, "flags": list(utterance.flags)}


def as_text(utterances: Iterable[Utterance]) -> str:
    """For reading: time, speaker, words."""
    return "".join(f"[{clock(u.start)}] {u.speaker}: {u.text}\n" for u in utterances)


def as_srt(utterances: Iterable[Utterance]) -> str:
    """SubRip subtitles."""
    return "\n".join(f"{i}\n{clock(u.start, ',')} --> {clock(u.end, ',')}\n{u.speaker}: {u.text}\n"
                     for i, u in enumerate(utterances, 1))


def as_vtt(utterances: Iterable[Utterance]) -> str:
    """WebVTT captions, with the speaker as voice (W3C WebVTT, 3.4)."""
    cues = (f"{clock(u.start, '.')} --> {clock(u.end, '.')}\n<v {_plain(u.speaker)}>{_plain(u.text)}\n"
            for u in utterances)
    return "\n".join(["WEBVTT\n", *cues])


WRITERS: dict[str, Callable[[Sequence[Utterance]], str]] = {
    "jsonl": as_jsonl, "txt": as_text, "srt": as_srt, "vtt": as_vtt}


def clock(seconds: float, fraction: str = "") -> str:
    """Seconds as hh:mm:ss, with milliseconds after the sign `fraction` if one is given."""
    milliseconds = round(seconds * 1000)
    rest, ms = divmod(milliseconds, 1000)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{text}{fraction}{ms:03}" if fraction else text


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
