"""A search over all meetings: what it needs brought up to date, then found by word or by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlite_utils import Database

from models import approval, lines, search, transcripts
from models.errors import WeightsMissing
from models.lines import Line, Record
from models.search import ANYTHING, EVERYTHING, Filters, Hit, Sight
from models.store import writing
from summarize.weights import E5


def find(db: Database, words: str, by_meaning: bool = False, limit: int = 20, filters: Filters = ANYTHING,
         sight: Sight = EVERYTHING) -> list[Hit]:
    """Lines of all meetings, by word, or by word and meaning; without words, the questions that fit the filters.

    Raises WeightsMissing for meaning.
    """
    bring_up_to_date(db, sight)
    if not words.strip():
        return search.browse(db, limit, filters, sight)
    if not by_meaning:
        return search.search(db, words, limit=limit, filters=filters, sight=sight)
    from ui import work  # the encoder takes seconds to load
    embedder = work.embedder_if_installed()
    if embedder is None:
        raise WeightsMissing(E5.name)
    work.make_searchable_by_meaning(db)
    return search.search(db, words, embedder.queries([words])[0], embedder.generator, limit, filters, sight)


def bring_up_to_date(db: Database, sight: Sight) -> None:
    """Makes the lines that are still missing, of those that somebody is about to search."""
    transcripts.index_anew(db)
    if sight.audience is lines.Audience.PUBLIC:
        for meeting in lines.unpublished(db):
            _publish(db, meeting)


def _publish(db: Database, meeting: int) -> None:
    """Makes findable for everybody what everybody may read of a meeting: the page «Công bố» shows the same."""
    with writing(db):
        if record := approval.published(db, meeting):
            lines.publish(db, meeting, _public_lines(record, approval.published_questions(db, meeting)))


def _public_lines(record: Mapping[str, Any], ids: Mapping[int, int]) -> Iterator[Line]:
    topics = record.get("topics", {})
    for question in record["questions"]:
        key, facts = ids[question["number"]], {
            "topic": topics.get(question["topic"], ""), "status": question["status"], "agency": question["agency"]}
        yield Line(Record.QUESTION, key, f"{question['summary']}\n{question['text']}", speaker=question["asker"],
                   role=lines.CITIZEN, **facts)
        if question["answer"]:
            yield Line(Record.ANSWER, key, question["answer"], role=lines.OFFICIAL, **facts)
