"""Numbers and codes that tell who somebody is: phones, identity papers, accounts, plates, land, houses, birth dates.

Both forms are read: «0912 345 678» and «không chín một hai …», digit by digit, in tens or in hundreds, with the words
people put between («rồi», «à», «chấm») and the start of a number that they took back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarize.cues import NUMBER, UNITS
from summarize.flat import Flat

Private = tuple[int, int, str]  # characters [start, end) of the original, and the kind

DIGIT = "(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín)"
TENS = (f"(?:{DIGIT} (?:mươi|chục)(?: {DIGIT}(?! (?:mươi|chục)))?|mười(?: {DIGIT}(?! (?:mươi|chục)))?|"
        f"(?:hăm|băm) {DIGIT})")
REPEATED = f"(?:hai|ba|bốn|năm) (?:số|con) {DIGIT}"
READ_OUT = rf"(?:{REPEATED}|{TENS}|{DIGIT})"
HUNDREDS = f"{DIGIT} trăm(?: (?:linh|lẻ) {DIGIT}| {TENS}| {DIGIT} {DIGIT}| {DIGIT})?"
BETWEEN = "(?:(?:rồi tới|rồi đến|rồi|dạ|à|ờ|ừ|ừm|nha|nhé|chấm|phẩy|gạch ngang|gạch) )*"
MEASURES = "(?:đồng|đ|vnđ|triệu|nghìn|ngàn|tỷ|mét|m2|m²|ha|hộ|người|khẩu|kg|tấn|%|phần trăm)"
SPOKEN_NUMBER = re.compile(rf"(?<!\S){READ_OUT}(?: {BETWEEN}{READ_OUT})+(?!\S)(?! (?:trăm|{MEASURES})(?!\S))")
SPOKEN_FROM_ZERO = re.compile(rf"(?<!\S)không(?: {BETWEEN}(?:{HUNDREDS}|{READ_OUT}))+(?!\S)(?! {MEASURES}(?!\S))")
PART_OF_NUMBER = re.compile(rf"(?<!\S)(?:\d{{2,}}(?: \d+)*|{READ_OUT}(?: {READ_OUT}){{2,}})(?!\S)")
TIGHT = r"(?:[.,]?\n|[ \u00a0\u202f]|[-–—‑])"
LOOSE = r"(?:[.,]?\n|[ \u00a0\u202f]?[-–—‑][ \u00a0\u202f]?|[ \u00a0\u202f./_·]|, ?(?=\d{3}))"
WRITTEN_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:\(0\d{{1,4}}\)|\+84|0\d*)(?:{LOOSE}\d+)*(?!\w|[.,/-]\w)|"
    rf"(?<![\w.,/-])[1-9]\d+(?:{TIGHT}\d+)*(?!\w|[.,/-]\w)|"
    r"(?<![\w.,/-])[1-9]\d*(?:\.\d+)+(?!\w|[.,/-]\w)")
"""What begins with a zero is no amount: its digits may stand apart in any way."""
DATE = re.compile(r"\d{1,2} ?[./–-] ?\d{1,2} ?[./–-] ?\d{2,4}")
YEARS = re.compile(r"(?:(?:19|20)\d{2} ?[-– ] ?)+(?:19|20)\d{2}")
AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3})+")
SPOKEN_YEARS = re.compile(r"5(?:(?:19|20)\d{2})+")
"""«năm hai không hai ba hai không hai bốn», the word for year read as a five."""
GOES_ON = re.compile(rf"(?<!\S){DIGIT} $|(?<!\S)tháng $")
FREE_OF_CHARGE = re.compile(r"1[89]00")
SHORTEST_NUMBER = 8  # digits
SHORTEST_NAMED = 6  # of a number that is called by its kind right before
NAMED_WITHIN = 8  # words
NAMED_CLOSELY = 4
IDENTITY = {"căn cước": "cccd", "chứng minh": "cccd", "cccd": "cccd", "cmnd": "cccd", "định danh": "cccd"}
NAMED = {"tài khoản": "bank_account", "stk": "bank_account", "ngân hàng": "bank_account", **IDENTITY,
         "điện thoại": "phone", "số máy": "phone", "máy bàn": "phone", "di động": "phone", "sđt": "phone",
         "zalo": "phone", "viber": "phone", "liên lạc": "phone", "liên hệ": "phone", "gọi": "phone",
         "bảo hiểm": "insurance", "bhyt": "insurance", "bhxh": "insurance", "mã số thuế": "tax", "hộ chiếu": "passport"}
HOTLINE = re.compile(r"(?<!\S)(?:đường dây nóng|tổng đài|trực ban|hotline|số trực|trực 24|(?:24|hai mươi bốn) trên|"
                     r"bà con ghi|"
                     rf"(?:số|gọi) một một (?:ba|bốn|năm)(?! {DIGIT})|(?<!\d )11[345](?! \d))(?!\S)")
OFFICE = re.compile(r"(?<!\S)(?:văn phòng|một cửa|công an (?:xã|phường|thị trấn|tỉnh)|ủy ban|ubnd|hđnd|trạm y tế|"
                    r"điện lực|bệnh viện|trung tâm|điện thoại (?:của )?(?:xã|phường))(?!\S)")
OFFICES_NUMBER = re.compile(rf"(?<!\S)số (?:điện thoại|máy)(?: liên hệ)?(?: của)? (?:{OFFICE.pattern})(?: \S+){{0,3}}$")
MINE = re.compile(r"(?<!\S)(?:tôi|tui|mình|nhà em|của em|số em|em|cháu|vợ|chồng|con (?:trai|gái|rể|dâu))(?!\S)")
MINE_WITHIN = 6  # words
TAKEN_BACK = re.compile(rf"(?<!\S)(?:\d{{3,}}|{READ_OUT}(?: {READ_OUT}){{2,}}) (?:(?:à|ủa|ấy|ơ|dạ) )?"
                        r"(?:nhầm|lộn|quên|không phải|nói lại|xin lỗi|sai)(?: (?:rồi|à|là))* $")
LETTER = "(?:[a-zđ]|ét|bê|bờ|xê|cờ|đê|đờ|ép|gờ|giê|hát|hờ|ca|lờ|mờ|nờ|pê|quy|sờ|tê|vê|ích|dét)"
PLATE = re.compile(r"(?<!\S)(\d{2} ?[a-z]{1,2}\d? \d{3}[. ]?\d{2}|\d{2}[a-z]\d? ?\d{4,5})(?!\S)|"
                   rf"(?<!\S)biển (?:kiểm soát|số)(?: xe)?(?: là| đuôi)? ((?:\S*\d\S*|{NUMBER}|{LETTER})"
                   rf"(?: (?:\S*\d\S*|{NUMBER}|{LETTER}(?!\S)|chấm|gạch(?: ngang)?))+)|"
                   rf"(?<!\S)((?:{TENS}|{DIGIT} {DIGIT}|\d{{2}}) {LETTER}(?: {LETTER})?"
                   rf"(?: (?:chấm )?(?:{REPEATED}|{DIGIT})){{3,6}})(?!\S)")
BOAT = re.compile(r"(?<!\S)(?:tàu|ghe|thuyền|xuồng)(?: cá| số| biển số| hiệu)* (?:([a-zđ]{2,3} ?\d{4,5}(?: ts)?)|"
                  rf"((?:\S+ ){{1,2}}(?:{DIGIT} ){{3,4}}{DIGIT}(?: tê ét)?))(?!\S)|"
                  rf"(?<!\S)([a-zđ]{{2,3}} {NUMBER}(?: {NUMBER})* (?:ts|tê ét))(?!\S)")
"""The number that stands on a fishing boat, with the letters of its province."""
PLACE_NUMBER = (r"(?:(?!không (?:có|được|ai|phải|thấy|cho|biết)(?!\S)|năm (?:ngoái|nay|trước|sau|tới|rồi|ni)(?!\S)|"
                rf"lẻ |mốt ){NUMBER})")
"""A number that is not the «không» of «thửa không có sổ»."""
SHEET = rf"tờ(?: bản đồ)?(?: số| thứ)? {PLACE_NUMBER}"
PARCEL = re.compile(rf"(?<!\S)({SHEET} (?:số )?thửa(?: đất)?(?: số)? {PLACE_NUMBER})(?!\S)|"
                    rf"(?<!\S)thửa(?: đất)? ((?:số )?{PLACE_NUMBER}(?: và {PLACE_NUMBER})* "
                    rf"(?:và |thuộc )?{SHEET})(?!\S)|"
                    rf"(?<!\S)(số {PLACE_NUMBER} (?:và |thuộc )?{SHEET})(?!\S)|"
                    rf"(?<!\S)({PLACE_NUMBER} (?:và |thuộc )?tờ bản đồ(?: số| thứ)? {PLACE_NUMBER})(?!\S)|"
                    rf"(?<!\S)(?:thửa|lô)(?: đất| nền)?(?: của \S+)?(?: mang)? (số {PLACE_NUMBER})(?! chợ)(?!\S)|"
                    rf"(?<!\S)thửa(?: đất)? ({PLACE_NUMBER})(?!\S)|"
                    rf"(?<!\S)tờ bản đồ ((?:số |thứ )?{PLACE_NUMBER})(?!\S)")
DOCUMENT = re.compile(
    r"(?<!\S)(?:hộ chiếu|cmnd|chứng minh(?: nhân dân)?|thẻ bảo hiểm(?: y tế)?|bhyt|bằng lái|giấy phép lái xe)"
    rf"(?: \S+){{0,3}}? ([a-zđ]{{1,2}} ?\d{{6,15}}|[a-zđ]{{1,2}} \d \d{{8,13}}|"
    rf"{LETTER}(?: {LETTER})?(?: {DIGIT}){{6,15}})(?!\S)")
TITLE_DEED = re.compile(
    r"(?<!\S)(?:giấy chứng nhận|sổ đỏ|sổ hồng|bìa đỏ|bìa hồng|số vào sổ|số phát hành|sổ tiết kiệm|thẻ thương binh)"
    rf"(?: (?!có )\S+){{0,4}}? "
    rf"((?:số )?[a-zđ]{{1,2}} ?\d{{4,8}}|(?:số )?{LETTER}(?: {LETTER})?(?: {DIGIT}){{4,8}})(?!\S)|"
    rf"(?<!\S)lô nền ([a-zđ]{{1,2}} ?\d+|{LETTER} {NUMBER})(?!\S)")
SLASH = "(?:xẹt|xuyệt|xuyệc|sẹt|siệt)"
HOUSE_NUMBER = (rf"(?:\d[\d/]*[a-zđ]?(?: [a-zđ](?!\S)| bis)?|"
                rf"{PLACE_NUMBER}(?: (?:{SLASH}|trên|gạch|/) {NUMBER})*(?: (?:{LETTER}|bít)(?!\S))?)")
HOUSE = re.compile(rf"(?<!\S)(?:số nhà|nhà(?: em| tôi| tui| con)?(?: ở)? số|ở số|địa chỉ số) ({HOUSE_NUMBER})(?!\S)|"
                   rf"(?<!\S)((?:(?:ca|kiệt) )?{NUMBER}(?: {SLASH} {NUMBER})+(?: {LETTER})?)(?!\S)|"
                   rf"(?<!\S)(?:xuống|đến|tới|vô|vào|qua) số ({HOUSE_NUMBER}) (?=tổ|ấp|thôn|xóm|khu|đường|hẻm|ngõ)|"
                   rf"(?<!\S)(?:ở|địa chỉ(?: \S+){{0,2}}) ({NUMBER} bít)(?!\S)|"
                   r"(?<!\S)(?:ở|hộ|địa chỉ(?: \S+){0,2}) "
                   r"(\d+(?:/\d+)+[a-zđ]?(?: [a-zđ](?!\S))?|k\d+(?: \d+)?|\d+[a-zđ]?(?: \d+)* bis)(?!\S)")
BUILDING = "(?:nhà|tòa|block|lô|chung cư|khu)"
FLAT = re.compile(rf"(?<!\S)((?:phòng|căn hộ|căn)(?: số)? "
                  rf"(?:{NUMBER}|[a-zđ] {NUMBER}|[a-zđ]\d{{1,4}}(?: \d{{1,3}})?) {BUILDING} "
                  rf"(?:{LETTER}(?: {NUMBER})?(?!\S)|\S*\d\S*|\S+)|(?:phòng|căn hộ|căn)(?: số)? [a-zđ]?\d{{3,4}}"
                  r"(?: (?:nhà|tòa|block|lô) \S+)?)(?!\S)"
                  r"(?! (?:ủy ban|ubnd|trung tâm|trụ sở|một cửa|trường|bệnh viện))")
"""«phòng 302 nhà B4»"""
LANE = re.compile(rf"(?<!\S)(số {HOUSE_NUMBER} (?:hẻm|ngõ|ngách|kiệt|đường|phố)(?: \S+){{1,2}}|"
                  rf"{NUMBER} (?:hẻm|ngõ|ngách|kiệt) {NUMBER} (?:hẻm|ngõ|phố|đường)(?: \S+){{1,2}}|"
                  r"\d+[a-zđ]? (?:hẻm|ngõ|ngách|kiệt) \d\S*)(?!\S)")
PUBLIC_PLACE = re.compile(r"(?<!\S)(?:trường|trụ sở|ủy ban|ubnd|chợ|trạm|nhà văn hóa|công ty|trung tâm|bưu điện|"
                          r"ngân hàng|điểm|tuyến|lô|cống|cầu|cột)(?!\S)")
PUBLIC_WITHIN = 5  # words before a house or lane
MONTH = rf"(?:\d{{1,2}}|giêng|chạp|mười(?: một| hai)?|{DIGIT})"
TWO_DIGITS = rf"(?:{TENS}|{DIGIT} {DIGIT}(?! {DIGIT})|\d{{2}})"
YEAR = (rf"(?:\d{{4}}|một (?:nghìn|ngàn) chín trăm(?: (?:linh |lẻ )?(?:{TWO_DIGITS}|{DIGIT}))?|"
        rf"(?:một chín|hai không) (?:{TENS}|{DIGIT} {DIGIT})|hai (?:nghìn|ngàn)(?: không trăm)?(?: linh| lẻ)?"
        rf"(?: (?:{TWO_DIGITS}|{DIGIT}))?|{TWO_DIGITS})")
BORN = (r"(?<!\S)(?:(?<!hy )(?<!hi )(?<!học )(?<!vệ )(?<!phát )(?<!nảy )(?<!trẻ )(?<!khai )(?<!tuyển )(?<!an )(?<!dân )"
        r"(?<!thí )(?<!mưu )(?<!tái )(?<!nhân )(?<!giáo )(?<!song )(?<!sơ )(?:sinh|sanh)|đẻ|chào đời|"
        r"sinh nhật(?: \S+)?|(?:khai sinh|căn cước|hộ khẩu|học bạ)(?: \S+){0,2} ghi(?: là)?|"
        r"(?:ngày|năm|ngày tháng năm) sinh(?: của \S+)?(?: là)?)")
"""«sinh», but not «hy sinh», «tuyển sinh»."""
DAY = (r"(?:\d{1,2}[./ ]\d{1,2}[./ ]\d{2,4}|"
       rf"(?:ngày |mùng |mồng )*(?:{NUMBER}|rằm) tháng {MONTH}(?: năm)? {YEAR})")
BIRTH = re.compile(rf"{BORN} (?:vào )?((?:ngày )?{DAY})(?!\S)|{BORN} (?:vào )?(tháng {MONTH} năm {YEAR})(?!\S)|"
                   rf"(?:{BORN}|(?<!\S)sn) ((?:19|20)\d{{2}})(?!\S)|{BORN} (năm {YEAR})(?!\S)|"
                   rf"{BORN} (?:vào )?((?:ngày |mùng |mồng )*(?:{NUMBER}|rằm) tháng {MONTH})(?!\S)|"
                   rf"(?<!\S)(?:ngày sinh|năm sinh)(?: của \S+)?(?: là)? ({YEAR})(?!\S)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)(?:facebook|fb|zalo|tiktok)\.(?:com|me)/\S+", re.IGNORECASE)
SPOKEN_EMAIL = re.compile(r"(?<!\S)((?:\S+ ){1,3}(?:a còng|a còn|a móc|a vòng) (?:\S+ ){1,3}?"
                          r"chấm (?:com|vn|nét|net))(?!\S)")
SECRET_CODE = re.compile(r"(?<!\S)(?:mật khẩu|mã otp|mã pin|mã xác nhận)(?: \S+){0,6}? (?:là |số )?(\S*\d\S*|"
                         rf"{READ_OUT}(?: {READ_OUT})+)(?!\S)")
PATTERNS = ((DOCUMENT, "cccd"), (PLATE, "plate"), (BOAT, "plate"), (PARCEL, "parcel"), (TITLE_DEED, "parcel"),
            (HOUSE, "house"), (FLAT, "house"), (LANE, "house"), (BIRTH, "birth_date"), (SPOKEN_EMAIL, "email"),
            (SECRET_CODE, "password"))


def private_numbers(flat: Flat) -> Iterator[Private]:
    """All of them in one text."""
    yield from _written(flat)
    yield from _spoken(flat)
    for match in EMAIL.finditer(flat.original):
        yield match.start(), match.end(), "email"
    for pattern, kind in PATTERNS:
        for match in pattern.finditer(flat.text):
            group = next(i for i in range(1, pattern.groups + 1) if match[i])
            words = flat.words[flat.at(match.start()):flat.at(match.end(group) - 1)]
            if any(word.ends_sentence for word in words):
                continue  # «tách thửa. Ba con …»
            if kind != "house" or _is_a_home(flat, match.start(group), match.end(group)):
                yield *place(flat, match.start(group), match.end(group)), kind


def _is_a_home(flat: Flat, start: int, end: int) -> bool:
    """Not a school's address, and not a number that ends a clause before the name of a lane."""
    if PUBLIC_PLACE.search(" ".join(flat.text[:start].split()[-PUBLIC_WITHIN:])):
        return False
    return not any(word.ends_clause for word in flat.words[flat.at(start):flat.at(end - 1)])


