"""What readers may read: published minutes, masked, at an address of their own; nothing of what is not published."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from models import approval, review, store
from models.review import Edit
from models.rights import Role
from tests import standing
from tests.conftest import act_as
from tests.test_approval import HAN, TAN, account, kept, signed, tick, ticked
from tests.test_pages import opened, texts
from ui import freezing, pdf
from ui.views import published
from ui.views.wording import plain

__all__ = ["kept", "signed", "ticked"]  # fixtures of the models' tests

READER = account("Bạn đọc", Role.READER)


def page(**address: str) -> str:
    act_as(READER)
    app = opened("published", **address)
    assert not app.exception
    rows = "".join(str(part.proto.body) for part in app.get("html"))
    buttons = " ".join(str(part.proto.label) for part in app.get("download_button"))
    return f"{texts(app)} {rows} {buttons}".replace("\\", "")


@pytest.fixture
def out(db: Database, home: Path, signed: int) -> int:
    approval.approve(db, home, approval.standing(db, signed), HAN)
    approval.publish(db, home, approval.standing(db, signed), TAN)
    return signed


def test_what_is_not_published_is_not_there(db: Database, home: Path, signed: int) -> None:
    title = store.meeting(db, signed).title
    assert published.NOTHING in page()
    unknown = page(meeting="99")
    assert published.NONE in unknown
    for state in ("signed", "approved"):
        if state == "approved":
            approval.approve(db, home, approval.standing(db, signed), HAN)
        assert page(meeting=str(signed)) == unknown and title not in page()
    assert page(meeting="x") == unknown


def test_a_published_meeting_is_read_masked_with_its_paper(db: Database, out: int) -> None:
    shown = page(meeting=str(out))
    first, secret = standing.analysis(db, out).questions
    assert first.summary in shown and published.PAPER.format(kind="Word") in shown
    record = approval.published(db, out)
    assert record and "01" in record["withheld"] and record["withheld"] in shown
    for hidden in (secret.text, secret.summary, "Tham", first.asker):
        assert not hidden or hidden not in shown, hidden
    assert published.IN_WORK not in shown


def test_the_version_before_stays_while_a_correction_is_in_work(
        db: Database, home: Path, out: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = standing.analysis(db, out).questions[0]
    approval.open_correction(db, approval.standing(db, out), TAN, "Sai tên cầu; ông Hồ Tham xin bỏ số 0912 345 678")
    review.change(db, out, TAN.name, [Edit("question", before.id or 0, "summary", before.summary, "Bản đang sửa", 0)])
    shown = page(meeting=str(out))
    assert published.IN_WORK in shown and before.summary in shown and "Bản đang sửa" not in shown
    monkeypatch.setattr(pdf, "office", lambda: None)
    tick(db, out)
    freezing.sign_off(db, home, approval.standing(db, out), TAN)
    approval.approve(db, home, approval.standing(db, out), HAN)
    assert "Bản đang sửa" not in page(meeting=str(out))
    approval.publish(db, home, approval.standing(db, out), TAN)
    shown = page(meeting=str(out))
    assert "Bản đang sửa" in shown and published.IN_WORK not in shown
    assert published.CORRECTED.format(number=1, reason=plain("Sai tên cầu")) in shown
    assert "0912 345" not in shown and "Tham" not in shown
