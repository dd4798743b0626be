"""What people corrected in other meetings, as examples for the topics announced in this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from models.folding import fold
from models.lessons import Lesson
from models.records import Topic
from summarize.catalogue import called_for
from summarize.topics import Example

SOURCE = "giống câu đã sửa ở phiên ngày {day:%d/%m/%Y} (câu {number})"


def examples(topics: Sequence[Topic], lessons: Iterable[Lesson]) -> Iterator[Example]:
    """The lessons that say something about these topics, each with where it comes from.

    A question put outside the topics of its meeting is one for this meeting only where nothing is announced here that
    was not announced there.
    """
    for lesson in lessons:
        same = counterpart(lesson.topic, topics) if lesson.topic else None
        covered = lesson.topic is None and all(counterpart(topic, lesson.meeting.topics) for topic in topics)
        if same or covered:
            source = SOURCE.format(day=date.fromisoformat(lesson.meeting.date), number=lesson.question.number)
            yield Example(lesson.question.text, same.id if same else None, source)


def counterpart(topic: Topic, topics: Sequence[Topic]) -> Topic | None:
    """The topic of another meeting that means the same: same name or description, or the same part of the catalogue.

    None where two fit equally well.
    """
    for other in topics:
        if fold(other.name) == fold(topic.name) or (
                topic.description and fold(other.description) == fold(topic.description)):
            return other
    called = _parts(topic)
    shared = sorted(((len(called & _parts(other)), i) for i, other in enumerate(topics)), reverse=True)
    if not shared or not shared[0][0] or (len(shared) > 1 and shared[1][0] == shared[0][0]):
        return None
    return topics[shared[0][1]]


def _parts(topic: Topic) -> set[str]:
    return {topic.id, *(entry.id for entry in called_for(topic.name))} - _own_ids(topic)


def _own_ids(topic: Topic) -> set[str]:
    """Ids such as T1 or own2 mean something in their meeting only."""
    return {topic.id} if not topic.id.isascii() or any(sign.isdigit() for sign in topic.id) else set()
