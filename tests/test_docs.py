"""The documents tell of every command and setting, and the rooms keep to themselves."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from summarize.weights import ALL as SUMMARIZE_WEIGHTS
from transcribe.weights import ALL as TRANSCRIBE_WEIGHTS
from ui.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROOMS = {"models": set(), "recorder": {"models"}, "transcribe": {"models"}, "summarize": {"models"},
         "ui": {"models", "recorder", "transcribe", "summarize"}}


def _commands(group: click.Group, path: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        full = f"{path} {name}"
        found += _commands(command, full) if isinstance(command, click.Group) else [(full, command)]
    return found


COMMANDS = _commands(main, "doithoai")


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_and_option_is_in_the_readme(path: str, command: click.Command) -> None:
    *_, name = path.split()
    assert f"`{path}" in README or f"`{name}`" in README
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.opts}"
            assert any(option in README for option in (*parameter.opts, *parameter.secondary_opts)), parameter.opts


def test_every_setting_is_in_the_readme() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    for setting in set(re.findall(r"\bDOITHOAI_[A-Z_]+\b", sources)):
        assert f"`{setting}`" in README


def test_the_two_commands_head_the_readme() -> None:
    assert README.index("python3 start.py\n") < README.index("python3 start.py test\n") < README.index("## Dòng lệnh")


@pytest.mark.parametrize("weights", [*TRANSCRIBE_WEIGHTS, *SUMMARIZE_WEIGHTS], ids=lambda weights: str(weights.name))
def test_every_set_of_weights_is_documented(weights: object) -> None:
    text = (ROOT / "docs" / "weights.md").read_text(encoding="utf-8")
    assert f"`{getattr(weights, 'name')}`" in text  # noqa: B009
    assert getattr(weights, "licence") in text  # noqa: B009


@pytest.mark.parametrize("linked", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(linked: str) -> None:
    assert (ROOT / linked).exists()


def test_every_file_named_in_the_architecture_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:models|recorder|transcribe|summarize|ui)/[\w./]+)`", text):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_what_they_may(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                     else [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            others = {name.split(".")[0] for name in names} & set(ROOMS) - {room}
            assert others <= ROOMS[room], f"{path.name} imports {others - ROOMS[room]}"
