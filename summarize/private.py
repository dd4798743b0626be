"""Private data in what is said, to be masked in public papers.

Kinds: phone, cccd (identity number), bank_account, insurance, tax, passport, plate, house,
parcel, birth_date, email, password, health, family (marriage, violence, prison), third_party (somebody
accused, or spoken of for their health or family); in a denunciation also denouncer_name, denouncer_address,
denounced_name, denounced_position. What is basic and what is sensitive personal
data: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP, articles 3 and 4; what is kept secret of a
denunciation: Law 25/2018/QH14, article 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from models.records import PersonalData
from summarize.cues import cue
from summarize.flat import Flat
from summarize.introductions import find_address, find_name
from summarize.private_numbers import DAY, HOUSE_NUMBER, PART_OF_NUMBER, YEAR, Private, place, private_numbers
from summarize.private_persons import (
    CALLED,
    FAMILY_FACT,
    KIN,
    SELF,
    accused,
    in_trouble,
    of_denunciation,
    third_persons,
)

PERSON = re.compile(rf"(?<!\S)(?:{SELF}|{KIN}|{CALLED} \S+|thằng \S+|bé)(?!\S)")
SOMEBODYS = {"ailment": 4, "injury": 10}
"""Words before an illness in which the one who has it is spoken of: without anybody it is no private matter."""
NOBODYS = re.compile(r"(?<!\S)(?:bò|heo|lợn|gà|vịt|trâu|dê|chó|tôm|cá|lúa|cây|vườn|đàn|mía|tiêu|quế|cà phê|sầu riêng|"
                     r"sợ|lo|dễ|gây|phòng|chống|phòng chống|tránh|ngừa|tầm soát|nguy cơ|có thể)(?!\S)")
NOBODYS_WITHIN = 2  # words before an illness: an animal's, or one that is only feared


ASKED = (
    (re.compile(r"(?<!\S)(?:(?:số|đọc|ghi)(?: \S+){0,3} (?:điện thoại|máy|căn cước|chứng minh|tài khoản|zalo)|"
                r"ngân hàng nào|tài khoản(?: \S+){0,2} (?:nào|số mấy)|(?:đọc )?tiếp đi(?: \S+)?$|"
                r"số (?:máy|điện thoại))(?!\S)"),
     "phone", PART_OF_NUMBER),
    (re.compile(r"(?<!\S)sinh(?: \S+){0,2} (?:nào|bao nhiêu|mấy)(?!\S)"), "birth_date",
     re.compile(rf"(?<!\S)(?:{DAY}|(?:năm )?{YEAR})(?!\S)")),
    (re.compile(r"(?<!\S)(?:nhà|ở)(?: \S+){0,3} (?:số mấy|mấy số|số bao nhiêu)(?!\S)"), "house",
     re.compile(rf"(?<!\S){HOUSE_NUMBER}(?!\S)")))
"""What officials ask back, and what of the reply is private then."""
ASKED_ILLNESS = re.compile(r"(?<!\S)(?:bệnh|bị|đau) (?:gì|chi|sao|răng)(?!\S)")
ASKED_WITHIN, TOLD_WITHIN = 12, 15  # words


def private_data(flat: Flat, utterance: int, is_denunciation: bool = False, hides_names: bool = False,
                 asked: Flat | None = None) -> list[PersonalData]:
    """The private data of one text, in order, without overlaps; `hides_names`: nobody may stay called by name; `asked`:
    what somebody else said right before, for «Số điện thoại của bác?» makes a number of the barest reply."""
    found = _private(flat, is_denunciation, hides_names, asked)
    return [PersonalData(utterance, start, end, kind) for start, end, kind in found]


@lru_cache(maxsize=8192)
def _private(flat: Flat, is_denunciation: bool, hides_names: bool, asked: Flat | None) -> tuple[Private, ...]:
    found = [*private_numbers(flat), *_life(flat), *in_trouble(flat),
             *(_secret(flat) if is_denunciation else accused(flat)),
             *(third_persons(flat) if hides_names else ()), *(told_back(flat, asked) if asked else ())]
    kept: list[Private] = []
    for start, end, kind in sorted(found, key=lambda item: (item[0], -item[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
        elif end > kept[-1][1]:
            kept[-1] = (kept[-1][0], end, kept[-1][2])
    return tuple(kept)


def told_back(flat: Flat, asked: Flat) -> Iterator[Private]:
    """What is told because somebody asked for it, among the first words: characters [start, end) and the kind."""
    question = " ".join(asked.text.split()[-ASKED_WITHIN:])
    reply = flat.between(0, min(TOLD_WITHIN, len(flat.words)))
    for pattern, kind, told in (*ASKED, (ASKED_ILLNESS, "health", cue("disease"))):
        if pattern.search(question):
            for match in told.finditer(reply):
                yield *place(flat, match.start(), match.end()), kind


def _life(flat: Flat) -> Iterator[Private]:
    """What is said of somebody's health and family."""
    for match in FAMILY_FACT.finditer(flat.text):
        yield *place(flat, match.start(1), match.end(1)), "family"
    for match in cue("health").finditer(flat.text):
        if not NOBODYS.search(" ".join(flat.text[:match.start()].split()[-NOBODYS_WITHIN:])):
            yield *place(flat, match.start(), match.end()), "health"
    for name, within in SOMEBODYS.items():
        for match in cue(name).finditer(flat.text):
            before = flat.text[:match.start()].split()
            if PERSON.search(" ".join(before[-within:])) and not NOBODYS.search(" ".join(before[-NOBODYS_WITHIN:])):
                yield *place(flat, match.start(), match.end()), "health"


def _secret(flat: Flat) -> Iterator[Private]:
    """Who denounces, from where, and whom."""
    own = find_name(flat)
    if own:
        yield flat.words[own.first].start, flat.words[own.last - 1].end, "denouncer_name"
        address = find_address(flat, own.last)
        if address:
            yield flat.words[address.first].start, flat.words[address.last - 1].end, "denouncer_address"
    yield from of_denunciation(flat)
