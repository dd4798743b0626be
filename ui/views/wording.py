"""The words and colours that several pages show alike, and text made safe to show."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from typing import Literal

from models.folding import fold, has_marks, nfc
from models.records import Meeting, MeetingState, Question, Status

Colour = Literal["green", "orange", "blue", "violet", "red", "gray"]

STATUS_COLOUR: dict[Status, Colour] = {
    Status.ANSWERED: "green",
    Status.PROMISED: "orange",
    Status.WRITTEN: "blue",
    Status.ESCALATED: "violet",
    Status.UNANSWERED: "red",
}
STATE_COLOUR: dict[MeetingState, Colour] = {
    MeetingState.PLANNED: "gray",
    MeetingState.RECORDING: "red",
    MeetingState.TRANSCRIBED: "blue",
    MeetingState.IN_REVIEW: "orange",
    MeetingState.SIGNED: "violet",
    MeetingState.APPROVED: "green",
    MeetingState.PUBLISHED: "green",
}
ROLES = {"chair": "chủ trì", "secretary": "thư ký", "official": "đại biểu"}
SPEAKER = "Người nói {number}"
HOURS, MINUTES, SECONDS = "{hours} giờ {minutes} phút", "{minutes} phút", "{seconds} giây"

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&^=])")


def plain(text: str) -> str:
    """Text that Streamlit's Markdown shows letter for letter, on one line."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most, cut between words."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"


def marked(text: str, words: str) -> str:
    """Text as safe HTML, with the searched words marked; typed without tone marks they match any."""
    wanted = _forms(words, words)
    return "".join(f"<mark>{escape(part)}</mark>" if _forms(part, words) & wanted else escape(part)
                   for part in re.split(r"(\W+)", nfc(text)))


def held(text: str, words: str) -> int:
    """How many of the searched words a text holds."""
    return len(_forms(text, words) & _forms(words, words))


def _forms(text: str, words: str) -> set[str]:
    """The words of a text, without their tone marks unless some were typed."""
    form = (lambda word: nfc(word).lower()) if has_marks(words) else fold
    return {form(word) for word in re.findall(r"\w+", text)}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day(iso: str) -> str:
    """22/05/2026."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y")


def moment(at: str) -> str:
    """«14:05 ngày 22/05/2026», by the clock of this computer."""
    return datetime.fromisoformat(at).astimezone().strftime("%H:%M ngày %d/%m/%Y")


def lasting(seconds: float) -> str:
    """How long, as people say it."""
    minutes = round(seconds / 60)
    if minutes >= 60:
        return HOURS.format(hours=minutes // 60, minutes=minutes % 60)
    return MINUTES.format(minutes=minutes) if minutes else SECONDS.format(seconds=round(seconds))


def speaker_name(speaker: str) -> str:
    """«Người nói 3» for S3; a name that someone gave stays as it is."""
    number = re.fullmatch(r"S(\d+)", speaker)
    return SPEAKER.format(number=number[1]) if number else speaker


def topic_names(meeting: Meeting) -> dict[str | None, str]:
    return {topic.id: topic.name for topic in meeting.topics}


def is_open(question: Question) -> bool:
    """Whether the question stays in the follow-up list."""
    return question.status != Status.ANSWERED
