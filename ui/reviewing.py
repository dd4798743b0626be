"""What the review page works out of a transcript: timed words, lines that become a question, words replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from models.carrying import carried
from models.folding import fold, nfc
from models.records import Question, Span, Utterance
from models.review import Edit
from summarize.questions import gathered

Field = tuple[str, int, str]
"""Record, its id, name of the field."""

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


def parted(said: Sequence[Utterance], question: Question, utterance: int, at: int) -> tuple[Question, Question]:
    """A question as the two that it becomes where the second begins at character `at` of an utterance.

    What a person changed in its text stays changed in both.
    """
    spans = sorted(question.spans, key=lambda span: (span.utterance, span.start))
    ended = len(said[utterance].text[:at].rstrip())
    first = [replace(s, end=min(s.end, ended)) if s.utterance == utterance else s for s in spans
             if (s.utterance, s.start) < (utterance, at)]
    second = [replace(s, start=max(s.start, at)) if s.utterance == utterance else s for s in spans
              if (s.utterance, s.end) > (utterance, at)]
    whole = " ".join(said[span.utterance].text[span.start:span.end] for span in question.spans)

    def with_spans(own: Sequence[Span]) -> Question:
        made = gathered(said, own)
        return replace(question, spans=tuple(own), text=carried(made.text, whole, question.text), summary=made.summary)

    return with_spans(first), with_spans(second)


def replaced(texts: Mapping[Field, str], find: str, put: str, is_exact: bool,
             version: Callable[[Field], int]) -> Iterator[Edit]:
    """An edit for each text that holds whole words; unless `is_exact`, capitals do not matter."""
    words = nfc(find).strip()
    if not words:
        return
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", 0 if is_exact else re.IGNORECASE)
    for field, before in texts.items():
        after = pattern.sub(lambda _: nfc(put).strip(), before)
        if after != before:
            yield Edit(*field, before, after, version(field))


def _bare(word: str) -> str:
    return re.sub(r"\W", "", fold(word))
