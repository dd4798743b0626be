"""Weights that a program in `benchmarks` learned and this package ships."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def stored(name: str, version: int) -> dict[str, Any]:
    """What `benchmarks/<name>.py` stored in `<name>.json`.

    Raises ValueError when it was learned for another version of the features than this one.
    """
    text = resources.files("summarize").joinpath(f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    if found["version"] != version:
        raise ValueError(f"{name}.json was learned for version {found['version']} of the features, not {version}: "
                         f"run benchmarks/{name}.py --write")
    return found
