"""How the work on a recording stands: waiting, how far, failed, or done with something to know."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import streamlit as st

from models import jobs, store
from models.folders import home
from models.jobs import Job
from models.rights import Act
from ui.processes import ensure_following, ensure_running
from ui.views.signed_in import account
from ui.views.told import told
from ui.views.wording import plain

WORKING = "Đang xử lý bản ghi âm"
WAITING = "Đang chuẩn bị, xin đợi ít giây"
MAY_LEAVE = "Có thể đóng trang này hoặc làm việc khác; việc vẫn tiếp tục và tự lưu lại."
FAILED = "Chưa xử lý được bản ghi âm «{name}»."
TRY_AGAIN = "Thử lại"
FINISHED = "Đã xong: lời nói và câu hỏi đã sẵn sàng để xem lại."

SILENCE = 15.0
"""Seconds without news of a job after which the worker is looked for."""
LAST_LOOK = "worker_last_look"
WATCHED = "watched_job"


def watch(job: Job) -> None:
    """Shows a job of the meeting; while it goes on, once a second."""
    if job.state in (jobs.WAITING, jobs.RUNNING):
        st.session_state[WATCHED] = job.id
        _follow(job.meeting)
    elif job.state == jobs.FAILED:
        _failed(job)
    else:
        _done(job)


@st.fragment(run_every="1s")
def _follow(meeting: int) -> None:
    with told(), store.open_store() as db:
        job = jobs.latest_job(db, meeting)
        if job is None or job.state in (jobs.DONE, jobs.FAILED):
            st.rerun()
        _wake_worker(job)
        with st.container(border=True):
            st.markdown(f"**{WORKING}** {plain(str(job.options.get('name', '')))}")
            said = f"{plain(job.message)}: {job.progress:.0%}" if job.message else WAITING
            st.progress(min(job.progress, 1.0), text=said)
            st.caption(MAY_LEAVE)


def _wake_worker(job: Job) -> None:
    """Starts a worker when nothing was heard of the job for a while: it may have died."""
    since = (datetime.now(UTC) - datetime.fromisoformat(job.updated)).total_seconds()
    # News from the future were written before somebody set the clock back.
    if not 0 <= since <= SILENCE and time.monotonic() - st.session_state.get(LAST_LOOK, -SILENCE) > SILENCE:
        st.session_state[LAST_LOOK] = time.monotonic()
        wake(job)


def wake(job: Job) -> None:
    """Starts the process whose work the job is, unless it runs."""
    if job.kind == jobs.LIVE:
        ensure_following(home(), job.meeting)
    else:
        ensure_running()


def _failed(job: Job) -> None:
    name = plain(str(job.options.get("name", "")))
    st.error(f"**{FAILED.format(name=name)}**  \n{plain(job.message)}", icon=":material/error:")
    if account().may(Act.RECORD) and st.button(TRY_AGAIN, icon=":material/refresh:", key=f"again_{job.id}"):
        with store.open_store() as db:
            wake(jobs.add_job(db, job.kind, job.meeting, job.recording, **job.options))
        st.rerun()


def _done(job: Job) -> None:
    """Once, that it is done; always, what must be known of the recording."""
    from ui import work
    if job.message and job.message != work.DONE:
        st.warning(plain(job.message), icon=":material/warning:")
    if st.session_state.get(WATCHED) == job.id:
        del st.session_state[WATCHED]
        st.toast(FINISHED, icon=":material/check_circle:")
