"""A search over all meetings: what it needs brought up to date, then found by word or by meaning."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from models import lines, search, transcripts
from models.errors import WeightsMissing
from models.search import ANYTHING, EVERYTHING, Filters, Hit, Sight
from models.store import writing
from summarize.masking import told
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
    """Makes findable for everybody what may be published of a meeting: questions and answers, masked."""
    transcript = transcripts.current_transcript(db, meeting)
    analysis = transcripts.current_analysis(db, transcript) if transcript else None
    if transcript is None or analysis is None:
        return
    shown = [replace(question, answer=replace(question.answer, answered_by=""))
             for question in told(analysis.questions, transcript.utterances, published=True)]
    with writing(db):
        lines.publish(db, meeting, lines.question_lines(db, meeting, shown))
