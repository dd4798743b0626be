"""Who a speaker says they are: name and where they live, from both forms of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from summarize.cues import NUMBER, cue, says, words
from summarize.flat import Flat

LONGEST_NAME = 4
WHOLE_NAME = 3  # words, a middle name among them
OPENING = 20  # words within which somebody who begins with their name has said it
ACCUSED_WITHIN, ONESELF_WITHIN = 12, 20  # words after a name
INTRODUCED_WITHIN = 45  # words: later names belong to others
HAMLET = re.compile(
    rf"(?<!\S)(?:(?:số nhà|nhà số|ở số|số) \S+(?: \S+)? )?(?:tổ {NUMBER} )?"
    r"(?:ấp|thôn|xóm|khu phố|tổ dân phố|buôn|(?<!biên )(?<!văn )bản|khóm|làng|sóc|tòa|kiệt|ngõ|hẻm)(?!\S)(?: \S+){1,2}")
KIND = "(?:phố|ấp|thôn|xóm|buôn|bản|khóm|làng|sóc|tổ|tòa|kiệt|ngõ|hẻm)"
GROUP_ALONE = re.compile(rf"(?<!\S)tổ {NUMBER}(?!\S)")


@dataclass(frozen=True)
class Found:
    """Words [first, last) of a flat text and what they say."""

    first: int
    last: int
    text: str


@lru_cache(maxsize=8192)
def find_name(flat: Flat) -> Found | None:
    """The name a speaker gives as their own, or None."""
    for match in chain(*(cue(name).finditer(flat.text) for name in ("introduces", "introduces_late"))):
        first = flat.at(match.end() - 1) + 1
        if first > INTRODUCED_WITHIN:
            continue
        if name := name_at(flat, first) or written_name_at(flat, first) or _said_twice(flat, first):
            return name
    return _bare_name(flat) or _opening_name(flat)


def _said_twice(flat: Flat, first: int) -> Found | None:
    """«Tui tên Phước, Dương Văn Phước»: how one is called, and then the whole name that ends with it."""
    name = name_at(flat, first + 1)
    return name if name and flat.as_said[name.last - 1] == flat.as_said[first] else None


def _bare_name(flat: Flat) -> Found | None:
    """«Tôi, Phạm Văn Nghiêm, ấp 4», «Em Trần Thị Lan đây»: a name right after the word for oneself."""
    for match in cue("me").finditer(flat.text):
        first = flat.at(match.end() - 1) + 1
        if first > 12:
            break
        name = name_at(flat, first) or written_name_at(flat, first)
        if name and (name.last - name.first >= 3 or flat.words[first].is_capital):
            return name
    return None


def _opening_name(flat: Flat) -> Found | None:
    """«Cho tôi tiếp. Trương Thị Sen, ấp Suối Đá»: a whole name with which one begins to speak.

    In writing it is a clause of its own, among the first. Where somebody is called, the name is theirs; «ông» is a
    title here and no surname.
    """
    tokens = flat.text.split()[:OPENING]
    if "mời" in tokens:
        return None
    begun = cue("begins_to_speak").match(flat.text)
    begins = [0, *([flat.at(begun.end() - 1) + 1] if begun else [])]
    clauses = [at + 1 for at, token in enumerate(tokens) if flat.words[at].ends_clause
               and token not in words("tells_of")]
    found = (name_at(flat, first) for first in [*begins, *clauses] if tokens[first:first + 1] != ["ông"])
    return next((name for name in found if name and name.last - name.first >= WHOLE_NAME
                 and (_is_clause(flat, name) or (name.first in begins and _is_heard_name(flat, name)))
                 and not _is_accused(flat, name)), None)


def _is_accused(flat: Flat, name: Found) -> bool:
    """«Trần Văn Tư, ấp 3, nuôi heo xả nước thối»: whose doings are told of, by one who says nothing of themselves."""
    many = len(flat.words)
    return (says("accuses", flat.between(name.last, min(many, name.last + ACCUSED_WITHIN)))
            and not says("own_matter", flat.between(name.last, min(many, name.last + ONESELF_WITHIN))))


def _is_clause(flat: Flat, name: Found) -> bool:
    """«Kiên Thị Hạnh, …», «Kiên Thị Hạnh đây, …» in writing."""
    here = flat.as_said[name.last:name.last + 1] == ["đây"]
    return flat.words[name.first].is_capital and flat.words[name.last - 1 + here].ends_clause


def _is_heard_name(flat: Flat, name: Found) -> bool:
    """Whether words without capitals are a name: by what one says after it. Streets have names, too."""
    if any(word.is_capital for word in flat.words):
        return False
    after = " ".join(flat.as_said[name.last:name.last + 1])
    return after in words("place_kinds") | words("after_own_name") or re.fullmatch(NUMBER, after) is not None


def name_at(flat: Flat, first: int) -> Found | None:
    """The personal name that begins at this word, or None; two to four words, a surname first."""
    tokens = flat.as_said
    if first >= len(tokens) or not (tokens[first] in words("surnames") or tokens[first].startswith("h'")):
        return None
    if " ".join(tokens[first:first + 2]) in words("no_names"):
        return None
    last = _end_of_written_name(flat, first) if flat.words[first].is_capital else _end_of_heard_name(
        _same_sentence(flat, first), first)
    if last - first < 2:
        return None
    return Found(first, last, _spelt(flat, first, last))


def _same_sentence(flat: Flat, first: int) -> Sequence[str]:
    """The words up to the end of the sentence that holds this one: «cầm tới. Cô …» is no name."""
    end = next((at + 1 for at in range(first, len(flat.words)) if flat.words[at].ends_sentence), len(flat.words))
    return flat.as_said[:end]


def _spelt(flat: Flat, first: int, last: int) -> str:
    """A name as written, or as heard with capitals put in."""
    said = flat.original[flat.words[first].start:flat.words[last - 1].end]
    return said if flat.words[first].is_capital else " ".join(word.capitalize() for word in said.split())


def written_name_at(flat: Flat, first: int) -> Found | None:
    """Two to four capitalised words, whatever the surname; None in a text without capitals."""
    if first >= len(flat.words) or not flat.words[first].is_capital or flat.original.islower():
        return None
    last = _end_of_written_name(flat, first)
    tokens = flat.as_said
    if last - first < 2 or set(tokens[first:last]) & words("not_a_name"):
        return None
    return Found(first, last, flat.original[flat.words[first].start:flat.words[last - 1].end])


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
    given, follows = _next_two(tokens, last)
    if given and (given not in words("place_kinds") or follows in words("place_kinds")) and (
            _may_be_given(given) or (last - first < WHOLE_NAME and tokens[last - 1] in words("middle_names"))):
        last += 1
    given, follows = _next_two(tokens, last)
    if last - first < LONGEST_NAME and follows in words("name_ends") and _may_be_given(given):
        last += 1
    return last


def _next_two(tokens: Sequence[str], at: int) -> tuple[str, str]:
    """The word here and the one after it, empty where there is none."""
    here, after, *_ = *tokens[at:at + 2], "", ""
    return here, after


def _may_be_called(word: str) -> bool:
    """«chị Ánh đề nghị», «anh còn nhắn»: what else is said begins; but Hai, Ba, Tư … are names."""
    return re.fullmatch(NUMBER, word) is not None or word not in words("name_ends") | words("stop")


def _may_be_given(word: str) -> bool:
    return word not in words("name_ends") and not re.fullmatch(NUMBER, word)


def find_address(flat: Flat, after: int = 0) -> Found | None:
    """Where a speaker says they live («tổ 7, ấp Suối Cạn»), as said, or None."""
    begin = flat.words[after].flat if after < len(flat.words) else len(flat.text)
    match = next((found for found in HAMLET.finditer(flat.text, begin) if _is_named(flat, found)), None)
    match = match or GROUP_ALONE.search(flat.text, begin)
    if not match or flat.at(match.start()) > after + INTRODUCED_WITHIN:
        return None
    first, last = flat.at(match.start()), _end_of_place(flat, match)
    start, end = flat.words[first].start, flat.words[last - 1].end
    return Found(first, last, flat.original[start:end])


def _is_named(flat: Flat, match: re.Match[str]) -> bool:
    """«buôn có nhiều …», «thôn tôi» name no place."""
    named = re.split(rf"{KIND} ", match[0])[-1].split()[0]
    if re.fullmatch(NUMBER, named):
        return True
    at = flat.at(match.start() + match[0].rindex(named))
    has_capitals = any(word.is_capital for word in flat.words[1:])
    return flat.words[at].is_capital if has_capitals else named not in words("stop")


def _end_of_place(flat: Flat, match: re.Match[str]) -> int:
    """A place's name ends with its clause, its number, or where capitals end."""
    first, last = flat.at(match.start()), flat.at(match.end() - 1) + 1
    last = next((at + 1 for at in range(first, last) if flat.words[at].ends_sentence), last)
    tokens = flat.text.split()
    kind = max(i for i in range(first, last) if re.fullmatch(KIND, tokens[i]))
    for i in range(kind + 1, last):
        named = flat.words[kind + 1].is_capital
        if re.fullmatch(NUMBER, tokens[i]) or flat.words[i].ends_clause:
            return i + 1
        if i > kind + 1 and (tokens[i] in words("name_ends") or (named and not flat.words[i].is_capital)):
            return i
    return last


