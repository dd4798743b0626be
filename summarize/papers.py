"""The papers that a dialogue owes beside its minutes: what stands in their fields.

What may be told is decided in `summarize.masking` alone. What a person said is quoted
letter for letter (masked), never put into other words; what nobody said is left to the clerk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.follow_up import Promise
from models.particulars import Particulars
from models.records import Analysis, Course, Meeting, Place, Question, Status, Utterance
from summarize.heads import UNKNOWN, head
from summarize.masking import Veil, is_withheld, masked, told, veil
from summarize.minutes import STATUS, answerer, asker_of, citizens, groups, question_row, withheld_count
from summarize.sheets import Sheet, Value

COUNTS = ("Hội nghị đã tiếp nhận {all} ý kiến, kiến nghị của {people} lượt người dân; trả lời tại hội nghị {answered} "
          "ý kiến; còn {left} ý kiến tiếp tục giải quyết.")
ANSWERED_LATER = "Đã trả lời{when}{document}{answer}"
WHEN, DOCUMENT = " ngày {day}", " tại văn bản {document}"
TO_BE_WRITTEN = "…………"
DEAR, DEAR_SOMEONE = "Ông (Bà) {name}{address}", "Ông (Bà) …………{address}"
FOLLOWED = "Tổng số {all} nội dung: {answered} đã trả lời, {overdue} quá hạn, {left} còn trong hạn hoặc chưa đặt hạn."
LEFT, TODAY, OVERDUE = "Còn {days} ngày", "Hôm nay là hạn cuối", "QUÁ HẠN {days} ngày"
NO_TERM, DONE = "Chưa đặt thời hạn", "Đã trả lời"
SUMMARY_TITLE, FOLLOW_UP_TITLE = "BẢNG TỔNG HỢP Ý KIẾN, KIẾN NGHỊ VÀ NỘI DUNG TRẢ LỜI", "DANH SÁCH THEO DÕI VIỆC ĐÃ HỨA"
SUMMARY_COLUMNS = (("Số", 6), ("Chủ đề", 22), ("Người có ý kiến", 22), ("Nội dung ý kiến, kiến nghị", 48),
                   ("Nội dung trả lời", 52), ("Người trả lời", 20), ("Kết quả", 20), ("Cơ quan giải quyết", 22),
                   ("Thời hạn", 18), ("Trả lời sau hội nghị", 32))
FOLLOW_UP_COLUMNS = (("Số", 6), ("Hội nghị", 30), ("Ngày họp", 12), ("Nội dung", 48), ("Người có ý kiến", 22),
                     ("Kết quả tại hội nghị", 20), ("Cơ quan giải quyết", 22), ("Hạn cuối", 12),
                     ("Số ngày còn lại", 10), ("Tình hình", 20), ("Trả lời", 36), ("Văn bản", 20))
AS_OF = "{title} (tính đến {day})"


@dataclass(frozen=True)
class Dossier:
    """All that the papers of one meeting draw from, on the day they are written."""

    meeting: Meeting
    utterances: Sequence[Utterance]
    analysis: Analysis
    promises: Sequence[Promise]
    today: date
    course: Course = field(default_factory=Course)
    filled: Particulars = field(default_factory=Particulars)

    @property
    def told(self) -> list[Question]:
        """The questions that may be told of, without private data, names kept."""
        return told(self.analysis.questions, self.utterances)

    @property
    def published(self) -> list[Question]:
        """The same for everybody to read, without the names of those who spoke of private things."""
        return told(self.analysis.questions, self.utterances, published=True)

    def veil(self, published: bool = False) -> Veil:
        """What hides the private words of this meeting in other texts about it."""
        return veil(self.analysis.questions, self.utterances, published)

    def promise(self, question: Question) -> Promise | None:
        return next((p for p in self.promises if p.question.id == question.id), None)


def summary_fields(dossier: Dossier) -> dict[str, Any]:
    """Bảng tổng hợp ý kiến, kiến nghị và trả lời."""
    return _common(dossier) | {"nhom": _groups(dossier, dossier.told, dossier.veil())}


def summary_sheet(dossier: Dossier) -> Sheet:
    """The same for Excel, one row for each question."""
    topics = {topic.id: topic.name for topic in dossier.meeting.topics}
    rows: list[list[Value]] = []
    over = dossier.veil()
    for question in dossier.told:
        row = _row(dossier, question, over)
        rows.append([question.number, topics.get(question.topic or "", ""), row["nguoi_hoi"], row["noi_dung"],
                     row["tra_loi"], row["nguoi_tra_loi"], row["tinh_trang"], row["co_quan"], row["thoi_han"],
                     row["tra_loi_sau"]])
    remark = f"{dossier.meeting.title}, {_day(date.fromisoformat(dossier.meeting.date))}"
    withheld = withheld_count(dossier.analysis.questions)
    return Sheet(SUMMARY_TITLE, f"{remark}. {withheld}" if withheld else remark, SUMMARY_COLUMNS, rows)


def conclusion_fields(dossier: Dossier) -> dict[str, Any]:
    """Thông báo kết luận: the chair's closing words as said, and who has to do what until when."""
    return _common(dossier) | {"ket_luan": _closing(dossier), "con_no": _owed(dossier, dossier.told, dossier.veil())}


