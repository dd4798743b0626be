"""Phrases that recognisers trained on videos write into silence, though nobody said them.

They are flagged, never taken out: people at meetings do say thanks.
"""

from __future__ import annotations

import re
import unicodedata

_KNOWN = (
    r"(hãy )?(subscribe|đăng ký)( cho)? kênh",
    r"để không bỏ lỡ những video",
    r"cảm ơn (các )?(bạn|quý vị)( và các bạn)? đã (theo dõi|xem|lắng nghe)",
    r"hẹn gặp lại (các bạn |quý vị )*trong (những |các )?video",
    r"ghiền mì gõ",
    r"la la school",
)
_INVENTION = re.compile("|".join(_KNOWN))


def holds_invention(text: str) -> bool:
    """Whether one of the known phrases is in the text, whatever its case and punctuation."""
    words = re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text).lower()).split()
    return _INVENTION.search(" ".join(words)) is not None
