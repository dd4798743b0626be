"""The `doithoai` command: thin over `ui.work`, every error one sentence and a non-zero code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from models import store
from models.folders import home
from models.formats import WRITERS, clock, read_transcript
from models.meeting_file import read_meeting
from models.records import Status
from ui.errors import explain
from ui.labels import RECORDER_STATE, STATUS

if TYPE_CHECKING:
    from models.records import Analysis

# Rooms are imported inside the commands: `doithoai --help` must not wait for neural networks.

FILE = click.Path(path_type=Path)
ENGINE = click.option("--engine", type=click.Choice(["vietasr", "whisper"]), default="vietasr", show_default=True,
                      help="Bộ nhận dạng tiếng nói.")
MODEL = click.option("--model", metavar="THƯ_MỤC", help="Thư mục hoặc tên mô hình Whisper (chỉ với --engine whisper).")
MEETING = click.option("--meeting", "meeting_file", type=FILE, required=True, metavar="M.yaml",
                       help="Tệp hội nghị: title, date, place, topics, officials.")
JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác đọc.")

ERROR = "Lỗi: {sentence}"
STOPPED = "Đã dừng. Chạy lại đúng lệnh này để làm tiếp từ chỗ dừng."
IMPORTED = "Đã nhận «{name}» ({length}) vào hội nghị số {meeting}."
WRITTEN = "Đã ghi vào {path}"
OPENING = "Mở trình duyệt tại địa chỉ: {address}  (dừng: Ctrl+C)"
DEVICE = "{mark} {name}  ({rate} Hz)"
RECORDING = "Đang ghi âm hội nghị số {meeting} vào {folder}\nNgừng ghi: doithoai stop --meeting {meeting}"
NOT_RECORDING = "Không có hội nghị nào đang được ghi âm."
STATUS_ROW = "Hội nghị số {meeting}: {state}, {length}, thiếu {lost} mẫu, còn chỗ cho {left:.0f} phút"
STOPPED_RECORDING = "Đã ngừng và cất bản ghi dài {length} của hội nghị số {meeting}; đang ghi lời ở phía sau."
NOTHING_FOUND = "Không tìm thấy «{words}»."
HIT = "Hội nghị {meeting}, {date}: {text}"
WEIGHTS_ROW = "{name:14} {state:10} {megabytes:5.0f} MB  {licence:11} {purpose}"
INSTALLED, NOT_INSTALLED = "đã cài", "chưa cài"
INSTALLING = "Đang tải {name} ({megabytes:.0f} MB)"
ALREADY = "{name}: đã cài rồi."
CHECKED = "{name}: nguyên vẹn."
UNKNOWN_WEIGHTS = "không có bộ nhận dạng tên {name}; các tên có: {names}."
SUMMARY = "{count} câu hỏi: {by_status}"
QUESTION = "{number}. [{status}] {topic}: {summary}"
OUTSIDE = "ngoài chủ đề"


class Commands(click.Group):
    """Ends every error in one sentence on stderr and exit code 1 (2 for a wrong command line)."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        try:
            result = super().main(*args, **kwargs)
        except (KeyboardInterrupt, click.Abort):
            click.echo(STOPPED, err=True)
            sys.exit(130)
        except click.ClickException as error:
            click.echo(ERROR.format(sentence=explain(error)), err=True)
            sys.exit(2)
        except Exception as error:  # the border: whatever happened is told in words
            click.echo(ERROR.format(sentence=explain(error)), err=True)
            if os.environ.get("DOITHOAI_DEBUG"):
                raise
            sys.exit(1)
        sys.exit(result if isinstance(result, int) else 0)


