"""The way of a recording through the house: imported, transcribed, understood, drafted.

Here, and only here, the rooms meet the store. Every step may be killed and done again: the
sound is found by its SHA-256, recognised blocks by sound and generator.
"""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path

from faster_whisper.audio import decode_audio
from sqlite_utils import Database

from models import approval, history, lessons, speaking, store, transcripts
from models.errors import BadSound, NotFound, NotReplaceable
from models.files import sha256_of
from models.formats import as_jsonl, read_transcript
from models.frozen import is_frozen, refuse_if_frozen
from models.jobs import Job
from models.keeping import save_anew
from models.live import SURE
from models.locks import alone
from models.meeting_file import read_meeting
from models.records import Analysis, Document, Meeting, MeetingState, Recording, Utterance
from models.transcripts import Transcript
from models.vectors import add_vectors
from models.weights import is_installed
from recorder.files import import_file
from summarize.confirmed import with_confirmed_names
from summarize.embedding import Embedder, open_embedder
from summarize.formats import questions_json
from summarize.learning import examples
from summarize.questions import understand
from summarize.weights import E5
from transcribe.blocks import Block, next_block
from transcribe.crew import Choice, Crew, hear_all
from transcribe.engine import Engine as Recogniser
from transcribe.engine import open_engine
from transcribe.sound import duration
from transcribe.speakers import VoiceModel
from transcribe.utterances import WORDING, utterances
from transcribe.weights import SAMPLE_CLIPS, VIETASR
from ui import papers
from ui.paper_names import LIVING

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

log = logging.getLogger("doithoai.work")

SAMPLE_GENERATOR = "sample/written/1"


Engine = Choice
"""Which recogniser to use: "vietasr" or "whisper", and for whisper any model folder or name."""


@dataclass(frozen=True)
class Ears:
    """What hears, loaded once for all that is heard. `voices` raises WeightsMissing."""

    recogniser: Recogniser

    @cached_property
    def voices(self) -> VoiceModel:
        return VoiceModel(threads=1)

    @property
    def generator(self) -> str:
        return f"{self.recogniser.generator}+{self.voices.generator}"


def open_ears(engine: Engine, threads: int | None = None) -> Ears:
    """Raises WeightsMissing."""
    return Ears(open_engine(engine.name, engine.model, threads, engine.hot_words))


@lru_cache(maxsize=1)
def generator_of(engine: Engine) -> str:
    """Who makes the words when a crew hears: asked once, for telling it takes loading the networks. Raises
    WeightsMissing."""
    return open_ears(engine, threads=1).generator


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
         progress: Progress, meeting: Meeting | None = None,
         ears: Ears | None = None, crew: Crew | None = None) -> tuple[list[Utterance], str]:
    """The utterances of a 16 kHz mono WAV file, with the names of the meeting, and the generator that made them.

    `sha256` names the sound in the store, where each recognised block is kept as soon as it is
    done, by a `crew` in any order. Raises BadSound("no_speech"), Busy and WeightsMissing, and what
    `transcribe.crew` raises.
    """
    with alone(folder, sha256[:16]):
        progress(0.0, LOADING)
        ears = None if crew else ears or open_ears(engine)
        generator = ears.generator if ears else generator_of(engine)
        done = [Block.from_json(content) for content in transcripts.blocks(db, sha256, generator)]
        length, heard = duration(sound), sum(block.end - block.start for block in done)

        def keep(block: Block) -> None:
            nonlocal heard
            transcripts.save_block(db, sha256, generator, block.start, block.end, block.to_json())
            heard += block.end - block.start
            progress(min(heard / length, 1.0), TRANSCRIBING)

        if ears:
            blocks = list(_one_after_another(sound, done, ears, keep))
        else:
            assert crew
            blocks = hear_all(sound, done, crew, engine, generator, keep)
    found = utterances(blocks, meeting)
    if not found:
        raise BadSound(sound, "no_speech")
    return found, f"{generator}+{WORDING}"


