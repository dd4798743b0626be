"""From a transcript to its questions: who asked what, about which topic, and what became of it.

The way: turns → flat texts → who is who → the matters in citizens' turns → which words answered
which matter → status → topic. Each step is a module of its own and turns data into data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from threadpoolctl import threadpool_limits

from models.records import Analysis, Answer, Meeting, PersonalData, Question, Span, Status, Utterance
from summarize.answering import answer
from summarize.catalogue import called_for
from summarize.cutting import content
from summarize.dates import Term, deadline
from summarize.embedding import Embedder
from summarize.flat import Flat, flatten
from summarize.links import links
from summarize.masking import ANONYMOUS, DENUNCIATION, PRIVATE, READ_OUT
from summarize.matters import Matter, Said, put
from summarize.places import places
from summarize.private import private_data
from summarize.private_persons import denounces
from summarize.roles import Speaker, speakers
from summarize.sifting import sifted
from summarize.topics import Example, Match, Matcher
from summarize.turns import Turn, in_utterances, private_in_utterances, turns
from summarize.wording import answer_summary, assigned_agency, demand_in, summary

GENERATOR = "rules/questions/2"
UNSURE_TOPIC = "unsure_topic"
LEAST_TOLD = 0.01  # of a second topic
SURE_ANSWER = 0.6  # how likely an answer must be, for nobody to be asked to look
NEAREST = "không lời nào khác gần câu hỏi hơn"
SHOWN = 8  # words shown as what a decision rests on
BEGAN = {"ordinal": ", được người nói đánh số thành ý riêng", "link": ", được người nói nối thêm thành ý riêng",
         "sentence": ", là việc khác với các câu trước", "slip": ", đọc từ phiếu ghi câu hỏi"}
ASKER_FROM = {"introduced": "người nói tự giới thiệu là {name}", "invited": "chủ tọa mời là {name}"}
TOPIC_BY = {"answer": "lời trả lời", "beside": "điều hỏi cùng lượt"}
DENUNCIATIONS_BELONG_TO = {"khieu_nai", "can_bo"}


def understand(utterances: Sequence[Utterance], meeting: Meeting, embedder: Embedder | None,
               examples: Sequence[Example] = (), citizens: Collection[str] = ()) -> Analysis:
    """Everything asked and answered in a transcript; without an embedder topics rest on words alone.

    `examples` are questions whose topic a person corrected: they speak for that topic in what is alike.
    `citizens` are the speakers whom a person has said to be citizens.
    """
    found = find(utterances, meeting, embedder, citizens)
    matches = Matcher(meeting.topics, embedder, examples).match(
        found.asked(), found.answered(), found.breaths())
    questions = tuple(_question(i, found, match, meeting) for i, match in enumerate(matches))
    generator = GENERATOR + (f"+{embedder.generator}" if embedder else "")
    return Analysis(questions, places(utterances, found.known, questions), generator)


@dataclass(frozen=True)
class Found:
    """The matters of a transcript, and what they were found in: turns with their flat texts, and who is who."""

    matters: Sequence[Matter]
    linked: Mapping[int, tuple[int, str]]
    spoken: Sequence[Turn]
    flats: Sequence[Flat]
    known: Mapping[str, Speaker]

    def asked(self) -> list[str]:
        """The words of each by which its topic is found: those of the question that it takes up come first."""
        return [" ".join((self.matters[self.linked[i][0]].text if i in self.linked else "", matter.leans_on,
                          matter.text)).strip() for i, matter in enumerate(self.matters)]

    def answered(self) -> list[str]:
        """The words that answered each, and the title of the official whose reply decides; nothing where none did."""
        return [" ".join((*(said.words for said in matter.replies), _title(self.known[_decisive(matter).speaker])))
                if matter.replies else "" for matter in self.matters]

    def breaths(self) -> list[int]:
        """The same number for all that one person put in one turn: slips of several people are read out in one."""
        begins = [earlier is None or matter.turn != earlier.turn or matter.opening == "slip"
                  for earlier, matter in zip((None, *self.matters), self.matters, strict=False)]
        return list(accumulate(map(int, begins)))


def find(utterances: Sequence[Utterance], meeting: Meeting, embedder: Embedder | None,
         citizens: Collection[str] = ()) -> Found:
    """What citizens put before the officials, and what answered it."""
    spoken = turns(utterances)
    flats = [flatten(turn.text) for turn in spoken]
    known = speakers(spoken, flats, meeting, citizens)
    matters = put(spoken, flats, known)
    with threadpool_limits(1, "blas"):  # hundreds of small products: more threads would only wait, and slow the encoder
        answer(matters, spoken, flats, known, embedder)
    matters = sifted(matters)
    return Found(matters, links(matters), spoken, flats, known)


def gathered(utterances: Sequence[Utterance], spans: Sequence[Span]) -> Question:
    """A question that a person put together: nothing is judged but what must stay private."""
    flats = {span.utterance: flatten(utterances[span.utterance].text) for span in spans}
    text = " ".join(utterances[span.utterance].text[span.start:span.end] for span in spans)
    is_denunciation = any(denounces(flat) for flat in flats.values())
    private = tuple(item for i, flat in flats.items() for item in private_data(flat, i, is_denunciation))
    flags = (DENUNCIATION,) * is_denunciation + (PRIVATE,) * (is_denunciation or bool(private))
    return Question(0, tuple(spans), text, summary(text), None, 0.0, Status.UNANSWERED, personal_data=private,
                    flags=flags)


def _question(at: int, found: Found, match: Match, meeting: Meeting) -> Question:
    matter, linked, spoken, known = found.matters[at], found.linked, found.spoken, found.known
    topic, why = _topic(matter, match, meeting)
    private = tuple(private_in_utterances(_private(matter, found.flats), spoken))
    answer, undertaken = _spoken_answer(matter, spoken, known, meeting)
    others = {linked[at][0]} if at in linked else set()
    others |= {i for i, (other, _) in linked.items() if other == at}
    reasons = {
        "question": _why_question(matter), "asker": _why_asker(matter, known), "topic": why,
        "status": matter.verdict.reason, "link": linked[at][1] if at in linked else "", **undertaken}
    return Question(
        number=at + 1, spans=in_utterances(matter.spans, spoken), text=matter.text, summary=summary(matter.text),
        topic=topic, topic_score=round(match.score, 3), status=matter.verdict.status,
        answer=answer, asker=matter.name, address=matter.address, personal_data=private,
        flags=_flags(matter, private, match),
        reasons={decision: reason for decision, reason in reasons.items() if reason},
        second_topic=match.second, second_score=round(match.second_score, 3),
        linked=tuple(sorted(other + 1 for other in others)), follow_ups=in_utterances(matter.follow_ups, spoken))


def _flags(matter: Matter, private: Sequence[PersonalData], match: Match) -> tuple[str, ...]:
    """All of a denunciation is kept from the public, not only the private data in it."""
    secret = matter.is_denunciation
    raised = {DENUNCIATION: secret, PRIVATE: secret or bool(private), ANONYMOUS: matter.is_nameless,
              READ_OUT: matter.opening == "slip", UNSURE_TOPIC: match.unsure and not secret and not matter.outside}
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def _why_question(matter: Matter) -> str:
    """The words that make it a question, and what began it."""
    kind, words = demand_in(matter.flat)
    began = BEGAN.get(matter.opening, "")
    if matter.interrupted:
        return f"chủ tọa cho biết đây là tố cáo: «{matter.interrupted}»"
    if matter.accuses_first:
        return "nêu người bị tố cáo ngay khi giới thiệu"
    return f"{kind}: «{words}»{began}" if words else f"bà con nêu việc chưa được giải quyết{began}"


def _why_asker(matter: Matter, known: Mapping[str, Speaker]) -> str:
    if matter.opening == "slip":
        return "câu hỏi được đọc thay người vắng mặt"
    if not matter.name:
        return ""
    return ASKER_FROM[known[matter.asker].name_from].format(name=matter.name)


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
    by = () if match.learned else match.by
    ask = f"; xét cả {' và '.join(TOPIC_BY[context] for context in by)}" if by else ""
    ask += "; hai khả năng sát nhau, nên có người xem lại" if match.unsure else ""
    learned = f"; {match.learned}" if match.learned else ""
    if match.topic is None:
        nearest = f"; gần nhất là «{names[match.best]}» ({_likely(match.score)})" if match.best else ""
        return None, f"không đủ gần chủ đề nào đã thông báo{nearest}{learned}{ask}"
    other = match.second if match.second_score >= LEAST_TOLD else None
    second = f", tiếp theo là «{names[other]}» ({_likely(match.second_score)})" if other else ""
    return match.topic, f"gần nhất với «{names[match.topic]}» ({_likely(match.score)}){second}{learned}{ask}"


def _likely(chance: float) -> str:
    """Never «100 %»: nothing here is certain."""
    return f"khả năng {min(chance, 0.99):.0%}"


def _spoken_answer(matter: Matter, spoken: Sequence[Turn], known: Mapping[str, Speaker],
                   meeting: Meeting) -> tuple[Answer, dict[str, str]]:
    """What was replied and undertaken, and the reasons for what was taken from it."""
    if not matter.replies:
        return Answer(), {}
    text = " ".join(said.words for said in matter.replies)
    said_in = tuple(sorted({span.utterance for said in matter.replies for span in spoken[said.span.utterance].spans(
        said.span.start, said.span.end)}))
    decisive = _decisive(matter)
    speaker = known[decisive.speaker]
    title = _title(speaker)
    assigned = assigned_agency(text)
    term = _undertaken(matter, date.fromisoformat(meeting.date))
    day = term.day.isoformat() if term and term.day else ""
    by_office = f"đơn vị của người trả lời: {title}" if title else ""
    reasons = {
        "answer": _why_answer(matter),
        "agency": f"người điều hành giao: «{assigned}»" if assigned else by_office,
        "deadline": _why_deadline(term)}
    answer = Answer(said_in, text, speaker.name or speaker.label, assigned or title, term.text if term else "", day,
                    answer_summary(text, matter.flat))
    return answer, reasons


def _title(speaker: Speaker) -> str:
    """Of an official, without what is said in brackets of their part in the meeting."""
    return re.sub(r"\s*\(.*?\)", "", speaker.person.title) if speaker.person else ""


def _why_deadline(term: Term | None) -> str:
    if term is None:
        return ""
    day = f"tức ngày {term.day:%d/%m/%Y}" if term.day else "chưa tính ra ngày cụ thể"
    return f"lời hẹn «{term.text}», {day}"


def _undertaken(matter: Matter, today: date) -> Term | None:
    """The deadline of the latest reply that gives one, the deciding reply first."""
    decisive = _decisive(matter)
    for said in (decisive, *reversed(matter.replies)):
        if term := deadline(flatten(said.words), today):
            return term
    return None


def _why_answer(matter: Matter) -> str:
    """What the deciding reply was taken for the answer by, and the words that question and answers share."""
    decisive = _decisive(matter)
    ask = ", nên có người xem lại" if decisive.likely < SURE_ANSWER else ""
    return f"{decisive.why or NEAREST} ({_likely(decisive.likely)}{ask}): «{_evidence(matter)}»"


def _evidence(matter: Matter) -> str:
    """Telling words that question and answer share, in the answer's order."""
    asked = content(matter.flat)
    shared = [word for said in matter.replies for word in said.flat.split() if word in asked]
    return ", ".join(dict.fromkeys(shared)) if shared else " ".join(matter.replies[0].words.split()[:SHOWN])


def _decisive(matter: Matter) -> Said:
    """The reply that the status rests on."""
    return matter.replies[matter.verdict.decisive]


def _private(matter: Matter, flats: Sequence[Flat]) -> list[PersonalData]:
    """Private data anywhere in the turns that carry the matter: numbers are often read out before or after it. Who
    introduces themselves and reads out a slip has not written it."""
    found = [item for i in sorted({span.utterance for span in matter.spans})
             for item in private_data(flats[i], i, matter.is_denunciation, matter.hides_names,
                                      flats[i - 1] if i else None)]
    return [item for item in found if matter.opening != "slip" or not item.kind.startswith("denouncer")]
