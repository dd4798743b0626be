"""Who is who among the speakers: chair, secretary, officials, citizens.

Speakers may be anonymous (S1, S2, …). Some things are certain: the speaker's label is an official's
name, a person has said that it is a citizen's, or they introduce themselves as an official. The
rest is judged together: how each voice behaves (`summarize.manner`) and how it is called
(`summarize.naming`), weighed as `benchmarks/roles.py` learned, with at most one chair, one
secretary and one voice for each official.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import exp, log

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.records import Meeting, Person
from summarize.flat import Flat, flatten
from summarize.introductions import find_address, find_name, invited
from summarize.manner import Manner, manners
from summarize.naming import Kind, Sign, Signs, features, says_another_name, signs
from summarize.stored import stored
from summarize.turns import Turn


class Role(StrEnum):
    CHAIR = "chair"
    SECRETARY = "secretary"
    OFFICIAL = "official"
    CITIZEN = "citizen"


LEADS = (Role.CHAIR, Role.SECRETARY)
SURE_NAME = 0.75
"""How likely an official's name must be to be given: a wrong one is worse than none."""
SURELY_CALLED = 2.0
"""Log-odds more for whoever speaks right after an official was called by full name or with the office."""
NEVER, RARELY = -1e6, log(0.05)
SMALLEST = 1e-6
SHOWN = 8  # features of behaviour kept as what a role rests on
VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""


@dataclass(frozen=True)
class Speaker:
    """One voice of the meeting; `person` is the official it belongs to, if it does.

    `likely` is how likely (0 to 1) role and name are, all others being who they are taken for; it
    rests on `signs` of the name and the features of behaviour in `manner`, the strongest first.
    """

    label: str
    role: Role
    name: str = ""
    address: str = ""
    person: Person | None = None
    name_from: str = "introduced"
    """Where the name comes from: "introduced" or, by the chair, "invited"."""
    likely: float = 1.0
    signs: tuple[Sign, ...] = ()
    manner: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weights:
    """What each feature tells: of behaviour for each role, of signs for a name."""

    roles: Mapping[str, Mapping[str, float]]
    naming: Mapping[str, float]


@cache
def learned() -> Weights:
    """The weights of `roles.json`."""
    content = stored("roles", VERSION)
    return Weights(content["roles"], content["naming"])


def speakers(spoken: Sequence[Turn], flats: Sequence[Flat], meeting: Meeting,
             citizens: Collection[str] = (), weights: Weights | None = None) -> dict[str, Speaker]:
    """Every speaker of the transcript by label; one flat text for each turn.

    `citizens` are labels that a person has said to be citizens, however they talk. `weights` are
    those of `learned` unless given.
    """
    said: dict[str, list[Flat]] = defaultdict(list)
    for turn, flat in zip(spoken, flats, strict=True):
        said[turn.speaker].append(flat)
    if not said:
        return {}
    known = weights or learned()
    found = signs(spoken, flats, meeting.officials)
    behaviour = manners(spoken, flats, found)
    certain = {label: person for label, texts in said.items() if label not in citizens
               and (person := _certain(label, texts, found, meeting.officials)) is not None}
    names = {label: _name_odds(label, texts, found, meeting.officials, known) for label, texts in said.items()}
    roles = {label: _role_odds(behaviour[label], known) for label in said}
    called = {key for key, own in found.items() if any(sign.kind == Kind.CALLED_SURELY for sign in own)}
    table = _Table(list(said), meeting.officials, roles, names, called, certain, frozenset(citizens))
    invited_by = _invitations(spoken, flats)
    return {label: _speaker(choice, said[label], found, behaviour[label], invited_by.get(label, ""), known,
                            meeting.officials) for label, choice in table.decide().items()}


def role_of(person: Person) -> Role:
    """The role of an official, given or read out of the title («(chủ trì)», «(thư ký)»)."""
    for role, signs_of in ((Role.CHAIR, "chủ trì|chủ tọa|chủ toạ"), (Role.SECRETARY, "thư ký|ghi biên bản")):
        if person.role == role or re.search(signs_of, person.title.lower()):
            return role
    return Role.OFFICIAL


