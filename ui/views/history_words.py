"""The values that stand in the history, in words for people."""

from __future__ import annotations

import json
from collections.abc import Callable

from models.records import Meeting, MeetingState, Status
from models.rights import Role
from ui.labels import ACCOUNT_ROLES, MEETING_STATE, PRIVATE_KINDS, STATUS
from ui.views.questions_view import FLAGS, OTHER_FLAG
from ui.views.wording import day, speaker_name, topic_names

YES_NO = {"1": "có", "0": "không"}
SEEN = {"yes": "đã xem", "": "chưa xem"}
KEPT = {"yes": "đã bỏ", "": "đang có"}
LINES = "lượt nói {numbers}"
MASK, MASK_LIFTED, MASK_WHY = "{kind} ở lượt nói {number}", "{kind} ở lượt nói {number} (để lộ)", "{mask}, lý do: {why}"
SET = "đã đặt"


def value(name: str, text: str, meeting: Meeting | None) -> str:
    """The stored value of a field in words. Raises ValueError, KeyError and TypeError for what no program wrote."""
    if name == "topic" and meeting:
        return topic_names(meeting).get(text, text)
    if name in ("reviewed", "dropped"):
        return {"reviewed": SEEN, "dropped": KEPT}[name][text]
    return WORDS[name](text) if text and name in WORDS else text


def _roles(text: str) -> str:
    return ", ".join(ACCOUNT_ROLES[Role(role)] for role in json.loads(text))


def _flags(text: str) -> str:
    return ", ".join(FLAGS.get(flag, OTHER_FLAG) for flag in json.loads(text))


def _spans(text: str) -> str:
    return _lines(json.dumps(sorted({span["utterance"] for span in json.loads(text)})))


def _lines(text: str) -> str:
    """Lines are counted from 1, as on paper."""
    numbers = ", ".join(str(position + 1) for position in json.loads(text))
    return LINES.format(numbers=numbers) if numbers else ""


def _masks(text: str) -> str:
    """What kind of words is masked where; never the words themselves."""
    return "; ".join(map(_mask, json.loads(text)))


def _mask(data: dict[str, str | int | bool]) -> str:
    words = MASK_LIFTED if data.get("lifted") else MASK
    kind = PRIVATE_KINDS.get(str(data["kind"]), PRIVATE_KINDS["other"])
    mask = words.format(kind=kind, number=int(data["utterance"]) + 1)
    return MASK_WHY.format(mask=mask, why=data["reason"]) if data.get("reason") else mask


WORDS: dict[str, Callable[[str], str]] = {
    "sees_denunciations": lambda text: YES_NO[text], "disabled": lambda text: YES_NO[text], "roles": _roles,
    "status": lambda text: STATUS[Status(text)], "state": lambda text: MEETING_STATE[MeetingState(text)],
    "speaker": speaker_name, "flags": _flags, "spans": _spans, "answer_utterances": _lines, "personal_data": _masks,
    "password": lambda text: SET, "deadline_date": day, "date": day,
}
