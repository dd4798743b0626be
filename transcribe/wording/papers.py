"""Numbers said sign by sign: papers, telephones, identity cards, plates, houses, roads.

«số ba mươi mốt gạch ca hát gạch đờ u» → «31-KH/ĐU» as the Party writes, «15/QĐ-UBND» as the state
does; a number below ten is given a leading zero. Telephones are grouped «0908 114 527», identity
cards are not.
"""

from __future__ import annotations

from transcribe.wording.cardinals import DIGITS, TENS, UNITS_OF_TENS, number, opens_year
from transcribe.wording.line import Line, Phrases, Reading
from transcribe.wording.lists import phrases, table

_LETTERS = table("numbers", "letters")
_LETTER_PHRASES = Phrases(_LETTERS)
_SIGNS = table("numbers", "signs")
_SIGN_PHRASES = Phrases(_SIGNS)
_PARTY = frozenset({"ĐU", "TU", "HU", "TW", "BTV", "BTC", "UBKT"})
_ORGANS = (*_PARTY, "UBND", "HĐND", "CP", "TTg", "QH", "MTTQ")
_COUNTED = phrases("numbers", "counted")
_NUMBERED = phrases("numbers", "numbered")
_OF_A_PAPER = Phrases(["thông báo số", "nghị quyết số", "kế hoạch số", "quyết định số", "công văn số", "nghị định số",
                       "thông tư số", "luật số", "chỉ thị số", "tờ trình số", "báo cáo số", "văn bản số", "kết luận số",
                       "hướng dẫn số", "tổ số"])
_HOUSES = phrases("numbers", "houses")
_CODED = phrases("numbers", "coded")
_SPELLED = Phrases([said for said, letters in _LETTERS.items() if len(letters) == 1])
_ALWAYS = table("numbers", "always")
_ALWAYS_PHRASES = Phrases(_ALWAYS)
_PLATES = phrases("numbers", "plates")


def paper(line: Line, start: int) -> Reading | None:
    """The number of a paper: figures, then letters behind strokes."""
    figures = _figures(line, start)
    if figures is None or _SIGN_PHRASES.end(line, figures.end) is None:
        return None
    groups, signs, end = [f"{figures.text:0>2}"], [], figures.end
    while (behind := _SIGN_PHRASES.end(line, end)) and (group := _letters(line, behind) or _figures(line, behind)):
        signs.append(_SIGNS[" ".join(line.between(end, behind))])
        groups.append(group.text or "")
        end = group.end
    if not any(group[0].isalpha() for group in groups):
        return None
    return Reading(groups[0] + "".join(map("".join, zip(_strokes(groups, signs), groups[1:], strict=True))), end)


def always(line: Line, start: int) -> Reading | None:
    """«năm gờ» → «5G»."""
    end = _ALWAYS_PHRASES.end(line, start)
    return Reading(_ALWAYS[" ".join(line.between(start, end))], end) if end else None


def code(line: Line, start: int) -> Reading | None:
    """Letters and a number behind what bears them: «tòa xê tê ba» → «tòa CT3», «cao tốc xê tê không tám» → «CT.08»."""
    if _CODED.start(line, start) is None:
        return None
    letters, end = "", start
    while behind := _SPELLED.end(line, end):
        letters, end = letters + _LETTERS[" ".join(line.between(end, behind))], behind
    figures = _figures(line, end) if len(letters) >= 2 else None
    if figures is None:
        return None
    return Reading(f"{letters}{'.' if figures.text and figures.text[0] == '0' else ''}{figures.text}", figures.end)


def house(line: Line, start: int) -> Reading | None:
    """«số mười hai trên bốn» → «12/4»."""
    figures = _figures(line, start)
    if figures is None or _HOUSES.start(line, start) is None:
        return None
    text, end = figures.text or "", figures.end
    while (behind := _SIGN_PHRASES.end(line, end)) and (more := _figures(line, behind)):
        text, end = f"{text}/{more.text}", more.end
    return Reading(text, end) if end > figures.end else None


