"""Cuts a citizen's turn into single matters: what is left when greetings and thanks are gone.

A new matter begins where the speaker counts («thứ hai»), links («với lại», «còn một chuyện
nữa»), or asks or complains again in sentences that share no word with those before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from summarize.cues import cue, says, words
from summarize.flat import Flat, flatten
from summarize.introductions import LONGEST_NAME, find_address, find_name
from summarize.openings import matter, openings, peaks

SHORTEST_ORDINAL = 6  # words a counted matter has at least
SHORTEST_MATTER = 4
SHORTEST_COMPLAINT = 10
LEAST_LIKELY = -5.0  # log-odds
CAUTION = 0.4  # what each beginning loses: a question cut in two is worse than two left as one
ASKED, TOLD = (40, 2.0), (30, 2.5)  # usual words of a matter and log-odds of one more, where demands are made or none
LENGTH_SPREAD = 0.6  # how widely the logarithm of the words spreads
LENGTH_WEIGHT = 1.3
COUNTED = 2.0  # what a cut costs in a matter that the speaker counted
AFTERTHOUGHT, LOOKED_BACK = 2.5, 20  # what such a beginning loses when no demand was made in so many words before
LIKELY_MATTER = 1.15
LINKED_MATTER = 0.0  # the same of what the speaker adds in so many words
INTRODUCTION_GAP = 8  # words between two phrases of one introduction
LAST_WORDS = 70
IN_NUMBERS = 5  # words between two numbers that are read out together
WEEKDAY = r"thứ (hai|ba|tư|năm|sáu|bảy) (và|hoặc|với|đến|tới|tuần|hàng) (thứ|tuần|sau)?"


@dataclass(frozen=True)
class Part:
    """Words [first, last) of a turn, and how the part begins: "start", "ordinal", "link" or "sentence"."""

    first: int
    last: int
    opening: str


def cut(flat: Flat) -> list[Part]:
    """The matters of a turn, each with a demand or a complaint of its own, in order."""
    return list(_cut(flat.original))


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[Part, ...]:
    """Remembered, because while a meeting goes on the same turns are looked at over and over."""
    flat = flatten(text)
    if not flat.words or _asks_nothing(flat.text):
        return ()
    first = _after_introduction(flat)
    last = _before_farewell(flat, first)
    begins = _without_afterthoughts(flat, [odds - CAUTION for odds in openings(flat)])
    parts = [piece for part in _divide(flat, first, last) for piece in _sentences_apart(flat, part, begins)]
    return tuple(_joined(flat, parts))


def is_demand(text: str) -> bool:
    """Whether the flat text asks, requests or denounces."""
    text = cue("courtesy").sub(" ", cue("only_wish").sub(" ", text))
    return says("asks", text) or says("requests", text) or says("denounces", text)


def demands(flat: Flat, first: int, last: int) -> bool:
    """The same for words [first, last); in writing a question mark is enough, unless it only asks to speak."""
    text = flat.between(first, last)
    return is_demand(text) or (flat.has_question_mark(first, last) and not says("courtesy", text))


@lru_cache(maxsize=8192)
def content(text: str) -> frozenset[str]:
    """The words of a flat text that carry its matter."""
    return frozenset({word for word in text.split() if word not in words("stop") and not word[0].isdigit()})


def _asks_nothing(text: str) -> bool:
    without = cue("only_wish").sub(" ", cue("no_question").sub(" ", text))
    return says("no_question", text) and not says("requests", without) and not says("asks", without)


def _after_introduction(flat: Flat) -> int:
    """The first word after greeting, name, address, thanks and «tôi có ba ý»."""
    first = 0
    ends = sorted(_introduction(flat))
    for begin, end in ends:
        if begin > first + INTRODUCTION_GAP or is_demand(flat.between(first, begin)) or _amid_demand(flat, begin):
            break
        first = max(first, end)
    while first < len(flat.words) and _is_leftover(flat, first):
        first += 1
    return min(first, len(flat.words) - 1)


def _amid_demand(flat: Flat, at: int) -> bool:
    """«Phường có xe đưa công nhân về quê không?»: an occupation within a question introduces nobody."""
    if not flat.is_punctuated:
        return False
    start = next((i + 1 for i in range(at - 1, -1, -1) if flat.words[i].ends_sentence), 0)
    end = next((i + 1 for i in range(at, len(flat.words)) if flat.words[i].ends_sentence), len(flat.words))
    return at > start + LONGEST_NAME and demands(flat, start, end)


def _introduction(flat: Flat) -> list[tuple[int, int]]:
    """The stretches of words that only introduce."""
    found = [(flat.at(match.start()), flat.at(match.end() - 1) + 1)
             for name in ("fillers", "announces", "courtesy", "thanks", "introduced_by", "no_question")
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
        if first < at >= last - LAST_WORDS and is_demand(flat.between(first, at)) and not _adds(flat, at, last):
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


def _adds(flat: Flat, first: int, last: int) -> bool:
    """Whether numbers read out from word `first` on are not the end: something else is asked for or told of."""
    begins = [flat.at(match.end() - 1) + 1
              for opening in ("ordinal", "link") for match in cue(opening).finditer(flat.text)]
    numbers = [at for at in range(first, last) if flat.between(at, at + 1)[:1].isdigit()]
    after = next((at + 1 for at, following in zip_longest(numbers, numbers[1:], fillvalue=last)
                  if following > at + IN_NUMBERS), last)
    if last - after >= SHORTEST_COMPLAINT:
        begins.append(after)
    return any(demands(flat, at, last) or is_matter(flat.between(at, last)) for at in begins if first < at < last)


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
    if at > 0 and not flat.words[at - 1].ends_clause and flat.between(at - 1, at) in words("counts_something"):
        return True
    return re.search(WEEKDAY, flat.between(max(0, at - 3), at + 3)) is not None


def _sentences_apart(flat: Flat, part: Part, begins: Sequence[float]) -> list[Part]:
    """The likeliest cuts of a part: what speaks for a beginning at each, and matters of usual lengths."""
    places = [part.first, *_peaks(part, begins), part.last]
    asking = demands(flat, part.first, part.last)
    counted = COUNTED * (part.opening == "ordinal")
    best, came_from = [0.0], [0]
    for j in range(1, len(places)):
        gains = [best[i] + (begins[places[i]] - counted) * (i > 0) + _usual(places[j] - places[i], asking)
                 for i in range(j)]
        best.append(max(gains))
        came_from.append(gains.index(best[j]))
    cuts, j = [], len(places) - 1
    while j > 0:
        cuts.append((places[came_from[j]], places[j]))
        j = came_from[j]
    return [Part(a, b, part.opening if a == part.first else "sentence") for a, b in reversed(cuts)]


def _without_afterthoughts(flat: Flat, begins: Sequence[float]) -> list[float]:
    """A demand that names nothing of its own («vậy chừng nào có?») ends the complaint before it."""
    lowered = list(begins)
    for i in range(1, len(lowered)):
        leans = cue("leans_back").match(flat.text, flat.words[i].flat)
        if leans and lowered[i] > LEAST_LIKELY and not demands(flat, max(0, i - LOOKED_BACK), i):
            lowered[i] -= AFTERTHOUGHT
    return lowered


def _peaks(part: Part, begins: Sequence[float]) -> list[int]:
    """The places of a part where a beginning is likelier than nearby."""
    inside = range(part.first + SHORTEST_MATTER, part.last - SHORTEST_MATTER)
    return peaks(begins, inside, part.first + 1, LEAST_LIKELY)


def _usual(length: int, asking: bool) -> float:
    """How usual a matter of so many words is, against one cut where another begins (log-odds)."""
    usual, per_cut = ASKED if asking else TOLD
    return LENGTH_WEIGHT * -0.5 * (math.log(max(length, 1) / usual) / LENGTH_SPREAD) ** 2 + per_cut


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
        if context and is_matter(flat.between(context.first, context.last)) and (
                part.opening == "sentence" or (part.opening == "link" and demands(flat, part.first, part.last))):
            matters.append(context)
        elif context and part.opening in ("link", "sentence"):
            first = context.first
        context = None
        matters.append(Part(first, part.last, part.opening))
    if not matters and context and is_matter(flat.between(context.first, context.last)):
        matters.append(context)
    return matters


def _stands_alone(flat: Flat, part: Part) -> bool:
    text, demanding = flat.between(part.first, part.last), demands(flat, part.first, part.last)
    length = len(text.split())
    if part.opening == "ordinal":
        return length >= SHORTEST_ORDINAL
    if says("courtesy", text) and length < SHORTEST_COMPLAINT:
        return False
    least = LINKED_MATTER if part.opening == "link" else LIKELY_MATTER
    return length >= SHORTEST_MATTER and (demanding or is_matter(text, least))


def is_matter(text: str, least: float = LIKELY_MATTER) -> bool:
    """Whether a stretch of talk without a demand still tells of something to be set right."""
    return len(text.split()) >= SHORTEST_COMPLAINT and matter(text) > least
