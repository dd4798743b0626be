"""What shows that a sentence may end between two words, from the turns of speech at a hall.

Every cue looks at the gap before a position and says what it weighs; most say 0.
"""

from __future__ import annotations

from transcribe.wording.cardinals import DIGITS, TENS, UNITS_OF_TENS
from transcribe.wording.line import Line
from transcribe.wording.lists import phrases, words
from transcribe.wording.names import name_end

_ADDRESSEES = phrases("sentences", "addressees")
_GREETING = words("sentences", "greeting")
_GOES_ON_GREETING = words("sentences", "goes_on_greeting")
_THANKS = phrases("sentences", "thanks")
_CALLS = phrases("sentences", "calls")
_AFTER_CALLED = words("sentences", "after_called")
_HOMES = phrases("sentences", "homes")
_JOBS = phrases("sentences", "jobs")
_LEVELS = frozenset({"xã", "phường", "huyện", "tỉnh"})
_GOES_ON_INTRODUCTION = _LEVELS | words("sentences", "goes_on_introduction")
_TIMES = words("sentences", "names_time")
_TITLES = words("names", "titles")
_INTRODUCTIONS = frozenset({"tên", "là", "tôi", "tui", "em", "con"})
_ASKS_TOO = frozenset({"của", "mà", "khi", "như", "có", "nghe", "mời", "câu", "ý", "lời"})
_LEADS_ON = frozenset({"rồi", "dạ", "vâng", "tôi", "tui", "em", "con", "cháu", "xin", "thì", "là"})
_TAKES_UP = frozenset({"nhận", "thu", "xin", "giao", "trả"})
_MATTERS = frozenset({"ý", "chuyện", "việc", "câu", "điều", "điểm"})
_ANNOUNCES = frozenset({"có", "hỏi", "nói", "luận", "lời", "góp", "nêu", "xin"})
_GOES_ON_AMOUNT = words("sentences", "goes_on_amount")
_FAREWELLS = phrases("sentences", "farewells")
_COUNTED = phrases("numbers", "counted")
_LABELS = phrases("numbers", "labels")
_SUBJECTS = words("sentences", "subjects")
_NUMBER_WORDS = frozenset({*DIGITS, *UNITS_OF_TENS, *TENS, "mười"})
_HOW_MANY = _NUMBER_WORDS - {"không"} | words("sentences", "how_many")


def greeting(line: Line, position: int) -> float:
    """«kính thưa quý vị, thưa toàn thể bà con | hôm nay …»."""
    if line[position] in ("kính", "thưa") and "thưa" in line.between(max(0, position - 7), position):
        return -3.0
    if _ADDRESSEES.start(line, position) is None or line[position] in _GOES_ON_GREETING:
        return 0.0
    near = line.between(max(0, position - 4), position)
    if (introduces(line, position) and "thưa" in near) or line[position] == "chúc":
        return -2.0
    return 2.2 if _GREETING & set(line.between(max(0, position - 6), position)) else 0.0


def introduces(line: Line, position: int) -> bool:
    """«thưa bà con, | tôi là …», «vâng ạ, | em tên …»: the sentence goes on."""
    named = line[position + 1] in ("là", "tên") or name_end(line, position + 1) is not None
    return line[position] in ("tôi", "tui", "em", "con", "cháu", "mình") and named


def introduction(line: Line, position: int, people: dict[int, int]) -> float:
    """«tôi là Lê Hoàng Phúc ở ấp ba | tôi nói …»: a home, a trade or an office ends the introduction."""
    told_of_age = "tuổi" in line.between(position, position + 5)
    if line[position] in _GOES_ON_INTRODUCTION or _JOBS.end(line, position) or told_of_age:
        return 0.0
    told = _is_home(line, position) or _JOBS.start(line, position) is not None or line[position - 1] in _LEVELS
    introduced = any(
        0 < position - end <= 10 and line[start - 1] in _INTRODUCTIONS for start, end in people.items()
    )
    return 2.6 * (told and introduced)


def call(line: Line, position: int, people: dict[int, int]) -> float:
    """«cảm ơn chú Tám | …», «mời anh Bảo | …»."""
    start = next((start for start, end in people.items() if end == position), position - 1)
    if line[start - 1] == "chí":
        start -= 1
    elif line[start - 1] not in _TITLES or (position - start == 1 and line[start] in _TITLES):
        return 0.0
    start -= 1
    if _THANKS.start(line, start) is not None:
        return 3.0 if line[position] not in ("đã", "và", "có", "với") else -2.0
    if _CALLS.start(line, start) is not None and line[position] not in _AFTER_CALLED:
        return 1.5
    return 0.0


def question(line: Line, position: int) -> float:
    """«… có biết không | tôi …»: «không» closes what «có» opened."""
    if line[position - 1] not in ("không", "hông", "hổng", "chưa"):
        return 0.0
    opened = bool({"có", "được", "đúng", "phải"} & set(line.between(max(0, position - 14), position - 1)))
    next_begins = line[position] in _SUBJECTS or line[position] in _TITLES or line[position] in ("xã", "chừng")
    return 1.2 * opened * next_begins


