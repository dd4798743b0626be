"""What a person masks or shows while reviewing: marks of questions, written down as one step that can be undone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.records import PersonalData, Question, Utterance
from models.review import Edit, fields_of, marks_text
from summarize.flat import flatten
from summarize.masking import PRIVATE, Veil, alike, anywhere, is_withheld, marks, of_question, stretches
from summarize.private import private_data

Version = Callable[[int, str], int]
"""How often a field of a question was changed."""


@dataclass(frozen=True)
class Masked:
    """Words of a question that are masked, or were (`lifted`); without a `reason` a machine found them."""

    words: str
    kind: str
    reason: str
    lifted: bool


def masked_words(question: Question, said: Sequence[Utterance], over: Veil) -> list[Masked]:
    """What is masked in a question and its answer, and what a person shows again; each once."""
    found = {alike(words): Masked(words, item.kind, item.reason, item.lifted) for item, words in marks(question, said)}
    shown = {alike(words) for words in of_question(over, question, said).lifted}
    for text in (question.text, question.answer.text):
        for item in private_data(flatten(text), 0):
            words = text[item.start:item.end]
            if alike(words) not in shown:
                found.setdefault(alike(words), Masked(words, item.kind, "", False))
    return list(found.values())


def pieces(text: str, over: Veil) -> list[tuple[str, bool]]:
    """A text cut where masks begin and end."""
    found, at = [], 0
    for start, end in stretches(text, over.hidden, over.lifted):
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*found, (text[at:], False)) if piece[0]]


def words_in(text: str, over: Veil) -> list[bool]:
    """For each word of a text whether it is masked, in whole or in part."""
    hidden = stretches(text, over.hidden, over.lifted)
    return [any(start < match.end() and match.start() < end for start, end in hidden)
            for match in re.finditer(r"\S+", text)]


def hide(question: Question, said: Sequence[Utterance], words: str, kind: str, reason: str,
         version: Version) -> list[Edit]:
    """Masks words that stand in the lines of a question, or else anywhere in the meeting; none when they do not."""
    own = sorted({*(span.utterance for span in question.spans), *question.answer.utterances})
    added = [*_places(said, own, words)] or [*_places(said, range(len(said)), words)]
    marked = [PersonalData(*place, kind, reason) for place in added]
    return [*_edits(question, said, words, marked, version)] if marked else []


def lift(question: Question, questions: Sequence[Question], said: Sequence[Utterance], words: str, reason: str,
         version: Version) -> list[Edit]:
    """Shows words again, in every question of the meeting where they are masked."""
    found: list[Edit] = []
    for other in questions:
        marked = [item for item, its in marks(other, said) if alike(its) == alike(words)]
        if other.id == question.id and not marked:
            own = sorted({*(span.utterance for span in other.spans), *other.answer.utterances})
            marked = [PersonalData(*place, "other") for place in _places(said, own, words)]
        if marked and not is_withheld(other):
            found += _edits(other, said, words, [replace(m, lifted=True, reason=reason) for m in marked], version)
    return found


def with_unseen(edits: Sequence[Edit], stored: Iterable[Question], seen: Iterable[Question]) -> list[Edit]:
    """The edits of somebody who may not see all lines, over the questions as they are stored: marks in the lines that
    are hidden from them stay."""
    there, shown = ({question.id: question for question in questions} for questions in (stored, seen))
    kept: list[Edit] = []
    for edit in edits:
        question = there[edit.record_id]
        unseen = [item for item in question.personal_data if item not in shown[edit.record_id].personal_data]
        if edit.field == "personal_data":
            mine = [PersonalData(**item) for item in json.loads(edit.after)]
            after = sorted([*mine, *unseen], key=lambda item: (item.utterance, item.start))
            kept.append(replace(edit, before=fields_of(question)["personal_data"], after=marks_text(after)))
        elif edit.field != "flags" or all(item.lifted for item in unseen):  # else it stays private
            kept.append(edit)
    return kept


def _places(said: Sequence[Utterance], positions: Sequence[int], words: str) -> Iterator[tuple[int, int, int]]:
    if alike(words):
        for i in positions:
            for match in anywhere(words).finditer(said[i].text):
                yield i, match.start(), match.end()


def _edits(question: Question, said: Sequence[Utterance], words: str, marked: Sequence[PersonalData],
           version: Version) -> Iterator[Edit]:
    """The marks of these words set anew; a question is private as long as something in it is masked."""
    assert question.id is not None
    others = [item for item, its in marks(question, said) if alike(its) != alike(words)]
    after = sorted([*others, *marked], key=lambda item: (item.utterance, item.start))
    flags = [flag for flag in question.flags if flag != PRIVATE or is_withheld(question)]
    if not is_withheld(question) and any(not item.lifted for item in after):
        flags.append(PRIVATE)
    before = fields_of(question)
    values = {"personal_data": marks_text(after)}
    if set(flags) != set(question.flags):
        values["flags"] = json.dumps(flags)
    for name, value in values.items():
        if value != before[name]:
            yield Edit("question", question.id, name, before[name], value, version(question.id, name))
