"""Many recordings at once: every sound file of a folder written down, on this machine or on a cluster.

The recordings come one after another, their stretches of sound all at once: each file is decoded and
cut here, and its blocks go to whoever is free. What was heard is kept in the store block by block, so
that a second run goes on where the first one stopped.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlite_utils import Database

from models.errors import BadSound
from models.formats import as_jsonl, as_text
from recorder.files import FORMATS
from transcribe.crew import Crew, cluster, processes
from ui import papers, work
from ui.final import default_workers
from ui.work import Engine, Progress

HEARING = "{name} ({number}/{count})"

Failed = list[tuple[Path, Exception]]


def transcribe_folder(db: Database, home: Path, folder: Path, out: Path, engine: Engine, progress: Progress,
                      workers: int | None = None, scheduler: str | None = None) -> Failed:
    """Writes `NAME.jsonl` and `NAME.txt` for every sound file NAME below `folder`, at the same place below `out`.

    Returns the files that could not be written down, with the reason; they do not stop the others.
    Raises BadSound when the folder holds no sound, WeightsMissing, and NoCluster.
    """
    sounds = sound_files(folder)
    if not sounds:
        raise BadSound(folder, "no_files")
    with _crew(workers, scheduler) as crew:
        return _transcribe(db, home, sounds, folder, out, engine, progress, crew)


def sound_files(folder: Path) -> list[Path]:
    """The sound files below a folder, in order of their names."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower().lstrip(".") in FORMATS and path.is_file())


def _crew(workers: int | None, scheduler: str | None) -> AbstractContextManager[Crew]:
    return cluster(scheduler) if scheduler else processes(workers or default_workers())


def _transcribe(db: Database, home: Path, sounds: list[Path], folder: Path, out: Path, engine: Engine,
                progress: Progress, crew: Crew) -> Failed:
    failed: Failed = []
    total, done = max(sum(path.stat().st_size for path in sounds), 1), 0
    for number, path in enumerate(sounds, 1):
        name = HEARING.format(name=path.name, number=number, count=len(sounds))
        first, last = done / total, (done + path.stat().st_size) / total
        try:
            said = work.transcribe_file(db, home, path, engine, _named(work.part(progress, first, last), name), crew)
            to = out / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            papers.write_text(to.with_name(f"{to.name}.jsonl"), as_jsonl(said))
            papers.write_text(to.with_name(f"{to.name}.txt"), as_text(said))
        except (BadSound, OSError) as error:
            failed.append((path, error))
        done += path.stat().st_size
    progress(1.0, work.DONE)
    return failed


def _named(progress: Progress, name: str) -> Progress:
    return lambda share, message: progress(share, f"{name}: {message}")
