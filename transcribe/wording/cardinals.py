"""Numbers said in full, from «không» to billions.

    number   = whole ["phẩy" decimals [scale]] | scale half          1,5 · «triệu rưỡi»
    whole    = group scale {[lẻ] group scale} [tail]                 scales fall from tỷ to 1, but
             | group "ngàn" group ("triệu" | "tỷ")                   «ba ngàn hai trăm tỷ»
    group    = [digit] "trăm" [lẻ digit | tens | tail] | tens        «trăm hai», «hai trăm lẻ năm»
    tens     = "mười" [unit] | digit "mươi" [unit] | "hăm" unit | digit unit-of-tens
    tail     = "rưỡi" | "mốt" | "tư" | digit                         a tenth of the scale before it

A `digit` by itself is a number too; whether it counts something is for those who call to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from transcribe.wording.line import Line
from transcribe.wording.lists import words

DIGITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}
UNITS_OF_TENS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
"""Said only behind tens (and «mốt», «tư» as a tail), so that «hai lăm» can be nothing but 25."""
TENS = frozenset({"mươi", "chục"})
SCALES = {"trăm": 10**2, "ngàn": 10**3, "nghìn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
ZEROS = frozenset({"lẻ", "linh"})
_OTHER_WORDS = {said: words("numbers", f"after_{said}") for said in ("năm", "ba", "chín", "tư")}
"""What makes another word of a digit: «năm ngoái», «ba má», «chín muồi», «tư nhân»."""
_NO_LIMIT = 10**12
_COUNTED_IN_TIME = words("numbers", "counted_after_money")
_VAGUE = words("numbers", "vague")
_TENS_FOLLOW = frozenset({*TENS, "trăm", "mốt", "lăm", "nhăm"})
_GOES_ON = frozenset({*_TENS_FOLLOW, *SCALES, "phẩy"})
_BARE = frozenset({"trăm", "ngàn", "nghìn", "triệu", "tỷ", "tỉ"})


@dataclass(frozen=True)
class Number:
    """A number that ends before the word `end`; `scale` is that of its last group as it was said.

    «ba triệu hai» has the scale of triệu, «ba triệu hai trăm ngàn» that of ngàn.
    """

    value: Decimal
    end: int
    scale: int = 1


def number(line: Line, start: int, pairs: bool = False) -> Number | None:
    """The longest number that begins at `start`; with `pairs`, «hai sáu» is 26."""
    whole = _whole(line, start, pairs) or _bare_scale(line, start)
    if whole and line[whole.end] == "phẩy":
        return _decimal(line, whole) or whole
    return whole


def is_single(line: Line, start: int, found: Number) -> bool:
    """Whether only one word was said, from «một» to «mười»."""
    return found.end == start + 1


def is_another_word(line: Line, position: int) -> bool:
    """Whether the digit's sound is another word here: «năm ngoái», «ba má», «tư nhân»."""
    return line[position + 1] in _OTHER_WORDS.get(line[position], ())


def opens_year(line: Line, position: int) -> bool:
    """Whether «năm» is the word for year here, and no five: «… năm hai nghìn hai lăm», «… năm một chín chín không»."""
    if line[position] != "năm":
        return False
    after, then = line[position + 1], line[position + 2]
    return (is_another_word(line, position) or (after == "hai" and then in ("nghìn", "ngàn", "không"))
            or (after == "một" and then in ("nghìn", "ngàn", "chín")) or after in ("đầu", "cuối"))


def tail(line: Line, position: int, scale: int = 1) -> tuple[Decimal, int] | None:
    """The tenths of `scale` said without it («hai» of «ba triệu hai») and where they end."""
    said = line[position]
    if said in ("rưỡi", "rữi"):
        return Decimal(5), position + 1
    value = {**DIGITS, "mốt": 1, "tư": 4}.get(said, 0)
    goes_on = _TENS_FOLLOW if scale == 100 else _GOES_ON
    if not value or said == "một" or is_another_word(line, position) or opens_year(line, position):
        return None
    if line[position + 1] in goes_on:
        return None
    return Decimal(value), position + 1


