"""Which of the announced officials a voice is: who they say they are, how others call, ask and thank them.

Names are compared as they sound, for a recogniser writes «Bão» for «Bảo». What is found are signs,
each with the words that it rests on; what they weigh is learned, see `summarize.roles`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise

from models.records import Person
from summarize.cues import says, words
from summarize.flat import Flat, flatten
from summarize.introductions import find_name, given_name
from summarize.mishearing import sound
from summarize.turns import Turn

INTRODUCED_WITHIN = 30  # words of a turn in which one says who one is
FIRST_TURNS = 4  # of a voice, in which it introduces itself
OFFICE_WITHIN = 8  # words from the name to the office
OPENS = 6  # words of a turn in which a title with one's own name and office may stand
EDGE = 3  # words from either end of a turn: there one speaks to somebody
SHORTEST_CALL = 6  # words at most in which a bare name calls somebody («Chị Trang nhé»)
CALLED_BEFORE = 4  # turns after a call of several in which the others of them speak
RANKS = frozenset({"đồng", "chí", "thượng", "trung", "thiếu", "đại", "tá", "úy", "bác", "sĩ", "tiến", "thạc"})
RANK = re.compile(r"^(?:(?:thượng|trung|thiếu|đại) (?:tá|úy|tướng) )(?=\S+ )")
"""Before a name; «Nguyễn Văn Trung» is called so."""
SAYS_WHO = RANKS | {"là", "tên", "xin", "dạ", "vâng", "thưa", "anh", "chị", "cô", "chú", "ông", "bà"}
CALLS = frozenset({"mời", "nhờ", "giao", "cảm", "cám", "nghị", "hỏi", "chào", "gửi", "gặp", "báo"})
ANSWERS = frozenset({"trả", "xin", "báo", "giải", "đây", "thưa", "bổ"})
ANYBODYS = re.compile(
    r"(?<!\S)(?:(?:phó )?chánh văn phòng|văn phòng|công chức|cán bộ|chuyên viên|đại diện|giám đốc|phụ trách|bí thư"
    r"|chủ tịch|ủy ban nhân dân|hội đồng nhân dân|ủy ban|đảng ủy|ubnd|hđnd|thị trấn|liên phường|liên xã|xã|phường|huyện"
    r"|tỉnh|xã_hội|trưởng|phó|phòng|ban|đội|trạm|và|của|(?:thượng|trung|thiếu|đại) (?:tá|úy))(?!\S)")
"""What in a title tells no office from another."""


class Kind(StrEnum):
    """What speaks for or against a voice being an official."""

    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    OFFICE = "office"
    TITLED = "titled"
    """The name with a title and the office where a turn begins: one's own, or that of somebody called."""
    OWN_OFFICE = "own_office"
    """The office without the name: «Phòng Kinh tế xin trả lời»."""
    CALLED_SURELY = "called_surely"
    """By the full name, or with the office: «Mời anh Bảo, Chủ tịch UBND xã»."""
    CALLED = "called"
    CALLED_IN_TURN = "called_in_turn"
    """«Mời chị Xuyên, anh Giang»: the second of them speaks second."""
    CALLED_WITH_OTHERS = "called_with_others"
    CALLED_BY_OFFICE = "called_by_office"
    ASKED = "asked"
    THANKED = "thanked"
    SUBJECT = "subject"
    TALKS_OF = "talks_of"
    OTHER = "other"
    """The same kinds of sign point to another official."""


@dataclass(frozen=True)
class Sign:
    """One sign: its kind, and the words [first, last) of a turn that it rests on."""

    kind: Kind
    turn: int
    first: int
    last: int


@dataclass(frozen=True)
class Mention:
    """Words [first, last) of a turn in which an official (by number) is named, with a title before it or not."""

    first: int
    last: int
    official: int
    is_full: bool
    title: str


Signs = Mapping[tuple[str, int], Sequence[Sign]]


