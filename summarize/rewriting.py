"""One-sentence summaries rewritten by a language model on this machine, each kept only if it stays true.

A rewrite is refused when it brings in a number, date, name or place that the source does not hold, moves a number to
another thing, loses or adds a negation, or says the opposite. The own words then stay. Both are said in the reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from models.records import Analysis, Question
from summarize.cues import NUMBER_WORD
from summarize.flat import Flat, flatten
from summarize.masking import is_withheld
from summarize.wording import answer_summary
from summarize.wording import summary as summary_of

Ask = Callable[[str, str], str]
"""Given instructions and a text, what the model answers."""

INSTRUCTIONS = ("Bạn viết lại tóm tắt trong biên bản đối thoại thành đúng một câu tiếng Việt ngắn gọn, rõ ràng. Chỉ "
                "dùng thông tin có trong lời nói; giữ nguyên số, ngày, tên người, tên nơi chốn và ý phủ định; không "
                "thêm nhận xét. Chỉ trả lời bằng câu ấy.")
REQUEST = "Lời nói: {text}\nTóm tắt hiện có: {summary}"
REWRITTEN = "do mô hình ngôn ngữ «{model}» trên máy này viết lại từ: «{summary}»"
REFUSED = "giữ nguyên: câu mô hình «{model}» viết lại {why}"
EMPTY, LONG = "không dùng được", "quá dài"
NEW_NUMBER, NEW_NAME = "có số «{words}» không có trong lời nói", "có tên «{words}» không có trong lời nói"
NEW_TIME, NOT_LOST = "có thời gian «{words}» không có trong lời nói", "làm mất ý «{words}»"
NOT_ADDED, OPPOSITE = "thêm ý «{words}» không có trong lời nói", "nói ngược: «{words}»"

MARK = "+local/"
"""What stands before the model's name in the generator."""
DECISIONS = ("summary", "answer_summary")
LONGEST = 60  # words
LEAST_SHARED = 0.5  # of its words that a rewrite must take from the source
NUMBER = re.compile(rf"(?<!\S)(?:\d\S*|{NUMBER_WORD}|năm)(?!\S)")
NEGATION = re.compile(r"(?<!\S)(không|chưa|chẳng|chả|đừng|hông|cấm|khỏi|ngừng|thôi) (\S+)")
ASKING = re.compile(r"(?<!\S)(?:(?:hay|có|được|phải|đúng|rồi)(?: \S+)? )?(?:không|chưa|hông)"
                    r"(?= (?:ạ|vậy|thế|nữa|hả)|$)|(?<!\S)hay (?:không|chưa)(?!\S)")
TIMES = re.compile(r"(?<!\S)(?:hôm (?:nay|qua|kia)|ngày mai|sáng mai|"
                   r"(?:tuần|tháng|quý|năm) (?:sau|tới|này|trước|ngoái)|"
                   r"thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|(?:đầu|cuối) (?:tuần|tháng|quý|năm)|"
                   r"sắp tới|ngay lập tức)(?!\S)")
TITLED = re.compile(r"(?<!\S)(?:ông|bà|anh|chị|chú|cô|bác|cụ|đồng chí|ấp|thôn|xóm|buôn|bản|khóm|tổ|khu phố|xã|phường|"
                    r"huyện|quận|tỉnh|thành phố|đường|cầu|kênh|rạch|chợ|trường|công ty|dự án) (\S+)")
LINKS = ("ấy này đó nọ kia mình ta tôi em con và hoặc hay của ở tại có được bị đang đã sẽ hỏi đề nghị kiến phản ánh "
         "cho là thì mà với bao chưa không trả lời xin vào ra lên xuống qua về đi trong ngoài trước sau để khi mỗi từ "
         "đến tới nay rồi nhưng do vì nên phải cần theo gì nào")
CONNECTING = frozenset(LINKS.split())
"""Words that name nothing and measure nothing."""
OPPOSITES = (("tăng", "giảm"), ("đồng ý", "phản đối"), ("đồng ý", "từ chối"), ("cho phép", "cấm"), ("mở", "đóng"),
             ("có", "hết"), ("đúng", "sai"), ("trước", "sau"), ("thêm", "bớt"), ("cao", "thấp"), ("đủ", "thiếu"),
             ("đã", "sẽ"), ("đã", "chưa"), ("xây", "phá"), ("sửa", "bỏ"), ("giao", "thu hồi"), ("được", "bị"))


def rewritten(analysis: Analysis, ask: Ask, model: str, progress: Callable[[float], None]) -> Analysis:
    """The analysis with the summaries that the model rewrote truly; denunciations are not shown to it.

    `progress` is told the share done. Raises whatever `ask` raises: then nothing was changed.
    """
    questions = []
    for i, question in enumerate(analysis.questions):
        questions.append(question if is_withheld(question) else _question(question, ask, model))
        progress((i + 1) / len(analysis.questions))
    return replace(analysis, questions=tuple(questions), generator=f"{analysis.generator}{MARK}{model}")


