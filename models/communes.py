"""Which commune a meeting belongs to, read out of its title or place: «Nhà văn hóa xã Vũ Lâm» gives «xã Vũ Lâm».

What kinds of units there are changes by law (72/2025/QH15 ended the districts): they stand here alone.
"""

from __future__ import annotations

import re

from models.folding import nfc

KIND = re.compile(r"(?<!\w)(xã|phường|thị trấn|đặc khu)\s+(?=\S)", re.IGNORECASE)
ABOVE = re.compile(r"(?<!\w)(tỉnh|thành phố)\s+(?=\S)", re.IGNORECASE)


def commune(title: str, place: str) -> str:
    """The first commune that is named, its kind in small letters; the place itself where none is."""
    return named(KIND, title, place) or " ".join(nfc(place).split())


def named(kind: re.Pattern[str], *texts: str) -> str:
    """The first unit of this kind that the texts name, its kind in small letters, or nothing."""
    for text in map(nfc, texts):
        for match in kind.finditer(text):
            if name := _name(text[match.end():]):
                return f"{match[1].lower()} {name}"
    return ""


def _name(text: str) -> str:
    """The words with a capital, or the number, that a text begins with."""
    words: list[str] = []
    for word in text.split():
        bare = re.match(r"[\w'’]+", word)
        if bare is None or not (bare[0][0].isupper() or (bare[0].isdigit() and not words)):
            break
        words.append(bare[0])
        if bare[0] != word:
            break
    return " ".join(words)
