"""Teaches the sentence encoder how people ask and answer at meetings, and stores what that changes in it.

    python benchmarks/encoder.py [--write]

Learned from `benchmarks/data/meetings.tsv` and what people say of the catalogue's subjects, never from a dialogue.
Three things at once: to which of the announced topics a question belongs, which of the meeting's answers is whose
(InfoNCE, van den Oord et al. 2018), and what became of a question. Only low-rank changes of the layers' matrices are
learned (LoRA: Hu et al. 2021, arXiv 2106.09685), so that they are small enough to be shipped. One meeting in ten is
left out and measured after each round: topics right, outcomes right, answers nearest to their own question. Takes
some forty minutes on two cores. --write stores the changes; count up `ATTUNED_VERSION` and run `known.py`,
`replies.py`, `statuses.py`, `answers.py` and `topics.py` after it.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.meetings import Written, written
from benchmarks.noise import misheard
from models.records import Status, Topic
from summarize.catalogue import fixed_texts, said_of_subjects, shared_out, subject_ids
from summarize.cues import strip_fillers
from summarize.embedding import ATTUNED, open_embedder
from summarize.flat import flatten
from summarize.topics import OF_MANY, SHARP

ROUNDS, RANK, RATE, OTHER_RATE, WARM_UP, LEAST_RATE, DECAY = 3, 16, 1e-3, 5e-3, 30, 0.02, 0.01
APART = 10  # one meeting of so many measures only
BATCH = 32  # of what people say of subjects
RENEWED = 25  # steps after which the subjects' vectors are made anew
LONGEST = 160  # tokens of a text
OF_ANSWERS, OF_OUTCOMES = 20.0, 10.0  # what cosines are multiplied with; those of topics with SHARP
SMOOTHING, OF_OTHERS = 0.05, 0.5
FEWEST, WHOLE = 12, 24  # words of a part of an answer; of one that is not cut
MISHEARD, WRONG = 0.5, 0.1  # share of the texts as they are heard, and of their words that are wrong in half of those
STATUSES = tuple(Status)


class LowRank(torch.nn.Module):
    """A matrix as it is, and a change of it: the product of two thin ones."""

    def __init__(self, whole: torch.nn.Linear) -> None:
        super().__init__()
        self.whole = whole
        self.down = torch.nn.Parameter(torch.randn(RANK, whole.in_features) * 0.02)
        self.up = torch.nn.Parameter(torch.zeros(whole.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.whole(x) + (x @ self.down.T) @ self.up.T
        return out


class Learner(torch.nn.Module):
    """The encoder with its changes, what lying outside all topics counts, and a judge of outcomes."""

    def __init__(self) -> None:
        super().__init__()
        model = open_embedder()._model
        self.tokenizer, self.network = model.tokenizer, model[0].auto_model
        self.changes = _adapt(self.network)
        self.outside = torch.nn.Parameter(torch.tensor(0.0))
        self.outcome = torch.nn.Linear(self.network.config.hidden_size, len(STATUSES))
        self.ids, self.told = subject_ids(), fixed_texts()[0]
        self.subjects = self.still(self.told, "passage: ")

    def encode(self, texts: Sequence[str], before: str = "query: ") -> torch.Tensor:
        """(texts, d) of length one."""
        batch = self.tokenizer([before + text for text in texts], padding=True, truncation=True, max_length=LONGEST,
                               return_tensors="pt")
        states = self.network(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        return normalize((states * mask).sum(1) / mask.sum(1), dim=1)

    @torch.no_grad()
    def still(self, texts: Sequence[str], before: str = "query: ") -> torch.Tensor:
        """The same without learning from it."""
        was = self.training
        self.eval()
        vectors = torch.cat([self.encode(texts[at:at + 8], before) for at in range(0, len(texts), 8)])
        self.train(was)
        return vectors

    def odds(self, asked: torch.Tensor, topics: Sequence[Topic]) -> torch.Tensor:
        """(questions, topics + 1): for each announced topic the (soft) nearest of its name and of the subjects that it
        calls for; in the last column the nearest subject that none calls for."""
        called, rivals = shared_out(topics)
        names = asked @ self.encode([topic.name for topic in topics], "passage: ").T
        near = asked @ self.subjects.T
        places = {id_: at for at, id_ in enumerate(self.ids)}
        columns = []
        for at, group in enumerate(called):
            each = torch.cat([names[:, [at]], near[:, [places[id_] for id_ in group]]], dim=1) * SHARP
            columns.append(torch.logsumexp(each, dim=1) - OF_MANY * np.log(1 + len(group)))
        others = near[:, [places[id_] for id_ in rivals]].max(dim=1).values + self.outside
        return torch.stack([*columns, others * SHARP], dim=1)


def main() -> None:
    random.seed(0)
    torch.manual_seed(0)
    learner, meetings, said = Learner(), written(), said_of_subjects()
    apart, taught = meetings[::APART], [one for at, one in enumerate(meetings) if at % APART]
    print("before:", measure(learner, apart), flush=True)
    batches = len(said) // BATCH
    steps = ROUNDS * (len(taught) + batches)
    optimizer = torch.optim.AdamW([
        {"params": [part for change in learner.changes.values() for part in (change.down, change.up)], "lr": RATE},
        {"params": [learner.outside, *learner.outcome.parameters()], "lr": OTHER_RATE}], weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, step / WARM_UP) * max(LEAST_RATE, 1 - step / steps))
    for at in range(ROUNDS):
        random.shuffle(said)
        jobs: list[Written | list[tuple[str, str]]] = [
            *taught, *(said[begin * BATCH:(begin + 1) * BATCH] for begin in range(batches))]
        random.shuffle(jobs)
        losses = defaultdict(list)
        learner.train()
        for step, job in enumerate(jobs):
            if step % RENEWED == 0:
                learner.subjects = learner.still(learner.told, "passage: ")
            with torch.autocast("cpu", torch.bfloat16):  # half the time where the processor multiplies such numbers
                parts = of_meeting(learner, job) if isinstance(job, Written) else of_subjects(learner, job)
            optimizer.zero_grad()
            sum(parts.values(), torch.tensor(0.0)).backward()
            torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimizer.step()
            rate.step()
            for name, loss in parts.items():
                losses[name].append(loss.item())
        print(f"round {at + 1}:", {name: round(float(np.mean(values)), 3) for name, values in losses.items()},
              measure(learner, apart), flush=True)
    if "--write" in sys.argv:
        write(learner.changes)


def of_meeting(learner: Learner, meeting: Written) -> dict[str, torch.Tensor]:
    """What is wrong of the questions of a meeting."""
    asked = learner.encode([_heard(one.question) for one in meeting.asked])
    found = {"topics": cross_entropy(learner.odds(asked, meeting.topics), _topics(meeting), label_smoothing=SMOOTHING)}
    rows = _answered(meeting)
    answers = learner.encode([_part(_heard(meeting.asked[row].answer)) for row in rows])
    likeness, own = answers @ asked.T * OF_ANSWERS, torch.tensor(rows)
    found["outcomes"] = OF_OTHERS * cross_entropy(
        learner.outcome(answers * OF_OUTCOMES), _outcomes(meeting, rows), label_smoothing=SMOOTHING)
    found["answers"] = OF_OTHERS * (cross_entropy(likeness, own)
                                    + cross_entropy(likeness.T[rows], torch.arange(len(rows))))
    return found


def of_subjects(learner: Learner, said: Sequence[tuple[str, str]]) -> dict[str, torch.Tensor]:
    """What is wrong of the subjects that people speak of (id, text)."""
    near = learner.encode([_heard(text) for _, text in said]) @ learner.subjects.T
    right = torch.tensor([learner.ids.index(id_) for id_, _ in said])
    return {"subjects": cross_entropy(near * SHARP, right, label_smoothing=SMOOTHING)}


@torch.no_grad()
def measure(learner: Learner, meetings: Sequence[Written]) -> dict[str, float]:
    """Of meetings apart, how often the topic and the outcome are right and an answer is nearest to its question."""
    right = defaultdict(list)
    learner.eval()
    for meeting in meetings:
        rows = _answered(meeting)
        asked = learner.still([strip_fillers(one.question) or one.question for one in meeting.asked])
        answers = learner.still([meeting.asked[row].answer for row in rows])
        right["topics"] += (learner.odds(asked, meeting.topics).argmax(1) == _topics(meeting)).tolist()
        right["outcomes"] += (learner.outcome(answers * OF_OUTCOMES).argmax(1) == _outcomes(meeting, rows)).tolist()
        right["answers"] += ((answers @ asked.T).argmax(1) == torch.tensor(rows)).tolist()
    return {name: round(float(np.mean(values)), 3) for name, values in right.items()}


def write(changes: Mapping[str, LowRank]) -> None:
    """Stores the changes in half precision."""
    thin = {f"{name}.{side}": getattr(change, side).detach().numpy().astype(np.float16)
            for name, change in changes.items() for side in ("down", "up")}
    np.savez_compressed(str(ATTUNED), **thin)
    print(f"{ATTUNED.stat().st_size / 1e6:.1f} MB")


def _adapt(network: Any) -> dict[str, LowRank]:
    """Puts a change beside every matrix of the layers; by the matrices' names."""
    network.requires_grad_(False)
    whole = {name: part for name, part in network.named_modules()
             if isinstance(part, torch.nn.Linear) and name.startswith("encoder.layer.")}
    changes = {name: LowRank(part) for name, part in whole.items()}
    for name, change in changes.items():
        above, _, last = name.rpartition(".")
        setattr(network.get_submodule(above), last, change)
    return changes


def _topics(meeting: Written) -> torch.Tensor:
    ids = [*(topic.id for topic in meeting.topics), None]
    return torch.tensor([ids.index(one.topic) for one in meeting.asked])


def _answered(meeting: Written) -> list[int]:
    return [row for row, one in enumerate(meeting.asked) if one.answer]


def _outcomes(meeting: Written, rows: Sequence[int]) -> torch.Tensor:
    return torch.tensor([STATUSES.index(Status(meeting.asked[row].status)) for row in rows])


def _heard(text: str) -> str:
    """Half of the time as a recogniser writes it, and half of that with some words misheard."""
    text, chance = strip_fillers(text) or text, random.random()
    if chance < MISHEARD / 2:
        text = misheard(text, WRONG, random.randrange(1000))
    return flatten(text).text if chance < MISHEARD else text


def _part(text: str) -> str:
    """Half of the time some words in a row of a long text: the program reads replies thought by thought."""
    words = text.split()
    if len(words) < WHOLE or random.random() < 0.5:
        return text
    many = random.randint(FEWEST, len(words))
    first = random.randint(0, len(words) - many)
    return " ".join(words[first:first + many])


if __name__ == "__main__":
    main()
