"""A recording made elsewhere, brought into the meeting's folder.

The original is kept byte for byte; beside it lies what recognition reads, 16 kHz mono 16-bit
WAV. Both are streamed, so that the length of a recording does not matter to memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import av
import av.error
import numpy as np

from models.errors import BadSound
from models.files import replaced
from models.folding import fold, nfc
from models.records import Recording
from models.room import room_for
from recorder.sound import mono

SAMPLE_RATE = 16_000
"""Hz, of the sound that is recognised."""
BYTES_PER_SAMPLE = 2

FORMATS = ("wav", "mp3", "m4a", "ogg", "flac", "mp4")
PIECE = 1 << 20
SHORTEST_MISSING = 1.0
"""Seconds that must be missing at the end before a recording counts as cut short."""
UNKNOWN_LENGTH = 0xFFFF0000
"""Bytes from which on a WAV header says only that its writer could not know the length."""

Progress = Callable[[float], None]


def import_file(source: Path, into: Path, home: Path, progress: Progress = lambda share: None) -> Recording:
    """Copies `source` below `into` and makes its 16 kHz mono form; the paths kept are relative to `home`.

    A recording imported before is found again by its SHA-256 and not copied twice. Flags
    "truncated" when the sound breaks off before the length that the file declares.
    Raises BadSound (not_found, empty, not_sound) and DiskFull; what was there stays as it was.
    """
    declared = _looked_at(source)
    with room_for(into, source.stat().st_size + int(declared * SAMPLE_RATE * BYTES_PER_SAMPLE)):
        into.mkdir(parents=True, exist_ok=True)
        kept, sha256 = _keep(source, into, lambda share: progress(0.3 * share))
        sound = kept.with_name("sound.wav")
        flags = _convert(kept, sound, lambda share: progress(0.3 + 0.7 * share))
    progress(1.0)
    return Recording(nfc(source.name), sha256, kept.relative_to(home).as_posix(), sound.relative_to(home).as_posix(),
                     seconds(sound), flags)


def seconds(sound: Path) -> float:
    """The length of a WAV file in seconds."""
    with wave.open(str(sound), "rb") as file:
        return file.getnframes() / file.getframerate()


def _looked_at(source: Path) -> float:
    """The seconds that a usable file declares; a wrong file is refused before anything is copied."""
    if not source.is_file():
        raise BadSound(source, "not_found")
    if source.stat().st_size == 0:
        raise BadSound(source, "empty")
    with _opened(source) as container:
        return _declared_seconds(container)


def _keep(source: Path, into: Path, progress: Progress) -> tuple[Path, str]:
    """Copies the bytes into a folder named by their SHA-256, hashing on the way."""
    temporary = into / f".{source.stem[:40]}-{uuid4().hex}.part"  # two may come in at once
    digest, done, size = hashlib.sha256(), 0, source.stat().st_size
    try:
        with source.open("rb") as original, temporary.open("wb") as copy:
            while piece := original.read(PIECE):
                digest.update(piece)
                copy.write(piece)
                done += len(piece)
                progress(done / size)
        sha256 = digest.hexdigest()
        kept = into / sha256[:16] / safe_name(source.name)
        kept.parent.mkdir(exist_ok=True)
        already = next((path for path in kept.parent.glob("*") if path.stat().st_size == size
                        and path.suffix == kept.suffix and path.name != "sound.wav"), None)
        if already:  # the same bytes: nothing to copy
            return already, sha256
        temporary.replace(kept)
        return kept, sha256
    finally:
        temporary.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """A file name that every platform takes and that no WAV made here can clash with."""
    stem, suffix = Path(name).stem, Path(name).suffix.lower()
    plain = re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")[:60]
    return f"original-{plain or 'recording'}{re.sub(r'[^.a-z0-9]', '', suffix)}"


def _convert(original: Path, sound: Path, progress: Progress) -> tuple[str, ...]:
    """Writes the 16 kHz mono form under another name first, so that a half-made one is never read."""
    with replaced(sound) as temporary:
        damaged = _decode(original, temporary, progress)
        length = seconds(temporary)
        if length == 0:
            raise BadSound(original, "empty")
    flags = {"truncated": _declared(original) - length > SHORTEST_MISSING, "damaged": damaged}
    return tuple(flag for flag, holds in flags.items() if holds)


def _decode(original: Path, target: Path, progress: Progress) -> bool:
    """Decodes into a WAV file; returns whether anything in between could not be read."""
    damaged = False
    with _opened(original) as container, wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(BYTES_PER_SAMPLE)
        out.setframerate(SAMPLE_RATE)
        declared = _declared_seconds(container)
        resampler, form = None, None
        for packet in _packets(container):
            try:
                frames = [frame for frame in packet.decode() if isinstance(frame, av.AudioFrame)]
            except av.error.FFmpegError:
                damaged = True  # one broken packet must not cost the rest of the meeting
                continue
            for frame in frames:
                frame.pts = None  # nor may a broken clock in the file
                if form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)) or resampler is None:
                    _write(out, resampler.resample(None) if resampler else [])  # joined files change in the middle
                    layout = "stereo" if frame.layout.nb_channels == 2 else "mono"
                    resampler = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)
                _write(out, resampler.resample(frame))
            if packet.dts is not None and declared:
                progress(min(1.0, float(packet.dts * packet.time_base) / declared))
        _write(out, resampler.resample(None) if resampler else [])
    return damaged


def _packets(container: av.container.InputContainer) -> Iterator[av.Packet[av.AudioStream]]:
    """The packets of the sound, up to the end or to where the file breaks off."""
    try:
        yield from container.demux(container.streams.audio[0])
    except av.error.FFmpegError:
        return


def _write(out: wave.Wave_write, frames: list[av.AudioFrame]) -> None:
    """One channel, also where the two of a miswired plug would cancel each other."""
    for frame in frames:
        sound = frame.to_ndarray().astype(np.int16, copy=False).reshape(-1, frame.layout.nb_channels)
        out.writeframesraw(mono(sound).tobytes())


def _declared(original: Path) -> float:
    """The length the file claims, in seconds. For WAV its own header is asked, which PyAV corrects silently."""
    with contextlib.suppress(wave.Error, EOFError), wave.open(str(original), "rb") as header:
        frames, size = header.getnframes(), header.getnchannels() * header.getsampwidth()
        if frames * size < UNKNOWN_LENGTH:
            return frames / header.getframerate()
    with _opened(original) as container:
        return _declared_seconds(container)


def _declared_seconds(container: av.container.InputContainer) -> float:
    """The length the file claims: of its sound stream, or of the whole."""
    stream = container.streams.audio[0]
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else 0.0


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    """The file as a container that holds sound. Raises BadSound("not_sound")."""
    try:
        container = av.open(str(path), metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise BadSound(path, "not_sound") from error
    with container:
        if not container.streams.audio:
            raise BadSound(path, "not_sound")
        yield container