def _certain(label: str, texts: Sequence[Flat], found: Signs, officials: Sequence[Person]) -> int | None:
    """The official (by number) that a voice is beyond doubt: by its label, or by what it says of itself."""
    for number, person in enumerate(officials):
        if flatten(person.name).text == flatten(label).text:
            return number
    for number, person in enumerate(officials):
        kinds = {sign.kind for sign in found.get((label, number), ())}
        if Kind.FULL_NAME in kinds or (kinds >= {Kind.GIVEN_NAME, Kind.OFFICE} and not says_another_name(
                texts, person.name)):
            return number
    return None


def _role_odds(manner: Manner, known: Weights) -> dict[Role, float]:
    """The logarithm of how likely each role is by behaviour alone."""
    sums = {role: sum(known.roles[role].get(name, 0.0) * value for name, value in manner.items()) for role in Role}
    total = log(sum(exp(value - max(sums.values())) for value in sums.values())) + max(sums.values())
    return {role: value - total for role, value in sums.items()}


def _name_odds(label: str, texts: Sequence[Flat], found: Signs, officials: Sequence[Person],
               known: Weights) -> list[float]:
    """For each official the log-odds that an official's voice is theirs."""
    return [NEVER if says_another_name(texts, person.name) else
            sum(known.naming.get(name, 0.0) * value
                for name, value in features(label, number, found, len(officials)).items())
            for number, person in enumerate(officials)]


@dataclass(frozen=True)
class _Choice:
    label: str
    role: Role
    official: int | None
    likely: float


@dataclass(frozen=True)
class _Table:
    """All voices and all that they may be; officials by number."""

    labels: Sequence[str]
    officials: Sequence[Person]
    roles: Mapping[str, Mapping[Role, float]]
    names: Mapping[str, Sequence[float]]
    called: Collection[tuple[str, int]]
    certain: Mapping[str, int]
    citizens: frozenset[str]

    def decide(self) -> dict[str, _Choice]:
        """What fits all voices best: chair and secretary once at most, each official once at most."""
        options = {label: self._options(label) for label in self.labels}
        places = list(dict.fromkeys(place for own in options.values() for place in own if place != ""))
        worth = np.full((len(self.labels), len(places) + len(self.labels)), NEVER)
        for row, label in enumerate(self.labels):
            for place, (value, _, _) in options[label].items():
                worth[row, places.index(place) if place else len(places) + row] = value
        rows, columns = linear_sum_assignment(worth, maximize=True)
        taken = {self.labels[row]: places[column] if column < len(places) else "" for row, column in zip(
            rows.tolist(), columns.tolist(), strict=True)}
        return {label: self._choice(label, options[label], taken) for label in self.labels}

    def _options(self, label: str) -> dict[str, tuple[float, Role, int | None]]:
        """By the place that only one voice can have ("" for those that many have): its worth, role and official."""
        odds = self.roles[label]
        if label in self.citizens:
            return {"": (0.0, Role.CITIZEN, None)}
        if (own := self.certain.get(label)) is not None:
            return self._options_of(label, own)
        names = self._likely_names(label)
        unnamed = odds[Role.OFFICIAL] + log(max(1 - exp(max(names.values(), default=NEVER)), SMALLEST))
        plain = max((odds[Role.CITIZEN], Role.CITIZEN), (unnamed, Role.OFFICIAL))
        found: dict[str, tuple[float, Role, int | None]] = {"": (plain[0], plain[1], None)}
        for role in LEADS:
            found[role] = (odds[role], role, self._entered(role))
        for number, value in names.items():
            called = SURELY_CALLED if (label, number) in self.called else 0.0
            found[f"official {number}"] = (odds[Role.OFFICIAL] + value + called, Role.OFFICIAL, number)
        return found

    def _options_of(self, label: str, own: int) -> dict[str, tuple[float, Role, int | None]]:
        """A voice known to be this official, who may also lead a meeting that they were not entered to lead."""
        role, odds = role_of(self.officials[own]), self.roles[label]
        if role in LEADS:
            return {role: (0.0, role, own), "": (RARELY, role, own)}
        found: dict[str, tuple[float, Role, int | None]] = {"": (odds[Role.OFFICIAL], Role.OFFICIAL, own)}
        for lead in LEADS:
            is_open = self._entered(lead) is None
            found[lead] = (odds[lead] + (0.0 if is_open else RARELY), lead, own)
        return found

    def _likely_names(self, label: str) -> dict[int, float]:
        """The logarithm of how likely each name is for an official's voice, who may be nobody announced."""
        odds = {number: value for number, value in enumerate(self.names[label])
                if role_of(self.officials[number]) == Role.OFFICIAL and number not in self.certain.values()}
        most = max([0.0, *odds.values()])
        total = log(sum(exp(value - most) for value in odds.values()) + exp(-most)) + most
        return {number: value - total for number, value in odds.items()}

    def _entered(self, role: Role) -> int | None:
        """The official entered with this role, if there is exactly one and no voice is known to be theirs."""
        entered = [number for number, person in enumerate(self.officials) if role_of(person) == role]
        return entered[0] if len(entered) == 1 and entered[0] not in self.certain.values() else None

    def _choice(self, label: str, options: Mapping[str, tuple[float, Role, int | None]],
                taken: Mapping[str, str]) -> _Choice:
        """What a voice is taken for, and how likely that is among what the others leave to it."""
        others = {place for other, place in taken.items() if other != label and place}
        left = {place: option for place, option in options.items() if place not in others}
        value, role, official = left[taken[label]]
        most = max(other for other, _, _ in left.values())
        total = sum(exp(other - most) for other, _, _ in left.values())
        likely = exp(value - most) / total
        if label in self.certain or label in self.citizens:
            return _Choice(label, role, official, likely)
        if role == Role.OFFICIAL and (official is None or likely < SURE_NAME):
            return _Choice(label, role, None, exp(self.roles[label][role]))
        return _Choice(label, role, official, likely)