def signs(spoken: Sequence[Turn], flats: Sequence[Flat], officials: Sequence[Person]) -> Signs:
    """All signs by the voice's label and the official's number."""
    names = tuple(person.name for person in officials)
    named = [mentions(flat.original, names) for flat in flats]
    offices = tuple(person.title for person in officials)
    found: dict[tuple[str, int], list[Sign]] = defaultdict(list)
    others: list[list[Mention]] = []  # who is not named by themselves
    turns_of: dict[str, int] = defaultdict(int)
    for i, (turn, flat) in enumerate(zip(spoken, flats, strict=True)):
        turns_of[turn.speaker] += 1
        others.append([])
        for mention in named[i]:
            key, person = (turn.speaker, mention.official), officials[mention.official]
            if turns_of[turn.speaker] <= FIRST_TURNS and introduces(flat, mention, own_office(person)):
                found[key] += _introduction(i, flat, mention, person)
            elif mention.title and _titled(flat, mention, own_office(person)):
                found[key].append(Sign(Kind.TITLED, i, mention.first, mention.last))
            else:
                others[-1].append(mention)
            if mention in others[-1] and mention.title:
                found[key].append(Sign(Kind.TALKS_OF, i, mention.first, mention.last))
    for i, turn in enumerate(spoken):
        for kind, at, mention in (*_from_others(i, spoken, flats, others, officials),
                                  *_by_office(i, spoken, flats, offices)):
            found[turn.speaker, mention.official].append(Sign(kind, at, mention.first, mention.last))
    for key, sign in _subjects(spoken, flats, officials):
        found[key].append(sign)
    return found


@lru_cache(maxsize=8192)
def mentions(text: str, names: tuple[str, ...]) -> tuple[Mention, ...]:
    """Where the officials are named: in full, or by how one is called, after a title («chị Sà Vươn», «anh Bảo»)."""
    flat = flatten(text)
    tokens = flat.as_said
    sounds = [sound(token) for token in tokens]
    found: list[Mention] = []
    for i in range(len(tokens)):
        if found and i < found[-1].last:
            continue
        title = _title_before(tokens, i)
        of = [(length, number, is_full) for number, name in enumerate(names) if name.strip()
              for length, is_full in _named_here(sounds, i, name, title, tokens)]
        if of:
            length, number, is_full = max(of, key=lambda one: one[0])
            found.append(Mention(i, i + length, number, is_full, title))
    return tuple(found)