def place(flat: Flat, start: int, end: int) -> tuple[int, int]:
    """Characters of the original for a stretch of the flat text."""
    return flat.words[flat.at(start)].start, flat.words[flat.at(end - 1)].end


def _written(flat: Flat) -> Iterator[Private]:
    for match in WRITTEN_NUMBER.finditer(flat.original):
        number, digits = match[0], re.sub(r"\D", "", match[0])
        after = flat.original[match.end():match.end() + 12].strip().lower()
        if DATE.fullmatch(number) or YEARS.fullmatch(number) or re.match(rf"{MEASURES}(?!\w)", after):
            continue
        at = sum(word.end <= match.start() for word in flat.words)
        before = flat.between(0, at)
        is_amount = AMOUNT.fullmatch(number) is not None or (number[0] != "0" and "." in number)
        if _is_private(before, digits, is_amount):
            start = flat.words[at].flat if at < len(flat.words) else len(flat.text)
            first = _with_what_was_taken_back(flat, start)
            yield (flat.words[flat.at(first)].start if first < start else match.start(), match.end(),
                   _kind(before, len(digits), number.startswith(("0", "+84", "(0"))))


def _spoken(flat: Flat) -> Iterator[Private]:
    for pattern in (SPOKEN_NUMBER, SPOKEN_FROM_ZERO):
        for match in pattern.finditer(flat.text):
            digits, before = _digits_read(match[0]), flat.text[:match.start()]
            if GOES_ON.search(before) or (match[0].startswith("năm ") and SPOKEN_YEARS.fullmatch(digits)):
                continue
            if _is_private(before, digits, is_amount=False):
                start, end = place(flat, _with_what_was_taken_back(flat, match.start()), match.end())
                yield start, end, _kind(before, len(digits), digits.startswith("0"))


