"""The left side of the review page: what was said, line by line, to hear, correct and choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from sqlite_utils import Database

from models import review, speaking
from models.folders import home
from models.formats import clock
from models.records import Question, Utterance
from models.speaking import is_anonymous
from summarize.masking import Veil, of_line
from ui import clips
from ui.masks import words_in
from ui.reviewing import as_question, timed
from ui.seen import HIDDEN, is_hidden
from ui.views.review_desk import Desk, act, edit_of, go_to, save, save_typed, say, typed_field
from ui.views.review_misheard import heard_as, offer_what_was_heard
from ui.views.review_parts import Line, Sound, lines
from ui.views.review_remarks import remarks_view
from ui.views.transcript_view import FLAGS, OTHER_FLAG
from ui.views.wording import capital, speaker_name

HEAD = "Lời nói"
PER_PAGE = 30
LEAD = 3
"""Lines shown before the question's first."""
BEFORE = 3.0
"""Seconds of sound kept before the word that is played, to go back to."""
ASKED, ANSWERED, OTHER_QUESTION = "HỎI", "TRẢ LỜI", "thuộc câu {numbers}"
CHOSEN = "Đã chọn {count} lượt nói:"
HOW_TO_CHOOSE = "Đánh dấu ô vuông ở đầu lượt nói để đưa vào câu hỏi, bỏ ra, hoặc lập câu mới."
TO_QUESTION, TO_ANSWER, OUT = "Đưa vào câu hỏi {number}", "Là câu trả lời của câu {number}", "Bỏ khỏi câu {number}"
NEW, NONE = "Lập câu hỏi mới", "Bỏ chọn"
CORRECT = "Sửa lượt nói lúc {time}"
TEXT, SPEAKER, EVERYWHERE = "Nguyên văn", "Người nói", "Đổi tên cho mọi lượt của người này"
REMARKS = "{count} ý kiến"
KINDS = {"citizen": "Người dân", "official": "Cán bộ trả lời", "chair": "Chủ trì", "secretary": "Thư ký"}
ROLE, NO_ROLE = "{name} là ai trong hội nghị", "Máy tự đoán"
ROLE_SAID = "Đã ghi: {name} là {role}."
SAVE, CLOSE = "Lưu lượt nói này", "Đóng"
PAGE = "Trang"


