"""Measures who is taken for whom among the voices of a meeting, and learns what tells them apart.

    python benchmarks/roles.py [SHARED] [--more=FOLDER] [--write] [--quick]

Dialogues with known roles: those of SHARED/evaluation (by default `shared` beside the checkout),
those of `tests/data` with `tests/data/roles.tsv`, and those in the subfolders of --more. Each is
taken as written and as heard, as heard with words misheard and with a tenth of the utterances given
to a wrong speaker, and only its first five minutes, as while a meeting goes on. Every figure is of a
dialogue that was left out of what was learned, with all dialogues whose name differs from its own in
a last digit only (a1, a2, …: they are by one hand). --write learns from those of `tests/data` that
may be learned from, and stores the weights in `summarize/roles.json`.

role        Voices whose role is right, of all and of each role.
officials   Officials' voices with the right name, with a wrong one, with none.
citizens    The same of citizens who gave their name.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import DIALOGUES, ONLY_LEARNED, ROLES, learned_from, roles_in
from benchmarks.noise import misheard, mixed_up
from benchmarks.storing import store
from models.formats import read_transcript
from models.meeting_file import read_meeting
from models.records import Meeting, Utterance
from summarize.flat import Flat, flatten
from summarize.manner import manners
from summarize.naming import features, signs
from summarize.roles import VERSION, Role, Speaker, Weights, role_of, speakers
from summarize.turns import Turn, turns

ROOT = Path(__file__).parents[1]
ROLE_STRENGTH, NAME_STRENGTH, SMALLEST, OFTEN = 1.0, 1.0, 0.005, 8
FORMS = ("written", "heard", "heard 5%", "heard 10%", "heard 20%", "wrong speakers", "first 5 min written",
         "first 5 min heard")
MORE_FORMS = ("heard 10%", "first 2 min heard")
"""Learned from, but not measured."""


@dataclass(frozen=True)
class Dialogue:
    """A dialogue in both forms, and for each voice the role and the names it may be given ("" for none)."""

    name: str
    meeting: Meeting
    written: Sequence[Utterance]
    heard: Sequence[Utterance]
    roles: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def hand(self) -> str:
        return re.sub(r"(?<=[a-z])\d+$", "", self.name)


@dataclass(frozen=True)
class Case:
    """One form of a dialogue."""

    of: Dialogue
    spoken: Sequence[Turn]
    flats: Sequence[Flat]


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    shared = Path(arguments[0]) if arguments else ROOT.parent / "shared"
    more = [Path(argument[7:]) for argument in sys.argv if argument.startswith("--more=")]
    known = list(dialogues(shared, more))
    print(len(known), "dialogues,", sum(len(one.roles) for one in known), "voices")
    left_out(known, FORMS[:2] if "--quick" in sys.argv else FORMS)
    if "--write" in sys.argv:
        write(learn([examples(one) for one in known if one.name in {folder.name for folder in learned_from()}]))


def dialogues(shared: Path, more: Sequence[Path]) -> Iterator[Dialogue]:
    with ROLES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    folders = [*sorted((shared / "evaluation" / "meetings").glob("dialogue_*")), *sorted(DIALOGUES.glob("dialogue_*")),
               *sorted(ONLY_LEARNED.glob("dialogue_*")),
               *(path.parent for folder in more for path in sorted(folder.glob("*/gold.json")))]
    for folder in folders:
        if not (folder / "heard.jsonl").exists():
            continue
        own = [row for row in rows if row["dialogue"] == folder.name]
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        names = {row["speaker"]: row["name"] for row in own} or gold["speakers"]
        yield Dialogue(folder.name, read_meeting(folder / "meeting.yaml"), read_transcript(folder / "written.jsonl"),
                       read_transcript(folder / "heard.jsonl"), roles_in(folder), names)


def case(of: Dialogue, form: str, seed: int = 0) -> Case:
    said = list(of.written if "written" in form else of.heard)
    if (minutes := re.search(r"first (\d+) min", form)) is not None:
        said = [utterance for utterance in said if utterance.end <= 60 * int(minutes[1])]
    if (share := re.search(r"(\d+)%", form)) is not None:
        said = [replace(one, text=misheard(one.text, int(share[1]) / 100, seed)) for one in said]
    if form == "wrong speakers":
        said = mixed_up(said, seed)
    spoken = turns(said)
    return Case(of, spoken, [flatten(turn.text) for turn in spoken])


def left_out(known: Sequence[Dialogue], forms: Sequence[str]) -> None:
    by_hand = left_out_weights(known)
    print_header()
    for form in forms:
        found = Figures()
        for one in known:
            weights = by_hand[one.hand]
            for seed in range(2 if "%" in form or form == "wrong speakers" else 1):
                of = case(one, form, seed + 100)
                found.add(of, speakers(of.spoken, of.flats, one.meeting, weights=weights))
        found.print(form)


class Figures:
    """Counts over all voices."""

    def __init__(self) -> None:
        self.roles: Counter[tuple[str, bool]] = Counter()
        self.names: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []

    def add(self, of: Case, found: Mapping[str, Speaker]) -> None:
        for label, speaker in found.items():
            role, name = of.of.roles[label], of.of.names.get(label, "")
            self.roles[role, speaker.role == role] += 1
            kind = "citizens" if role == Role.CITIZEN else "officials"
            outcome = ("none" if not speaker.name else
                       "right" if speaker.name.lower() in name.lower().split("/") else "wrong")
            if name or outcome != "none":
                self.names[kind, outcome] += 1
            if speaker.role != role or outcome == "wrong":
                self.wrong.append(f"{of.of.name} {label}: {role} {name} taken for {speaker.role} {speaker.name} "
                                  f"({speaker.likely:.2f})")

    def share(self, *roles: str) -> float:
        right = sum(self.roles[role, True] for role in roles)
        return right / max(1, right + sum(self.roles[role, False] for role in roles))

    def print(self, form: str) -> None:
        print(form.ljust(22), f"{self.share(*Role):8.3f}", *(f"{self.share(role):10.3f}" for role in Role),
              *(f"{self.names[kind, outcome]:6d}" for kind in ("officials", "citizens")
                for outcome in ("right", "wrong", "none")))
        if "--wrong" in sys.argv:
            print(*(f"    {line}" for line in self.wrong), sep="\n")


def print_header() -> None:
    print("".ljust(22), "role".rjust(8), *(role.rjust(10) for role in Role),
          "  officials: right, wrong, none; citizens")


def left_out_weights(known: Sequence[Dialogue]) -> dict[str, Weights]:
    """For each hand what is learned from the dialogues of all others."""
    of = {one.name: examples(one) for one in known}
    return {hand: learn([of[one.name] for one in known if one.hand != hand]) for hand in {one.hand for one in known}}


@dataclass(frozen=True)
class Examples:
    """Features with the role of a voice, and with whether an official's voice is a certain official ("True")."""

    roles: Sequence[tuple[Mapping[str, float], str]]
    names: Sequence[tuple[Mapping[str, float], str]]


