"""From a transcript to its questions: who asked what, about which topic, and what became of it.

The way: flat texts → who is who → the matters in citizens' turns → which words answered which
matter → status → topic. Each step is a module of its own and turns data into data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.records import Analysis, Answer, Meeting, PersonalData, Question, Span, Status, Utterance
from summarize.cues import phrase_in, says
from summarize.cutting import Part, content, cut, demands
from summarize.embedding import Embedder
from summarize.flat import Flat, flatten
from summarize.introductions import given_name
from summarize.places import places
from summarize.private import private_data
from summarize.replies import Open, Rarity, assign
from summarize.roles import LEADS, Role, Speaker, speakers
from summarize.statuses import Verdict, judge
from summarize.topics import Match, Matcher, called_for
from summarize.wording import assigned_agency, deadline, summary

GENERATOR = "rules/questions/1"
DENUNCIATION = "denunciation"
PRIVATE = "private"
SETTLED = 3.0  # votes a question needs more when it is already answered
ASKED_EARLIER = 1.0  # the same when its round of answers is over
INVITATION = 12  # words at most with which a chair calls the next
BEGUN = 2.0  # votes a question gains when the same official has just left it open
PRESSED = 4.0  # votes a question gains when its asker insists on it
SHORTEST_CLEAR = 18  # words with which a linked matter is clear without the one before
PASSES_ON = 15  # words at most in which one only hands a matter to a colleague
SUBSTANTIAL = 20  # words with which a chair answers rather than passes on
CONTINUES_WITHIN = 3  # utterances until an interrupted citizen goes on
DENUNCIATIONS_BELONG_TO = {"khieu_nai", "can_bo"}


@dataclass(frozen=True)
class Said:
    """A stretch of one utterance that answers a matter, flat and as said."""

    utterance: int
    speaker: str
    flat: str
    words: str


@dataclass
class Matter:
    """A question in the making: where it was said, and the stretches that answered it."""

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

    @property
    def flat(self) -> str:
        return flatten(self.text).text

    @property
    def verdict(self) -> Verdict:
        return judge([said.flat for said in self.replies])

    @property
    def is_denunciation(self) -> bool:
        return says("denounces", self.flat)


def understand(utterances: Sequence[Utterance], meeting: Meeting, embedder: Embedder | None) -> Analysis:
    """Everything asked and answered in a transcript; without an embedder topics rest on words alone."""
    flats = [flatten(utterance.text) for utterance in utterances]
    known = speakers(utterances, flats, meeting)
    matters = _matters(utterances, flats, known)
    matches = Matcher(meeting.topics, embedder).match([f"{matter.leans_on} {matter.text}" for matter in matters])
    questions = tuple(_question(number, matter, match, flats, known, meeting)
                      for number, (matter, match) in enumerate(zip(matters, matches, strict=True), start=1))
    generator = GENERATOR + (f"+{embedder.generator}" if embedder else "")
    return Analysis(questions, places(utterances, flats, known, questions), generator)


def _matters(utterances: Sequence[Utterance], flats: Sequence[Flat], known: dict[str, Speaker]) -> list[Matter]:
    """Walks through the meeting once: citizens add matters, officials answer those still open."""
    rarity = Rarity([flat.text for flat in flats])
    matters: list[Matter] = []
    prompt: list[str] = []  # what was said since the last reply
    round_begins, answered_since = 0, False
    for i, (utterance, flat) in enumerate(zip(utterances, flats, strict=True)):
        speaker = known[utterance.speaker]
        if speaker.role == Role.CITIZEN:
            if _goes_on(i, utterance, flats, matters):
                continue
            asked = _asked(i, utterance, flat, matters)
            if asked and answered_since:
                round_begins, answered_since = i, False
            _press(utterance, flat, matters, bool(asked))
            matters += asked
            prompt = [_pressing(flat, asked[0])] if asked else [*prompt, flat.text]
        elif not matters or not flat.words:
            continue
        elif speaker.role == Role.OFFICIAL or _chair_answers(i, flat, matters):
            passed_on = _answer(i, utterance.speaker, flat, matters, known, rarity, prompt, round_begins,
                                by_chair=speaker.role in LEADS)
            prompt = [passed_on]
            answered_since = True
        elif answered_since:
            prompt.append(flat.text)
    return matters


def _asked(i: int, utterance: Utterance, flat: Flat, before: Sequence[Matter]) -> list[Matter]:
    """The new matters of a citizen's turn."""
    parts = cut(flat)
    own = [matter for matter in before if matter.asker == utterance.speaker]
    if own:
        parts = [part for part in parts if _is_new(part, flat, own)]
    matters = []
    for ordinal, part in enumerate(parts, start=1):
        start, end = flat.characters(part.first, part.last)
        matters.append(Matter(utterance.speaker, i, [Span(i, start, end)], utterance.text[start:end],
                              ordinal, len(parts)))
        if ordinal > 1 and part.opening == "link" and part.last - part.first < SHORTEST_CLEAR:
            matters[-1].leans_on = matters[-2].text
    if matters and says("outside_topic", flat.text):
        matters[0].outside = phrase_in("outside_topic", flat.text)
    return matters


