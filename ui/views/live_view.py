"""A recording while it runs: how it stands, what is being said, what was asked so far.

Each part is a fragment that draws itself again; none of them holds anything, so that a refreshed or
reopened page shows the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from models import live as passing
from models import store
from models.folders import home
from models.formats import clock
from models.live import SURE, CaptionLine, LiveDraft, LiveQuestion
from models.records import Meeting, Place
from recorder import journal, process
from recorder.errors import NotRecording
from recorder.status import State, Status
from recorder.timeline import course
from summarize.minutes import interruption
from ui import processes, recording
from ui.labels import STATUS
from ui.seen import HIDDEN
from ui.troubles import CHANGE, DISK_LOW, trouble
from ui.views.alarm import ALARM
from ui.views.holes import holes
from ui.views.microphone import choose_microphone
from ui.views.shares import time_bar
from ui.views.signed_in import account
from ui.views.told import told
from ui.views.wording import STATUS_COLOUR, capital, lasting, plain, speaker_name, topic_names

STATE = {
    State.STARTING: "Đang mở micro…",
    State.RECORDING: "Đang ghi âm",
    State.PAUSED: "Đang tạm dừng: không ghi",
    State.DEVICE_LOST: "Mất micro",
}
NOT_AWAKE = ("Máy này có thể tự ngủ trong lúc ghi: hãy cắm sạc, đừng gập màn hình, và tắt chế độ tự ngủ trong phần "
             "cài đặt của máy.")
DISK_LEFT = "Đĩa còn ghi được {time}"
GAPS = "Đã có {count} chỗ mất tiếng (tổng cộng {time}); chỗ ấy được đánh dấu."
NOT_HEARD = ("Tôi chưa nghe rõ tiếng nói: {seconds} giây qua gần như không nhận ra lời nào. Hãy xem micro có bật "
             "không và đưa lại gần người nói.")
CLIPPING = "Tiếng to quá, bị vỡ: hãy để micro xa hơn."
BEHIND = "Máy đang ghi lời chậm hơn tiếng nói; âm thanh vẫn được ghi đủ, phần lời sẽ bù sau."
LEFT_OUT = ("Máy này chậm nên phụ đề bỏ qua {time} để kịp lời đang nói. Âm thanh vẫn được ghi đủ, phần lời bỏ qua "
            "sẽ được bù sau.")
LEFT_OUT_HERE = "… phụ đề bỏ qua {seconds} giây, lời ở đây sẽ được bù sau …"
FAILED_CAPTIONS = "Chưa ghi lời được: {why} Âm thanh vẫn đang được ghi."
LEVEL = "Mức âm thanh"
MARK, MARKED, MARKS = "Đánh dấu: câu hỏi mới", "Đã đánh dấu.", "Đã đánh dấu {count} chỗ"
PAUSE, RESUME, END = "Tạm dừng", "Ghi tiếp", "Kết thúc hội nghị"
REALLY = "Kết thúc ghi âm?"
REALLY_WHY = ("Bản ghi sẽ được cất lại và chương trình soạn dự thảo biên bản. "
              "Nếu chỉ nghỉ giải lao, hãy bấm «Tạm dừng».")
YES_END, NO_GO_ON = "Kết thúc", "Chưa, ghi tiếp"
SWITCH = "Chuyển sang micro này"
PROJECTOR = "Mở màn hình phụ đề lớn (cho máy chiếu)"
WORDS, QUESTIONS = "Lời đang nói", "Câu hỏi đã nghe được ({count})"
NO_WORDS = "Lời nói sẽ hiện ở đây ngay khi có người nói."
NO_QUESTIONS = "Chưa có câu hỏi nào. Câu hỏi hiện ra chậm hơn lời nói khoảng nửa phút."
OUTSIDE = "Ngoài chủ đề"
PASSING = "Máy ghi tạm trong lúc họp, có thể sai; sau khi kết thúc sẽ có bản đầy đủ để rà soát."

QUESTION_MARK = "câu hỏi mới"
"""The name of the mark in the recorder's journal."""
LINES_SHOWN = 60
LOUDEST, QUIETEST = 0.0, -60.0
"""dBFS, the two ends of the level's bar."""
UNHEARD_AFTER = 30.0
"""Seconds without words after which it is said that nothing is understood."""
FEW = 3
"""Words of which the recogniser is sure; fewer in half a minute are none."""
LEFT_OUT_TOLD = 60.0
"""Seconds for which it is told that captions left something out."""
BEHIND_AFTER = 240.0
ENDING = "live_ending"
"""Set in the session when the end was asked for and confirmed."""


