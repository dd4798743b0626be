"""Askers whose names a person has confirmed: they stand over whatever name was heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from models.records import Analysis, Question, Utterance
from summarize.masking import READ_OUT

REASON = "do người soạn biên bản xác nhận giọng nói"


def with_confirmed_names(analysis: Analysis, said: Sequence[Utterance], names: Collection[str]) -> Analysis:
    """The same analysis; a question spoken by one of these `names` is asked by that name, one that was read out for
    somebody else is not."""
    def named(question: Question) -> Question:
        speaker = said[question.spans[0].utterance].speaker if question.spans else ""
        if speaker not in names or READ_OUT in question.flags:
            return question
        return replace(question, asker=speaker, reasons={**question.reasons, "asker": REASON})

    return replace(analysis, questions=tuple(map(named, analysis.questions)))
