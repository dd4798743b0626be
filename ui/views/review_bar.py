"""The top of the review page: how much is left, save, undo, find and replace, and texts that met another's."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

import streamlit as st
from sqlite_utils import Database

from models import review, store, typed
from models.formats import clock
from models.review import Edit, Kind, fields_of
from models.typed import Typed
from ui.reviewing import replaced
from ui.seen import is_hidden_question
from ui.views.review_desk import CANNOT_UNDO, FIELDS, Desk, Key, act, go_to, mark, next_open, save, save_typed, say
from ui.views.review_help import HOW, how_view
from ui.views.review_parts import player
from ui.views.review_unsure import jump
from ui.views.wording import plain

READY = "Đã xem xong, sang câu tiếp"
LEFT = "Đã rà soát {done}/{count} câu hỏi, còn {left} câu"
ALL_DONE = "Đã rà soát xong cả {count} câu hỏi"
REMARKS_LEFT = "{words} · còn {count} ý kiến trao đổi chưa xong"
NEXT = "Câu chưa xem"
UNSURE, UNSURE_HELP = "Chữ chưa chắc", "Nghe chữ tiếp theo mà máy nghe chưa chắc (Alt+J)"
SAVE, SAVE_COUNT = "Lưu", "Lưu {count} chỗ vừa gõ"
UNDO = "Hoàn tác"
UNDO_HELP = "Bỏ việc vừa làm: {what} (Alt+Z)"
NOTHING_TO_UNDO = "Bạn chưa sửa gì để hoàn tác"
KINDS = {Kind.CHANGED: "sửa nội dung", Kind.REVIEWED: "đánh dấu đã xem", Kind.DROPPED: "bỏ câu hỏi",
         Kind.MERGED: "gộp câu hỏi", Kind.ADDED: "lập câu hỏi mới", Kind.PARTED: "tách câu hỏi",
         Kind.MOVED: "chuyển lượt nói",
         Kind.REPLACED: "thay chữ hàng loạt", Kind.MASKED: "che hoặc bỏ che"}
UNDONE = "Đã bỏ: {what}."
AUTO, AUTO_HELP = "Tự nghe", "Sang câu nào thì nghe ngay lời hỏi của câu ấy"
FIND = "Tìm và thay"
FIND_WHAT, PUT_WHAT, EXACT = "Tìm chữ", "Thay bằng", "Phân biệt chữ hoa, chữ thường"
FOUND = "Sẽ sửa {lines} lượt nói và {fields} ô trong các câu hỏi. Hãy đọc thử rồi mới bấm thay."
NOT_FOUND = "Không có lượt nói hay câu hỏi nào chứa «{words}»."
REPLACE = "Thay ở {count} chỗ"
REPLACED = "Đã thay ở {count} chỗ; bấm «Hoàn tác» nếu muốn bỏ."
SHOWN_AT_MOST = 40
REPLACED_IN = ("summary", "text", "asker", "address", "agency", "deadline", "answer_text", "answered_by")
MORE = "… và {count} chỗ nữa."
CONFLICT = "**{what}**: trong lúc bạn gõ, có người đã lưu một bản khác. Hãy chọn bản để giữ."
THEIRS, YOURS = "Bản đã lưu (của người khác)", "Bản bạn gõ"
KEEP_THEIRS, KEEP_YOURS = "Giữ bản đã lưu", "Dùng bản của tôi"
GONE = "(đã bị bỏ)"


def progress_view(desk: Desk) -> None:
    questions = desk.analysis.questions
    done = sum(question.reviewed for question in questions)
    words = LEFT if done < len(questions) else ALL_DONE
    words = words.format(done=done, count=len(questions), left=len(questions) - done)
    if count := sum(remark.is_open for remark in desk.remarks):
        words = REMARKS_LEFT.format(words=words, count=count)
    st.progress(done / max(len(questions), 1), text=f"**{words}**")


def bar_view(db: Database, desk: Desk) -> None:
    """What is done most, always in sight, each with its keys."""
    ready = [edit for key, edit in desk.unsaved.items() if not desk.is_stale(edit) and desk.stored(key) is not None]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        following = next_open(desk.analysis.questions, desk.question)
        if desk.question:
            st.button(READY, type="primary", icon=":material/check:", shortcut="Alt+Enter", key="review_ready",
                      disabled=desk.question.reviewed or is_hidden_question(desk.question), on_click=mark,
                      args=(desk, desk.question, True))
        st.button(NEXT, icon=":material/skip_next:", shortcut="Alt+N", key="review_next", disabled=following is None,
                  on_click=lambda: go_to(following.id or 0) if following else None)
        st.button(SAVE_COUNT.format(count=len(ready)) if ready else SAVE, icon=":material/save:",
                  shortcut="Ctrl+Enter", key="review_save", type="primary" if ready else "secondary",
                  on_click=save_typed, args=(desk,))
        step = review.last_step(db, desk.id, desk.by)
        help_words = UNDO_HELP.format(what=KINDS[step.kind]) if step else NOTHING_TO_UNDO
        st.button(UNDO, icon=":material/undo:", shortcut="Alt+Z", key="review_undo", disabled=step is None,
                  help=help_words, on_click=_undo, args=(desk,))
        st.button(UNSURE, icon=":material/hearing:", shortcut="Alt+J", key="review_unsure", help=UNSURE_HELP,
                  on_click=jump, args=(desk,))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if desk.transcript.recording is not None:
            with st.container(key="review_player_box"):
                player(st.session_state.get("review_sound"))
            st.toggle(AUTO, value=True, key="review_auto", help=AUTO_HELP, width="content")
        st.toggle(FIND, key="review_find", width="content")
        if st.button(HOW, icon=":material/help:", key="review_how", shortcut="F1", type="tertiary"):
            how_view()


def _undo(desk: Desk) -> None:
    """Undoes the last step as the store has it: pressed twice in a row, two steps."""
    with store.open_store() as db:
        step = review.last_step(db, desk.id, desk.by)
    if step and act(lambda db: review.undo(db, step), CANNOT_UNDO):
        say(UNDONE.format(what=KINDS[step.kind]))


def conflicts_view(desk: Desk) -> None:
    """Every text of this person that is based on an older version, beside the one that was saved meanwhile."""
    for key, edit in desk.unsaved.items():
        theirs = desk.stored(key)
        if theirs is not None and not desk.is_stale(edit):
            continue
        name = "_".join(map(str, key))
        with st.container(border=True, key=f"review_conflict_{name}"):
            st.markdown(CONFLICT.format(what=plain(_what(desk, key))))
            left, right = st.columns(2)
            for column, label, text in ((left, THEIRS, GONE if theirs is None else theirs), (right, YOURS, edit.after)):
                column.html(f'<div class="dt-soft">{label}</div><div class="dt-conflict">{escape(text)}</div>')
            left.button(KEEP_THEIRS, key=f"theirs_{name}", width="stretch", on_click=_keep_theirs, args=(desk, edit))
            right.button(KEEP_YOURS, key=f"yours_{name}", width="stretch", disabled=theirs is None,
                         on_click=_keep_yours, args=(desk, key, edit))


def _keep_theirs(desk: Desk, edit: Edit) -> None:
    with store.open_store() as db:
        typed.forget(db, Typed(desk.id, desk.by, edit))


def _keep_yours(desk: Desk, key: Key, edit: Edit) -> None:
    """Saves over the text that was just shown; had yet another been saved, both are shown again."""
    save(desk, [Edit(*key, desk.stored(key) or "", edit.after, desk.version(key))])


def _what(desk: Desk, key: Key) -> str:
    record, record_id, name = key
    if record == "question":
        number = next((q.number for q in desk.analysis.questions if q.id == record_id), None)
        return f"{FIELDS[name]}, câu {number}" if number else FIELDS[name]
    start = next((u.start for u in desk.said if u.id == record_id), 0.0)
    return f"{FIELDS[name]}, lượt nói lúc {clock(start)}"


def replace_view(desk: Desk) -> None:
    """Find and replace over all lines and questions: every change is shown before it is made."""
    if not st.session_state.get("review_find"):
        return
    with st.container(border=True):
        left, right = st.columns(2)
        find = left.text_input(FIND_WHAT, key="review_find_what")
        put = right.text_input(PUT_WHAT, key="review_put_what")
        is_exact = st.checkbox(EXACT, key="review_exact")
        if not find.strip():
            return
        edits = [*_in_lines(desk, find, put, is_exact), *_in_questions(desk, find, put, is_exact)]
        if not edits:
            st.info(plain(NOT_FOUND.format(words=find)))
            return
        lines = sum(edit.record == "utterance" for edit in edits)
        st.markdown(FOUND.format(lines=lines, fields=len(edits) - lines))
        with st.container(height=260, border=True):
            rows = "".join(f"<p><small>{escape(_what(desk, (e.record, e.record_id, e.field)))}:</small> "
                           f"{_difference(e.before, e.after)}</p>" for e in edits[:SHOWN_AT_MOST])
            more = MORE.format(count=len(edits) - SHOWN_AT_MOST) if len(edits) > SHOWN_AT_MOST else ""
            st.html(f'<div class="dt-preview">{rows}{more}</div>')
        st.button(REPLACE.format(count=len(edits)), type="primary", icon=":material/find_replace:",
                  key="review_replace", on_click=_replace, args=(desk, edits))


def _in_lines(desk: Desk, find: str, put: str, is_exact: bool) -> Iterator[Edit]:
    texts = {("utterance", u.id, "text"): u.text for u in desk.said if u.id is not None}
    return replaced(texts, find, put, is_exact, desk.version)


def _in_questions(desk: Desk, find: str, put: str, is_exact: bool) -> Iterator[Edit]:
    """The same in the fields of questions, but for those whose words this account may not see."""
    texts = {("question", q.id, name): fields_of(q)[name] for q in desk.analysis.questions
             if q.id is not None and not is_hidden_question(q) for name in REPLACED_IN}
    return replaced(texts, find, put, is_exact, desk.version)


def _difference(before: str, after: str) -> str:
    """Both texts in one, as safe HTML: words that go are struck out before those that come."""
    old, new = before.split(), after.split()
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape(" ".join(old[i1:i2])), escape(" ".join(new[j1:j2]))
        found += [gone] if tag == "equal" else [f"<del>{gone}</del>"] * bool(gone) + [f"<ins>{come}</ins>"] * bool(come)
    return " ".join(found)


def _replace(desk: Desk, edits: list[Edit]) -> None:
    if act(lambda db: review.change(db, desk.id, desk.by, edits, Kind.REPLACED)):
        say(REPLACED.format(count=len(edits)))
        st.session_state["review_find_what"] = ""
