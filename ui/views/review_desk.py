"""What lies on the desk of one person who reviews one meeting, read anew from the store whenever the page is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st
from sqlite_utils import Database

from models import history, remarks, review, store, typed
from models.errors import DoiThoaiError, FrozenMinutes, NotAllowed, NotFound, StaleEdit
from models.folding import nfc
from models.records import Analysis, Meeting, Question, Status, Utterance
from models.remarks import Remark
from models.review import Edit, Kind
from models.rights import Account, Act
from models.transcripts import Transcript, current_analysis, current_transcript
from models.typed import Typed
from summarize.masking import Veil, veil
from ui.errors import explain
from ui.labels import STATUS
from ui.seen import as_seen, is_hidden_question
from ui.views import review_parts
from ui.views.review_parts import Field
from ui.views.signed_in import may
from ui.views.wording import plain

QUESTION = "cau"
"""Parameter of the address: the question at hand."""

CHANGED_MEANWHILE = ("Có người vừa sửa câu này trong lúc bạn đang xem, nên chưa làm gì cả. "
                     "Trang đã hiện bản mới; hãy xem lại rồi bấm lần nữa.")
BOTH_TEXTS = " {what}: bạn đã thấy «{yours}», nay là «{theirs}»."
CANNOT_UNDO = "Không hoàn tác được: có người đã sửa tiếp chỗ ấy thành «{theirs}»."

SAVED = "Đã lưu."
FIELDS = {"text": "Nguyên văn", "speaker": "Người nói", "summary": "Tóm tắt", "topic": "Chủ đề", "status": "Kết quả",
          "agency": "Đơn vị giải quyết", "deadline": "Thời hạn", "deadline_date": "Ngày hết hạn",
          "asker": "Người hỏi", "address": "Địa chỉ",
          "answer_text": "Câu trả lời", "answered_by": "Người trả lời", "flags": "Tố cáo, riêng tư"}
IN_CODE = ("topic", "flags")
"""Of these what is stored is no text to show."""

Key = tuple[str, int, str]
"""A field: record, its id, name."""


@dataclass(frozen=True)
class Desk:
    """`seen` is the last change of all when this was read, `versions` how often each field was changed.

    `sees_all` says whether the account may also read what was told of a denunciation.
    """

    meeting: Meeting
    by: str
    transcript: Transcript
    analysis: Analysis
    question: Question | None
    unsaved: Mapping[Key, Edit]
    versions: Mapping[Key, int]
    seen: int
    remarks: Sequence[Remark] = ()
    sees_all: bool = False

    @property
    def id(self) -> int:
        assert self.meeting.id is not None
        return self.meeting.id

    @property
    def said(self) -> Sequence[Utterance]:
        return self.transcript.utterances

    @cached_property
    def veil(self) -> Veil:
        """What hides the private words of the meeting."""
        return veil(self.analysis.questions, self.said)

    def remarks_on(self, record: str, record_id: int | None) -> list[Remark]:
        return [remark for remark in self.remarks if (remark.record, remark.record_id) == (record, record_id)]

    def version(self, key: Key) -> int:
        return self.versions.get(key, 0)

    def is_stale(self, edit: Edit) -> bool:
        return edit.based_on != self.version((edit.record, edit.record_id, edit.field))

    def stored(self, key: Key) -> str | None:
        """The text of a field as it was saved last; None when its record is no longer there."""
        record, record_id, name = key
        if record == "utterance":
            return next((getattr(u, name) for u in self.said if u.id == record_id), None)
        return next((review.fields_of(q)[name] for q in self.analysis.questions if q.id == record_id), None)


def read_desk(db: Database, meeting: Meeting, account: Account) -> Desk | None:
    """The desk as the store has it at this moment and the account may see it; None while there is nothing to review."""
    assert meeting.id is not None
    with store.reading(db):
        seen = history.last_id(db)
        transcript = current_transcript(db, meeting.id)
        analysis = current_analysis(db, transcript) if transcript else None
        if transcript is None or analysis is None:
            return None
        transcript, analysis = as_seen(transcript, analysis, account)
        unsaved = typed.unsaved(db, meeting.id, account.name)
        told = remarks.remarks(db, meeting.id)
        keys = {"utterance": [u.id for u in transcript.utterances if u.id is not None],
                "question": [q.id for q in analysis.questions if q.id is not None]}
        versions = {(record, *field): version for record, ids in keys.items()
                    for field, version in history.versions(db, record, ids).items()}
    return Desk(meeting, account.name, transcript, analysis, _at_hand(analysis.questions), unsaved, versions, seen,
                told, account.sees_denunciations)


def go_to(question: int) -> None:
    """Lays another question on the desk; its lines come into sight."""
    st.query_params[QUESTION] = str(question)
    st.session_state.pop("review_page", None)
    st.session_state.pop("review_jump", None)
    st.session_state.pop("review_whole", None)
    st.session_state["review_chosen"] = set()


def save_one(desk: Desk, key: Key, after: str) -> None:
    """Saves a choice at once.

    A page that is left while it is still being drawn hands over its choices once more, as if somebody had just made
    them: what says the same as the store did when it was drawn is no choice.
    """
    edit = edit_of(desk, key, after)
    if edit.after != edit.before:
        save(desk, [edit])


def save(desk: Desk, edits: Sequence[Edit], kind: Kind = Kind.CHANGED) -> bool:
    """Saves edits as one step; when somebody was faster, or signed the minutes, they stay as unsaved texts.

    Whoever is no longer signed in, or may not edit any more, finds them as unsaved texts as well.
    """
    is_allowed = may(Act.EDIT)
    with store.open_store() as db:
        try:
            if not is_allowed:
                raise NotAllowed(Act.EDIT)
            review.change(db, desk.id, desk.by, edits, kind)
        except (StaleEdit, FrozenMinutes, NotAllowed, NotFound):
            for edit in edits:
                typed.keep(db, Typed(desk.id, desk.by, edit))
            return False
        for edit in edits:
            typed.forget(db, Typed(desk.id, desk.by, edit))
    return True


def save_typed(desk: Desk) -> None:
    """Saves all that the store holds as typed by now: the last words may have come after the page was drawn."""
    with store.open_store() as db:
        edits = [edit for key, edit in typed.unsaved(db, desk.id, desk.by).items()
                 if not desk.is_stale(edit) and desk.stored(key) is not None]
    if edits and save(desk, edits):
        say(SAVED)
        if any(edit.record == "utterance" for edit in edits):
            st.session_state.pop("review_edit", None)


def keep_typed(desk: Desk, key: Key, text: str) -> None:
    """Keeps what is being typed, over the text that was there when typing began.

    Also when the session has just run out: it is a text of the person who opened the page, changes nothing yet, and
    would be lost otherwise.
    """
    edit = desk.unsaved.get(key) or Edit(*key, desk.stored(key) or "", "", desk.version(key))
    with store.open_store() as db:
        typed.keep(db, Typed(desk.id, desk.by, Edit(*key, edit.before, nfc(text), edit.based_on)))


def typed_field(desk: Desk, key: Key, element: str, label: str, single: bool = False, focus: bool = False,
                to_key: str = "") -> None:
    """Draws a field of a record, with what this person typed into it and has not saved."""
    edit, stored = desk.unsaved.get(key), desk.stored(key) or ""
    field = Field(element, label, edit.after if edit else stored, edit.before if edit else stored,
                  edit.based_on if edit else desk.version(key), desk.by, edit is not None)
    review_parts.typed(field, lambda text: keep_typed(desk, key, text),
                       lambda text, done: submit_typed(desk, key, text, done),
                       lambda text, before, version: keep_again(desk, key, text, before, version),
                       single, focus, to_key)


def keep_again(desk: Desk, key: Key, text: str, before: str, version: int) -> None:
    """Keeps a text that was typed while nobody answered; had somebody saved another meanwhile, both are shown."""
    if nfc(text) != desk.stored(key):
        with store.open_store() as db:
            typed.keep(db, Typed(desk.id, desk.by, Edit(*key, before, nfc(text), version)))


def submit_typed(desk: Desk, key: Key, text: str, done: bool) -> None:
    """Saves a text that was typed a moment ago; `done` also marks the question at hand as looked through."""
    keep_typed(desk, key, text)
    if done and desk.question:
        mark(desk, desk.question, True)
    else:
        save_typed(desk)


def edit_of(desk: Desk, key: Key, after: str) -> Edit:
    """An edit of a field as it lies on the desk."""
    return Edit(*key, desk.stored(key) or "", after, desk.version(key))


def act(doing: Callable[[Database], object], refused: str = "") -> bool:
    """Does something to the meeting; a refusal or other trouble is told at the top of the page."""
    if not may(Act.EDIT):
        return False  # the page is drawn next, and says why
    try:
        with store.open_store() as db:
            doing(db)
    except StaleEdit as error:
        st.session_state["review_trouble"] = refused.format(theirs=error.theirs) if refused else _meanwhile(error)
    except DoiThoaiError as error:
        st.session_state["review_trouble"] = explain(error)
    else:
        return True
    return False


def _meanwhile(error: StaleEdit) -> str:
    """That somebody was faster, with both texts where they are words for people."""
    if error.field not in FIELDS or error.field in IN_CODE:
        return CHANGED_MEANWHILE
    yours, theirs = ((STATUS[Status(text)] if error.field == "status" else text)
                     for text in (error.yours, error.theirs))
    return CHANGED_MEANWHILE + BOTH_TEXTS.format(what=FIELDS[error.field], yours=yours, theirs=theirs)


def mark(desk: Desk, question: Question, reviewed: bool) -> None:
    """Marks a question as looked through and lays the next on the desk, or takes the mark back.

    What was typed is saved before; where that met somebody else's text, the question stays on the desk.
    """
    if reviewed:
        save_typed(desk)
        with store.open_store() as db:
            if any(key[:2] == ("question", question.id) for key in typed.unsaved(db, desk.id, desk.by)):
                return
    if act(lambda db: review.mark_reviewed(db, desk.id, desk.by, question.id or 0, reviewed, desk.seen)) and reviewed:
        onwards(desk, question)


def onwards(desk: Desk, question: Question) -> None:
    if following := next_open(desk.analysis.questions, question):
        go_to(following.id or 0)


def say(words: str) -> None:
    """A short word about what was done, shown when the page is drawn next: a callback draws nothing itself."""
    st.session_state["review_said"] = words


def tell_outcome() -> None:
    """What came of the last thing that was done."""
    if said := st.session_state.pop("review_said", None):
        st.toast(plain(said), icon=":material/check:")
    if trouble := st.session_state.pop("review_trouble", None):
        st.warning(plain(trouble), icon=":material/sync_problem:")


def next_open(questions: Sequence[Question], after: Question | None) -> Question | None:
    """The next question nobody has looked through, round the end; None when all are done."""
    number = after.number if after else 0
    left = [question for question in questions
            if not question.reviewed and question != after and not is_hidden_question(question)]
    return min(left, key=lambda question: (question.number <= number, question.number), default=None)


def _at_hand(questions: Sequence[Question]) -> Question | None:
    """The question that the address names, or the first that is open, or the first."""
    wanted = st.query_params.get(QUESTION, "")
    found = next((question for question in questions if str(question.id) == wanted), None)
    return found or next_open(questions, None) or next(iter(questions), None)
