"""Recordings made elsewhere come in whole: bytes kept, sound readable, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from models.errors import BadSound, DiskFull
from models.weights import sha256_of
from recorder.files import FORMATS, SAMPLE_RATE, import_file, safe_name, seconds

ON_LINUX_AS_ROOT = sys.platform == "linux" and os.geteuid() == 0


def _tone(path: Path, length: float, rate: int = 44_100, layout: str = "stereo") -> Path:
    """A quiet 440 Hz tone of `length` seconds, encoded as the name's ending says."""
    codec = {".mp3": "mp3", ".m4a": "aac", ".mp4": "aac", ".ogg": "libopus", ".flac": "flac"}.get(
        path.suffix, "pcm_s16le")
    rate = 48_000 if codec == "libopus" else rate  # the only rate of its encoder close to ours
    channels = 2 if layout == "stereo" else 1
    samples = (3000 * np.sin(2 * np.pi * 440 * np.arange(int(length * rate)) / rate)).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, channels)[None, :], format="s16", layout=layout)
        frame.rate = rate
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate,
                                      frame_size=stream.frame_size or 1024)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def _loudest_frequency(sound: Path) -> float:
    with wave.open(str(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SAMPLE_RATE)
        samples = np.frombuffer(file.readframes(SAMPLE_RATE), dtype=np.int16)
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * SAMPLE_RATE / len(samples))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_kept_byte_for_byte_and_made_16_khz_mono(tmp_path: Path, home: Path, ending: str) -> None:
    source = _tone(tmp_path / f"Hội nghị xã.{ending}", 3.0)
    recording = import_file(source, home / "recordings", home)
    assert (home / recording.original).read_bytes() == source.read_bytes()
    assert recording.sha256 == sha256_of(source)
    assert recording.duration == pytest.approx(3.0, abs=0.1)
    assert _loudest_frequency(home / recording.sound) == pytest.approx(440, abs=2)
    assert recording.flags == ()


