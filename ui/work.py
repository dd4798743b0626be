"""The way of a recording through the house: imported, transcribed, understood, drafted.

Here, and only here, the rooms meet the store. Every step may be killed and done again: the
sound is found by its SHA-256, recognised blocks by sound and generator.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from models import search as index
from models import store, transcripts
from models.errors import BadSound, Busy, NotFound, WeightsMissing
from models.formats import WRITERS, as_jsonl, read_transcript
from models.jobs import Job
from models.meeting_file import read_meeting
from models.records import Analysis, Document, Meeting, MeetingState, Recording, Utterance
from models.transcripts import Transcript
from models.weights import is_installed, sha256_of
from recorder.files import import_file
from summarize.embedding import Embedder, open_embedder
from summarize.formats import questions_json
from summarize.minutes import draft_minutes
from summarize.questions import understand
from summarize.weights import E5
from transcribe.blocks import Block, next_block
from transcribe.engine import open_engine
from transcribe.sound import duration, read
from transcribe.speakers import VoiceModel
from transcribe.utterances import utterances
from transcribe.weights import SAMPLE_CLIPS

Progress = Callable[[float, str], None]
"""Told the share done, from 0 to 1, and in words what is being done."""

IMPORTING = "Đang đọc tệp âm thanh"
LOADING = "Đang mở bộ nhận dạng"
TRANSCRIBING = "Đang nghe và ghi lời"
UNDERSTANDING = "Đang tìm câu hỏi và câu trả lời"
DRAFTING = "Đang soạn dự thảo biên bản"
DONE = "Đã xong"
TRUNCATED = "Tệp «{name}» bị cắt cụt: chỉ đọc được {minutes} phút {seconds} giây đầu, phần này đã được giữ."
DAMAGED = "Tệp «{name}» có chỗ hỏng không đọc được; phần còn lại đã được giữ."
CLIPS = (("Giọng nữ miền Nam (9 giây)", "doan"), ("Giọng nam miền Bắc (5 giây)", "tuyen"))
"""The two real voices offered for a first try: what is shown, and how the file's name begins."""

MINUTES_TEMPLATE = "bien_ban.docx"
SAMPLE_GENERATOR = "sample/written/1"


@dataclass(frozen=True)
class Engine:
    """Which recogniser to use: "vietasr" or "whisper", and for whisper any model folder or name."""

    name: str = "vietasr"
    model: str | None = None


def keep_meeting(db: Database, meeting: Meeting) -> Meeting:
    """The stored meeting with this title, date and place, stored now if it was not."""
    return store.find_meeting(db, meeting) or store.add_meeting(db, meeting)


def import_recording(db: Database, folder: Path, source: Path, meeting_id: int, progress: Progress,
                     name: str = "") -> Recording:
    """Brings a sound file into a meeting; the same bytes a second time give the same recording."""
    into = folder / "meetings" / str(meeting_id) / "recordings"
    with alone(folder, str(source.resolve())):
        made = import_file(source, into, folder, lambda share: progress(share, IMPORTING))
    found = store.find_recording(db, made.sha256, meeting_id)
    return found or store.add_recording(db, replace(made, name=name or made.name, meeting=meeting_id))


def hear(db: Database, folder: Path, sound: Path, sha256: str, engine: Engine,
         progress: Progress) -> tuple[list[Utterance], str]:
    """The utterances of a 16 kHz mono WAV file and the generator that made them.

    `sha256` names the sound in the store, where each recognised block is kept as soon as it is
    done. Raises BadSound("no_speech"), Busy and WeightsMissing.
    """
    with alone(folder, sha256[:16]):
        progress(0.0, LOADING)
        recogniser, voices = open_engine(engine.name, engine.model), VoiceModel(threads=1)
        generator = f"{recogniser.generator}+{voices.generator}"
        done = [Block.from_json(content) for content in transcripts.blocks(db, sha256, generator)]
        length = duration(sound)
        while block := next_block(sound, done[-1].end if done else 0.0, recogniser, voices):
            transcripts.save_block(db, sha256, generator, block.start, block.end, block.to_json())
            done.append(block)
            progress(block.end / length, TRANSCRIBING)
    found = utterances(done)
    if not found:
        raise BadSound(sound, "no_speech")
    return found, generator


