"""The one place of the record that every utterance belongs to, so that nothing said falls out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.records import Place, Question, Utterance
from summarize.cues import says
from summarize.flat import flatten
from summarize.roles import LEADS, Role, Speaker


def places(utterances: Sequence[Utterance], known: Mapping[str, Speaker],
           questions: Sequence[Question]) -> tuple[Place, ...]:
    """One place for each utterance, in their order."""
    asking = {span.utterance for question in questions for span in question.spans}
    answering = {i for question in questions for i in question.answer.utterances}
    roles = [known[utterance.speaker].role for utterance in utterances]
    first = next((i for i, role in enumerate(roles) if role == Role.CITIZEN), len(roles))
    last = max([*asking, *answering, *(i for i, role in enumerate(roles) if role == Role.CITIZEN)], default=-1)
    found = []
    for i, (role, utterance) in enumerate(zip(roles, utterances, strict=True)):
        if i in asking:
            found.append(Place.QUESTION)
        elif i in answering:
            found.append(Place.ANSWER)
        elif i > last and role in LEADS and (says("closing", flatten(utterance.text).text) or Place.CLOSING in found):
            found.append(Place.CLOSING)
        elif i < first and (role in LEADS or says("opening", flatten(utterance.text).text)):
            found.append(Place.OPENING)
        elif role in LEADS:
            found.append(Place.PROCEDURE)
        else:
            found.append(Place.OTHER)
    return tuple(found)
