"""What of a meeting an account may see: of a denunciation nothing, unless it is named for them."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from sqlite_utils import Database

from models.records import Meeting, Span
from models.search import Hit, search_words
from models.transcripts import Transcript
from summarize.formats import questions_json
from summarize.masking import told_analysis
from tests import standing
from tests.conftest import EVERYTHING
from tests.test_sign_in_page import SAID, SECRETARY, kept
from ui.seen import (
    HIDDEN,
    SOMEBODY,
    as_seen,
    findable,
    hidden_in,
    is_hidden,
    is_hidden_question,
    said_to,
    without_hidden,
)

__all__ = ["kept"]  # a fixture of the sign-in page's tests

SECRETS = ("Hồ Tham", "Nguyễn Thị Bảy", "Suối Cạn", "tiếp riêng")


@pytest.fixture
def said(db: Database, kept: int) -> Transcript:
    return standing.transcript(db, kept)


def test_words_names_and_reasons_are_gone_and_places_stay(db: Database, said: Transcript, meeting: Meeting) -> None:
    analysis = standing.analysis(db, said.meeting)
    transcript, seen = as_seen(said, analysis, SECRETARY)
    told = str(asdict(transcript)) + str(questions_json(seen, meeting))
    assert not any(secret in told for secret in SECRETS)
    assert [is_hidden(line) for line in transcript.utterances] == [False, False, False, True, True]
    assert [line.start for line in transcript.utterances] == [line.start for line in said.utterances]
    assert transcript.utterances[3].speaker == SOMEBODY and transcript.utterances[4].speaker == "S1"
    assert all(line.id is None for line in transcript.utterances if is_hidden(line))  # so nothing hears or edits it
    assert [is_hidden_question(question) for question in seen.questions] == [False, True]
    assert [question.id for question in seen.questions] == [question.id for question in analysis.questions]
    assert seen.questions[0] == analysis.questions[0]
    assert [line.text for line in without_hidden(transcript).utterances] == list(SAID[:3])


def test_who_is_named_sees_all(db: Database, said: Transcript) -> None:
    analysis = standing.analysis(db, said.meeting)
    assert as_seen(said, analysis, EVERYTHING) == (said, analysis)
    assert not hidden_in(db, said.meeting, EVERYTHING)


def test_a_question_in_the_same_line_tells_nothing_of_it(db: Database, said: Transcript) -> None:
    analysis = standing.analysis(db, said.meeting)
    beside = replace(analysis.questions[0], spans=(Span(1, 0, 5), Span(3, 4, 20)))
    transcript, seen = as_seen(said, replace(analysis, questions=(beside, analysis.questions[1])), SECRETARY)
    shown = [transcript.utterances[span.utterance].text[span.start:span.end] for span in seen.questions[0].spans]
    assert shown == [SAID[1][:5], HIDDEN]


def test_search_passes_over_it(db: Database, said: Transcript) -> None:
    hits = search_words(db, "tố cáo")
    assert any(SECRETS[0] in hit.text for hit in hits)
    assert not any(secret in hit.text for hit in findable(db, hits, SECRETARY) for secret in SECRETS)
    assert findable(db, hits, EVERYTHING) == hits
    ordinary = [Hit(said.meeting, "utterance", said.utterances[1].id or 0, SAID[1], 1.0)]
    assert findable(db, ordinary, SECRETARY) == ordinary


def test_what_somebody_wrote_of_a_meeting_names_nobody_who_is_kept_secret(db: Database, kept: int) -> None:
    reason = "Bà Nguyễn Thị Bảy xin sửa chỗ nói ông Hồ Tham, nhà ở Suối Cạn."
    shown = said_to(db, kept, replace(EVERYTHING, sees_denunciations=False), reason)
    assert not any(name in shown for name in ("Bảy", "Tham")) and "xin sửa chỗ nói" in shown
    assert said_to(db, kept, EVERYTHING, reason) == reason


def test_what_leaves_the_house_points_at_nothing_that_is_withheld(db: Database, said: Transcript) -> None:
    analysis = standing.analysis(db, said.meeting)
    secret = next(question for question in analysis.questions if "denunciation" in question.flags)
    other = next(question for question in analysis.questions if question is not secret)
    pointing = replace(other, linked=(secret.number,), answer=replace(
        other.answer, utterances=(*other.answer.utterances, secret.spans[0].utterance)))
    told = told_analysis(said.utterances, replace(analysis, questions=(secret, pointing)))
    assert told.questions[0].linked == () and secret.spans[0].utterance not in told.questions[0].answer.utterances
