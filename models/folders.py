"""Where the program keeps what it keeps."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The data folder: `DOITHOAI_HOME`, or the platform's folder for user data."""
    chosen = os.environ.get("DOITHOAI_HOME")
    folder = Path(chosen) if chosen else Path(platformdirs.user_data_dir("doithoai", appauthor=False))
    return folder.expanduser().resolve()


def weights_home() -> Path:
    """Where weights are installed: `DOITHOAI_WEIGHTS`, or `weights` in the data folder."""
    chosen = os.environ.get("DOITHOAI_WEIGHTS")
    return Path(chosen).expanduser().resolve() if chosen else home() / "weights"
