"""Questions that the secretary or the chair reads out for people who are not there.

«Phiếu thứ hai của bà Phượng, ấp Thạnh Phú. Bà hỏi: …», «Anh Việt gửi qua Zalo: …»: who asks
stands before the words of the question, and where one slip ends the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass

from summarize.cues import cue, says
from summarize.flat import Flat
from summarize.introductions import Found, called_at, find_address, name_at, written_name_at

LONGEST_HEAD = 30  # words before the question in which its asker is named
SHORTEST_SLIP = 12  # words: «phiếu của bà Phượng … bà hỏi» is one head


@dataclass(frozen=True)
class Slip:
    """Words [first, last) of a turn that hold a question, from `head` on with what tells who put it."""

    head: int
    first: int
    last: int
    name: str
    address: str


def slips(flat: Flat, said_before: str) -> list[Slip]:
    """The slips read out in a turn; none when neither it nor what the lead said before tells of any."""
    if not says("reads_slips", flat.text) and not says("reads_slips", said_before):
        return []
    starts = _starts(flat)
    ends = [*starts[1:], len(flat.words)]
    return [slip for first, last in zip(starts, ends, strict=False) if (slip := _slip(flat, first, last)) is not None]


def _starts(flat: Flat) -> list[int]:
    """Where slips begin. Of two places near each other the first, unless only the other tells who wrote: «Tôi đọc phiếu
    câu hỏi của bà con. Phiếu thứ nhất của bà Phượng …»."""
    starts: list[int] = []
    for at in sorted({flat.at(match.start()) for match in cue("slip").finditer(flat.text)}):
        if not starts or at - starts[-1] >= SHORTEST_SLIP:
            starts.append(at)
        elif not _asker(flat, starts[-1], at)[0] and _asker(flat, at, min(at + LONGEST_HEAD, len(flat.words)))[0]:
            starts[-1] = at
    return starts


def _slip(flat: Flat, first: int, last: int) -> Slip | None:
    head_end = _end_of_head(flat, first, last)
    if head_end >= last:
        return None
    name, address = _asker(flat, first, head_end)
    return Slip(first, head_end, last, name, address)


def _end_of_head(flat: Flat, first: int, last: int) -> int:
    """The words of the question begin after «hỏi», «gửi», «phản ánh», or after a colon."""
    limit = min(last, first + LONGEST_HEAD)
    verbs = [flat.at(match.end() - 1) + 1 for match in cue("slip_says").finditer(flat.text)]
    found = [at for at in verbs if first < at <= limit]
    colons = [i + 1 for i in range(first, limit) if ":" in flat.after(i)]
    return min(found + colons, default=_after_asker(flat, first, limit))


def _after_asker(flat: Flat, first: int, limit: int) -> int:
    """Without such a word: where the name, or the place after it, ends."""
    for match in cue("title").finditer(flat.text):
        at = flat.at(match.end() - 1) + 1
        if first < at < limit and (name := _name(flat, at)):
            place = find_address(flat, name.last)
            return place.last if place and place.first <= name.last + 2 else name.last
    return first


def _name(flat: Flat, at: int) -> Found | None:
    """A full name after a title, or how somebody is called («chị Lan»)."""
    return written_name_at(flat, at) or name_at(flat, at) or called_at(flat, at)


def _asker(flat: Flat, first: int, last: int) -> tuple[str, str]:
    for match in cue("title").finditer(flat.text):
        at = flat.at(match.end() - 1) + 1
        if first < at < last and (name := _name(flat, at)):
            place = find_address(flat, name.last)
            return name.text, place.text if place and place.last <= last else ""
    place = find_address(flat, first)
    return "", place.text if place and place.last <= last else ""

