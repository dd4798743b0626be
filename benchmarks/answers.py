"""Learns what tells that a reply answers a question, and prints how well it is then told.

    python benchmarks/answers.py [--write] [--shared=FOLDER]

Learned from the dialogues that `benchmarks/dialogues.py` names, in both forms: walked through with replies given as
the gold file says, whole and cut off early, every reply and every question before it are a pair, an answer or none. (A
citizen who is taken for an official teaches nothing.) Then every dialogue is judged by the weights of the others (in
groups), those that nothing is learned from by all. F1 counts pairs of a turn and a gold question that was found.
--write stores the weights in `summarize/answers.json`, with the encoder and for words alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dialogues import learned_from, matched, roles_in, unseen
from benchmarks.storing import store
from models.formats import read_transcript
from models.meeting_file import read_meeting
from summarize.answer_features import VERSION, Column, Reply
from summarize.answering import Judge, answer
from summarize.embedding import Embedder, open_embedder
from summarize.flat import Flat, flatten
from summarize.matters import Matter, put
from summarize.roles import Role, Speaker, speakers
from summarize.turns import Turn, in_utterances, turns

ROOT = Path(__file__).parents[1]
FORMS = ("written", "heard")
STRENGTH = 16.0  # of the pull towards nought, in units of a feature's spread
SPEAK_FOR = frozenset((
    "words > 1", "words over rival", "words over later", "most words of all", "lead > 0", "thoughts led", "meaning",
    "meaning over rival", "waits", "pressed", "asker insists", "chair answers, latest", "called", "called by prompt",
    "numbered", "subject", "waits, words", "open, over rival", "settled, over rival", "open, lead > 2",
    "prompted over rival", "lead over neighbour", "share of the way", "on the way, waits",
    "on the way, one of several"))
SPEAK_AGAINST = frozenset((
    "more elsewhere", "settled", "turns back", "far", "earlier round", "says nothing", "waits, says nothing",
    "chair, nothing", "chair, settled", "another called", "called, neighbour has more", "no words, neighbour has",
    "on the way, says nothing"))
"""What can only speak so, whatever chance has it in some dialogues."""
CUT_OFF = (1, 2, 4, 7)
SMALLEST = 1e-3  # spread of a feature that is hardly ever met
FOLDS = 6


@dataclass(frozen=True)
class Dialogue:
    """One form of a dialogue with its questions as they are found, for each the turns that answer it by the gold file
    (None: no question of the gold file), the citizens' labels, and how many questions the gold file has."""

    spoken: Sequence[Turn]
    flats: Sequence[Flat]
    known: Mapping[str, Speaker]
    found: Sequence[Matter]
    answered_by: Sequence[set[int] | None]
    citizens: frozenset[str]
    wanted: int

    def fresh(self) -> Dialogue:
        """The same with no question answered."""
        return replace(self, found=[replace(matter, replies=[], follow_ups=[]) for matter in self.found])

    def begun(self) -> Iterator[Dialogue]:
        """The same cut off before each of its first turns that ask, as while a meeting goes on."""
        asking = sorted({matter.turn for matter in self.found})
        for turn in (asking[i] for i in CUT_OFF if i < len(asking)):
            put = [at for at, matter in enumerate(self.found) if matter.turn < turn]
            yield replace(self, spoken=self.spoken[:turn], flats=self.flats[:turn],
                          found=[self.found[at] for at in put], answered_by=[self.answered_by[at] for at in put])

    def answers(self, turn: int, matters: Sequence[Matter]) -> list[bool | None]:
        """Whether a turn answers each of the matters; None where the gold file does not say."""
        gold = {id(matter): turns_of_it for matter, turns_of_it in zip(self.found, self.answered_by, strict=True)}
        return [None if (one := gold[id(matter)]) is None else turn in one for matter in matters]