def _invitations(spoken: Sequence[Turn], flats: Sequence[Flat]) -> dict[str, str]:
    """The words with which each voice was called to speak first."""
    found: dict[str, str] = {}
    for flat, following in zip(flats, spoken[1:], strict=False):
        if (at := flat.text.rfind("mời ")) >= 0:
            found.setdefault(following.speaker, flat.original[flat.words[flat.at(at)].start:])
    return found


def _speaker(choice: _Choice, texts: Sequence[Flat], found: Signs, manner: Manner, invitation: str,
             known: Weights, officials: Sequence[Person]) -> Speaker:
    behaves = _speaks_for(choice.role, manner, known)
    if choice.official is not None:
        person = officials[choice.official]
        own = sorted(found.get((choice.label, choice.official), ()),
                     key=lambda sign: -known.naming.get(sign.kind, 0.0))
        return Speaker(choice.label, choice.role, person.name, "", person, "introduced", choice.likely,
                       tuple(sign for sign in own if known.naming.get(sign.kind, 0.0) > 0), behaves)
    if choice.role != Role.CITIZEN:
        return Speaker(choice.label, choice.role, likely=choice.likely, manner=behaves)
    called, called_from = invited(flatten(invitation))
    for text in texts:
        if name := find_name(text):
            address = find_address(text, name.last)
            return Speaker(choice.label, choice.role, name.text, address.text if address else called_from,
                           likely=choice.likely, manner=behaves)
    address = find_address(texts[0])
    return Speaker(choice.label, choice.role, called, address.text if address else called_from, None, "invited",
                   choice.likely, (), behaves)


def _speaks_for(role: Role, manner: Manner, known: Weights) -> tuple[str, ...]:
    """The features that speak most for this role against the others, the strongest first."""
    others = [known.roles[other] for other in Role if other != role]
    gains = {name: value * (known.roles[role].get(name, 0.0) - sum(other.get(name, 0.0) for other in others)
                            / len(others)) for name, value in manner.items() if name != "bias"}
    best = sorted(gains, key=lambda name: gains[name], reverse=True)
    return tuple(name for name in best[:SHOWN] if gains[name] > 0)
