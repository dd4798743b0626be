"""The matters that citizens put: one walk through a meeting.

Citizens add matters, the secretary reads out those of absent people; what a chair stops is one, too, to be withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from models.records import Span
from summarize.again import puts_new
from summarize.cues import phrase_in, says
from summarize.cutting import Part, content, cut, demands, is_matter
from summarize.flat import Flat, flatten
from summarize.private_persons import accuses_somebody, denounces, tells_of_office
from summarize.roles import LEADS, Role, Speaker
from summarize.slips import Slip, slips
from summarize.statuses import Verdict, judge
from summarize.turns import Turn

SHORTEST_CLEAR = 18  # words with which a linked matter is clear without the one before
STOPS = ("hushes", "names_denunciation", "hushes_softly", "hushes_aside")
CONTINUES_WITHIN = 3  # turns until an interrupted citizen goes on


@dataclass(frozen=True)
class Said:
    """A stretch of a turn that answers a matter: where, flat, and as said; how likely it does (0 to 1), and why."""

    span: Span
    speaker: str
    flat: str
    words: str
    likely: float
    why: str


@dataclass
class Matter:
    """A question in the making: where it was said, and the stretches that answered it.

    The `utterance` of all spans counts turns. `asker` is the speaker's label; who put it says
    `name`, as introduced, called by the chair, or written on a slip.
    """

    asker: str
    turn: int
    spans: list[Span]
    text: str
    ordinal: int
    of: int
    replies: list[Said] = field(default_factory=list)
    outside: str = ""
    leans_on: str = ""  # the matter before it, when this one says too little on its own
    pressed: bool = False
    name: str = ""
    address: str = ""
    opening: str = "start"
    interrupted: str = ""  # the chair's words that call it a denunciation
    accuses_first: bool = False  # before the matter, among the words of an introduction
    follow_ups: list[Span] = field(default_factory=list)
    is_nameless: bool = False  # who put it wants no name
    is_settled: bool = False  # by the replies so far
    hides_names: bool = False  # somebody asked not to call others by name

    @property
    def flat(self) -> str:
        return flatten(self.text).text

    @property
    def verdict(self) -> Verdict:
        return _verdict(tuple(said.words for said in self.replies), self.flat)

    @property
    def is_denunciation(self) -> bool:
        return bool(self.interrupted) or self.accuses_first or _denounces(self.text)


@lru_cache(maxsize=4096)
def _denounces(text: str) -> bool:
    return denounces(flatten(text))


@lru_cache(maxsize=4096)
def _verdict(replies: tuple[str, ...], question: str) -> Verdict:
    """Remembered, because every reply asks it of every question that is still open."""
    return judge([flatten(words) for words in replies], question)


def put(spoken: Sequence[Turn], flats: Sequence[Flat], known: Mapping[str, Speaker]) -> list[Matter]:
    """Every matter of the meeting, in the order they were put."""
    found: list[Matter] = []
    for i, (turn, flat) in enumerate(zip(spoken, flats, strict=True)):
        speaker = known[turn.speaker]
        read_out = slips(flat, flats[i - 1].text if i else "") if speaker.role in LEADS else []
        if speaker.role == Role.CITIZEN or read_out or (_may_denounce(speaker) and denounces(flat)):
            if says("hushes", flat.text) and not denounces(flat):
                _withhold(i, flats, spoken, known, found)
            if not read_out and _goes_on(i, turn, flats, found):
                continue
            asked = _read_out(i, turn, flat, read_out) if read_out else _asked(i, turn, flats, speaker, found)
            for matter in asked:
                matter.interrupted = phrase_in("hushes", flat.text)  # it speaks of what is to be kept quiet
            found += asked
            continue
        if _stops(flat, flats[i - 1] if i else flat, speaker):
            _withhold(i, flats, spoken, known, found)
        if found and says("hides_names", flat.text):
            for matter in found:
                matter.hides_names |= matter.turn == found[-1].turn
    return sorted(found, key=lambda matter: matter.turn)


def _stops(flat: Flat, before: Flat, speaker: Speaker) -> bool:
    """Whether somebody stops what was just said as a denunciation, or asks that it be kept quiet."""
    return (says("hushes", flat.text) or (speaker.role in LEADS and says("names_denunciation", flat.text))
            or (says("hushes_softly", flat.text) and accuses_somebody(before))
            or (says("hushes_aside", flat.text) and tells_of_office(before)))


def _asked(i: int, turn: Turn, flats: Sequence[Flat], speaker: Speaker, before: Sequence[Matter]) -> list[Matter]:
    """The new matters of a citizen's turn."""
    flat = flats[i]
    parts = _parts(flat)
    own = [matter for matter in before if matter.asker == turn.speaker]
    if own:
        replied = " ".join(other.text for other in flats[own[-1].spans[-1].utterance + 1:i])
        parts = [part for part in parts if _is_new(part, flat, own, replied)]
    found = _matters_of(i, turn, flat, parts)
    if found and not found[0].is_denunciation and _denounces(turn.text[:found[0].spans[0].end]):
        found[0].accuses_first = True
    if own and parts and parts[0].opening == "link" and parts[0].last - parts[0].first < SHORTEST_CLEAR:
        found[0].leans_on = max(own, key=lambda earlier: len(content(earlier.flat) & content(found[0].flat))).text
    for matter in found:
        matter.name, matter.address = speaker.name, speaker.address
        matter.is_nameless = says("wants_no_name", flat.text)
    if found and says("outside_topic", flat.text):
        found[0].outside = phrase_in("outside_topic", flat.text)
    return found


