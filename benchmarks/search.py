"""Prints how long a search over many meetings takes, by word and by meaning, with and without filters.

    python benchmarks/search.py [MEETINGS]

MEETINGS (500 unless told) meetings are put into a passing data folder, each of 10,000 words in 600
utterances with 60 questions and their answers: sentences of the dialogues in `tests/data` with some
of their words exchanged. Vectors are those of their sentences, moved a little at random; the query's
is made by the installed encoder, which counts. The figures are the median and the 95th percentile.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parents[1]))

from models import store, transcripts
from models.records import Analysis, Answer, Meeting, Person, Place, Question, Span, Status, Topic, Utterance
from models.search import ANYTHING, Filters, Kind, Sight, Vector, search
from models.vectors import add_vectors
from summarize.embedding import open_embedder

UTTERANCES, WORDS, QUESTIONS = 600, 17, 60
EXCHANGED = 0.15
DIALOGUES = Path(__file__).parents[1] / "tests" / "data" / "dialogues"
TOPICS = ("Đất đai", "Môi trường", "Giáo dục, y tế", "Giao thông", "Thủ tục hành chính")
AGENCIES = ("UBND xã", "Phòng Kinh tế", "Phòng Văn hóa – Xã hội", "Công an xã", "UBND tỉnh")
ASKED = ("tái định cư", "nước giếng", "đèn đường", "nuoc sinh hoat", "nước", "đường", "thu gom rác", "sổ đỏ",
         "bao giờ xây trường", "tien den bu", "ủy ban nhân dân", "ngập úng mương thoát nước", "học phí",
         "bảo hiểm y tế")
FILTERS = (Filters(year=2024), Filters(topic="Đất đai"), Filters(status="promised_no_answer", year=2023),
           Filters(agency="Phòng Kinh tế"), Filters(role="citizen"), Filters(role="official", kind=Kind.ALL),
           Filters(commune="xã Tân 7"), Filters(kind=Kind.QUESTIONS), Filters(kind=Kind.ANSWERS, topic="Môi trường"))


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdigit() else 500
    embedder = open_embedder()
    sentences = _sentences()
    anchors = embedder.passages(sentences[:400])
    with tempfile.TemporaryDirectory() as name, store.open_store(Path(name)) as db:
        begun = time.perf_counter()
        _fill(db, count, sentences, anchors, embedder.generator)
        size = sum(path.stat().st_size for path in Path(name).iterdir()) / 1e6
        print(f"{count} meetings, {db.table('lines').count} lines, {size:.0f} MB, "
              f"made in {time.perf_counter() - begun:.0f} s")

        def by_word(words: str, filters: Filters, sight: Sight) -> None:
            search(db, words, None, "", 50, filters, sight)

        def by_meaning(words: str, filters: Filters, sight: Sight) -> None:
            embedder.forget()
            search(db, words, embedder.queries([words])[0], embedder.generator, 50, filters, sight)

        for what, one in (("word", by_word), ("meaning", by_meaning)):
            queries = ASKED if what == "word" else [words for words in ASKED if not words.isascii()]
            for label, filters in (("no filter", (ANYTHING,)), ("filters", FILTERS)):
                cases = [(words, chosen) for words in queries for chosen in filters]
                _print(f"by {what}, {label}", [_timed(one, words, chosen) for words, chosen in cases])


def _timed(doing: Callable[[str, Filters, Sight], None], words: str, filters: Filters) -> float:
    begun = time.perf_counter()
    doing(words, filters, Sight(denunciations=False))
    took = time.perf_counter() - begun
    if "--each" in sys.argv:
        print(f"    {took:.3f} {words} {filters}")
    return took


def _sentences() -> list[str]:
    """What is said in the dialogues, in stretches as long as an utterance."""
    said = [json.loads(line)["text"].split() for path in sorted(DIALOGUES.glob("*/written.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()]
    return [" ".join(words[i:i + WORDS]) for words in said for i in range(0, len(words), WORDS)]


def _fill(db: Database, count: int, sentences: Sequence[str], anchors: Vector, generator: str) -> None:
    chance, noise = random.Random(0), np.random.default_rng(0)
    every = [word for sentence in sentences for word in sentence.split()]

    def near(texts: list[str]) -> Vector:
        """A vector beside that of some sentence, for each text."""
        found = anchors[noise.integers(len(anchors), size=len(texts))]
        moved = found + noise.normal(0, 0.3 / found.shape[1] ** 0.5, found.shape).astype(np.float32)
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)

    for number in range(count):
        meeting = store.add_meeting(db, Meeting(
            f"Hội nghị đối thoại xã Tân {number % 20}", f"{2015 + number % 12}-05-22", "Nhà văn hóa",
            tuple(Topic(f"T{i}", name) for i, name in enumerate(TOPICS)), (Person("Lê Thị Hân", "Bí thư", "chair"),)))
        said = [Utterance(i * 18.0, i * 18.0 + 17, f"S{i % 9 + 1}", text)
                for i, text in enumerate(_texts(chance, sentences, every))]
        transcript = transcripts.save_transcript(db, meeting.id or 0, None, "benchmark", said)
        transcripts.save_analysis(db, transcript, _analysis(chance, transcript.utterances))
    add_vectors(db, near, generator)


def _texts(chance: random.Random, sentences: Sequence[str], every: Sequence[str]) -> Iterator[str]:
    for _ in range(UTTERANCES):
        words = chance.choice(sentences).split()
        yield " ".join(chance.choice(every) if chance.random() < EXCHANGED else word for word in words)


def _analysis(chance: random.Random, said: Sequence[Utterance]) -> Analysis:
    every = UTTERANCES // QUESTIONS
    questions = []
    for n in range(QUESTIONS):
        first = n * every
        text, answer = (" ".join(u.text for u in said[i:i + 3]) for i in (first, first + 3))
        questions.append(Question(
            n + 1, (Span(first, 0, len(said[first].text)),), text, said[first].text[:60], f"T{n % len(TOPICS)}", 0.5,
            chance.choice(list(Status)), Answer((first + 3,), answer, "Lê Thị Hân", chance.choice(AGENCIES)), "Hồ Lực"))
    places = [Place.QUESTION if i % every < 3 else Place.ANSWER if i % every < 6 else Place.OTHER
              for i in range(len(said))]
    return Analysis(tuple(questions), tuple(places), "benchmark")


def _print(what: str, seconds: list[float]) -> None:
    print(f"{what:28} p50 {median(seconds):.3f} s   p95 {quantiles(seconds, n=20)[-1]:.3f} s   "
          f"longest {max(seconds):.3f} s   ({len(seconds)} searches)", flush=True)


if __name__ == "__main__":
    main()
