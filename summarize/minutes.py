"""The draft minutes (biên bản) as a Word file.

The form is Mẫu 1.9 of Nghị định 30/2020/NĐ-CP, Phụ lục III; sizes and margins follow its Phụ lục
I. All of that stands in the template, which a clerk may edit in Word; here only the fields are
filled. Everything that was said stands in the appendix, so that nothing falls out of the paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.formats import clock
from models.records import Analysis, Course, Meeting, Note, NoteKind, Place, Question, Status, Utterance
from summarize.cues import NUMBER
from summarize.dates import number
from summarize.flat import flatten
from summarize.heads import TIME, UNKNOWN, head, named
from summarize.masking import SOMEONE, UNNAMED, WITHHELD_LINE, is_withheld, without_denunciations

# What the paper says by itself; the rest stands in the template.
STATUS = {
    Status.ANSWERED: "Đã trả lời tại hội nghị",
    Status.PROMISED: "Ghi nhận, chưa trả lời",
    Status.WRITTEN: "Trả lời bằng văn bản",
    Status.ESCALATED: "Kiến nghị cấp trên",
    Status.UNANSWERED: "Chưa được trả lời",
}
WITHHELD = ("Có {count} nội dung được giữ bí mật theo quy định của pháp luật về tố cáo, được xử lý riêng và không nêu "
            "trong văn bản này.")
NOT_ANSWERED = "Chưa có câu trả lời tại hội nghị."
OUTSIDE = "Ý kiến ngoài chủ đề đã công bố"
PRIVATE = "(Có nội dung cần giữ bí mật: không đưa vào bản công bố.)"
CITIZENS = "{count} lượt người dân phát biểu ý kiến, {questions} nội dung hỏi, kiến nghị"

MINUTES, SECONDS = "{minutes} phút", "{seconds} giây"
NOTED = "Ghi chú của máy ghi âm"
INTERRUPTIONS = {
    NoteKind.PAUSE: "Tạm dừng ghi âm {lasted}, từ {time}.",
    NoteKind.GAP: "Mất tiếng {lasted}, từ {time}.",
    NoteKind.BREAK: "Không ghi được {lasted}, từ {time}.",
}
SHORTEST_TOLD = 1.0
"""Seconds of missing sound below which the paper does not speak of it."""

_LABEL = re.compile(UNNAMED)
_END = re.compile(rf"(?<!\S)kết thúc (?:vào |lúc |hồi )+(?:(\d{{1,2}})h(\d{{2}})?|({NUMBER}) giờ(?: ({NUMBER}))?)"
                  r"(?!\S)")
_HALF_PAST = "rưỡi"


def minutes_fields(meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis,
                   course: Course | None = None) -> dict[str, Any]:
    """Everything a template may use, by the Vietnamese names that stand in it; denunciations are only counted.

    `course` tells how a live recording went.
    """
    course, withheld = course or Course(), withheld_count(analysis.questions)
    there = CITIZENS.format(count=citizens(utterances, analysis), questions=len(analysis.questions))
    utterances, analysis = without_denunciations(utterances, analysis)
    names = speaker_names(utterances, analysis)
    numbered = [question_row(question) for question in analysis.questions]
    return head(meeting) | {
        "co_quan_chu_quan": "",
        "so": f"{UNKNOWN}/BB-UBND",
        "so_dang": UNKNOWN,
        "dai_bieu": [named(person) for person in meeting.officials],
        "nhan_dan": there,
        "chu_de": [topic.name for topic in meeting.topics],
        "nhom": groups(meeting, analysis.questions, numbered),
        "giu_kin": withheld,
        "con_no": [row for row, question in zip(numbered, analysis.questions, strict=True)
                   if question.status is not Status.ANSWERED],
        "ket_luan": [u.text for u, place in zip(utterances, analysis.places, strict=True) if place is Place.CLOSING],
        "gio_bat_dau": _hour(course.began),
        "gio_ket_thuc": _end(utterances) or _hour(course.ended),
        "dien_bien": _proceedings(utterances, names, course),
    }


def speaker_names(utterances: Sequence[Utterance], analysis: Analysis) -> dict[str, str]:
    """Who the anonymous speakers are, as far as questions and answers tell: the name heard most often."""
    heard: dict[str, Counter[str]] = {}
    for question in analysis.questions:
        said = [] if "read_out" in question.flags else [(span.utterance, question.asker) for span in question.spans]
        said += [(position, question.answer.answered_by) for position in question.answer.utterances]
        for position, name in said:
            if name:
                heard.setdefault(utterances[position].speaker, Counter())[name] += 1
    return {speaker: f"{speaker} ({counts.most_common(1)[0][0]})" for speaker, counts in heard.items()
            if counts.most_common(1)[0][0] != speaker}


def groups(meeting: Meeting, questions: Sequence[Question], rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The questions under the announced topics in their order, those outside them last."""
    names: dict[str | None, str] = {topic.id: topic.name for topic in meeting.topics}
    names[None] = OUTSIDE
    found: list[dict[str, Any]] = []
    asked_and_rows = list(zip(questions, rows, strict=True))
    for topic, name in names.items():
        asked = [row for question, row in asked_and_rows if _known(question, names) == topic]
        if asked:
            found.append({"so": str(len(found) + 1), "ten": name, "cau_hoi": asked})
    return found


