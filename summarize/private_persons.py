"""Other people whom somebody speaks of: accused, ill, in trouble at home, or children.

Whoever introduces themselves is not meant; what officials are called is for `summarize.naming`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarize.cues import says, words
from summarize.flat import Flat
from summarize.introductions import WHOLE_NAME, Found, find_name, name_at
from summarize.private_numbers import Private, place

CALLED = "(?:ông|bà|anh|chị|chú|cô|bác|dì|cậu|mợ|thím)"
FAMILIAR = ("(?:thằng cháu|con nhỏ|con bé|thằng bé|thằng|con|lão|mụ|gã|tên|thầy giáo|cô giáo|thầy|cháu|em|bé|bác sĩ|"
            "y tá|học sinh|hàng xóm là|nhà)")
"""What else stands before a name; it must be clearly a name, for all of them stand before other words, too."""
KIN = ("(?:vợ chồng|vợ|chồng|con trai|con gái|con dâu|con rể|con|cháu|cha|ba|bố|mẹ|má|anh trai|chị gái|em trai|"
       "em gái|nhà|gia đình)")
SELF = "(?:tôi|tui|em|con|cháu|nhà tôi|nhà tui)"
FAMILY = ("(?:(?:đã |đang |bị |mới |chưa |vừa )*(?:ly hôn|ly dị|ly thân|ngoại tình|tái hôn|bạo hành|bạo lực gia đình|"
          "đánh (?:vợ|chồng|con|mẹ|cha|tôi)|nghiện(?: (?:ma túy|rượu|hút|đề|cờ bạc))?|cai nghiện|đi tù|ở tù|ra tù|"
          "thụ án|đi cải tạo|(?:ghiền|chơi|chích|hút|dương tính với) (?:ma túy|xì ke|hàng đá|hút)|chích hút|"
          "có (?:tiền án|án tích|con riêng|con ngoài giá thú|con rơi|bồ)|(?:có|mang) (?:thai|bầu|chửa)(?: \\S+ tháng)?|"
          "vô sinh|hiếm muộn|phá thai|bỏ (?:vợ|chồng|nhau|nhà đi(?! làm))|thôi (?:vợ|chồng)|chửa hoang|đồng tính|"
          "chuyển giới|tự (?:tử|vẫn)(?: \\S+ lần)?|"
          "bị (?:chồng|vợ|cha|bố|ba|mẹ|má|dượng|con trai|con|nó|hắn) (?:\\S+ )?(?:đánh|đập|tát|bóp cổ)(?: đập)?|"
          "nhiễm h(?: iv)?|dính ết|dương tính với (?:hiv|h)|uống (?:thuốc )?arv|đập đá|chơi đá|"
          "bị (?:\\S+ ){0,3}?(?:xâm hại|hiếp dâm|hiếp|sàm sỡ|quấy rối|lạm dụng|dụ dỗ|cưỡng bức|bắt nạt|"
          "ép (?:cưới|lấy (?:chồng|vợ)|gả))))+")
FAMILY_FACT = re.compile(
    rf"(?<!\S)(?<!chị )(?<!anh )(?:{KIN}(?: của)? )?"
    rf"(?:{SELF}|nó|hắn|ổng|bả|{CALLED} (?!em |con |chị |chú |bác )\S+|{KIN})(?: \S+){{0,3}}? ({FAMILY})"
    r"(?!\S)")
NO_NAME = "(?:tôi|tui|em|ấy|ta|này|đó|nhà|bị|mắc|mang|có|đang|đã|mới|vừa|hay|không|chưa|thì|là|cũng|cứ)"
RELATIVE = re.compile(rf"(?<!\S){KIN}(?: của)? {CALLED} (?!{NO_NAME} )(?=\S+ )")
KIN_CALLED = re.compile(rf"(?<!\S){KIN} (?:của )?{SELF} (?:là|tên|tên là) (?=\S)")
WITHIN = 8  # words after a name
CHILD = re.compile(r"(?<!\S)(?:(?:1[0-7]|\d|(?<!mươi )(?:mười(?: (?:một|hai|ba|bốn|lăm|sáu|bảy))?|một|hai|ba|bốn|năm|"
                   r"sáu|bảy|tám|chín)) tuổi|lớp (?:1[0-2]|\d|mười(?: một| hai)?|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|"
                   r"mầm|chồi|lá)|học mẫu giáo|sơ sinh)(?!\S)")
SLIP = re.compile(r"(?<!\S)(?:phiếu|thư|thơ|đơn|ý kiến|câu hỏi|tin nhắn)(?!\S)")
SLIP_WITHIN = 5  # words before the name of who wrote it
CHILD_TITLE = re.compile(r"(?<!\S)(cháu|em|bé|thằng cháu|con nhỏ|con bé|thằng bé|học sinh) ")
"""Even one's own: what a child tells of itself is not to be published under its name."""
POSITION = re.compile(
    r"(?<!\S)((?:nguyên |cựu )?(?:trưởng|phó|bí thư|chủ tịch|cán bộ|công chức|nhân viên|kế toán|thủ quỹ|hiệu trưởng|"
    r"công an|giám đốc|đội trưởng|tổ trưởng|văn thư|ban quản lý)(?: (?:ban|thôn|ấp|xóm|khu phố|buôn|bản|tổ|điều hành|"
    r"quản lý|trật tự|xây dựng|địa chính|tư pháp|hộ tịch|văn phòng|ủy ban|ubnd|hội|nông dân|phụ nữ|trường|mẫu giáo|"
    r"mầm non|tiểu học|trạm|y tế|công an|chi bộ|tài chính|kế toán|chủ tịch|bí thư|cũ|của|xã|phường|phòng|hợp tác xã|"
    r"chợ|dự án))+)(?!\S)")
