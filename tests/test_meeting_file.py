"""The meeting file is read strictly, and what is wrong with it is named."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from models.errors import BadMeeting
from models.meeting_file import LARGEST, read_meeting
from models.records import Person, Topic
from ui.errors import explain

GOOD = "title: Hội nghị\ndate: 2026-05-22\nplace: Xã\n"


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_meeting_file_is_read(tmp_path: Path) -> None:
    meeting = read_meeting(_written(tmp_path, GOOD + "topics: [{id: T1, name: Đất đai}]\n"
                                    "officials: [{name: Lê Hân, title: Bí thư, role: chair}]\n"
                                    "glossary: [ấp Suối  Cạn, Khu công nghiệp Long Đức]\n"))
    assert (meeting.title, meeting.date, meeting.place) == ("Hội nghị", "2026-05-22", "Xã")
    assert meeting.topics == (Topic("T1", "Đất đai"),)
    assert meeting.glossary == ("ấp Suối Cạn", "Khu công nghiệp Long Đức")
    assert meeting.officials == (Person("Lê Hân", "Bí thư", "chair"),)


def test_a_file_saved_by_windows_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_meeting(path).title == "Hội nghị"


@pytest.mark.parametrize(("text", "reason", "detail"), [
    (GOOD + "chu_de: x\n", "unknown_key", "chu_de"),
    (GOOD + "topics: [{id: T1, name: A, mau: đỏ}]\n", "unknown_key", "topics[1].mau"),
    (GOOD + "topics: [{id: T1, name: Đất đai}, {id: T2, name: đất  đai}]\n", "duplicate_topic", "đất đai"),
    (GOOD + "topics: [{id: T1, name: A}, {id: T1, name: B}]\n", "duplicate_topic", "B"),
    (GOOD + "topics: đất đai\n", "bad_value", "topics"),
    (GOOD + "glossary: Suối Cạn\n", "bad_value", "glossary"),
    (GOOD + "officials: [{name: Hân, title: x, role: vua}]\n", "bad_value", "role: vua"),
    ("title: a\nplace: b\n", "missing_key", "date"),
    ("title: a\nplace: b\ndate: 31/12/2026\n", "bad_date", "31/12/2026"),
    ("title: a\nplace: b\ndate: 2026-13-45\n", "bad_date", "2026-13-45"),
    ("[" * 5000, "not_yaml", ""),
    ("title: [a\n", "not_yaml", "2"),
    ("- a\n- b\n", "not_mapping", ""),
    ("", "not_mapping", ""),
])
def test_what_is_wrong_is_named(tmp_path: Path, text: str, reason: str, detail: str) -> None:
    with pytest.raises(BadMeeting) as raised:
        read_meeting(_written(tmp_path, text))
    assert (raised.value.reason, raised.value.detail) == (reason, detail)
    assert detail in explain(raised.value)


def test_values_are_read_as_they_were_typed(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text("title: yes\nplace: 007\ndate: 2026-05-22\ntopics: [{id: 1.10, name: on}]\n", encoding="utf-8")
    meeting = read_meeting(file)
    assert (meeting.title, meeting.place, meeting.date, meeting.topics) == ("yes", "007", "2026-05-22",
                                                                           (Topic("1.10", "on"),))


def test_a_file_made_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text("title: " + "x" * (LARGEST + 1), encoding="utf-8")
    with pytest.raises(BadMeeting, match="too_large"):
        read_meeting(file)
    laughs = "".join(f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in pairwise("abcdefghij"))
    file.write_text(f"a: &a [x]\n{laughs}title: x\nplace: y\ndate: 2026-05-22\ntopics: *j\n", encoding="utf-8")
    with pytest.raises(BadMeeting, match="unknown_key"):
        read_meeting(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadMeeting, match="not_found"):
        read_meeting(tmp_path / "không có.yaml")