def _whole(line: Line, start: int, pairs: bool) -> Number | None:
    total, limit, end = Decimal(0), _NO_LIMIT, start
    while group := _group(line, end, inside=end > start, pairs=pairs):
        scale = SCALES.get(line[group.end], 1)
        if limit == 1000 and scale >= 10**6 and group.value >= 100:
            return Number((total + group.value) * scale, group.end + 1, scale)
        if scale >= limit or (scale == 1 and not _may_close(line, end, limit, group)):
            break
        if scale == 1:
            return _closed(total, limit, group)
        total, limit, end = total + group.value * scale, scale, group.end + 1
        if short := _tail_behind(line, end, scale):
            return Number(total + short[0] * scale / 10, short[1], scale)
    return Number(total, end, limit) if end > start else None


def _may_close(line: Line, position: int, limit: int, group: Number) -> bool:
    """Whether a group without a scale ends the number: not the «một» of «năm trăm ngàn một tháng»."""
    if limit == _NO_LIMIT or line[position] in ZEROS or group.value >= 100 or line[position + 1] == "trăm":
        return True
    return limit == 1000 and group.end > position + 1


def _closed(total: Decimal, limit: int, group: Number) -> Number:
    """The number with its last group; «một triệu hai trăm» leaves out the ngàn, «một tỷ ba trăm» the triệu."""
    if 10**6 <= limit < _NO_LIMIT and group.value >= 100:
        return Number(total + group.value * (limit // 1000), group.end, limit)
    return Number(total + group.value, group.end)


def _tail_behind(line: Line, position: int, scale: int) -> tuple[Decimal, int] | None:
    """The tail of a number, unless its digit counts what follows: «hai triệu ba tháng», «một ngàn năm»."""
    counts = line[position + 1] in _COUNTED_IN_TIME if scale > 1000 else line[position] == "năm"
    return None if counts and line[position] != "rưỡi" else tail(line, position, scale)


def _group(line: Line, start: int, inside: bool, pairs: bool) -> Number | None:
    """A number below a thousand; `inside` a longer one it may begin with «lẻ» or «không trăm»."""
    if inside and line[start] in ZEROS:
        return _four(line, start + 1) or _below_hundred(line, start + 1, pairs)
    digit = DIGITS.get(line[start])
    if digit is not None and line[start + 1] == "trăm" and (digit or inside):
        return _hundreds(line, start + 2, digit, pairs)
    return _below_hundred(line, start, pairs)


def _hundreds(line: Line, position: int, digit: int, pairs: bool) -> Number:
    hundreds = Decimal(digit * 100)
    if line[position] in ZEROS:
        rest = _four(line, position + 1) or _below_hundred(line, position + 1, pairs)
        return Number(hundreds + rest.value, rest.end) if rest else Number(hundreds, position)
    rest = _below_hundred(line, position, pairs)
    if (rest and rest.end > position + 1) or line[position] == "mười":
        assert rest is not None
        return Number(hundreds + rest.value, rest.end)
    if pair := _digit_pair(line, position):
        return Number(hundreds + pair, position + 2)
    short = _tail_behind(line, position, 100)
    return Number(hundreds + short[0] * 10, short[1]) if short else Number(hundreds, position)


def _digit_pair(line: Line, position: int) -> Decimal | None:
    """The tens and the unit said without «mươi»: «bốn hai» of «ba trăm bốn hai»; «hai trăm năm hai» may be a year."""
    tens, unit = DIGITS.get(line[position], 0), DIGITS.get(line[position + 1], 0)
    goes_on = line[position + 2] in _GOES_ON or line[position + 2] in DIGITS
    if tens < 2 or not unit or goes_on or "năm" in line.between(position, position + 2):
        return None
    return None if is_another_word(line, position + 1) else Decimal(tens * 10 + unit)


def _four(line: Line, position: int) -> Number | None:
    """«tư» behind «lẻ»."""
    return Number(Decimal(4), position + 1) if line[position] == "tư" and not is_another_word(line, position) else None


def _below_hundred(line: Line, start: int, pairs: bool) -> Number | None:
    said, after = line[start], line[start + 1]
    if said == "mười":
        return _with_unit(line, start + 1, 10, {**DIGITS, "lăm": 5, "nhăm": 5})
    if said == "hăm" and after in {**DIGITS, **UNITS_OF_TENS}:
        return Number(Decimal(20 + {**DIGITS, **UNITS_OF_TENS}[after]), start + 2)
    digit = DIGITS.get(said)
    if digit is None:
        return None
    if digit and after in TENS:
        units = UNITS_OF_TENS if after == "chục" else {**DIGITS, **UNITS_OF_TENS}
        return _with_unit(line, start + 2, digit * 10, units)
    if digit > 1 and after in UNITS_OF_TENS and not is_another_word(line, start + 1):
        return Number(Decimal(digit * 10 + UNITS_OF_TENS[after]), start + 2)
    if pairs and digit > 1 and DIGITS.get(after) and line[start + 2] not in _GOES_ON:
        return Number(Decimal(digit * 10 + DIGITS[after]), start + 2)
    return Number(Decimal(digit), start + 1)


def _with_unit(line: Line, position: int, tens: int, units: dict[str, int]) -> Number:
    """The unit behind the tens, unless it opens what follows («ba mươi năm ngoái», «hai chục ba má»)."""
    said, after = line[position], line[position + 1]
    is_unit = bool(units.get(said)) and not is_another_word(line, position)
    if not is_unit or said == "năm" or after in _TENS_FOLLOW:
        return Number(Decimal(tens), position)
    return Number(Decimal(tens + units[said]), position + 1)


def _bare_scale(line: Line, start: int) -> Number | None:
    """«trăm rưỡi», «ngàn ba», «tỷ hai»: the one of the scale goes without saying."""
    if line[start] not in _BARE or line[start - 1] in _VAGUE:
        return None
    scale = SCALES[line[start]]
    tens = _below_hundred(line, start + 1, False) if scale == 100 else None
    if tens and tens.end > start + 2:
        return _scaled(line, Number(scale + tens.value, tens.end))
    short = _tail_behind(line, start + 1, scale)
    if short is None:
        return None
    value = scale + short[0] * scale / 10
    return _scaled(line, Number(value, short[1])) if scale == 100 else Number(value, short[1], scale)


def _scaled(line: Line, hundreds: Number) -> Number:
    """«trăm tám ngàn»: the hundreds may be of a greater scale."""
    scale = SCALES.get(line[hundreds.end], 1)
    return Number(hundreds.value * scale, hundreds.end + 1, scale) if scale > 100 else hundreds


def _decimal(line: Line, whole: Number) -> Number | None:
    """The digits behind «phẩy» and, with «hai phẩy ba triệu», the scale of it all."""
    digits, end = decimals(line, whole.end + 1)
    if not digits:
        return None
    scale = SCALES.get(line[end], 1)
    value = Decimal(f"{whole.value}.{digits}") * scale
    return Number(value, end + (scale > 1), scale)


def decimals(line: Line, start: int) -> tuple[str, int]:
    """The digits said behind a comma, one by one or as one number: «không năm», «hai mươi lăm»."""
    digits, end = "", start
    while line[end] == "không":
        digits, end = digits + "0", end + 1
    rest = _below_hundred(line, end, pairs=True)
    return (digits + str(rest.value), rest.end) if rest else (digits, end)


def digits(value: Decimal) -> str:
    """The Vietnamese way of writing numbers: «1.250», «2,8»."""
    return f"{value.normalize():,f}".translate(str.maketrans(",.", ".,"))
