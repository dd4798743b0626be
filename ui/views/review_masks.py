"""What of a question is masked in papers: seen in its text, masked or shown again by a person, with kind and reason."""

from __future__ import annotations

import streamlit as st
from sqlite_utils import Database

from models import lookup, review
from models.records import Question
from models.review import Edit, Kind
from summarize.masking import is_withheld, of_question
from ui import masks
from ui.labels import PRIVATE_KINDS
from ui.masks import Masked
from ui.views.review_desk import Desk, act, say
from ui.views.review_parts import masked_text
from ui.views.wording import capital, plain

HEAD, HEAD_COUNT = "Che thông tin riêng tư", "Che thông tin riêng tư ({count} chỗ)"
HOW = "Chữ nền đen sẽ bị che bằng […] trong các giấy tờ. Muốn che thêm: bôi đen chữ ngay bên dưới, rồi bấm «Che»."
WITHHELD = "Cả câu này là tố cáo: không giấy tờ nào nêu nội dung của nó, nên không cần che từng chữ."
WORDS, KIND, REASON = "Chữ cần che", "Loại thông tin", "Lý do"
HIDE, LIFT, AGAIN = "Che", "Bỏ che", "Che lại"
BY_MACHINE, BY_PERSON, SHOWN = "máy tìm thấy", "người che: {reason}", "đã bỏ che: {reason}"
WHY_HIDE = ("Thông tin riêng của người dân", "Người dân đề nghị che", "Nói về người không có mặt")
WHY_LIFT = ("Không phải thông tin riêng tư", "Số máy, địa chỉ của cơ quan", "Người dân đồng ý công khai")
OWN_REASON = "Chọn, hoặc gõ lý do khác"
HIDDEN, LIFTED = "Đã che «{words}».", "Đã bỏ che «{words}»."
NOT_SAID = "Không thấy chữ «{words}» trong lời đã ghi. Hãy bôi đen đúng chữ trong câu hỏi hoặc câu trả lời."
QUESTION, ANSWER = "Câu hỏi", "Trả lời"


def masks_view(desk: Desk, question: Question) -> None:
    if is_withheld(question):
        st.caption(WITHHELD)
        return
    found = masks.masked_words(question, desk.said, desk.veil)
    count = sum(not mask.lifted for mask in found)
    with st.expander(HEAD_COUNT.format(count=count) if count else HEAD, icon=":material/visibility_off:",
                     key=f"review_masks_{question.id}"):
        st.caption(HOW)
        own = of_question(desk.veil, question, desk.said)
        texts = [(QUESTION, masks.pieces(question.text, own)), (ANSWER, masks.pieces(question.answer.text, own))]
        masked_text(f"review_masked_{question.id}", texts, _choose)
        _add(desk, question)
        for number, mask in enumerate(found):
            _mask(desk, question, mask, number)


def _choose(words: str) -> None:
    st.session_state["review_mask_words"] = " ".join(words.split())


def _add(desk: Desk, question: Question) -> None:
    st.text_input(WORDS, key="review_mask_words")
    st.selectbox(KIND, list(PRIVATE_KINDS), index=len(PRIVATE_KINDS) - 1, key="review_mask_kind",
                 format_func=lambda kind: capital(PRIVATE_KINDS[kind]))
    st.selectbox(REASON, WHY_HIDE, key="review_mask_reason", accept_new_options=True, help=OWN_REASON)
    st.button(HIDE, icon=":material/visibility_off:", key="review_mask", on_click=lambda: _hide(
        desk, question, st.session_state["review_mask_words"], st.session_state["review_mask_kind"],
        st.session_state["review_mask_reason"]))


def _mask(desk: Desk, question: Question, mask: Masked, number: int) -> None:
    """One masked stretch, and the way to show it again; or one shown again, and the way back."""
    how = SHOWN if mask.lifted else BY_PERSON if mask.reason else BY_MACHINE
    kind = PRIVATE_KINDS.get(mask.kind, PRIVATE_KINDS["other"])
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**«{plain(mask.words)}»** · {kind} · {plain(how.format(reason=mask.reason))}", width="stretch")
        if mask.lifted:
            st.button(AGAIN, key=f"review_mask_again_{number}", on_click=_hide,
                      args=(desk, question, mask.words, mask.kind, WHY_HIDE[0]))
            return
        with st.popover(LIFT, key=f"review_unmask_{number}"):
            key = f"review_unmask_reason_{question.id}_{number}"
            st.selectbox(REASON, WHY_LIFT, key=key, accept_new_options=True, help=OWN_REASON)
            st.button(LIFT, type="primary", key=f"review_unmask_now_{number}",
                      on_click=lambda: _lift(desk, question, mask.words, st.session_state[key]))


def _hide(desk: Desk, question: Question, words: str, kind: str, reason: str | None) -> None:
    edits = masks.hide(question, desk.said, words, kind, reason or WHY_HIDE[0], _version(desk))
    if not edits:
        st.session_state["review_trouble"] = NOT_SAID.format(words=words)
    elif _saved(desk, edits):
        say(HIDDEN.format(words=words))
        st.session_state["review_mask_words"] = ""


def _lift(desk: Desk, question: Question, words: str, reason: str | None) -> None:
    edits = masks.lift(question, desk.analysis.questions, desk.said, words, reason or WHY_LIFT[0], _version(desk))
    if edits and _saved(desk, edits):
        say(LIFTED.format(words=words))


def _saved(desk: Desk, edits: list[Edit]) -> bool:
    def save(db: Database) -> None:
        stored = lookup.questions_of(db, desk.id) or ()
        review.change(db, desk.id, desk.by, masks.with_unseen(edits, stored, desk.analysis.questions), Kind.MASKED)

    return act(save)


def _version(desk: Desk) -> masks.Version:
    return lambda question, name: desk.version(("question", question, name))
