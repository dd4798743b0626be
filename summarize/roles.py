"""Who is who among the speakers: chair, secretary, officials, citizens.

Speakers may be anonymous (S1, S2, …). What decides, from strong to weak: the speaker's label is
an official's name; they introduce themselves; the chair calls the next to speak by name or
hamlet; the way they talk.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.records import Meeting, Person
from summarize.cues import count, cue, says, words
from summarize.flat import Flat, flatten
from summarize.introductions import find_address, find_name, given_name, invited
from summarize.turns import Turn


class Role(StrEnum):
    CHAIR = "chair"
    SECRETARY = "secretary"
    OFFICIAL = "official"
    CITIZEN = "citizen"


LEADS = (Role.CHAIR, Role.SECRETARY)
CALLED_OFFICIAL = 3.0
CALLED_CITIZEN = 2.0
SHORTEST_CALL = 6  # words at most in which a bare name calls somebody («Chị Trang nhé»)
OPENING_WORDS = 30
CALLS = re.compile(r"(?<!\S)(?:mời|nhờ|giao|cảm|cám|đề nghị)(?!\S)")
CALLED_WITHIN = 5  # words: «mời anh Thái, Chủ tịch» does not make the speaker Mr Thái
ONESELF = "(?:tôi|em|con|tui|cháu)"
TITLES = "(?:anh|chị|cô|chú|bác|ông|bà)"


@dataclass(frozen=True)
class Speaker:
    """One voice of the meeting; `person` is the official it belongs to, if it does."""

    label: str
    role: Role
    name: str = ""
    address: str = ""
    person: Person | None = None
    name_from: str = "introduced"
    """Where the name comes from: "introduced" or, by the chair, "invited"."""


def speakers(spoken: Sequence[Turn], flats: Sequence[Flat], meeting: Meeting,
             citizens: Collection[str] = ()) -> dict[str, Speaker]:
    """Every speaker of the transcript by label; one flat text for each turn.

    `citizens` are labels that a person has said to be citizens, however they talk.
    """
    said: dict[str, list[Flat]] = defaultdict(list)
    for turn, flat in zip(spoken, flats, strict=True):
        said[turn.speaker].append(flat)
    called = _calls(spoken, flats, meeting)
    others = {label: texts for label, texts in said.items() if label not in citizens}
    people = {label: _who(label, texts, called[label], meeting) for label, texts in others.items()}
    chair = _lead(Role.CHAIR, "directs", others, people, taken=None)
    secretary = _lead(Role.SECRETARY, "secretary", others, people, taken=chair)
    for label, role in ((chair, Role.CHAIR), (secretary, Role.SECRETARY)):
        if label is not None and people[label] is None:
            people[label] = _only_one(role, meeting, people)
    found = {}
    for label, texts in said.items():
        role = (Role.CHAIR if label == chair else Role.SECRETARY if label == secretary
                else Role.CITIZEN if label in citizens else _role(texts, called[label], people[label]))
        found[label] = _speaker(label, role, texts, people.get(label), called[label].invitation)
    return found


def role_of(person: Person) -> Role:
    """The role of an official, given or read out of the title («(chủ trì)», «(thư ký)»)."""
    for role, signs in ((Role.CHAIR, "chủ trì|chủ tọa|chủ toạ"), (Role.SECRETARY, "thư ký|ghi biên bản")):
        if person.role == role or re.search(signs, person.title.lower()):
            return role
    return Role.OFFICIAL


def _only_one(role: Role, meeting: Meeting, people: Mapping[str, Person | None]) -> Person | None:
    """The official entered with this role, if nobody else turned out to be them."""
    entered = [person for person in meeting.officials if role_of(person) == role]
    return entered[0] if len(entered) == 1 and entered[0] not in people.values() else None


@dataclass
class Calls:
    """How often somebody was called before this speaker spoke: as a citizen, or as which official."""

    citizen: int = 0
    official: int = 0
    person: Person | None = None
    invitation: str = ""
    """The words with which a citizen was called first."""


def _calls(spoken: Sequence[Turn], flats: Sequence[Flat], meeting: Meeting) -> Mapping[str, Calls]:
    called: dict[str, Calls] = defaultdict(Calls)
    for flat, following in zip(flats, spoken[1:], strict=False):
        if (at := flat.text.rfind("mời ")) < 0:
            at = 0
            if len(flat.words) > SHORTEST_CALL or says("thanked", flat.text) or not _named(flat.text, meeting):
                continue
        call, calls = flat.text[at:], called[following.speaker]
        calls.invitation = calls.invitation or flat.original[flat.words[flat.at(at)].start:]
        person = _named(call, meeting)
        if person and not says("invites_citizen", call):
            calls.official += 1
            calls.person = calls.person or person
        elif says("invites_official", call) and not says("invites_citizen", call):
            calls.official += 1
        else:
            calls.citizen += 1
    return called


def _named(call: str, meeting: Meeting) -> Person | None:
    """The first official named in a call, by full name or by how one is called («mời anh Bảo»)."""
    found = []
    for person in meeting.officials:
        full = flatten(person.name).text
        at = call.find(full)
        if at < 0:
            match = re.search(cue("title").pattern + " " + re.escape(given_name(full)) + r"(?!\S)", call)
            at = match.start() if match and full and _suits(match[0].split()[0], full) else -1
        if at >= 0:
            found.append((at, person))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _suits(title: str, name: str) -> bool:
    """A man's title does not call a woman: «anh chi» is not Ms Chi."""
    return not ("thị" in name.split() and title in ("anh", "ông", "chú", "cậu"))