def _named_here(sounds: Sequence[str], i: int, name: str, title: str,
                tokens: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """The lengths of the forms of a name that stand at word `i`, and whether it is the full name."""
    full, two, given = _forms(name)
    if tuple(sounds[i:i + len(full)]) == full:
        yield len(full), True
    before = tokens[i - 1] if i else ""
    if title and not suits(title, name):
        return
    spoken_to = bool(title) or before in words("me") | {"là", "tên"} | RANKS
    if two and tuple(sounds[i:i + 2]) == two and (spoken_to or before in {"ơn", "mời", "dạ", ""}):
        yield 2, False
    if tuple(sounds[i:i + len(given)]) == given and _is_name(tokens[i:i + len(given)], name) and (
            spoken_to or before == "ơn" or given[0].startswith("h'") or len(given) > 1 or _alone(tokens, i)):
        yield len(given), False


def _is_name(said: Sequence[str], name: str) -> bool:
    """A common word is no name that it only sounds like: «đông chí» calls no Mr Trí."""
    return len(said) > 1 or said[0] in flatten(name).as_said or not (said[0] in words("stop") or said[0] in RANKS)


def _alone(tokens: Sequence[str], i: int) -> bool:
    """«Khang, em đọc …»: a turn that begins with a bare name and goes on to speak to its bearer."""
    return i == 0 and len(tokens) > 1 and tokens[1] in ("em", "ơi", "đọc", "trả", "xin", "nói")


@lru_cache(maxsize=1024)
def _forms(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """A name as it sounds: without rank, its last two words, and the given name."""
    parts = RANK.sub("", " ".join(flatten(name).as_said)).split()
    two = tuple(parts[-2:]) if len(parts) > 2 else ()
    given = given_name(" ".join(parts)).split()
    given = ["y", *given] if parts and parts[0] == "y" else given
    return tuple(map(sound, parts)), tuple(map(sound, two)), tuple(map(sound, given))


def _title_before(tokens: Sequence[str], i: int) -> str:
    if i and tokens[i - 1] in words("title"):
        return tokens[i - 1]
    return "đồng chí" if i > 1 and tokens[i - 2:i] == ["đồng", "chí"] else ""


def suits(title: str, name: str) -> bool:
    """A man's title does not call a woman: «anh chi» is not Ms Chi."""
    return not ("thị" in name.lower().split() and title in ("anh", "ông", "chú", "cậu"))


def introduces(flat: Flat, mention: Mention, office: Collection[str]) -> bool:
    """Whether the name is the speaker's own: after the word for oneself, or opening the turn."""
    if mention.first > INTRODUCED_WITHIN:
        return False
    tokens = flat.as_said
    before = tokens[max(0, mention.first - 5):mention.first]
    if "mời" in before:
        return False
    if any(word in CALLS for word in before[-3:]):
        return False
    near = before[-4:]
    own = max((at for at, word in enumerate(near) if word in words("me")), default=None)
    if own is not None and all(_says_who(word) or word in _office_kinds() for word in near[own:]):
        return _goes_on_as_own(tokens, mention, office) or "là" in near or "tên" in near or mention.is_full
    if mention.is_full and not mention.title:
        return mention.first <= EDGE and not {"thưa", "với"} & set(near[-1:])
    opens = not mention.title and mention.first <= EDGE and all(map(_says_who, tokens[:mention.first]))
    return opens and "thưa" not in near[-2:] and _answers_next(tokens, mention, office)


def _says_who(word: str) -> bool:
    return word in words("me") or word in SAYS_WHO


def _titled(flat: Flat, mention: Mention, office: Collection[str]) -> bool:
    """«Chào Khoa, anh Lộc công an. …»: one's own title, or somebody else who is called."""
    tokens = flat.as_said
    before, after = tokens[max(0, mention.first - 4):mention.first], tokens[mention.last:mention.last + 5]
    return (mention.first <= OPENS and not (CALLS | {"thưa", "với"}) & set(before[-2:-1])
            and bool(set(after[:3]) & set(office)) and not {"trả", "nói"} & set(after))


def _goes_on_as_own(tokens: Sequence[str], mention: Mention, office: Collection[str]) -> bool:
    """«Em Triết xin trả lời», «Tôi Lượng, phòng Kinh tế», but not «con Hoa nhà tôi»."""
    after = tokens[mention.last:mention.last + 4]
    said = " ".join(after)
    return bool(after) and (after[0] in ANSWERS or bool(set(after) & set(office)) or any(
        said.startswith(kind) or said.partition(" ")[2].startswith(kind) for kind in words("offices")))


def _answers_next(tokens: Sequence[str], mention: Mention, office: Collection[str]) -> bool:
    after = tokens[mention.last:mention.last + 6]
    return bool(after) and (after[0] in ANSWERS or (_goes_on_as_own(tokens, mention, office) and "đây" in after))


@cache
def _office_kinds() -> frozenset[str]:
    return frozenset(word for kind in words("offices") for word in kind.split())


def _introduction(i: int, flat: Flat, mention: Mention, person: Person) -> Iterator[Sign]:
    yield Sign(Kind.FULL_NAME if mention.is_full else Kind.GIVEN_NAME, i, mention.first, mention.last)
    around = flat.as_said[max(0, mention.first - OFFICE_WITHIN):mention.last + OFFICE_WITHIN]
    if own_office(person) & set(around) or any(kind in flatten(person.title).text and kind in " ".join(around)
                                               for kind in words("offices")):
        yield Sign(Kind.OFFICE, i, mention.first, min(len(flat.words), mention.last + OFFICE_WITHIN))


@lru_cache(maxsize=1024)
def _office(title: str) -> tuple[tuple[str, ...], ...]:
    """The words of a title that tell its office, in stretches: («văn», «hóa»); none for a chairman."""
    plain = flatten(re.sub(r"\(.*?\)", "", title)).text.replace("xã hội", "xã_hội")
    return tuple(tuple(part.split()) for part in ANYBODYS.split(plain) if part.strip())


@lru_cache(maxsize=1024)
def own_office(person: Person) -> frozenset[str]:
    """The words of a title that tell its office: «kinh», «tế»; none for a chairman."""
    return frozenset(word for part in _office(person.title) for word in part)


def _from_others(i: int, spoken: Sequence[Turn], flats: Sequence[Flat], named: Sequence[Sequence[Mention]],
                 officials: Sequence[Person]) -> Iterator[tuple[Kind, int, Mention]]:
    """How others speak to whoever has turn `i`: just before, some turns before, just after."""
    own = spoken[i].speaker
    if i and spoken[i - 1].speaker != own:
        called = _called(i - 1, flats, named)
        if called:
            yield Kind.CALLED, i - 1, called[0]
            if called[0].is_full or _with_title(flats[i - 1], called[0], officials[called[0].official]):
                yield Kind.CALLED_SURELY, i - 1, called[0]
        for mention in called[1:]:
            yield Kind.CALLED_WITH_OTHERS, i - 1, mention
    for at in range(max(0, i - CALLED_BEFORE), i - 1):
        called = _called(at, flats, named)
        between = list(dict.fromkeys(spoken[j].speaker for j in range(at + 1, i)))
        if len(called) > 1 and own not in (spoken[at].speaker, *between):
            for n, mention in enumerate(called):
                yield (Kind.CALLED_IN_TURN if n == len(between) else Kind.CALLED_WITH_OTHERS), at, mention
    if i + 1 < len(spoken):
        for mention in named[i + 1]:
            if says("thanked", " ".join(flats[i + 1].as_said[max(0, mention.first - 4):mention.first])):
                yield Kind.THANKED, i + 1, mention
            elif (i + 2 < len(spoken) and spoken[i + 2].speaker == own and mention.title
                  and speaks_to(flats[i + 1], mention)):
                yield Kind.ASKED, i + 1, mention


def _with_title(flat: Flat, mention: Mention, person: Person) -> bool:
    """Whether two words of the official's title follow the name."""
    title = set(pairwise(flatten(person.title).as_said))
    return not title.isdisjoint(pairwise(flat.as_said[mention.last:mention.last + OFFICE_WITHIN]))


def _by_office(i: int, spoken: Sequence[Turn], flats: Sequence[Flat],
               titles: tuple[str, ...]) -> Iterator[tuple[Kind, int, Mention]]:
    """The office that turn `i` says is its own at its beginning, and that the turn before it calls."""
    for mention in offices_named(flats[i].original, titles):
        before = flats[i].as_said[:mention.first]
        if mention.first <= OFFICE_WITHIN and not {"mời", "thưa", "cảm", "cám", "với", "các", "gặp"} & set(before):
            yield Kind.OWN_OFFICE, i, mention
    if i and spoken[i - 1].speaker != spoken[i].speaker:
        called = [mention for mention in offices_named(flats[i - 1].original, titles)
                  if speaks_to(flats[i - 1], mention)]
        if called:
            yield Kind.CALLED_BY_OFFICE, i - 1, called[0]


@lru_cache(maxsize=8192)
def offices_named(text: str, titles: tuple[str, ...]) -> tuple[Mention, ...]:
    """Where the offices of officials are named («phòng Kinh tế», «công an»), as mentions of the officials."""
    flat = flatten(text)
    tokens = flat.as_said
    return tuple(Mention(i, i + 2, number, False, "") for i, pair in enumerate(pairwise(tokens))
                 for number, title in enumerate(titles) if pair in _office_pairs(title))


@lru_cache(maxsize=1024)
def _office_pairs(title: str) -> frozenset[tuple[str, str]]:
    """Two words after one another in a title that tell its office."""
    return frozenset(pair for part in _office(title) for pair in pairwise(part))


def _called(at: int, flats: Sequence[Flat], named: Sequence[Sequence[Mention]]) -> list[Mention]:
    """Those whom a turn speaks to, each once."""
    called: dict[int, Mention] = {}
    for mention in named[at]:
        if speaks_to(flats[at], mention):
            called.setdefault(mention.official, mention)
    return list(called.values())


def speaks_to(flat: Flat, mention: Mention) -> bool:
    """Whether a turn speaks to the named: it calls them, or their name stands at its end or its beginning."""
    tokens = flat.as_said
    if {"mời", "nhờ"} & set(tokens[max(0, mention.first - 4):mention.first]) or len(tokens) <= SHORTEST_CALL:
        return True
    if tokens[max(0, mention.first - 3):mention.first][-2:] in (["cảm", "ơn"], ["cám", "ơn"]):
        return False
    last_call = max((at for at, token in enumerate(tokens) if token == "mời"), default=len(tokens))
    if mention.first > last_call and mention.first - last_call < 20:
        return True
    if mention.title and {"trả", "nói", "giải"} & set(tokens[mention.last:mention.last + 4]):
        return True
    begins = mention.first <= EDGE and last_call == len(tokens)
    return bool(mention.title) and (begins or mention.last >= len(tokens) - EDGE)


def _subjects(spoken: Sequence[Turn], flats: Sequence[Flat],
              officials: Sequence[Person]) -> Iterator[tuple[tuple[str, int], Sign]]:
    """Who says most of the words of one office, and of no other: «công an chúng tôi»."""
    said: dict[str, list[int]] = defaultdict(list)
    for i, turn in enumerate(spoken):
        said[turn.speaker].append(i)
    offices = [own_office(person) for person in officials]
    for label, turns in said.items():
        theirs = {token for i in turns for token in flats[i].as_said}
        best = sorted(range(len(officials)), key=lambda number: -len(offices[number] & theirs))
        if not best:
            continue
        many = [len(offices[number] & theirs) for number in best]
        if many[0] >= 2 and (len(many) < 2 or many[1] < many[0]):
            first, word = next((i, at) for i in turns for at, token in enumerate(flats[i].as_said)
                               if token in offices[best[0]])
            yield (label, best[0]), Sign(Kind.SUBJECT, first, word, word + 1)


MOST = {Kind.TALKS_OF: 3, Kind.CALLED: 2, Kind.ASKED: 2, Kind.THANKED: 2}
"""How often a sign counts; others count once."""
POINTS = (Kind.FULL_NAME, Kind.GIVEN_NAME, Kind.CALLED, Kind.ASKED)


def features(label: str, official: int, found: Signs, count: int) -> dict[str, float]:
    """What the signs say of one pair: kind to how often, as far as it counts; `count` officials are known."""
    own = found.get((label, official), ())
    counted = {kind.value: float(min(MOST.get(kind, 1), sum(sign.kind == kind for sign in own)))
               for kind in Kind if kind != Kind.OTHER}
    others = [sum(sign.kind in POINTS for sign in found.get((label, other), ())) for other in range(count)
              if other != official]
    counted[Kind.OTHER.value] = float(min(2, max(others, default=0)))
    return {"bias": 1.0, **{kind: many for kind, many in counted.items() if many}}


def says_another_name(texts: Sequence[Flat], name: str) -> bool:
    """Whether a voice gives as its own a name that is not this official's."""
    for text in texts[:2]:
        if (own := find_name(text)) is not None:
            return sound(given_name(flatten(own.text).text)) != sound(given_name(flatten(name).text))
    return False
