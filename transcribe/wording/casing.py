"""Capitals by rule and by glossary, and the written names of bodies: «ủy ban nhân dân xã» → «UBND xã».

Known from anywhere: bodies, offices, laws and larger places (lists in `capitals.toml`), full names
of people (`names.py`), and what the glossary of the meeting names. Known from what stands before:
units of the state, of before and after 1 July 2025 (`units.tsv`: «xã Ia Púch»), names of hamlets
(«ấp Suối Cạn»), given names after «anh», «chị» («chị Lệ», «chú Ba»).
A given name that is an everyday word too («anh Định») is one only if a full name ends in it, in the
glossary or in what is being written. After NĐ 30/2020, kinds of units stay small («xã», «tổ»).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transcribe.wording.compounds import binds
from transcribe.wording.glossary import Glossary
from transcribe.wording.line import Line, Phrases, Piece, as_heard
from transcribe.wording.lists import entries, phrases, table, words
from transcribe.wording.names import name_end, names
from transcribe.wording.proper import proper
from transcribe.wording.units import unit_end

_PLACES = phrases("capitals", "places")
_NAMED_AFTER = phrases("capitals", "named_after_people")
_FAMILIES = words("names", "families") - words("names", "doubtful_families")
_HAMLETS = phrases("capitals", "hamlets")
_FIRST = words("capitals", "first_of_place")
_SECOND = words("capitals", "second_of_place")
_NOT_PLACES = phrases("capitals", "not_places")
_FUNCTION_WORDS = words("numbers", "function_words")
_TITLES = words("names", "titles")
_COMRADES = phrases("names", "comrades")
_RANKS = words("numbers", "ranks")
_NOT_AFTER_NAME = words("numbers", "not_after_ranked_name")
_CALLED = phrases("numbers", "called")
_GIVEN = words("names", "given")
_EVERYDAY = words("names", "everyday")
_BEFORE_NAMES = phrases("capitals", "titles_before_names")


def capitals(pieces: Sequence[Piece], glossary: Glossary) -> list[Piece]:
    """The pieces with capitals and with the written names of bodies; some become one («UBND»)."""
    ruled = list(_ruled(pieces, glossary))
    texts = [piece.text for piece, _ in ruled]
    settled = {place for place, (_, listed) in enumerate(ruled) if listed} | {end for _, end in names(Line(texts))}
    return [Piece(_upper(piece.text), piece.start, piece.end) if is_name else piece
            for (piece, _), is_name in zip(ruled, proper(texts, settled), strict=True)]


def by_rule(pieces: Sequence[Piece], glossary: Glossary) -> list[Piece]:
    """The same by rules and lists alone, without what was learned (`proper.py`)."""
    return [piece for piece, _ in _ruled(pieces, glossary)]


def _ruled(pieces: Sequence[Piece], glossary: Glossary) -> Iterator[tuple[Piece, bool]]:
    """The pieces as the rules write them, and whether a list or the glossary says how: «Khu công nghiệp»."""
    line = Line(piece.text for piece in pieces)
    known = glossary | Glossary.of(introduced(line))
    position = 0
    while position < len(pieces):
        end: int | None = max(known.end(line, position), _FORM_PHRASES.end(line, position) or 0)
        if end:
            heard = " ".join(line.between(position, end))
            laid_out = _laid_out(known.written.get(heard) or _FORMS[heard], pieces[position:end])
            yield from ((piece, True) for piece in laid_out)
        elif end := _name_end(line, position, known):
            yield from ((Piece(_upper(piece.text), piece.start, piece.end), False) for piece in pieces[position:end])
        else:
            yield pieces[position], False
        position = end or position + 1


def introduced(line: Line) -> list[str]:
    """Full names of people and names of hamlets that are said in full, to be known from then on."""
    people = [_written(line, start, end) for start, end in names(line)]
    return people + [_written(line, start, end) for start, end in _hamlets(line)]


def _name_end(line: Line, start: int, known: Glossary) -> int | None:
    """Where the name that begins at `start` ends: of a person, a place, or one given name."""
    if end := name_end(line, start):
        return end
    if end := unit_end(line, start):
        return end
    if _NAMED_AFTER.start(line, start) is not None and line[start] in _FAMILIES and line[start + 1].isalpha():
        return start + 2 + (line[start + 1] in ("thị", "văn"))
    if _PLACES.start(line, start) is not None and (end := _place_end(line, start)):
        return end
    if (title := _BEFORE_NAMES.end(line, start)) and name_end(line, title):
        return start + 1
    return start + 1 if _is_given(line, start, known) else None


def _is_given(line: Line, position: int, known: Glossary) -> bool:
    """Whether a given name stands behind a title: «chị Lệ», «chú Ba», «đồng chí Sang»."""
    said, before = line[position], line[position - 1]
    called = _CALLED.start(line, position) is not None
    comrade = _COMRADES.start(line, position) is not None
    if before not in _TITLES and not called and not comrade:
        nicknamed = before in _RANKS and _CALLED.start(line, position - 1) is not None
        return nicknamed or (said in _GIVEN - _EVERYDAY - _TITLES and _is_ranked(line, position - 1))
    if said in _RANKS and (_is_ranked(line, position) or called):
        return True
    if said in known.given:
        return before != "con"
    is_word = said in _EVERYDAY or said in _TITLES or binds(line, position) or binds(line, position + 1)
    return said in _GIVEN and not is_word


def _is_ranked(line: Line, position: int) -> bool:
    """«Ba» of «chú Ba», «Út» of «cô Út Hiền»."""
    titled = line[position - 1] in _TITLES - {"em", "cháu"} and line[position - 2] not in ("các", "mấy", "hai", "những")
    return line[position] in _RANKS and titled and line[position + 1] not in _NOT_AFTER_NAME


def _place_end(line: Line, start: int) -> int | None:
    """«Suối Cạn» of «ấp Suối Cạn», «Lộc Phước» of «xã Lộc Phước»."""
    first, second = line[start], line[start + 1]
    if first not in _FIRST or _NOT_PLACES.end(line, start) or (first in _TITLES and name_end(line, start + 1)):
        return None
    of_hamlet = _HAMLETS.start(line, start) is not None and second not in _FUNCTION_WORDS and second.isalpha()
    if second not in _SECOND and not of_hamlet:
        return None
    third = line[start + 2] in _SECOND & _FIRST and line[start + 3] not in _SECOND and not of_hamlet
    return start + 2 + (third and line[start + 2] not in _FUNCTION_WORDS)


def _hamlets(line: Line) -> Iterator[tuple[int, int]]:
    for start in range(1, len(line)):
        end = _place_end(line, start) if _HAMLETS.start(line, start) is not None else None
        if end:
            yield start, end


def _laid_out(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The written words on the pieces they stand for; one piece for all where they are not as many."""
    written = text.split()
    if len(written) != len(pieces):
        return [Piece(text, pieces[0].start, pieces[-1].end)]
    return [Piece(word, piece.start, piece.end) for word, piece in zip(written, pieces, strict=True)]


def _written(line: Line, start: int, end: int) -> str:
    return " ".join(map(_upper, line.between(start, end)))


def _upper(word: str) -> str:
    return word[:1].upper() + word[1:]


def _listed_forms() -> dict[str, str]:
    """All that is written in its own way wherever it is heard, by its heard words."""
    fields = {
        f"{body} {as_heard(field)}": f"{_body(body)} {field}"
        for body in entries("capitals", "bodies") for field in entries("capitals", "fields")
    }
    laws = {f"luật {as_heard(law)}": f"Luật {law}" for law in entries("capitals", "laws")}
    places = {as_heard(name): name for name in entries("capitals", "names_of_places")}
    return {**places, **fields, **laws, **table("capitals", "written")}


def _body(body: str) -> str:
    """«giám đốc sở» → «Giám đốc Sở»; a head of office keeps «phòng» small."""
    return " ".join(_upper(word) if place == 0 or word == "sở" else word for place, word in enumerate(body.split()))


_FORMS = _listed_forms()
_FORM_PHRASES = Phrases(_FORMS)
