"""The draft minutes (biên bản) as a Word file.

The form is Mẫu 1.9 of Nghị định 30/2020/NĐ-CP, Phụ lục III; sizes and margins follow its Phụ lục
I. All of that stands in the template, which a clerk may edit in Word; here only the fields are
filled. Everything that was said stands in the appendix, so that nothing falls out of the paper.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import docx.opc.exceptions
import jinja2
import jinja2.sandbox
from docxtpl import DocxTemplate

from models.errors import BadTemplate
from models.formats import clock
from models.records import Analysis, Meeting, Person, Place, Question, Status, Utterance

TEMPLATE = "bien_ban.docx"

# What the paper says by itself; the rest stands in the template.
STATUS = {
    Status.ANSWERED: "Đã trả lời tại hội nghị",
    Status.PROMISED: "Ghi nhận, chưa trả lời",
    Status.WRITTEN: "Trả lời bằng văn bản",
    Status.ESCALATED: "Kiến nghị cấp trên",
    Status.UNANSWERED: "Chưa được trả lời",
}
DRAFT = "DỰ THẢO – CHƯA ĐƯỢC DUYỆT"
UNKNOWN = "…"
SOMEONE = "Một người dân"
NOT_ANSWERED = "Chưa có câu trả lời tại hội nghị."
OUTSIDE = "Ý kiến ngoài chủ đề đã công bố"
PRIVATE = "(Có nội dung cần giữ bí mật: không đưa vào bản công bố.)"
CITIZENS = "{count} lượt người dân phát biểu ý kiến, {questions} nội dung hỏi, kiến nghị"
DAY = "ngày {day:02} tháng {month} năm {year}"

BODY = "ỦY BAN NHÂN DÂN {unit}"
TIME = "{hour} giờ {minute}"

_UNIT = re.compile(r"\b(?:xã|phường|thị trấn|đặc khu)\s+[^\W\d_][^,;(–-]*", re.IGNORECASE)
_END = re.compile(r"kết thúc (?:vào |lúc |hồi )+(\d{1,2}) giờ(?: (\d{1,2}))?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draft_minutes(meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis, to: Path,
                  template: Path | None = None) -> None:
    """Writes the draft minutes to `to`; what stood there stays until the new file is whole.

    Raises BadTemplate (not_docx, unknown_field, broken_field) for a template that cannot be filled.
    """
    fields = _clean(minutes_fields(meeting, utterances, analysis))
    if template is not None:
        _write(template, fields, to)
        return
    with resources.as_file(resources.files("summarize.templates") / TEMPLATE) as built_in:
        _write(built_in, fields, to)


def minutes_fields(meeting: Meeting, utterances: Sequence[Utterance], analysis: Analysis) -> dict[str, Any]:
    """Everything a template may use, by the Vietnamese names that stand in it."""
    names = speaker_names(utterances, analysis)
    numbered = [_question(question) for question in analysis.questions]
    return {
        "du_thao": DRAFT,
        "co_quan_chu_quan": "",
        "co_quan": _body(meeting),
        "so": f"{UNKNOWN}/BB-{UNKNOWN}",
        "ten_hoi_nghi": meeting.title,
        "ngay": _day(meeting.date),
        "dia_diem": meeting.place,
        "dai_bieu": [_named(person) for person in meeting.officials],
        "nhan_dan": CITIZENS.format(count=_citizens(utterances, analysis), questions=len(analysis.questions)),
        "chu_tri": _who(meeting, "chair", "chủ trì"),
        "thu_ky": _who(meeting, "secretary", "thư ký"),
        "chu_de": [topic.name for topic in meeting.topics],
        "nhom": _groups(meeting, analysis, numbered),
        "con_no": [row for row, question in zip(numbered, analysis.questions, strict=True)
                   if question.status is not Status.ANSWERED],
        "ket_luan": [u.text for u, place in zip(utterances, analysis.places, strict=True) if place is Place.CLOSING],
        "gio_ket_thuc": _end(utterances),
        "dien_bien": [{"luc": clock(u.start), "nguoi_noi": names.get(u.speaker, u.speaker), "loi": u.text}
                      for u in utterances],
    }


def speaker_names(utterances: Sequence[Utterance], analysis: Analysis) -> dict[str, str]:
    """Who the anonymous speakers are, as far as questions and answers tell: the name heard most often."""
    heard: dict[str, Counter[str]] = {}
    for question in analysis.questions:
        said = [(span.utterance, question.asker) for span in question.spans]
        said += [(position, question.answer.answered_by) for position in question.answer.utterances]
        for position, name in said:
            if name:
                heard.setdefault(utterances[position].speaker, Counter())[name] += 1
    return {speaker: f"{speaker} ({counts.most_common(1)[0][0]})" for speaker, counts in heard.items()
            if counts.most_common(1)[0][0] != speaker}


def _groups(meeting: Meeting, analysis: Analysis, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The questions under the announced topics in their order, those outside them last."""
    names: dict[str | None, str] = {topic.id: topic.name for topic in meeting.topics}
    names[None] = OUTSIDE
    groups: list[dict[str, Any]] = []
    asked_and_rows = list(zip(analysis.questions, rows, strict=True))
    for topic, name in names.items():
        asked = [row for question, row in asked_and_rows if _known(question, names) == topic]
        if asked:
            groups.append({"so": str(len(groups) + 1), "ten": name, "cau_hoi": asked})
    return groups


