"""The setting for a language model on this machine: `language-model.yaml` in the data folder, else none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import BadSetting
from models.settings import read_settings

FILE = "language-model.yaml"
HOSTS = ("127.0.0.1", "localhost", "::1")
SECONDS = 60.0
LONGEST_WAIT = 600.0


@dataclass(frozen=True)
class LocalModel:
    """An OpenAI-compatible address on this machine, such as http://127.0.0.1:11434/v1, and the model to ask there.

    `timeout` is in seconds, for one sentence.
    """

    address: str
    model: str
    timeout: float = SECONDS


def read_local_model(folder: Path) -> LocalModel | None:
    """The model that is switched on for this data folder, or None. Raises BadSetting; other machines are bad values."""
    path = folder / FILE
    if not path.is_file():
        return None
    content = read_settings(path)
    for key in content:
        if key not in LocalModel.__dataclass_fields__:
            raise BadSetting(path, "unknown_key", str(key))
    address, model, timeout = content.get("address"), content.get("model"), content.get("timeout", SECONDS)
    if not isinstance(address, str) or not is_here(address):
        raise BadSetting(path, "not_here", str(address or ""))
    if not isinstance(model, str) or not model.strip():
        raise BadSetting(path, "bad_value", "model")
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= LONGEST_WAIT:
        raise BadSetting(path, "bad_value", "timeout")
    return LocalModel(address.rstrip("/"), model.strip(), float(timeout))


def is_here(address: str) -> bool:
    """Whether an address leads to this machine and nowhere else."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return (parts.scheme in ("http", "https") and parts.hostname in HOSTS and parts.username is None
            and not parts.query and not parts.fragment)
