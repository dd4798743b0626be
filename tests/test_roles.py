"""Who is who: chair, secretary, officials, citizens, and which announced official a voice is."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from models.records import Meeting, Person, Utterance
from summarize.flat import flatten
from summarize.reasons import Reason, Why, reason
from summarize.roles import Role, Speaker, speakers
from summarize.turns import turns
from summarize.voices import sounds_official, telling
from tests.dialogues import OURS, Dialogue, in_each, named
from tests.test_questions import MEETING, talk

DATA = Path(__file__).parent / "data"
SECRETARY = "S: Tôi là Võ Nhâm, thư ký hội nghị. Kính mời đồng chí Lê Thị Hân, Bí thư, điều hành."
CHAIR = "A: Xin chào bà con. Ai có ý kiến thì nói. Mời chú ngồi hàng ghế đầu."
ASKS = "C: Tôi tên Phan Văn Tư, ở ấp 3. Con đường ra chợ ổ gà đầy, xe té hoài. Chừng nào xã sửa?"
ANSWERS = "B: Dạ thưa chú Tư, con đường đó xã đã đấu thầu xong, khởi công ngày 5/11, xong trước Tết."


def who(said: Sequence[Utterance], meeting: Meeting = MEETING,
        citizens: frozenset[str] = frozenset()) -> Mapping[str, Speaker]:
    spoken = turns(said)
    return speakers(spoken, [flatten(turn.text) for turn in spoken], meeting, citizens)


def why(said: list[Utterance], label: str) -> Reason:
    spoken = turns(said)
    flats = [flatten(turn.text) for turn in spoken]
    return reason(speakers(spoken, flats, MEETING)[label], spoken, flats)


def known(dialogue: Dialogue) -> dict[str, tuple[str, str]]:
    """The role and the names of each voice of a dialogue."""
    with (DATA / "roles.tsv").open(encoding="utf-8") as file:
        listed = {row["speaker"]: (row["role"], row["name"]) for row in csv.DictReader(file, delimiter="\t")
                  if row["dialogue"] == dialogue.folder.name}
    if listed:
        return listed
    gold = dialogue.gold
    return {label: (role, gold["speakers"].get(label, "")) for label, role in gold["roles"].items()}


@in_each
def test_every_voice_has_its_role_and_no_official_a_wrong_name(dialogue: Dialogue) -> None:
    """In dialogues that nothing was learned from, two of some twenty voices may be mistaken."""
    found, right = who(dialogue.said, dialogue.meeting), known(dialogue)
    wrong = {label for label in right if found[label].role != right[label][0]}
    wrong |= {label for label, speaker in found.items() if speaker.person and speaker.name != right[label][1]}
    assert len(wrong) <= 2 * (not dialogue.was_learned_from), wrong


@pytest.mark.parametrize("name", ["khmer", "nghe"])
def test_the_first_five_minutes_are_enough(name: str) -> None:
    dialogue = named(name, "heard")
    right = known(dialogue)
    found = who([one for one in dialogue.said if one.end <= 300], dialogue.meeting)
    assert len(found) >= 5
    assert {label: speaker.role for label, speaker in found.items()} == {label: right[label][0] for label in found}


def test_chair_and_secretary_are_named_though_nobody_labelled_them() -> None:
    found = who(talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS))
    assert [(found[label].role, found[label].name) for label in "SACB"] == [
        (Role.SECRETARY, ""), (Role.CHAIR, "Lê Thị Hân"), (Role.CITIZEN, "Phan Văn Tư"), (Role.OFFICIAL, "Ngô Văn Bảo")]


def test_there_is_one_chair_and_one_voice_for_each_official() -> None:
    for dialogue in (one for one in OURS if one.form == "heard"):
        found = who(dialogue.said, dialogue.meeting)
        assert Counter(speaker.role for speaker in found.values())[Role.CHAIR] == 1
        names = Counter(speaker.person.name for speaker in found.values() if speaker.person)
        assert set(names.values()) == {1}


@pytest.mark.parametrize("call", ["A: Mời anh Bão trả lời cho chú Tư.", "A: Đồng chí Văn Bảo trả lời chú Tư đi."])
def test_an_official_is_known_by_how_they_are_called_though_misheard(call: str) -> None:
    assert who(talk(SECRETARY, CHAIR, ASKS, call, ANSWERS))["B"].name == "Ngô Văn Bảo"


def test_a_call_by_the_last_two_words_of_a_name_is_understood() -> None:
    meeting = Meeting(MEETING.title, MEETING.date, MEETING.place, MEETING.topics,
                      (*MEETING.officials, Person("Kim Thị Sà Vươn", "Trưởng phòng Văn hóa – Xã hội")))
    found = who(talk(SECRETARY, CHAIR, ASKS, "A: Mời chị Sà Vươn trả lời chú Tư.", ANSWERS), meeting)
    assert found["B"].name == "Kim Thị Sà Vươn"


def test_who_is_spoken_to_by_name_is_not_who_speaks() -> None:
    found = who(talk(SECRETARY, CHAIR, "C: Kính thưa đồng chí Lê Thị Hân, con đường ra chợ ổ gà đầy, bao giờ xã sửa?",
                     "A: Mời cô áo tím.", "D: Tôi hỏi ông Ngô Văn Bảo, rác dồn đống trước nhà tôi, ai chịu dọn?"))
    assert [found[label].role for label in "ACD"] == [Role.CHAIR, Role.CITIZEN, Role.CITIZEN]
    assert found["C"].name == found["D"].name == ""


def test_an_official_whom_nothing_names_is_an_official_without_a_name() -> None:
    found = who(talk(SECRETARY, CHAIR, ASKS, ANSWERS, "A: Cảm ơn. Mời cô áo tím.",
                     "D: Em tên Trần Thị Lan, ở ấp 2. Đèn đường hư hai tháng, bao giờ thay?",
                     "B: Dạ thưa chị Lan, chúng tôi đã báo điện lực, thay xong trước ngày 20/11."))
    assert (found["B"].role, found["B"].person) == (Role.OFFICIAL, None)


def test_who_complains_and_asks_for_nothing_in_so_many_words_is_a_citizen() -> None:
    found = who(talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS,
                     "D: Chào các anh chị, tôi Cao Đức Huy, ấp 4, mở tiệm sửa xe ngay đường vô cổng. Bụi không thể tả "
                     "được, buổi trưa mà phải bật đèn xe. Nhà thầu có xe bồn tưới nước nhưng tưới cho có, hôm nào có "
                     "đoàn kiểm tra là đường ướt nhẹp, đoàn về là khô queo.",
                     "B: Dạ, xã sẽ làm việc với nhà thầu, buộc tưới ngày bốn lượt, có tổ giám sát của ấp ký sổ."))
    assert found["D"].role == Role.CITIZEN


@pytest.mark.parametrize(("said", "official"), [
    ("Nhà tôi ở sát bãi rác, ruồi bay vô mâm cơm, tụi nhỏ ho hoài, kêu mấy lần mà có ai xuống đâu.", False),
    ("Chúng tôi đã rà soát hồ sơ, tuần sau phòng Kinh tế sẽ xuống kiểm tra và trả lời bà con bằng văn bản.", True)])
def test_words_sound_like_a_citizens_or_an_officials(said: str, official: bool) -> None:
    tokens = flatten(said).text.split()
    assert (sounds_official(tokens) > 0.5) == official
    assert telling(tokens, official) and not set(telling(tokens, True)) & set(telling(tokens, False))


def test_which_words_sound_like_a_citizens_is_told() -> None:
    said = talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS,
                "D: Rác nhà tui để cả tuần, ruồi bay vô mâm cơm, kêu hoài mà có thấy ai đâu.")
    assert "«nhà tui»" in why(said, "D").quote or "«tui»" in why(said, "D").quote


def test_what_a_person_has_said_stands() -> None:
    said = talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS)
    assert who(said, citizens=frozenset({"B"}))["B"].role == Role.CITIZEN
    found = who(talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS,
                     "Ngô Văn Bảo: Tôi xin bổ sung."))
    assert found["Ngô Văn Bảo"].person and not found["B"].person


def test_a_voice_tells_in_words_what_it_is_taken_for() -> None:
    said = talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS)
    assert why(said, "C").why == Why.INTRODUCED and "Tôi tên Phan Văn Tư" in why(said, "C").quote
    assert why(said, "B") == Reason(Why.CALLED, "Mời anh Bảo, Chủ tịch UBND xã, trả lời")
    assert why(said, "A").why == Why.CALLED and "Kính mời đồng chí Lê Thị Hân" in why(said, "A").quote
    assert why(said, "S").why == Why.TALK and "nhắc việc ghi biên bản" in why(said, "S").quote
    assert all(0 < speaker.likely <= 1 for speaker in who(said).values())


def test_a_meeting_whose_officials_nobody_entered_has_its_roles() -> None:
    meeting = Meeting(MEETING.title, MEETING.date, MEETING.place, MEETING.topics, ())
    found = who(talk(SECRETARY, CHAIR, ASKS, "A: Mời anh Bảo, Chủ tịch UBND xã, trả lời.", ANSWERS), meeting)
    assert [found[label].role for label in "SACB"] == [Role.SECRETARY, Role.CHAIR, Role.CITIZEN, Role.OFFICIAL]
    assert who([]) == {}
