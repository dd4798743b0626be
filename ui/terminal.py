"""What all commands share: their common options, how they answer, and the bar that shows how far they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from tqdm import tqdm

FILE = click.Path(path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác đọc.")


def answer(content: object) -> None:
    """A result on stdout: text as it is, anything else as JSON."""
    click.echo(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2))


def warn(sentence: str) -> None:
    if sentence:
        click.echo(sentence, err=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A bar on stderr: what is being done, the share done and the time left."""
    layout = "{desc}: {percentage:3.0f}%|{bar:30}| còn {remaining}"
    with tqdm(total=1.0, file=sys.stderr, bar_format=layout, dynamic_ncols=True,
              mininterval=0.2 if sys.stderr.isatty() else 10.0) as bar:
        def report(share: float, message: str) -> None:
            bar.set_description_str(message, refresh=False)
            bar.update(max(0.0, share - bar.n))

        yield report