def lines_view(db: Database, desk: Desk) -> None:
    pages = max(-(-len(desk.said) // PER_PAGE), 1)
    if "review_page" not in st.session_state:
        st.session_state["review_page"] = first_line(desk) // PER_PAGE + 1
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(HEAD, anchor=False, width="content")
        if pages > 1:
            st.pagination(pages, key="review_page")
    _choices(desk)
    page = min(st.session_state["review_page"], pages)
    shown = range((page - 1) * PER_PAGE, min(page * PER_PAGE, len(desk.said)))
    owners = _owners(desk)
    drawn = {position: _line(desk, position, owners, desk.veil) for position in shown}
    editing = st.session_state.get("review_edit")
    with st.container(height=560, border=True, gap=None, key="review_lines_box"):
        before = list(drawn.values())
        if editing in drawn and not is_hidden(desk.said[editing]):
            _draw(desk, "above", [line for line in before if line.position < editing])
            _correct(db, desk, editing)
            _draw(desk, "below", [line for line in before if line.position > editing])
        else:
            _draw(desk, "above", before)


def _draw(desk: Desk, place: str, shown: list[Line]) -> None:
    if shown:
        here = st.session_state.get("review_jump")
        scroll_to = f"{here}" if here else f"{desk.question.id}" if desk.question else ""
        lines(f"review_lines_{place}", shown, desk.transcript.recording is not None, scroll_to, here,
              lambda heard: hear(desk, heard), _edit, lambda picked: _pick(desk, picked))


def first_line(desk: Desk) -> int:
    spans = desk.question.spans if desk.question else ()
    return min((span.utterance for span in spans), default=0)


def _owners(desk: Desk) -> Mapping[int, set[int]]:
    """By position: the numbers of the questions that a line belongs to."""
    found: dict[int, set[int]] = {}
    for question in desk.analysis.questions:
        for position in (*(span.utterance for span in question.spans), *question.answer.utterances):
            found.setdefault(position, set()).add(question.number)
    return found


def _line(desk: Desk, position: int, owners: Mapping[int, set[int]], over: Veil) -> Line:
    utterance, question = desk.said[position], desk.question
    part = _part(question, position)
    notes = [(ASKED if part == "ask" else ANSWERED, part)] if part else []
    others = sorted(owners.get(position, set()) - ({question.number} if question else set()))
    if others:
        notes.append((OTHER_QUESTION.format(numbers=", ".join(map(str, others))), ""))
    notes += [(capital(FLAGS.get(flag, OTHER_FLAG)), "flag") for flag in utterance.flags]
    if count := sum(remark.is_open for remark in desk.remarks_on("utterance", utterance.id)):
        notes.append((REMARKS.format(count=count), "flag"))
    if heard_as_other := heard_as(utterance, desk.meeting):
        notes.append((capital(heard_as_other), "flag"))
    is_corrected = desk.version(("utterance", utterance.id or 0, "text")) > 0
    if is_hidden(utterance):
        return Line(position, utterance.start, clock(utterance.start), "", [(HIDDEN, utterance.start, False, False)],
                    [], part, False, True)
    masked = words_in(utterance.text, of_line(over, position, desk.analysis.questions, desk.said))
    words = [(word.text, round(word.at, 2), word.is_unsure, is_masked)
             for word, is_masked in zip(timed(utterance, is_corrected), masked, strict=True)]
    return Line(position, utterance.start, clock(utterance.start), speaker_name(utterance.speaker), words, notes, part,
                position in st.session_state.get("review_chosen", set()))


def _part(question: Question | None, position: int) -> str:
    if question is None:
        return ""
    if any(span.utterance == position for span in question.spans):
        return "ask"
    return "answer" if position in question.answer.utterances else ""


def hear(desk: Desk, heard: dict[str, Any]) -> None:
    """Cuts the sound from a little before the second that was asked for to the end of the line."""
    position, recording = int(heard["position"]), desk.transcript.recording
    utterance = desk.said[position]
    if recording is None or is_hidden(utterance):
        return
    # What is asked for comes from the browser: nothing outside the line, and nothing hidden before it, is played.
    at = min(max(float(heard["at"]), utterance.start), utterance.end)
    start = max([at - BEFORE, 0.0, *(u.end for u in desk.said[:position] if is_hidden(u) and u.end <= at)])
    end = min(max(utterance.end, at + 1.0), at + clips.LONGEST,
              *(u.start for u in desk.said[position:] if is_hidden(u) and u.start >= at))

    def cut(db: Database) -> None:
        wav = clips.stretch(db, home(), recording, start, end)
        count = st.session_state.get("review_heard", 0) + 1
        st.session_state["review_heard"] = count
        st.session_state["review_sound"] = Sound(wav, at - start, str(count))
    act(cut)


def hear_on_arrival(desk: Desk) -> None:
    """Plays a question as soon as it is gone to, unless that is switched off; not the one a page is opened with."""
    before, now = st.session_state.get("review_was_at"), desk.question.id if desk.question else None
    st.session_state["review_was_at"] = now
    if before and now and before != now and st.session_state.get("review_auto", True):
        first = first_line(desk)
        hear(desk, {"position": first, "at": desk.said[first].start})


def _edit(position: int) -> None:
    st.session_state["review_edit"] = int(position)


def _pick(desk: Desk, picked: dict[str, Any]) -> None:
    chosen: set[int] = set(st.session_state.get("review_chosen", set()))
    span = {i for i in range(int(picked["from"]), int(picked["to"]) + 1) if not is_hidden(desk.said[i])}
    st.session_state["review_chosen"] = chosen | span if picked["on"] else chosen - span


def _correct(db: Database, desk: Desk, position: int) -> None:
    """The line that is being corrected, in its place."""
    utterance = desk.said[position]
    assert utterance.id is not None
    with st.container(border=True, key="review_correct"):
        st.markdown(f"**{CORRECT.format(time=clock(utterance.start))}**")
        key = ("utterance", utterance.id, "text")
        typed_field(desk, key, f"review_text_{utterance.id}", TEXT, focus=True)
        offer_what_was_heard(desk, utterance)
        _speaker(desk, utterance)
        _role(db, desk, utterance.speaker)
        with st.container(horizontal=True):
            st.button(SAVE, type="primary", key="review_save_line", on_click=save_typed, args=(desk,))
            st.button(CLOSE, key="review_close", shortcut="Escape",
                      on_click=lambda: st.session_state.pop("review_edit", None))
        remarks_view(desk, "utterance", utterance.id)


def _speaker(desk: Desk, utterance: Utterance) -> None:
    names = list(dict.fromkeys([utterance.speaker, *(person.name for person in desk.meeting.officials),
                                *sorted({u.speaker for u in desk.said})]))
    version = desk.version(("utterance", utterance.id or 0, "speaker"))
    key = f"review_speaker_{utterance.id}_{version}"
    st.checkbox(EVERYWHERE, key=f"{key}_all")
    st.selectbox(SPEAKER, names, key=key, format_func=speaker_name, accept_new_options=True,
                 on_change=lambda: _rename(desk, utterance, st.session_state[key], st.session_state[f"{key}_all"]))


def _role(db: Database, desk: Desk, name: str) -> None:
    """Who somebody is that nobody entered for the meeting; of those entered the meeting's own page tells it."""
    if is_anonymous(name) or name in {person.name for person in desk.meeting.officials}:
        return
    said = speaking.role_said(db, desk.transcript.id, name)
    key = f"review_role_{name}_{said}"
    kinds = list(KINDS)
    st.selectbox(ROLE.format(name=name), kinds, index=kinds.index(said) if said in kinds else None, key=key,
                 placeholder=NO_ROLE, format_func=lambda kind: KINDS[kind], on_change=lambda: _say_role(
                     desk, name, st.session_state[key]))


def _say_role(desk: Desk, name: str, role: str | None) -> None:
    if role and act(lambda db: speaking.say_role(db, desk.transcript.id, name, role, desk.by)):
        say(ROLE_SAID.format(name=name, role=KINDS[role].lower()))


def _rename(desk: Desk, utterance: Utterance, name: str | None, everywhere: bool) -> None:
    name = " ".join((name or "").split())
    if name and name != utterance.speaker:
        whose = [u for u in desk.said if u.speaker == utterance.speaker] if everywhere else [utterance]
        save(desk, [edit_of(desk, ("utterance", u.id or 0, "speaker"), name) for u in whose])


def _choices(desk: Desk) -> None:
    """What to do with the chosen lines."""
    chosen: set[int] = st.session_state.get("review_chosen", set())
    if not chosen:
        st.caption(HOW_TO_CHOOSE)
        return
    with st.container(horizontal=True, gap="small", key="review_choices"):
        st.markdown(f"**{CHOSEN.format(count=len(chosen))}**", width="content")
        question = desk.question
        if question and question.id is not None:
            to, number = question.id, question.number
            st.button(TO_QUESTION.format(number=number), key="review_to_question", on_click=_with_chosen, args=(
                lambda db: review.move(db, desk.id, desk.by, chosen, to, False, desk.seen),))
            st.button(TO_ANSWER.format(number=number), key="review_to_answer", on_click=_with_chosen, args=(
                lambda db: review.move(db, desk.id, desk.by, chosen, to, True, desk.seen),))
            st.button(OUT.format(number=number), key="review_out", on_click=_with_chosen, args=(
                lambda db: review.release(db, desk.id, desk.by, chosen, to, desk.seen),))
        st.button(NEW, icon=":material/add:", key="review_new", on_click=_add, args=(desk, sorted(chosen)))
        st.button(NONE, key="review_none", on_click=lambda: st.session_state.pop("review_chosen", None))


def _with_chosen(doing: Any) -> None:
    if act(doing):
        st.session_state["review_chosen"] = set()


def _add(desk: Desk, positions: list[int]) -> None:
    """A new question out of the chosen lines; lines of the question at hand leave it when it keeps others."""
    question = desk.question
    asked = {span.utterance for span in question.spans} if question else set()
    source = question.id if question and asked & set(positions) else None

    def added(db: Database) -> None:
        go_to(review.add(db, desk.id, desk.by, as_question(desk.said, positions), source, desk.seen))
    act(added)
