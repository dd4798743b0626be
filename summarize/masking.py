"""What a paper may show: the one place that decides it.

Three rules, asked for every paper, in every format:

* a denunciation or crime tip is withheld as a whole, with all that was said in it and about it; papers
  only count it. Its names stand nowhere else either (Law 25/2018/QH14, article 8).
* private data is masked in every paper but the minutes, which stay in the house: what a machine finds
  (`summarize.private`) and what a person masks; what a person lifts is shown. Such decisions are marks of
  the question, `Question.personal_data` (Law 91/2025/QH15; Decree 356/2025/NĐ-CP, articles 3 and 4).
* what everybody may read leaves out the names of those who spoke of private things; whoever asked for no
  name is named in no paper that leaves the house.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from models.carrying import carried_stretch
from models.folding import nfc
from models.records import Analysis, PersonalData, Question, Span, Utterance
from summarize.cues import cue, says
from summarize.cues import words as listed
from summarize.flat import NEW_STYLE, flatten, fold_word
from summarize.introductions import HAMLET, find_name, given_name
from summarize.private import private_data, told_back

DENUNCIATION, PRIVATE, ANONYMOUS, READ_OUT = "denunciation", "private", "anonymous", "read_out"
MASK = "[…]"
SOMEONE = "Một người dân"
WITHHELD_LINE = "(Nội dung được tiếp nhận riêng theo quy định, không công khai.)"
UNNAMED = r"S\d+|Người nói \d+"
"""How voices are called that nobody has named."""
NO_NAME = re.compile(rf"{UNNAMED}|\w")
SHORTEST_SECRET = 2  # letters
ASKED_LINES = 3
"""Lines before a reply in which it was asked for."""
HUSHED_WITHIN = 3
"""Lines after a denunciation in which somebody still speaks of keeping it quiet."""
NAMES = ("denouncer_name", "denounced_name")
NEARBY = ("house", "parcel", "birth_date", "denouncer_address", "denounced_position")
"""Marked where they stand only: their words («số 12», «trưởng ấp») mean something else elsewhere."""
HAMLET_WORD = re.compile(r"(?:tổ |khu phố |ấp |thôn |xóm |buôn |bản |khóm |làng |sóc |ngõ |hẻm |kiệt )")


@dataclass(frozen=True)
class Veil:
    """What hides the private words of one meeting: `hidden` wherever they stand, `lifted` nowhere.

    With `published` the names of those who spoke of private things are hidden too.
    """

    hidden: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()
    published: bool = False

    def __call__(self, text: str) -> str:
        return mask(text, self.hidden, self.lifted)


def is_withheld(question: Question) -> bool:
    """Whether nothing of a question may be told but that there is one."""
    return DENUNCIATION in question.flags


def veil(questions: Iterable[Question], utterances: Sequence[Utterance], published: bool = False) -> Veil:
    """What hides the private words of a meeting in any text made of it."""
    questions = list(questions)
    hidden, lifted = secrets(questions, utterances), set[str]()
    for question in questions:
        if not is_withheld(question):
            hidden |= {words for item, words in marks(question, utterances) if _everywhere(item) and not item.lifted}
            hidden |= _illnesses(question, utterances)
            lifted |= {words for item, words in marks(question, utterances) if _everywhere(item) and item.lifted}
        if _nameless(question, published):
            hidden |= _names(question, utterances)
    return Veil(frozenset(hidden), frozenset(lifted), published)


def _illnesses(question: Question, utterances: Sequence[Utterance]) -> set[str]:
    """The illnesses somebody spoke of, without the words around them: answers name them again («thuốc huyết áp»)."""
    spoken = [flatten(words).text for item, words in marks(question, utterances)
              if item.kind == "health" and not item.lifted]
    return {found[0] for words in spoken for found in cue("disease").finditer(words) if " " in found[0]}


def told(questions: Sequence[Question], utterances: Sequence[Utterance], published: bool = False) -> list[Question]:
    """The questions of a meeting that may be told of, without what is private."""
    over = veil(questions, utterances, published)
    return [masked(question, utterances, over) for question in questions if not is_withheld(question)]


def masked(question: Question, utterances: Sequence[Utterance], over: Veil) -> Question:
    """The question without private words; positions stay those of the utterances as they were said."""
    assert not is_withheld(question)
    own = of_question(over, question, utterances)
    answer, asker = question.answer, own(question.asker)
    return replace(
        question, text=own(question.text), summary=own(question.summary), address=own(_hamlet(question.address)),
        asker="" if _nameless(question, over.published) or MASK in asker else asker,
        answer=replace(answer, text=own(answer.text), summary=own(answer.summary),
                       answered_by=own(answer.answered_by), agency=own(answer.agency), deadline=own(answer.deadline)),
        reasons={decision: own(reason) for decision, reason in question.reasons.items()}, personal_data=())


def of_question(over: Veil, question: Question, utterances: Sequence[Utterance]) -> Veil:
    """The veil with what people decided for this question alone."""
    marked = marks(question, utterances)
    return replace(over, hidden=over.hidden | {words for item, words in marked if _by_person(item) and not item.lifted},
                   lifted=over.lifted | {words for item, words in marked if item.lifted})


def of_line(over: Veil, position: int, questions: Iterable[Question], utterances: Sequence[Utterance]) -> Veil:
    """The veil with what people lifted in this line."""
    lifted = {words for question in questions if not is_withheld(question)
              for item, words in marks(question, utterances) if item.lifted and item.utterance == position}
    return replace(over, lifted=over.lifted | lifted)


def mask(text: str, hidden: Iterable[str] = (), lifted: Iterable[str] = ()) -> str:
    """A text with the mark in place of these words and of whatever looks like private data in it, but `lifted`."""
    return "".join(MASK if is_hidden else piece for piece, is_hidden in _pieces(text, stretches(text, hidden, lifted)))


def covered(text: str, hidden: Iterable[str]) -> str:
    """A text without these words; nothing else is looked for."""
    for words in sorted(hidden, key=lambda words: -len(words)):
        text = anywhere(words).sub(MASK, text)
    return text


def stretches(text: str, hidden: Iterable[str] = (), lifted: Iterable[str] = ()) -> Sequence[tuple[int, int]]:
    """Characters [start, end) of a text that are hidden, in order, joined where they touch."""
    return _stretches(text, frozenset(hidden), frozenset(lifted))


@lru_cache(maxsize=8192)
def _stretches(text: str, hidden: frozenset[str], lifted: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Remembered, because each of a meeting's papers tells the same texts under the same veil."""
    shown = [f" {alike(words)} " for words in lifted]
    found = [(data.start, data.end) for data in private_data(flatten(text), 0)
             if not any(f" {alike(text[data.start:data.end])} " in words for words in shown)]
    for words in hidden:
        found += [match.span() for match in anywhere(words).finditer(text)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def without_denunciations(
        utterances: Sequence[Utterance], analysis: Analysis) -> tuple[tuple[Utterance, ...], Analysis]:
    """What was said and asked without anything of a denunciation: for the minutes, which keep the rest as it was."""
    hidden = secrets(analysis.questions, utterances)
    if not hidden and not any(map(is_withheld, analysis.questions)):
        return tuple(utterances), analysis
    gone = withheld_lines(utterances, analysis)

    def cover(text: str) -> str:
        return covered(text, hidden)

    said = tuple(_silent(u) if i in gone else _spoken(u, cover) for i, u in enumerate(utterances))
    questions = tuple(
        replace(q, text=cover(q.text), summary=cover(q.summary), asker=cover(q.asker),
                answer=replace(q.answer, text=cover(q.answer.text), summary=cover(q.answer.summary)))
        for q in analysis.questions if not is_withheld(q))
    return said, replace(analysis, questions=questions)


def told_lines(utterances: Sequence[Utterance], analysis: Analysis, published: bool = False) -> tuple[Utterance, ...]:
    """The transcript as it may leave the house; what was said in and about a denunciation tells nothing."""
    over, gone = veil(analysis.questions, utterances, published), withheld_lines(utterances, analysis)
    marked = [question for question in analysis.questions if any(item.lifted for item in question.personal_data)]
    return tuple(
        _silent(u) if i in gone else _spoken(u, _asked_back(of_line(over, i, marked, utterances), i, utterances))
        for i, u in enumerate(utterances))


def _asked_back(over: Veil, position: int, utterances: Sequence[Utterance]) -> Veil:
    """The veil with what is told in this line because somebody else asked for it right before."""
    line = utterances[position]
    asked = next((other.text for other in reversed(utterances[max(0, position - ASKED_LINES):position])
                  if other.speaker != line.speaker), "")
    told_of = {line.text[start:end] for start, end, _ in told_back(flatten(line.text), flatten(asked))}
    return replace(over, hidden=over.hidden | (told_of - over.lifted))


def told_analysis(utterances: Sequence[Utterance], analysis: Analysis) -> Analysis:
    """The analysis as it may leave the house, its positions those of `told_lines`; nothing points at what is
    withheld."""
    lines, gone = told_lines(utterances, analysis), withheld_lines(utterances, analysis)
    withheld = {question.number for question in analysis.questions if is_withheld(question)}

    def moved(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(Span(s.utterance, *carried_stretch(s.start, s.end, utterances[s.utterance].text,
                                                        lines[s.utterance].text)) for s in spans)

    questions = tuple(
        replace(q, spans=moved(q.spans), follow_ups=moved(q.follow_ups),
                linked=tuple(number for number in q.linked if number not in withheld),
                answer=replace(q.answer, utterances=tuple(i for i in q.answer.utterances if i not in gone)))
        for q in told(analysis.questions, utterances))
    return replace(analysis, questions=questions)


def withheld_lines(utterances: Sequence[Utterance], analysis: Analysis) -> set[int]:
    """Positions of what was said in a denunciation, in reply to it, to hush it, and to call its author in."""
    secret = [question for question in analysis.questions if is_withheld(question)]
    held = {span.utterance for question in secret for span in (*question.spans, *question.follow_ups)}
    held |= {i for question in secret for i in question.answer.utterances}
    if held:
        held |= {i for i in range(len(utterances)) if any(i - back in held for back in range(1, HUSHED_WITHIN + 1))
                 and says("hushes", flatten(utterances[i].text).text)}
        held |= {i for i, utterance in enumerate(utterances) if i > min(held) and _calls_in(utterance.text)}
    return held


def secrets(questions: Iterable[Question], utterances: Sequence[Utterance]) -> set[str]:
    """The words of withheld questions that must stand nowhere else: who spoke, of whom, and what is marked."""
    found: set[str] = set()
    for question in filter(is_withheld, questions):
        marked = [(item, words) for item, words in marks(question, utterances) if _everywhere(item)]
        named = {words for item, words in marked if item.kind in NAMES} | _named_in(question, utterances)
        found |= {words for _, words in marked} | _names(question, utterances) | named | _called(named)
    return found


def _named_in(question: Question, utterances: Sequence[Utterance]) -> set[str]:
    """Who is named in the lines of a denunciation, also one that only a person took for one."""
    lines = {span.utterance: flatten(utterances[span.utterance].text) for span in question.spans
             if span.utterance < len(utterances)}
    return {utterances[i].text[item.start:item.end] for i, line in lines.items()
            for item in private_data(line, i, is_denunciation=True)
            if item.kind in NAMES and not (READ_OUT in question.flags and item.kind.startswith("denouncer"))}


def marks(question: Question, utterances: Sequence[Utterance]) -> list[tuple[PersonalData, str]]:
    """The marks of a question with the words they stand on."""
    said = ((data, utterances[data.utterance].text[data.start:data.end].strip()) for data in question.personal_data
            if data.utterance < len(utterances))
    return [(data, words) for data, words in said if len(words) >= SHORTEST_SECRET and re.search(r"[^\W_]", words)]


def _by_person(item: PersonalData) -> bool:
    return bool(item.reason)


def _everywhere(item: PersonalData) -> bool:
    return item.kind not in NEARBY or (_by_person(item) and not item.lifted)


def _nameless(question: Question, published: bool) -> bool:
    return ANONYMOUS in question.flags or (published and PRIVATE in question.flags)


def _names(question: Question, utterances: Sequence[Utterance]) -> set[str]:
    """The asker's full name, and the ways in which they are spoken of («cô Nở»).

    Where a person corrected the name, the one that was heard still stands in what was said: it is meant as well.
    """
    askers = {utterances[span.utterance].speaker for span in question.spans
              if span.utterance < len(utterances) and READ_OUT not in question.flags}
    given = (find_name(flatten(utterance.text)) for utterance in utterances if utterance.speaker in askers)
    voices = {speaker for speaker in askers if not NO_NAME.fullmatch(speaker)}
    names = {question.asker.strip(), *voices, *(found.text for found in given if found)} - {""}
    return {part for part in names | _called(names) if len(part) >= SHORTEST_SECRET}


def _called(names: Iterable[str]) -> set[str]:
    """How people of these names are spoken of: after a title, for alone their last words may be a place or a word."""
    called = {part for name in names for part in (given_name(name), " ".join(name.split()[-2:])) if part}
    short = {f"{parts[0]} {parts[-1]}" for name in names if len(parts := name.split()) > 2}  # «Trịnh Thủy»
    return {f"{title} {part}" for title in listed("called_by") for part in called} | short


def _hamlet(address: str) -> str:
    """The hamlet alone, without the number of the house."""
    flat = flatten(address)
    match = HAMLET_WORD.search(flat.text + " ")
    return address[flat.words[flat.at(match.start())].start:] if match else ""


def _calls_in(text: str) -> bool:
    """«Kính mời chú ở ấp Suối Cạn ở lại gặp chủ trì tại phòng tiếp dân.»"""
    flat = flatten(text).text
    return says("calls_in", flat) or (HAMLET.search(flat) is not None and says("stays_behind", flat))


def _silent(utterance: Utterance) -> Utterance:
    return replace(utterance, speaker=SOMEONE, text=WITHHELD_LINE, heard="", words=(), flags=())


def _spoken(utterance: Utterance, cover: Callable[[str], str]) -> Utterance:
    """A line under the veil; what was heard goes where something in it is hidden."""
    text, speaker = cover(utterance.text), cover(utterance.speaker)
    if text == utterance.text and cover(utterance.heard) == utterance.heard:
        return replace(utterance, speaker=speaker)
    return replace(utterance, speaker=speaker, text=text, heard="", words=())


def _pieces(text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in hidden:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


@lru_cache(maxsize=65536)
def anywhere(words: str) -> re.Pattern[str]:
    """These words, whatever their case, spaces, the punctuation between them, and the place of their tone marks."""
    parts = (_in_both_styles(part) for part in re.findall(r"[^\W_]+", nfc(words)))
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(parts) + r"(?![^\W_])", re.IGNORECASE)


def _in_both_styles(word: str) -> str:
    """A pattern of «Thúy» and «Thuý»."""
    older = fold_word(word)
    newer = next((older.removesuffix(old) + new for new, old in NEW_STYLE.items() if older.endswith(old)), older)
    return f"(?:{re.escape(older)}|{re.escape(newer)})"


def alike(words: str) -> str:
    """Words as they are compared: without capitals and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", nfc(words).lower()))