IN_OFFICE = re.compile(rf"{POSITION.pattern}|(?<!\S)(?:cán bộ|tổ trưởng|trưởng \S+|bảo vệ rừng|tổ đô thị|kế toán|"
                       r"hiệu trưởng|trạm trưởng)(?!\S)")
OF_A_PLACE = re.compile(r"(?<!\S)(?:xã|phường|trường|ấp|thôn|xóm|buôn|bản|khu phố|tổ|chợ|trạm|dự án)$")
"""Where an office ends so, the name of the place follows."""
DOES_WRONG_WITHIN = 6  # words after an office
STREET = re.compile(r"(?<!\S)(?:kiệt|hẻm|ngõ|ngách|đường|phố|trường|số|phường|xã|chợ|cầu|thiếu|trung|đại|thượng)(?!\S)")
LONGEST_CALLED = 4  # words of a name after a title
NO_NAMES = frozenset(("nội", "ngoại", "rể", "dâu", "trai", "gái", "ruột", "họ", "tên", "giấu", "thầy", "cụ", "hàng",
                      "chồng", "vợ", "lớn", "già", "trẻ", "nhỏ", "bé", "út", "cha", "bạn", "nhóc", "khác", "nào"))
"""What follows a title that is no name: «ông nội», «anh rể»."""
BORN_AS = frozenset(("hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "út", "cả"))
OWNS = re.compile(r"(?<!\S)(?:quán|lò|trại|ao|bè|vựa|xưởng|tiệm|cửa hàng|đại lý|cơ sở|doanh nghiệp|công ty|hàng xóm|"
                  r"tàu|ghe|chuồng|vuông|bãi|mỏ|hầm|cây xăng|nhà máy|rẫy|xe)(?: (?!mời)\S+){0,5}$")
OWNED_WITHIN = 6  # words
NEIGHBOURS_NAME = re.compile(
    rf"(?<!\S){CALLED} (?!{NO_NAME} )\S+(?= (?:ở )?(?:(?:kế|cạnh|bên cạnh|sát|sát vách|gần|đối diện)(?: bên)? nhà|"
    r"nhà (?:bên|kế|đối diện)|hàng xóm|chủ (?:quán|tiệm|trại|lò|xưởng|tàu|ghe|đại lý|cơ sở|vựa))(?!\S))")
"""«cô Hạnh kế nhà em», «anh Nam chủ quán nhậu»."""
PRAISED = re.compile(r"(?<!\S)(?:giỏi|khen|khen thưởng|gương|tốt lắm|góp quỹ|từ thiện)(?!\S)")
HARMED_BY = re.compile(
    r"(?<!\S)bị (?:\S+ ){0,2}?(?:chó|trâu|bò|heo|lợn|dê|xe|thợ|nhà) (?:của |nhà )?((?:ông|bà|anh|chị|chú|cô|bác) \S+) "
    r"(?:cắn|húc|đụng|tông|đâm|đánh|đè|phá|ăn|lấn|chắn|xả|đổ)(?!\S)")
"""«bị chó nhà ông Dần cắn»."""


def denounces(flat: Flat) -> bool:
    """Whether a text denounces somebody: in so many words, or it tells a wrong of one it calls by name or office."""
    if says("denounces", flat.text):
        return True
    offices = list(POSITION.finditer(flat.text))
    takes = says("takes_money", flat.text) and not says("due_money", flat.text)
    if not offices or not (takes or says("wrongdoing", flat.text)):
        return False
    return next(third_persons(flat), None) is not None or any(
        _does_wrong(flat, flat.at(office.end() - 1) + 1) for office in offices)


def accuses_somebody(flat: Flat) -> bool:
    """Whether a text names or accuses anybody at all, so that to hush it means something."""
    return (POSITION.search(flat.text) is not None or next(third_persons(flat), None) is not None
            or any(says(name, flat.text) for name in ("wrongdoing", "takes_money", "denounces")))


def tells_of_office(flat: Flat) -> bool:
    """Whether a text tells a wrong, or money taken, of anybody in office, by whatever name («anh bên tổ đô thị»)."""
    return (IN_OFFICE.search(flat.text) is not None
            and (says("wrongdoing", flat.text) or says("takes_money", flat.text)))


def _does_wrong(flat: Flat, last: int) -> bool:
    """«trưởng ấp chia gạo cho người nhà»: told right after an office."""
    return says("wrongdoing", flat.between(last, min(last + DOES_WRONG_WITHIN, len(flat.words))))


def accused(flat: Flat) -> Iterator[Private]:
    """A private person whom somebody accuses by name («ông Trịnh Văn Bền lấn ra lòng đường»), or speaks of as the owner
    of what does harm («quán nhậu của ông Tư Nở»)."""
    for match in HARMED_BY.finditer(flat.text):
        yield *place(flat, match.start(1), match.end(1)), "third_party"
    for match in NEIGHBOURS_NAME.finditer(flat.text):
        if _does_harm(flat, flat.at(match.end() - 1) + 1):
            yield *place(flat, match.start(), match.end()), "third_party"
    for first, last in (*_persons(flat), *_in_office(flat), *_whole_names(flat)):
        owns = OWNS.search(flat.between(max(0, first - OWNED_WITHIN), first)) is not None
        is_named_well = last - first > len(("ông", "Nở"))
        if (is_named_well and owns) or ((is_named_well or owns) and _does_harm(flat, last)):
            yield *_characters(flat, first, last), "third_party"
    for first, last in _familiar(flat):
        if _does_harm(flat, last):
            yield *_characters(flat, first, last), "third_party"


def _does_harm(flat: Flat, last: int) -> bool:
    after = _sentence_after(flat, last)
    return says("accuses", after) and not PRAISED.search(after)


def in_trouble(flat: Flat) -> Iterator[Private]:
    """Whose family or health somebody else speaks of («con ông Bảy bị tâm thần», «bà Sáu Lẹ bị ung thư»), and children
    («cháu Nguyễn Văn Tí, 8 tuổi»)."""
    for pattern in (RELATIVE, KIN_CALLED):
        for match in pattern.finditer(flat.text):
            first = flat.at(match.end() - 1) + 1
            last = max(_end_of_called(flat, first), first + 1)
            if _has_affairs(flat, last):
                title = first - (pattern is RELATIVE)
                yield *_characters(flat, title, last), "third_party"
    for first, last in (*_persons(flat), *_familiar(flat)):
        wrote = SLIP.search(flat.between(max(0, first - SLIP_WITHIN), first)) is not None
        if last - first > len(("ông", "Nở")) and not wrote and _has_affairs(flat, last):
            yield *_characters(flat, first, last), "third_party"
    for match in CHILD_TITLE.finditer(flat.text):
        first = flat.at(match.end() - 1) + 1
        name = name_at(flat, first) or _given_name(flat, first)
        if name and (CHILD.search(_sentence_after(flat, name.last)) or (
                match[1] != "em" and _has_affairs(flat, name.last))):
            yield *_characters(flat, first, name.last), "third_party"


def _given_name(flat: Flat, first: int) -> Found | None:
    """«Khôi» of «cháu Khôi», with a capital."""
    is_name = (0 < first < len(flat.words) and flat.words[first].is_capital and not flat.words[first - 1].ends_clause
               and _may_be_name(flat.as_said[first]))
    return Found(first, first + 1, flat.as_said[first]) if is_name else None


def _has_affairs(flat: Flat, last: int) -> bool:
    after = _sentence_after(flat, last)
    return says("health", after) or says("ailment", after) or re.search(rf"(?<!\S){FAMILY}(?!\S)", after) is not None


def _sentence_after(flat: Flat, last: int) -> str:
    """The words after a name, within its sentence."""
    end = min(last + WITHIN, len(flat.words))
    end = next((at + 1 for at in range(last - 1, end) if flat.words[at].ends_sentence), end)
    return flat.between(last, end)


def third_persons(flat: Flat) -> Iterator[Private]:
    """All who are spoken of by a title or an office and a name, however short («ông Ba Khuôl», «nhà ông Phẩm»)."""
    for first, last in (*_persons(flat), *_in_office(flat)):
        yield *_characters(flat, first, last), "third_party"


def of_denunciation(flat: Flat) -> Iterator[Private]:
    """Who are named in a denunciation besides its author, by whole names or where they are told to have done something,
    and their offices."""
    own = find_name(flat)
    for name in _named(flat):
        if own is None or name.first != own.first:
            yield *_characters(flat, name.first, name.last), "denounced_name"
    for first, last in (*((title + 1, last) for title, last in _persons(flat)), *_in_office(flat)):
        around = f"{flat.between(max(0, first - 3), first)} {flat.between(last, min(last + WITHIN, len(flat.words)))}"
        if flat.words[first].is_capital and (
                "tố" in around.split() or any(says(name, around) for name in ("wrongdoing", "denounces", "accuses"))):
            yield *_characters(flat, first, last), "denounced_name"
    for match in POSITION.finditer(flat.text):
        yield *place(flat, match.start(1), match.end(1)), "denounced_position"


def _named(flat: Flat) -> Iterator[Found]:
    """Full names after a title, an office or «tên là»."""
    titles = re.finditer(r"(?<!\S)(?:ông|bà|anh|chị|cán bộ|đồng chí|tên là|tên)(?!\S)", flat.text)
    for match in (*titles, *POSITION.finditer(flat.text)):
        if name := name_at(flat, flat.at(match.end() - 1) + 1):
            yield name


def _persons(flat: Flat) -> Iterator[tuple[int, int]]:
    """The words [first, last) with which somebody else is spoken of by a title and a name, however short."""
    own = find_name(flat)
    for match in re.finditer(rf"(?<!\S){CALLED}(?= )", flat.text):
        title = flat.at(match.start())
        last = title if flat.words[title].ends_clause else _end_of_called(flat, title + 1)
        if last > title + 1 and not _is_own(own, title + 1):
            yield title, last


def _familiar(flat: Flat) -> Iterator[tuple[int, int]]:
    """The same after «thằng», «cháu», «thầy» …: with capitals, or by surname."""
    own = find_name(flat)
    for match in re.finditer(rf"(?<!\S){FAMILIAR}(?= )", flat.text):
        title, first = flat.at(match.start()), flat.at(match.end() - 1) + 1
        if flat.words[first - 1].ends_clause or _is_own(own, first):
            continue
        last = _end_of_clear_name(flat, first)
        if last == first and match[0] in ("thằng", "lão", "mụ", "gã") and _may_be_name(flat.as_said[first]):
            last = first + 1
        if last - first > 1 or (last > first and match[0] not in ("em", "cháu", "bé", "nhà")):
            yield title, last


def _may_be_name(word: str) -> bool:
    return word not in words("stop") | NO_NAMES


def _end_of_clear_name(flat: Flat, first: int) -> int:
    """Where a name ends that has capitals or is a whole one; where it begins if there is none."""
    no_name = words("place_kinds") | words("not_a_name") | {"văn", "ông"}
    if flat.words[first].is_capital:
        return first if flat.as_said[first] in no_name else _end_of_called(flat, first)
    name = name_at(flat, first)
    return name.last if name and name.last - first >= WHOLE_NAME and flat.as_said[first] not in no_name else first


def _in_office(flat: Flat) -> Iterator[tuple[int, int]]:
    """Names right after an office: «cán bộ địa chính Trương Tấn Phát»."""
    own = find_name(flat)
    for match in POSITION.finditer(flat.text):
        first = flat.at(match.end() - 1) + 1
        if first < len(flat.words) and not flat.words[first - 1].ends_clause and not _is_own(own, first):
            name = name_at(flat, first)
            last = name.last if name else first if OF_A_PLACE.search(match[0]) else _end_of_called(flat, first)
            if last > first:
                yield first, last


def _whole_names(flat: Flat) -> Iterator[tuple[int, int]]:
    """Whole names with capitals that stand alone: «Trần Văn Tý ở tổ 4 chặt trộm keo»."""
    own, at = find_name(flat), 0
    while at < len(flat.words):
        name = name_at(flat, at) if flat.words[at].is_capital else None
        if name and name.last - name.first >= WHOLE_NAME and not _is_own(own, at) and not _is_place(flat, name):
            yield at, name.last
        at = name.last if name else at + 1


def _is_place(flat: Flat, name: Found) -> bool:
    """«kiệt 17 Lương Ngọc Quyến», «Hồ Ia Nhol»."""
    lake = flat.as_said[name.first] == "hồ" and flat.as_said[name.first + 1] not in words("middle_names")
    return lake or STREET.search(flat.between(max(0, name.first - 2), name.first)) is not None


def _is_own(own: Found | None, first: int) -> bool:
    return own is not None and own.first <= first < own.last


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
    is_owner = not flat.is_punctuated and 1 < first < len(flat.words) and flat.as_said[first - 2] in ("nhà", "của")
    is_name = is_owner and _may_be_name(flat.as_said[first])
    return first + 1 if last == first and is_name else last


def _characters(flat: Flat, first: int, last: int) -> tuple[int, int]:
    return flat.words[first].start, flat.words[last - 1].end
