"""Choosing a microphone and trying it out: what it brings can be heard, and what the program makes of it read."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from recorder.devices import Device
from ui import recording
from ui.views.told import told
from ui.views.wording import plain

CHOOSE = "Micro"
DEFAULT = "{name} (micro mặc định của máy)"
LOOK_AGAIN = "Tìm lại micro"
NONE = "Máy này chưa có micro nào. Hãy cắm micro rồi bấm «{again}»."
TRY = "Thử micro trong 5 giây"
TRYING = "Đang thử: hãy nói vài câu ở đúng chỗ người dân sẽ đứng…"
HEARD = "Máy nghe được: «{words}»"
NOT_HEARD = "Máy chưa nghe rõ tiếng nói nào. Hãy đưa micro lại gần hơn, hoặc chọn micro khác, rồi thử lại."
SILENT = "Micro này không thu được gì. Hãy xem micro có bị tắt tiếng không, hoặc chọn micro khác."
TOO_LOUD = "Tiếng to quá, bị vỡ. Hãy để micro xa hơn hoặc giảm mức thu trong Windows."
GOOD = "Micro tốt. Hãy nghe lại ở trên; nếu rõ thì bắt đầu ghi được rồi."
NOT_INSTALLED = "Máy chưa cài phần nghe tiếng nói nên chưa thử được phần ghi lời; âm thanh vẫn ghi được."

LIST = "microphones"
RESULT = "microphone_trial"
SILENCE = -70.0
"""dBFS: below it a microphone that is on never stays."""


@dataclass(frozen=True)
class Outcome:
    """What came of a trial; `words` is None where recognition is not installed."""

    device: str
    trial: recording.Trial
    words: str | None


def choose_microphone(key: str) -> Device | None:
    """A field with the microphones of this machine; None, said in words, where there is none."""
    if LIST not in st.session_state:
        st.session_state[LIST] = recording.microphones()
    found: list[Device] = st.session_state[LIST]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if found:
            names = [device.name for device in found]
            name = st.selectbox(CHOOSE, names, key=key, format_func=lambda name: _label(name, found))
        else:
            st.warning(NONE.format(again=LOOK_AGAIN), icon=":material/mic_off:")
        st.button(LOOK_AGAIN, icon=":material/refresh:", key=f"{key}_again", on_click=_forget)
    return next((device for device in found if device.name == name), None) if found else None


def try_microphone(device: Device) -> None:
    """The button for a trial, and what came of the last one."""
    with told():
        if st.button(TRY, icon=":material/mic:", shortcut="Alt+T"):
            with st.spinner(TRYING, show_time=True):
                trial = recording.try_out(device.name)
            st.session_state[RESULT] = Outcome(device.name, trial, _words(trial))
        outcome: Outcome | None = st.session_state.get(RESULT)
        if outcome and outcome.device == device.name:
            st.audio(outcome.trial.sound, format="audio/wav")
            _judge(outcome)


def _judge(outcome: Outcome) -> None:
    if outcome.trial.peak < SILENCE:
        st.error(SILENT, icon=":material/mic_off:")
        return
    if outcome.words:
        st.markdown(HEARD.format(words=plain(outcome.words)))
    if outcome.trial.clipping:
        st.warning(TOO_LOUD, icon=":material/volume_up:")
    elif outcome.words is None:
        st.info(NOT_INSTALLED, icon=":material/info:")
    elif not outcome.words:
        st.warning(NOT_HEARD, icon=":material/hearing_disabled:")
    else:
        st.success(GOOD, icon=":material/check_circle:")


def _words(trial: recording.Trial) -> str | None:
    """What the recogniser makes of a trial; None when it is not installed."""
    from ui import work  # the rooms behind it take seconds to load
    return work.words_of_clip(trial.sound)


def _label(name: str, found: list[Device]) -> str:
    return DEFAULT.format(name=name) if any(device.name == name and device.is_default for device in found) else name


def _forget() -> None:
    st.session_state.pop(LIST, None)
    st.session_state.pop(RESULT, None)