def _is_new(part: Part, flat: Flat, own: Sequence[Matter]) -> bool:
    """After an answer: new matter, or pressing the same point again?"""
    text = flat.between(part.first, part.last)
    if says("presses", text) or not demands(flat, part.first, part.last):
        return False
    said = content(text)
    fresh = said - set().union(*(content(matter.flat) for matter in own))
    if part.opening in ("link", "ordinal"):
        return bool(fresh)
    return len(fresh) >= 4 and len(fresh) >= 0.6 * len(said)


def _press(utterance: Utterance, flat: Flat, matters: Sequence[Matter], asks_more: bool) -> None:
    """Marks what a citizen insists on: their own matters that got a reply but no answer."""
    for matter in matters:
        matter.pressed = (matter.asker == utterance.speaker and bool(matter.replies) and not _is_settled(matter)
                          and (says("presses", flat.text) or not asks_more))


def _pressing(flat: Flat, first: Matter) -> str:
    """What a turn said before its first new matter: the point it presses."""
    return flatten(flat.original[:first.spans[0].start]).text if says("presses", flat.text) else ""


def _goes_on(i: int, utterance: Utterance, flats: Sequence[Flat], matters: Sequence[Matter]) -> bool:
    """A citizen who was interrupted and goes on: the words belong to the matter begun."""
    last = matters[-1] if matters else None
    if last is None or last.asker != utterance.speaker or i - last.spans[-1].utterance > CONTINUES_WITHIN:
        return False
    between = flats[last.spans[-1].utterance + 1:i]
    cut_off = says("interrupted", flats[last.spans[-1].utterance].text) or any(
        says("interrupts", text.text) for text in between)
    if not cut_off or says("presses", flats[i].text):
        return False
    last.spans.append(Span(i, 0, len(utterance.text)))
    last.text = f"{last.text} {utterance.text}"
    return True


def _chair_answers(i: int, flat: Flat, matters: Sequence[Matter]) -> bool:
    """A chair or secretary answers straight after a question, and not by passing it on; or, later, in writing."""
    if says("in_writing", flat.text) and not says("closing", flat.text):
        return any(matter.turn == matters[-1].turn and not matter.replies for matter in matters)
    if matters[-1].turn != i - 1 or says("puts_off", flat.text):
        return False
    own = flat.text[:at] if (at := flat.text.rfind("mời ")) >= 0 else flat.text
    if any(says(name, own) for name in ("in_writing", "beyond_authority", "escalates", "promises", "interrupts")):
        return True
    return len(own.split()) >= SUBSTANTIAL and not says("invites_official", flat.text)


def _answer(i: int, speaker: str, flat: Flat, matters: list[Matter], known: dict[str, Speaker], rarity: Rarity,
            prompt: Sequence[str], round_begins: int, by_chair: bool) -> str:
    """Gives the words of a reply to the matters they answer; returns those that only pass a matter on."""
    latest = matters[-1].turn
    candidates = [matter for matter in matters if not by_chair or matter.turn == latest]
    begun = _left_open(candidates, speaker)
    opens = [Open(matter.flat, given_name(known[matter.asker].name), matter.ordinal if matter.turn == latest else 0,
                  matter.of, _reluctance(matter, round_begins, matter is begun)) for matter in candidates]
    replies = assign(flat, opens, rarity, flatten(" ".join(prompt)))
    end = _before_invitation(flat) if by_chair else len(flat.words)
    meant = None if replies else begun or _only_one_waiting(candidates)
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
             and matter.replies[-1].utterance > latest]
    last = max(begun, key=lambda matter: matter.replies[-1].utterance, default=None)
    return last if last is not None and not _is_settled(last) else None


def _only_one_waiting(candidates: Sequence[Matter]) -> Matter | None:
    """The one matter of the last turn that nobody has replied to."""
    latest = max(matter.turn for matter in candidates)
    waiting = [matter for matter in candidates if matter.turn == latest and not matter.replies]
    return waiting[0] if len(waiting) == 1 else None