@click.group(cls=Commands)
@click.version_option(package_name="doithoai", message="%(version)s")
def main() -> None:
    """Đối Thoại: ghi lời hội nghị đối thoại, tìm câu hỏi của người dân, soạn dự thảo biên bản.

    Mọi việc làm ngay trên máy này; không có âm thanh hay chữ nào rời khỏi máy.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles start in an older code page


@main.command()
@click.option("--port", default=8501, show_default=True, help="Cổng trên máy này.")
@click.option("--browser/--no-browser", default=True, help="Tự mở trình duyệt hay không.")
def app(port: int, browser: bool) -> None:
    """Mở trang rà soát trong trình duyệt, chỉ trên máy này (127.0.0.1)."""
    click.echo(OPENING.format(address=f"http://127.0.0.1:{port}"), err=True)
    page = Path(__file__).with_name("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(page), "--server.address", "127.0.0.1",
               "--server.port", str(port), "--server.headless", str(not browser).lower(),
               "--server.maxUploadSize", "4096", "--server.fileWatcherType", "none", "--server.showEmailPrompt",
               "false", "--browser.gatherUsageStats", "false", "--client.toolbarMode", "minimal"]
    raise SystemExit(subprocess.call(command, stdout=subprocess.DEVNULL))


@main.command()
@JSON
def devices(as_json: bool) -> None:
    """Liệt kê các micro của máy này."""
    from recorder.devices import inputs
    found = inputs()
    if as_json:
        _answer([asdict(device) for device in found])
        return
    for device in found:
        click.echo(DEVICE.format(mark="*" if device.is_default else " ", name=device.name, rate=device.rate))


@main.command()
@click.option("--meeting", type=int, required=True, metavar="SỐ", help="Số của hội nghị.")
@click.option("--device", metavar="TÊN", help="Tên micro (hoặc một phần tên); mặc định: micro của hệ thống.")
def record(meeting: int, device: str | None) -> None:
    """Bắt đầu ghi âm hội nghị bằng một tiến trình riêng; đóng cửa sổ này không làm ngừng ghi."""
    from ui import recording
    with store.open_store() as db:
        live = recording.begin(db, home(), meeting, device)
    click.echo(RECORDING.format(meeting=meeting, folder=live))


@main.command()
@JSON
def status(as_json: bool) -> None:
    """Cho biết hội nghị nào đang được ghi âm, đã ghi bao lâu, còn chỗ cho bao nhiêu phút."""
    from ui import recording
    with store.open_store() as db:
        found = recording.running(db, home())
    if as_json:
        _answer([{"meeting": meeting, **asdict(said)} for meeting, said in found])
    elif not found:
        click.echo(NOT_RECORDING)
    for meeting, said in found if not as_json else ():
        click.echo(STATUS_ROW.format(meeting=meeting, state=RECORDER_STATE[said.state], length=clock(said.seconds),
                                     lost=said.lost_frames, left=said.minutes_left or 0))


@main.command()
@click.option("--meeting", type=int, required=True, metavar="SỐ", help="Số của hội nghị.")
def stop(meeting: int) -> None:
    """Ngừng ghi âm hội nghị, cất bản ghi và bắt đầu ghi lời."""
    from ui import recording
    with store.open_store() as db:
        kept = recording.end(db, home(), meeting)
    click.echo(STOPPED_RECORDING.format(length=clock(kept.duration), meeting=meeting))


@main.command("import")
@click.argument("file", type=FILE)
@MEETING
@JSON
def import_(file: Path, meeting_file: Path, as_json: bool) -> None:
    """Nhận một bản ghi âm có sẵn (wav, mp3, m4a, ogg, flac, mp4) vào hội nghị."""
    from ui import work
    meeting = read_meeting(meeting_file)
    with store.open_store() as db, _progress() as progress:
        kept = work.keep_meeting(db, meeting)
        assert kept.id is not None
        recording = work.import_recording(db, home(), file, kept.id, progress)
    _warn(work.warning(recording))
    _answer(asdict(recording) if as_json else
            IMPORTED.format(name=recording.name, length=clock(recording.duration), meeting=kept.id))


@main.command()
@click.argument("file", type=FILE)
@ENGINE
@MODEL
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="jsonl", show_default=True,
              help="Dạng kết quả.")
@click.option("--to", type=FILE, help="Ghi vào tệp này thay vì in ra.")
@JSON
def transcribe(file: Path, engine: str, model: str | None, form: str, to: Path | None, as_json: bool) -> None:
    """Ghi lời một tệp âm thanh; bị ngắt giữa chừng thì chạy lại sẽ làm tiếp."""
    from ui import work
    with store.open_store() as db, _progress() as progress:
        said = work.transcribe_file(db, home(), file, work.Engine(engine, model), progress)
    text = WRITERS["jsonl" if as_json else form](said)
    if to:
        work.write_text(to, text)
        click.echo(WRITTEN.format(path=to), err=True)
    else:
        click.echo(text, nl=False)


@main.command()
@click.argument("transcript", type=FILE)
@MEETING
@JSON
def questions(transcript: Path, meeting_file: Path, as_json: bool) -> None:
    """Tìm câu hỏi của người dân và câu trả lời trong một bản ghi lời (JSON Lines)."""
    meeting, said = read_meeting(meeting_file), read_transcript(transcript)
    from summarize.formats import questions_json
    from summarize.questions import understand
    from ui import work
    analysis = understand(said, meeting, work.embedder_if_installed())
    if as_json:
        _answer(questions_json(analysis, said, meeting))
    else:
        _print_questions(analysis, {topic.id: topic.name for topic in meeting.topics})


@main.command()
@click.argument("file", type=FILE)
@MEETING
@click.option("--out", type=FILE, required=True, metavar="THƯ_MỤC", help="Nơi ghi kết quả.")
@ENGINE
@MODEL
def process(file: Path, meeting_file: Path, out: Path, engine: str, model: str | None) -> None:
    """Từ âm thanh đến dự thảo: transcript.jsonl, questions.json và minutes.docx."""
    meeting = read_meeting(meeting_file)
    from ui import work
    with store.open_store() as db, _progress() as progress:
        kept = work.keep_meeting(db, meeting)
        assert kept.id is not None
        recording = work.process(db, home(), file, kept.id, work.Engine(engine, model), progress)
        progress(0.97, work.DRAFTING)
        work.write_results(db, home(), kept.id, out)
        progress(1.0, work.DONE)
    _warn(work.warning(recording))
    click.echo(WRITTEN.format(path=out), err=True)


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--semantic", is_flag=True, help="Tìm cả theo nghĩa, không chỉ theo chữ.")
@click.option("--limit", default=20, show_default=True, help="Số kết quả nhiều nhất.")
@JSON
def search(words: tuple[str, ...], semantic: bool, limit: int, as_json: bool) -> None:
    """Tìm trong mọi hội nghị; gõ không dấu cũng được."""
    from ui import work
    with store.open_store() as db:
        hits = work.search(db, " ".join(words), semantic, limit)
        dates = {meeting.id: meeting.date for meeting in store.meetings(db)}
    if as_json:
        _answer([asdict(hit) for hit in hits])
    elif not hits:
        click.echo(NOTHING_FOUND.format(words=" ".join(words)))
    else:
        for hit in hits:
            text = hit.text.splitlines()[0]
            click.echo(HIT.format(meeting=hit.meeting, date=dates[hit.meeting], text=text))


@main.command()
@click.argument("meeting", type=int)
@click.option("--paper", type=click.Choice(["minutes", "transcript", "questions"]), default="minutes",
              show_default=True, help="minutes: dự thảo biên bản (Word); transcript: lời; questions: câu hỏi.")
@click.option("--to", type=FILE, required=True, metavar="TỆP", help="Tệp ghi ra.")
def export(meeting: int, paper: str, to: Path) -> None:
    """Ghi một giấy tờ của hội nghị số MEETING ra tệp."""
    from ui import work
    with store.open_store() as db:
        work.export(db, home(), meeting, paper, to)
    click.echo(WRITTEN.format(path=to), err=True)


@main.group()
def weights() -> None:
    """Các bộ nhận dạng (mạng nơ-ron) mà chương trình dùng: xem, cài, kiểm tra."""


@weights.command("list")
@JSON
def weights_list(as_json: bool) -> None:
    """Liệt kê các bộ nhận dạng, dung lượng, giấy phép."""
    from models.weights import is_installed
    rows = [{"name": w.name, "installed": is_installed(w), "bytes": w.download_size, "licence": w.licence,
             "origin": w.origin, "purpose": w.purpose, "default": w.default} for w in _all_weights().values()]
    if as_json:
        _answer(rows)
        return
    for row in rows:
        state = INSTALLED if row["installed"] else NOT_INSTALLED
        click.echo(WEIGHTS_ROW.format(**row, state=state, megabytes=int(str(row["bytes"])) / 1e6))


@weights.command("install")
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Cài cả những bộ không bắt buộc.")
def weights_install(names: tuple[str, ...], everything: bool) -> None:
    """Cài các bộ nhận dạng cần thiết, hoặc những bộ có tên trong NAMES."""
    from models.weights import install, is_installed
    for weights_ in _chosen(names, everything):
        if is_installed(weights_):
            click.echo(ALREADY.format(name=weights_.name), err=True)
            continue
        label = INSTALLING.format(name=weights_.name, megabytes=weights_.download_size / 1e6)
        with _progress() as progress:
            install(weights_, lambda share, label=label: progress(share, label))  # type: ignore[misc]


@weights.command("check")
@click.argument("names", nargs=-1)
def weights_check(names: tuple[str, ...]) -> None:
    """Đọc lại từng tệp và so mã SHA-256."""
    from models.weights import check, is_installed
    for weights_ in _chosen(names, True):
        if names or weights_.default or is_installed(weights_):
            check(weights_)
            click.echo(CHECKED.format(name=weights_.name))


def _all_weights() -> dict[str, Any]:
    import summarize.weights
    import transcribe.weights
    return {w.name: w for w in (*transcribe.weights.ALL, *summarize.weights.ALL)}


def _chosen(names: tuple[str, ...], everything: bool) -> list[Any]:
    known = _all_weights()
    for name in names:
        if name not in known:
            raise click.UsageError(UNKNOWN_WEIGHTS.format(name=name, names=", ".join(known)))
    return [known[name] for name in names] or [w for w in known.values() if everything or w.default]


def _print_questions(analysis: Analysis, topics: dict[str, str]) -> None:
    for question in analysis.questions:
        topic = topics.get(question.topic or "", OUTSIDE)
        click.echo(QUESTION.format(number=question.number, status=STATUS[question.status], topic=topic,
                                   summary=question.summary))
    counts = [(STATUS[status], sum(q.status == status for q in analysis.questions)) for status in Status]
    by_status = ", ".join(f"{label} {count}" for label, count in counts if count)
    click.echo(SUMMARY.format(count=len(analysis.questions), by_status=by_status))


def _answer(content: object) -> None:
    """A result on stdout: text as it is, anything else as JSON."""
    click.echo(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2))


def _warn(sentence: str) -> None:
    if sentence:
        click.echo(sentence, err=True)


@contextmanager
def _progress() -> Iterator[Callable[[float, str], None]]:
    """A bar on stderr: what is being done, the share done and the time left."""
    layout = "{desc}: {percentage:3.0f}%|{bar:30}| còn {remaining}"
    with tqdm(total=1.0, file=sys.stderr, bar_format=layout, dynamic_ncols=True,
              mininterval=0.2 if sys.stderr.isatty() else 10.0) as bar:
        def report(share: float, message: str) -> None:
            bar.set_description_str(message, refresh=False)
            bar.update(max(0.0, share - bar.n))

        yield report


if __name__ == "__main__":
    main()
