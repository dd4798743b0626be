"""Short wordings taken from what was said: summaries of question and answer, who is to act."""

from __future__ import annotations

import re
from functools import lru_cache

from summarize.cues import NUMBER, cue, phrase_in, says
from summarize.cutting import content
from summarize.flat import Flat, flatten

LONGEST_SUMMARY = 55  # words
SHORTEST_CLAUSE = 5
LEADING = re.compile(r"^(?:(?:vậy|thì|là|mà|và|nên|rồi|dạ|thưa|chứ|chớ|nhưng|ạ|hả) )*"
                     r"(?:(?:tôi|tui|em|con|cháu) (?:xin |muốn |cũng )*"
                     r"(?:hỏi|tố cáo|phản ánh|đề nghị|kiến nghị) (?:là )?)?")
ACTS = re.compile(r"(?<!\S)(?:trả lời|có|ra|gửi|làm|kiểm tra|chịu|xem|xử lý|rà soát|giải quyết|trong|trước|bàn)(?!\S)")
LONGEST_AGENCY = 12  # words
FIRM = ("commits", "in_writing", "beyond_authority", "escalates", "promises")


@lru_cache(maxsize=4096)
def summary(text: str) -> str:
    """One sentence about the matter, in the citizen's own words: how it begins, and the demand."""
    flat = flatten(text)
    if not flat.words:
        return ""
    first, last = _demand(flat)
    demand = _words(flat, first, min(last, first + LONGEST_SUMMARY))
    room = LONGEST_SUMMARY - (last - first)
    begins = _words(flat, 0, _first_clause(flat, min(first, room))) if first and room > SHORTEST_CLAUSE else ""
    return f"{_kind(flat)}: {begins} … {demand}." if begins else f"{_kind(flat)}: {demand}."


def _words(flat: Flat, first: int, last: int) -> str:
    """The words [first, last) as said, without «vậy thì» in front."""
    skipped = LEADING.match(flat.between(first, last) + " ")
    first += len(skipped[0].split()) if skipped else 0
    if first >= last:
        return ""
    words = flat.original[flat.words[first].start:flat.words[last - 1].end]
    return " ".join(re.sub(r"[.!?…]+(?=\s|$)", ",", words).split()).rstrip(" ,;:")


def _first_clause(flat: Flat, before: int) -> int:
    """The end of the clause in which the matter is named."""
    ends = [i + 1 for i in range(before) if flat.words[i].ends_clause and i + 1 >= SHORTEST_CLAUSE]
    return ends[0] if ends else before


def _demand(flat: Flat) -> tuple[int, int]:
    """The words of the last sentence that asks (the whole, when nothing says where sentences end)."""
    ends = [i + 1 for i, word in enumerate(flat.words) if word.ends_sentence or i + 1 == len(flat.words)]
    found, begin = (0, len(flat.words)), 0
    for end in ends:
        sentence = flat.between(begin, end)
        if says("denounces", sentence):
            return begin, end
        if says("asks", sentence) or says("requests", sentence):
            found = (begin, end)
        begin = end
    begin, end = found
    return (begin, end) if end - begin <= LONGEST_SUMMARY else (_before_demand(flat, begin, end), end)


def _before_demand(flat: Flat, begin: int, end: int) -> int:
    """In a very long sentence: half a summary before the last demand."""
    starts = [flat.at(match.start()) for name in ("asks", "requests") for match in cue(name).finditer(flat.text)]
    asked = max((at for at in starts if begin <= at < end), default=begin)
    return max(begin, min(asked - LONGEST_SUMMARY // 2, end - LONGEST_SUMMARY))


def _kind(flat: Flat) -> str:
    if says("denounces", flat.text):
        return "Tố cáo"
    if says("asks", flat.text):
        return "Hỏi"
    return "Đề nghị" if says("requests", flat.text) else "Phản ánh"


@lru_cache(maxsize=4096)
def answer_summary(text: str, question: str) -> str:
    """One sentence of an answer in its own words: where it says most firmly what becomes of the (flat) question."""
    flat = flatten(text)
    if not flat.words:
        return ""
    ends = [i + 1 for i, word in enumerate(flat.words) if word.ends_sentence or i + 1 == len(flat.words)]
    sentences = list(zip([0, *ends], ends, strict=False))
    first, last = max(sentences, key=lambda sentence: _weight(flat, sentence[0], sentence[1], content(question)))
    if last - first > LONGEST_SUMMARY:
        first, last = _around_core(flat, first, last)
    said = _words(flat, first, last)
    return said[:1].upper() + said[1:] + "." if said else ""


def _weight(flat: Flat, first: int, last: int, asked: frozenset[str]) -> float:
    text = flat.between(first, last)
    firm = sum(says(name, text) for name in FIRM)
    figures = min(2, len(re.findall(rf"(?<!\S){NUMBER}(?!\S)", text)))
    return 2.0 * firm + figures + len(content(text) & asked) / 2


def _around_core(flat: Flat, first: int, last: int) -> tuple[int, int]:
    """In a very long sentence: so many words around the first phrase that decides."""
    found = [flat.at(match.start()) for name in FIRM for match in cue(name).finditer(flat.text)]
    core = min((at for at in found if first <= at < last), default=first)
    begin = max(first, min(core - LONGEST_SUMMARY // 3, last - LONGEST_SUMMARY))
    return begin, min(last, begin + LONGEST_SUMMARY)


def demand_in(flat_text: str) -> tuple[str, str]:
    """What kind of demand a flat text makes, in Vietnamese, and the words it rests on."""
    for name, kind in (("denounces", "lời tố cáo"), ("asks", "lời hỏi"), ("requests", "lời đề nghị"),
                       ("complains", "phản ánh kèm mong muốn được giải quyết")):
        if says(name, flat_text):
            return kind, phrase_in(name, flat_text)
    return "", ""


@lru_cache(maxsize=4096)
def assigned_agency(text: str) -> str:
    """Who the chair told to act («giao UBND xã phối hợp Phòng Giáo dục …»), or nothing."""
    flat = flatten(text)
    for match in cue("assigns").finditer(flat.text):
        first = flat.at(match.end() - 1) + 1
        rest = flat.between(first, min(first + LONGEST_AGENCY, len(flat.words)))
        stop = ACTS.search(rest)
        last = first + len(rest[:stop.start()].split()) if stop else first
        if last > first:
            return text[flat.words[first].start:flat.words[last - 1].end].rstrip(" ,.")
    return ""
