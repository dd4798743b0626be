"""What stands at the head and the foot of every paper: who issues it, where, when, who signs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from models.communes import ABOVE, KIND
from models.communes import named as named_unit
from models.particulars import Particulars
from models.records import Meeting, MeetingState, Person

UNKNOWN = "…"
DRAFT = "DỰ THẢO – CHƯA ĐƯỢC DUYỆT"
CORRECTION = "BẢN ĐÍNH CHÍNH LẦN {number}, thay thế bản đã duyệt {day}; lý do: {reason}"
BLANK_DAY = f"ngày {UNKNOWN} tháng {UNKNOWN} năm {{year}}"
DAY = "ngày {day:02} tháng {month} năm {year}"
BODY, PARTY, BODY_IN_TEXT = "ỦY BAN NHÂN DÂN {unit}", "ĐẢNG ỦY {unit}", "Ủy ban nhân dân {unit}"
PARTY_ABOVE = "ĐẢNG BỘ {unit}"
SIGNS, SIGNS_AS = re.compile(r"^chủ tịch (?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)", re.IGNORECASE), "CHỦ TỊCH"
SIGNS_FOR = re.compile(r"^phó chủ tịch (?:thường trực )?(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)", re.IGNORECASE)
SIGNS_FOR_AS = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
TIME = "{hour} giờ {minute}"
PRESENT = "{count} người tham dự; {rest}"

_FIRST_WORD = re.compile(r"^(?:Hội nghị|Đối thoại|Buổi|Cuộc)")


def head(meeting: Meeting) -> dict[str, Any]:
    """The fields that every template may use."""
    unit, name = _unit(meeting)
    return {
        "du_thao": "\n".join(filter(None, (_draft(meeting), meeting.correction))),
        "co_quan": BODY.format(unit=_together(unit.upper())),
        "ten_co_quan": BODY_IN_TEXT.format(unit=unit),
        "co_quan_dang": PARTY.format(unit=_together(unit.upper())),
        "cap_tren_dang": PARTY_ABOVE.format(unit=_above(meeting)),
        "don_vi": unit[:1].upper() + unit[1:],
        "dia_danh": name,
        "nam": meeting.date[:4],
        "ngay_ky": _together(BLANK_DAY.format(year=meeting.date[:4])),
        "ten_hoi_nghi": meeting.title,
        "ten_trong_cau": _FIRST_WORD.sub(lambda found: found[0][0].lower() + found[0][1:], meeting.title),
        "ngay": day_in_words(meeting.date),
        "ngay_hoa": day_in_words(meeting.date).capitalize(),
        "dia_diem": meeting.place,
        "chu_tri": who(meeting, "chair", "chủ trì"),
        "thu_ky": who(meeting, "secretary", "thư ký"),
        "nguoi_ky": signer(meeting, ""),
    }


def signers(meeting: Meeting) -> list[Person]:
    """Who may sign for the people's committee: its chair, then the deputies."""
    return [person for pattern in (SIGNS, SIGNS_FOR) for person in meeting.officials if pattern.match(person.title)]


def signer(meeting: Meeting, name: str) -> dict[str, str]:
    """The one of this name, else the first who may; a deputy signs for the chair («KT. CHỦ TỊCH», Phụ lục I, II.7)."""
    may = signers(meeting)
    for person in [*(p for p in may if p.name == name), *may]:
        return {"ten": person.name, "chuc_danh": SIGNS_AS if SIGNS.match(person.title) else SIGNS_FOR_AS}
    return {"ten": UNKNOWN, "chuc_danh": SIGNS_AS}


def filled_in(fields: dict[str, Any], meeting: Meeting, filled: Particulars) -> dict[str, Any]:
    """The fields of a paper with what the clerk filled in instead of what was heard or left open."""
    known: dict[str, Any] = {"nguoi_ky": signer(meeting, filled.signer)}
    if filled.number:
        number = filled.number.zfill(2)  # «a zero before numbers under 10», Phụ lục I, II.3
        known |= {"so": f"{number}/BB-UBND", "so_dang": number}
    if filled.began:
        known["gio_bat_dau"] = time_in_words(filled.began)
    if filled.ended:
        known["gio_ket_thuc"] = time_in_words(filled.ended)
    if filled.present and "nhan_dan" in fields:
        known["nhan_dan"] = PRESENT.format(count=filled.present, rest=fields["nhan_dan"])
    return fields | known


def time_in_words(clock: str) -> str:
    """«08 giờ 05» for 08:05."""
    hour, minute = clock.split(":")
    return TIME.format(hour=hour, minute=minute)


def correction(number: int, approved: date, reason: str) -> str:
    """What papers say that take the place of approved ones. It stands with the word «dự thảo», for which every
    template has a place, the clerk's own ones too."""
    return CORRECTION.format(number=number, day=day_in_words(approved.isoformat()), reason=reason.rstrip(". "))


def _draft(meeting: Meeting) -> str:
    return "" if meeting.state in (MeetingState.APPROVED, MeetingState.PUBLISHED) else DRAFT


def who(meeting: Meeting, role: str, words: str) -> dict[str, str]:
    """The official with this role, or the one whose title says so in words."""
    for person in meeting.officials:
        if person.role == role or (not person.role and words in person.title.lower()):
            return named(person)
    return {"ten": UNKNOWN, "chuc_vu": ""}


def named(person: Person) -> dict[str, str]:
    """A person with the title as it stands in papers, without a remark such as «(chủ trì)»."""
    return {"ten": person.name, "chuc_vu": re.sub(r"\s*\([^)]*\)\s*$", "", person.title)}


def day_in_words(iso: str) -> str:
    """«ngày 05 tháng 01 năm 2026»: a zero before days under 10 and months 1 and 2 (Phụ lục I, mục II.4)."""
    day = date.fromisoformat(iso)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return DAY.format(day=day.day, month=month, year=day.year)


def _unit(meeting: Meeting) -> tuple[str, str]:
    """The commune that the title or the place names («xã Thanh Bình», «Thanh Bình»), else left to the clerk."""
    found = named_unit(KIND, meeting.title, meeting.place)
    kind = KIND.match(found)
    return (found, found[kind.end():]) if kind else (UNKNOWN, UNKNOWN)


def _above(meeting: Meeting) -> str:
    """The province or city that the title or the place names, else left to the clerk."""
    return _together(named_unit(ABOVE, meeting.title, meeting.place).upper()) or UNKNOWN


def _together(name: str) -> str:
    """A name that a line is broken before, never within."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")