def _one_after_another(sound: Path, done: Sequence[Block], ears: Ears,
                       keep: Callable[[Block], None]) -> Iterator[Block]:
    """All blocks of the sound; a crew that was stopped may have left holes between those done."""
    known, start = {block.start: block for block in done}, 0.0
    while block := known.get(start) or next_block(sound, start, ears.recogniser, ears.voices):
        if start not in known:
            keep(block)
        yield block
        start = block.end


def transcribe_file(db: Database, folder: Path, source: Path, engine: Engine, progress: Progress,
                    crew: Crew | None = None) -> list[Utterance]:
    """The utterances of a sound file that belongs to no meeting; only the recognised words are kept."""
    into = folder / "work"
    with alone(folder, str(source.resolve())):
        recording = import_file(source, into, folder, lambda share: progress(0.1 * share, IMPORTING))
        try:
            said, _ = hear(db, folder, folder / recording.sound, recording.sha256, engine, part(progress, 0.1, 1.0),
                           crew=crew)
        except BadSound as error:
            raise BadSound(source, error.reason) from error
        shutil.rmtree((folder / recording.sound).parent)  # a copy: the file itself lies where it was
    return said


def transcribe_recording(db: Database, folder: Path, recording: Recording, engine: Engine,
                         progress: Progress, ears: Ears | None = None) -> Transcript:
    """The transcript of a stored recording; one made before by the same generator is kept, edits and all.

    Raises FrozenMinutes before anything is heard, what `hear` raises, and
    NotReplaceable when another generator would take the place of words that people edited.
    """
    assert recording.meeting is not None
    refuse_if_frozen(db, recording.meeting)
    transcripts.adopt_blocks(db, recording.original, recording.sha256)
    try:
        meeting = store.meeting(db, recording.meeting)
        said, generator = hear(db, folder, folder / recording.sound, recording.sha256, engine, progress, meeting, ears)
    except BadSound as error:
        raise BadSound(Path(recording.name), error.reason) from error
    current = transcripts.current_transcript(db, recording.meeting)
    if current and (current.recording, current.generator) == (recording.id, generator):
        return current
    if current and current.recording == recording.id and _is_edited(db, current):
        raise NotReplaceable("edited_words")
    return transcripts.save_transcript(db, recording.meeting, recording.id, generator, said)


def _is_edited(db: Database, transcript: Transcript) -> bool:
    lines = [utterance.id for utterance in transcript.utterances if utterance.id is not None]
    return bool(history.edits(db, "utterance", lines)) or speaking.has_edited_questions(db, transcript.id)


def find_questions(db: Database, transcript: Transcript) -> Analysis:
    """What was asked and answered in a transcript, stored and searchable by word; people's edits stay on top."""
    meeting = store.meeting(db, transcript.meeting)
    known, citizens = speaking.who_is_who(db, meeting, transcript.id)
    learned = list(examples(meeting.topics, lessons.corrected_topics(db, transcript.meeting)))
    found = understand(transcript.utterances, known, attuned_if_installed(), learned, citizens)
    found = with_confirmed_names(found, transcript.utterances, speaking.confirmed_names(db, transcript.id))
    analysis = save_anew(db, transcript, found)
    if meeting.state in (MeetingState.PLANNED, MeetingState.RECORDING):
        store.set_state(db, transcript.meeting, MeetingState.TRANSCRIBED)
    return analysis


def make_searchable_by_meaning(db: Database) -> None:
    """Makes the vectors that new lines still lack: seconds for a long meeting, so nobody should wait for it."""
    if embedder := embedder_if_installed():
        add_vectors(db, embedder.passages, embedder.generator)


def index_afterwards(db: Database) -> None:
    """The same when the work itself is done; trouble is only logged, since a search makes up for it."""
    try:
        make_searchable_by_meaning(db)
    except Exception:
        log.exception("making vectors")


def minutes(db: Database, folder: Path, meeting_id: int) -> Path:
    """The draft minutes of a meeting as it stands now, the signed ones once they are approved.

    Raises NotFound when nothing was transcribed.
    """
    path = folder / "meetings" / str(meeting_id) / "papers" / "bien-ban-du-thao.docx"
    export(db, folder, meeting_id, "minutes", path)
    kept = Document(meeting_id, "minutes", path.relative_to(folder).as_posix(), sha256_of(path), store.now())
    store.add_document(db, kept)
    return path


