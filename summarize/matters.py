"""The matters that citizens put and the words that answered them: one walk through a meeting.

Citizens add matters, the secretary reads out those of absent people, officials (and the chair,
where the chair answers rather than directs) reply to those still open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from models.records import Span, Status
from summarize.cues import cue, phrase_in, says
from summarize.cutting import Part, content, cut, demands, is_matter
from summarize.embedding import Embedder
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.private import denounces
from summarize.replies import Open, Rarity, assign, thoughts
from summarize.roles import LEADS, Role, Speaker
from summarize.slips import Slip, slips
from summarize.statuses import Verdict, judge
from summarize.topics import subject
from summarize.turns import PAUSE, Turn

SETTLED = 3.0  # votes a question needs more when it is already answered
ASKED_EARLIER = 2.0  # the same when its round of answers is over
INVITATION = 12  # words at most with which a chair calls the next
BEGUN = 2.0  # votes a question gains when the same official has just left it open
PRESSED = 4.0  # votes a question gains when its asker insists on it
SHORTEST_CLEAR = 18  # words with which a linked matter is clear without the one before
PASSES_ON = 15  # words at most in which one only hands a matter to a colleague
SUBSTANTIAL = 20  # words with which a chair answers rather than passes on
STRAIGHT_AFTER = 2  # turns, with the chair's invitation between
CONTINUES_WITHIN = 3  # turns until an interrupted citizen goes on


@dataclass(frozen=True)
class Said:
    """A stretch of a turn that answers a matter: where, flat, and as said."""

    span: Span
    speaker: str
    flat: str
    words: str


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
        return bool(self.interrupted) or _denounces(self.text)


@lru_cache(maxsize=4096)
def _denounces(text: str) -> bool:
    return denounces(flatten(text))


@lru_cache(maxsize=4096)
def _verdict(replies: tuple[str, ...], question: str) -> Verdict:
    """Remembered, because every reply asks it of every question that is still open."""
    return judge([flatten(words) for words in replies], question)


def matters(spoken: Sequence[Turn], flats: Sequence[Flat], known: Mapping[str, Speaker],
            embedder: Embedder | None = None) -> list[Matter]:
    """Every matter of the meeting, in the order they were put, with the words that answered it."""
    rarity = Rarity([flat.text for flat in flats])
    if embedder:  # at once: many short texts are encoded several times as fast together
        embedder.queries([flat.between(first, last) for turn, flat in zip(spoken, flats, strict=True)
                          if known[turn.speaker].role != Role.CITIZEN for first, last in thoughts(flat)])
    found: list[Matter] = []
    prompt: list[str] = []  # what was said since the last reply
    round_begins, answered_since = 0, False
    for i, (turn, flat) in enumerate(zip(spoken, flats, strict=True)):
        speaker = known[turn.speaker]
        read_out = slips(flat, flats[i - 1].text if i else "") if speaker.role in LEADS else []
        if speaker.role == Role.CITIZEN or read_out:
            if says("hushes", flat.text) and not denounces(flat):
                _withhold(i, flats, spoken, known, found)
            if not read_out and _goes_on(i, turn, flats, found):
                continue
            asked = _read_out(i, turn, flat, read_out) if read_out else _asked(i, turn, flat, speaker, found)
            for matter in asked:
                matter.interrupted = phrase_in("hushes", flat.text)  # it speaks of what is to be kept quiet
            if asked and answered_since:
                round_begins, answered_since = i, False
            _press(i, turn, flat, found, bool(asked))
            found += asked
            prompt = [_pressing(flat, asked[0])] if asked else [*prompt, flat.text]
            continue
        if says("hushes", flat.text) or (speaker.role in LEADS and says("names_denunciation", flat.text)):
            _withhold(i, flats, spoken, known, found)
        if found and says("hides_names", flat.text):
            for matter in found:
                matter.hides_names |= matter.turn == found[-1].turn
        if not found or not flat.words:
            continue
        if speaker.role == Role.OFFICIAL or _chair_answers(i, flat, found):
            passed_on = _answer(i, turn.speaker, flat, found, known, rarity, prompt, round_begins,
                                speaker.role in LEADS, embedder)
            prompt = [passed_on]
            answered_since = True
        elif answered_since:
            prompt.append(flat.text)
    return found


def _asked(i: int, turn: Turn, flat: Flat, speaker: Speaker, before: Sequence[Matter]) -> list[Matter]:
    """The new matters of a citizen's turn."""
    parts = cut(flat) or [Part(0, len(flat.words), "start")] * denounces(flat)
    own = [matter for matter in before if matter.asker == turn.speaker]
    if own:
        parts = [part for part in parts if _is_new(part, flat, own)]
    found = _matters_of(i, turn, flat, parts)
    for matter in found:
        matter.name, matter.address = speaker.name, speaker.address
        matter.is_nameless = says("wants_no_name", flat.text)
    if found and says("outside_topic", flat.text):
        found[0].outside = phrase_in("outside_topic", flat.text)
    return found


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
    for slip in read_out:
        offset, end = flat.characters(slip.first, slip.last)
        own = flatten(turn.text[offset:end])
        for part in cut(own):
            start, last = own.characters(part.first, part.last)
            found.append(Matter(f"{turn.speaker}/{len(found)}", i, [Span(i, offset + start, offset + last)],
                                _one_line(turn.text[offset + start:offset + last]), 1, 1, name=slip.name,
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
            matter.interrupted = (phrase_in("hushes", flats[i].text)
                                  or phrase_in("names_denunciation", flats[i].text))


def _may_denounce(speaker: Speaker) -> bool:
    """A citizen, or a voice that is none of the announced officials: their role may be a wrong guess."""
    return speaker.role == Role.CITIZEN or (speaker.role == Role.OFFICIAL and speaker.person is None)


def _is_new(part: Part, flat: Flat, own: Sequence[Matter]) -> bool:
    """After an answer: new matter, or pressing the same point again?"""
    text = flat.between(part.first, part.last)
    if says("presses", text) or not (demands(flat, part.first, part.last) or is_matter(text)):
        return False
    said = content(text)
    fresh = said - set().union(*(content(matter.flat) for matter in own))
    if part.opening in ("link", "ordinal"):
        return bool(fresh)
    if len(text.split()) < SHORTEST_CLEAR and subject(text) is None:
        return False
    return len(fresh) >= 4 and len(fresh) >= 0.6 * len(said)


def _press(i: int, turn: Turn, flat: Flat, matters: Sequence[Matter], asks_more: bool) -> None:
    """Marks what a citizen insists on: their own matters that got a reply but no answer."""
    for matter in matters:
        matter.pressed = (matter.asker == turn.speaker and bool(matter.replies) and not matter.is_settled
                          and (says("presses", flat.text) or not asks_more))
        if matter.pressed:
            matter.follow_ups.append(Span(i, 0, len(turn.text)))


def _pressing(flat: Flat, first: Matter) -> str:
    """What a turn said before its first new matter: the point it presses."""
    return flatten(flat.original[:first.spans[0].start]).text if says("presses", flat.text) else ""


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


def _chair_answers(i: int, flat: Flat, matters: Sequence[Matter]) -> bool:
    """A chair or secretary answers straight after a question and not by passing it on, or later on their own behalf."""
    if says("in_writing", flat.text) and not says("closing", flat.text):
        return any(matter.turn == matters[-1].turn and not matter.replies for matter in matters)
    own = flat.text[:at] if (at := flat.text.rfind("mời ")) >= 0 else flat.text
    if says("answers_myself", own) and not says("closing", own):
        return True
    if matters[-1].turn != i - 1 or says("puts_off", flat.text):
        return False
    if any(says(name, own) for name in ("in_writing", "beyond_authority", "escalates", "promises", "interrupts",
                                        "names_denunciation")):
        return True
    return len(own.split()) >= SUBSTANTIAL and not says("invites_official", flat.text)


def _answer(i: int, speaker: str, flat: Flat, matters: list[Matter], known: Mapping[str, Speaker], rarity: Rarity,
            prompt: Sequence[str], round_begins: int, by_chair: bool, embedder: Embedder | None) -> str:
    """Gives the words of a reply to the matters they answer; returns those that only pass a matter on."""
    latest = matters[-1].turn
    straight = by_chair and latest == i - 1
    candidates = [matter for matter in matters if matter.turn == latest] if straight else matters
    begun = _left_open(candidates, speaker)
    opens = [Open(matter.flat, given_name(flatten(matter.name).text), matter.ordinal if matter.turn == latest else 0,
                  matter.of, _reluctance(matter, round_begins, matter is begun),
                  matter.turn == latest and not matter.replies) for matter in candidates]
    replies = assign(flat, opens, rarity, flatten(" ".join(prompt)), embedder)
    end = _before_invitation(flat) if by_chair else len(flat.words)
    meant = None if replies else begun or _next_waiting(candidates, i)
    if meant:
        _keep(meant, i, speaker, flat, 0, end)
    passed_on = ""
    for reply in replies:
        text = flat.between(reply.first, reply.last)
        if reply.last - reply.first <= PASSES_ON and says("invites_official", text):
            passed_on = text
        else:
            _keep(candidates[reply.question], i, speaker, flat, reply.first, max(reply.first + 1, min(reply.last, end)))
    return passed_on


def _left_open(candidates: Sequence[Matter], speaker: str) -> Matter | None:
    """What this official replied to last without settling it, if nobody has asked since."""
    latest = max(matter.turn for matter in candidates)
    begun = [matter for matter in candidates if matter.replies and matter.replies[-1].speaker == speaker
             and matter.replies[-1].span.utterance > latest]
    last = max(begun, key=lambda matter: matter.replies[-1].span.utterance, default=None)
    return last if last is not None and last.verdict.status not in (Status.ANSWERED, Status.WRITTEN) else None


def _next_waiting(candidates: Sequence[Matter], i: int) -> Matter | None:
    """The one matter of the last turn that nobody has replied to; straight after that turn the first of several."""
    latest = max(matter.turn for matter in candidates)
    waiting = [matter for matter in candidates if matter.turn == latest and not matter.replies]
    return waiting[0] if len(waiting) == 1 or (waiting and i - latest <= STRAIGHT_AFTER) else None


def _before_invitation(flat: Flat) -> int:
    """Where a chair stops answering and calls the next («… Mời bác bên trái.») or closes the meeting."""
    end = len(flat.words)
    if (closes := cue("closing").search(flat.text)) and closes.start() > 0:
        end = flat.at(closes.start())
    at = flat.text.rfind("mời ")
    first = flat.at(at) if at > 0 else end
    if 0 < first < end and len(flat.words) - first <= INVITATION:
        end = first
    return next((i + 1 for i in range(end) if PAUSE in flat.after(i)
                 and says("invites_citizen", flat.between(i + 1, len(flat.words)))), end)


def _reluctance(matter: Matter, round_begins: int, is_begun: bool) -> float:
    """A matter settled or of an earlier round needs more votes to be meant again."""
    return (SETTLED * matter.is_settled + ASKED_EARLIER * (matter.turn < round_begins)
            - PRESSED * matter.pressed - BEGUN * is_begun)


def _keep(matter: Matter, i: int, speaker: str, flat: Flat, first: int, last: int) -> None:
    start, end = flat.characters(first, last)
    text = flat.between(first, last)
    matter.replies.append(Said(Span(i, start, end), speaker, text, _one_line(flat.original[start:end])))
    matter.is_settled = matter.verdict.status in (Status.ANSWERED, Status.WRITTEN, Status.ESCALATED)
    if says("outside_topic", text):
        matter.outside = phrase_in("outside_topic", text)


