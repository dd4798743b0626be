"""Files in the data folder in which people set what the program does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from models.errors import BadSetting


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a YAML file by name. Raises BadSetting (not_yaml) when it holds none."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise BadSetting(path, "not_yaml") from error
    if not isinstance(content, dict):
        raise BadSetting(path, "not_yaml")
    return content