def examples(one: Dialogue) -> Examples:
    """All forms of a dialogue."""
    roles: list[tuple[Mapping[str, float], str]] = []
    names: list[tuple[Mapping[str, float], str]] = []
    for seed, form in enumerate((*FORMS, *MORE_FORMS)):
        of = case(one, form, seed)
        found = signs(of.spoken, of.flats, one.meeting.officials)
        behaviour = manners(of.spoken, of.flats, found)
        roles += [(manner, one.roles[label]) for label, manner in behaviour.items()]
        names += [(features(label, number, found, len(one.meeting.officials)),
                   str(person.name.lower() == one.names.get(label, "").lower()))
                  for label in behaviour if one.roles[label] == Role.OFFICIAL
                  for number, person in enumerate(one.meeting.officials) if role_of(person) == Role.OFFICIAL]
    return Examples(roles, names)


def learn(known: Sequence[Examples]) -> Weights:
    """What the features tell."""
    return Weights(_fit([row for one in known for row in one.roles], ROLE_STRENGTH),
                   _fit([row for one in known for row in one.names], NAME_STRENGTH)["True"])


def _fit(rows: Sequence[tuple[Mapping[str, float], str]], strength: float) -> dict[str, dict[str, float]]:
    """Outcome to feature to weight; of two outcomes only the later in the alphabet."""
    seen = Counter(name for row, _ in rows for name in row)
    vectorizer = DictVectorizer(sparse=False)
    table = vectorizer.fit_transform([{name: value for name, value in row.items() if seen[name] >= OFTEN}
                                      for row, _ in rows])
    model = LogisticRegression(C=strength, max_iter=2000, fit_intercept=False)
    model.fit(table, np.array([outcome for _, outcome in rows]))
    outcomes = model.classes_ if len(model.coef_) > 1 else model.classes_[1:]
    return {str(outcome): {name: round(float(weight), 3) for name, weight in zip(
        vectorizer.get_feature_names_out(), weights, strict=True) if abs(weight) >= SMALLEST}
        for outcome, weights in zip(outcomes, model.coef_, strict=True)}


def write(weights: Weights) -> None:
    store("roles", VERSION, "dialogues with known roles", {"roles": weights.roles, "naming": weights.naming})
    print(sum(len(own) for own in weights.roles.values()), "weights of roles,", len(weights.naming), "of names")


if __name__ == "__main__":
    main()
