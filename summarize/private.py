"""Private data in what is said, to be masked in public papers.

Kinds: phone, cccd (identity number), bank_account, insurance, tax, passport, plate, house,
parcel, birth_date, health, family (marriage, violence, prison), third_party (somebody accused, or
spoken of for their health or family); in a denunciation also denouncer_name, denouncer_address,
denounced_name, denounced_position. What is basic and what is sensitive personal
data: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP, articles 3 and 4; what is kept secret of a
denunciation: Law 25/2018/QH14, article 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from models.records import PersonalData
from summarize.cues import NUMBER, cue, says, words
from summarize.flat import Flat
from summarize.introductions import Found, find_address, find_name, name_at

DIGIT = "(?:không|một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín)"
TENS = f"(?:{DIGIT} mươi(?: (?:{DIGIT}|mốt)(?! mươi))?|mười(?: {DIGIT}(?! mươi))?|(?:hăm|băm) {DIGIT})"
REPEATED = f"(?:hai|ba|bốn|năm) (?:số|con) {DIGIT}"
READ_OUT = rf"(?:{REPEATED}|{TENS}|{DIGIT})"
AMOUNT = "(?:đồng|triệu|nghìn|ngàn|tỷ|trăm|mét|hộ)"
SPOKEN_NUMBER = re.compile(rf"(?<!\S){READ_OUT}(?: (?:rồi |dạ |à |tới |đến )?{READ_OUT})+(?!\S)(?! {AMOUNT})")
WRITTEN_NUMBER = re.compile(r"(?<![\d.,/])\+?\d{2,}(?:[ -]\d{1,})*(?!\d|[.,/]\d)|"
                            r"(?<![\d.,])0\d{2,3}(?:\.\d{3,4}){2}(?!\d|\.\d)")
YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2} ?[-–] ?(?:19|20)\d{2}(?!\d)")
SHORTEST_NUMBER = 8  # digits
SHORTEST_NAMED = 6  # of a number that is called by its kind right before
NAMED_WITHIN = 8  # words
NAMED_CLOSELY = 4
NAMED = {"tài khoản": "bank_account", "stk": "bank_account", "ngân hàng": "bank_account", "căn cước": "cccd",
         "chứng minh": "cccd", "cccd": "cccd", "cmnd": "cccd", "định danh": "cccd", "điện thoại": "phone",
         "số máy": "phone", "sđt": "phone", "zalo": "phone", "liên lạc": "phone", "gọi": "phone",
         "bảo hiểm": "insurance", "bhyt": "insurance", "bhxh": "insurance", "mã số thuế": "tax", "hộ chiếu": "passport"}
HOTLINE = re.compile(r"(?<!\S)(?:đường dây nóng|tổng đài|trực ban|hotline|số trực|trực 24|(?:24|hai mươi bốn) trên|"
                     r"bà con ghi|"
                     rf"(?:số|gọi) một một (?:ba|bốn|năm)(?! {DIGIT})|(?<!\d )11[345](?! \d))(?!\S)")
LETTER = "(?:[a-zđ]|bê|bờ|xê|cờ|đê|đờ|ép|gờ|giê|hát|hờ|ca|lờ|mờ|nờ|pê|quy|sờ|tê|vê|ích|dét)"
PLATE = re.compile(r"(?<!\S)(\d{2} ?[a-z]{1,2}\d? \d{3}[. ]?\d{2}|\d{2}[a-z]\d? ?\d{4,5})(?!\S)|"
                   rf"(?<!\S)biển (?:kiểm soát|số)(?: xe)?(?: là)? ((?:\S*\d\S*|{NUMBER}|{LETTER})"
                   rf"(?: (?:\S*\d\S*|{NUMBER}|{LETTER}(?!\S)))+)|"
                   rf"(?<!\S)((?:{TENS}|\d{{2}}) {LETTER}(?: {LETTER})?(?: {DIGIT}){{4,6}})(?!\S)")
BOAT = re.compile(r"(?<!\S)(?:tàu|ghe|thuyền|xuồng)(?: cá| số| biển số| hiệu)* (?:([a-zđ]{2,3} ?\d{4,5}(?: ts)?)|"
                  rf"((?:\S+ ){{1,2}}(?:{DIGIT} ){{3,4}}{DIGIT}(?: tê ét)?))(?!\S)|"
                  rf"(?<!\S)([a-zđ]{{2,3}} {NUMBER}(?: {NUMBER})* (?:ts|tê ét))(?!\S)")
"""The number that stands on a fishing boat, with the letters of its province."""
PARCEL = re.compile(rf"(?<!\S)(tờ(?: bản đồ)?(?: số)? {NUMBER} thửa(?: đất)?(?: số)? {NUMBER})(?!\S)|"
                    rf"(?<!\S)thửa(?: đất)? ((?:số )?{NUMBER} (?:và |thuộc )?tờ(?: bản đồ)?(?: số)? {NUMBER})(?!\S)|"
                    rf"(?<!\S)(số {NUMBER} (?:và |thuộc )?tờ(?: bản đồ)?(?: số)? {NUMBER})(?!\S)|"
                    rf"(?<!\S)({NUMBER} (?:và |thuộc )?tờ bản đồ(?: số)? {NUMBER})(?!\S)|"
                    rf"(?<!\S)(?:thửa|lô)(?: đất| nền)? (số {NUMBER})(?!\S)|"
                    rf"(?<!\S)thửa(?: đất)? ((?!lẻ |mốt ){NUMBER})(?!\S)|"
                    rf"(?<!\S)tờ bản đồ ((?:số )?{NUMBER})(?!\S)|"
                    r"(?<!\S)(?:giấy chứng nhận|sổ đỏ|sổ hồng|bìa đỏ) (?:có )?(số [a-z]{1,2} ?\d{5,8})(?!\S)")
HOUSE_NUMBER = f"{NUMBER}(?: (?:xẹt|xuyệt|xuyệc|trên|gạch|/) {NUMBER})*"
HOUSE = re.compile(r"(?<!\S)(?:số nhà|nhà(?: em| tôi| tui| con)?(?: ở)? số|ở số|địa chỉ số) "
                   rf"({HOUSE_NUMBER})(?!\S)")
FLAT = re.compile(rf"(?<!\S)((?:phòng|căn hộ|căn)(?: số)? {NUMBER} (?:nhà|tòa|block|lô|chung cư|khu) "
                  rf"(?:[a-zđ](?: {NUMBER})?|\S*\d\S*)|(?:phòng|căn hộ|căn)(?: số)? [a-zđ]?\d{{3,4}}"
                  r"(?: (?:nhà|tòa|block|lô) \S+)?)(?!\S)")
"""«phòng 302 nhà B4»"""
LANE = re.compile(rf"(?<!\S)(số {HOUSE_NUMBER} (?:hẻm|ngõ|ngách|kiệt|đường|phố)(?: \S+){{1,2}})(?!\S)")
YEAR = (rf"(?:\d{{4}}|một (?:nghìn|ngàn) chín trăm(?: \S+){{1,3}}|"
        rf"(?:một chín|hai không) {DIGIT} (?:{DIGIT}|mốt)|{TENS}|{DIGIT} (?:{DIGIT}|mốt)(?! {DIGIT})|"
        r"hai (?:nghìn|ngàn)(?: \S+){1,5}|\d{2})")
BORN = r"(?<!\S)(?<!hy )(?<!hi )(?<!học )(?<!vệ )(?<!phát )(?<!nảy )(?<!trẻ )(?<!khai )(?:sinh|sanh)"
"""«sinh», but not «hy sinh», «học sinh»."""
BIRTH = re.compile(rf"{BORN} (?:vào )?(tháng (?:\d+|{DIGIT}|mười(?: một| hai)?) năm {YEAR})(?!\S)|"
                   rf"(?:{BORN}|(?<!\S)sn) ((?:19|20)\d{{2}})(?!\S)|"
                   rf"{BORN} (?:vào )?((?:ngày )?(?:\d{{1,2}}/\d{{1,2}}/\d{{4}}|"
                   rf"(?:ngày |mùng |mồng )?{NUMBER} tháng (?:\d+|{DIGIT}|mười(?: một| hai)?) năm {YEAR}))(?!\S)|"
                   rf"{BORN} (năm {YEAR})(?!\S)|"
                   rf"(?<!\S)(?:ngày sinh|năm sinh)(?: của \S+)?(?: là)? (\d{{1,2}}/\d{{1,2}}/\d{{4}}|{YEAR})(?!\S)")
FAMILY = ("(?:(?:đã |đang |bị |mới |chưa |vừa )*(?:ly hôn|ly dị|ly thân|ngoại tình|tái hôn|bạo hành|bạo lực gia đình|"
          "đánh (?:vợ|chồng|con|mẹ|cha)|nghiện(?: (?:ma túy|rượu|hút|đề|cờ bạc))?|cai nghiện|đi tù|ở tù|đi cải tạo|"
          "có (?:tiền án|con riêng|con ngoài giá thú|con rơi|bồ|thai)|vô sinh|hiếm muộn|phá thai|"
          "bỏ (?:vợ|chồng|nhà đi)|thôi (?:vợ|chồng)|chửa hoang))+")
KIN = ("(?:vợ chồng|vợ|chồng|con trai|con gái|con dâu|con rể|con|cháu|cha|ba|bố|mẹ|má|anh trai|chị gái|em trai|"
       "em gái|nhà|gia đình)")
CALLED = "(?:ông|bà|anh|chị|chú|cô|bác|dì|cậu|mợ|thím)"
SELF = "(?:tôi|tui|em|con|cháu|nhà tôi|nhà tui)"
FAMILY_FACT = re.compile(
    rf"(?<!\S)(?:{KIN}(?: của)? )?(?:{SELF}|{CALLED} \S+|{KIN})(?: \S+){{0,3}}? ({FAMILY})(?!\S)")
NO_NAME = "(?:tôi|tui|em|ấy|ta|này|đó|nhà|bị|mắc|mang|có|đang|đã|mới|vừa|hay|không|chưa|thì|là|cũng|cứ)"
RELATIVE = re.compile(rf"(?<!\S){KIN}(?: của)? ({CALLED} (?!{NO_NAME} )\S+)(?= )")
POSITION = re.compile(
    r"(?<!\S)((?:nguyên |cựu )?(?:trưởng|phó|bí thư|chủ tịch|cán bộ|công chức|kế toán|thủ quỹ|hiệu trưởng|công an|"
    r"giám đốc|đội trưởng|tổ trưởng|văn thư)(?: (?:ban|thôn|ấp|xóm|khu phố|buôn|bản|tổ|điều hành|quản lý|trật tự|"
    r"xây dựng|địa chính|tư pháp|hộ tịch|văn phòng|ủy ban|ubnd|hội|nông dân|phụ nữ|trường|mẫu giáo|mầm non|tiểu học|"
    r"trạm|y tế|công an|chi bộ|tài chính|kế toán|chủ tịch|bí thư|cũ|của|xã|phường|phòng|hợp tác xã))+)(?!\S)")
PERSON = re.compile(rf"(?<!\S)(?:{SELF}|{KIN}|{CALLED} \S+)(?!\S)")
SOMEBODYS = {"ailment": 4, "injury": 10}
"""Words before an illness in which the one who has it is spoken of: without anybody it is no private matter."""
SPOKEN_OF_WITHIN = 10  # words
LONGEST_CALLED = 4  # words of a name after a title
NO_NAMES = frozenset(("nội", "ngoại", "rể", "dâu", "trai", "gái", "ruột", "họ", "tên", "giấu", "thầy", "cụ", "hàng",
                      "chồng", "vợ", "lớn", "già", "trẻ"))
"""What follows a title that is no name: «ông nội», «anh rể»."""
BORN_AS = frozenset(("hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "út", "cả"))

PATTERNS = ((PLATE, "plate"), (BOAT, "plate"), (PARCEL, "parcel"), (HOUSE, "house"), (FLAT, "house"), (LANE, "house"),
            (BIRTH, "birth_date"), (FAMILY_FACT, "family"))


def private_data(flat: Flat, utterance: int, is_denunciation: bool = False,
                 hides_names: bool = False) -> list[PersonalData]:
    """The private data of one text, in order, without overlaps; `hides_names`: nobody may stay called by name."""
    found = _private(flat, is_denunciation, hides_names)
    return [PersonalData(utterance, start, end, kind) for start, end, kind in found]


@lru_cache(maxsize=8192)
def _private(flat: Flat, is_denunciation: bool, hides_names: bool) -> tuple[tuple[int, int, str], ...]:
    found = [*_numbers(flat), *_patterns(flat), *(_of_denunciation(flat) if is_denunciation else _accused(flat)),
             *_relatives(flat), *(_third_persons(flat) if hides_names else ())]
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda item: (item[0], -item[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
    return tuple(kept)


def denounces(flat: Flat) -> bool:
    """Whether a text denounces somebody: in so many words, or it tells a wrong of one it calls by name or office."""
    if says("denounces", flat.text):
        return True
    return (says("wrongdoing", flat.text) and POSITION.search(flat.text) is not None
            and next(_third_persons(flat), None) is not None)


def _numbers(flat: Flat) -> Iterator[tuple[int, int, str]]:
    """Long numbers, written or read digit by digit: what they are, the words before or the length say."""
    for match in WRITTEN_NUMBER.finditer(YEARS.sub(lambda years: "·" * len(years[0]), flat.original)):
        digits = len(re.sub(r"\D", "", match[0]))
        before = flat.between(0, sum(word.end <= match.start() for word in flat.words))
        if _is_private(before, digits):
            yield match.start(), match.end(), _kind(before, digits, match[0].startswith(("0", "+84")))
    for match in SPOKEN_NUMBER.finditer(flat.text):
        digits, before = _digits_read(match[0]), flat.text[:match.start()]
        if _is_private(before, digits):
            start, end = _place(flat, match.start(), match.end())
            yield start, end, _kind(before, digits, match[0].startswith("không"))


def _digits_read(words: str) -> int:
    """How many digits were read out («mười một» two, «ba số không» three)."""
    repeated = sum({"hai": 2, "ba": 3, "bốn": 4, "năm": 5}[match[1]]
                   for match in re.finditer(rf"(?<!\S)(hai|ba|bốn|năm) (?:số|con) {DIGIT}", words))
    rest = re.sub(rf"(?<!\S){REPEATED}", " ", words)
    tens = len(re.findall(rf"(?<!\S){TENS}(?!\S)", rest))
    rest = re.sub(rf"(?<!\S){TENS}(?!\S)", " ", rest)
    return repeated + 2 * tens + len(re.findall(rf"(?<!\S){DIGIT}(?!\S)", rest))


def _is_private(before: str, digits: int) -> bool:
    if HOTLINE.search(" ".join(before.split()[-NAMED_WITHIN:])):
        return False
    closely = " ".join(before.split()[-NAMED_CLOSELY:])
    return digits >= SHORTEST_NUMBER or (
        digits >= SHORTEST_NAMED and any(name in closely for name in NAMED))


def _kind(before: str, digits: int, from_zero: bool) -> str:
    """The nearest word before a number names it; without one its length does."""
    near = " ".join(before.split()[-NAMED_WITHIN:])
    named = max(((near.rfind(word), kind) for word, kind in NAMED.items()), default=(-1, ""))
    if named[0] >= 0:
        return named[1]
    if digits in (9, 12):
        return "cccd"
    return "phone" if from_zero and digits in (10, 11) else "bank_account"


def _place(flat: Flat, start: int, end: int) -> tuple[int, int]:
    """Characters of the original for a stretch of the flat text."""
    return flat.words[flat.at(start)].start, flat.words[flat.at(end - 1)].end


def _patterns(flat: Flat) -> Iterator[tuple[int, int, str]]:
    for pattern, kind in PATTERNS:
        for match in pattern.finditer(flat.text):
            group = next((i for i in range(1, pattern.groups + 1) if match[i]), 0)
            yield *_place(flat, match.start(group), match.end(group)), kind
    for match in cue("health").finditer(flat.text):
        yield *_place(flat, match.start(), match.end()), "health"
    for name, within in SOMEBODYS.items():
        for match in cue(name).finditer(flat.text):
            if PERSON.search(" ".join(flat.text[:match.start()].split()[-within:])):
                yield *_place(flat, match.start(), match.end()), "health"


OWNS = re.compile(r"(?<!\S)(?:quán|lò|trại|ao|bè|vựa|xưởng|tiệm|cửa hàng|đại lý|cơ sở|doanh nghiệp|công ty|hàng xóm|"
                  r"tàu|ghe|chuồng|vuông|bãi|mỏ|hầm|cây xăng|nhà máy|rẫy|xe)(?: (?!mời)\S+){0,5}$")
OWNED_WITHIN = 6  # words
HARMED_BY = re.compile(
    r"(?<!\S)bị (?:\S+ ){0,2}?(?:chó|trâu|bò|heo|lợn|dê|xe|thợ|nhà) (?:của |nhà )?((?:ông|bà|anh|chị|chú|cô|bác) \S+) "
    r"(?:cắn|húc|đụng|tông|đâm|đánh|đè|phá|ăn|lấn|chắn|xả|đổ)(?!\S)")
"""«bị chó nhà ông Dần cắn»."""


def _accused(flat: Flat) -> Iterator[tuple[int, int, str]]:
    """A private person whom somebody accuses by full name («ông Trịnh Văn Bền lấn ra lòng đường»), or speaks of as the
    owner of what does harm («quán nhậu của ông Tư Nở»)."""
    own = find_name(flat)
    for name in _names(flat):
        after = flat.between(name.last, min(name.last + NAMED_WITHIN, len(flat.words)))
        if (own is None or name.first != own.first) and says("accuses", after):
            yield *_of_words(flat, name), "third_party"
    for match in HARMED_BY.finditer(flat.text):
        yield *_place(flat, match.start(1), match.end(1)), "third_party"
    for first, last in _persons(flat):
        after = flat.between(last, min(last + NAMED_WITHIN, len(flat.words)))
        is_named_well = last - first > len(("ông", "Nở"))
        if is_named_well and (OWNS.search(flat.between(max(0, first - OWNED_WITHIN), first)) or says("accuses", after)):
            yield flat.words[first].start, flat.words[last - 1].end, "third_party"


def _relatives(flat: Flat) -> Iterator[tuple[int, int, str]]:
    """Whose family or health somebody else speaks of («con ông Bảy bị tâm thần», «vợ anh Tám bỏ nhà đi»)."""
    for match in RELATIVE.finditer(flat.text):
        last = flat.at(match.end() - 1) + 1
        after = flat.between(last, min(last + SPOKEN_OF_WITHIN, len(flat.words)))
        if says("health", after) or re.search(rf"(?<!\S){FAMILY}(?!\S)", after):
            yield *_place(flat, match.start(1), match.end(1)), "third_party"


def _third_persons(flat: Flat) -> Iterator[tuple[int, int, str]]:
    """Them as characters."""
    for first, last in _persons(flat):
        yield flat.words[first].start, flat.words[last - 1].end, "third_party"


def _persons(flat: Flat) -> Iterator[tuple[int, int]]:
    """The words [first, last) with which somebody else is spoken of by a title and a name, however short («ông Ba
    Khuôl», «nhà ông Phẩm»)."""
    own = find_name(flat)
    for match in re.finditer(rf"(?<!\S){CALLED}(?= )", flat.text):
        title = flat.at(match.start())
        last = title if flat.words[title].ends_clause else _end_of_called(flat, title + 1)
        if last > title + 1 and (own is None or not own.first <= title + 1 < own.last):
            yield title, last


def _end_of_called(flat: Flat, first: int) -> int:
    """Where a name after a title ends; without capitals only one that begins with a surname or «Ba», «Út»,
    or the first word of whose house or thing it is."""
    if name := name_at(flat, first):
        return name.last
    last = first
    while last < min(first + LONGEST_CALLED, len(flat.words)) and flat.words[last].is_capital and (
            last == first or not flat.words[last - 1].ends_clause):
        last += 1
    if last == first < len(flat.words) - 1 and flat.as_said[first] in BORN_AS | words("surnames"):
        return first + (1 if flat.as_said[first + 1] in words("stop") | {"ơi"} else 2)
    is_owner = not flat.is_punctuated and first > 1 and flat.as_said[first - 2] in ("nhà", "của")
    is_name = flat.as_said[first] not in words("stop") | NO_NAMES
    return first + 1 if last == first and is_owner and is_name else last


def _of_denunciation(flat: Flat) -> Iterator[tuple[int, int, str]]:
    own = find_name(flat)
    if own:
        yield *_of_words(flat, own), "denouncer_name"
        address = find_address(flat, own.last)
        if address:
            yield *_of_words(flat, address), "denouncer_address"
    for name in _names(flat):
        if own is None or name.first != own.first:
            yield *_of_words(flat, name), "denounced_name"
    for match in POSITION.finditer(flat.text):
        yield *_place(flat, match.start(1), match.end(1)), "denounced_position"


def _names(flat: Flat) -> Iterator[Found]:
    """Full names after a title or «tên là»."""
    for match in re.finditer(r"(?<!\S)(?:ông|bà|anh|chị|cán bộ|đồng chí|tên là|tên)(?!\S)", flat.text):
        if name := name_at(flat, flat.at(match.end() - 1) + 1):
            yield name


def _of_words(flat: Flat, found: Found) -> tuple[int, int]:
    return flat.words[found.first].start, flat.words[found.last - 1].end