def in_own_words(analysis: Analysis) -> Analysis:
    """The analysis with the summaries that are made of the speaker's own words, as before any rewriting."""
    return replace(analysis, generator=analysis.generator.split(MARK)[0], questions=tuple(
        replace(q, summary=summary_of(q.text),
                answer=replace(q.answer, summary=answer_summary(q.answer.text, flatten(q.text).text)),
                reasons={name: reason for name, reason in q.reasons.items() if name not in DECISIONS})
        for q in analysis.questions))


def outcomes(analysis: Analysis) -> tuple[int, int]:
    """How many sentences were rewritten, and how many kept because the rewrite was not true."""
    reasons = [reason for q in analysis.questions for name, reason in q.reasons.items() if name in DECISIONS]
    return tuple(sum(reason.startswith(begin.split("«")[0]) for reason in reasons)  # type: ignore[return-value]
                 for begin in (REWRITTEN, REFUSED))


def _question(question: Question, ask: Ask, model: str) -> Question:
    summary, why = _sentence(question.text, question.summary, ask, model)
    answer, why_answer = _sentence(question.answer.text, question.answer.summary, ask, model)
    reasons = dict(question.reasons) | ({"summary": why} if why else {})
    return replace(question, summary=summary, answer=replace(question.answer, summary=answer),
                   reasons=reasons | ({"answer_summary": why_answer} if why_answer else {}))


def _sentence(text: str, summary: str, ask: Ask, model: str) -> tuple[str, str]:
    """The summary to keep, and why; as it was where there is nothing to rewrite."""
    if not text.strip() or not summary.strip():
        return summary, ""
    made = ask(INSTRUCTIONS, REQUEST.format(text=text, summary=summary))
    if wrong := objection(made, text, summary):
        return summary, REFUSED.format(model=model, why=wrong)
    return made, REWRITTEN.format(model=model, summary=summary) if made != summary else ""


def objection(made: str, text: str, summary: str) -> str:
    """What is wrong with a rewrite of `summary`, which was taken from `text`; empty when it is true to both."""
    flat, source = flatten(made), flatten(f"{text} . {summary}")
    if not flat.words:
        return EMPTY
    if len(flat.words) > LONGEST:
        return LONG
    found = next(_objections(flat, source, flatten(summary)), "")
    if not found and sum(word in source.text.split() for word in flat.text.split()) < LEAST_SHARED * len(flat.words):
        return EMPTY
    return found


def _objections(made: Flat, source: Flat, summary: Flat) -> Iterator[str]:
    for number, measured in _numbers(made):
        for words in (number, measured):
            if not _holds(source, words):
                yield NEW_NUMBER.format(words=words)
    for match in TIMES.finditer(made.text):
        if not _holds(source, match[0]):
            yield NEW_TIME.format(words=match[0])
    for words in _names(made):
        if not _holds(source, words):
            yield NEW_NAME.format(words=words)
    for match in TITLED.finditer(made.text):
        if match[1] not in CONNECTING and not _holds(source, match[1]):
            yield NEW_NAME.format(words=match[0])
    yield from _turned(made.text, source.text, summary.text)


def _numbers(made: Flat) -> Iterator[tuple[str, str]]:
    """Every number, and with what it measures: «20 hộ» is not «20 ngày»."""
    tokens = made.text.split()
    for i, token in enumerate(tokens):
        if NUMBER.fullmatch(token) and token != "không":
            measures = i + 1 < len(tokens) and not made.words[i].ends_clause and tokens[i + 1] not in CONNECTING
            yield token, " ".join(tokens[i:i + 1 + measures])


def _names(made: Flat) -> Iterator[str]:
    """Words with capitals inside a sentence, those in a row together."""
    run: list[str] = []
    for i, word in enumerate(made.words):
        first = i == 0 or made.words[i - 1].ends_sentence
        if word.is_capital and not (first and not (i + 1 < len(made.words) and made.words[i + 1].is_capital)):
            run.append(made.original[word.start:word.end])
            if not word.ends_clause and not word.ends_sentence:
                continue
        if run:
            yield " ".join(run)
        run = []
    if run:
        yield " ".join(run)


def _turned(made: str, source: str, summary: str) -> Iterator[str]:
    """Negations lost or added, and opposites of what was said."""
    was, now = _negated(summary), _negated(made)
    for negation, word in was:
        if not now and was:
            yield NOT_LOST.format(words=f"{negation} {word}")
        if f" {word} " in f" {made} " and not any(word == other for _, other in now):
            yield NOT_LOST.format(words=f"{negation} {word}")
    for negation, word in now:
        if not any(word == other for _, other in _negated(source)):
            yield NOT_ADDED.format(words=f"{negation} {word}")
    for pair in OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if _has(made, one) and not _has(source, one) and _has(source, other):
                yield OPPOSITE.format(words=one)


def _negated(text: str) -> list[tuple[str, str]]:
    """Each negation and the word it stands before; a question's «không?» or «chưa?» negates nothing."""
    return [(match[1], match[2]) for match in NEGATION.finditer(ASKING.sub(" ", text))]


def _has(text: str, words: str) -> bool:
    return f" {words} " in f" {text} "


def _holds(source: Flat, words: str) -> bool:
    return _has(source.text, flatten(words).text)
