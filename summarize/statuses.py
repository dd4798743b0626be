"""What became of a question, from the words that answered it.

The brief separates an answer from a promise: «hạn chế việc tiếp thu, hứa nhưng không trả lời và
cũng không thực hiện». A promise with a day or a figure is an answer; without one it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from models.records import Status
from summarize.cues import cue, phrase_in, says
from summarize.dates import terms
from summarize.flat import flatten

ANY_DAY = date(2000, 1, 1)  # whether a term is named does not depend on today
SHORTEST_ANSWER = 8  # words of a reply that says something
STRENGTH = (Status.ANSWERED, Status.WRITTEN, Status.ESCALATED, Status.PROMISED, Status.UNANSWERED)

NO_REPLY = "không thấy lời nào trả lời câu này"
WORDS_FOR = {
    Status.WRITTEN: "hẹn trả lời bằng văn bản",
    Status.ESCALATED: "nói là vượt thẩm quyền, chuyển lên trên",
    Status.PROMISED: "chỉ ghi nhận hoặc hứa, chưa có ngày hay số cụ thể",
    Status.ANSWERED: "trả lời cụ thể",
    Status.UNANSWERED: NO_REPLY,
}


@dataclass(frozen=True)
class Verdict:
    """A status and, in Vietnamese, what it rests on."""

    status: Status
    reason: str


def judge(replies: Sequence[str]) -> Verdict:
    """The status after all replies (flat texts, in order): the firmest of them holds."""
    verdicts = [_judge_one(reply) for reply in replies]
    if not verdicts:
        return Verdict(Status.UNANSWERED, NO_REPLY)
    return min(verdicts, key=lambda verdict: STRENGTH.index(verdict.status))


@lru_cache(maxsize=4096)
def _judge_one(reply: str) -> Verdict:
    for status, phrases in ((Status.WRITTEN, "in_writing"), (Status.ESCALATED, "beyond_authority")):
        if says(phrases, reply):
            return _because(status, phrase_in(phrases, reply))
    if says("puts_off", reply) and not says("commits", reply):
        return _because(Status.UNANSWERED, phrase_in("puts_off", reply))
    if says("declines_to_commit", reply):
        return _because(Status.PROMISED, phrase_in("declines_to_commit", reply))
    if says("promises", reply) and not says("commits", _from_last_promise(reply)) and _only_counts(reply):
        return _because(Status.PROMISED, phrase_in("promises", reply))
    if says("commits", reply):
        return _because(Status.ANSWERED, phrase_in("commits", reply))
    if not says("escalates", reply) and (found := terms(flatten(reply), ANY_DAY)):
        return _because(Status.ANSWERED, found[-1].text)
    if says("escalates", reply):
        return _because(Status.ESCALATED, phrase_in("escalates", reply))
    if says("promises", reply):
        return _because(Status.PROMISED, phrase_in("promises", reply))
    if len(reply.split()) < SHORTEST_ANSWER:
        return Verdict(Status.PROMISED, "lời đáp quá ngắn để coi là trả lời")
    return Verdict(Status.ANSWERED, "trả lời tại chỗ, không hứa hẹn và không chuyển đi")


def _from_last_promise(reply: str) -> str:
    """What is said from the last promise on: later words outweigh earlier ones."""
    return reply[max(match.start() for match in cue("promises").finditer(reply)):]


def _only_counts(reply: str) -> bool:
    """Whether all that is firm in a reply are counts of what was done so far («kiểm tra ba lần»)."""
    return all(cue("counts").fullmatch(match[0]) for match in cue("commits").finditer(reply))


def _because(status: Status, phrase: str) -> Verdict:
    return Verdict(status, f"{WORDS_FOR[status]}: «{phrase}»")