def _before_invitation(flat: Flat) -> int:
    """Where a chair stops answering and calls the next («… Mời bác bên trái.»)."""
    at = flat.text.rfind("mời ")
    first = flat.at(at) if at > 0 else len(flat.words)
    return first if len(flat.words) - first <= INVITATION and first > 0 else len(flat.words)


def _reluctance(matter: Matter, round_begins: int, is_begun: bool) -> float:
    """A matter settled or of an earlier round needs more votes to be meant again."""
    return (SETTLED * _is_settled(matter) + ASKED_EARLIER * (matter.turn < round_begins)
            - PRESSED * matter.pressed - BEGUN * is_begun)


def _is_settled(matter: Matter) -> bool:
    return matter.verdict.status in (Status.ANSWERED, Status.WRITTEN, Status.ESCALATED)


def _keep(matter: Matter, i: int, speaker: str, flat: Flat, first: int, last: int) -> None:
    start, end = flat.characters(first, last)
    text = flat.between(first, last)
    matter.replies.append(Said(i, speaker, text, flat.original[start:end]))
    if says("outside_topic", text):
        matter.outside = phrase_in("outside_topic", text)


def _question(number: int, matter: Matter, match: Match, flats: Sequence[Flat], known: dict[str, Speaker],
              meeting: Meeting) -> Question:
    asker = known[matter.asker]
    verdict = matter.verdict
    topic, why = _topic(matter, match, meeting)
    private = _private(matter, flats)
    return Question(
        number=number, spans=tuple(matter.spans), text=matter.text, summary=summary(matter.text),
        topic=topic, topic_score=round(match.score, 3), status=verdict.status,
        answer=_spoken_answer(matter, known), asker=asker.name, address=asker.address,
        personal_data=private,
        flags=_flags(matter, private),
        reasons={"topic": why, "status": verdict.reason})


def _flags(matter: Matter, private: Sequence[PersonalData]) -> tuple[str, ...]:
    """All of a denunciation is kept from the public, not only the private data in it."""
    return (DENUNCIATION,) * matter.is_denunciation + (PRIVATE,) * (matter.is_denunciation or bool(private))


def _topic(matter: Matter, match: Match, meeting: Meeting) -> tuple[str | None, str]:
    """The topic and, in Vietnamese, why."""
    names = {topic.id: topic.name for topic in meeting.topics}
    if matter.is_denunciation:
        fits = [topic.id for topic in meeting.topics
                if DENUNCIATIONS_BELONG_TO & {topic.id, *(entry.id for entry in called_for(topic.name))}]
        if not fits:
            return None, "tố cáo được tiếp nhận riêng, không xếp vào chủ đề nào đã thông báo"
        return fits[0], f"tố cáo thuộc chủ đề «{names[fits[0]]}»"
    if matter.outside:
        return None, f"người nói cho biết nằm ngoài chủ đề: «{matter.outside}»"
    if match.topic is None:
        nearest = f"; gần nhất là «{names[match.best]}» ({match.score:.2f})" if match.best else ""
        return None, f"không đủ gần chủ đề nào đã thông báo{nearest}"
    second = f", tiếp theo là «{names[match.second]}» ({match.second_score:.2f})" if match.second else ""
    return match.topic, f"gần nhất với «{names[match.topic]}» ({match.score:.2f}){second}"


def _spoken_answer(matter: Matter, known: dict[str, Speaker]) -> Answer:
    if not matter.replies:
        return Answer()
    text = " ".join(said.words for said in matter.replies)
    said_in = tuple(sorted({said.utterance for said in matter.replies}))
    speaker = known[_decisive(matter).speaker]
    title = re.sub(r"\s*\(.*?\)", "", speaker.person.title) if speaker.person else ""
    return Answer(said_in, text, speaker.name or speaker.label, assigned_agency(text) or title, deadline(text))


def _decisive(matter: Matter) -> Said:
    """The reply that the status rests on."""
    return next(said for said in matter.replies if judge([said.flat]).status == matter.verdict.status)


def _private(matter: Matter, flats: Sequence[Flat]) -> tuple[PersonalData, ...]:
    """Private data anywhere in the turns that carry the matter: numbers are often read out before or after it."""
    turns = sorted({span.utterance for span in matter.spans})
    return tuple(item for i in turns for item in private_data(flats[i], i, matter.is_denunciation))
