"""The meeting file: what the secretary knows before the meeting, as YAML.

    title, date, place, topics: [{id, name, description?}], officials: [{name, title, role?}], glossary: [name]
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from models.errors import BadMeeting
from models.folding import fold, nfc
from models.records import Meeting, Person, Topic

MEETING_KEYS = {"title": True, "date": True, "place": True, "topics": False, "officials": False, "glossary": False}
TOPIC_KEYS = {"id": True, "name": True, "description": False}
PERSON_KEYS = {"name": True, "title": True, "role": False}
ROLES = ("", "chair", "secretary", "official")
LARGEST = 1 << 20
"""Bytes of a meeting file; the longest list of officials and names takes a hundredth of it."""


class _Texts(yaml.SafeLoader):
    """Reads every value as the text that was typed («yes», «007», a day that does not exist), nothing as a number."""


_Texts.yaml_implicit_resolvers = {
    sign: [(tag, found) for tag, found in resolvers if tag == "tag:yaml.org,2002:null"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def read_meeting(path: Path) -> Meeting:
    """The meeting that a file describes. Raises BadMeeting, naming the key that is wrong."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise BadMeeting(path, "too_large")
        fields = yaml.load(content.decode("utf-8-sig"), Loader=_Texts)  # a SafeLoader
    except FileNotFoundError as error:
        raise BadMeeting(path, "not_found") from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise BadMeeting(path, "not_yaml", _where(error)) from error
    return meeting_from(fields, path)


def meeting_from(content: object, path: Path) -> Meeting:
    """The meeting in a mapping that was read from `path`. Raises BadMeeting."""
    fields = _checked(content, MEETING_KEYS, "", path)
    topics = tuple(Topic(**_texts(item, TOPIC_KEYS, f"topics[{i}]", path))
                   for i, item in enumerate(_list(fields, "topics", path), 1))
    people = tuple(Person(**_texts(item, PERSON_KEYS, f"officials[{i}]", path))
                   for i, item in enumerate(_list(fields, "officials", path), 1))
    glossary = tuple(_text(name, f"glossary[{i}]", path)
                     for i, name in enumerate(_list(fields, "glossary", path), 1) if name)
    _refuse_duplicates(topics, path)
    for person in people:
        if person.role not in ROLES:
            raise BadMeeting(path, "bad_value", f"role: {person.role}")
    return Meeting(_text(fields["title"], "title", path), _date(fields["date"], path),
                   _text(fields["place"], "place", path), topics, people, glossary=glossary)


def _checked(content: object, keys: dict[str, bool], where: str, path: Path) -> dict[str, Any]:
    """The mapping, if it has all required keys and no unknown ones."""
    if not isinstance(content, dict):
        raise BadMeeting(path, "not_mapping", where)
    prefix = f"{where}." if where else ""
    for key in content:
        if key not in keys:
            raise BadMeeting(path, "unknown_key", f"{prefix}{key}")
    for key, required in keys.items():
        if required and content.get(key) in (None, ""):
            raise BadMeeting(path, "missing_key", f"{prefix}{key}")
    return content


def _texts(item: object, keys: dict[str, bool], where: str, path: Path) -> dict[str, str]:
    fields = _checked(item, keys, where, path)
    return {key: _text(value, f"{where}.{key}", path) for key, value in fields.items() if value is not None}


def _text(value: object, where: str, path: Path) -> str:
    if isinstance(value, (dict, list)):
        raise BadMeeting(path, "bad_value", where)
    return " ".join(nfc(str(value)).split())


def _list(fields: dict[str, Any], key: str, path: Path) -> list[object]:
    value = fields.get(key) or []
    if not isinstance(value, list):
        raise BadMeeting(path, "bad_value", key)
    return value


def _date(value: object, path: Path) -> str:
    """ISO 8601, from a YAML date or from text in that form."""
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError as error:
        raise BadMeeting(path, "bad_date", str(value)) from error


def _refuse_duplicates(topics: tuple[Topic, ...], path: Path) -> None:
    seen: set[str] = set()
    for topic in topics:
        for key in (topic.id, fold(topic.name)):
            if key in seen:
                raise BadMeeting(path, "duplicate_topic", topic.name)
        seen |= {topic.id, fold(topic.name)}


def _where(error: Exception) -> str:
    """The line a YAML error points at, when it does."""
    mark = getattr(error, "problem_mark", None)
    return str(mark.line + 1) if mark else ""
