"""Text brought to one form, so that the same words are found however they were typed."""

from __future__ import annotations

import unicodedata


def nfc(text: str) -> str:
    """The composed form, the only one that is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without tone marks, đ as d: «Đường Tỉnh» becomes "duong tinh".

    SQLite's own `remove_diacritics` does not fold đ, which is a letter and not an accent.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def has_marks(text: str) -> bool:
    """Whether any letter carries a mark, as Vietnamese typed in full does."""
    return fold(text) != nfc(text).lower()
