"""Why a voice is taken for somebody: the words in which it says who it is, or is called, or how it behaves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from summarize.cues import cue
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.naming import Kind
from summarize.roles import Speaker
from summarize.turns import Turn
from summarize.voices import telling

AROUND = 12
"""Words quoted on each side of the name."""
MOST = 3
"""Features of behaviour told."""
LIKE_CITIZENS, LIKE_OFFICIALS = "dùng từ như người dân đi hỏi", "dùng từ như cán bộ trả lời"
BEHAVES = {
    "nói đầu tiên": ("first",),
    "nói ngay sau lời mở đầu": ("second",),
    "nói lời mở đầu hội nghị": ("opening",),
    "nói lời kết thúc hội nghị": ("closing", "last"),
    "mời người khác nói": ("leads", "directs", "calls again", "invites_citizen", "invites_official"),
    "nhắc việc ghi biên bản": ("secretary",),
    "đọc câu hỏi thay người khác": ("reads out",),
    "ngắt lời, nhắc không nêu tố cáo trước đông người": ("interrupts", "names_denunciation"),
    "đặt câu hỏi": ("asks", "often asks", "first:asks"),
    "đề nghị, kiến nghị": ("requests", "often requests", "first:requests"),
    "phản ánh việc chưa xong": ("complains", "often complains", "first:complains", "presses"),
    "nói như người đi hỏi («cho tôi hỏi», «nhà tôi»)": ("citizen", "often citizen", "first:citizen", "my home"),
    "cho biết mình ở đâu": ("says where", "lives"),
    "tự xưng tên": ("says who", "introduces", "first:says who"),
    "xưng «tui», «con», «cháu»": ("humble",),
    "kết thúc bằng lời cảm ơn, xin hết": ("ends_turn", "ends with thanks"),
    LIKE_CITIZENS: ("sounds like a citizen", "first:sounds like a citizen"),
    LIKE_OFFICIALS: ("sounds official", "first:sounds official"),
    "nói như người trả lời («xin tiếp thu», «về ý kiến của …»)": ("official", "often official", "first:official",
                                                                  "answers_myself"),
    "nhận kiểm tra, xem xét": ("promises", "often promises", "first:promises", "declines_to_commit"),
    "nêu số liệu, ngày hẹn": ("commits", "often commits", "first:commits", "numbers"),
    "hẹn trả lời bằng văn bản": ("in_writing",),
    "nói về thẩm quyền của cấp trên": ("beyond_authority", "escalates"),
    "nói thay cơ quan («chúng tôi», «xã», «phòng»)": ("we", "offices", "office of one's own", "named:own_office"),
    "mở đầu bằng «báo cáo»": ("reports", "first:reports"),
    "gọi tên người đã hỏi": ("speaks to by name", "answers by name"),
    "được gọi tên khi người khác trả lời": ("answered by name",),
    "nói ngay sau người hỏi": ("before:asks", "before:requests", "before:complains", "before:citizen"),
    "nói ngay sau khi bà con được mời": ("before:invites_citizen",),
    "nói ngay sau khi cán bộ được mời": ("before:invites_official", "named:called", "named:called_surely",
                                         "named:called_in_turn", "named:called_by_office")}
"""The features of `summarize.manner` in words."""


class Why(StrEnum):
    """From strong to weak."""

    CONFIRMED = "confirmed"
    INTRODUCED = "introduced"
    CALLED = "called"
    ADDRESSED = "addressed"
    TALK = "talk"


TOLD_BY = {
    Kind.FULL_NAME: Why.INTRODUCED, Kind.GIVEN_NAME: Why.INTRODUCED, Kind.TITLED: Why.INTRODUCED,
    Kind.OWN_OFFICE: Why.INTRODUCED, Kind.CALLED_SURELY: Why.CALLED, Kind.CALLED: Why.CALLED,
    Kind.CALLED_IN_TURN: Why.CALLED, Kind.CALLED_BY_OFFICE: Why.CALLED, Kind.ASKED: Why.ADDRESSED,
    Kind.THANKED: Why.ADDRESSED}


@dataclass(frozen=True)
class Reason:
    """What a suggestion rests on, with the words it rests on where there are such, or else how the voice behaves."""

    why: Why
    quote: str = ""


def reason(speaker: Speaker, spoken: Sequence[Turn], flats: Sequence[Flat]) -> Reason:
    """Why the speaker's voice is taken for who they are taken for."""
    if speaker.name and flatten(speaker.label).text == flatten(speaker.name).text:
        return Reason(Why.CONFIRMED)
    if speaker.person:
        told = [(TOLD_BY[sign.kind], sign) for sign in speaker.signs if sign.kind in TOLD_BY]
        for why, sign in sorted(told, key=lambda pair: list(Why).index(pair[0])):
            return Reason(why, _quote(flats[sign.turn], sign.first, sign.last))
    elif speaker.name:
        name = flatten(speaker.name).text
        own = (flat for turn, flat in zip(spoken, flats, strict=True) if turn.speaker == speaker.label)
        for why, texts, words in ((Why.INTRODUCED, own, re.escape(name)),
                                  (Why.CALLED, _calls(speaker.label, spoken, flats), _called(name))):
            for flat in texts:
                if match := re.search(rf"(?<!\S)(?:{words})(?!\S)", flat.text):
                    return Reason(why, _quote(flat, flat.at(match.start()), flat.at(match.end() - 1) + 1))
    said = [token for turn, flat in zip(spoken, flats, strict=True) if turn.speaker == speaker.label
            for token in flat.text.split()]
    return Reason(Why.TALK, behaviour(speaker, said))


def behaviour(speaker: Speaker, said: Sequence[str]) -> str:
    """How the voice, which said these words, behaves, as far as it speaks for its role; the strongest first."""
    told = dict.fromkeys(words for name in speaker.manner for words, names in BEHAVES.items() if name in names)
    return "; ".join(_with_words(words, said) for words in list(told)[:MOST])


def _with_words(behaves: str, said: Sequence[str]) -> str:
    """«dùng từ như người dân đi hỏi («nhà tôi», «tui», «kêu»)»"""
    if behaves not in (LIKE_CITIZENS, LIKE_OFFICIALS):
        return behaves
    return f"{behaves} ({', '.join(f'«{word}»' for word in telling(said, behaves == LIKE_OFFICIALS))})"


def _calls(label: str, spoken: Sequence[Turn], flats: Sequence[Flat]) -> Iterator[Flat]:
    """What others said right before the speaker spoke, if it called somebody."""
    pairs = zip(pairwise(spoken), flats, strict=False)
    return (flat for (before, after), flat in pairs
            if after.speaker == label != before.speaker and "mời " in flat.text)


def _called(name: str) -> str:
    """The full name, or a title with the given name («mời anh Bảo»)."""
    return f"{re.escape(name)}|{cue('title').pattern} {re.escape(given_name(name))}"


def _quote(flat: Flat, first: int, last: int) -> str:
    """The words of the original around the words [first, last)."""
    begin, end = max(first - AROUND, 0), min(last + AROUND, len(flat.words))
    words = flat.original[flat.words[begin].start:flat.words[end - 1].end]
    return f"{'… ' if begin else ''}{words}{' …' if end < len(flat.words) else ''}"
