"""Private data in what citizens say, to be masked in public papers.

Kinds: phone, cccd (identity number), bank_account, plate, house, parcel, health; in a
denunciation also denouncer_name, denouncer_address, denounced_name. What is basic and what is
sensitive personal data: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP, articles 3 and 4; what is
kept secret of a denunciation: Law 25/2018/QH14, article 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.records import PersonalData
from summarize.cues import NUMBER, cue
from summarize.flat import Flat
from summarize.introductions import Found, find_address, find_name, name_at

DIGIT = "(?:không|một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín)"
SPOKEN_NUMBER = re.compile(rf"(?<!\S){DIGIT}(?: {DIGIT})+(?!\S)")
WRITTEN_NUMBER = re.compile(r"(?<![\d.,])\d{2,}(?:[ -]\d{2,})*(?!\d|[.,]\d)|"
                            r"(?<![\d.,])0\d{2,3}(?:\.\d{3,4}){2}(?![\d.])")
SHORTEST_NUMBER = 8  # digits
NAMED_WITHIN = 8  # words
NAMED = {"tài khoản": "bank_account", "stk": "bank_account", "căn cước": "cccd", "chứng minh": "cccd", "cccd": "cccd",
         "cmnd": "cccd", "điện thoại": "phone", "số máy": "phone", "sđt": "phone", "zalo": "phone"}
PLATE = re.compile(r"(?<!\S)\d{2} ?[a-z]{1,2}\d? \d{3}[. ]?\d{2}(?!\S)|"
                   rf"(?<!\S)biển số(?: xe)? ((?:\S*\d\S*|{NUMBER}|[a-zđ]{{1,2}})"
                   rf"(?: (?:\S*\d\S*|{NUMBER}|[a-zđ](?!\S)))*)")
PARCEL = re.compile(rf"(?<!\S)(?:thửa(?: đất)? )?(số {NUMBER} (?:và )?tờ(?: bản đồ)?(?: số)? {NUMBER})(?!\S)|"
                    rf"(?<!\S)thửa(?: đất)? (số {NUMBER})(?!\S)|(?<!\S)tờ bản đồ (số {NUMBER})(?!\S)")
HOUSE = re.compile(r"(?<!\S)(?:số nhà|nhà(?: em| tôi| tui)?(?: ở)? số) "
                   rf"({NUMBER}(?: (?:xẹt|xuyệt|trên|/) {NUMBER})*)(?!\S)")


def private_data(flat: Flat, utterance: int, is_denunciation: bool = False) -> list[PersonalData]:
    """The private data of one utterance, in order, without overlaps."""
    found = [*_numbers(flat), *_patterns(flat)]
    if is_denunciation:
        found += _of_denunciation(flat)
    kept: list[PersonalData] = []
    for start, end, kind in sorted(found, key=lambda item: (item[0], -item[1])):
        if not kept or start >= kept[-1].end:
            kept.append(PersonalData(utterance, start, end, kind))
    return kept


def _numbers(flat: Flat) -> Iterator[tuple[int, int, str]]:
    """Long numbers, written or read digit by digit: what they are, the words before or the length say."""
    for match in WRITTEN_NUMBER.finditer(flat.original):
        digits = len(re.sub(r"\D", "", match[0]))
        before = sum(word.end <= match.start() for word in flat.words)
        if digits >= SHORTEST_NUMBER:
            yield match.start(), match.end(), _kind(flat.between(0, before), digits, match[0].startswith("0"))
    for match in SPOKEN_NUMBER.finditer(flat.text):
        digits = len(match[0].split())
        if digits >= SHORTEST_NUMBER:
            start, end = _place(flat, match.start(), match.end())
            yield start, end, _kind(flat.text[:match.start()], digits, match[0].startswith("không"))


def _kind(before: str, digits: int, from_zero: bool) -> str:
    """The nearest word before a number names it; without one its length does."""
    near = " ".join(before.split()[-NAMED_WITHIN:])
    named = max(((near.rfind(word), kind) for word, kind in NAMED.items()), default=(-1, ""))
    if named[0] >= 0:
        return named[1]
    if digits in (9, 12):
        return "cccd"
    return "phone" if from_zero and digits in (10, 11) else "bank_account"


def _place(flat: Flat, start: int, end: int) -> tuple[int, int]:
    """Characters of the original for a stretch of the flat text."""
    return flat.words[flat.at(start)].start, flat.words[flat.at(end - 1)].end


def _patterns(flat: Flat) -> Iterator[tuple[int, int, str]]:
    for pattern, kind in ((PLATE, "plate"), (PARCEL, "parcel"), (HOUSE, "house"), (cue("health"), "health")):
        for match in pattern.finditer(flat.text):
            group = next((i for i in range(1, pattern.groups + 1) if match[i]), 0) if kind != "health" else 0
            start, end = _place(flat, match.start(group), match.end(group))
            yield start, end, kind


def _of_denunciation(flat: Flat) -> Iterator[tuple[int, int, str]]:
    own = find_name(flat)
    if own:
        yield *_of_words(flat, own), "denouncer_name"
        address = find_address(flat, own.last)
        if address:
            yield *_of_words(flat, address), "denouncer_address"
    for match in re.finditer(r"(?<!\S)(?:ông|bà|anh|chị|cán bộ|đồng chí)(?!\S)", flat.text):
        name = name_at(flat, flat.at(match.end() - 1) + 1)
        if name and (own is None or name.first != own.first):
            yield *_of_words(flat, name), "denounced_name"


def _of_words(flat: Flat, found: Found) -> tuple[int, int]:
    return flat.words[found.first].start, flat.words[found.last - 1].end
