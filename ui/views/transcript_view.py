"""What was said, line by line, each with its time, speaker and sound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import streamlit as st

from models import store
from models.folders import home
from models.formats import clock
from models.records import Note, NoteKind, Utterance
from models.transcripts import Transcript
from summarize.minutes import SHORTEST_TOLD, interruption
from ui import recording
from ui.seen import is_hidden
from ui.views.final_view import final_view
from ui.views.listening import listen_buttons, player
from ui.views.told import told
from ui.views.wording import capital, lasting, plain, speaker_name

COUNT = "{lines} lượt nói, {speakers} người nói, dài {time}"
FROM_TEXT = "Hội nghị này được đưa vào dưới dạng văn bản, không có bản ghi âm để nghe lại."
ONLY_UNSURE = "Chỉ hiện chỗ máy nghe chưa chắc ({count})"
PAGE = "Trang"
NO_WORDS = "Không có lượt nói nào."
FLAGS = {"low_confidence": "nghe chưa rõ", "invention": "có thể máy nghe nhầm tiếng ồn thành lời",
         "corrected": "đã sửa theo tên riêng của hội nghị", "loop": "lặp đi lặp lại, có thể máy tự lặp",
         "too_fast": "nhiều chữ hơn mức người nói được", "too_slow": "ít chữ so với thời gian nói, có thể sót lời",
         "noise": "có chữ ở chỗ không nghe thấy giọng nói", "kept": "giữ chữ người sửa"}
OTHER_FLAG = "nên nghe lại"
AS_HEARD = "Máy nghe là: {heard}"

MARKED = "Thư ký đã đánh dấu: {name}"
NOTE_ICONS = {NoteKind.MARK: "flag", NoteKind.PAUSE: "pause", NoteKind.GAP: "mic_off", NoteKind.BREAK: "mic_off"}

PER_PAGE = 50
AT_THE_END = -1


@st.fragment
def transcript_view(transcript: Transcript) -> None:
    with told():
        said = transcript.utterances
        time = lasting(said[-1].end if said else 0.0)
        st.markdown(COUNT.format(lines=len(said), speakers=len({u.speaker for u in said}), time=time))
        if transcript.recording is None:
            st.info(FROM_TEXT, icon=":material/article:")
        if not any(map(is_hidden, said)):  # both versions stand side by side there, with all that was said
            final_view(transcript)
        notes = _notes(transcript)
        shown = _page_of(_wanted(said))
        for utterance in shown:
            _tell(notes.get(utterance.id or 0, ()))
            _line(utterance, transcript.recording is not None)
        if shown and shown[-1] == said[-1]:
            _tell(notes.get(AT_THE_END, ()))


def _tell(notes: Sequence[Note]) -> None:
    for note in notes:
        st.markdown(f":gray[:material/{NOTE_ICONS[note.kind]}: {plain(_told(note))}]")


def _notes(transcript: Transcript) -> dict[int, list[Note]]:
    """What happened to the recording, by the utterance that came next; AT_THE_END after the last."""
    with store.open_store() as db:
        course = recording.course_of_meeting(db, home(), transcript.meeting)
    starts = [utterance.start for utterance in transcript.utterances]
    found: dict[int, list[Note]] = {}
    for note in course.notes:
        after = bisect_left(starts, note.position)
        if note.kind is NoteKind.MARK or note.seconds >= SHORTEST_TOLD:
            key = transcript.utterances[after].id or 0 if after < len(starts) else AT_THE_END
            found.setdefault(key, []).append(note)
    return found


def _told(note: Note) -> str:
    return MARKED.format(name=note.name) if note.kind is NoteKind.MARK else interruption(note)


def _wanted(said: Sequence[Utterance]) -> Sequence[Utterance]:
    """All lines, or only those the machine was not sure of."""
    unsure = [utterance for utterance in said if utterance.flags]
    if unsure and st.toggle(ONLY_UNSURE.format(count=len(unsure)), key="only_unsure"):
        return unsure
    return said


def _page_of(said: Sequence[Utterance]) -> Sequence[Utterance]:
    """Fifty lines at a time, so that hours of talk open at once."""
    if not said:
        st.info(NO_WORDS)
    if len(said) <= PER_PAGE:
        return said
    pages = -(-len(said) // PER_PAGE)
    page = st.pagination(pages, key="trang", bind="query-params")
    return said[(page - 1) * PER_PAGE:page * PER_PAGE]


def page_with(position: int) -> int:
    """The page on which the line at this position stands."""
    return position // PER_PAGE + 1


def _line(utterance: Utterance, sound: bool) -> None:
    when, what = st.columns([1, 6], gap="small")
    with when:
        if sound and not is_hidden(utterance):
            listen_buttons([utterance], "line")
        else:
            st.markdown(f":gray[{clock(utterance.start)}]")
    with what:
        flags = ", ".join(dict.fromkeys(FLAGS.get(flag, OTHER_FLAG) for flag in utterance.flags))
        warning = f"  :orange-badge[:material/flag: {capital(flags)}]" if flags else ""
        st.markdown(f"**{plain(speaker_name(utterance.speaker))}**{warning}  \n{plain(utterance.text)}")
        if "corrected" in utterance.flags:
            st.caption(AS_HEARD.format(heard=plain(utterance.heard)))
        player([utterance], "line")
