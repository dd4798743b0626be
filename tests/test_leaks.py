"""Every paper in every format, of a meeting full of private words and a denunciation: nothing leaves."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlite_utils import Database

from models import follow_up, store, transcripts
from models.clocks import read_clocks
from models.records import Meeting, Question, Status, Utterance, Word
from summarize.questions import understand
from tests import standing
from tests.word_files import with_plain_spaces, word_text
from ui import papers
from ui.paper_names import PAPERS

TODAY = date(2026, 7, 1)
PRIVATE = {
    "phone": "0908 114 527", "phone said": "không chín một hai ba bốn năm sáu bảy tám",
    "identity card": "079 185 003 421", "identity card said": "không bảy chín một tám năm không không ba bốn hai một",
    "account": "1903 5566 7788", "plate": "61C2 345.67", "house": "số 45/6", "parcel": "thửa 217 tờ bản đồ 14",
    "birth": "12/03/1962", "birth said": "ngày ba tháng hai năm một chín sáu hai", "health": "bị tai biến",
    "family": "bỏ nhà đi", "third party": "Lê Văn Mẫn", "added by a person": "cò đất Tám Thẹo",
}
DENUNCIATION = ("Đặng Văn Hùng", "Trịnh Văn Bền", "ông Bền", "chú Hùng", "nặng lãi", "0977 222 333",
                "trưởng ban điều hành")
TALK = (
    ("Lê Thị Hân", "Tôi là Lê Thị Hân, chủ trì. Mời bà con phát biểu."),
    ("Phan Văn Tư", f"Tôi là Phan Văn Tư, nhà {PRIVATE['house']} ấp 3. Điện thoại {PRIVATE['phone']}, căn cước "
                    f"{PRIVATE['identity card']}. Đường ra chợ hư, bao giờ xã sửa?"),
    ("Lê Thị Hân", f"Xã trả lời bác Tư bằng văn bản trong 10 ngày, gọi số {PRIVATE['phone']}."),
    ("S3", f"tôi là võ thị sáu ấp hai số máy {PRIVATE['phone said']} căn cước số {PRIVATE['identity card said']} sinh "
           f"{PRIVATE['birth said']} đề nghị xã xem lại thửa đất của tôi chừng nào mới có sổ"),
    ("Lê Thị Hân", "Xã ghi nhận, sẽ kiến nghị cấp trên."),
    ("S4", f"Em là Trần Thị Lan, ấp 4. Chồng em {PRIVATE['health']}, vợ anh Tám {PRIVATE['family']}, em sinh ngày "
           f"{PRIVATE['birth']}. Xe biển số {PRIVATE['plate']} đổ rác, tài khoản {PRIVATE['account']}, đất "
           f"{PRIVATE['parcel']}. Ông {PRIVATE['third party']} lấn ra lòng đường. Chồng em gọi nó là "
           f"{PRIVATE['added by a person']}. Khi nào xã giải quyết?"),
    ("Lê Thị Hân", "Xã trả lời chị Lan bằng văn bản trước ngày 30/6."),
    ("Đặng Văn Hùng", "Tôi là Đặng Văn Hùng, ấp 5. Tôi tố cáo ông Trịnh Văn Bền, trưởng ban điều hành ấp, cho vay nặng "
                      "lãi, điện thoại của tôi 0977 222 333."),
    ("Lê Thị Hân", "Dạ chú Hùng dừng ở đó, việc này là tố cáo, mời chú ở lại gặp chủ trì."),
    ("S3", "tôi đồng ý với chú hùng còn ông bền thì ai cũng biết chừng nào sửa cống"),
    ("Lê Thị Hân", "Cảm ơn bà con. Hội nghị kết thúc."),
)


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    held = store.add_meeting(db, meeting)
    said = [Utterance(i * 10.0, i * 10 + 9.0, speaker, text, text.lower(),
                      tuple(Word(word.lower(), i * 10.0, i * 10 + 1.0, 0.9) for word in text.split()))
            for i, (speaker, text) in enumerate(TALK)]
    transcript = transcripts.save_transcript(db, held.id or 0, None, "test", said)
    analysis = understand(transcript.utterances, held, None)
    statuses = dict(zip((q.number for q in analysis.questions if "denunciation" not in q.flags),
                        (Status.WRITTEN, Status.ESCALATED, Status.WRITTEN), strict=False))
    transcripts.save_analysis(db, transcript, replace(analysis, questions=tuple(
        _with_mask(replace(q, status=statuses.get(q.number, q.status)), transcript.utterances)
        for q in analysis.questions)))
    for promise in follow_up.promises(db, read_clocks(Path("/không có")), held.id):
        if "denunciation" not in promise.question.flags:
            follow_up.record(db, promise, "Tân", answer=f"Xã đã gọi {PRIVATE['phone']}. Chú Hùng chưa ký.")
    return held


def _with_mask(question: Question, said: tuple[Utterance, ...]) -> Question:
    from models.records import PersonalData
    words = PRIVATE["added by a person"]
    added = tuple(PersonalData(s.utterance, at, at + len(words), "other", "người dân xin che") for s in question.spans
                  if (at := said[s.utterance].text.find(words)) >= 0)
    return replace(question, personal_data=question.personal_data + added)


FORMATS = [(paper, ending) for paper, name in PAPERS.items() for ending in name.formats if ending != "pdf"]


@pytest.mark.parametrize(("paper", "ending"), FORMATS)
def test_nothing_private_leaves(paper: str, ending: str, kept: Meeting, db: Database, home: Path,
                                tmp_path: Path) -> None:
    text = _plain(_everything(_written(db, home, kept, paper, tmp_path / f"a.{ending}")))
    assert len(text) > 100
    for words in DENUNCIATION:
        assert _plain(words) not in text, words
    if not paper.startswith("minutes"):  # they stay in the house, and say what is not to be published
        for kind, words in PRIVATE.items():
            if (paper, kind) == ("replies", "house"):
                continue  # a letter is addressed in full
            assert _plain(words) not in text, kind


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice is not installed")
@pytest.mark.parametrize("paper", ["public", "minutes"])
def test_nothing_hides_in_a_pdf(paper: str, kept: Meeting, db: Database, home: Path, tmp_path: Path) -> None:
    made = _written(db, home, kept, paper, tmp_path / "a.pdf")
    text = _plain(subprocess.run(["pdftotext", str(made), "-"], check=True, capture_output=True).stdout.decode())
    assert not [words for words in DENUNCIATION if _plain(words) in text]
    assert paper == "minutes" or not [words for words in PRIVATE.values() if _plain(words) in text]


@pytest.mark.parametrize("paper", ["minutes", "minutes-party", "summary", "conclusion", "public"])
def test_what_is_withheld_is_counted_in_one_line(paper: str, kept: Meeting, db: Database, home: Path,
                                                 tmp_path: Path) -> None:
    text = _text(_written(db, home, kept, paper, tmp_path / "a.docx"))
    assert text.count("Có 01 nội dung được giữ bí mật") == 1
    if "xlsx" in PAPERS[paper].formats:
        assert _text(_written(db, home, kept, paper, tmp_path / "a.xlsx")).count("Có 01 nội dung") == 1


def test_who_is_named_in_the_house_is_not_named_outside(kept: Meeting, db: Database, home: Path,
                                                        tmp_path: Path) -> None:
    inside = _text(_written(db, home, kept, "summary", tmp_path / "a.docx"))
    outside = _text(_written(db, home, kept, "public", tmp_path / "b.docx"))
    assert "Trần Thị Lan, ấp 4" in inside and "Một người dân, ấp 4" in outside
    assert "Lan" not in outside


def _written(db: Database, home: Path, meeting: Meeting, paper: str, to: Path) -> Path:
    transcript = standing.transcript(db, meeting.id)
    analysis = standing.analysis(db, meeting.id)
    papers.write(db, home, meeting, transcript.utterances, analysis, paper, to, today=TODAY)
    return to


def _text(path: Path) -> str:
    """All that a file says, in whatever part of it."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    if path.suffix == ".docx":
        return with_plain_spaces(word_text(path))
    return path.read_text(encoding="utf-8")


def _everything(path: Path) -> str:
    """The same with the parts of a Word or Excel file that are not shown: notes, authors, strings left over."""
    if path.suffix not in (".docx", ".xlsx"):
        return _text(path)
    with zipfile.ZipFile(path) as parts:
        return "\n".join([_text(path), *(parts.read(name).decode() for name in parts.namelist() if ".xml" in name)])


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