def test_channels_that_cancel_each_other_are_heard(tmp_path: Path, home: Path) -> None:
    tone = (3000 * np.sin(2 * np.pi * 440 * np.arange(2 * 16_000) / 16_000)).astype(np.int16)
    with wave.open(str(tmp_path / "rắc cắm sai.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.stack([tone, -tone], axis=1).tobytes())
    recording = import_file(tmp_path / "rắc cắm sai.wav", home / "r", home)
    assert _loudest_frequency(home / recording.sound) == pytest.approx(440, abs=2)


def test_a_file_that_changes_its_rate_in_the_middle_is_read_to_the_end(tmp_path: Path, home: Path) -> None:
    parts = [_tone(tmp_path / f"{rate}.mp3", 2.0, rate=rate, layout=layout).read_bytes()
             for rate, layout in ((44_100, "stereo"), (22_050, "mono"))]
    (tmp_path / "ghép.mp3").write_bytes(b"".join(parts))
    recording = import_file(tmp_path / "ghép.mp3", home / "r", home)
    assert recording.duration == pytest.approx(4.0, abs=0.2)


def test_two_long_names_that_begin_alike_come_in_at_once(tmp_path: Path, home: Path) -> None:
    name = "Cuộc họp tiếp dân định kỳ tháng 10 năm 2026 - phần {}.wav"
    sources = [_tone(tmp_path / name.format(i), 1.0 + i, rate=16_000, layout="mono") for i in (1, 2)]
    with ThreadPoolExecutor() as pool:
        kept = list(pool.map(lambda source: import_file(source, home / "r", home), sources))
    assert [(home / one.original).read_bytes() for one in kept] == [source.read_bytes() for source in sources]


def test_telephone_sound_is_read(tmp_path: Path, home: Path) -> None:
    recording = import_file(_tone(tmp_path / "điện thoại.wav", 2.0, rate=8_000), home / "r", home)
    assert recording.duration == pytest.approx(2.0, abs=0.05)
    assert _loudest_frequency(home / recording.sound) == pytest.approx(440, abs=2)


def test_a_text_file_named_wav_is_refused_without_a_trace(tmp_path: Path, home: Path) -> None:
    source = tmp_path / "giả.wav"
    source.write_text("đây không phải âm thanh", encoding="utf-8")
    with pytest.raises(BadSound, match="not_sound"):
        import_file(source, home / "r", home)
    assert not (home / "r").exists()


def test_an_empty_file_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "rỗng.wav").touch()
    with pytest.raises(BadSound, match="empty"):
        import_file(tmp_path / "rỗng.wav", home / "r", home)


def test_a_sound_file_without_samples_is_refused(tmp_path: Path, home: Path) -> None:
    with wave.open(str(tmp_path / "0.wav"), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
    with pytest.raises(BadSound, match=r"empty|not_sound"):
        import_file(tmp_path / "0.wav", home / "r", home)


@pytest.mark.parametrize("ending", ["wav", "mp3", "flac"])
def test_a_file_cut_short_is_read_as_far_as_it_goes_and_marked(tmp_path: Path, home: Path, ending: str) -> None:
    whole = _tone(tmp_path / f"a.{ending}", 20.0).read_bytes()
    cut = tmp_path / f"cắt cụt.{ending}"
    cut.write_bytes(whole[: len(whole) // 2])
    recording = import_file(cut, home / "r", home)
    assert recording.flags[0] == "truncated"
    assert recording.duration == pytest.approx(10.0, abs=2.0)
    assert (home / recording.original).read_bytes() == cut.read_bytes()


def test_a_damaged_middle_does_not_cost_the_rest(tmp_path: Path, home: Path) -> None:
    content = bytearray(_tone(tmp_path / "a.mp3", 20.0).read_bytes())
    middle = len(content) // 2
    content[middle:middle + 2000] = bytes(2000)
    (tmp_path / "hỏng.mp3").write_bytes(content)
    assert import_file(tmp_path / "hỏng.mp3", home / "r", home).duration > 18


def test_the_same_file_twice_takes_room_once(tmp_path: Path, home: Path) -> None:
    source = _tone(tmp_path / "a.wav", 1.0)
    first = import_file(source, home / "r", home)
    second = import_file(source.rename(tmp_path / "tên khác.wav"), home / "r", home)
    assert second.original == first.original
    assert len(list((home / "r").rglob("*.wav"))) == 2


@pytest.mark.parametrize(("name", "kept"), [
    ("Hội nghị xã.MP3", "original-hoi-nghi-xa.mp3"), ("../../etc/passwd", "original-passwd"),
    ("sound.wav", "original-sound.wav"), ("???.wav", "original-recording.wav"), ("con.wav", "original-con.wav")])
def test_names_are_safe_on_every_platform(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_progress_runs_from_start_to_end(tmp_path: Path, home: Path) -> None:
    told: list[float] = []
    import_file(_tone(tmp_path / "a.wav", 5.0), home / "r", home, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_disk_without_room_is_told_before_anything_is_written(
        tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _tone(tmp_path / "a.wav", 1.0)
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    with pytest.raises(DiskFull):
        import_file(source, home / "r", home)
    assert not (home / "r").exists()


@pytest.mark.skipif(not ON_LINUX_AS_ROOT, reason="mounting a small disk needs root on Linux")
def test_a_disk_that_fills_up_on_the_way_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = tmp_path / "đĩa nhỏ"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let tests mount a disk")
    try:
        before = import_file(_tone(tmp_path / "trước.wav", 1.0, 16_000, "mono"), small / "r", small)
        roomy = type("Usage", (), {"free": 10**12})()
        monkeypatch.setattr("shutil.disk_usage", lambda path: roomy)  # as if others filled it meanwhile
        with pytest.raises(DiskFull):
            import_file(_tone(tmp_path / "sau.wav", 60.0), small / "r", small)
        assert seconds(small / before.sound) == pytest.approx(1.0, abs=0.01)
        assert not list(small.rglob("*.part")) and not list(small.rglob(".*.part"))
    finally:
        subprocess.run(["umount", str(small)], check=True)
