"""The `doithoai` command as a user runs it: results out, errors in one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import docx
import numpy as np
import pytest
from click.testing import CliRunner

from models.formats import read_transcript
from models.locks import alone
from models.store import open_store
from models.weights import sha256_of
from tests.conftest import INSTALLED_WEIGHTS, run, sentence, write_meeting
from tests.sounds import decoded, longest
from transcribe.weights import SAMPLE_CLIPS
from ui import searching, work
from ui.cli import main


@pytest.fixture
def clip(clips: dict[Path, str]) -> Path:
    return longest(clips)


@dataclass(frozen=True)
class Processed:
    """A recording that was processed: its data folder, what came out, and what the command said."""

    home: Path
    out: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def processed(clips: dict[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Processed:
    """Two tests look at it: the first time takes long."""
    folder = tmp_path_factory.mktemp("một lần")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DOITHOAI_HOME", str(folder / "dữ liệu"))
        patched.setenv("DOITHOAI_WEIGHTS", str(INSTALLED_WEIGHTS))
        done = run("process", longest(clips), "--meeting", write_meeting(folder), "--out", folder / "kết quả")
    return Processed(folder / "dữ liệu", folder / "kết quả", done)


def test_sound_becomes_transcript_questions_and_draft_minutes(processed: Processed) -> None:
    out, done = processed.out, processed.done
    assert done.returncode == 0, done.stderr
    said = read_transcript(out / "transcript.jsonl")
    assert len(" ".join(u.heard for u in said).split()) >= 20
    assert all(word.end > word.start >= 0 for u in said for word in u.words)
    found = json.loads((out / "questions.json").read_text(encoding="utf-8"))
    assert len(found["places"]) == len(said)
    assert any("BIÊN BẢN" in paragraph.text for paragraph in docx.Document(str(out / "minutes.docx")).paragraphs)
    assert "100%" in done.stderr
    with open_store(processed.home) as db:
        assert searching.find(db, said[0].heard.split()[0])


def test_the_same_file_again_is_done_at_once_and_gives_the_same(
        processed: Processed, clip: Path, meeting_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_HOME", str(processed.home))
    assert run("process", clip, "--meeting", meeting_file, "--out", tmp_path).returncode == 0
    assert (tmp_path / "transcript.jsonl").read_bytes() == (processed.out / "transcript.jsonl").read_bytes()


def test_a_transcript_is_printed_in_each_format(clip: Path) -> None:
    assert run("transcribe", clip, "--format", "srt").stdout.startswith("1\n00:00:0")
    assert run("transcribe", clip, "--format", "vtt").stdout.startswith("WEBVTT")
    (first, *_) = run("transcribe", clip, "--json").stdout.splitlines()
    assert set(json.loads(first)) == {"start", "end", "speaker", "text", "heard", "words", "flags"}


def test_a_recording_is_imported_searched_and_exported(clip: Path, meeting_file: Path, tmp_path: Path) -> None:
    imported = json.loads(run("import", clip, "--meeting", meeting_file, "--json").stdout)
    assert imported["sha256"] == sha256_of(clip)
    assert "hội nghị số 1" in run("import", clip, "--meeting", meeting_file).stdout.lower()
    assert run("process", clip, "--meeting", meeting_file, "--out", tmp_path).returncode == 0
    assert run("export", "1", "--paper", "transcript", "--to", tmp_path / "lời.srt").returncode == 0
    assert " --> " in (tmp_path / "lời.srt").read_text(encoding="utf-8")
    word = read_transcript(tmp_path / "transcript.jsonl")[0].heard.split()[0]
    assert json.loads(run("search", word, "--json").stdout)[0]["meeting"] == 1


def test_questions_of_the_sample_are_found_and_printed(tmp_path: Path) -> None:
    sample = Path(work.__file__).parent / "sample"
    arguments = ("questions", sample / "transcript.jsonl", "--meeting", sample / "meeting.yaml")
    found = json.loads(run(*arguments, "--json").stdout)
    said = read_transcript(sample / "transcript.jsonl")
    assert len(found["questions"]) >= 8
    assert len(found["places"]) == len(said)
    for question in found["questions"]:
        assert all(0 <= s["start"] < s["end"] <= len(said[s["utterance"]].text) for s in question["spans"])
    assert f"{len(found['questions'])} câu hỏi" in CliRunner().invoke(main, [str(one) for one in arguments]).output


@pytest.mark.parametrize("command", ["process", "transcribe", "import"])
def test_a_text_file_named_wav_gives_one_sentence(command: str, tmp_path: Path, meeting_file: Path) -> None:
    (tmp_path / "giả.wav").write_text("không phải âm thanh", encoding="utf-8")
    extra = {"process": ("--meeting", meeting_file, "--out", tmp_path / "out"),
             "import": ("--meeting", meeting_file)}.get(command, ())
    assert "không phải tệp âm thanh" in sentence(run(command, tmp_path / "giả.wav", *extra))
    assert not (tmp_path / "out").exists()


def test_a_missing_file_an_empty_file_and_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "rỗng.wav").touch()
    assert "Không tìm thấy" in sentence(run("transcribe", tmp_path / "không có.wav"))
    assert "không có âm thanh nào" in sentence(run("transcribe", tmp_path / "rỗng.wav"))
    assert "Không tìm thấy" in sentence(run("transcribe", tmp_path))


def _wav(path: Path, samples: np.ndarray, rate: int = 16_000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, 2, rate, 0, "NONE", ""))
        out.writeframes(samples.astype("<i2").tobytes())
    return path


def test_ten_minutes_of_silence_are_kept_and_told(tmp_path: Path, meeting_file: Path, home: Path) -> None:
    silence = _wav(tmp_path / "im lặng.wav", np.zeros(600 * 16_000))
    told = sentence(run("process", silence, "--meeting", meeting_file, "--out", tmp_path / "out"))
    assert "Không nghe thấy tiếng nói" in told
    assert len(list(home.rglob("original-*.wav"))) == 1


def test_telephone_sound_is_recognised(clips: dict[Path, str], tmp_path: Path) -> None:
    source = longest(clips)
    samples = decoded(source, 8_000, "stereo")
    heard = run("transcribe", _wav(tmp_path / "điện thoại.wav", samples, 8_000, 2), "--format", "txt").stdout.lower()
    words = clips[source].lower().replace(",", "").replace(".", "").split()
    assert sum(word in heard for word in words) > 0.6 * len(words)


def test_a_missing_model_says_how_to_install_it(
        clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOITHOAI_WEIGHTS", str(tmp_path / "trống"))
    assert "doithoai weights install vietasr" in sentence(run("transcribe", clip))
    assert "doithoai weights install" in sentence(run("weights", "check", "vietasr"))


def test_a_whisper_model_that_is_not_there_is_named(clip: Path, tmp_path: Path) -> None:
    told = sentence(run("transcribe", clip, "--engine", "whisper", "--model", tmp_path / "không có"))
    assert "không có" in told


@pytest.mark.parametrize(("text", "told"), [
    ("title: a\ndate: 2026-01-01\nplace: b\nmau: c\n", "mục lạ «mau»"),
    ("title: a\ndate: 2026-01-01\nplace: b\ntopics: [{id: T1, name: A}, {id: T2, name: A}]\n", "ghi hai lần")])
def test_a_wrong_meeting_file_is_named(clip: Path, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    assert told in sentence(run("process", clip, "--meeting", tmp_path / "m.yaml", "--out", tmp_path / "out"))


def test_two_processes_on_one_recording_do_not_meet(clip: Path, home: Path) -> None:
    (home / "locks").mkdir(parents=True)
    with alone(home, sha256_of(clip)[:16]):
        assert "chương trình khác" in sentence(run("transcribe", clip))


def test_a_data_folder_that_cannot_be_written_is_named(
        clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tệp").write_text("không phải thư mục")
    monkeypatch.setenv("DOITHOAI_HOME", str(tmp_path / "tệp" / "dữ liệu"))
    assert "Không ghi được" in sentence(run("transcribe", clip))


def test_an_unknown_meeting_and_a_wrong_command_line_are_told(tmp_path: Path) -> None:
    assert "Không tìm thấy hội nghị số 9" in sentence(run("export", "9", "--to", tmp_path / "a.docx"))
    wrong = run("process")
    assert wrong.returncode == 2
    assert "--help" in sentence(wrong)


def test_the_weights_are_listed_and_checked() -> None:
    rows = {row["name"]: row for row in json.loads(run("weights", "list", "--json").stdout)}
    assert rows["vietasr"]["installed"] and rows["vietasr"]["licence"] == "Apache-2.0"
    assert "đã cài" in run("weights", "list").stdout
    assert "nguyên vẹn" in run("weights", "check", SAMPLE_CLIPS.name).stdout


def test_help_comes_without_loading_neural_networks() -> None:
    code = """
import sys
import ui.cli
try:
    ui.cli.main(["--help"])
except SystemExit:
    print(sorted({"torch", "onnxruntime", "streamlit", "faster_whisper"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip().endswith("[]")
