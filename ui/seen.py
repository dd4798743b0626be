"""What an account may see of a meeting: a denunciation only who is named for it.

Identity and content of a denunciation are kept secret also inside an authority: Law 25/2018/QH14, article 8. Every
page asks here, and draws what comes back: lines and questions keep their places, their words are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlite_utils import Database

from models.lines import Record, with_secrets
from models.lookup import questions_of
from models.records import Analysis, Answer, Question, Span, Utterance
from models.rights import Account
from models.search import Hit
from models.speaking import is_anonymous
from models.transcripts import Transcript, current_analysis, current_transcript
from summarize.masking import DENUNCIATION, covered, is_withheld, secrets, withheld_lines

HIDDEN = "Nội dung tố cáo: chỉ người được phân công mới xem"
SOMEBODY = "Người được giữ kín"


def as_seen(transcript: Transcript, analysis: Analysis, account: Account) -> tuple[Transcript, Analysis]:
    """A meeting as this account may see it. What is hidden has no id any more, so it cannot be heard or changed."""
    positions = set() if account.sees_denunciations else withheld_lines(transcript.utterances, analysis)
    if not positions:
        return transcript, analysis
    said = tuple(_hidden_line(u) if i in positions else u for i, u in enumerate(transcript.utterances))
    questions = tuple(_hidden_question(q) if is_withheld(q) else _beside(q, positions) for q in analysis.questions)
    return replace(transcript, utterances=said), replace(analysis, questions=questions)


def is_hidden(line: Utterance) -> bool:
    """Whether `as_seen` has taken the words out of a line."""
    return line.id is None and line.text == HIDDEN


def is_hidden_question(question: Question) -> bool:
    """Whether `as_seen` has taken the words out of a question."""
    return is_withheld(question) and question.text == HIDDEN


def hides_question(question: Question, account: Account) -> bool:
    return is_withheld(question) and not account.sees_denunciations


def without_hidden(transcript: Transcript) -> Transcript:
    """Only the lines that may be seen, for pages that do not go by a line's place."""
    return replace(transcript, utterances=tuple(u for u in transcript.utterances if not is_hidden(u)))


def findable(db: Database, hits: Sequence[Hit], account: Account) -> list[Hit]:
    """The hits of a search without those that stand in what is hidden, such as the words that called an author in."""
    if account.sees_denunciations:
        return list(hits)
    hidden = {meeting: hidden_in(db, meeting, account) for meeting in {hit.meeting for hit in hits} & with_secrets(db)}
    return [hit for hit in hits if (hit.record, hit.record_id) not in hidden.get(hit.meeting, set())]


def hidden_in(db: Database, meeting: int, account: Account) -> set[tuple[str, int]]:
    """The records of a meeting that an account may not see, as a search names them."""
    secret = [question.id or 0 for question in questions_of(db, meeting) or () if hides_question(question, account)]
    transcript = current_transcript(db, meeting) if secret else None
    analysis = current_analysis(db, transcript) if transcript else None
    if transcript is None or analysis is None:
        return set()
    said = transcript.utterances
    lines = {(Record.SAID, said[i].id or 0) for i in withheld_lines(said, analysis) if i < len(said)}
    return lines | {(record, key) for record in (Record.QUESTION, Record.ANSWER) for key in secret}


def said_to(db: Database, meeting: int, account: Account, text: str) -> str:
    """What somebody wrote of a meeting (why it was sent back, why it is corrected) without the names kept secret."""
    transcript = None if account.sees_denunciations or not text else current_transcript(db, meeting)
    analysis = current_analysis(db, transcript) if transcript else None
    return covered(text, secrets(analysis.questions, transcript.utterances)) if transcript and analysis else text


def _hidden_line(line: Utterance) -> Utterance:
    """A number for a voice tells nobody who it is; a name that somebody gave it does."""
    speaker = line.speaker if is_anonymous(line.speaker) else SOMEBODY
    return Utterance(line.start, line.end, speaker, HIDDEN)


def _hidden_question(question: Question) -> Question:
    return Question(question.number, tuple(_whole(span) for span in question.spans), HIDDEN, HIDDEN, None, 0.0,
                    question.status, Answer(question.answer.utterances), flags=(DENUNCIATION,), id=question.id,
                    reviewed=question.reviewed)


def _beside(question: Question, positions: set[int]) -> Question:
    """A question that shares a line with what is hidden: it points at the line as a whole."""
    return replace(
        question,
        spans=tuple(_whole(span) if span.utterance in positions else span for span in question.spans),
        follow_ups=tuple(_whole(span) if span.utterance in positions else span for span in question.follow_ups),
        personal_data=tuple(item for item in question.personal_data if item.utterance not in positions))


def _whole(span: Span) -> Span:
    return Span(span.utterance, 0, len(HIDDEN))