def this(line: Line, position: int) -> float:
    """«câu này …», «chuyện đó …» at the head of a sentence."""
    shown = line[position + 1] in ("này", "đó") and line[position] not in _TIMES
    return 1.0 * shown


def topic(line: Line, position: int) -> float:
    """«… | ý kiến của anh Định, xã xin tiếp thu»: what is spoken of first, then what is done about it."""
    if _is_taken_up(line, position):
        return -3.0
    begins = line[position + 2] == "của" and line[position - 1] not in ("về", "còn")
    return 2.0 * (begins and any(_is_taken_up(line, position + words) for words in range(4, 8)))


def parts(line: Line, position: int) -> bool:
    """Whether a comma stands: «ý kiến của anh Định, | xã xin tiếp thu», «thưa bà con, | tôi là …»."""
    greeted = line[position - 1] == "ạ" or "thưa" in line.between(max(0, position - 6), position)
    return _is_taken_up(line, position) or (greeted and introduces(line, position))


def _is_taken_up(line: Line, position: int) -> bool:
    owned = "của" in line.between(max(0, position - 4), position - 1) and line[position - 1] != "chúng"
    says = line[position] in ("chúng", "xã", "tôi") and _TAKES_UP & set(line.between(position + 1, position + 5))
    return owned and bool(says)


def address(line: Line, position: int) -> float:
    """«cô Út ơi …»."""
    return 3.0 * (line[position] in _TITLES and line[position + 2] == "ơi")


def amount(line: Line, position: int, ends_here: bool) -> float:
    """A sum, a measure or a full date is often the last that is said."""
    if line[position] in _GOES_ON_AMOUNT or line[position] in _NUMBER_WORDS:
        return 0.0
    if ends_here and line[position] == "ngày":
        return -2.0
    if line[position - 1] == "đồng" and line[position - 2] in ("triệu", "ngàn", "nghìn", "tỷ"):
        return 1.5
    if ends_here:
        return 0.5
    before = line.between(max(0, position - 9), position)
    return 1.4 if "tháng" in before and "năm" in before[2:] and before[-1] in {*_NUMBER_WORDS, "nay"} else 0.0


def farewell(line: Line, position: int) -> float:
    """«… | vậy thôi», «… | hết rồi», «… | mời chú» at the very end of a turn."""
    if line[position - 1] in _LEADS_ON:
        return 0.0
    last = _FAREWELLS.end(line, position) == len(line)
    called = _CALLS.end(line, position) == len(line) - 1 and line[len(line) - 1] in _TITLES
    return 4.5 * (last or called)


def announcement(line: Line, position: int) -> float:
    """«tôi hỏi hai chuyện | …», «tôi kết luận mấy ý | …»."""
    if line[position - 1] not in _MATTERS or line[position] in ("là", "này", "đó", "của", "thứ", "trên"):
        return 0.0
    several = line[position - 2] in _NUMBER_WORDS or line[position - 2] in ("mấy", "vài")
    return 2.4 * (several and bool(_ANNOUNCES & set(line.between(max(0, position - 5), position - 2))))


def subject(line: Line, position: int) -> float:
    """A sentence may begin with a person: «anh Bảo nhắc nhở …», «chị Lệ hỏi vốn vay thì …»."""
    asks = "hỏi" in line.between(position + 2, position + 4) and line[position - 1] not in _ASKS_TOO
    return (1.8 if asks else 0.8) * (line[position] in _TITLES and line[position - 1] not in _TITLES)


def counted(line: Line, position: int) -> float:
    """Nothing ends between a number and what it counts; but «lượt hai | ấp ba»."""
    if line[position - 1] not in _NUMBER_WORDS - {"không"} or not _COUNTED.end(line, position):
        return 0.0
    begin = _number_start(line, position)
    return -4.0 * (_LABELS.start(line, begin) is None and line[begin - 1] not in _MATTERS | {"lượt"})


def is_counted(line: Line, position: int) -> bool:
    """Whether the word at `position` is what one before it counts or tells apart: «mười tám giờ», «cùng ngày»."""
    return line[position - 1] in _HOW_MANY and _COUNTED.end(line, position) == position + 1


def _number_start(line: Line, end: int) -> int:
    while line[end - 1] in _NUMBER_WORDS:
        end -= 1
    return end


def _is_home(line: Line, position: int) -> bool:
    """A number behind a kind of place («ấp ba»), or two words («ấp Suối Cạn»)."""
    if _HOMES.start(line, position - 1) is not None:
        return line[position - 1] in _NUMBER_WORDS
    return _HOMES.start(line, position - 2) is not None and line[position - 2] not in _NUMBER_WORDS
