"""The questions as other programs read them (JSON); it does not change without a version."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from models.records import Analysis, Meeting, Question


def questions_json(analysis: Analysis, meeting: Meeting) -> dict[str, Any]:
    """The border format: positions are characters of the utterance's text, utterances count from 0."""
    return {
        "meeting": {"title": meeting.title, "date": meeting.date, "place": meeting.place},
        "generator": analysis.generator,
        "questions": [_question(question) for question in analysis.questions],
        "places": [place.value for place in analysis.places],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": str(question.number),
        "spans": [asdict(span) for span in question.spans],
        "topic": question.topic,
        "topic_score": question.topic_score,
        "status": question.status.value,
        "answer_utterances": list(question.answer.utterances),
        "asker": question.asker,
        "address": question.address,
        "text": question.text,
        "summary": question.summary,
        "answer": question.answer.text,
        "answered_by": question.answer.answered_by,
        "agency": question.answer.agency,
        "deadline": question.answer.deadline,
        "personal_data": [{"utterance": item.utterance, "start": item.start, "end": item.end, "kind": item.kind}
                          for item in question.personal_data if not item.lifted],
        "flags": list(question.flags),
        "deadline_date": question.answer.deadline_date or None,
        "answer_summary": question.answer.summary,
        "second_topic": question.second_topic,
        "second_score": question.second_score,
        "linked": [str(number) for number in question.linked],
        "follow_ups": [asdict(span) for span in question.follow_ups],
        "reasons": dict(question.reasons),
    }