def plate(line: Line, start: int) -> Reading | None:
    """«sáu mươi a một hai ba bốn năm» behind «biển số» → «60A-123.45»."""
    if _PLATES.start(line, start) is None:
        return None
    province = number(line, start, pairs=True)
    if province is None or line[start + 1] == "không":
        province_text, end = _run(line, start)
    else:
        province_text, end = str(province.value), province.end
    letter_end = _LETTER_PHRASES.end(line, end)
    if letter_end is None or len(province_text) != 2:
        return None
    series = _LETTERS[" ".join(line.between(end, letter_end))]
    rest, end = _run(line, letter_end)
    if len(rest) == 6:
        series, rest = series + rest[0], rest[1:]
    grouped = f"{rest[:3]}.{rest[3:]}" if len(rest) == 5 else rest
    return Reading(f"{province_text}{series}-{grouped}", end) if len(rest) in (4, 5) else None


def signs(line: Line, start: int) -> Reading | None:
    """A run of digits: long enough to be nothing else, or behind what is numbered («đường tỉnh»)."""
    run, end = _run(line, start)
    if _OF_A_PAPER.start(line, start) is not None:
        run, end = _run(line, start, before_year=True)
    labelled = _NUMBERED.start(line, start) is not None
    if len(run) >= 9 or (len(run) >= 6 and labelled):
        run, end = _cut(line, run, end)
        return Reading(_grouped(run), end)
    if not labelled:
        return None
    whole = number(line, start)
    spoken = len(run) >= 2 and (whole is None or end > whole.end) and line[end] not in ("phẩy", "trăm", "ngàn")
    counts = len(run) == 2 and (_COUNTED.end(line, end) or line[end] in ("nào", "ai"))
    none_of_it = run == "01" and line[start - 1] != "số"
    return Reading(run, end) if spoken and not counts and not none_of_it and (len(run) > 2 or run[0] != "1") else None


def _run(line: Line, start: int, before_year: bool = False) -> tuple[str, int]:
    """Digits said one by one, now and then as tens («… bốn lăm sáu», «… hai mươi ba»); `before_year`: only up to
    «năm hai nghìn hai lăm»."""
    run, end = "", start
    while True:
        said = line[end]
        if before_year and run and opens_year(line, end):
            return run, end
        if said == "mười" or (said in DIGITS and line[end + 1] in TENS):
            tens = number(line, end)
            if tens is None or tens.value >= 100:
                return run, end
            run, end = run + str(tens.value), tens.end
        elif said in DIGITS or (run and said in UNITS_OF_TENS):
            run, end = run + str({**DIGITS, **UNITS_OF_TENS}[said]), end + 1
        else:
            return run, end


def _cut(line: Line, run: str, end: int) -> tuple[str, int]:
    """Takes back a digit that counts what follows: «… bốn sáu tám năm ngày»."""
    if len(run) in (11, 13) and run.startswith("0") and _COUNTED.end(line, end) and line[end - 1] in DIGITS:
        return run[:-1], end - 1
    return run, end


def _grouped(run: str) -> str:
    """Telephones in groups, «0908 114 527» and «0251 3 844 000»; other numbers in one."""
    if not run.startswith("0") or len(run) not in (10, 11):
        return run
    if len(run) == 10:
        return f"{run[:4]} {run[4:7]} {run[7:]}"
    return f"{run[:4]} {run[4]} {run[5:8]} {run[8:]}" if run.startswith("02") else run


def _figures(line: Line, start: int) -> Reading | None:
    """A whole number or digits one by one, whichever goes further."""
    whole = number(line, start)
    run, end = _run(line, start)
    if whole and whole.end >= end:
        return Reading(str(whole.value), whole.end) if whole.value == int(whole.value) else None
    return Reading(run, end) if run else None


def _letters(line: Line, start: int) -> Reading | None:
    """Letters spelled out or the words they stand for, up to the name of a body if they begin with one."""
    text, end, body = "", start, None
    while behind := _LETTER_PHRASES.end(line, end):
        letters = _LETTERS[" ".join(line.between(end, behind))]
        text += f"-{letters}" if letters in _ORGANS and len(text) > 1 else letters
        end = behind
        if text.rpartition("-")[2] in _ORGANS:
            body = Reading(text, end)
    return body or (Reading(text, end) if text else None)


def _strokes(groups: list[str], said: list[str]) -> list[str]:
    """The strokes, where only «gạch» was said after the custom of the body that wrote the paper."""
    party = len(groups) == 3 and groups[-1] in _PARTY
    usual = ["-", "/"] if party else ["/" if group.isdigit() else "-" for group in groups]
    return [stroke if stroke != "gạch" else usual[place] for place, stroke in enumerate(said)]