def transcribe_file(db: Database, folder: Path, source: Path, engine: Engine, progress: Progress) -> list[Utterance]:
    """The utterances of a sound file that belongs to no meeting; only the recognised words are kept."""
    into = folder / "work"
    with alone(folder, str(source.resolve())):
        recording = import_file(source, into, folder, lambda share: progress(0.1 * share, IMPORTING))
        try:
            said, _ = hear(db, folder, folder / recording.sound, recording.sha256, engine, part(progress, 0.1, 1.0))
        except BadSound as error:
            raise BadSound(source, error.reason) from error
        shutil.rmtree((folder / recording.sound).parent)  # a copy: the file itself lies where it was
    return said


def transcribe_recording(db: Database, folder: Path, recording: Recording, engine: Engine,
                         progress: Progress) -> Transcript:
    """The transcript of a stored recording; one made before by the same generator is kept, edits and all."""
    assert recording.meeting is not None
    try:
        said, generator = hear(db, folder, folder / recording.sound, recording.sha256, engine, progress)
    except BadSound as error:
        raise BadSound(Path(recording.name), error.reason) from error
    current = transcripts.current_transcript(db, recording.meeting)
    if current and (current.recording, current.generator) == (recording.id, generator):
        return current
    return transcripts.save_transcript(db, recording.meeting, recording.id, generator, said)


def find_questions(db: Database, transcript: Transcript) -> Analysis:
    """What was asked and answered in a transcript, stored and searchable by meaning."""
    meeting = store.meeting(db, transcript.meeting)
    embedder = embedder_if_installed()
    analysis = transcripts.save_analysis(db, transcript, understand(transcript.utterances, meeting, embedder))
    if embedder:
        index.add_vectors(db, embedder.passages, embedder.generator)
    if meeting.state in (MeetingState.PLANNED, MeetingState.RECORDING):
        store.set_state(db, transcript.meeting, MeetingState.TRANSCRIBED)
    return analysis


def minutes(db: Database, folder: Path, meeting_id: int) -> Path:
    """The draft minutes of a meeting as it stands now. Raises NotFound when nothing was transcribed."""
    path = folder / "meetings" / str(meeting_id) / "papers" / "bien-ban-du-thao.docx"
    export(db, folder, meeting_id, "minutes", path)
    kept = Document(meeting_id, "minutes", path.relative_to(folder).as_posix(), sha256_of(path), store.now())
    store.add_document(db, kept)
    return path


def understood(db: Database, meeting_id: int) -> tuple[Transcript, Analysis]:
    """The current transcript of a meeting with its analysis, made now if it was not. Raises NotFound."""
    transcript = transcripts.current_transcript(db, meeting_id)
    if transcript is None:
        raise NotFound("transcript", meeting_id)
    return transcript, transcripts.current_analysis(db, transcript) or find_questions(db, transcript)


def own_template(folder: Path, name: str) -> Path | None:
    """The clerk's own version of a template, if there is one in the data folder."""
    path = folder / "templates" / name
    return path if path.is_file() else None


def process(db: Database, folder: Path, source: Path, meeting_id: int, engine: Engine, progress: Progress,
            name: str = "") -> Recording:
    """The whole way: sound in; recording, transcript and questions in the store."""
    recording = import_recording(db, folder, source, meeting_id, part(progress, 0.0, 0.1), name)
    understand_recording(db, folder, recording, engine, part(progress, 0.1, 1.0))
    return recording


def understand_recording(db: Database, folder: Path, recording: Recording, engine: Engine,
                         progress: Progress) -> None:
    """The way of a recording that lies in the meeting's folder: heard, and its questions found."""
    transcript = transcribe_recording(db, folder, recording, engine, part(progress, 0.0, 0.9))
    progress(0.9, UNDERSTANDING)
    find_questions(db, transcript)


def write_results(db: Database, folder: Path, meeting_id: int, out: Path) -> None:
    """`transcript.jsonl`, `questions.json` and `minutes.docx` of a meeting into a folder."""
    for paper, name in (("transcript", "transcript.jsonl"), ("questions", "questions.json"),
                        ("minutes", "minutes.docx")):
        export(db, folder, meeting_id, paper, out / name)


