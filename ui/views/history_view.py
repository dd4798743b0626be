"""The page «Lịch sử»: who changed what when, before and after; and whether the chain of hashes still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import streamlit as st
from sqlite_utils import Database

from models import changes, store
from models.changes import Area, Change, Wanted
from models.formats import clock
from models.frozen import FROZEN
from models.history import broken_links, last_id
from models.lookup import questions_of
from models.records import Meeting, MeetingState, Revision
from models.rights import Account, Act
from models.transcripts import Transcript, as_recognised, current_analysis
from summarize.masking import covered, secrets, withheld_lines
from ui.seen import HIDDEN, hides_question, said_to
from ui.views import signed_in
from ui.views.final_view import differing
from ui.views.history_words import value
from ui.views.paging import page_of
from ui.views.told import told
from ui.views.wording import day, moment, shortened

TITLE = "Lịch sử sửa đổi"
ABOUT = "Mỗi lần sửa đều được ghi lại: ai, lúc nào, trước và sau. Không ai xóa được lịch sử này."
WHOLE = "Lịch sử còn nguyên vẹn: cả {count} dòng đều đúng như lúc được ghi."
BROKEN = ("Lịch sử đã bị sửa từ bên ngoài chương trình ở dòng số {numbers}. Hãy báo "
          "người quản trị và so với bản sao lưu.")
BY, EVERYBODY = "Người sửa", "Mọi người"
KIND, EVERYTHING = "Loại", "Mọi việc"
MEETING, ALL_MEETINGS = "Hội nghị", "Mọi hội nghị"
AREAS = {Area.WORDS: "Sửa lời nói", Area.SPEAKERS: "Đổi người nói", Area.QUESTIONS: "Sửa câu hỏi",
         Area.REVIEWED: "Đánh dấu đã xem", Area.MEETING: "Sửa thông tin hội nghị", Area.APPROVAL: "Ký, duyệt, công bố",
         Area.FOLLOW_UP: "Theo dõi lời hứa",
         Area.ACCOUNTS: "Tài khoản"}
ONE_QUESTION, ALL_QUESTIONS, QUESTION_NAME = "Câu hỏi", "Mọi việc của hội nghị", "Câu {number}. {summary}"
FOUND = "{count} việc, mới nhất trước."
NOTHING = "Chưa có việc nào như vậy."
PAGE = "Trang"
LINE = {"text": "sửa lời lúc {at}", "speaker": "đổi người nói lúc {at}"}
QUESTION = "{what} của câu hỏi «{summary}»"
FIELDS = {"summary": "sửa tóm tắt", "text": "sửa nguyên văn", "topic": "đổi chủ đề", "status": "đổi kết quả trả lời",
          "asker": "sửa người hỏi", "address": "sửa địa chỉ người hỏi", "agency": "sửa đơn vị giải quyết",
          "deadline": "sửa thời hạn", "deadline_date": "đặt ngày hết hạn",
          "answer_text": "sửa câu trả lời", "answered_by": "sửa người trả lời",
          "answer_utterances": "đổi lượt nói thuộc câu trả lời", "spans": "đổi lượt nói thuộc nội dung",
          "personal_data": "đổi chỗ che thông tin cá nhân", "flags": "đổi dấu tố cáo, riêng tư"}
DROPPED, RESTORED = "bỏ câu hỏi «{summary}»", "thêm hoặc lấy lại câu hỏi «{summary}»"
TICKED, UNTICKED = "đánh dấu đã xem câu hỏi «{summary}»", "bỏ dấu đã xem của câu hỏi «{summary}»"
MEETING_FIELDS = {"title": "sửa tên hội nghị", "date": "sửa ngày họp", "place": "sửa địa điểm",
                  "topics": "sửa chủ đề", "officials": "sửa người tham dự", "glossary": "sửa tên riêng"}
FOLLOWED = {"agency": "ghi cơ quan phải trả lời", "due": "ghi hạn trả lời", "answer": "ghi câu trả lời",
            "document": "ghi số văn bản trả lời", "answered_on": "ghi ngày trả lời", "file": "đính tệp văn bản"}
ACCOUNT = "{what} của tài khoản «{summary}»"
ACCOUNT_FIELDS = {"login": "đặt tên đăng nhập", "name": "ghi họ tên", "roles": "đổi vai trò",
                  "password": "đổi mật khẩu", "sees_denunciations": "đổi quyền xem nội dung tố cáo",
                  "email": "ghi thư điện tử",
                  "disabled": "tắt hoặc mở lại việc đăng nhập"}
STEPS: dict[str, str] = {MeetingState.SIGNED: "ký biên bản", MeetingState.APPROVED: "duyệt biên bản",
         MeetingState.PUBLISHED: "công bố kết quả"}
BEGUN, SENT_BACK, CORRECTED = "bắt đầu rà soát biên bản", "trả lại biên bản để sửa", "mở bản đính chính"
REASON, INSTEAD_OF = "Lý do: {reason}", "Duyệt thay: {reason}"
SECRET = "(nội dung giữ bí mật theo quy định về tố cáo; chỉ người được giao mới xem)"
SECRET_SUMMARY = "nội dung giữ bí mật"
EMPTY = "(trống)"
BEFORE, AFTER = "Trước", "Sau"
BROKEN_HERE = "Dòng này, hoặc dòng ngay trước, đã bị sửa từ bên ngoài chương trình."
OTHER_CHANGE = "sửa"
NUMBER = "dòng số {number}, mã {hash}…"
SUMMARY_LENGTH = 80
PER_PAGE = 25
# That these changed says it all.
TOLD_ALREADY = ("file", "password")


def show() -> None:
    st.title(TITLE, anchor=False)
    who = signed_in.account()
    st.caption(ABOUT)
    with store.open_store() as db:
        broken, number = broken_links(db), last_id(db)
    if broken:
        shown = ", ".join(map(str, broken[:10])) + ("…" if len(broken) > 10 else "")
        st.error(BROKEN.format(numbers=shown), icon=":material/link_off:")
    else:
        st.success(WHOLE.format(count=number), icon=":material/link:")
    _list(who, frozenset(broken))


@dataclass(frozen=True)
class Secrecy:
    """What is hidden: these words anywhere, and all about these questions and utterances (by position)."""

    words: frozenset[str] = frozenset()
    questions: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()

    def covers(self, change: Change) -> bool:
        if change.revision.record == "utterance":
            return change.position in self.positions
        return change.revision.record in ("question", "follow_up") and change.revision.record_id in self.questions


@st.fragment
def _list(who: Account, broken: frozenset[int]) -> None:
    sees_all = who.sees_denunciations
    with told(), store.open_store() as db:
        meetings = store.meetings(db)
        wanted = _wanted(db, who, meetings)
        count = changes.count(db, wanted)
        if not count:
            st.info(NOTHING)
            return
        st.markdown(f"**{FOUND.format(count=count)}**")
        page = page_of(count, PER_PAGE, f"history_page_{wanted}")
        by_id = {meeting.id: meeting for meeting in meetings}
        known: dict[int, Secrecy] = {}
        found = [replace(change, reason=said_to(db, change.meeting or 0, who, change.reason))
                 for change in changes.changes(db, wanted, PER_PAGE, (page - 1) * PER_PAGE)]
        rows = [_entry(change, by_id.get(change.meeting), Secrecy() if sees_all else _secrecy(db, change, known),
                       change.revision.id in broken)
                for change in found]
        st.html(f'<div class="dt-history">{"".join(rows)}</div>')


def _areas(who: Account) -> frozenset[Area]:
    """What of the history an account may read: drafts only who sees drafts, accounts only who keeps them."""
    hidden = frozenset() if who.may(Act.MANAGE) else frozenset({Area.ACCOUNTS})
    return frozenset(Area) - hidden if who.may(Act.SEE_DRAFTS) else frozenset({Area.APPROVAL, Area.ACCOUNTS})


def _wanted(db: Database, who: Account, there: Sequence[Meeting]) -> Wanted:
    """What the fields ask for; the address may name the meeting."""
    areas = _areas(who)
    meetings = {str(meeting.id): f"{meeting.title}, {day(meeting.date)}" for meeting in there}
    named = st.query_params.get("meeting", "")
    left, middle, right = st.columns([2, 2, 3])
    by = left.selectbox(BY, ["", *changes.people(db)], format_func=lambda name: name or EVERYBODY, key="history_by")
    area = middle.selectbox(KIND, ["", *(area for area in AREAS if area in areas)], key="history_kind",
                            format_func=lambda kind: AREAS[Area(kind)] if kind else EVERYTHING)
    options = ["", *meetings]
    meeting = right.selectbox(MEETING, options, index=options.index(named) if named in options else 0,
                              format_func=lambda key: meetings.get(key, ALL_MEETINGS), key="history_meeting")
    question = _question(db, int(meeting), who) if meeting and who.may(Act.SEE_DRAFTS) else None
    return Wanted(areas, by, Area(area) if area else None, int(meeting) if meeting else None, question)


def _question(db: Database, meeting: int, who: Account) -> int | None:
    """One question of a meeting, None for all that happened there."""
    names = {question.id: HIDDEN if hides_question(question, who) else
             QUESTION_NAME.format(number=question.number, summary=shortened(question.summary, SUMMARY_LENGTH))
             for question in questions_of(db, meeting) or ()}
    if not names:
        return None
    return st.selectbox(ONE_QUESTION, [None, *names], format_func=lambda key: names.get(key, ALL_QUESTIONS),
                        key=f"history_question_{meeting}")


def _entry(change: Change, meeting: Meeting | None, keep: Secrecy, is_broken: bool = False) -> str:
    """One change as safe HTML, without what is not for these eyes."""
    revision, hidden = change.revision, keep.covers(change)
    summary = SECRET_SUMMARY if hidden else covered(shortened(change.summary, SUMMARY_LENGTH), keep.words)
    held = f"{meeting.title}, {day(meeting.date)}" if meeting else ""
    number = NUMBER.format(number=revision.id, hash=revision.hash[:12])
    where = " · ".join(filter(None, (moment(revision.at), number, held)))
    rows = [f"<div><b>{escape(revision.by)}</b> {escape(_what(change, summary))}</div>",
            f'<small class="dt-soft">{escape(where)}</small>']
    if change.reason:
        words = INSTEAD_OF if revision.after == MeetingState.APPROVED else REASON
        rows.append(f"<div>{escape(words.format(reason=change.reason))}</div>")
    if hidden:
        rows.append(f'<div class="dt-soft">{SECRET}</div>')
    elif revision.field not in TOLD_ALREADY:
        rows.append(_both(*(covered(text, keep.words) for text in _values(revision, meeting))))
    if is_broken:
        rows.append(f'<div class="dt-broken">{BROKEN_HERE}</div>')
    return f"<article>{''.join(rows)}</article>"


def _what(change: Change, summary: str) -> str:
    """What somebody did, as a sentence whose subject is their name."""
    revision = change.revision
    if revision.record == "utterance":
        return LINE.get(revision.field, OTHER_CHANGE).format(at=clock(change.start or 0.0))
    if revision.record == "approval":
        state, before = revision.after, revision.before
        back = SENT_BACK if before == MeetingState.SIGNED else CORRECTED if before in FROZEN else BEGUN
        return STEPS.get(state, back)
    if revision.record == "meeting":
        return MEETING_FIELDS[revision.field]
    if revision.record == "account":
        return ACCOUNT.format(what=ACCOUNT_FIELDS.get(revision.field, OTHER_CHANGE), summary=summary)
    if revision.record == "follow_up":
        return QUESTION.format(what=FOLLOWED.get(revision.field, OTHER_CHANGE), summary=summary)
    if revision.field == "dropped":
        return (DROPPED if revision.after else RESTORED).format(summary=summary)
    if revision.field == "reviewed":
        return (TICKED if revision.after else UNTICKED).format(summary=summary)
    return QUESTION.format(what=FIELDS.get(revision.field, OTHER_CHANGE), summary=summary)


def _values(revision: Revision, meeting: Meeting | None) -> tuple[str, str]:
    """Before and after in words; as they stand in the file where no program wrote them."""
    try:
        return value(revision.field, revision.before, meeting), value(revision.field, revision.after, meeting)
    except (ValueError, KeyError, TypeError):
        return revision.before, revision.after


def _both(before: str, after: str) -> str:
    """Before and after as safe HTML, the words that only one of them has marked."""
    gone, come = differing(before.split(), after.split(), ("del", "ins"))
    rows = ((BEFORE, gone), (AFTER, come))
    return "".join(f'<div class="dt-changed"><small class="dt-soft">{label}:</small> {words or EMPTY}</div>'
                   for label, words in rows)


def _secrecy(db: Database, change: Change, known: dict[int, Secrecy]) -> Secrecy:
    """What of a transcript is not for everybody, worked out once for each."""
    if change.transcript is None:
        return Secrecy()
    if change.transcript not in known:
        said = as_recognised(db, change.transcript)
        analysis = current_analysis(db, Transcript(change.transcript, change.meeting or 0, None, "", said))
        words = frozenset(secrets(analysis.questions, said)) if analysis else frozenset()
        questions, positions = changes.denounced(db, change.transcript)
        held = withheld_lines(said, analysis) if analysis else set()
        known[change.transcript] = Secrecy(words, questions, positions | held)
    return known[change.transcript]


if __name__ == "__main__":
    show()
