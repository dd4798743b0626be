"""Where a recording has no sound: how many places, how long altogether, and when."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.records import Course, Note, NoteKind
from summarize.minutes import interruption
from ui.views.wording import lasting, plain

HOLES = "Bản ghi âm có {count} chỗ mất tiếng, tổng cộng {time}."
WHERE = "Xem từng chỗ"
SHORT = "Ngắn hơn một giây: {count} chỗ."


def holes(course: Course) -> list[Note]:
    """The stretches in which sound is missing against everybody's will."""
    return [note for note in course.notes if note.kind in (NoteKind.GAP, NoteKind.BREAK)]


def tell_holes(course: Course) -> None:
    """Nothing where nothing is missing."""
    if found := holes(course):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = HOLES.format(count=len(found), time=lasting(sum(note.seconds for note in found)))
            st.markdown(f":orange[:material/mic_off: **{words}**]", width="content")
            with st.popover(WHERE, type="tertiary"):
                st.markdown("\n".join(f"- {plain(line)}" for line in lines(found)))


def lines(found: Sequence[Note]) -> list[str]:
    """A line for each, those that nobody would have heard together in one."""
    long = [note for note in found if note.seconds >= 1.0]
    short = len(found) - len(long)
    return [interruption(note) for note in long] + ([SHORT.format(count=short)] if short else [])