def _who(label: str, texts: Sequence[Flat], calls: Calls, meeting: Meeting) -> Person | None:
    """The official behind a label, if any."""
    for person in meeting.officials:
        if flatten(person.name).text == flatten(label).text:
            return person
    for text in texts[:3]:
        for person in meeting.officials:
            if _introduces_as(text, flatten(person.name).text) or _introduces_office(text, person):
                return person
    if calls.person and calls.official > calls.citizen and role_of(calls.person) == Role.OFFICIAL:
        return calls.person if not any(find_name(text) for text in texts[:1]) else None
    return None


def _introduces_as(flat: Flat, name: str) -> bool:
    """The name stands after «tôi là», or opens the speech («Dạ, Thiếu tá Phan Hữu Nghĩa, …»)."""
    at = flat.text.find(name) if name else -1
    if at < 0:
        called = re.escape(given_name(name)).replace("'", "'?")
        return re.match(rf"(?:dạ |vâng )?{called} (?:xin )?(?:trả lời|báo cáo|giải trình)", flat.text) is not None
    before = flat.text[:at].split()
    if {"mời", "cảm"} & set(before[-5:]):
        return False
    oneself = re.search(r"(?:tôi|em|con|tui|cháu)( xin)?( tên)?( là)?( \S+){0,2}$", flat.text[:at].rstrip())
    return oneself is not None or len(before) <= 4


def _introduces_office(flat: Flat, person: Person) -> bool:
    """«Tôi là Bình, phòng Kinh tế», «Tôi, Thượng tá Đạt, công an phường»: the given name with the office."""
    opening = " ".join(flat.text.split()[:OPENING_WORDS])
    given = re.escape(given_name(person.name))
    own = re.search(rf"(?<!\S)(?:{ONESELF}(?: xin)?(?: tên)?(?: là)?|{TITLES})(?: \S+){{0,2}}? {given}"
                    r"(?: ở| bên)? (\S+ \S+)", opening)
    if own is None or CALLS.search(" ".join(opening[:own.start()].split()[-CALLED_WITHIN:])):
        return False
    return any(own[1].startswith(word) for word in (*_office_words(person), *words("answers_next")))


def _office_words(person: Person) -> set[str]:
    """The kinds of office that a title names («phòng», «công an», «chủ tịch»)."""
    return {kind for kind in words("offices") if kind in flatten(person.title).text}


def _lead(role: Role, phrases: str, said: Mapping[str, Sequence[Flat]], people: Mapping[str, Person | None],
          taken: str | None) -> str | None:
    """The chair or secretary: named so in the meeting file, else whoever talks most like one."""
    for label, person in people.items():
        if label != taken and person and role_of(person) == role:
            return label
    counts = {label: sum(count(phrases, text.text) for text in texts) for label, texts in said.items()
              if label != taken and people[label] is None}
    best = max(counts, key=lambda label: counts[label], default=None)
    least = 2 if role == Role.CHAIR else 1
    return best if best is not None and counts[best] >= least else None


def _role(texts: Sequence[Flat], calls: Calls, person: Person | None) -> Role:
    if person:
        return Role.OFFICIAL
    talk = " ".join(text.text for text in texts)
    official = CALLED_OFFICIAL * calls.official + count("official", talk)
    citizen = CALLED_CITIZEN * calls.citizen + count("citizen", talk) + bool(find_name(texts[0]))
    return Role.OFFICIAL if official > citizen else Role.CITIZEN


def _speaker(label: str, role: Role, texts: Sequence[Flat], person: Person | None, invitation: str) -> Speaker:
    if person:
        return Speaker(label, role, person.name, "", person)
    if role != Role.CITIZEN:
        return Speaker(label, role)
    called, called_from = invited(flatten(invitation))
    for text in texts:
        if name := find_name(text):
            address = find_address(text, name.last)
            return Speaker(label, role, name.text, address.text if address else called_from)
    address = find_address(texts[0])
    return Speaker(label, role, called, address.text if address else called_from, name_from="invited")
