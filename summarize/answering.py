"""Which words of officials answer which matters: one walk through a meeting whose matters are known.

Whether a reply answers a question is weighed, not ruled: what it says, who waits and who has just spoken are
features (`summarize.answer_features`) whose weights `benchmarks/answers.py` learned (logistic regression).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np

from models.records import Span, Status
from summarize.answer_features import TOLD, VERSION, Column, Reply, Standing, features
from summarize.cues import cue, phrase_in, says
from summarize.cutting import LIKELY_MATTER
from summarize.embedding import Embedder
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.ledger import Ledger, open_ledger
from summarize.likeness import Likeness, Rarity, takes_up
from summarize.matters import Matter, Said
from summarize.openings import matter as puts_matter
from summarize.pertinent import pertinent
from summarize.replies import Open, share_out
from summarize.roles import LEADS, Role, Speaker
from summarize.statuses import SURELY_NOTHING, says_nothing
from summarize.stored import stored
from summarize.turns import PAUSE, Turn

LIKELY = 0.45  # that a reply answers a question, to be taken for its answer
SOLE = 0.2  # the same where no reply at all is likely
DOUBTFUL, SURE = 0.2, 0.8  # between them words alone do not decide
SHOWN = 2  # reasons
ONLY_WAITING = "chỉ còn câu này chờ trả lời"
STRAIGHT_AFTER = 2  # turns, with the chair's call between
INVITATION = 12  # words at most with which a chair calls the next
SUBSTANTIAL = 20  # words with which a chair answers rather than passes on


@dataclass(frozen=True, eq=False)
class Judge:
    """Weighs features: name to weight. `benchmarks/answers.py` puts others in its place while it learns."""

    weights: Mapping[str, float]

    def chances(self, reply: Reply, matters: Sequence[Matter], columns: Mapping[str, Column]) -> Column:
        """(matters,): how likely the reply answers each."""
        weights = np.array([self.weights.get(name, 0.0) for name in columns])
        chances: Column = 1 / (1 + np.exp(-weights @ np.array(list(columns.values()), dtype=np.float64)))
        return chances

    def why(self, columns: Mapping[str, Column], at: int) -> str:
        """In Vietnamese what speaks most for the reply answering the matter at this position."""
        gains = {words: sum(self.weights.get(name, 0.0) * float(columns[name][at]) for name in names)
                 for words, names in TOLD.items()}
        strongest = sorted(gains, key=lambda words: -gains[words])[:SHOWN]
        return ", ".join(words for words in strongest if gains[words] > 0)


@dataclass(frozen=True, eq=False)
class Likely:
    """A reply and a matter (by number), how likely it is its answer (0 to 1), and why, in words."""

    turn: int
    at: int
    chance: float
    why: str


@dataclass
class Walk:
    """What is known of a meeting while its replies are given away; `prompt` is what was said since the last reply."""

    found: Sequence[Matter]
    spoken: Sequence[Turn]
    flats: Sequence[Flat]
    known: Mapping[str, Speaker]
    alike: Likeness
    rarity: Rarity
    embedder: Embedder | None
    elsewhere: Mapping[int, Column]
    ledger: Ledger
    prompt: list[str] = field(default_factory=list)
    round_begins: int = 0
    answered_since: bool = False
    likeliest: dict[int, Likely] = field(default_factory=dict)
    """For each matter the reply that is likeliest to answer it, if any is."""
    meant: dict[int, list[Likely]] = field(default_factory=dict)
    """What each reply was taken to answer."""


def answer(found: Sequence[Matter], spoken: Sequence[Turn], flats: Sequence[Flat], known: Mapping[str, Speaker],
           embedder: Embedder | None = None, judge: Judge | None = None) -> None:
    """Gives the matters, in the order they were put, the words that answered them, by the weights learned or by
    another judge."""
    asked_in = {matter.turn for matter in found}
    begins = min(asked_in, default=len(spoken))
    replies = {i: flat for i, (turn, flat) in enumerate(zip(spoken, flats, strict=True))
               if i > begins and flat.words and known[turn.speaker].role != Role.CITIZEN and i not in asked_in}
    rarity = Rarity([flat.text for flat in flats])
    alike = Likeness(replies, [matter.flat for matter in found], rarity, embedder)
    walk = Walk(found, spoken, flats, known, alike, rarity, embedder, _elsewhere(found, alike),
                open_ledger(found, spoken))
    going_on = {span.utterance for matter in found for span in matter.spans[1:]}
    for i, turn in enumerate(spoken):
        if i in replies:
            _reply(i, walk, judge)
        elif i not in going_on and (i in asked_in or known[turn.speaker].role == Role.CITIZEN):
            _asked(i, walk)
        walk.ledger.hear(i, turn.speaker)
    for likely in walk.likeliest.values():
        if not found[likely.at].replies:
            _share(likely.turn, [*walk.meant[likely.turn], likely], walk, (likely,))


def _elsewhere(found: Sequence[Matter], alike: Likeness) -> dict[int, Column]:
    """For each reply what every matter gets at most in earlier and in later ones of words, (2, matters)."""
    turns, nothing = sorted(alike.words), np.zeros((1, len(found)))
    asked = np.array([matter.turn for matter in found])
    words = np.concatenate([nothing, *(
        alike.words[i].sum(axis=0, keepdims=True) * (asked < i) for i in turns), nothing])
    earlier, later = np.maximum.accumulate(words), np.maximum.accumulate(words[::-1])[::-1]
    return {i: np.stack((earlier[row], later[row + 2])) for row, i in enumerate(turns)}


def _asked(i: int, walk: Walk) -> None:
    """A citizen's turn: a new round may begin, earlier matters may be insisted on."""
    turn, flat, many = walk.spoken[i], walk.flats[i], walk.ledger.put_before(i)
    asked = [matter for matter in walk.found[many:] if matter.turn == i]
    if asked and walk.answered_since:
        walk.round_begins, walk.answered_since = i, False
    for at, matter in enumerate(walk.found[:many]):
        _press(i, turn, flat, matter, bool(asked))
        walk.ledger.is_pressed[at] = matter.pressed
    walk.prompt = [_pressing(flat, asked[0])] if asked else [*walk.prompt, flat.text]