@dataclass(frozen=True, eq=False)
class Recorder(Judge):
    """Judges as the gold file says and keeps what it was asked: features of pairs, and whether they are right."""

    dialogue: Dialogue | None = None
    rows: list[list[float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def chances(self, reply: Reply, matters: Sequence[Matter], columns: Mapping[str, Column]) -> Column:
        assert self.dialogue is not None
        gold = self.dialogue.answers(reply.turn, matters)
        table = np.stack([np.asarray(column, dtype=np.float64) for column in columns.values()], axis=1)
        for row, is_right in zip(table.tolist(), gold, strict=True):
            if is_right is not None and reply.speaker not in self.dialogue.citizens:
                self.rows.append(row)
                self.right.append(is_right)
        self.names[:] = columns
        return np.array([float(is_right or False) for is_right in gold])


@dataclass(frozen=True)
class Pairs:
    """Replies beside gold questions: the name of every feature, (pairs, features), and which are answers."""

    names: Sequence[str]
    table: np.ndarray
    right: np.ndarray


def main() -> None:
    shared = next((Path(argument[9:]) for argument in sys.argv if argument.startswith("--shared=")),
                  ROOT.parent / "shared")
    every = [list(forms(folder)) for folder in learned_from()]
    meetings = sorted((shared / "evaluation" / "meetings").glob("dialogue_*"))
    apart = {name: [list(forms(folder)) for folder in folders]
             for name, folders in (("never learned from", unseen()), ("shared", meetings))}
    learned = {}
    for by, embedder in (("meaning", open_embedder().attuned()), ("words", None)):
        pairs = [of_dialogue(dialogue, embedder) for dialogue in every]
        left_out = [count for fold in range(FOLDS) for count in _counts(
            every[fold::FOLDS], learn([one for i, one in enumerate(pairs) if i % FOLDS != fold]), embedder)]
        print(f"{by}, left out: {_f1(left_out)}")
        weights = learn(pairs)
        for name, dialogues in apart.items():
            print(f"{by}, {name}: {_f1(_counts(dialogues, weights, embedder))}")
        learned[by] = weights
    if "--write" in sys.argv:
        store("answers", VERSION, "dialogues", learned)


def forms(folder: Path) -> Iterator[Dialogue]:
    """The dialogue as written and as heard."""
    meeting = read_meeting(folder / "meeting.yaml")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    citizens = frozenset(speaker for speaker, role in roles_in(folder).items() if role == Role.CITIZEN)
    for form in FORMS:
        said = read_transcript(folder / f"{form}.jsonl")
        spoken = turns(said)
        flats = [flatten(turn.text) for turn in spoken]
        known = speakers(spoken, flats, meeting)
        found = put(spoken, flats, known)
        spans = [in_utterances(matter.spans, spoken) for matter in found]
        answered_by: list[set[int] | None] = [None] * len(found)
        turn_of = {piece.utterance: i for i, turn in enumerate(spoken) for piece in turn.pieces}
        for question, at in matched(gold, spans, said, form):
            answered_by[at] = {turn_of[utterance] for utterance in question["answer_utterances"]}
        yield Dialogue(spoken, flats, known, found, answered_by, citizens, len(gold["questions"]))


def of_dialogue(dialogue: Sequence[Dialogue], embedder: Embedder | None) -> Pairs:
    """The pairs of a dialogue in both forms, replies given as the gold file says."""
    recorders = []
    for one in (part for form in dialogue for part in (form, *form.begun())):
        fresh = one.fresh()
        recorders.append(Recorder({}, fresh))
        answer(fresh.found, fresh.spoken, fresh.flats, fresh.known, embedder, recorders[-1])
    return Pairs(recorders[0].names, np.array([row for one in recorders for row in one.rows]),
                 np.array([right for one in recorders for right in one.right]))


def learn(pairs: Sequence[Pairs]) -> dict[str, float]:
    """The weights under which what is right is likeliest, with a pull towards nought and the signs that must be."""
    names, table = pairs[0].names, np.concatenate([one.table for one in pairs])
    spread = table.std(axis=0)
    spread[spread < SMALLEST] = 1.0
    scaled, sign = table / spread, np.where(np.concatenate([one.right for one in pairs]), 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        for_right = sign * (scaled @ weights)
        slope = scaled.T @ (sign / (1 + np.exp(for_right)))
        return (float(np.logaddexp(0, -for_right).sum() + 0.5 * STRENGTH * weights @ weights),
                STRENGTH * weights - slope)

    limits = [(0 if name in SPEAK_FOR else None, 0 if name in SPEAK_AGAINST else None) for name in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=limits).x / spread
    return dict(zip(names, found.round(3).tolist(), strict=True))


def _counts(dialogues: Sequence[Sequence[Dialogue]], weights: Mapping[str, float],
            embedder: Embedder | None) -> list[tuple[int, int, int]]:
    """For every form right pairs, pairs taken, and pairs of the gold file."""
    counts = []
    for form in (form for dialogue in dialogues for form in dialogue):
        fresh = form.fresh()
        answer(fresh.found, fresh.spoken, fresh.flats, fresh.known, embedder, Judge(weights))
        both = [({said.span.utterance for said in matter.replies}, gold)
                for matter, gold in zip(fresh.found, fresh.answered_by, strict=True) if gold is not None]
        counts.append((sum(len(taken & gold) for taken, gold in both), sum(len(taken) for taken, _ in both),
                       sum(len(gold) for _, gold in both)))
    return counts


def _f1(counts: Sequence[tuple[int, int, int]]) -> str:
    right, taken, wanted = (sum(column) for column in zip(*counts, strict=True))
    return f"F1 {2 * right / (taken + wanted):.3f} ({right} right of {taken} taken, {wanted} wanted)"


if __name__ == "__main__":
    main()