def live_view(meeting: Meeting, live: Path, is_paused: bool) -> None:
    st.html(f"<h1 class='dt-live-title'>{escape(meeting.title)}</h1>")
    with st.container(key="live_panel"):  # stays in sight while the rest is scrolled
        _panel(meeting.id or 0, live, is_paused)
        with told():
            _controls(live, is_paused)  # above what may come and go, so that no button moves away under a hand
        _warnings(meeting.id or 0, live)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(WORDS, anchor=False)
        _words(recording.key(home(), live))
        st.page_link("views/captions.py", label=PROJECTOR, icon=":material/open_in_new:",
                     query_params={"meeting": str(meeting.id)})
    with right:
        _understood(meeting, recording.key(home(), live))
    with st.expander(CHANGE, icon=":material/mic:"), told():
        _change_microphone(live)


@st.fragment(run_every=0.5)
def _panel(meeting: int, live: Path, is_paused: bool) -> None:
    """How the recording stands; the whole page is drawn again when it ended, or was paused or gone on with."""
    with told():
        said = process.status(live)
        if said is None or not said.state.is_live or (said.state in (State.PAUSED, State.RECORDING)
                                                      and is_paused is not (said.state is State.PAUSED)):
            st.rerun()
        _wake_follower(meeting)
        st.html(_head(said))


@st.fragment(run_every=1.0)
def _warnings(meeting: int, live: Path) -> None:
    with told():
        if said := process.status(live):
            _warn(said, meeting, recording.key(home(), live), live)


def _head(said: Status) -> str:
    state = "lost" if trouble(said) else "paused" if said.state is State.PAUSED else "on"
    share = min(1.0, max(0.0, (said.peak - QUIETEST) / (LOUDEST - QUIETEST)))
    level = "clip" if said.clipping else "low" if share < 0.35 else "good"
    left = DISK_LEFT.format(time=lasting(said.minutes_left * 60)) if said.minutes_left >= 0 else ""
    marks = MARKS.format(count=said.marks) if said.marks else ""
    return (f'<div class="dt-live dt-live-{state}"><span class="dt-live-dot"></span>'
            f'<b>{escape(STATE[said.state])}</b><span class="dt-live-time">{clock(said.seconds)}</span>'
            f'<span class="dt-live-facts">{escape(said.device)}<br>{escape(left)}<br>{escape(marks)}</span></div>'
            f'<div class="dt-level" role="meter" aria-label="{LEVEL}" aria-valuenow="{share:.2f}">'
            f'<span>{LEVEL}</span><i><b class="dt-level-{level}" style="width:{share:.0%}"></b></i></div>')


def _warn(said: Status, meeting: int, key: str, live: Path) -> None:
    if words := trouble(said):
        sound_the_alarm(words)
    if said.disk_low:
        st.error(DISK_LOW.format(time=lasting(said.minutes_left * 60)), icon=":material/hard_drive:")
    if said.clipping:
        st.warning(CLIPPING, icon=":material/volume_up:")
    if said.gaps:
        last = [plain(interruption(hole)) for hole in holes(course(live))[-1:]]
        st.caption(" ".join([GAPS.format(count=said.gaps, time=lasting(said.lost)), *last]))
    if not said.awake:
        st.caption(f":material/bedtime: {NOT_AWAKE}")
    with store.open_store() as db:
        why = recording.why_not_followed(db, meeting)
        heard = passing.words_heard(db, key, said.seconds - UNHEARD_AFTER, SURE)
        if said.state is State.RECORDING and not why and _is_unheard(said, heard, live):
            st.warning(NOT_HEARD.format(seconds=round(UNHEARD_AFTER)), icon=":material/hearing_disabled:")
        if left_out := passing.left_out(db, key, said.seconds - LEFT_OUT_TOLD):
            st.caption(f":material/fast_forward: {LEFT_OUT.format(time=lasting(left_out))}")
        draft = passing.draft(db, key)
        if draft and said.seconds - draft.position > BEHIND_AFTER:
            st.info(BEHIND, icon=":material/hourglass:")
        if why:
            st.warning(FAILED_CAPTIONS.format(why=plain(why)), icon=":material/subtitles_off:")


def sound_the_alarm(words: str) -> None:
    """Seen and heard until it is drawn no more."""
    st.html(f'<div class="dt-lost" role="alert">{escape(words)}</div>')
    with st.container(key="alarm"):
        st.audio(ALARM, format="audio/wav", autoplay=True, loop=True)


def _is_unheard(said: Status, words: int, live: Path) -> bool:
    """Whether half a minute of running sound brought next to no sure word, without a pause or a lost microphone."""
    since = said.seconds - UNHEARD_AFTER
    return since > 0 and words < FEW and not any(
        event["position"] > since for event in journal.events(live)
        if event["event"] in ("resume", "back", "switch", "gap"))


