"""Who the voices are: hear each, give it a name, join two that are one, part one that is two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from models import speaking, store
from models.formats import clock
from models.frozen import FROZEN, is_frozen
from models.records import Analysis, Meeting, Person, Utterance
from models.rights import Act
from models.speaking import CITIZEN, Kind, Step
from models.transcripts import Transcript
from ui.seen import without_hidden
from ui.views.kept_voices import kept_voices, remember
from ui.views.listening import listen_buttons, player
from ui.views.paging import page_of
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import ROLES, capital, lasting, plain, shortened, speaker_name

if TYPE_CHECKING:
    from ui.voices import Heard

HOW = ("Nghe thử từng giọng rồi bấm nút màu xanh đậm để đặt tên. Máy chỉ gợi ý; tên chỉ được ghi vào biên bản khi có "
       "người xác nhận.")
LEFT, ALL_NAMED = "Còn {count} giọng chưa có tên", "Mọi giọng đều đã có tên."
ALL, UNNAMED = "Tất cả ({count})", "Chưa có tên ({count})"
SHOW = "Hiện giọng nào"
SETTLED = "Biên bản đã ký hoặc đã duyệt, tên người nói không đổi được nữa."
SPOKE = "Nói {time}, {lines} lượt"
FIRST_WORDS = "Câu đầu tiên: «{words}»"
HEAR = "Nghe thử:"
CONFIRMED, NOT_CONFIRMED = "Đã đặt tên", "Chưa có tên"
PROBABLY = "Có lẽ là **{name}**"
PROBABLY_ROLE = "Có lẽ là **{role}**"
BECAUSE = "Vì: {reason}"
MAYBE, MAYBE_ROLE = "Chưa chắc, có thể là **{name}**", "Chưa chắc, có thể là **{role}**"
INTRODUCED, CALLED, ADDRESSED = ("người này tự giới thiệu: «{quote}»", "được mời lên nói: «{quote}»",
                                 "được gọi tên ngay sau khi nói: «{quote}»")
TALK, TALKS = "cách nói", "cách nói ({quote})"
ALIKE, VERY_ALIKE = "Giống giọng đã lưu của **{name}** ({share} phần trăm)", (
    "Rất giống giọng đã lưu của **{name}** ({share} phần trăm)")
NAME, NAME_SUGGESTED, RENAME = "Đặt tên", "Đúng, là {name}", "Sửa tên"
OTHER_NAME = "Tên khác"
MERGE, SPLIT = "Gộp với giọng khác", "Tách bớt lượt nói"
WHO = "Giọng này là của ai?"
SOMEBODY = "Người khác (ghi tên ở dưới)"
TYPED, TITLE = "Họ và tên", "Chức vụ, cơ quan"
IN_MEETING = "Người này trong hội nghị là"
KINDS_OF_PEOPLE = {CITIZEN: "Người dân", "official": "Cán bộ, người trả lời"}
NOBODY = Person("", "")
TAKEN = "Đã có giọng mang tên này. Bấm Lưu thì hai giọng thành một người."
NEED_WHO = "Hãy chọn hoặc ghi tên người nói."
SAVE = "Lưu"
MERGE_WITH = "«{name}» và người nào là một?"
MERGE_CHOOSE = "Chọn một người"
MERGED = "Cả {lines} lượt nói của hai giọng sẽ mang tên «{name}»."
HEAR_BOTH = "Nghe cả hai trước khi gộp:"
CHOOSE_LINES = "Đánh dấu những lượt nói **không phải** của «{name}»:"
CHOSEN = "Đã đánh dấu {count} lượt"
NEED_LINES = "Hãy đánh dấu ít nhất một lượt nói."
GIVE_TO = "Những lượt đã đánh dấu là của ai?"
NEW_VOICE = "Một người mới, chưa biết tên"
PAGE = "Trang"
DONE = {Kind.NAME: "Đã đặt tên: «{before}» là «{after}» ({lines} lượt nói)",
        Kind.MERGE: "Đã gộp «{before}» vào «{after}» ({lines} lượt nói)",
        Kind.SPLIT: "Đã tách {lines} lượt nói của «{before}» sang «{after}»"}
DONE_BY = "{what}; người sửa: {by}."
UNDO = "Hoàn tác"
UNDONE = "Đã hoàn tác"
SAVED = "Đã lưu"
FINDING_AGAIN = "Tên người nói đã đổi: đang tìm lại câu hỏi và câu trả lời…"
OLD_NAMES = ("Tên người nói đã đổi sau khi các câu hỏi được sửa tay, nên các câu hỏi vẫn mang tên cũ. Tìm lại thì "
             "tên mới được dùng, chỗ sửa tay vẫn giữ.")
FIND_AGAIN = "Tìm lại câu hỏi"

LIKELY = 0.75
"""How likely a suggestion must be to be made without saying that it is unsure."""
ROLE_NAMES = ROLES | {"citizen": "người dân"}
LINES_PER_PAGE = 20
FIRST_WORDS_LENGTH = 160


@st.fragment
def speakers_view(meeting: Meeting, transcript: Transcript) -> None:
    with told():
        from ui import voices  # the rooms behind it take seconds to load
        with store.open_store() as db:
            heard = voices.voices_of(db, meeting, without_hidden(transcript))
            step = speaking.last_step(db, transcript.id)
        final = meeting.state in FROZEN
        unnamed = [voice for voice in heard if not voice.is_named]
        if final:
            st.info(SETTLED, icon=":material/lock:")
        else:
            st.markdown(HOW)
        if step and not final:
            _last(step)
        for voice in _wanted(heard, unnamed):
            with st.container(border=True):
                _card(meeting, transcript, voice, heard, final)
        kept_voices(meeting)


def with_speakers(transcript: Transcript, analysis: Analysis) -> Analysis:
    """The analysis with the speakers as they are now: found anew when they were changed since."""
    with store.open_store() as db:
        if is_frozen(db, transcript.meeting) or not speaking.changed_since(db, transcript.id):
            return analysis
        if not speaking.has_edited_questions(db, transcript.id):
            return _found_again(transcript)
    st.warning(OLD_NAMES, icon=":material/warning:")
    return _found_again(transcript) if st.button(FIND_AGAIN) else analysis


def _found_again(transcript: Transcript) -> Analysis:
    from ui import work  # the rooms behind it take seconds to load
    with st.spinner(FINDING_AGAIN), store.open_store() as db:
        return work.find_questions(db, transcript)


def _last(step: Step) -> None:
    """What was done last, and the way back."""
    what = DONE[step.kind].format(before=plain(speaker_name(step.before)), after=plain(speaker_name(step.after)),
                                  lines=step.lines)
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f":material/history: {DONE_BY.format(what=what, by=plain(step.by))}", width="content")
        if st.button(UNDO, icon=":material/undo:"):
            with store.open_store() as db:
                speaking.undo(db, step, require(Act.EDIT).name)
            st.toast(UNDONE, icon=":material/undo:")
            st.rerun()


def _wanted(heard: Sequence[Heard], unnamed: Sequence[Heard]) -> Sequence[Heard]:
    """All voices, or those without a name."""
    st.markdown(f"**{LEFT.format(count=len(unnamed)) if unnamed else ALL_NAMED}**")
    counts = {ALL: len(heard), UNNAMED: len(unnamed)}
    chosen = st.segmented_control(SHOW, [ALL, UNNAMED], default=ALL, required=True, key="voice_kind",
                                  label_visibility="collapsed",
                                  format_func=lambda kind: kind.format(count=counts[kind]))
    return unnamed if chosen == UNNAMED else heard


def _card(meeting: Meeting, transcript: Transcript, voice: Heard, heard: Sequence[Heard], final: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {plain(speaker_name(voice.label))}", width="content")
        st.badge(CONFIRMED if voice.is_named else NOT_CONFIRMED, color="green" if voice.is_named else "orange",
                 icon=":material/check:" if voice.is_named else ":material/help:")
        st.markdown(f":gray[{SPOKE.format(time=lasting(voice.seconds), lines=len(voice.said))}]", width="content")
    st.markdown(FIRST_WORDS.format(words=plain(_short(voice.said[0].text))))
    _suggestion(voice)
    if transcript.recording is not None:
        _clips(voice, "voice")
    if not final:
        _buttons(meeting, transcript, voice, heard)


def _suggestion(voice: Heard) -> None:
    """Whom the voice may be, and why; nothing more once a person has said so."""
    if voice.is_named:
        person, role = voice.speaker.person, ROLE_NAMES[voice.speaker.role]
        st.markdown(f"{plain(person.title)} ({role})" if person and person.title else capital(role))
        return
    quote = plain(voice.reason.quote)
    reasons = {"introduced": INTRODUCED, "called": CALLED, "addressed": ADDRESSED}
    why = reasons.get(voice.reason.why, TALKS if quote else TALK).format(quote=quote)
    role, is_likely = ROLE_NAMES[voice.speaker.role], voice.speaker.likely >= LIKELY
    if voice.speaker.name:
        guess = f"{(PROBABLY if is_likely else MAYBE).format(name=plain(voice.speaker.name))} ({role})"
    else:
        guess = (PROBABLY_ROLE if is_likely else MAYBE_ROLE).format(role=role)
    st.markdown(f":material/lightbulb: {guess}. {BECAUSE.format(reason=why)}.")
    if voice.known:
        from transcribe.enrolment import VERY_LIKELY
        name, likeness = voice.known
        words = VERY_ALIKE if likeness >= VERY_LIKELY else ALIKE
        st.markdown(f":material/graphic_eq: {words.format(name=plain(name), share=round(100 * likeness))}.")


def _clips(voice: Heard, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(HEAR, width="content")
        listen_buttons(voice.clips, key)
    player(voice.clips, key)


def _buttons(meeting: Meeting, transcript: Transcript, voice: Heard, heard: Sequence[Heard]) -> None:
    key = voice.said[0].id
    with st.container(horizontal=True):
        if suggested := voice.suggested_name:
            if st.button(plain(NAME_SUGGESTED.format(name=suggested)), key=f"yes_{key}", type="primary",
                         icon=":material/check:"):
                _name(meeting, transcript, voice, heard, suggested)
            if st.button(OTHER_NAME, key=f"name_{key}", icon=":material/edit:"):
                _name(meeting, transcript, voice, heard, "")
        elif st.button(RENAME if voice.is_named else NAME, key=f"name_{key}", icon=":material/edit:",
                       type="secondary" if voice.is_named else "primary"):
            _name(meeting, transcript, voice, heard, voice.label if voice.is_named else "")
        if len(heard) > 1 and st.button(MERGE, key=f"merge_{key}", icon=":material/merge:"):
            _merge(transcript, voice, heard)
        if len(voice.said) > 1 and st.button(SPLIT, key=f"split_{key}", icon=":material/call_split:"):
            st.session_state[_marks(voice)] = set()
            _split(meeting, transcript, voice, heard)
        remember(meeting, transcript, voice)


@st.dialog(WHO, width="medium")
def _name(meeting: Meeting, transcript: Transcript, voice: Heard, heard: Sequence[Heard], suggested: str) -> None:
    with told():
        st.markdown(FIRST_WORDS.format(words=plain(_short(voice.said[0].text))))
        if transcript.recording is not None:
            _clips(voice, "naming")
        person = _whom(meeting, suggested, voice.speaker.role)
        others = {other.label for other in heard} - {voice.label}
        if person.name in others:
            st.warning(TAKEN)
        _save(transcript, Kind.MERGE if person.name in others else Kind.NAME, voice.said, lambda: person, NEED_WHO)


def _whom(meeting: Meeting, suggested: str, role: str) -> Person:
    """Whoever is chosen among the people of the meeting, or typed; then with the role that a person confirms."""
    people: list[Person | None] = [*meeting.officials, None]
    names = [person.name for person in meeting.officials]
    index = names.index(suggested) if suggested in names else len(names) if suggested or not names else None
    chosen = st.radio(WHO, range(len(people)), index=index, label_visibility="collapsed",
                      format_func=lambda position: _person(people[position]))
    if chosen is None:
        return NOBODY
    if person := people[chosen]:
        return Person(person.name, "")
    name = " ".join(st.text_input(TYPED, "" if suggested in names else suggested).split())
    role = st.radio(IN_MEETING, list(KINDS_OF_PEOPLE), index=int(role != CITIZEN), horizontal=True,
                    format_func=lambda kind: KINDS_OF_PEOPLE[kind])
    title = "" if role == CITIZEN else " ".join(st.text_input(TITLE).split())
    return Person(name, title, role)


def _person(person: Person | None) -> str:
    return f"**{plain(person.name)}**, {plain(person.title)}" if person else SOMEBODY


@st.dialog(MERGE, width="medium")
def _merge(transcript: Transcript, voice: Heard, heard: Sequence[Heard]) -> None:
    with told():
        others = [other for other in heard if other.label != voice.label]
        labels = [f"{speaker_name(other.label)}: «{_short(other.said[0].text, 60)}»" for other in others]
        chosen = st.selectbox(MERGE_WITH.format(name=speaker_name(voice.label)), range(len(others)), index=None,
                              placeholder=MERGE_CHOOSE, format_func=lambda position: labels[position])
        other = others[chosen] if chosen is not None else None
        # A voice with a name keeps it, whichever of the two was pressed.
        gone, kept = (other, voice) if other and voice.is_named and not other.is_named else (voice, other)
        if other and kept:
            if transcript.recording is not None:
                st.markdown(HEAR_BOTH)
                for one in (voice, other):
                    st.markdown(f"**{plain(speaker_name(one.label))}**")
                    _clips(one, f"merging_{one.said[0].id}")
            st.info(MERGED.format(lines=len(voice.said) + len(other.said), name=plain(speaker_name(kept.label))))
        _save(transcript, Kind.MERGE, gone.said if gone else (), lambda: Person(kept.label, "") if kept else NOBODY,
              NEED_WHO)


@st.dialog(SPLIT, width="large")
def _split(meeting: Meeting, transcript: Transcript, voice: Heard, heard: Sequence[Heard]) -> None:
    with told():
        st.markdown(CHOOSE_LINES.format(name=plain(speaker_name(voice.label))))
        marked: set[int] = st.session_state[_marks(voice)]
        page = page_of(len(voice.said), LINES_PER_PAGE, "split_page")
        for utterance in voice.said[(page - 1) * LINES_PER_PAGE:page * LINES_PER_PAGE]:
            _mark(utterance, marked, transcript.recording is not None)
        st.markdown(f"**{CHOSEN.format(count=len(marked))}**")
        names = dict.fromkeys([*(other.label for other in heard), *(person.name for person in meeting.officials)])
        targets = ["", *(name for name in names if name != voice.label)]
        target = st.selectbox(GIVE_TO, targets, format_func=lambda name: speaker_name(name) if name else NEW_VOICE)
        moved = [utterance for utterance in voice.said if utterance.id in marked]
        _save(transcript, Kind.SPLIT, moved,
              lambda: Person(target or speaking.fresh_speaker(transcript.utterances), ""), NEED_LINES)


def _marks(voice: Heard) -> str:
    return f"marks_{voice.said[0].id}"


def _mark(utterance: Utterance, marked: set[int], sound: bool) -> None:
    assert utterance.id is not None
    when, what = st.columns([1, 5], gap="small", vertical_alignment="center")
    with when:
        if sound:
            listen_buttons([utterance], "splitting")
        else:
            st.markdown(f":gray[{clock(utterance.start)}]")
    with what:
        if st.checkbox(plain(_short(utterance.text)), utterance.id in marked, key=f"mark_{utterance.id}"):
            marked.add(utterance.id)
        else:
            marked.discard(utterance.id)
    player([utterance], "splitting")


def _save(transcript: Transcript, kind: Kind, said: Sequence[Utterance], speaker: Callable[[], Person],
          need: str) -> None:
    """The button that changes it, in the name of who is signed in."""
    if not st.button(SAVE, type="primary", icon=":material/save:", key=f"save_{kind}"):
        return
    person = speaker()
    if not (said and person.name):
        st.error(need)
    else:
        by = require(Act.EDIT).name
        if any(utterance.speaker != person.name for utterance in said):
            with store.open_store() as db:
                speaking.give(db, transcript.id, kind, said, person.name, by, person.role, person.title)
            st.toast(SAVED, icon=":material/check:")
        st.rerun()


def _short(text: str, most: int = FIRST_WORDS_LENGTH) -> str:
    return capital(shortened(text, most))
