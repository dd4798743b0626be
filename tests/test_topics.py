"""Questions find the announced topic they belong to, or none."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from models.records import Topic
from models.weights import require
from summarize.catalogue import catalogue, described, fixed_texts
from summarize.cues import strip_fillers
from summarize.embedding import Embedder, open_embedder, shipped
from summarize.topics import Matcher
from summarize.weights import E5

SHARED = Path(__file__).parents[2] / "shared" / "evaluation" / "topics_eval.tsv"


def test_the_catalogue_has_the_twelve_topics_of_the_plan() -> None:
    assert {topic.id for topic in catalogue()} == {
        "viec_lam", "nha_o", "atgt", "an_ninh", "moi_truong", "boi_thuong", "khieu_nai", "nong_thon_moi", "dan_chu",
        "thu_tuc", "can_bo", "lanh_dao"}
    assert all(len(topic.description.split()) > 30 for topic in catalogue())


def test_a_bare_name_gets_the_descriptions_it_calls_for() -> None:
    topic = described(Topic("T2", "Vệ sinh môi trường, thoát nước"))
    assert "thu gom rác" in topic.description and "nghẹt cống" in topic.description


def test_an_own_description_comes_first() -> None:
    assert described(Topic("T1", "Việc khác", "thư viện xã")).description == "thư viện xã"


def test_fillers_say_nothing_about_the_matter() -> None:
    assert strip_fillers("Dạ kính thưa chủ tọa, cho tôi hỏi bao giờ sửa đường ạ?") == "bao giờ sửa đường"


TOPICS = (Topic("T1", "Bồi thường, giải phóng mặt bằng"), Topic("T2", "Vệ sinh môi trường, thoát nước"),
          Topic("T3", "An ninh trật tự, an toàn giao thông"))
ASKED = (("tiền đền bù đất làm cao tốc của nhà tôi bao giờ chi trả", "T1"),
         ("cống trước nhà bị nghẹt, mưa là ngập, rác trôi đầy đường", "T2"),
         ("đêm nào cũng có trộm cắp, đề nghị công an tuần tra", "T3"),
         ("trường mầm non hết chỗ, xã có xây thêm phòng học không", None))


@pytest.mark.parametrize("with_meaning", [True, False])
def test_questions_find_their_topic_or_none(attuned: Embedder, with_meaning: bool) -> None:
    matches = Matcher(TOPICS, attuned if with_meaning else None).match([text for text, _ in ASKED])
    assert [match.topic for match in matches] == [topic for _, topic in ASKED]
    assert all(match.score >= match.second_score for match in matches)


@pytest.mark.parametrize("with_meaning", [True, False])
def test_what_was_answered_speaks_for_a_topic_where_the_question_does_not(attuned: Embedder,
                                                                          with_meaning: bool) -> None:
    matcher = Matcher(TOPICS, attuned if with_meaning else None)
    asked = ["cái đó bao giờ thì xong cho bà con", "tiền đền bù đất làm cao tốc của nhà tôi bao giờ chi trả"]
    answer = "tháng tới xã nạo vét cống, thu gom rác, làm rãnh thoát nước, bà con không đổ rác ra kênh"
    alone, unclear = matcher.match(asked)[0], matcher.match(asked, [answer, answer])
    assert alone.topic != "T2" and not alone.by
    assert [match.topic for match in unclear] == ["T2", "T1"]
    assert [match.by for match in unclear] == [("answer",), ()]


@pytest.mark.parametrize("with_meaning", [True, False])
def test_what_was_asked_in_the_same_breath_speaks_for_a_topic(attuned: Embedder, with_meaning: bool) -> None:
    matcher = Matcher(TOPICS, attuned if with_meaning else None)
    asked = ["cống nghẹt, mưa ngập, rác trôi đầy rãnh thoát nước", "chuyện thứ hai cũng vậy, mong xã xem giúp",
             "tiền đền bù đất làm cao tốc của nhà tôi bao giờ chi trả"]
    alone, together = matcher.match(asked), matcher.match(asked, breaths=[4, 4, 4])
    assert alone[1].topic is None and not alone[1].by
    assert [match.topic for match in together] == ["T2", "T2", "T1"]
    assert [match.by for match in together] == [(), ("beside",), ()]
    assert matcher.match(asked, breaths=[4, 5, 6]) == alone


def test_a_meeting_without_topics_matches_nothing() -> None:
    assert Matcher((), None).match(["bao giờ sửa đường"])[0].topic is None
    assert Matcher(TOPICS, None).match([]) == []


def test_vectors_have_length_one_and_questions_lie_near_what_they_ask(embedder: Embedder) -> None:
    passages = embedder.passages(["đường hư, ổ gà, sửa đường", "trợ cấp người khuyết tật"])
    query = embedder.queries(["bao giờ thì làm lại con đường"])
    assert passages.dtype == np.float32 and np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert (query @ passages.T).argmax() == 0
    assert embedder.passages([]).shape == (0, passages.shape[1])
    assert embedder.generator.split("/")[:2] == ["sentence-transformers", "multilingual-e5-small"]


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared questions are not beside this checkout")
def test_nine_of_ten_shared_questions_find_their_topic(attuned: Embedder) -> None:
    with SHARED.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["topic"] != "ngoai"]
    matches = Matcher(catalogue(), attuned).match([row["text"] for row in rows])
    assert np.mean([match.best == row["topic"] for match, row in zip(matches, rows, strict=True)]) >= 0.9


def test_the_light_encoder_gives_the_vectors_of_the_whole_one(embedder: Embedder) -> None:
    whole = open_embedder(str(require(E5)))
    texts = ["bao giờ thì sửa con đường ra chợ", "rác không ai lấy"]
    named = Embedder(whole._model, "", query="query: ")
    assert np.array_equal(embedder.queries(texts), named.queries(texts))


def test_vectors_shipped_are_those_of_the_encoder_and_lack_nothing(attuned: Embedder) -> None:
    """Where this fails the catalogue or the encoder was changed: run benchmarks/known.py."""
    texts, vectors = shipped()
    passages, queries = fixed_texts()
    assert texts == [*(f"passage: {text}" for text in passages), *(f"query: {text}" for text in queries)]
    whole = Embedder(attuned._model, "")
    rows = [0, len(passages), len(texts) - 1]
    assert np.allclose(whole.queries([texts[row] for row in rows]), vectors[rows], atol=1e-4)


def test_what_was_encoded_before_is_remembered() -> None:
    class Counting:
        asked: list[str] = []  # noqa: RUF012

        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            self.asked += texts
            return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    encoder = Embedder(Counting(), "")
    encoder.queries(["đường", "rác"])
    assert encoder.queries(["rác", "nước sạch", "rác"])[:, 0].tolist() == [3, 9, 3]
    assert Counting.asked == ["đường", "rác", "nước sạch"]
