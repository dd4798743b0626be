"""Who a speaker says they are is found however they say it, written or heard, and nobody else's name is taken."""

from __future__ import annotations

import pytest

from benchmarks.dialogues import NEVER_LEARNED, matched
from summarize.flat import flatten
from summarize.introductions import find_address, find_name
from tests.dialogues import FORMS, named

THEMSELVES = (
    ("Tôi tên là Lê Văn Ba, ở ấp 4.", "Lê Văn Ba"),
    ("Em, Trần Thị Lan, xóm Bãi.", "Trần Thị Lan"),
    ("Cho tôi tiếp. Trương Thị Sen, ấp Suối Đá. Nhà tôi bị giải tỏa.", "Trương Thị Sen"),
    ("Vâng. Nguyễn Hữu Tạo, quê gốc Hưng Yên, lên đây từ năm 1989.", "Nguyễn Hữu Tạo"),
    ("Em ở tổ 9, tên Sơn Thị Đa Ni, em hỏi chuyện nước.", "Sơn Thị Đa Ni"),
    ("Em là công nhân, tên Sơn Thị Đa Ni.", "Sơn Thị Đa Ni"),
    ("Giàng A Sếnh. Bản mình ở cao, trồng chuối.", "Giàng A Sếnh"),
    ("Kiên Thị Hạnh đây, ấp Đầu Sấu. Thẻ bảo hiểm hết hạn rồi.", "Kiên Thị Hạnh"),
    ("Tui tên Phước, Dương Văn Phước, khu phố 3.", "Dương Văn Phước"),
    ("Tui phải về nấu cơm cho ông nhà nên xin nói trước. Ngô Thị Vượng, Đồng Trổ.", "Ngô Thị Vượng"),
    ("Ngô Thị Vượng, xóm Chợ, bán bún. Tôi hỏi chuyện vỉa hè.", "Ngô Thị Vượng"),
    ("tạ hoàng em hai chín tuổi ấp lung sen cầu bà nhiêu gãy dầm", "Tạ Hoàng Em"),
    ("cho hỏi với hoàng văn thắng bản co mạ hộ mới thoát nghèo", "Hoàng Văn Thắng"),
    ("dạ tui tên phước dương văn phước khu phố ba ở hẻm bốn mươi bảy", "Dương Văn Phước"),
    ("tôi quách tuấn kiệt khu phố hai mươi bảy chuyện giao thông", "Quách Tuấn Kiệt"),
    ("tôi là hà văn duy hai mươi tám tuổi xóm trại", "Hà Văn Duy"),
    ("tôi là vũ văn tiến dân tổ hai suối đá", "Vũ Văn Tiến"),
    ("dạ tui là phan thị nở cùng xóm ông lời", "Phan Thị Nở"),
    ("tôi là nguyễn tấn ca thuyền trưởng tàu cá", "Nguyễn Tấn Ca"),
    ("tôi là đỗ thị xuân lô p tái định cư", "Đỗ Thị Xuân"),
    ("tôi là huỳnh tấn phước vợ tôi bị ốm", "Huỳnh Tấn Phước"),
)
OTHERS = (
    "Tiếp theo, Nguyễn Văn Hòa, thôn 3, mời bác lên.",
    "Thưa đồng chí Nguyễn Văn Hòa, tôi xin hỏi chuyện cái cống.",
    "Cái bìa đỏ người ta ghi tên chồng em là Hà Văn Tuyến, em đi năm lần không làm được.",
    "Ông Đinh Công Trứ nói đúng, đường ấy hẹp lắm.",
    "Trần Văn Tư, ấp 3, nuôi heo xả nước thối ra mương, ai chịu nổi.",
    "Tôi tố cáo. Lò Văn Hính, trưởng bản Nà Lạn, đưa em ruột vào hộ nghèo.",
    "nguyễn văn bảnh trưởng thôn bắc thu tiền của tôi bốn lăm triệu không có phiếu",
    "lê văn sỹ đoạn qua chợ ngập suốt",
    "tôi cà phê mất trắng hai mùa",
)


@pytest.mark.parametrize(("said", "name"), THEMSELVES)
def test_the_name_that_somebody_gives_as_their_own_is_found(said: str, name: str) -> None:
    found = find_name(flatten(said))
    assert found is not None and found.text == name


@pytest.mark.parametrize("said", OTHERS)
def test_who_is_only_spoken_of_is_not_who_speaks(said: str) -> None:
    assert find_name(flatten(said)) is None


def test_a_place_ends_with_its_sentence() -> None:
    found = find_address(flatten("Tôi là Lê Văn Ba, khu phố 4. Hẻm nhà tôi ngập."))
    assert found and found.text == "khu phố 4"


def test_one_who_names_their_husband_keeps_their_own_name() -> None:
    found = find_name(flatten("Em Nguyễn Thị Dậu, khu Đồi Chè. Bìa đỏ ghi tên chồng em là Hà Văn Tuyến."))
    assert found is not None and found.text == "Nguyễn Thị Dậu"


@pytest.mark.parametrize(("form", "least"), list(zip(FORMS, (0.8, 0.7), strict=True)))
def test_most_askers_of_unseen_dialogues_are_named_and_hardly_any_wrong(form: str, least: float) -> None:
    pairs = []
    for name in NEVER_LEARNED:
        dialogue = named(name, form)
        questions = dialogue.analysis.questions
        pairs += [(question["asker"].lower(), questions[at].asker.lower()) for question, at in matched(
            dialogue.gold, [one.spans for one in questions], dialogue.said, form) if question["asker"]]
    right = sum(found != "" and found.split()[-1] in asker.split() for asker, found in pairs)
    wrong = sum(found != "" and found.split()[-1] not in asker.split() for asker, found in pairs)
    assert right >= least * len(pairs) and wrong <= 0.06 * len(pairs), (right, wrong, len(pairs))
