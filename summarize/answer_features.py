"""What tells that a reply answers a question: shared words and meaning, who waits, who has just spoken, how it is said.

Every feature is a column with one value for each question put before the reply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from summarize.likeness import CALLED_BY_NAME, CALLED_BY_NUMBER, votes_by_meaning

Column = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SETTLED, ASKED_EARLIER, PRESSED, BEGUN = 3.0, 2.0, 4.0, 2.0  # votes that it takes more, or less, to be meant
TAKEN_UP, CHANGED = 1.5, 3.0  # what it costs to turn to another question with a thought that takes something up, or not
JUST_NOW = 3  # turns
FEW_WORDS, CLEAR_LEAD, MORE = 2, 2, 6  # worth of shared words
TOLD = {
    "nhắc lại lời câu hỏi": (
        "words > 1", "words over rival", "lead > 0", "thoughts led", "open, over rival", "settled, over rival",
        "open, lead > 2", "lead over neighbour", "waits, words", "share of the way", "on the way, waits",
        "on the way, one of several"),
    "gần nghĩa với câu hỏi": ("meaning", "meaning over rival"),
    "nói về việc này nhiều hơn mọi lời đáp khác": ("words over later", "most words of all"),
    "gọi tên người hỏi": ("called",),
    "tiếp lời vừa gọi tên người hỏi": ("called by prompt",),
    "nêu số thứ tự của ý được hỏi": ("numbered",),
    "nói về cùng lĩnh vực": ("subject",),
    "đáp điều vừa được hỏi lại": ("prompted over rival", "pressed", "asker insists", "asker spoke since"),
    "tiếp ngay sau lời người hỏi": ("asker just spoke", "asker spoke lately", "asker lately, few words", "just asked"),
    "nói tiếp câu mình đang trả lời": ("replied to last", "replied to just now", "same official goes on",
                                       "same official just now, asker back", "same official just now, asker silent",
                                       "asker came back to this official"),
    "câu này đang chờ trả lời": ("waits", "waits, many wait", "waits, long", "latest", "turn waits first",
                                 "turn waits second", "asked before the call"),
    "chủ tọa trả lời câu vừa nêu": ("chair answers, latest", "chair, latest waits"),
}
"""The features that speak for an answer, in words for people."""
VERSION = 2
"""Counts up whenever the features change: weights learned for others mean nothing."""


@dataclass(frozen=True)
class Standing:
    """How the questions put before a reply stand when it is given: columns of one value for each."""

    turn: Column  # rises
    group: npt.NDArray[np.int_]  # the same for those of one turn, counted from the first turn that asks
    together: Column  # how many their turn put
    ordinal: Column
    of: Column
    waits: Flags  # not replied to yet
    last_reply: Column  # the turn of the last reply, -1
    is_settled: Flags
    is_pressed: Flags  # its asker has just insisted on it
    is_denunciation: Flags
    is_called: Flags  # the reply speaks to its asker by name
    is_prompted: Flags  # what was said since the last reply does so
    is_numbered: Flags  # the reply names its number
    same_subject: Column  # in how many thoughts the reply speaks of its subject
    prompted: Column  # words that it shares with what was said since the last reply
    same_official: Flags  # who replied to it last speaks again
    just_spoke: Flags  # its asker, right before the reply
    spoke_lately: Flags  # or in the two turns before
    spoke_since: Flags  # since it was replied to last


@dataclass(frozen=True)
class Reply:
    """A reply: its turn and speaker, its length in words, how likely it says nothing (0 to 1)."""

    turn: int
    speaker: str
    words: int
    nothing: float
    asks: float  # log-odds that it puts a matter itself
    by_chair: bool
    answers: bool  # the manner of a chair who answers rather than directs
    round_begins: int  # the first turn since the last reply before a question
    takes_up: Flags  # thoughts that say what they are about


def features(reply: Reply, standing: Standing, words: Column, meaning: Column,
             words_elsewhere: Column) -> dict[str, Column]:
    """Name to column, (questions,). `words` and `meaning` are (thoughts, questions), `words_elsewhere` (2, questions)
    is what a question gets at most in earlier and in later replies."""
    return {
        "bias": np.ones(len(standing.turn)),
        **_of_words(words, words_elsewhere),
        **_of_meaning(meaning),
        **_of_turns(reply, standing),
        **_of_speakers(reply, standing, words),
        **_of_manner(reply, standing),
        **_among_others(standing, words),
        **_on_the_way(reply, standing, words, meaning),
    }


def _of_words(words: Column, elsewhere: Column) -> dict[str, Column]:
    total, ahead = words.sum(axis=0), _ahead(words, words)
    earlier, later = elsewhere
    return {
        "words > 1": total > 1,
        "words over rival": _over(total, best_other(total)),
        "words over later": _over(total, later),
        "most words of all": (total >= earlier) & (total >= later) & (total > 0),
        "more elsewhere": np.maximum(earlier, later) > total + MORE,
        "lead > 0": ahead.max(axis=0) > 0,
        "thoughts led": (ahead > 0).mean(axis=0),
    }


def _of_meaning(meaning: Column) -> dict[str, Column]:
    near = meaning.max(axis=0)
    is_known = near > 0  # without an encoder all are nought
    return {
        "meaning": is_known * (near - 0.4) * 2,
        "meaning of all": is_known * (meaning.mean(axis=0) - 0.27) * 2,
        "meaning over rival": is_known * (near - best_other(near)) * 2,
    }


def _of_turns(reply: Reply, standing: Standing) -> dict[str, Column]:
    turn, group, waits, single = standing.turn, standing.group, standing.waits, standing.of == 1
    back, waiting, many = group[-1] - group, group[standing.waits], waits.sum()
    first = waiting[0] if many else -1
    after_it = np.searchsorted(waiting, first, side="right")
    second = waiting[after_it] if after_it < many else -1
    return {
        "waits": waits, "settled": standing.is_settled, "pressed": standing.is_pressed,
        "latest": back == 0, "turn before": back == 1, "turns back": np.log1p(back),
        "far": np.log1p(reply.turn - turn), "earlier round": turn < reply.round_begins,
        "turn waits first": waits & (group == first), "turn waits second": waits & (group == second),
        "many wait": np.full(len(standing.turn), np.log1p(many)), "waits, many wait": waits * np.log1p(many),
        "just asked": (turn == reply.turn - 1) & waits, "asked before the call": (turn == reply.turn - 2) & waits,
        "one of several": ~single, "first of several": (standing.ordinal == 1) & ~single,
    }


def _of_speakers(reply: Reply, standing: Standing, words: Column) -> dict[str, Column]:
    """Who asked, who replied to it before, and who has just spoken."""
    replied, waits, settled = standing.last_reply, standing.waits, standing.is_settled
    same, since, just_now = standing.same_official, standing.spoke_since, ~waits & (reply.turn - replied <= JUST_NOW)
    return {
        "asker just spoke": standing.just_spoke, "asker spoke lately": standing.spoke_lately,
        "asker insists": standing.just_spoke & ~waits,
        "asker spoke since": since, "asker came back to this official": since & same,
        "asker lately, few words": standing.spoke_lately & (words.sum(axis=0) < FEW_WORDS),
        "replied to last": ~waits & (replied == replied.max(initial=0)), "replied to just now": just_now,
        "same official just now, asker back": same & just_now & since,
        "same official just now, asker silent": same & just_now & ~since,
        "same official goes on": same & ~settled, "same official settled it": same & settled,
    }


def _of_manner(reply: Reply, standing: Standing) -> dict[str, Column]:
    every, waits, called = np.ones(len(standing.turn)), standing.waits, standing.is_called
    long, turn = np.log1p(reply.words) - 3, standing.turn
    latest = turn == turn.max(initial=0)
    return {
        "long": every * long, "waits, long": waits * long,
        "says nothing": every * reply.nothing, "waits, says nothing": waits * reply.nothing,
        "puts a matter": every * np.clip(reply.asks / 4, -1, 2),
        "chair": every * reply.by_chair, "chair, nothing": every * reply.by_chair * reply.nothing,
        "chair, settled": standing.is_settled * reply.by_chair,
        "chair, latest waits": latest & waits & reply.by_chair,
        "chair answers, latest": latest & (reply.by_chair and reply.answers),
        "called": called, "another called": ~called & called.any(), "called by prompt": standing.is_prompted,
        "numbered": standing.is_numbered, "denunciation": standing.is_denunciation,
        "subject": np.minimum(standing.same_subject, 2),
    }


def _among_others(standing: Standing, words: Column) -> dict[str, Column]:
    """Beside those questions alone that still need an answer, and those of the same turn."""
    total, lead = words.sum(axis=0), _ahead(words, words).max(axis=0)
    is_open, prompted = ~standing.is_settled, standing.prompted
    open_words = np.where(is_open, words, 0.0)
    theirs = best_neighbour(total, standing.group, 0.0)
    their_lead = best_neighbour(lead, standing.group, lead.min(initial=0.0))
    over_open = _over(total, best_other(open_words.sum(axis=0)))
    return {
        "waits, words": standing.waits * np.log1p(total),
        "open, over rival": is_open * over_open, "settled, over rival": ~is_open * over_open,
        "open, lead > 2": is_open & (_ahead(words, open_words).max(axis=0) > CLEAR_LEAD),
        "prompted over rival": _over(prompted, best_other(prompted)),
        "lead over neighbour": (standing.together > 1) * np.clip((lead - their_lead) / 5, -2, 2),
        "called, neighbour has more": standing.is_called & (total < theirs),
        "no words, neighbour has": (total < 1) & (theirs > 3),
    }


def _on_the_way(reply: Reply, standing: Standing, words: Column, meaning: Column) -> dict[str, Column]:
    """What the likeliest way through the thoughts, one question or none for each, says of every question."""
    votes = words + votes_by_meaning(meaning)
    votes[0] += CALLED_BY_NAME * standing.is_called + CALLED_BY_NUMBER * standing.is_numbered
    reluctance = (SETTLED * standing.is_settled - PRESSED * standing.is_pressed
                  + ASKED_EARLIER * (standing.turn < reply.round_begins)
                  - BEGUN * (standing.same_official & ~standing.is_settled))
    way = _way(votes, reluctance, standing.prompted, reply.takes_up)
    share = np.bincount(way + 1, minlength=len(standing.turn) + 1)[1:] / len(way)
    on, waits = share > 0, standing.waits
    return {
        "share of the way": share, "on the way, waits": on & waits, "not on the way, waits": ~on & waits & on.any(),
        "on the way, chair": on & reply.by_chair, "on the way, says nothing": on * reply.nothing,
        "on the way, one of several": on & (standing.of > 1),
        "none on the way": np.full(len(on), not on.any()), "many on the way": np.full(len(on), on.sum() > 2),
    }


def _way(votes: Column, reluctance: Column, prompted: Column, takes_up: Flags) -> npt.NDArray[np.int_]:
    """(thoughts,): the question of each, -1 for none, so that most votes are won for the fewest changes (Viterbi)."""
    votes = np.concatenate((np.zeros((len(votes), 1)), votes), axis=1)
    reluctance = np.concatenate(([0.0], reluctance))
    gain = np.concatenate(([0.0], prompted)) - reluctance + votes[0]
    came_from = np.zeros(votes.shape, dtype=int)
    for i in range(1, len(votes)):
        changed = gain.max() - (TAKEN_UP if takes_up[i] else CHANGED) - reluctance
        stays = gain > changed
        came_from[i] = np.where(stays, np.arange(len(gain)), gain.argmax())
        gain = np.where(stays, gain, changed) + votes[i]
    way = [int(gain.argmax())]
    for i in range(len(votes) - 1, 0, -1):
        way.append(int(came_from[i, way[-1]]))
    return np.array(way[::-1]) - 1


def _over(words: Column, others: Column) -> Column:
    return np.clip((words - others) / 10, -2, 2)


def _ahead(words: Column, rivals: Column) -> Column:
    """(thoughts, questions): by how much each is ahead of the best of its rivals in each thought."""
    return words - best_other(rivals)


def best_other(values: Column) -> Column:
    """For each of the last axis the most that any other has."""
    if values.shape[-1] < 2:
        return np.zeros_like(values)
    two = np.partition(values, -2, axis=-1)
    second, most = two[..., -2:-1], two[..., -1:]
    rivals: Column = np.where(values < most, most, second)
    return rivals


def best_neighbour(values: Column, group: npt.NDArray[np.int_], none: float) -> Column:
    """For each question the most that any other of its group has; groups are counted from 0, and rise."""
    last = np.searchsorted(group, np.arange(group[-1] + 1), side="right") - 1
    order = np.lexsort((values, group))
    most: Column = values[order[last]][group]
    alone = np.diff(last, prepend=-1) == 1
    most[order[last]] = np.where(alone, none, values[order[last - 1]])
    return most
