"""Learns which words of a reply answer which question, prints how well it is then told, and stores what was learned.

    python benchmarks/replies.py [--write]

Learned from `benchmarks/data/shared_replies.tsv` (questions, and a reply to several of them with marks where it turns
to which) and from the answers of `benchmarks/data/meetings.tsv`, two to four of a meeting put together to one reply;
each as it was written or without full stops, as a recogniser hears it. One in five of the former is left out and
measured: words given to the right question, and answers of whose words four fifths are found, and hardly others.
--write stores the weights, with meaning and by words alone; run `statuses.py` and `answers.py` after it.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.meetings import Written, written
from benchmarks.storing import store
from summarize.embedding import Embedder, open_embedder
from summarize.flat import Flat, flatten
from summarize.introductions import find_name, given_name
from summarize.likeness import Rarity
from summarize.replies import (
    MEANS,
    ORDER,
    SAYS,
    TURNS,
    VERSION,
    Evidence,
    Open,
    Part,
    Shares,
    evidence,
    order_of,
    share_out,
)

FILE = Path(__file__).parent / "data" / "shared_replies.tsv"
OF_MEETING = 1  # replies put together of each meeting
IN_ORDER, LINKED = 0.6, 0.3  # share of replies in the order of the questions, of answers linked to the one before
LINKS = ("Còn", "Về", "Rồi", "Tiếp theo,", "Ý nữa,", "Với ý kiến của {name}", "Còn ý của {name}", "Thưa {name},")
MADE_UP = 0.5  # what a reply put together counts
STRENGTH = 1e-4  # of the pull towards nought
APART = 5  # one reply of so many measures only
RIGHT = 0.8  # share of a stretch


@dataclass(frozen=True, eq=False)
class Shared:
    """A reply to several questions, which question each of its words answers, what is rare, and what it counts."""

    questions: Sequence[Open]
    reply: Flat
    owners: np.ndarray
    rarity: Rarity
    worth: float


def main() -> None:
    chance = random.Random(3)
    real, made = list(read_shared()), [one for meeting in written() for one in put_together(meeting, chance)]
    learned = {}
    for judge, embedder in (("meaning", open_embedder().attuned()), ("words", None)):
        known = [one for at, one in enumerate(real) if at // 2 % APART] + made
        apart = [one for at, one in enumerate(real) if at // 2 % APART == 0]
        print(f"{judge}, left out:", told(apart, embedder, learn(known, embedder)), flush=True)
        shares = learn([*real, *made], embedder)
        kinds = (*SAYS, *MEANS) if embedder else SAYS
        learned[judge] = {group: dict(zip(names, weights.round(3).tolist(), strict=True)) for group, names, weights in (
            ("says", kinds, shares.says), ("turns", TURNS, shares.turns), ("order", ORDER, shares.order))}
    print(json.dumps(learned, indent=1))
    if "--write" in sys.argv:
        store("replies", VERSION, "shared_replies.tsv and meetings.tsv", learned)


def read_shared() -> Iterator[Shared]:
    """The replies of the file, in both forms."""
    asked: list[tuple[str, str, str]] = []
    with FILE.open(encoding="utf-8") as file:
        for kind, *fields in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if kind == "GROUP":
                asked = []
            elif kind == "Q":
                asked.append((fields[0], "" if fields[1] == "-" else fields[1], fields[2]))
            else:
                yield from _both_forms(asked, re.findall(r"\[(\d)\]\s*([^\[]*)", fields[0]))


def _both_forms(asked: Sequence[tuple[str, str, str]], pieces: Sequence[tuple[str, str]]) -> Iterator[Shared]:
    """Without the questions that are forgotten; what answers none goes to what was answered before it, else after."""
    numbers = [number for number, _, _ in asked if any(number == mark for mark, _ in pieces)]
    if len(numbers) < 2:
        return
    rarity = Rarity([flatten(text).text for text in (*(text for _, _, text in asked), *(text for _, text in pieces))])
    opens = []
    for number, name, text in asked:
        same = [other for other, theirs, _ in asked if theirs == name and name]
        if number in numbers:
            opens.append(Open(flatten(text).text, given_name(flatten(name).text),
                              same.index(number) + 1 if same and same[-1] == asked[-1][0] else 0, max(1, len(same))))
    owners: list[int] = []
    for mark, text in pieces:
        at = numbers.index(mark) if mark in numbers else owners[-1] if owners else -1
        owners += [at] * len(flatten(text).words)
    first = next(at for at in owners if at >= 0)
    whole = flatten(" ".join(text.strip() for _, text in pieces))
    right = np.array([first if at < 0 else at for at in owners])
    for reply in (whole, flatten(whole.text)):
        if len(reply.words) == len(right):
            yield Shared(opens, reply, right, rarity, 1.0)


def put_together(meeting: Written, chance: random.Random) -> Iterator[Shared]:
    """Replies made of the answers of a meeting."""
    answered = [one for one in meeting.asked if one.answer]
    rarity = Rarity([flatten(text).text for one in answered for text in (one.question, one.answer)])
    for _ in range(OF_MEETING):
        picked = sorted(chance.sample(range(len(answered)), chance.choice((2, 2, 3, 4))))
        names = [find_name(flatten(answered[at].question)) for at in picked]
        opens = [Open(flatten(answered[at].question).text, given_name(name.text.lower()) if name else "")
                 for at, name in zip(picked, names, strict=True)]
        order = list(range(len(picked)))
        if chance.random() > IN_ORDER:
            chance.shuffle(order)
        texts = [answered[picked[at]].answer for at in order]
        texts = [_linked(text, names[at].text if names[at] else "", chance) if i else text
                 for i, (at, text) in enumerate(zip(order, texts, strict=True))]
        owners = np.concatenate([[at] * len(flatten(text).words) for at, text in zip(order, texts, strict=True)])
        whole = flatten(" ".join(texts))
        reply = whole if chance.random() < 0.5 else flatten(whole.text)
        if len(reply.words) == len(owners):
            yield Shared(opens, reply, owners, rarity, MADE_UP)


def _linked(text: str, name: str, chance: random.Random) -> str:
    if chance.random() > LINKED:
        return text
    link = chance.choice([link for link in LINKS if name or "{" not in link])
    return f"{link.format(name=name)} {text[0].lower()}{text[1:]}"


def learn(known: Sequence[Shared], embedder: Embedder | None) -> Shares:
    """The weights under which what is right is likeliest; nothing that speaks for a question may count against it."""
    tables = [(one, evidence(one.reply, one.questions, one.rarity, embedder)) for one in known]
    batch = _Batch(tables)
    kinds = tables[0][1].says.shape[2]
    weights = torch.zeros(kinds + len(TURNS) + len(ORDER), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        parts = torch.split(weights, [kinds, len(TURNS), len(ORDER)])
        total = batch.loss(*parts) + STRENGTH * (weights ** 2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    found = weights.detach().numpy()
    return Shares(found[:kinds], found[kinds:-len(ORDER)], found[-len(ORDER):])


class _Batch:
    """Replies side by side, filled up to the longest."""

    def __init__(self, tables: Sequence[tuple[Shared, Evidence]]) -> None:
        pieces = max(len(found.begins) for _, found in tables)
        many = max(len(one.questions) for one, _ in tables)
        kinds = tables[0][1].says.shape[2]
        self.says = torch.zeros(len(tables), pieces, many, kinds, dtype=torch.float64)
        self.turns = torch.zeros(len(tables), pieces, len(TURNS), dtype=torch.float64)
        self.no_question = torch.zeros(len(tables), many, dtype=torch.float64)
        self.right = torch.zeros(len(tables), pieces, dtype=torch.long)
        self.is_piece = torch.zeros(len(tables), pieces, dtype=torch.bool)
        self.worth = torch.tensor([one.worth for one, _ in tables], dtype=torch.float64)
        self.order = torch.from_numpy(order_of(many))
        for at, (one, found) in enumerate(tables):
            length, asked = found.says.shape[:2]
            self.says[at, :length, :asked] = torch.from_numpy(found.says)
            self.turns[at, :length] = torch.from_numpy(found.turns)
            self.no_question[at, asked:] = -1e9
            self.is_piece[at, :length] = True
            ends = [*found.begins[1:], len(one.reply.words)]
            self.right[at, :length] = torch.tensor([int(np.bincount(one.owners[a:b]).argmax())
                                                    for a, b in zip(found.begins, ends, strict=True)])

    def loss(self, says: torch.Tensor, turns: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
        """How unlikely what is right is, by piece."""
        gains, turning = self.says @ says + self.no_question[:, None], self.turns @ turns
        many, row = gains.shape[2], torch.arange(len(gains))
        same = torch.eye(many, dtype=torch.float64)
        paths = gains[:, 0] + order[-1] * same[0]
        right = paths[row, self.right[:, 0]]
        for i in range(1, gains.shape[1]):
            step = (self.order @ order[:-1])[None] + (1 - same)[None] * turning[:, i, None, None]
            on = torch.logsumexp(paths[:, :, None] + step, dim=1) + gains[:, i]
            paths = torch.where(self.is_piece[:, i, None], on, paths)
            gone = step[row, self.right[:, i - 1], self.right[:, i]] + gains[row, i, self.right[:, i]]
            right = right + torch.where(self.is_piece[:, i], gone, torch.zeros_like(gone))
        unlikely = torch.logsumexp(paths, dim=1) - right
        return (unlikely * self.worth).sum() / (self.is_piece.sum(dim=1) * self.worth).sum()


def told(apart: Sequence[Shared], embedder: Embedder | None, by: Shares) -> str:
    """How many words, and how many stretches, are given to the right question."""
    words, stretches = [], []
    for one in apart:
        parts = share_out(one.reply, one.questions, one.rarity, embedder, by)
        found = _owners(parts, len(one.reply.words))
        words += (found == one.owners).tolist()
        for at in range(len(one.questions)):
            mine, theirs = found == at, one.owners == at
            stretches.append((mine & theirs).sum() >= RIGHT * (mine | theirs).sum())
    return f"{np.mean(words):.3f} of {len(words)} words, {np.mean(stretches):.3f} of {len(stretches)} stretches"


def _owners(parts: Sequence[Part], many: int) -> np.ndarray:
    found = np.full(many, -1)
    for part in parts:
        found[part.first:part.last] = part.question
    return found


if __name__ == "__main__":
    main()