def reply_fields(dossier: Dossier, number: int | None = None) -> dict[str, Any]:
    """Công văn trả lời: one letter for each question that is to be answered in writing, or for one of them."""
    wanted = [q for q in dossier.analysis.questions if q.status is Status.WRITTEN and not is_withheld(q)
              and number in (None, q.number)]
    return _common(dossier) | {"thu_tra_loi": [_letter(dossier, question) for question in wanted]}


def petition_fields(dossier: Dossier) -> dict[str, Any]:
    """Công văn kiến nghị cấp trên, to the bodies that a person named; none is guessed."""
    passed_on, over = [q for q in dossier.told if q.status is Status.ESCALATED], dossier.veil()
    promised = filter(None, map(dossier.promise, passed_on))
    to = list(dict.fromkeys(p.agency for p in promised if p.agency and "agency" in p.versions))
    return _common(dossier) | {
        "noi_gui": to or [TO_BE_WRITTEN], "so_kien_nghi": f"{len(passed_on):02}",
        "kien_nghi": [_row(dossier, question, over) | _said_there(question) for question in passed_on]}


def public_fields(dossier: Dossier) -> dict[str, Any]:
    """Bản công bố: what everybody may read."""
    shown = dossier.published
    over = dossier.veil(published=True)
    return _common(dossier) | {"nhom": _groups(dossier, shown, over), "con_no": _owed(dossier, shown, over)}


def follow_up_fields(promises: Sequence[Promise], head_of: Meeting, today: date) -> dict[str, Any]:
    """Danh sách theo dõi of promises whose private words are masked, in the order given.

    `head_of` is the meeting whose commune issues it.
    """
    shown = [promise for promise in promises if not is_withheld(promise.question)]
    answered = sum(promise.is_answered for promise in shown)
    overdue = sum((promise.days_left(today) or 0) < 0 and not promise.is_answered for promise in shown)
    return head(head_of) | {
        "hom_nay": _day(today), "giu_kin": withheld_count([promise.question for promise in promises]),
        "theo_doi": [_followed(promise, today) for promise in shown],
        "tong_theo_doi": FOLLOWED.format(all=len(shown), answered=answered, overdue=overdue,
                                         left=len(shown) - answered - overdue)}


def follow_up_sheet(promises: Sequence[Promise], today: date) -> Sheet:
    """The same for Excel."""
    rows: list[list[Value]] = []
    for promise in promises:
        if is_withheld(promise.question):
            continue
        left = None if promise.is_answered else promise.days_left(today)
        rows.append([len(rows) + 1, promise.meeting.title, date.fromisoformat(promise.meeting.date),
                     promise.question.summary, asker_of(promise.question), STATUS[promise.question.status],
                     promise.agency, promise.due, left, standing(promise, today), promise.answer,
                     promise.document])
    return Sheet(AS_OF.format(title=FOLLOW_UP_TITLE, day=_day(today)),
                 withheld_count([promise.question for promise in promises]), FOLLOW_UP_COLUMNS, rows)