def _parts(flat: Flat) -> list[Part]:
    """The matters of what somebody puts; a denunciation is one in any words, to be withheld."""
    return cut(flat) or [Part(0, len(flat.words), "start")] * denounces(flat)


def _matters_of(i: int, turn: Turn, flat: Flat, parts: Sequence[Part]) -> list[Matter]:
    found: list[Matter] = []
    for ordinal, part in enumerate(parts, start=1):
        start, end = flat.characters(part.first, part.last)
        found.append(Matter(turn.speaker, i, [Span(i, start, end)], _one_line(turn.text[start:end]),
                            ordinal, len(parts), opening=part.opening))
        if ordinal > 1 and part.opening == "link" and part.last - part.first < SHORTEST_CLEAR:
            found[-1].leans_on = found[-2].text
    return found


def _read_out(i: int, turn: Turn, flat: Flat, read_out: Sequence[Slip]) -> list[Matter]:
    """The matters of the slips in a turn, each under its writer's name."""
    found: list[Matter] = []
    for number, slip in enumerate(read_out, start=1):
        offset, end = flat.characters(slip.first, slip.last)
        own = flatten(turn.text[offset:end])
        parts = _parts(own)
        for ordinal, part in enumerate(parts, start=1):
            start, last = own.characters(part.first, part.last)
            found.append(Matter(f"{turn.speaker}/{i}.{number}", i, [Span(i, offset + start, offset + last)],
                                _one_line(turn.text[offset + start:offset + last]), ordinal, len(parts), name=slip.name,
                                address=slip.address, opening="slip",
                                is_nameless=says("wants_no_name", flat.between(slip.head, slip.last))))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _withhold(i: int, flats: Sequence[Flat], spoken: Sequence[Turn], known: Mapping[str, Speaker],
              found: list[Matter]) -> None:
    """What was just put is called a denunciation, or asked to be kept quiet: then all of it is one.

    Whoever says so is believed: a wrong guess of who leads the meeting must not publish a name.
    """
    turn = next((at for at in range(i - 1, -1, -1) if spoken[at].speaker != spoken[i].speaker and (
        _may_denounce(known[spoken[at].speaker]) or says("reads_slips", flats[at].text))), None)
    if turn is None:
        return
    theirs = [matter for matter in found if matter.turn == turn]
    if not theirs and flats[turn].words:
        speaker = known[spoken[turn].speaker]
        theirs = _matters_of(turn, spoken[turn], flats[turn], [Part(0, len(flats[turn].words), "start")])
        if _may_denounce(speaker):
            theirs[0].name, theirs[0].address = speaker.name, speaker.address
        found += theirs
    if not any(matter.is_denunciation for matter in theirs):
        for matter in theirs:
            matter.interrupted = next(filter(None, (phrase_in(cue, flats[i].text) for cue in STOPS)))


def _may_denounce(speaker: Speaker) -> bool:
    """A citizen, or a voice that is none of the announced officials: their role may be a wrong guess."""
    return speaker.role == Role.CITIZEN or (speaker.role == Role.OFFICIAL and speaker.person is None)


def _is_new(part: Part, flat: Flat, own: Sequence[Matter], replied: str) -> bool:
    """After an answer: new matter, or pressing the same point again? A denunciation is always one, to be withheld."""
    text, (start, end) = flat.between(part.first, part.last), flat.characters(part.first, part.last)
    if _denounces(flat.original[start:end]):
        return True
    tells = part.opening == "ordinal" or demands(flat, part.first, part.last) or is_matter(text)
    if says("presses", text) or not tells:
        return False
    if part.opening in ("link", "ordinal"):
        return bool(content(text) - set().union(*(content(matter.flat) for matter in own)))
    return puts_new(text, " ".join(matter.flat for matter in own), replied)


def _goes_on(i: int, turn: Turn, flats: Sequence[Flat], matters: Sequence[Matter]) -> bool:
    """A citizen who was interrupted and goes on: the words belong to the matter begun."""
    last = matters[-1] if matters else None
    if last is None or last.asker != turn.speaker or i - last.spans[-1].utterance > CONTINUES_WITHIN:
        return False
    between = flats[last.spans[-1].utterance + 1:i]
    cut_off = says("interrupted", flats[last.spans[-1].utterance].text) or any(
        says("interrupts", text.text) for text in between)
    if not cut_off or says("presses", flats[i].text):
        return False
    last.spans.append(Span(i, 0, len(turn.text)))
    last.text = f"{last.text} {_one_line(turn.text)}"
    return True
