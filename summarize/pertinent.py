"""The part of a reply that is about one question, where an official goes on to other matters.

An official says what comes next («Còn đèn đường thì …», «Về lục bình, …»). What is named so and shares no
word with the question belongs to another one, asked or not; what follows belongs to what was named last.
"""

from __future__ import annotations

import re
from itertools import pairwise

from summarize.cutting import content
from summarize.flat import Flat
from summarize.mishearing import sound

NAMED_WITHIN = 8  # words
BACK = 3  # words shared with the question that show that the reply is back at it
GOES_ON = re.compile(r"(?:rồi |và |dạ )*(?:còn|riêng)(?: về| việc| chuyện| vụ| phần| cái)* "
                     r"(?!nếu|khi|ai|lại|nữa|bao)(?:\S+ ){1,5}thì |"
                     r"(?:về|đối với|qua|sang|tới) (?:việc|chuyện|vụ|phần) ")
NAMES = re.compile(GOES_ON.pattern + r"|(?:dạ |rồi )*(?:còn|riêng|về|đối với) (?!nhà|sau|nếu|khi|ai|lại)"
                   r"|(?:việc|chuyện|vụ) (?!này|đó|ấy|ni|nớ)"
                   r"|(?!nếu|khi|muốn|lúc|có|ai|hễ|từ|đến|trước|giờ|nay|chừ|sau)(?:\S+ ){1,4}thì ")
"""What a sentence begins with that names its matter."""


def pertinent(reply: Flat, question: str) -> str:
    """The flat text of what a reply says of a question (flat text); all of it, if nothing is about the question."""
    asked = frozenset(map(sound, content(question)))
    kept, is_own, found = [], True, False
    for first, last in pairwise([*_thoughts(reply), len(reply.words)]):
        text = reply.between(first, last)
        shared = len(asked & frozenset(map(sound, content(text))))
        if NAMES.match(text + " "):
            named = " ".join(text.split()[:NAMED_WITHIN])
            is_own = shared >= BACK or bool(asked & frozenset(map(sound, content(named))))
        elif shared >= BACK:
            is_own = True
        found |= is_own and shared > 0
        if is_own:
            kept.append(text)
    return " ".join(kept) if found else reply.text


def _thoughts(reply: Flat) -> list[int]:
    """The words with which sentences begin; where nothing says so, those with which one goes on to another matter."""
    begins = {0, *(i for i, word in enumerate(reply.words[:-1], start=1) if word.ends_sentence)}
    if not reply.is_punctuated:
        begins |= {reply.at(match.start()) for match in re.finditer(rf"(?<!\S)(?:{GOES_ON.pattern})", reply.text)}
    return sorted(begins)
