"""A topic corrected in one meeting is an example for the next, as long as the correction stands."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from models import lessons, review, store, transcripts
from models.records import Analysis, Meeting, Question, Topic, Utterance
from models.review import Edit
from models.transcripts import Transcript
from summarize.learning import counterpart, examples
from ui import work

HAN = "Hân"
TOPICS = (Topic("T1", "Thủ tục hành chính về đất đai"), Topic("T2", "Vệ sinh môi trường, thoát nước"),
          Topic("T3", "An ninh trật tự"))
FIRST = "Tôi tên Võ Văn Tư, ấp 2. Ao làng lục bình phủ kín, đề nghị xã vớt."
SIMILAR = "Tôi là Lê Thị Ba, ấp 5. Ao làng ấp tôi lục bình phủ kín hết, xin xã vớt lục bình giùm."


def held(db: Database, meeting: Meeting, day: str, topics: tuple[Topic, ...], words: str) -> Transcript:
    kept = store.add_meeting(db, replace(meeting, date=day, topics=topics))
    return transcripts.save_transcript(db, kept.id or 0, None, "test", [
        Utterance(0, 3, "S1", "Tôi là Lê Thị Hân, chủ trì. Mời bà con."), Utterance(4, 9, "S2", words),
        Utterance(10, 12, "S1", "Xã ghi nhận.")])


def found(db: Database, transcript: Transcript) -> Question:
    analysis: Analysis = work.find_questions(db, transcript)
    (question,) = analysis.questions
    return question


def choose(db: Database, transcript: Transcript, question: Question, topic: str) -> None:
    review.change(db, transcript.meeting, HAN,
                  [Edit("question", question.id or 0, "topic", question.topic or "", topic, 0)])


def test_a_corrected_topic_changes_the_next_meeting_until_it_is_taken_back(db: Database, meeting: Meeting) -> None:
    first = held(db, meeting, "2026-03-01", TOPICS, FIRST)
    # The same topics under other ids: what is learnt goes by their names.
    others = tuple(replace(topic, id=f"N{i}") for i, topic in enumerate(reversed(TOPICS)))
    second = held(db, meeting, "2026-06-01", others, SIMILAR)
    before, asked = found(db, second), found(db, first)
    assert before.topic != "N0" and "phiên" not in before.reasons["topic"]
    choose(db, first, asked, "T3")
    learnt = found(db, second)
    assert learnt.topic == "N0"
    assert "giống câu đã sửa ở phiên ngày 01/03/2026 (câu 1)" in learnt.reasons["topic"]
    step = review.last_step(db, first.meeting, HAN)
    assert step
    review.undo(db, step)
    assert found(db, second).topic == before.topic


def test_what_is_unlike_learns_nothing(db: Database, meeting: Meeting) -> None:
    first = held(db, meeting, "2026-03-01", TOPICS, FIRST)
    choose(db, first, found(db, first), "T3")
    second = held(db, meeting, "2026-06-01", TOPICS, "Tôi là Lê Thị Ba. Hồ sơ cấp sổ đỏ của tôi bao giờ có?")
    assert found(db, second).topic == "T1"


def test_a_meeting_learns_nothing_from_itself_and_nothing_from_a_denunciation(db: Database, meeting: Meeting) -> None:
    first = held(db, meeting, "2026-03-01", TOPICS, FIRST)
    question = found(db, first)
    choose(db, first, question, "T3")
    assert not lessons.corrected_topics(db, first.meeting)
    (lesson,) = lessons.corrected_topics(db, first.meeting + 1)
    assert (lesson.topic, lesson.question.text) == (TOPICS[2], question.text)
    review.change(db, first.meeting, HAN,
                  [Edit("question", question.id or 0, "flags", "[]", '["denunciation"]', 0)])
    assert not lessons.corrected_topics(db, first.meeting + 1)


def test_topics_are_the_same_by_name_or_by_what_they_call_for() -> None:
    land = Topic("x", "Đất đai, bồi thường, giải phóng mặt bằng")
    assert counterpart(TOPICS[2], [TOPICS[0], Topic("N", "AN NINH  TRẬT TỰ")]) == Topic("N", "AN NINH  TRẬT TỰ")
    assert counterpart(Topic("y", "Giải phóng mặt bằng"), [TOPICS[2], land]) == land
    assert counterpart(Topic("z", "Việc khác"), TOPICS) is None


def test_outside_there_is_outside_here_only_where_no_more_is_announced(db: Database, meeting: Meeting) -> None:
    first = held(db, meeting, "2026-03-01", TOPICS, "Tôi là Lê Thị Ba. Hồ sơ cấp sổ đỏ của tôi bao giờ có?")
    choose(db, first, found(db, first), "")
    learnt = lessons.corrected_topics(db, 0)
    assert [example.topic for example in examples(TOPICS[:2], learnt)] == [None]
    assert not list(examples((*TOPICS, Topic("T4", "Ao hồ, lục bình")), learnt))
