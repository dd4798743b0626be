"""Sifts what was cut out of turns: lead-ups, asides and thanks that look like questions are none of their own.

Whether one is a question is weighed when its answers are known: how it is said, how it stands in its turn and
whether anybody answered it are features with weights that `benchmarks/sifting.py` learned (logistic regression). What
is none goes back to its neighbour in the same turn, so that no word of a question is lost; where it stood alone, to
what its asker put before, or it is left out. Denunciations, slips, what somebody insisted on and clear demands are
never sifted out: a lost question is worse than one too many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from models.records import Span
from summarize.catalogue import subject
from summarize.cues import says
from summarize.cutting import is_demand
from summarize.matters import Matter
from summarize.openings import matter as puts_matter
from summarize.stored import stored

UNLIKELY = 0.3  # to be a question of its own
CUES = ("asks", "requests", "complains", "praises", "thanks", "denounces", "presses", "no_question", "courtesy",
        "introduced_by", "announces", "leans_back", "same_as")
SURELY, HARDLY = 0.9, 0.5  # answered
VERSION = 1
"""Counts up whenever the features change: weights learned for others mean nothing."""


def sifted(found: Sequence[Matter]) -> list[Matter]:
    """The matters that are questions, each with the words of those neighbours that are none."""
    kept: list[Matter] = []
    last: dict[str, Matter] = {}  # of each asker
    for together in _turns(found):
        before = last.get(together[0].asker)
        waits = len(together) > 1 and not any(matter.replies for matter in together)  # nobody can tell yet
        real = [matter for matter in together if waits or _stays(matter, together, before is not None)]
        for at, matter in enumerate(together):
            if matter in real:
                continue
            if real:
                _give(matter, _nearest(at, real, together))
            elif before:
                _follow(matter, before)
        kept += [replace(matter, ordinal=i, of=len(real)) for i, matter in enumerate(real, start=1)]
        last |= {matter.asker: matter for matter in kept[-1:] if real}
    return kept


def _nearest(at: int, real: Sequence[Matter], together: Sequence[Matter]) -> Matter:
    """The one nearest to this place of a turn, rather the one that follows: what leads up comes before."""
    return min(real, key=lambda one: (abs(together.index(one) - at), together.index(one) < at))


def _turns(found: Sequence[Matter]) -> list[list[Matter]]:
    """Those that one asker put in one turn, in the order they were found."""
    groups: dict[tuple[int, str], list[Matter]] = {}
    for matter in found:
        groups.setdefault((matter.turn, matter.asker), []).append(matter)
    return list(groups.values())


def _stays(matter: Matter, together: Sequence[Matter], asked_before: bool) -> bool:
    if matter.is_denunciation or matter.opening == "slip" or matter.follow_ups or matter.pressed:
        return True
    if matter.opening == "ordinal" and asked_before and not _is_kind(matter.flat):
        return True
    if matter.opening == "ordinal" and any(said.likely > SURELY for said in matter.replies):
        return True
    if is_demand(matter.flat) and not says("presses", matter.flat) and _is_clear(matter, together, asked_before):
        return True
    odds = sum(learned().get(name, 0.0) * value for name, value in features(matter, together).items())
    return 1 / (1 + math.exp(-odds)) >= UNLIKELY


def _is_clear(matter: Matter, together: Sequence[Matter], asked_before: bool) -> bool:
    """A demand that the speaker counted or added, that was surely answered, or all that somebody came to say."""
    sole = len(together) == 1 and not asked_before and not _is_kind(matter.flat)
    return sole or matter.opening in ("link", "ordinal") or any(said.likely > SURELY for said in matter.replies)


def _is_kind(flat: str) -> bool:
    """Whether it praises, thanks or says that it asks nothing."""
    return any(says(name, flat) for name in ("no_question", "praises", "thanks"))


def _give(matter: Matter, to: Matter) -> None:
    """The words of a matter that is none, and what was said to it, go to its neighbour."""
    to.text = " ".join((matter.text, to.text) if _first(matter.spans) < _first(to.spans) else (to.text, matter.text))
    to.spans[:] = sorted([*to.spans, *matter.spans], key=lambda span: (span.utterance, span.start))
    to.replies = to.replies or matter.replies
    to.outside = to.outside or matter.outside


def _follow(matter: Matter, to: Matter) -> None:
    """What only takes up its asker's matter again, and what was said to that, are kept with it."""
    to.follow_ups += [span for span in matter.spans if span not in to.follow_ups]
    known = {said.span.utterance for said in to.replies}
    to.replies += [said for said in matter.replies if said.span.utterance not in known]


def _first(spans: Sequence[Span]) -> tuple[int, int]:
    return min((span.utterance, span.start) for span in spans)


def features(matter: Matter, together: Sequence[Matter]) -> dict[str, float]:
    """What tells that a matter is a question of its own, beside those of the same turn."""
    words, puts, demands = len(matter.flat.split()), puts_matter(matter.flat) / 3, is_demand(matter.flat)
    at, several, answered = together.index(matter), len(together) > 1, bool(matter.replies)
    likely = max((said.likely for said in matter.replies), default=0.0)
    return {
        "bias": 1.0, "puts a matter": puts, "demands": demands, "length": math.log1p(words),
        "under 10 words": words < 10, "under 18 words": words < 18, "over 40 words": words > 40,
        "one of several": several, "one of many": len(together) > 2, "first": at == 0, "last": at == len(together) - 1,
        "answered": answered, "answered again": len(matter.replies) > 1, "likely answered": likely,
        "surely answered": likely > SURELY, "hardly answered": likely < HARDLY,
        "subject": subject(matter.flat) is not None, f"begins:{matter.opening}": 1.0,
        **{f"says:{name}": says(name, matter.flat) for name in CUES},
        "answered, puts a matter": answered * puts, "answered, demands": answered and demands,
        "one of several, demands": several and demands, "alone, not answered": not several and not answered,
    }


@cache
def learned() -> Mapping[str, float]:
    """The weights shipped. Raises ValueError when they were learned for other features."""
    weights: dict[str, float] = stored("sifting", VERSION)["weights"]
    return weights
