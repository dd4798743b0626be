"""Which commune a meeting belongs to, read out of its title or place: «Nhà văn hóa xã Vũ Lâm» gives «xã Vũ Lâm»."""

from __future__ import annotations

import re

from models.folding import nfc

KIND = re.compile(r"(?<!\w)(xã|phường|thị trấn|đặc khu)\s+(?=\S)", re.IGNORECASE)


def commune(title: str, place: str) -> str:
    """The first commune that is named, its kind in small letters; the place itself where none is."""
    for text in (nfc(title), nfc(place)):
        for match in KIND.finditer(text):
            if name := _name(text[match.end():]):
                return f"{match[1].lower()} {name}"
    return " ".join(nfc(place).split())


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
