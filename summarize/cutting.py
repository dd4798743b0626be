"""Cuts a citizen's turn into single matters: what is left when greetings and thanks are gone.

A new matter begins where the speaker counts («thứ hai»), links («với lại», «còn một chuyện
nữa»), or, in punctuated text, asks again in sentences that share no word with those before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarize.cues import cue, says, words
from summarize.flat import Flat
from summarize.introductions import find_address, find_name

SHORTEST_ORDINAL = 6  # words a counted matter has at least
SHORTEST_MATTER = 4
SHORTEST_COMPLAINT = 12
NEW_MATTER = 10  # words of a matter that begins with a sentence alone
INTRODUCTION_GAP = 8  # words between two phrases of one introduction
LAST_WORDS = 70


@dataclass(frozen=True)
class Part:
    """Words [first, last) of a turn, and how the part begins: "start", "ordinal", "link" or "sentence"."""

    first: int
    last: int
    opening: str


def cut(flat: Flat) -> list[Part]:
    """The matters of a turn, each with a demand or a complaint of its own, in order."""
    if not flat.words or _asks_nothing(flat.text):
        return []
    first = _after_introduction(flat)
    last = _before_farewell(flat, first)
    parts = [piece for part in _divide(flat, first, last) for piece in _sentences_apart(flat, part)]
    return _joined(flat, parts)


def is_demand(text: str) -> bool:
    """Whether the flat text asks, requests or denounces."""
    text = cue("courtesy").sub(" ", cue("only_wish").sub(" ", text))
    return says("asks", text) or says("requests", text) or says("denounces", text)


def demands(flat: Flat, first: int, last: int) -> bool:
    """The same for words [first, last); in writing a question mark is enough, unless it only asks to speak."""
    text = flat.between(first, last)
    return is_demand(text) or (flat.has_question_mark(first, last) and not says("courtesy", text))


def content(text: str) -> set[str]:
    """The words of a flat text that carry its matter."""
    return {word for word in text.split() if word not in words("stop") and not word[0].isdigit()}


def _asks_nothing(text: str) -> bool:
    without = cue("only_wish").sub(" ", cue("no_question").sub(" ", text))
    return says("no_question", text) and not says("requests", without) and not says("asks", without)


def _after_introduction(flat: Flat) -> int:
    """The first word after greeting, name, address, thanks and «tôi có ba ý»."""
    first = 0
    ends = sorted(_introduction(flat))
    for begin, end in ends:
        if begin > first + INTRODUCTION_GAP or is_demand(flat.between(first, begin)):
            break
        first = max(first, end)
    while first < len(flat.words) and _is_leftover(flat, first):
        first += 1
    return min(first, len(flat.words) - 1)


def _introduction(flat: Flat) -> list[tuple[int, int]]:
    """The stretches of words that only introduce."""
    found = [(flat.at(match.start()), flat.at(match.end() - 1) + 1)
             for name in ("fillers", "announces", "courtesy", "thanks", "introduced_by")
             for match in cue(name).finditer(flat.text)]
    name = find_name(flat)
    found += [(name.first, name.last)] if name else []
    address = find_address(flat, name.last) if name else None
    found += [(address.first, address.last)] if address and name and address.first <= name.last + 20 else []
    return found


def _is_leftover(flat: Flat, at: int) -> bool:
    """A word that closes the sentence of the introduction («… , cựu chiến binh, 72 tuổi.»)."""
    if at == 0 or flat.words[at - 1].ends_sentence:
        return False
    end = next((i for i in range(at, min(at + 5, len(flat.words))) if flat.words[i].ends_sentence), None)
    return end is not None and not is_demand(flat.between(at, end + 1))


def _before_farewell(flat: Flat, first: int) -> int:
    """The end of the matter, before «em xin hết», «cảm ơn ạ» and numbers read out for the secretary."""
    last = len(flat.words)
    for match in cue("reads_out").finditer(flat.text):
        at = flat.at(match.start())
        if first < at >= last - LAST_WORDS and is_demand(flat.between(first, at)):
            last = at
            break
    shrunk = True
    while shrunk and last > first + 1:
        shrunk = False
        for match in cue("ends_turn").finditer(flat.between(0, last)):
            at = flat.at(match.start())
            if flat.at(match.end() - 1) + 1 >= last - 1 and at > first:
                last, shrunk = at, True
                break
    return last


def _divide(flat: Flat, first: int, last: int) -> list[Part]:
    """Cuts before every ordinal and link."""
    marks: dict[int, tuple[int, str]] = {}
    for opening in ("link", "ordinal"):
        for match in cue(opening).finditer(flat.text):
            at, end = flat.at(match.start()), flat.at(match.end() - 1) + 1
            at = max(at, first) if end > first else at  # «hai ý kiến. Thứ nhất …» is met in the middle
            if first <= at and end < last and not (opening == "ordinal" and _counts_something(flat, at)):
                marks[at] = (end, opening)
    parts, begin, opening = [], first, "start"
    for at in sorted(marks):
        if at < begin:
            continue
        if at > begin:
            parts.append(Part(begin, at, opening))
        begin, opening = marks[at]
    return [*parts, Part(begin, last, opening)] if begin < last else parts


def _counts_something(flat: Flat, at: int) -> bool:
    """«chiều thứ hai», «đợt thứ sáu»."""
    return at > 0 and not flat.words[at - 1].ends_clause and flat.between(at - 1, at) in words("counts_something")


def _sentences_apart(flat: Flat, part: Part) -> list[Part]:
    """Cuts where, after a demand, sentences with a demand of their own share no content with it."""
    ends = [i + 1 for i in range(part.first, part.last) if flat.words[i].ends_sentence or i + 1 == part.last]
    starts = [part.first, *ends[:-1]]
    pieces, begin = [], part.first
    for i, start in enumerate(starts):
        if start == begin or not demands(flat, begin, start):
            continue
        asked = next((end for end in ends[i:] if demands(flat, start, end)), None)
        if asked is None or asked - start < NEW_MATTER:
            continue
        if not content(flat.between(begin, start)) & content(flat.between(start, asked)):
            pieces.append((begin, start))
            begin = start
    pieces.append((begin, part.last))
    return [Part(a, b, part.opening if a == part.first else "sentence") for a, b in pieces]


def _joined(flat: Flat, parts: Sequence[Part]) -> list[Part]:
    """Puts together what cannot stand alone: context goes to the demand it leads to or follows."""
    matters: list[Part] = []
    context: Part | None = None
    for part in parts:
        if not _stands_alone(flat, part):
            if matters and part.opening != "ordinal":
                matters[-1] = Part(matters[-1].first, part.last, matters[-1].opening)
            else:
                context = part
            continue
        first = part.first
        if context and part.opening in ("link", "sentence"):
            first = context.first
        context = None
        matters.append(Part(first, part.last, part.opening))
    if not matters and context and _is_complaint(flat.between(context.first, context.last)):
        matters.append(context)
    return matters


def _stands_alone(flat: Flat, part: Part) -> bool:
    text, demanding = flat.between(part.first, part.last), demands(flat, part.first, part.last)
    length = len(text.split())
    if part.opening == "ordinal":
        return length >= SHORTEST_ORDINAL
    if part.opening == "link":
        return length >= SHORTEST_MATTER and (
            demanding or (length >= SHORTEST_COMPLAINT and says("complains", text)))
    return length >= SHORTEST_MATTER and demanding


def _is_complaint(text: str) -> bool:
    """A grievance told at some length implies the demand to set it right."""
    return len(text.split()) >= SHORTEST_COMPLAINT and says("complains", text) and not (
        says("praises", text) and not re.search(r"(?<!\S)(nhưng|mà)(?!\S)", text))