def withheld_count(questions: Sequence[Question]) -> str:
    """The one line that counts what is withheld as a whole; empty when nothing is."""
    count = sum(map(is_withheld, questions))
    return WITHHELD.format(count=f"{count:02}") if count else ""


def _known(question: Question, names: Mapping[str | None, str]) -> str | None:
    return question.topic if question.topic in names else None


def asker_of(question: Question) -> str:
    """Name and address of who asked, as papers say it."""
    return ", ".join(part for part in (question.asker or SOMEONE, question.address) if part)


def question_row(question: Question) -> dict[str, str]:
    """One question by the names that stand in templates."""
    return {
        "so": str(question.number),
        "nguoi_hoi": asker_of(question),
        "tom_tat": question.summary,
        "noi_dung": question.text,
        "tra_loi": question.answer.text or NOT_ANSWERED,
        "nguoi_tra_loi": answerer(question),
        "tinh_trang": STATUS[question.status],
        "co_quan": question.answer.agency,
        "thoi_han": question.answer.deadline,
        "mat": PRIVATE if "private" in question.flags else "",
    }


def answerer(question: Question) -> str:
    """Who answered; nothing for a speaker whom only the machine's label names."""
    return "" if _LABEL.fullmatch(question.answer.answered_by) else question.answer.answered_by


def citizens(utterances: Sequence[Utterance], analysis: Analysis) -> int:
    """How many people put the questions."""
    return len({utterances[span.utterance].speaker for question in analysis.questions for span in question.spans})


def _proceedings(utterances: Sequence[Utterance], names: Mapping[str, str], course: Course) -> list[dict[str, str]]:
    """All that was said, in order, and where nothing was recorded."""
    said = [(u.start, names.get(u.speaker, u.speaker), u.text) for i, u in enumerate(utterances)
            if u.text != WITHHELD_LINE or i == 0 or utterances[i - 1].text != WITHHELD_LINE]
    missing = [(note.position, NOTED, interruption(note)) for note in course.notes
               if note.kind is not NoteKind.MARK and note.seconds >= SHORTEST_TOLD]
    return [{"luc": clock(at), "nguoi_noi": who, "loi": words}
            for at, who, words in sorted([*missing, *said], key=lambda row: row[0])]


def interruption(note: Note) -> str:
    """What is said of a stretch in which nothing was recorded."""
    minutes, seconds = divmod(round(note.seconds), 60)
    lasted = MINUTES.format(minutes=minutes) if minutes else SECONDS.format(seconds=seconds)
    return INTERRUPTIONS[note.kind].format(time=_hour(note.at), lasted=lasted)


def _end(utterances: Sequence[Utterance]) -> str:
    """When the meeting ended, if that was said at the end of it."""
    for utterance in utterances[-3:][::-1]:
        if found := _END.search(flatten(utterance.text).text):
            minute = 30 if found[4] == _HALF_PAST else number(found[2] or found[4] or "0")
            hour = number(found[1] or found[3])
            if hour is not None and minute is not None and hour < 24 and minute < 60:
                return TIME.format(hour=f"{hour:02}", minute=f"{minute:02}")
    return ""


def _hour(iso: str) -> str:
    """«08 giờ 05»; left to the clerk when it is not known."""
    if not iso:
        return TIME.format(hour=UNKNOWN, minute=UNKNOWN)
    at = datetime.fromisoformat(iso)
    return TIME.format(hour=f"{at.hour:02}", minute=f"{at.minute:02}")
