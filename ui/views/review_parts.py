"""What Streamlit has no element for: lines to click, fields that forget nothing, a player."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
NAME = "doithoai_review"

HEAR, EDIT, CHOOSE = "Nghe lượt nói này", "Sửa", "Chọn lượt nói lúc"
UNSURE = "Máy nghe chưa chắc chữ này; bấm để nghe lại"
MASKED = "Sẽ bị che trong các giấy tờ"
BACK, SPEED = "Lùi 3 giây", "Tốc độ"
SUMMARY_KEY = "F2"


@dataclass(frozen=True)
class Line:
    """One line as it is drawn: `words` are text, second, whether unsure, whether masked; `notes` text and kind.

    `part` is "ask" or "answer" where the line belongs to the question at hand. One that is hidden from this account
    can only be read.
    """

    position: int
    at: float
    time: str
    name: str
    words: Sequence[tuple[str, float, bool, bool]]
    notes: Sequence[tuple[str, str]]
    part: str
    chosen: bool
    is_hidden: bool = False


@dataclass(frozen=True)
class Sound:
    """A stretch of sound, the second within it to begin at, and what tells it from the one before."""

    wav: bytes
    at: float
    token: str


def lines(key: str, shown: Sequence[Line], has_sound: bool, scroll_to: str, here: tuple[int, int] | None,
          on_hear: Callable[[dict[str, Any]], None], on_edit: Callable[[int], None],
          on_pick: Callable[[dict[str, Any]], None]) -> None:
    """Draws lines, the word `here` (position of its line, place in it) marked.

    `on_hear` is given position and second, `on_pick` the positions from and to, and whether on.
    """
    _part(key, {"part": "lines", "lines": [vars(line) for line in shown], "sound": has_sound, "scroll_to": scroll_to,
                "here": here,
                "hear": HEAR, "edit": EDIT, "choose": CHOOSE, "unsure": UNSURE, "masked": MASKED},
          on_hear_change=lambda: on_hear(st.session_state[key].hear),
          on_edit_change=lambda: on_edit(st.session_state[key].edit),
          on_pick_change=lambda: on_pick(st.session_state[key].pick))


@dataclass(frozen=True)
class Field:
    """A field to type in: its `text` was typed by `owner`, or is what is stored, over the stored text `before` of
    `version`; whenever the version changes it starts anew."""

    key: str
    label: str
    text: str
    before: str
    version: int
    owner: str
    is_unsaved: bool


def typed(field: Field, on_text: Callable[[str], None], on_submit: Callable[[str, bool], None],
          on_again: Callable[[str, str, int], None], single: bool = False, focus: bool = False,
          to_key: str = "") -> None:
    """Draws a field that tells what is typed at every pause.

    `on_submit` is given a text that was still being typed when the person pressed the key that saves, or, then
    true, the one that also marks the question as done. `on_again` is given a text that the browser kept because this
    server did not answer, with the stored text and the version over which it was typed. The key `to_key` leads here
    from anywhere on the page.
    """
    def submit() -> None:
        submitted = st.session_state[field.key].submit
        on_submit(submitted["text"], submitted["done"])

    def again() -> None:
        left = st.session_state[field.key].again
        on_again(left["text"], left["before"], int(left["version"]))

    _part(field.key, {"part": "typed", "label": field.label, "text": field.text, "before": field.before,
                      "version": str(field.version), "is_unsaved": field.is_unsaved, "single": single, "focus": focus,
                      "key": to_key, "draft": f"{NAME}:{field.owner}:{field.key}"},
          on_text_change=lambda: on_text(st.session_state[field.key].text),
          on_submit_change=submit, on_again_change=again)


def masked_text(key: str, texts: Sequence[tuple[str, Sequence[tuple[str, bool]]]],
                on_choose: Callable[[str], None]) -> None:
    """Texts under their labels, their masked stretches marked; `on_choose` is given words that a person selects."""
    _part(key, {"part": "masked", "texts": texts, "masked": MASKED},
          on_choose_change=lambda: on_choose(st.session_state[key].choose))


def cutting(key: str, words: Sequence[tuple[str, int, int]], on_cut: Callable[[int, int], None]) -> None:
    """Words (text, position of the line, character in it); `on_cut` is given line and character of the chosen one."""
    _part(key, {"part": "cutting", "words": words}, on_cut_change=lambda: on_cut(*st.session_state[key].cut))


def player(sound: Sound | None) -> None:
    data: dict[str, Any] = {"part": "player", "back": BACK, "speed": SPEED}
    if sound:
        data |= {"sound": b64encode(sound.wav).decode(), "at": sound.at, "token": sound.token}
    _part("review_player", data)


def _part(key: str, data: dict[str, Any], **told: Callable[[], None]) -> None:
    _component()(key=key, data=data, **told)


@st.cache_resource
def _component() -> Any:
    return st.components.v2.component(NAME, html='<div class="root"></div>', css=_read("review_part.css"),
                                      js=_read("review.js"))


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
