"""The page «Tìm kiếm»: what was asked and said in all meetings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from sqlite_utils import Database

from models import store
from models.lookup import has_sound, position_of, questions_of, utterance_at
from models.records import Question, Utterance
from models.search import Hit, search_words
from models.transcripts import utterance
from ui.labels import STATUS
from ui.views.listening import listen_buttons, player
from ui.views.told import told
from ui.views.transcript_view import page_with
from ui.views.wording import STATUS_COLOUR, capital, day, held, marked, plain, speaker_name

TITLE = "Tìm trong tất cả hội nghị"
FIELD = "Muốn tìm gì?"
EXAMPLE = "Ví dụ: tái định cư, nước giếng, đèn đường"
HELP = "Gõ từ cần tìm rồi nhấn Enter. Gõ không dấu cũng được."
BY_MEANING = "Tìm theo nghĩa"
BY_MEANING_HELP = "Tìm cả những câu nói ý giống như vậy bằng từ khác. Cần gõ có dấu; chậm hơn một chút."
SEARCHING = "Đang tìm…"
FOUND = "Tìm thấy {count} đoạn trong {meetings} hội nghị."
AT_LEAST = "Hiện {count} đoạn gần nhất, trong {meetings} hội nghị. Gõ thêm từ để thu hẹp."
NOTHING = "Không tìm thấy «{words}». Thử ít từ hơn, hoặc bật «Tìm theo nghĩa»."
QUESTION, UTTERANCE = "Câu hỏi", "Lời nói"
OPEN_MEETING, OPEN_PLACE = "Mở hội nghị", "Xem trong lời nói"
WORDS_VIEW = "Lời nói"

LIMIT = 50
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
SENTENCES_SHOWN = 3


@dataclass(frozen=True)
class Found:
    """A hit with what is needed to show it: where it was said, and the question if it is one."""

    hit: Hit
    spoken: Utterance | None
    position: int
    question: Question | None = None


def show() -> None:
    st.title(TITLE, anchor=False)
    words = st.text_input(FIELD, key="tim", placeholder=EXAMPLE, icon=":material/search:", type="search",
                          bind="query-params") or ""
    by_meaning = st.toggle(BY_MEANING, key="nghia", help=BY_MEANING_HELP, bind="query-params")
    if not words.strip():
        st.caption(HELP)
        return
    with store.open_store() as db:
        with st.spinner(SEARCHING):
            hits = _search(db, words, by_meaning)
        groups: dict[int, list[Hit]] = {}
        for hit in hits:
            groups.setdefault(hit.meeting, []).append(hit)
        _summary(words, len(hits), len(groups))
        for meeting, group in groups.items():
            _meeting(db, meeting)
            _hits(_found(db, meeting, group), has_sound(db, meeting), words)


def _search(db: Database, words: str, by_meaning: bool) -> list[Hit]:
    if not by_meaning:
        return search_words(db, words, LIMIT)
    from ui import work  # the rooms behind it take seconds to load
    return work.search(db, words, True, LIMIT)


def _summary(words: str, hits: int, meetings: int) -> None:
    if hits:
        st.markdown((AT_LEAST if hits == LIMIT else FOUND).format(count=hits, meetings=meetings))
    else:
        st.info(plain(NOTHING.format(words=words)))


def _found(db: Database, meeting: int, hits: Sequence[Hit]) -> list[Found]:
    """The hits of one meeting with what they stand for, the questions first."""
    questions = {question.id: question for question in questions_of(db, meeting) or ()}
    asked, said = [], []
    for hit in hits:
        if question := questions.get(hit.record_id) if hit.record == "question" else None:
            position = question.spans[0].utterance if question.spans else 0
            asked.append(Found(hit, utterance_at(db, meeting, position), position, question))
        elif hit.record == "utterance":
            said.append(Found(hit, utterance(db, hit.record_id)[0], position_of(db, hit.record_id)))
    return asked + said


def _meeting(db: Database, key: int) -> None:
    meeting = store.meeting(db, key)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {plain(meeting.title)}", width="stretch")
        st.page_link("views/meeting.py", label=OPEN_MEETING, icon=":material/folder_open:",
                     query_params={"meeting": str(key)})
    st.caption(f"{day(meeting.date)}, {plain(meeting.place)}")


@st.fragment
def _hits(found: Sequence[Found], sound: bool, words: str) -> None:
    with told():
        for one in found:
            with st.container(border=True):
                _badges(one)
                st.html(f'<div class="dt-found">{_passage(one, words)}</div>')
                _listen(one, sound)


def _badges(one: Found) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if question := one.question:
            st.badge(QUESTION, icon=":material/help:", color="blue")
            st.badge(capital(STATUS[question.status]), color=STATUS_COLOUR[question.status])
            st.markdown(plain(question.asker), width="content")
        elif one.spoken:
            st.badge(UTTERANCE, icon=":material/record_voice_over:", color="gray")
            st.markdown(plain(speaker_name(one.spoken.speaker)), width="content")


def _passage(one: Found, words: str) -> str:
    """The sentences that hold most of the words, marked, as safe HTML; the first ones when none does."""
    sentences = [sentence for sentence in SENTENCE.split(one.hit.text) if sentence.strip()]
    counts = [held(sentence, words) for sentence in sentences]
    holding = [i for i, count in enumerate(counts) if count and count == max(counts)]
    shown = sorted({0, *holding} if one.question else holding)[:SENTENCES_SHOWN] or range(min(2, len(sentences)))
    text, last = "", -1
    for i in shown:
        text += ("" if i == last + 1 else " … ") + marked(sentences[i], words) + " "
        last = i
    text += "…" if last < len(sentences) - 1 else ""
    return re.sub(r"(…\s*){2,}", "… ", text)


def _listen(one: Found, sound: bool) -> None:
    if one.spoken is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if sound:
            listen_buttons([one.spoken], f"found_{one.hit.record}_{one.hit.record_id}")
        st.page_link("views/meeting.py", label=OPEN_PLACE, icon=":material/arrow_forward:",
                     query_params={"meeting": str(one.hit.meeting), "xem": WORDS_VIEW,
                                   "trang": str(page_with(one.position))})
    player([one.spoken], f"found_{one.hit.record}_{one.hit.record_id}")


if __name__ == "__main__":
    show()
