"""Bringing a recording into a meeting: a file from this computer, a sample voice, or a path."""

from __future__ import annotations

import errno
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from models import jobs, store
from models.errors import BadSound, DiskFull
from models.folders import home
from models.rights import Act
from ui.processes import ensure_running
from ui.serving import is_on_network
from ui.views.signed_in import require
from ui.views.told import told
from ui.views.wording import plain

TITLE = "Đưa bản ghi âm vào"
FROM_COMPUTER, BY_PATH, SAMPLE = "Chọn tệp trên máy", "Tệp rất lớn: ghi đường dẫn", "Dùng giọng đọc mẫu"
WAY = "Lấy bản ghi âm từ đâu"
UPLOAD = "Tệp ghi âm (wav, mp3, m4a, ogg, flac, mp4)"
PATH = "Đường dẫn của tệp trên máy này"
PATH_EXAMPLE = r"Ví dụ: D:\GhiAm\doi-thoai-2026-05-22.m4a"
VOICE = "Giọng đọc mẫu"
START = "Bắt đầu ghi lời"
CHOSEN = "Đã chọn: {name} ({megabytes} MB)"
SAVING = "Đang lưu tệp vào máy…"
STAYS = "Tệp chỉ được xử lý trên máy này, không gửi đi đâu. Bản gốc được giữ nguyên."
NO_SAMPLES = ("Chưa cài giọng đọc mẫu; người phụ trách máy chạy lại chương trình cài đặt, hoặc gõ lệnh: "
              "doithoai weights install sample-clips")

KINDS = ["wav", "mp3", "m4a", "ogg", "flac", "mp4"]
PIECE = 1 << 20


def add_sound(meeting: int) -> None:
    """The ways to bring a recording in; each ends in a job for the worker."""
    st.subheader(TITLE, anchor=False)
    # A path is one of the computer that serves the pages: nobody on the network is to look through its files.
    ways = [FROM_COMPUTER, SAMPLE] if is_on_network() else [FROM_COMPUTER, SAMPLE, BY_PATH]
    way = st.segmented_control(WAY, ways, default=FROM_COMPUTER, required=True,
                               key="sound_way", label_visibility="collapsed")
    with told():
        {FROM_COMPUTER: _upload, BY_PATH: _path, SAMPLE: _sample}[way](meeting)
    st.caption(STAYS)


def _upload(meeting: int) -> None:
    upload = st.file_uploader(UPLOAD, type=KINDS, key=f"upload_{meeting}")
    if upload is None:
        return
    st.markdown(CHOSEN.format(name=plain(upload.name), megabytes=_megabytes(upload.size)))
    if _start():
        with st.spinner(SAVING):
            kept = _keep(upload, upload.name)
        _process(meeting, kept, upload.name)


def _path(meeting: int) -> None:
    typed = st.text_input(PATH, placeholder=PATH_EXAMPLE, key="sound_path", persist_state="session")
    if _start():
        path = Path(typed.strip().strip('"')).expanduser()
        if not typed.strip() or not path.is_file():
            raise BadSound(path, "not_found")
        _process(meeting, path.resolve(), path.name)


def _sample(meeting: int) -> None:
    from ui import work  # the rooms behind it take seconds to load
    clips = dict(work.sample_clips())
    if not clips:
        st.info(NO_SAMPLES)
        return
    label = st.radio(VOICE, list(clips), key="sound_sample")
    if _start():
        _process(meeting, clips[label], label)


def _start() -> bool:
    return st.button(START, type="primary", icon=":material/play_circle:", shortcut="Ctrl+Enter", key="sound_start")


def _process(meeting: int, source: Path, name: str) -> None:
    require(Act.RECORD)
    with store.open_store() as db:
        jobs.add_job(db, "process", meeting, source=str(source), name=name)
    ensure_running()
    st.rerun()


def _keep(upload: BinaryIO, name: str) -> Path:
    """Writes an upload into the data folder in pieces. Raises DiskFull."""
    folder = home() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%d-%H%M%S-%f}-{_safe(name)}"
    try:
        upload.seek(0)
        with path.open("wb") as file:
            shutil.copyfileobj(upload, file, PIECE)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder) from error
        raise
    return path


def _safe(name: str) -> str:
    """A file name that every system takes; the kind at its end stays."""
    stem, kind = Path(name).stem, Path(name).suffix
    return (re.sub(r"[^\w-]+", "-", stem).strip("-")[:60] or "ghi-am") + re.sub(r"[^.\w]", "", kind)


def _megabytes(size: int) -> str:
    return f"{max(size / 1e6, 0.1):.1f}".replace(".", ",")
