"""The page «Tìm kiếm»: what was said, asked and answered in all meetings, as far as the reader may see it.

What is searched for stands in the address, so that a search can be kept and sent on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from sqlite_utils import Database

from models import approval, store
from models.approval import Head
from models.folding import fold
from models.lines import CHAIR, CITIZEN, OFFICIAL, Audience, Record
from models.lookup import has_sound, position_of, positions_of_question, utterance_at
from models.records import Meeting, Status, Utterance
from models.search import ANYTHING, Filters, Hit, Kind, Sight, choices, visible
from models.transcripts import utterance
from ui import searching
from ui.labels import STATUS
from ui.seen import findable
from ui.views.listening import listen_buttons, player
from ui.views.signed_in import account
from ui.views.told import told
from ui.views.transcript_view import page_with
from ui.views.wording import STATUS_COLOUR, capital, day, held, marked, plain, speaker_name

TITLE = "Tìm trong tất cả hội nghị"
FIELD = "Muốn tìm gì?"
EXAMPLE = "Ví dụ: tái định cư, nước giếng, đèn đường"
HELP = ("Gõ từ cần tìm rồi nhấn Enter; gõ không dấu cũng được. Không gõ gì mà chỉ chọn ô lọc thì hiện các câu hỏi "
        "phù hợp.")
BY_MEANING = "Tìm theo nghĩa"
BY_MEANING_HELP = ("Tìm cả những câu hỏi, câu trả lời có ý giống như vậy bằng từ khác. Cần gõ có dấu; lần đầu chậm hơn "
                   "một chút.")
SEARCHING = "Đang tìm…"
WHAT, KINDS = "Tìm trong", {Kind.ALL: "Mọi lời nói", Kind.QUESTIONS: "Chỉ câu hỏi", Kind.ANSWERS: "Chỉ câu trả lời"}
COMMUNE, YEAR, TOPIC = "Xã, phường", "Năm", "Chủ đề"
STATUS_LABEL, AGENCY, ROLE = "Kết quả trả lời", "Cơ quan giải quyết", "Lời của ai"
ROLES = {CITIZEN: "Người dân", CHAIR: "Chủ trì", OFFICIAL: "Cán bộ trả lời", "secretary": "Thư ký"}
ANY = "Tất cả"
CLEAR = "Bỏ các ô lọc"
FOUND = "Tìm thấy {count} đoạn trong {meetings} hội nghị."
AT_LEAST = "Hiện {count} đoạn gần nhất, trong {meetings} hội nghị. Gõ thêm từ hoặc chọn ô lọc để thu hẹp."
NOTHING, NOTHING_FITS = "Không tìm thấy «{words}».", "Không có câu hỏi nào phù hợp các ô lọc."
TRY = "Hãy thử:"
TRY_FEWER, TRY_MARKS = "gõ ít từ hơn, chỉ giữ từ chính", "gõ không dấu, phòng khi máy nghe nhầm dấu"
TRY_MEANING = "bật «Tìm theo nghĩa» để tìm cả những câu nói ý ấy bằng từ khác"
TRY_FILTERS = "bỏ bớt ô lọc (bấm «Bỏ các ô lọc»)"
TRY_ALL = "tìm trong mọi lời nói, không chỉ câu hỏi hay câu trả lời"
BADGES = {Record.QUESTION: ("Câu hỏi", "help", "blue"), Record.ANSWER: ("Câu trả lời", "forum", "green"),
          Record.SAID: ("Lời nói", "record_voice_over", "gray")}
ANSWERED_BY, ASKED_BY = "{name} trả lời", "{name} hỏi"
READ_PUBLISHED = "Đọc bản công bố"
OPEN_MEETING, OPEN_PLACE = "Mở hội nghị", "Xem trong lời nói"
WORDS_VIEW = "Lời nói"
ONLY_PUBLIC = "Bạn đang tìm trong bản đã công bố của các hội nghị."

LIMIT = 50
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
SENTENCES_SHOWN = 3
MOST_LISTENED = 6
"""Utterances of a long answer among which the one to be heard is looked for."""


@dataclass(frozen=True)
class Found:
    """A hit with where it can be heard: the utterance that holds most of the words, and its position."""

    hit: Hit
    spoken: Utterance | None = None
    position: int = 0


def show() -> None:
    st.title(TITLE, anchor=False)
    sight = visible(account())
    words = (st.text_input(FIELD, key="tim", placeholder=EXAMPLE, icon=":material/search:", type="search",
                           bind="query-params") or "").strip()
    with store.open_store() as db:
        searching.bring_up_to_date(db, sight)
        by_meaning, filters = _filters(choices(db, sight))
        if sight.audience is Audience.PUBLIC:
            st.caption(ONLY_PUBLIC)
        if not words and filters == ANYTHING:
            st.caption(HELP)
            return
        with st.spinner(SEARCHING):
            hits = findable(db, searching.find(db, words, by_meaning, LIMIT, filters, sight), account())
        _results(db, hits, words, by_meaning, filters, sight)


def _filters(there: Mapping[str, list[str]]) -> tuple[bool, Filters]:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        kind = st.segmented_control(WHAT, list(KINDS), default=Kind.ALL, key="loai", required=True,
                                    format_func=lambda kind: KINDS[kind], bind="query-params")
        by_meaning = st.toggle(BY_MEANING, key="nghia", help=BY_MEANING_HELP, bind="query-params")
    first, second = st.columns(3), st.columns(3)
    commune = _choice(first[0], COMMUNE, "xa", there["commune"])
    year = _choice(first[1], YEAR, "nam", there["year"])
    topic = _choice(first[2], TOPIC, "chu-de", there["topic"])
    status = _choice(second[0], STATUS_LABEL, "ket-qua", [s.value for s in Status],
                     {s.value: capital(STATUS[s]) for s in Status})
    agency = _choice(second[1], AGENCY, "co-quan", there["agency"])
    role = _choice(second[2], ROLE, "vai", list(ROLES), ROLES)
    filters = Filters(commune, int(year) if year else None, topic, status, agency, role, kind or Kind.ALL)
    if filters != ANYTHING:
        st.button(CLEAR, icon=":material/filter_alt_off:", type="tertiary", on_click=_clear)
    return by_meaning, filters


def _choice(place: st.delta_generator.DeltaGenerator, label: str, key: str, options: Sequence[str],
            names: Mapping[str, str] | None = None) -> str:
    """A choice that stands in the address; empty while nothing is chosen."""
    return place.selectbox(label, list(options), index=None, key=key, placeholder=ANY, bind="query-params",
                           format_func=lambda option: (names or {}).get(option, option)) or ""


def _clear() -> None:
    for key in ("xa", "nam", "chu-de", "ket-qua", "co-quan", "vai"):
        st.session_state[key] = None
    st.session_state["loai"] = Kind.ALL


def _results(db: Database, hits: Sequence[Hit], words: str, by_meaning: bool, filters: Filters, sight: Sight) -> None:
    groups: dict[int, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.meeting, []).append(hit)
    if not hits:
        _nothing(words, by_meaning, filters)
        return
    st.markdown((AT_LEAST if len(hits) == LIMIT else FOUND).format(count=len(hits), meetings=len(groups)))
    in_house = sight.audience is Audience.HOUSE
    heads = {} if in_house else {head.id: head for head in approval.published_heads(db)}
    for meeting, group in groups.items():
        _meeting(store.meeting(db, meeting) if in_house else heads[meeting], in_house)
        found = _heard_at(db, group, words) if in_house else [Found(hit) for hit in group]
        _hits(found, in_house and has_sound(db, meeting), words)


def _nothing(words: str, by_meaning: bool, filters: Filters) -> None:
    """What to try, of what was not tried yet."""
    tries = [TRY_FEWER] * (len(words.split()) > 1) + [TRY_MARKS] * (not words.isascii())
    tries += [TRY_MEANING] * (bool(words) and not by_meaning)
    tries += [TRY_ALL] * (filters.kind is not Kind.ALL) + [TRY_FILTERS] * (filters != Filters(kind=filters.kind))
    head = NOTHING.format(words=words) if words else NOTHING_FITS
    st.info("\n".join([f"{plain(head)} {TRY}" if tries else plain(head), *(f"- {one}" for one in tries)]))


def _heard_at(db: Database, hits: Sequence[Hit], words: str) -> list[Found]:
    """Questions before answers before other words; what a question or answer here holds is not told twice."""
    found, told_at = [], set[int]()
    for record in (Record.QUESTION, Record.ANSWER, Record.SAID):
        for hit in hits:
            if hit.record == record:
                positions = _positions(db, hit)
                if record is Record.SAID and told_at & set(positions):
                    continue
                told_at |= set(positions)
                found.append(_best_heard(db, hit, positions, words))
    return found


def _positions(db: Database, hit: Hit) -> tuple[int, ...]:
    if hit.record == Record.SAID:
        return (position_of(db, hit.record_id),)
    asked, answered = positions_of_question(db, hit.record_id)
    return asked if hit.record == Record.QUESTION else answered


def _best_heard(db: Database, hit: Hit, positions: Sequence[int], words: str) -> Found:
    if hit.record == Record.SAID:
        return Found(hit, utterance(db, hit.record_id)[0], positions[0])
    spoken = [(spoken, position) for position in positions[:MOST_LISTENED]
              if (spoken := utterance_at(db, hit.meeting, position))]
    best = max(spoken, key=lambda pair: held(pair[0].text, words), default=None)
    return Found(hit, *best) if best else Found(hit)


def _meeting(meeting: Meeting | Head, in_house: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {plain(meeting.title)}", width="stretch")
        if in_house:
            st.page_link("views/meeting.py", label=OPEN_MEETING, icon=":material/folder_open:",
                         query_params={"meeting": str(meeting.id)})
        else:
            st.page_link("views/published.py", label=READ_PUBLISHED, icon=":material/public:",
                         query_params={"meeting": str(meeting.id)})
    st.caption(f"{day(meeting.date)}, {plain(meeting.place)}")


@st.fragment
def _hits(found: Sequence[Found], sound: bool, words: str) -> None:
    with told():
        for one in found:
            with st.container(border=True):
                _badges(one.hit)
                st.html(f'<div class="dt-found">{_passage(one.hit, words)}</div>')
                _listen(one, sound)


def _badges(hit: Hit) -> None:
    name, icon, colour = BADGES[Record(hit.record)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(name, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]
        if hit.status:
            st.badge(capital(STATUS[Status(hit.status)]), color=STATUS_COLOUR[Status(hit.status)])
        who = speaker_name(hit.speaker)
        if who and hit.record != Record.SAID:
            who = (ASKED_BY if hit.record == Record.QUESTION else ANSWERED_BY).format(name=who)
        facts = [fact for fact in (who, hit.agency, hit.topic) if fact]
        st.markdown(plain(" · ".join(facts)), width="content")


def _passage(hit: Hit, words: str) -> str:
    """The sentences that hold most of the words, marked, as safe HTML; the first ones when none does."""
    summary, _, text = hit.text.partition("\n")
    is_told_twice = hit.record == Record.QUESTION and fold(text).strip(" .?!") in fold(summary)
    sentences = [sentence for sentence in SENTENCE.split(summary if is_told_twice else hit.text) if sentence.strip()]
    counts = [held(sentence, words) for sentence in sentences]
    holding = [i for i, count in enumerate(counts) if count and count == max(counts)]
    begins = hit.record == Record.QUESTION
    shown = sorted({0, *holding} if begins else holding)[:SENTENCES_SHOWN] or range(min(2, len(sentences)))
    told, last = "", -1
    for i in shown:
        told += ("" if i == last + 1 else " … ") + marked(sentences[i], words) + " "
        last = i
    told += "…" if last < len(sentences) - 1 else ""
    return re.sub(r"(…\s*){2,}", "… ", told)


def _listen(one: Found, sound: bool) -> None:
    if one.spoken is None:
        return
    key = f"found_{one.hit.record}_{one.hit.record_id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if sound:
            listen_buttons([one.spoken], key)
        st.page_link("views/meeting.py", label=OPEN_PLACE, icon=":material/arrow_forward:",
                     query_params={"meeting": str(one.hit.meeting), "xem": WORDS_VIEW,
                                   "trang": str(page_with(one.position))})
    player([one.spoken], key)


if __name__ == "__main__":
    show()