def standing(promise: Promise, today: date) -> str:
    """How a promise stands, in words: «Còn 5 ngày», «QUÁ HẠN 3 ngày», …"""
    left = promise.days_left(today)
    if promise.is_answered:
        return DONE
    if left is None:
        return NO_TERM
    return OVERDUE.format(days=-left) if left < 0 else LEFT.format(days=left) if left else TODAY


def _common(dossier: Dossier) -> dict[str, Any]:
    questions = dossier.analysis.questions
    answered = sum(q.status is Status.ANSWERED for q in questions)
    counts = COUNTS.format(all=len(questions), people=citizens(dossier.utterances, dossier.analysis),
                           answered=answered, left=len(questions) - answered)
    return head(dossier.meeting) | {"tong_hop": counts, "giu_kin": withheld_count(questions)}


def _groups(dossier: Dossier, questions: Sequence[Question], over: Veil) -> list[dict[str, Any]]:
    return groups(dossier.meeting, questions, [_row(dossier, question, over) for question in questions])


def _row(dossier: Dossier, question: Question, over: Veil) -> dict[str, str]:
    """A question with what was recorded about it since the meeting."""
    row, promise = question_row(question), dossier.promise(question)
    row["tra_loi_sau"] = ""
    if promise:
        row["co_quan"] = over(promise.agency)
        row["thoi_han"] = over(_term(promise))
        row["tra_loi_sau"] = over(_later(promise))
    return row


def _owed(dossier: Dossier, questions: Sequence[Question], over: Veil) -> list[dict[str, str]]:
    """The questions still without an answer."""
    return [row for question in questions if question.status is not Status.ANSWERED
            and not (row := _row(dossier, question, over))["tra_loi_sau"]]


def _closing(dossier: Dossier) -> list[str]:
    """What the chair said at the end; left to the clerk where it might touch on something withheld."""
    questions = dossier.analysis.questions
    if any(map(is_withheld, questions)):
        return []
    over = dossier.veil(published=True)
    return [over(u.text) for u, place in zip(dossier.utterances, dossier.analysis.places, strict=True)
            if place is Place.CLOSING]


def _letter(dossier: Dossier, question: Question) -> dict[str, str]:
    """A letter to the asker, named in full; what it quotes passes through other hands and is masked."""
    promise, shown = dossier.promise(question), masked(question, dossier.utterances, dossier.veil())
    address = f", {question.address}" if question.address else ""
    dear = (DEAR if question.asker else DEAR_SOMEONE).format(name=question.asker, address=address)
    later = promise.answer if promise else ""
    return {"nguoi_nhan": dear, "noi_dung": shown.text, "tra_loi": later or TO_BE_WRITTEN, **_said_there(shown)}


def _said_there(question: Question) -> dict[str, str]:
    return {"tra_loi_tai_cho": question.answer.text, "nguoi_tra_loi": answerer(question) or "chủ trì"}


def _followed(promise: Promise, today: date) -> dict[str, str]:
    state = _later(promise) or standing(promise, today)
    return {"hoi_nghi": f"{promise.meeting.title}, {_day(date.fromisoformat(promise.meeting.date))}",
            "tom_tat": promise.question.summary, "nguoi_hoi": asker_of(promise.question),
            "co_quan": promise.agency or UNKNOWN, "thoi_han": _term(promise) or UNKNOWN, "tinh_hinh": state}


def _term(promise: Promise) -> str:
    """The last day; where none is known, the words that were said."""
    return _day(promise.due) if promise.due else promise.question.answer.deadline


def _later(promise: Promise) -> str:
    """«Đã trả lời ngày 30/09/2026 tại văn bản 12/UBND-VP: …»"""
    if not promise.is_answered:
        return ""
    return ANSWERED_LATER.format(
        when=WHEN.format(day=_day(promise.answered_on)) if promise.answered_on else "",
        document=DOCUMENT.format(document=promise.document) if promise.document else "",
        answer=f": {promise.answer}" if promise.answer else ".")


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
