"""What the review page works out of a transcript: timed words, lines that become a question, words replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from models.folding import fold, nfc
from models.records import Question, Span, Utterance
from models.review import Edit
from summarize.questions import gathered

UNSURE = 0.6
"""Confidence below which a single word is marked."""


@dataclass(frozen=True)
class Shown:
    """One word of a line as it stands there, the second at which it is said, and whether to hear it again."""

    text: str
    at: float
    is_unsure: bool


def timed(utterance: Utterance, is_corrected: bool) -> list[Shown]:
    """The words of a line with the times of those that were heard; words put in since take their neighbour's time.

    In a line that a person corrected, words that were put in are no longer unsure.
    """
    shown = utterance.text.split()
    if not utterance.words:
        length = (utterance.end - utterance.start) / max(len(shown), 1)
        return [Shown(word, utterance.start + i * length, False) for i, word in enumerate(shown)]
    heard = SequenceMatcher(None, [_bare(word.word) for word in utterance.words], [_bare(word) for word in shown],
                            autojunk=False)
    found: list[Shown] = []
    for tag, i1, i2, j1, j2 in heard.get_opcodes():
        for j in range(j1, j2):
            # Words written another way than heard («hai mươi» as 20) share the stretch between them.
            i = min(i1 + (j - j1) * max(i2 - i1, 1) // (j2 - j1), len(utterance.words) - 1)
            same = utterance.words[i:i + 1] if tag == "equal" else utterance.words[i1:i2]
            is_put_in = tag != "equal" and is_corrected
            is_unsure = any(word.confidence < UNSURE for word in same) and not is_put_in and bool(_bare(shown[j]))
            found.append(Shown(shown[j], utterance.words[i].start, is_unsure))
    return found


def as_question(said: Sequence[Utterance], positions: Sequence[int]) -> Question:
    """A question out of whole lines, with what is private in them marked."""
    return gathered(said, [Span(i, 0, len(said[i].text)) for i in sorted(positions)])


def replaced(said: Sequence[Utterance], find: str, put: str, is_exact: bool,
             version: Callable[[int], int]) -> Iterator[Edit]:
    """An edit for each line that holds whole words; unless `is_exact`, capitals do not matter."""
    words = nfc(find).strip()
    if not words:
        return
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", 0 if is_exact else re.IGNORECASE)
    for utterance in said:
        after = pattern.sub(lambda _: nfc(put).strip(), utterance.text)
        if after != utterance.text and utterance.id is not None:
            yield Edit("utterance", utterance.id, "text", utterance.text, after, version(utterance.id))


def _bare(word: str) -> str:
    return re.sub(r"\W", "", fold(word))