def _press(i: int, turn: Turn, flat: Flat, matter: Matter, asks_more: bool) -> None:
    """Marks what a citizen insists on: their own matter that got a reply but no answer."""
    matter.pressed = (matter.asker == turn.speaker and bool(matter.replies) and not matter.is_settled
                      and (says("presses", flat.text) or not asks_more))
    if matter.pressed:
        matter.follow_ups.append(Span(i, 0, len(turn.text)))


def _pressing(flat: Flat, first: Matter) -> str:
    """What a turn said before its first new matter: the point it presses."""
    return flatten(flat.original[:first.spans[0].start]).text if says("presses", flat.text) else ""


def _reply(i: int, walk: Walk, judge: Judge | None) -> None:
    """Gives the words of a reply to the matters they answer; what answers none prompts the next reply."""
    flat, ledger, many = walk.flats[i], walk.ledger, walk.ledger.put_before(i)
    by_chair = walk.known[walk.spoken[i].speaker].role in LEADS
    matters = walk.found[:many]
    reply = _described(i, matters, walk, by_chair)
    standing = ledger.standing(i, walk.spoken, flat, walk.alike.thoughts[i], flatten(" ".join(walk.prompt)),
                               walk.rarity)
    chances, why = _weighed(reply, standing, matters, walk, judge)
    if by_chair and not reply.answers and says("invites_official", flat.text):  # only passes it on
        chances = np.zeros(many)
    likely = [Likely(i, int(at), float(chances[at]), why(int(at)))
              for at in np.flatnonzero(chances > SOLE)]
    for one in likely:
        if one.at not in walk.likeliest or one.chance > walk.likeliest[one.at].chance:
            walk.likeliest[one.at] = one
    meant = [one for one in likely if one.chance > LIKELY]
    if not meant and not by_chair:
        meant = _only_waiting(reply, ledger, chances)
    walk.meant[i] = meant
    if meant or not by_chair:
        walk.prompt, walk.answered_since = [], True
    else:
        walk.prompt.append(flat.text)
    _share(i, meant, walk, meant)