def export(db: Database, folder: Path, meeting_id: int, paper: str, to: Path) -> None:
    """One paper of a meeting into a file: "minutes", "transcript" or "questions"."""
    meeting = store.meeting(db, meeting_id)
    transcript, analysis = understood(db, meeting_id)
    to.parent.mkdir(parents=True, exist_ok=True)
    if paper == "minutes":
        draft_minutes(meeting, transcript.utterances, analysis, to, own_template(folder, MINUTES_TEMPLATE))
    elif paper == "transcript":
        write_text(to, WRITERS.get(to.suffix.lstrip("."), as_jsonl)(transcript.utterances))
    else:
        write_text(to, as_document(questions_json(analysis, transcript.utterances, meeting)))


def do_job(db: Database, folder: Path, job: Job, progress: Progress) -> str:
    """Does what a job asks for and returns the words to end with."""
    engine = Engine(job.options.get("engine", "vietasr"), job.options.get("model"))
    if job.recording is not None:
        recording = store.recording(db, job.recording)
        understand_recording(db, folder, recording, engine, progress)
    else:
        source = Path(job.options["source"])
        recording = process(db, folder, source, job.meeting, engine, progress, job.options.get("name", ""))
        if source.parent == folder / "incoming":
            source.unlink(missing_ok=True)  # the upload's temporary copy: the recording itself is kept
    progress(0.97, DRAFTING)
    minutes(db, folder, job.meeting)
    return warning(recording) or DONE


def warning(recording: Recording) -> str:
    """What people must know of a recording that could not be read whole."""
    minutes_read, seconds_read = divmod(int(recording.duration), 60)
    if "truncated" in recording.flags:
        return TRUNCATED.format(name=recording.name, minutes=minutes_read, seconds=seconds_read)
    return DAMAGED.format(name=recording.name) if "damaged" in recording.flags else ""


def load_sample(db: Database, folder: Path) -> Meeting:
    """The sample meeting: a written dialogue as a finished transcript, with its questions."""
    with resources.as_file(resources.files("ui") / "sample") as sample:
        meeting = keep_meeting(db, read_meeting(sample / "meeting.yaml"))
        said = read_transcript(sample / "transcript.jsonl")
    assert meeting.id is not None
    if transcripts.current_transcript(db, meeting.id) is None:
        find_questions(db, transcripts.save_transcript(db, meeting.id, None, SAMPLE_GENERATOR, said))
    return store.meeting(db, meeting.id)


def sample_clips() -> list[tuple[str, Path]]:
    """Real voices to try recognition on: what to show, and the file. Empty when not installed."""
    if not is_installed(SAMPLE_CLIPS):
        return []
    files = sorted(SAMPLE_CLIPS.folder.glob("*.wav"))
    return [(label, path) for label, start in CLIPS for path in files if path.name.startswith(start)]


def clip(db: Database, folder: Path, utterance_id: int) -> bytes | None:
    """Just the stretch of sound of one utterance as a small WAV file; None where there is no sound."""
    utterance, recording_id = transcripts.utterance(db, utterance_id)
    if recording_id is None:
        return None
    samples = read(folder / store.recording(db, recording_id).sound, utterance.start, utterance.end)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def search(db: Database, words: str, semantic: bool = False, limit: int = 20) -> list[index.Hit]:
    """Lines of all meetings, by word, or by word and meaning. Raises WeightsMissing for meaning."""
    if not semantic:
        return index.search(db, words, limit=limit)
    embedder = embedder_if_installed()
    if embedder is None:
        raise WeightsMissing(E5.name)
    index.add_vectors(db, embedder.passages, embedder.generator)
    return index.search(db, words, embedder.queries([words])[0], embedder.generator, limit)


def embedder_if_installed() -> Embedder | None:
    """The sentence embedder; without its weights everything works by words alone."""
    return loaded_embedder() if is_installed(E5) else None


@cache
def loaded_embedder() -> Embedder:
    """Loaded once in a process: it takes seconds."""
    return open_embedder()


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Holds the lock on one piece of work. Raises Busy when another process holds it."""
    locks = folder / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    try:
        with FileLock(locks / f"{name}.lock", timeout=0):
            yield
    except Timeout as error:
        raise Busy(what) from error


def part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step as a share of the whole."""
    return lambda share, message: progress(start + share * (end - start), message)


def write_text(path: Path, text: str) -> None:
    """Writes under another name first, so that what was there stays until the new text is whole."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def as_document(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