def _with_what_was_taken_back(flat: Flat, start: int) -> int:
    """«0905 à nhầm 0906 112 233»: where in the flat text the first of the two begins."""
    taken_back = TAKEN_BACK.search(flat.text[:start])
    return taken_back.start() if taken_back else start


def _digits_read(words: str) -> str:
    """The digits that were read out («mười một» two, «ba số không» three)."""
    digits, units = "", {word: str(value) for word, value in UNITS.items()}
    for match in re.finditer(rf"(?<!\S)(?:{HUNDREDS}|{READ_OUT})(?!\S)", words):
        read = match[0].split()
        if "trăm" in read:
            digits += units[read[0]] + "".join(units.get(word, "") for word in read[2:])[:2].rjust(2, "0")
        elif len(read) > 1 and read[1] in ("số", "con"):
            digits += units[read[2]] * int(units[read[0]])
        elif set(read) & {"mươi", "chục", "mười", "hăm", "băm"}:
            digits += "".join(units.get(word, "1") for word in read if word not in ("mươi", "chục"))[:2].ljust(2, "0")
        else:
            digits += units[read[0]]
    return digits


def _is_private(before: str, digits: str, is_amount: bool) -> bool:
    words = before.split()
    is_mine = MINE.search(" ".join(words[-MINE_WITHIN:])) is not None
    if FREE_OF_CHARGE.match(digits) or (not is_mine and _is_an_offices(" ".join(words[-NAMED_WITHIN:]), digits)):
        return False
    closely = " ".join(words[-NAMED_CLOSELY:])
    if is_amount:
        near = " ".join(words[-NAMED_WITHIN:])
        return len(digits) >= SHORTEST_NUMBER and any(name in near for name in IDENTITY)
    if any(name in closely for name in NAMED):
        return len(digits) >= SHORTEST_NAMED
    return len(digits) >= SHORTEST_NUMBER and digits not in "123456789101112"  # «tổ một hai ba …»


def _is_an_offices(near: str, digits: str) -> bool:
    """A hotline, or a number that is said to be an office's."""
    return (HOTLINE.search(near) is not None or OFFICES_NUMBER.search(near) is not None
            or (digits.startswith("02") and OFFICE.search(near) is not None))


def _kind(before: str, digits: int, from_zero: bool) -> str:
    """The nearest word before a number names it; without one its length does."""
    near = " ".join(before.split()[-NAMED_WITHIN:])
    named = max(((near.rfind(word), kind) for word, kind in NAMED.items()), default=(-1, ""))
    if named[0] >= 0:
        return named[1]
    if digits in (9, 12):
        return "cccd"
    return "phone" if from_zero and digits in (10, 11) else "bank_account"
