"""How a voice behaves in a meeting: whom it invites, what it says of itself, who speaks before and after it.

Every feature is something a person can check in the transcript, mostly the share of a voice's turns
in which a kind of phrase is met; what each tells of chair, secretary, official and citizen is
learned, see `summarize.roles`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log1p

from summarize.cues import count, says, words
from summarize.flat import Flat, flatten
from summarize.introductions import find_address, find_name, given_name
from summarize.mishearing import sound
from summarize.naming import Kind, Signs
from summarize.slips import slips
from summarize.turns import Turn
from summarize.voices import sounds_official

CUES = ("directs", "invites_citizen", "invites_official", "secretary", "opening", "closing", "interrupts", "citizen",
        "official", "asks", "requests", "complains", "promises", "in_writing", "beyond_authority", "escalates",
        "commits", "ends_turn", "names_denunciation", "answers_myself", "declines_to_commit", "lives", "presses",
        "praises", "puts_off")
BEFORE = ("invites_citizen", "invites_official", "asks", "requests", "complains", "promises", "commits", "official",
          "citizen")
HUMBLE = frozenset({"tui", "con", "cháu"})
OFFICES = frozenset({"xã", "phường", "phòng", "ủy", "ngành", "đơn"})
AT_BEGINNING = ("lives",)
RATES = ("asks", "requests", "complains", "commits", "promises", "citizen", "official")
OFTEN = 20  # words in which a phrase that is met once is met often
BEGINNING = 25  # words in which one says who one is
NEAR = 12  # words in which one speaks to somebody by name
SHORT, LONG = 14, 60  # words of a turn
NAMED_BY = (Kind.FULL_NAME, Kind.GIVEN_NAME, Kind.TITLED, Kind.OFFICE, Kind.OWN_OFFICE, Kind.CALLED_SURELY,
            Kind.CALLED, Kind.CALLED_IN_TURN, Kind.CALLED_BY_OFFICE, Kind.ASKED, Kind.THANKED)

Manner = Mapping[str, float]


def manners(spoken: Sequence[Turn], flats: Sequence[Flat], signs: Signs) -> dict[str, Manner]:
    """For each voice its features by name; most lie between 0 and 1."""
    turns: dict[str, list[int]] = defaultdict(list)
    for i, turn in enumerate(spoken):
        turns[turn.speaker].append(i)
    said = [_said(flat.original) for flat in flats]
    given = {label: _own_given(flats[at[0]]) for label, at in turns.items()}
    order = {label: n for n, label in enumerate(turns)}
    lead = max(turns, key=lambda label: sum(said[i].get("directs", 0.0) for i in turns[label]), default="")
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for (label, _), own in signs.items():
        kinds[label].update(sign.kind for sign in own)
    found: dict[str, Manner] = {}
    for label, at in turns.items():
        features = {"bias": 1.0, "first": float(order[label] == 0), "second": float(order[label] == 1),
                    "last": float(at[-1] == len(spoken) - 1), "turns": log1p(len(at)), "share": len(at) / len(spoken)}
        features |= _mean("", [said[i] for i in at])
        features |= {f"first:{name}": value for name, value in said[at[0]].items() if name in (
            "asks", "requests", "complains", "official", "promises", "commits", "citizen", "says who", "reports",
            "sounds official", "sounds like a citizen")}
        features |= _mean("before:", [{k: v for k, v in said[i - 1].items() if k in BEFORE}
                                      for i in at if i and spoken[i - 1].speaker != label])
        features |= _mean("after:", [{k: v for k, v in said[i + 1].items() if k in BEFORE}
                                     for i in at if i + 1 < len(spoken) and spoken[i + 1].speaker != label])
        features |= _in_talk(label, at, spoken, flats, given, lead)
        features |= {f"named:{kind}": float(kind in kinds[label]) for kind in NAMED_BY}
        features["reads out"] = float(any(slips(flats[i], flats[i - 1].text if i else "") for i in at))
        found[label] = {name: value for name, value in features.items() if value}
    return found


@lru_cache(maxsize=8192)
def _said(text: str) -> Mapping[str, float]:
    """What one turn shows by itself. Remembered, because while a meeting goes on the same turns are looked at again."""
    flat = flatten(text)
    tokens = flat.text.split()
    many = max(1, len(tokens))
    opening = " ".join(tokens[:BEGINNING])
    found = {name: 1.0 for name in CUES if says(name, opening if name in AT_BEGINNING else flat.text)}
    found |= {f"often {name}": min(1.0, OFTEN * count(name, flat.text) / many) for name in RATES if name in found}
    found |= {"short": float(many <= SHORT), "long": float(many >= LONG),
              "calls again": min(3, count("directs", flat.text)) / 3,
              "oneself": min(1.0, 20 * sum(token in words("me") for token in tokens) / many),
              "humble": min(1.0, 20 * sum(token in HUMBLE for token in tokens) / many),
              "we": min(1.0, 20 * sum(a in ("chúng", "tụi", "bọn") for a, b in pairwise(tokens)) / many),
              "offices": min(1.0, 20 * sum(token in OFFICES for token in tokens) / many),
              "numbers": min(1.0, 10 * sum(token[0].isdigit() for token in tokens) / many),
              "introduces": float(says("introduces", " ".join(tokens[:NEAR]))),
              "says who": float(find_name(flat) is not None),
              "says where": float("directs" not in found and _lives(flat)),
              "reports": float("báo cáo" in " ".join(tokens[:6])),
              "my home": float(any(f"{a} {b}" in ("nhà tôi", "nhà tui", "nhà em", "nhà cháu", "nhà con", "con tôi")
                                   for a, b in pairwise(tokens))),
              "ends with thanks": float(says("ends_turn", " ".join(tokens[-NEAR:]))),
              "office of one's own": float(_own_office(tokens)),
              "sounds official": (official := sounds_official(tokens)), "sounds like a citizen": 1 - official}
    return {name: value for name, value in found.items() if value}


def _lives(flat: Flat) -> bool:
    place = find_address(flat)
    return place is not None and place.first < BEGINNING


def _own_office(tokens: Sequence[str]) -> bool:
    """«Tôi …, phòng Kinh tế» or «Phòng Kinh tế, tôi là …» at the beginning."""
    opening = " ".join(tokens[:NEAR + 4])
    return any(token in words("me") for token in tokens[:8]) and "mời" not in tokens[:NEAR + 4] and any(
        f" {kind} " in f" {opening} " for kind in words("offices") if kind not in ("ban", "hội"))


def _own_given(flat: Flat) -> str:
    name = find_name(flat)
    return sound(given_name(flatten(name.text).text)) if name else ""


def _mean(prefix: str, rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for row in rows:
        for name, value in row.items():
            total[prefix + name] += value / len(rows)
    return total


def _in_talk(label: str, at: Sequence[int], spoken: Sequence[Turn], flats: Sequence[Flat],
             given: Mapping[str, str], lead: str) -> dict[str, float]:
    """Who speaks before and after the voice, and who is spoken to by name."""
    others = {name: of for of, name in given.items() if name and of != label}
    speaks_to = [any(_titled(flats[i], name) for name in others) for i in at]
    behind = [i for i in at if i and spoken[i - 1].speaker != label]
    ahead = [i for i in at if i + 1 < len(spoken) and spoken[i + 1].speaker != label]
    own = given[label]
    shares = {
        "speaks to by name": speaks_to,
        "after the leader": [spoken[i - 1].speaker == lead for i in behind],
        "before the leader": [spoken[i + 1].speaker == lead for i in ahead],
        "answered by name": [bool(own) and _titled(flats[i + 1], own) for i in ahead],
        "answers by name": [bool(given[spoken[i - 1].speaker]) and _titled(flats[i], given[spoken[i - 1].speaker])
                            for i in behind],
        "begins after itself": [i > 1 and spoken[i - 2].speaker == label for i in at]}
    return {name: sum(hits) / len(hits) for name, hits in shares.items() if hits} | {"leads": float(label == lead)}


def _titled(flat: Flat, name: str) -> bool:
    """«bác Bốn»: whether somebody is spoken to or of by a title and this given name."""
    return name in _names_after_titles(flat.original)


@lru_cache(maxsize=8192)
def _names_after_titles(text: str) -> frozenset[str]:
    """As they sound."""
    return frozenset(sound(following) for word, following in pairwise(flatten(text).as_said) if word in words("title"))
