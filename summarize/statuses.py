"""What became of a question, from the words that answered it.

An answer is kept apart from a promise: «hạn chế việc tiếp thu, hứa nhưng không trả lời và
cũng không thực hiện». A promise with a day or a figure is an answer; without one it is not.

Officials have endless words for each outcome, so what tells them apart is weighed, not listed: every
feature of a reply (`reply_features`) has a weight for each outcome, learned by `benchmarks/statuses.py`.
Certain is only that a question nobody replied to is unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from models.records import Status
from summarize.flat import Flat, flatten
from summarize.pertinent import pertinent
from summarize.reply_features import VERSION, features
from summarize.stored import stored

NOTHING = "none"  # the outcome of words that say nothing of what is to become of a question
SURELY_NOTHING = 0.8  # how likely a reply says nothing, for it not to count
FEWEST, SHOWN = 3, 9  # words that a decision shows, and those of a cue that they cut

NO_REPLY = "không thấy lời nào trả lời câu này"
WORDS_FOR = {
    Status.WRITTEN: "hẹn trả lời bằng văn bản",
    Status.ESCALATED: "nói là vượt thẩm quyền, chuyển lên trên",
    Status.PROMISED: "chỉ ghi nhận hoặc hứa, chưa có ngày hay số cụ thể",
    Status.ANSWERED: "trả lời cụ thể",
    Status.UNANSWERED: "có lời đáp nhưng không nói việc này sẽ ra sao",
}


@dataclass(frozen=True)
class Verdict:
    """A status, in Vietnamese what it rests on, and which of the replies says that."""

    status: Status
    reason: str
    decisive: int = 0


@dataclass(frozen=True, eq=False)
class Learned:
    """The outcomes told apart, and for each feature of a reply its weight for each of them, shape (outcomes,)."""

    outcomes: tuple[str, ...]
    weights: Mapping[str, np.ndarray]


def judge(replies: Sequence[Flat], question: str = "", by: Learned | None = None) -> Verdict:
    """The status of a question (flat text) after all replies, in order: later ones count more, those that say nothing
    of what is to become of it do not count at all. `by` other weights than those shipped."""
    if not replies:
        return Verdict(Status.UNANSWERED, NO_REPLY)
    by = by or learned()
    told = [pertinent(reply, question) for reply in replies]
    chances = np.array([_chances(text, by) for text in told])
    nothing = by.outcomes.index(NOTHING)
    chances[chances[:, nothing] > SURELY_NOTHING] = 0
    if not chances.any():
        return _because(Status.UNANSWERED, told[0], NOTHING, 0, by)
    chances[:, nothing] = 0
    chances *= np.arange(1, len(replies) + 1)[:, None]
    outcome = int(chances.sum(axis=0).argmax())
    decisive = int(chances[:, outcome].argmax())
    name = by.outcomes[outcome]
    return _because(Status(name), told[decisive], name, decisive, by)


def says_nothing(reply: str) -> float:
    """How likely a reply (flat text) says nothing of what is to become of a question."""
    return _chances(reply, learned())[learned().outcomes.index(NOTHING)] if reply else 1.0


def _because(status: Status, reply: str, outcome: str, decisive: int, by: Learned) -> Verdict:
    return Verdict(status, f"{WORDS_FOR[status]}: «{_telling_words(reply, outcome, by)}»", decisive)


@lru_cache(maxsize=16384)
def _chances(reply: str, by: Learned) -> tuple[float, ...]:
    """How likely a reply (flat text) means each outcome, summing to 1."""
    scores = np.zeros(len(by.outcomes))
    for feature in features(flatten(reply)):
        if feature.name in by.weights:
            scores += feature.value * by.weights[feature.name]
    likely = np.exp(scores - scores.max())
    return tuple(likely / likely.sum())


@lru_cache(maxsize=4096)
def _telling_words(reply: str, outcome: str, by: Learned) -> str:
    """The words in a row of a reply that speak most for an outcome, with all of the cues and days that they are in."""
    flat, at = flatten(reply), by.outcomes.index(outcome)
    spoke = [(feature.value * float(by.weights[feature.name][at]), feature) for feature in features(flat)
             if feature.name in by.weights and feature.last > feature.first]
    gains = np.zeros(len(flat.words))
    for gain, feature in spoke:
        gains[feature.first:feature.last] += gain / (feature.last - feature.first)
    sums = np.concatenate(([0.0], gains.cumsum()))
    _, first, last = max(((sums[last] - sums[first], first, last) for first in range(len(gains))
                          for last in range(min(first + FEWEST, len(gains)), min(first + SHOWN, len(gains)) + 1)),
                         default=(0.0, 0, 0))
    whole = [(feature.first, feature.last) for gain, feature in spoke if gain > 0 and feature.is_cue
             and feature.first < last and feature.last > first]
    return flat.between(min([first, *(begin for begin, _ in whole)]), max([last, *(end for _, end in whole)]))


@cache
def learned() -> Learned:
    """The weights shipped. Raises ValueError when they were learned for other features."""
    found = stored("statuses", VERSION)
    return Learned(tuple(found["outcomes"]), {name: np.array(row) for name, row in found["weights"].items()})