def _known(question: Question, names: Mapping[str | None, str]) -> str | None:
    return question.topic if question.topic in names else None


def _question(question: Question) -> dict[str, str]:
    asker = ", ".join(part for part in (question.asker or SOMEONE, question.address) if part)
    return {
        "so": str(question.number),
        "nguoi_hoi": asker,
        "tom_tat": question.summary,
        "noi_dung": question.text,
        "tra_loi": question.answer.text or NOT_ANSWERED,
        "nguoi_tra_loi": question.answer.answered_by,
        "tinh_trang": STATUS[question.status],
        "co_quan": question.answer.agency,
        "thoi_han": question.answer.deadline,
        "mat": PRIVATE if "private" in question.flags else "",
    }


def _citizens(utterances: Sequence[Utterance], analysis: Analysis) -> int:
    """How many people put the questions."""
    return len({utterances[span.utterance].speaker for question in analysis.questions for span in question.spans})


def _who(meeting: Meeting, role: str, words: str) -> dict[str, str]:
    """The official with this role, or the one whose title says so in words."""
    for person in meeting.officials:
        if person.role == role or (not person.role and words in person.title.lower()):
            return _named(person)
    return {"ten": UNKNOWN, "chuc_vu": ""}


def _named(person: Person) -> dict[str, str]:
    """A person with the title as it stands in papers, without a remark such as «(chủ trì)»."""
    return {"ten": person.name, "chuc_vu": re.sub(r"\s*\([^)]*\)\s*$", "", person.title)}


def _body(meeting: Meeting) -> str:
    """The People's Committee of the commune that the title or the place names, else left to the clerk."""
    found = _UNIT.search(meeting.title) or _UNIT.search(meeting.place)
    return BODY.format(unit=" ".join(found[0].split()).upper()) if found else UNKNOWN


def _end(utterances: Sequence[Utterance]) -> str:
    """When the meeting ended, if that was said at the end of it, else left to the clerk."""
    for utterance in utterances[-3:][::-1]:
        if found := _END.search(utterance.text):
            return TIME.format(hour=found[1], minute=found[2] or "00")
    return TIME.format(hour=UNKNOWN, minute=UNKNOWN)


def _day(iso: str) -> str:
    """«ngày 05 tháng 01 năm 2026»: a zero before days under 10 and months 1 and 2 (Phụ lục I, mục II.4)."""
    day = date.fromisoformat(iso)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return DAY.format(day=day.day, month=month, year=day.year)


def _clean(value: Any) -> Any:
    """The same fields without the control signs that XML cannot hold."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def _write(template: Path, fields: dict[str, Any], to: Path) -> None:
    """Fills the template under another name first."""
    environment = jinja2.sandbox.SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True)
    temporary = to.with_name(f".{to.name}.part")
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        paper = DocxTemplate(str(template))
        paper.render(fields, environment)
        paper.save(str(temporary))
    except (docx.opc.exceptions.PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadTemplate(template, "not_docx") from error
    except jinja2.UndefinedError as error:
        raise BadTemplate(template, "unknown_field", _quoted(str(error))) from error
    except jinja2.TemplateError as error:
        raise BadTemplate(template, "broken_field", str(error)) from error
    else:
        temporary.replace(to)
    finally:
        temporary.unlink(missing_ok=True)


def _quoted(message: str) -> str:
    """The name in quotes in jinja's message, the last one: "'x' is undefined", "… has no attribute 'x'"."""
    found = re.findall(r"'([^']+)'", message)
    return found[-1] if found else message
