"""What is being typed for a new meeting, kept on disk so that closing the browser loses nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from models.communes import commune
from models.files import replaced
from models.folders import home
from models.folding import fold, nfc
from models.records import Meeting, Person, Topic

FILE = "new-meeting.json"
FIRST_ROLES = ("chair", "secretary", "official", "official")

TITLE, DATE, PLACE, TOPICS, PEOPLE = "title", "date", "place", "topics", "people"
"""Where a message belongs."""

NEED_TITLE = "Chưa ghi tên hội nghị."
NEED_DATE = "Chưa chọn ngày họp."
NEED_PLACE = "Chưa ghi địa điểm."
NEED_TOPIC = "Chưa chọn chủ đề nào; hãy đánh dấu hoặc ghi thêm ít nhất một chủ đề."
SAME_TOPIC = "Chủ đề «{name}» có hai lần; hãy bỏ bớt một."
NEED_NAME = "Dòng {row}: đã ghi chức danh «{title}» nhưng chưa có họ tên."
NEED_OFFICE = "Dòng {row}: chưa ghi chức danh của {name}."
TWO_CHAIRS = "Chỉ một người chủ trì; hãy chọn lại vai trò ở dòng {row}."


@dataclass
class Draft:
    """The fields of the form as they are typed: `topics` are ids of the catalogue, `own` and `glossary` one a line."""

    title: str = ""
    date: str = ""
    place: str = ""
    topics: list[str] = field(default_factory=list)
    own: str = ""
    people: list[tuple[str, str, str]] = field(default_factory=lambda: [("", "", role) for role in FIRST_ROLES])
    glossary: str = ""


def read_draft() -> Draft:
    """The draft as it was left; a new one when there is none that can be read."""
    try:
        fields = json.loads(_path().read_text(encoding="utf-8"))
        return Draft(**fields | {"people": [(str(n), str(t), str(r)) for n, t, r in fields["people"]]})
    except FileNotFoundError:
        return Draft()
    except (OSError, ValueError, TypeError, KeyError):
        logging.getLogger("doithoai.pages").exception("the draft cannot be read")
        return Draft()


def keep_draft(draft: Draft) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as temporary:
        temporary.write_text(json.dumps(asdict(draft), ensure_ascii=False), encoding="utf-8")


def forget_draft() -> None:
    _path().unlink(missing_ok=True)


def missing(draft: Draft, catalogue: tuple[Topic, ...]) -> dict[str, str]:
    """What stands in the way of a meeting: where, and what to say there."""
    found = {}
    for place, text, words in ((TITLE, tidy(draft.title), NEED_TITLE), (DATE, draft.date, NEED_DATE),
                               (PLACE, tidy(draft.place), NEED_PLACE),
                               (TOPICS, _topics(draft, catalogue), NEED_TOPIC)):
        if not text:
            found[place] = words
    names = [topic.name for topic in _topics(draft, catalogue)]
    for i, name in enumerate(names):
        if fold(name) in map(fold, names[:i]):
            found[TOPICS] = SAME_TOPIC.format(name=name)
    if words := _missing_of_people(draft):
        found[PEOPLE] = words
    return found


def meeting_of(draft: Draft, catalogue: tuple[Topic, ...]) -> Meeting:
    """The meeting that a draft without anything missing describes."""
    people = tuple(Person(tidy(name), tidy(title), role) for name, title, role in draft.people if name.strip())
    return Meeting(tidy(draft.title), draft.date, tidy(draft.place), _topics(draft, catalogue), people,
                   glossary=lines(draft.glossary))


def earlier_names(meetings: Iterable[Meeting], title: str, place: str) -> tuple[str, ...]:
    """Names that were written down for meetings of the same commune, those of the latest meeting first."""
    here = fold(commune(title, place))
    same = [one for one in meetings if here and fold(commune(one.title, one.place)) == here]
    found: dict[str, str] = {}
    for one in sorted(same, key=lambda one: one.date, reverse=True):
        for name in one.glossary:
            found.setdefault(fold(name), name)
    return tuple(found.values())


def _missing_of_people(draft: Draft) -> str:
    chairs = 0
    for row, (name, title, role) in enumerate(draft.people, 1):
        if title.strip() and not name.strip():
            return NEED_NAME.format(row=row, title=tidy(title))
        if name.strip() and not title.strip():
            return NEED_OFFICE.format(row=row, name=tidy(name))
        chairs += bool(name.strip()) and role == "chair"
        if chairs > 1:
            return TWO_CHAIRS.format(row=row)
    return ""


def _topics(draft: Draft, catalogue: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """The chosen ones of the catalogue, in its order, then the own ones."""
    chosen = tuple(topic for topic in catalogue if topic.id in draft.topics)
    return chosen + tuple(Topic(f"own{i}", line) for i, line in enumerate(lines(draft.own), 1))


def lines(text: str) -> tuple[str, ...]:
    """What was typed, one thing a line."""
    return tuple(tidy(line) for line in text.splitlines() if line.strip())


def tidy(text: str) -> str:
    """What was typed, without needless spaces."""
    return " ".join(nfc(text).split())


def _path() -> Path:
    return home() / FILE