def _weighed(reply: Reply, standing: Standing, matters: Sequence[Matter], walk: Walk,
             judge: Judge | None) -> tuple[Column, Callable[[int], str]]:
    """How likely a reply answers each of the matters, and what tells why.

    By words first; only where they leave a doubt by meaning, too, for to encode what an official says takes longer
    than all else. What the chair says is judged by words alone. A judge that is given weighs all by both.
    """
    words, elsewhere = (table[:, :len(matters)] for table in (walk.alike.words[reply.turn], walk.elsewhere[reply.turn]))
    nothing = np.zeros_like(words)
    if judge is None:
        judge, columns = learned("words"), features(reply, standing, words, nothing, elsewhere)
        chances = judge.chances(reply, matters, columns)
        doubts = (chances > DOUBTFUL) & (chances < SURE)
        if walk.embedder is None or reply.by_chair or not doubts.any():
            return chances, partial(judge.why, columns)
        judge = learned("meaning")
    meaning = nothing if reply.by_chair else walk.alike.meaning(reply.turn)[:, :len(matters)]
    columns = features(reply, standing, words, meaning, elsewhere)
    return judge.chances(reply, matters, columns), partial(judge.why, columns)


def _only_waiting(reply: Reply, ledger: Ledger, chances: Column) -> list[Likely]:
    """When but one matter waits, asked right before or before the call, an official who asks nothing speaks of it."""
    waiting = np.flatnonzero(ledger.waits[:len(chances)])
    clear = (len(waiting) == 1 and reply.turn - ledger.turn[waiting[0]] <= STRAIGHT_AFTER
             and reply.asks <= LIKELY_MATTER and reply.nothing <= SURELY_NOTHING)
    return [Likely(reply.turn, int(at), float(chances[at]), ONLY_WAITING) for at in waiting] if clear else []


def _share(i: int, meant: Sequence[Likely], walk: Walk, takers: Sequence[Likely]) -> None:
    """Shares reply `i` out among all matters meant, and gives the takers of them their words."""
    turn, flat = walk.spoken[i], walk.flats[i]
    end = _before_invitation(flat) if walk.known[turn.speaker].role in LEADS else len(flat.words)
    matters = [walk.found[one.at] for one in meant]
    latest = max((matter.turn for matter in matters), default=-1)
    opens = [Open(matter.flat, given_name(flatten(matter.name).text), matter.ordinal if matter.turn == latest else 0,
                  matter.of) for matter in matters]
    for part in share_out(flat, opens, walk.rarity, walk.embedder):
        taker = meant[part.question]
        if part.first < end and taker in takers:
            matter = walk.found[taker.at]
            _keep(taker, matter, turn.speaker, flat, part.first, min(part.last, end))
            walk.ledger.keep(taker.at, i, turn.speaker, matter.is_settled)


def _described(i: int, matters: Sequence[Matter], walk: Walk, by_chair: bool) -> Reply:
    flat = walk.flats[i]
    return Reply(
        i, walk.spoken[i].speaker, len(flat.words), says_nothing(flat.text), puts_matter(flat.text), by_chair,
        by_chair and _answers(i, flat, matters), walk.round_begins,
        np.array([takes_up(flat, first) for first, _ in walk.alike.thoughts[i]]))


def _answers(i: int, flat: Flat, matters: Sequence[Matter]) -> bool:
    """The manner of a chair who answers: straight after a question and not by passing it on, or on their own behalf."""
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


def _keep(likely: Likely, matter: Matter, speaker: str, flat: Flat, first: int, last: int) -> None:
    text = flat.between(first, last)
    start, end = flat.characters(first, last)
    matter.replies.append(Said(Span(likely.turn, start, end), speaker, text,
                               " ".join(flat.original[start:end].split()), likely.chance, likely.why))
    matter.is_settled = matter.verdict.status in (Status.ANSWERED, Status.WRITTEN, Status.ESCALATED)
    matter.outside = matter.outside or phrase_in("outside_topic", pertinent(flatten(text), matter.flat))


@cache
def learned(by: str) -> Judge:
    """The weights shipped for "meaning" and words, or for "words" alone. Raises ValueError for other features' ones."""
    return Judge(stored("answers", VERSION)[by])
