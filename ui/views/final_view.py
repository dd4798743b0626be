"""The final pass on a page: asked for, and what it would change, side by side, before it is taken or left."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from html import escape

import streamlit as st

from models import jobs, proposals, store
from models.formats import clock
from models.frozen import is_frozen
from models.merging import Outcome, Side
from models.records import Utterance
from models.rights import Act
from models.transcripts import Transcript
from models.weights import is_installed
from transcribe.weights import VIETASR, WHISPER_BASE
from ui.processes import ensure_running
from ui.views.listening import listen_buttons, player
from ui.views.paging import page_of
from ui.views.signed_in import account, require
from ui.views.wording import speaker_name

ASK = "Nghe lại toàn bộ lần cuối"
ASK_HELP = ("Máy nghe lại bản ghi âm từ đầu, chú ý tên riêng của hội nghị. Việc này có thể lâu; chưa thay gì cho đến "
            "khi bạn xem và lấy.")
ENGINE = "Cách nghe"
ENGINES = {"vietasr": "Nghe tiếng Việt, chú ý tên riêng (nên dùng)",
           "whisper": "Cách thứ hai, chậm hơn, để đối chiếu (Whisper)"}
ENGINE_WEIGHTS = {"vietasr": VIETASR, "whisper": WHISPER_BASE}
PROPOSED = "Đã nghe lại xong: {changed} đoạn khác bản đang có"
NOTHING = "Đã nghe lại xong: không có chỗ nào khác bản đang có."
KEPT_COUNT = "{kept} đoạn có chỗ người đã sửa được giữ nguyên vì không chắc chỗ sửa thuộc về câu nào của bản mới."
CARRIED_COUNT = "{carried} câu người đã sửa vẫn giữ chữ người sửa."
TAKE, LEAVE = "Lấy bản nghe lại", "Bỏ, giữ bản đang có"
TAKING = "Đang lấy bản nghe lại và tìm lại câu hỏi…"
BEFORE, AFTER = "Đang có", "Nghe lại"
OUTCOMES = {Outcome.CARRIED: "giữ chữ người sửa", Outcome.KEPT: "giữ nguyên vì người đã sửa"}
PAGE_KEY, PER_PAGE = "trang_nghe_lai", 30


def final_view(transcript: Transcript) -> None:
    """What a final pass would change in the transcript; without one, the button that asks for it."""
    if transcript.recording is None:
        return
    with store.open_store() as db:
        if is_frozen(db, transcript.meeting):
            return
        proposed = proposals.proposal(db, transcript.meeting)
        sides = proposals.beside(db, proposed) if proposed else []
    if proposed is None:
        _ask(transcript)
        return
    with st.container(border=True):
        different = [side for side in sides if side.outcome != Outcome.SAME]
        st.markdown(f"**{PROPOSED.format(changed=len(different)) if different else NOTHING}**")
        _notes(sides)
        _choose(transcript.meeting)
        for side in _page_of(different):
            _side(side)


def _ask(transcript: Transcript) -> None:
    if not account().may(Act.RECORD):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = st.button(ASK, icon=":material/hearing:", help=ASK_HELP, key="final_pass")
        engine = _engine()
    if asked:
        with store.open_store() as db:
            jobs.add_job(db, jobs.FINAL, transcript.meeting, transcript.recording, engine=engine)
        ensure_running()
        st.rerun()


def _engine() -> str:
    """The recogniser to hear with; asked only where there is a choice."""
    there = [name for name, weights in ENGINE_WEIGHTS.items() if is_installed(weights)]
    if len(there) < 2:
        return there[0] if there else next(iter(ENGINES))
    return str(st.selectbox(ENGINE, there, format_func=ENGINES.__getitem__, key="final_engine", width=320))


def _notes(sides: Sequence[Side]) -> None:
    for outcome, words in ((Outcome.KEPT, KEPT_COUNT), (Outcome.CARRIED, CARRIED_COUNT)):
        if count := sum(side.outcome == outcome for side in sides):
            st.caption(words.format(**{outcome.value: count}))


def _choose(meeting: int) -> None:
    with st.container(horizontal=True):
        taken = st.button(TAKE, type="primary", icon=":material/check:", key="final_take")
        left = st.button(LEAVE, icon=":material/close:", key="final_leave")
    if taken or left:
        require(Act.EDIT)
    if taken:
        from ui import final  # the rooms behind it take seconds to load
        with st.spinner(TAKING), store.open_store() as db:
            final.take(db, meeting)
    if left:
        with store.open_store() as db:
            proposals.leave(db, meeting)
    if taken or left:
        st.rerun()


def _page_of(sides: Sequence[Side]) -> Sequence[Side]:
    page = page_of(len(sides), PER_PAGE, PAGE_KEY)
    return sides[(page - 1) * PER_PAGE:page * PER_PAGE]


def _side(side: Side) -> None:
    before, after = differing(_words(side.old), _words(side.new))
    with st.container(horizontal=True, vertical_alignment="center"):
        if side.old:
            listen_buttons(side.old, "final")
        else:
            st.markdown(f":gray[{clock(side.new[0].start)}]", width="content")
        if side.outcome in OUTCOMES:
            st.badge(OUTCOMES[side.outcome], color="orange")
    player(side.old, "final")
    for column, label, said in zip(st.columns(2), (BEFORE, AFTER), (before, after), strict=True):
        column.caption(label)
        column.html(said)


def _words(said: Sequence[Utterance]) -> list[str]:
    return [word for one in said for word in (f"{speaker_name(one.speaker)}:", *one.text.split())]


def differing(before: Sequence[str], after: Sequence[str],
              marks: tuple[str, str] = ("mark", "mark")) -> tuple[str, str]:
    """Both as safe HTML, the words that only one of them has in elements of these names."""
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for side, words, mark in zip(sides, (before[a:b], after[c:d]), marks, strict=True):
            text = escape(" ".join(words))
            if text:
                side.append(text if kind == "equal" else f"<{mark}>{text}</{mark}>")
    return " ".join(sides[0]), " ".join(sides[1])