def invited(call: Flat) -> tuple[str, str]:
    """How a chair calls a citizen («mời bác Bảy ấp 3»): the name and the place, each empty where not said."""
    place = find_address(call)
    for match in re.finditer(rf"(?<!\S)mời(?: tiếp)? (?P<title>{cue('title').pattern}) ", call.text):
        first = call.at(match.end() - 1) + 1
        if name := called_at(call, first):
            return name.text, place.text if place else ""
    return "", place.text if place else ""


def called_at(call: Flat, first: int) -> Found | None:
    """How one is called, right after the title: «Bảy Vẹn», «Bác Bảy»; None when somebody is only pointed at."""
    tokens = call.as_said
    no_name = words("points_at") | words("place_kinds")
    last = first
    while last < min(len(tokens), first + 2) and tokens[last] not in no_name and _may_be_called(tokens[last]):
        if call.original != call.original.lower() and not call.words[last].is_capital:
            break
        last += 1
        if call.words[last - 1].ends_clause:
            break
    if last == first:
        return None
    name = _spelt(call, first, last)
    return Found(first, last, name if last - first > 1 else f"{tokens[first - 1].capitalize()} {name}")


def given_name(name: str) -> str:
    """The name one is called by, lower case: the last word, but «H'Lan» of H'Lan Mlô, «Bliu» of Y Bliu Niê."""
    parts = name.lower().split()
    if not parts:
        return ""
    if parts[0].startswith(("h'", "h’")):
        return parts[0]
    return parts[1] if parts[0] == "y" and len(parts) > 2 else parts[-1]