def understood(db: Database, meeting_id: int) -> tuple[Transcript, Analysis]:
    """The current transcript of a meeting with its analysis, made now if it was not. Raises NotFound.

    Made anew when speakers were changed since, unless people have edited its questions.
    """
    transcript = transcripts.current_transcript(db, meeting_id)
    if transcript is None:
        raise NotFound("transcript", meeting_id)
    analysis = transcripts.current_analysis(db, transcript)
    if analysis is None or (speaking.is_outdated(db, transcript.id) and not is_frozen(db, meeting_id)):
        analysis = find_questions(db, transcript)
    return transcript, analysis


def process(db: Database, folder: Path, source: Path, meeting_id: int, engine: Engine, progress: Progress,
            name: str = "") -> Recording:
    """The whole way: sound in; recording, transcript and questions in the store."""
    recording = import_recording(db, folder, source, meeting_id, part(progress, 0.0, 0.1), name)
    understand_recording(db, folder, recording, engine, part(progress, 0.1, 1.0))
    return recording


def understand_recording(db: Database, folder: Path, recording: Recording, engine: Engine,
                         progress: Progress, ears: Ears | None = None) -> None:
    """The way of a recording that lies in the meeting's folder: heard, and its questions found."""
    transcript = transcribe_recording(db, folder, recording, engine, part(progress, 0.0, 0.9), ears)
    progress(0.9, UNDERSTANDING)
    find_questions(db, transcript)


def write_results(db: Database, folder: Path, meeting_id: int, out: Path) -> None:
    """`transcript.jsonl` and `questions.json` of a meeting, whole, to work on, and the draft `minutes.docx`."""
    meeting = store.meeting(db, meeting_id)
    transcript, analysis = understood(db, meeting_id)
    out.mkdir(parents=True, exist_ok=True)
    papers.write_text(out / "transcript.jsonl", as_jsonl(transcript.utterances))
    papers.write_text(out / "questions.json",
                      papers.as_document(questions_json(analysis, meeting)))
    export(db, folder, meeting_id, "minutes", out / "minutes.docx")


def export(db: Database, folder: Path, meeting_id: int, paper: str, to: Path, question: int | None = None) -> None:
    """One paper of a meeting, of those in `ui.paper_names`, into a file; of approved minutes the signed one."""
    kept = None if paper in LIVING else approval.frozen_paper(db, folder, meeting_id, paper, to.suffix.lower())
    if kept:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, to)
        return
    meeting = store.meeting(db, meeting_id)
    transcript, analysis = understood(db, meeting_id)
    papers.write(db, folder, meeting, transcript.utterances, analysis, paper, to, question)


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


def load_sample(db: Database) -> Meeting:
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


def words_of_clip(sound: bytes) -> str | None:
    """The words in a few seconds of WAV sound that are surely said; None when the recogniser is not installed."""
    if not is_installed(VIETASR):
        return None
    samples = decode_audio(io.BytesIO(sound))
    heard = open_engine(threads=1).recognise(samples, 0.0)
    return " ".join(word.word for word in heard if word.confidence >= SURE)


def embedder_if_installed() -> Embedder | None:
    """The sentence embedder that search uses; without its weights everything works by words alone."""
    return loaded_embedder() if is_installed(E5) else None


@cache
def loaded_embedder() -> Embedder:
    """Loaded once in a process: it takes seconds."""
    return open_embedder()


def attuned_if_installed() -> Embedder | None:
    """The one that knows how people ask and answer at meetings."""
    return loaded_attuned() if embedder_if_installed() else None


@cache
def loaded_attuned() -> Embedder:
    """Made once in a process, from the one that search uses."""
    return loaded_embedder().attuned()


def part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step as a share of the whole."""
    return lambda share, message: progress(start + share * (end - start), message)
