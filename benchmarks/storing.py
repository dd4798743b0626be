"""Where what these programs learned is kept for the package, which reads it with `summarize.stored`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

SUMMARIZE = Path(__file__).parents[1] / "summarize"


def store(name: str, version: int, learned_from: str, weights: Mapping[str, object]) -> None:
    """Writes what `benchmarks/<name>.py` learned, and from what, for this version of the features."""
    kept = {"origin": f"learned by benchmarks/{name}.py from {learned_from}", "version": version, **weights}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (SUMMARIZE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
