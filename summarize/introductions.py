"""Who a speaker says they are: name and where they live, from both forms of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarize.cues import NUMBER, cue, words
from summarize.flat import Flat

LONGEST_NAME = 4
INTRODUCED_WITHIN = 45  # words: later names belong to others
HAMLET = re.compile(
    rf"(?<!\S)(?:(?:số nhà|nhà số|ở số|số) \S+(?: \S+)? )?(?:tổ {NUMBER} )?"
    r"(?:ấp|thôn|xóm|khu phố|tổ dân phố|buôn|bản|khóm|làng|sóc)(?!\S)(?: \S+){1,2}")
GROUP_ALONE = re.compile(rf"(?<!\S)tổ {NUMBER}(?!\S)")


@dataclass(frozen=True)
class Found:
    """Words [first, last) of a flat text and what they say."""

    first: int
    last: int
    text: str


def find_name(flat: Flat) -> Found | None:
    """The name a speaker gives as their own, or None."""
    for match in cue("introduces").finditer(flat.text):
        first = flat.at(match.end() - 1) + 1
        if first > INTRODUCED_WITHIN:
            break
        if name := name_at(flat, first):
            return name
    return _bare_name(flat)


def _bare_name(flat: Flat) -> Found | None:
    """«Tôi, Phạm Văn Nghiêm, ấp 4», «Em Trần Thị Lan đây»: a name right after the word for oneself."""
    for match in re.finditer(r"(?<!\S)(?:tôi|tui|em|con|cháu)(?!\S)", flat.text):
        first = flat.at(match.end() - 1) + 1
        if first > 12:
            break
        name = name_at(flat, first)
        if name and name.last - name.first >= 3:
            return name
    return None


def name_at(flat: Flat, first: int) -> Found | None:
    """The personal name that begins at this word, or None; two to four words, a surname first."""
    tokens = flat.text.split()
    if first >= len(tokens) or tokens[first] not in words("surnames"):
        return None
    last = _end_of_written_name(flat, first) if flat.words[first].is_capital else _end_of_heard_name(tokens, first)
    if last - first < 2:
        return None
    return Found(first, last, " ".join(token.capitalize() for token in tokens[first:last]))


def _end_of_written_name(flat: Flat, first: int) -> int:
    """A written name ends with its capitals or its clause."""
    last = first + 1
    while (last < min(len(flat.words), first + LONGEST_NAME) and flat.words[last].is_capital
           and not flat.words[last - 1].ends_clause):
        last += 1
    return last


def _end_of_heard_name(tokens: Sequence[str], first: int) -> int:
    """A heard name has middle names and one given name, or two when the sentence clearly goes on after them."""
    last = first + 1
    while last < min(len(tokens), first + LONGEST_NAME - 1) and tokens[last] in words("middle_names"):
        last += 1
    if last < len(tokens) and (tokens[last] not in words("name_ends") or tokens[last - 1] in words("middle_names")):
        last += 1
    follows, after = (*tokens[last:last + 2], "", "")[:2]
    if last - first == LONGEST_NAME - 1 and after in words("name_ends") and follows not in words("name_ends") and not (
            re.fullmatch(NUMBER, follows)):
        last += 1
    return last


def find_address(flat: Flat, after: int = 0) -> Found | None:
    """Where a speaker says they live («tổ 7, ấp Suối Cạn»), as said, or None."""
    begin = flat.words[after].flat if after < len(flat.words) else len(flat.text)
    match = HAMLET.search(flat.text, begin) or GROUP_ALONE.search(flat.text, begin)
    if not match or flat.at(match.start()) > after + INTRODUCED_WITHIN:
        return None
    first, last = flat.at(match.start()), _end_of_place(flat, match)
    start, end = flat.words[first].start, flat.words[last - 1].end
    return Found(first, last, flat.original[start:end])


def _end_of_place(flat: Flat, match: re.Match[str]) -> int:
    """A place's name ends with its clause, its number, or where capitals end."""
    first, last = flat.at(match.start()), flat.at(match.end() - 1) + 1
    tokens = flat.text.split()
    kind = max(i for i in range(first, last) if re.fullmatch(r"ấp|thôn|xóm|phố|buôn|bản|khóm|làng|sóc|tổ", tokens[i]))
    for i in range(kind + 1, last):
        named = flat.words[kind + 1].is_capital
        if re.fullmatch(NUMBER, tokens[i]) or flat.words[i].ends_clause:
            return i + 1
        if i > kind + 1 and (tokens[i] in words("name_ends") or (named and not flat.words[i].is_capital)):
            return i
    return last


def given_name(name: str) -> str:
    """The name one is called by: the last word, lower case."""
    return name.lower().split()[-1] if name.split() else ""
