"""The records that pass between the rooms of the house.

Times are seconds from the start of the recording; text is NFC. Character positions count
from 0 and end before `end`, as Python slices do. Every machine-made record names its
`generator`, written "engine/model/version".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MeetingState(StrEnum):
    PLANNED = "planned"
    RECORDING = "recording"
    TRANSCRIBED = "transcribed"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    """Signed by the secretary, waiting for the chair."""
    APPROVED = "approved"
    PUBLISHED = "published"


class Status(StrEnum):
    """What became of a question; the last four stay open until an answer is recorded."""

    ANSWERED = "answered_on_spot"
    PROMISED = "promised_no_answer"
    WRITTEN = "written_reply"
    ESCALATED = "escalated"
    UNANSWERED = "unanswered"


class Place(StrEnum):
    """The one place of the record that an utterance belongs to."""

    QUESTION = "question"
    ANSWER = "answer"
    OPENING = "opening"
    PROCEDURE = "procedure"
    CLOSING = "closing"
    OTHER = "other"


@dataclass(frozen=True)
class Topic:
    id: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Person:
    """An official who takes part; `role` is "chair", "secretary", "official" or empty."""

    name: str
    title: str
    role: str = ""


@dataclass(frozen=True)
class Meeting:
    """What the secretary types in beforehand. `date` is ISO 8601 (YYYY-MM-DD).

    `glossary` holds names as they are to be written: hamlets, projects, agencies. `correction` is what its papers say
    when they take the place of approved ones (`models.approval`); the store does not keep it.
    """

    title: str
    date: str
    place: str
    topics: tuple[Topic, ...] = ()
    officials: tuple[Person, ...] = ()
    state: MeetingState = MeetingState.PLANNED
    id: int | None = None
    glossary: tuple[str, ...] = ()
    correction: str = ""


@dataclass(frozen=True)
class Recording:
    """A sound file kept byte for byte (`original`) beside its 16 kHz mono form (`sound`).

    Paths are relative to the data folder. `flags` holds "truncated" when the original breaks
    off before its end. `duration` is in seconds.
    """

    name: str
    sha256: str
    original: str
    sound: str
    duration: float
    flags: tuple[str, ...] = ()
    meeting: int | None = None
    id: int | None = None


class NoteKind(StrEnum):
    """`gap` is silence in place of sound that never came, `break` sound missing without silence in its place."""

    MARK = "mark"
    PAUSE = "pause"
    GAP = "gap"
    BREAK = "break"


@dataclass(frozen=True)
class Note:
    """One thing to know of the sound at `position` seconds; `name` is that of a mark.

    `at` is the time of day at which it began (ISO 8601), `seconds` how long it took, for pauses by the wall clock.
    """

    kind: NoteKind
    position: float
    at: str
    seconds: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class Course:
    """When a live recording began and ended (ISO 8601 with the distance from UTC, empty if unknown), and its notes."""

    began: str = ""
    ended: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Word:
    """One word as heard, its time in seconds and the engine's confidence (0 to 1)."""

    word: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Utterance:
    """What one speaker said without a long pause.

    `text` is as it should stand in minutes, `heard` the recogniser's own words.
    """

    start: float
    end: float
    speaker: str
    text: str
    heard: str = ""
    words: tuple[Word, ...] = ()
    flags: tuple[str, ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of the utterance at position `utterance` of the transcript."""

    utterance: int
    start: int
    end: int


@dataclass(frozen=True)
class PersonalData:
    """A stretch of an utterance to be masked in public papers; `kind` such as "phone".

    A person who masks it, or who lifts (`lifted`) what a machine masked, gives a `reason`.
    """

    utterance: int
    start: int
    end: int
    kind: str
    reason: str = ""
    lifted: bool = False


@dataclass(frozen=True)
class Answer:
    """What was said in reply: which utterances, by whom, and what was undertaken."""

    utterances: tuple[int, ...] = ()
    text: str = ""
    answered_by: str = ""
    agency: str = ""
    deadline: str = ""
    deadline_date: str = ""
    """The last day of the deadline, ISO 8601, where the words and the meeting's date tell it."""
    summary: str = ""


@dataclass(frozen=True)
class Question:
    """One matter put by one citizen that one answer could close.

    `topic` is the id of an announced topic, or None outside them. `reasons` says in Vietnamese
    what each decision rests on, by decision ("topic", "status", …); `reviewed` is set by people.
    """

    number: int
    spans: tuple[Span, ...]
    text: str
    summary: str
    topic: str | None
    topic_score: float
    status: Status
    answer: Answer = Answer()
    asker: str = ""
    address: str = ""
    personal_data: tuple[PersonalData, ...] = ()
    flags: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    id: int | None = None
    second_topic: str | None = None
    second_score: float = 0.0
    linked: tuple[int, ...] = ()
    """Numbers of other citizens' questions on the same matter."""
    follow_ups: tuple[Span, ...] = ()
    """Where the asker pressed for a real answer."""
    reviewed: bool = False


@dataclass(frozen=True)
class Analysis:
    """All that was understood of a transcript: its questions and the place of every utterance."""

    questions: tuple[Question, ...]
    places: tuple[Place, ...]
    generator: str


@dataclass(frozen=True)
class Revision:
    """A change a person made to one field of a record; `based_on` is the version it replaced.

    `hash` covers this row and `previous_hash`, the hash of the row before it in the history.
    """

    record: str
    record_id: int
    field: str
    before: str
    after: str
    by: str
    at: str
    based_on: int
    version: int
    previous_hash: str
    hash: str
    id: int | None = None


@dataclass(frozen=True)
class Document:
    """A paper made for a meeting; `path` is relative to the data folder.

    `version` counts from 1 the signed minutes that it belongs to; 0 for a draft or another paper.
    """

    meeting: int
    kind: str
    path: str
    sha256: str
    created: str
    id: int | None = None
    version: int = 0
