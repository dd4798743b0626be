"""Who had how much of the meeting, as a bar."""

from __future__ import annotations

from collections.abc import Mapping

from models.records import Place
from ui.views.bar import Part, bar
from ui.views.wording import Colour, lasting

BY_TIME = "Thời gian nói trong hội nghị ({total})"
CITIZENS, ANSWERS, REST = "Người dân hỏi", "Cán bộ trả lời", "Điều hành và phần khác"
SHARE = "{share:.0%} ({time})"

WHO = {Place.QUESTION: CITIZENS, Place.ANSWER: ANSWERS}
COLOURS: dict[str, Colour] = {CITIZENS: "blue", ANSWERS: "green", REST: "gray"}


def time_bar(times: Mapping[Place, float]) -> None:
    """`times` are seconds by place of the record."""
    total = sum(times.values()) or 1.0
    by_who = dict.fromkeys(COLOURS, 0.0)
    for place, seconds in times.items():
        by_who[WHO.get(place, REST)] += seconds
    bar(BY_TIME.format(total=lasting(total)),
        [Part(who, seconds, SHARE.format(share=seconds / total, time=lasting(seconds)), COLOURS[who])
         for who, seconds in by_who.items()])
