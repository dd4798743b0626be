"""Transcripts go out and come in by the formats other programs rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import BadTranscript
from models.formats import as_jsonl, as_srt, as_text, as_vtt, clock, read_transcript
from models.records import Utterance, Word

SAID = (Utterance(0.0, 4.5, "S1", "Kính thưa <bà con> & quý vị.", "kính thưa", (Word("kính", 0.1, 0.4, 0.93),), ("a",)),
        Utterance(3661.25, 3662.0, "S2", "Dạ."))


def test_a_written_transcript_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "bản ghi.jsonl"
    path.write_text(as_jsonl(SAID), encoding="utf-8")
    assert read_transcript(path) == SAID


def test_only_start_end_speaker_and_text_are_required(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"start": 0, "end": 1, "speaker": "S1", "text": "chào"}\n\n', encoding="utf-8")
    assert read_transcript(path) == (Utterance(0.0, 1.0, "S1", "chào"),)


@pytest.mark.parametrize(("text", "reason"), [
    ("không phải json\n", "not_json"), ("[1]\n", "not_json"), ('{"start": 0, "end": 1, "text": "a"}\n', "missing_key"),
    ('{"start": "x", "end": 1, "speaker": "S1", "text": "a"}\n', "bad_value"), ("\n", "empty")])
def test_what_is_wrong_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadTranscript) as raised:
        read_transcript(path)
    assert raised.value.reason == reason


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadTranscript, match="not_json"):
        read_transcript(path)


def test_subtitles_carry_times_and_speakers() -> None:
    assert "00:00:00,000 --> 00:00:04,500\nS1: Kính thưa" in as_srt(SAID)
    assert "\n2\n01:01:01,250 --> 01:01:02,000\n" in as_srt(SAID)
    assert as_vtt(SAID).startswith("WEBVTT\n\n00:00:00.000 --> 00:00:04.500\n<v S1>Kính thưa &lt;bà con&gt; &amp; quý")
    assert as_text(SAID).splitlines()[1] == "[01:01:01] S2: Dạ."


def test_a_time_just_below_a_second_is_rounded_up_whole() -> None:
    assert clock(59.9996, ".") == "00:01:00.000"
