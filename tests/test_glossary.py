"""The names of a meeting: capitals for them, and misheard ones put right where nobody can be misnamed."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from models import store
from models.records import Meeting, Word
from tests.test_pages import fill, opened, texts
from transcribe.blocks import Block
from transcribe.utterances import utterances
from transcribe.wording.corrections import UNSURE, corrected
from transcribe.wording.glossary import NOTHING, Glossary
from transcribe.wording.lists import units
from transcribe.wording.sounds import alike
from transcribe.wording.wording import written
from ui.views import new_meeting

NAMES = Glossary.of(
    ["xã Lộc Phước"], ["Đoàn Văn Sang", "ấp Bàu Sen", "Khu công nghiệp Long Đức", "Trưởng phòng Kinh tế"])


def said(text: str, unsure: str = "") -> list[Word]:
    """Words of which those in `unsure` were heard with little confidence."""
    doubted = unsure.split()
    return [Word(word, at * 0.3, at * 0.3 + 0.3, 0.5 if word in doubted else 0.97)
            for at, word in enumerate(text.split())]


def text(words: list[Word]) -> str:
    return " ".join(word.word for word in words)


@pytest.mark.parametrize(("heard", "unsure", "expected"), [
    ("mời anh đoàng văn sang nói", "đoàng", "mời anh đoàn văn sang nói"),
    ("mời anh đoàn văn xang nói", "xang", "mời anh đoàn văn sang nói"),
    ("ở ấp bầu sen", "bầu", "ở ấp bàu sen"),
    ("xã lọc phước", "lọc", "xã lộc phước"),
    ("khu công nghiệp lon đức", "lon", "khu công nghiệp long đức"),
    ("trưởng phòng kinh tể", "tể", "trưởng phòng kinh tể"),
    ("xã lọc phướt", "lọc phướt", "xã lọc phướt"),
    ("ở ấp bầu xen", "bầu xen", "ở ấp bàu sen"),
])
def test_unsure_words_that_sound_like_a_name_become_it(heard: str, unsure: str, expected: str) -> None:
    assert text(corrected(said(heard, unsure), NAMES)) == expected


def test_what_was_heard_surely_stays_whatever_it_sounds_like() -> None:
    for heard in ("mời anh đoàng văn sang nói", "ở ấp bầu sen", "xã lọc phước", "khu công nghiệp lon đức"):
        words = said(heard)
        assert corrected(words, NAMES) == words
        almost = [replace(word, confidence=UNSURE) for word in words]
        assert corrected(almost, NAMES) == almost


def test_no_name_is_put_where_it_does_not_sound_like_it() -> None:
    for heard in ("bàu cạn khô rồi", "sang năm làm", "đoàn văn công đến", "khu công nghiệp long thành", "lộc non",
                  "đoàn văn sáng", "ấp bầu cử", "xã phước lộc"):
        words = said(heard, heard)
        assert corrected(words, NAMES) == words


def test_nobody_is_given_the_name_of_an_official_who_is_called_alike() -> None:
    official = Glossary.of(names=["Nguyễn Văn Trung"])
    words = said("tôi tên nguyễn văn chung", "chung")
    assert corrected(words, official) == words
    words = said("chị ngọc chinh", "chinh")
    assert corrected(words, Glossary.of(names=["Lê Thị Ngọc Trinh"])) == words
    assert text(corrected(said("mời anh nguyễn dăn trung", "dăn"), official)) == "mời anh nguyễn văn trung"


def test_where_two_names_sound_alike_the_recogniser_is_left_alone() -> None:
    both = Glossary.of(names=["ấp Bàu Sen", "ấp Bầu Sen"])
    for heard in ("ở ấp bàu sen", "ở ấp bầu sen", "ở ấp bàu xen"):
        words = said(heard, "bàu bầu xen")
        assert corrected(words, both) == words


def test_nothing_is_changed_without_names() -> None:
    words = said("mời anh đoàng văn sang", "đoàng văn sang")
    assert corrected(words, NOTHING) == words


def test_random_words_never_become_a_name() -> None:
    chance = random.Random(3)
    vocabulary = ["đường", "hư", "nước", "xã", "dân", "góp", "tiền", "điện", "trạm", "bơm", "đất", "hồ", "ấp"]
    words = [Word(chance.choice(vocabulary), at, at + 0.3, chance.random()) for at in range(3000)]
    assert corrected(words, NAMES) == words


@pytest.mark.parametrize(("one", "other"), [
    ("rãnh", "rảnh"), ("vàng", "giàn"), ("sổ", "xổ"), ("trợ", "chợ"), ("lông", "nông"), ("cắt", "cắc"),
    ("đoàn", "đoàng"),
    ("lộc", "lọc"), ("bàu", "bầu"), ("ngoài", "ngài"), ("quý", "quí"), ("gì", "dì"), ("tách", "tắt"), ("kênh", "kinh"),
])
def test_syllables_that_many_say_alike(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), [
    ("ba", "bà"), ("hai", "hay"), ("mai", "may"), ("tám", "tắm"), ("hân", "hằng"), ("thu", "thư"),
    ("đất", "dất"), ("kha", "ca"), ("bảo", "báo"),
])
def test_syllables_that_nobody_says_alike(one: str, other: str) -> None:
    assert not alike(one, other)


def test_an_utterance_with_a_corrected_name_says_so_and_keeps_what_was_heard(meeting: Meeting) -> None:
    words = said("mời chị lê thị hâng trả lời", "hâng") + [
        replace(word, start=word.start + 9, end=word.end + 9) for word in said("dạ tôi xin trả lời")]
    first, second = utterances([Block(0.0, 12.0, tuple(words), (), ())], replace(meeting, glossary=("ấp Suối Cạn",)))
    assert (first.text, first.heard) == ("Mời chị Lê Thị Hân trả lời.", "mời chị lê thị hâng trả lời")
    assert first.flags == ("corrected",) and second.flags == ()
    assert [word.word for word in first.words] == first.heard.split()


def test_names_said_in_full_are_known_to_the_end_of_the_meeting() -> None:
    words = said("tôi tên bùi công định ở ấp suối cạn") + [
        replace(word, start=word.start + 9, end=word.end + 9) for word in said("xã xin trả lời anh định ở suối cạn")]
    first, second = utterances([Block(0.0, 12.0, tuple(words), (), ())])
    assert first.text == "Tôi tên Bùi Công Định, ở ấp Suối Cạn."
    assert second.text == "Xã xin trả lời anh Định ở Suối Cạn."


def test_the_meeting_gives_names_and_the_year(meeting: Meeting) -> None:
    known = Glossary.of_meeting(replace(meeting, glossary=("Khu công nghiệp Long Đức", "suối nước")))
    assert {"lê thị hân", "tân hòa", "bí thư đảng ủy xã", "khu công nghiệp long đức"} <= set(known.written)
    assert "suối nước" not in known.written, "nothing to capitalise"
    assert written("trạm ở khu công nghiệp long đức", known) == "Trạm ở Khu công nghiệp Long Đức."


def test_units_of_before_and_after_the_first_of_july_2025_are_known() -> None:
    assert "Ba Đình" in units()["quận"] and "Ba Đình" in units()["phường"]
    assert len(units()["xã"]) > 5000
    assert written("hồi đó là huyện xuân lộc rồi xã ia púch") == "Hồi đó là huyện Xuân Lộc rồi xã Ia Púch."
    assert written("ở quận ba đình") == "Ở quận Ba Đình."
    assert written("xã đoàn kết lo cho dân") == "Xã đoàn kết lo cho dân."


def test_names_of_earlier_meetings_of_the_commune_stand_in_the_form_and_can_be_taken_out(
        db: Database, home: Path, meeting: Meeting) -> None:
    earlier = replace(meeting, title="Hội nghị đối thoại xã Vũ Lâm", place="Nhà văn hóa",
                      glossary=("ấp Suối Cạn", "Bàu Sen"))
    store.add_meeting(db, replace(earlier, date="2025-01-05", glossary=("ấp suối cạn", "cầu Ván")))
    store.add_meeting(db, replace(earlier, date="2026-01-05"))
    store.add_meeting(db, replace(earlier, title="Hội nghị đối thoại xã Tân Hòa", glossary=("Gò Dưa",)))
    app = fill(opened("new_meeting"), title="Đối thoại xã Vũ Lâm", place="Hội trường")
    field = app.text_area(key="form_glossary")
    assert field.value == "ấp Suối Cạn\nBàu Sen\ncầu Ván"
    assert new_meeting.TAKEN_OVER in texts(app)
    field.set_value("").run()
    assert app.text_area(key="form_glossary").value == ""
    assert new_meeting.TAKEN_OVER not in texts(app)


def test_a_meeting_keeps_its_glossary(db: Database, meeting: Meeting) -> None:
    kept = store.add_meeting(db, replace(meeting, glossary=("ấp Suối Cạn", "Dự án «Đường vành đai 3»")))
    assert store.meeting(db, kept.id or 0).glossary == ("ấp Suối Cạn", "Dự án «Đường vành đai 3»")
