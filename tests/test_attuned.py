"""The encoder is taught how people ask and answer at meetings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.encoder import APART
from benchmarks.meetings import Written, written
from models.records import Status
from summarize.embedding import Embedder

ASKED = ["bao giờ thì sửa con đường ra chợ", "rác không ai lấy"]
NEVER_TAUGHT = written()[::APART][:2]


def test_the_encoder_that_search_uses_stays_as_it_is(embedder: Embedder) -> None:
    embedder.forget()
    before = embedder.queries(ASKED)
    taught = embedder.attuned().queries(ASKED)
    embedder.forget()
    assert np.array_equal(embedder.queries(ASKED), before)
    assert not np.allclose(taught, before, atol=0.1)
    assert np.allclose(np.linalg.norm(taught, axis=1), 1, atol=1e-5)


def test_both_share_what_takes_most_memory(embedder: Embedder, attuned: Embedder) -> None:
    mine, theirs = (one._model[0].auto_model.embeddings.word_embeddings for one in (embedder, attuned))
    assert [id(cell.cell_contents) for cell in mine.forward.__closure__] == [
        id(cell.cell_contents) for cell in theirs.forward.__closure__]
    assert embedder._model.tokenizer is attuned._model.tokenizer


def test_answers_lie_nearer_to_their_own_questions_than_before(embedder: Embedder, attuned: Embedder) -> None:
    before, after = _nearest_is_own(NEVER_TAUGHT, embedder), _nearest_is_own(NEVER_TAUGHT, attuned)
    assert after > before + 0.1, (before, after)


def test_a_vector_says_which_encoder_it_is_of(embedder: Embedder, attuned: Embedder) -> None:
    assert attuned.generator.startswith(embedder.generator) and attuned.generator != embedder.generator


def test_the_meetings_it_was_taught_from_are_whole() -> None:
    for meeting in written():
        ids = [topic.id for topic in meeting.topics]
        assert len(set(ids)) == len(ids) >= 3
        assert {one.topic for one in meeting.asked} - {None} <= set(ids)
        assert all(one.question and one.status in list(Status) for one in meeting.asked)
        assert all(one.answer or one.status == Status.UNANSWERED for one in meeting.asked)


def _nearest_is_own(meetings: Sequence[Written], encoder: Embedder) -> float:
    right = []
    for meeting in meetings:
        answered = [row for row, one in enumerate(meeting.asked) if one.answer]
        asked = encoder.queries([one.question for one in meeting.asked])
        told = encoder.queries([meeting.asked[row].answer for row in answered])
        right += ((told @ asked.T).argmax(axis=1) == answered).tolist()
    return float(np.mean(right))