def _wake_follower(meeting: int) -> None:
    """Starts the process that writes the words when it died; a look costs little."""
    with store.open_store() as db:
        if recording.wants_follower(db, meeting):
            processes.ensure_following(home(), meeting)


def _controls(live: Path, paused: bool) -> None:
    mark, pause, end = st.columns([3, 2, 2])
    if mark.button(MARK, icon=":material/flag:", shortcut="Ctrl+M", width="stretch", type="primary", key="live_mark",
                   disabled=paused):
        _send(live, "mark", name=QUESTION_MARK)
        st.toast(MARKED, icon=":material/flag:")
    if pause.button(RESUME if paused else PAUSE, icon=":material/play_arrow:" if paused else ":material/pause:",
                    shortcut="Ctrl+Space", width="stretch", key="live_pause"):
        _send(live, "resume" if paused else "pause")
        _wait_for(live, not paused)
        st.rerun()
    if end.button(END, icon=":material/stop_circle:", width="stretch", key="live_end"):
        _confirm_end()


@st.dialog(REALLY)
def _confirm_end() -> None:
    st.markdown(REALLY_WHY)
    yes, no = st.columns(2)
    if no.button(NO_GO_ON, width="stretch", key="live_go_on"):
        st.rerun()
    if yes.button(YES_END, type="primary", icon=":material/stop_circle:", width="stretch", key="live_really_end"):
        # The page ends it before it draws anything: parts that draw themselves again must not outlive their page.
        st.session_state[ENDING] = True
        st.rerun()


def _send(live: Path, command: str, **words: str) -> None:
    """A command to the recorder; one that ended in this moment is shown by the page that is drawn next."""
    try:
        process.send(live, command, **words)
    except NotRecording:
        st.rerun()


def _wait_for(live: Path, paused: bool) -> None:
    until = time.monotonic() + 2.0
    while time.monotonic() < until:
        said = process.status(live)
        if said and (said.state is State.PAUSED) == paused:
            return
        time.sleep(0.05)


def _change_microphone(live: Path) -> None:
    device = choose_microphone("other_microphone")
    if device and st.button(SWITCH, icon=":material/swap_horiz:", key="live_switch"):
        _send(live, "switch", device=device.name)


@st.fragment(run_every=0.5)
def _words(key: str) -> None:
    with told():
        with store.open_store() as db:
            draft = passing.draft(db, key)
            fresh = passing.captions(db, key, draft.position if draft else 0.0)
        st.html(words_as_html(draft, fresh, account().sees_denunciations))


def words_as_html(draft: LiveDraft | None, fresh: Sequence[CaptionLine], shows_secrets: bool) -> str:
    """Settled lines with their speakers, then what is being said; the newest last, and always in sight.

    What is being said is shown as it is: nobody knows yet what it will be, and everybody in the hall hears it.
    """
    lines = [f'<p class="dt-soft">{HIDDEN}</p>' if line.is_secret and not shows_secrets else
             f'<p><b>{escape(speaker_name(line.speaker))}</b> {escape(line.text)}</p>'
             for line in (draft.lines if draft else ())[-LINES_SHOWN:]]
    lines += [_caption(line) for line in fresh]
    inner = "".join(lines) or f'<p class="dt-soft">{NO_WORDS}</p>'
    return f'<div class="dt-captions" aria-live="polite"><div>{inner}</div></div>'


def _caption(line: CaptionLine) -> str:
    if line.is_left_out:
        return f'<p class="dt-soft">{LEFT_OUT_HERE.format(seconds=round(line.end - line.start))}</p>'
    said = escape(" ".join(word.word for word in line.words))
    under_way = escape(" ".join(word.word for word in line.pending))
    return f'<p class="dt-fresh">{said} <i>{under_way}</i></p>'


@st.fragment(run_every=2.0)
def _understood(meeting: Meeting, key: str) -> None:
    with told():
        with store.open_store() as db:
            draft = passing.draft(db, key)
        if draft:
            time_bar({Place(place): seconds for place, seconds in draft.times.items()})
        questions = draft.questions if draft else ()
        st.subheader(QUESTIONS.format(count=len(questions)), anchor=False)
        if not questions:
            st.caption(NO_QUESTIONS)
        names = topic_names(meeting)
        with st.container(height=420, border=False):
            for question in reversed(questions):
                _question(question, names)
        st.caption(PASSING)


def _question(question: LiveQuestion, names: dict[str | None, str]) -> None:
    with st.container(border=True, gap="small"):
        is_hidden = question.is_secret and not account().sees_denunciations
        st.markdown(f"**{question.number}.** {HIDDEN if is_hidden else plain(question.summary)}")
        with st.container(horizontal=True, gap="small"):
            st.badge(capital(STATUS[question.status]), color=STATUS_COLOUR[question.status])
            st.badge(plain(names.get(question.topic, OUTSIDE)), color="gray")
