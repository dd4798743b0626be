"""The `doithoai` command: thin over `ui.work`, every error one sentence and a non-zero code."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models import store
from models.folders import home
from models.formats import WRITERS, clock, read_transcript
from models.meeting_file import read_meeting
from models.records import Status
from ui.errors import explain
from ui.keeping_commands import backup, check, restore, weights
from ui.labels import STATUS
from ui.paper_names import NO_FONT, PAPERS
from ui.recorder_commands import devices, record, status, stop
from ui.terminal import FILE, JSON, answer, progress_bar, warn

if TYPE_CHECKING:
    from models.records import Analysis

# Rooms are imported inside the commands: `doithoai --help` must not wait for neural networks.

ENGINE = click.option("--engine", type=click.Choice(["vietasr", "whisper"]), default="vietasr", show_default=True,
                      help="Bộ nhận dạng tiếng nói.")
MODEL = click.option("--model", metavar="THƯ_MỤC", help="Thư mục mô hình Whisper (chỉ với --engine whisper).")
MEETING = click.option("--meeting", "meeting_file", type=FILE, required=True, metavar="M.yaml",
                       help="Tệp hội nghị: title, date, place, topics, officials.")
WORKERS = click.option("--workers", type=click.IntRange(min=1), metavar="SỐ",
                       help="Số tiến trình cùng nghe; mặc định: số nhân của máy, nhiều nhất 4.")

ERROR = "Lỗi: {sentence}"
STOPPED = "Đã dừng. Chạy lại đúng lệnh này để làm tiếp từ chỗ dừng."
IMPORTED = "Đã nhận «{name}» ({length}) vào hội nghị số {meeting}."
WRITTEN = "Đã ghi vào {path}"
OPENING = "Mở trình duyệt tại địa chỉ: {address}  (dừng: Ctrl+C)"
FILE_OR_FINAL = "cần một tệp âm thanh, hoặc --final cùng --meeting SỐ."
HEARD_AGAIN = ("Giống bản đang có: {same} đoạn; khác: {changed}; lời mới dưới chỗ người sửa: {carried}; "
               "giữ nguyên vì người đã sửa: {kept}.")
TAKEN = "Đã lấy bản nghe lại; chỗ người đã sửa vẫn còn."
TO_BE_TAKEN = "Chưa thay gì: hãy xem và lấy ở trang hội nghị số {meeting}, hoặc chạy lại lệnh này với --take."
NOT_HEARD = "Không ghi được lời «{path}»: {sentence}"
NOTHING_ASKED = "cần chữ để tìm, hoặc ít nhất một điều kiện như --topic, --year."
NOTHING_FOUND = "Không tìm thấy «{words}»."
HIT = "Hội nghị {meeting}, {date}: {text}"
REWRITTEN = ("«{model}» đã viết lại {rewritten} câu tóm tắt; {refused} câu giữ nguyên vì bản viết lại không đúng "
             "lời nói.")
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
@click.option("--network", is_flag=True, help="Cho máy khác trong mạng dùng; cần --certificate và --key, hoặc "
                                              "--behind-proxy.")
@click.option("--certificate", type=FILE, metavar="TỆP", help="Chứng thư TLS dạng PEM (với --network).")
@click.option("--key", type=FILE, metavar="TỆP", help="Khóa của chứng thư, dạng PEM (với --network).")
@click.option("--behind-proxy", metavar="ĐỊA_CHỈ", help="Địa chỉ IP của máy chủ trung gian có TLS đứng trước "
                                                        "(với --network).")
def app(port: int, browser: bool, network: bool, certificate: Path | None, key: Path | None,
        behind_proxy: str | None) -> None:
    """Mở các trang trong trình duyệt, chỉ trên máy này (127.0.0.1) trừ khi có --network."""
    from ui.serving import run, serving
    served = serving(network, certificate, key, behind_proxy)
    click.echo(OPENING.format(address=f"{'https' if certificate else 'http'}://127.0.0.1:{port}"), err=True)
    raise SystemExit(run(served.command(port, browser), served.whole_environment()))


@main.command("import")
@click.argument("file", type=FILE)
@MEETING
@JSON
def import_(file: Path, meeting_file: Path, as_json: bool) -> None:
    """Nhận một bản ghi âm có sẵn (wav, mp3, m4a, ogg, flac, mp4) vào hội nghị."""
    from ui import work
    meeting = read_meeting(meeting_file)
    with store.open_store() as db, progress_bar() as progress:
        kept = work.keep_meeting(db, meeting)
        assert kept.id is not None
        recording = work.import_recording(db, home(), file, kept.id, progress)
    warn(work.warning(recording))
    answer(asdict(recording) if as_json else
            IMPORTED.format(name=recording.name, length=clock(recording.duration), meeting=kept.id))


@main.command()
@click.argument("file", type=FILE, required=False)
@click.option("--engine", type=click.Choice(["vietasr", "whisper"]), help="Bộ nhận dạng tiếng nói; mặc định: vietasr.")
@MODEL
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="jsonl", show_default=True,
              help="Dạng kết quả.")
@click.option("--to", type=FILE, help="Ghi vào tệp này thay vì in ra.")
@click.option("--final", is_flag=True, help="Nghe lại bản ghi của hội nghị đã họp (cùng --meeting) bằng bộ tốt nhất.")
@click.option("--meeting", type=int, metavar="SỐ", help="Số của hội nghị cần nghe lại (với --final).")
@click.option("--take", is_flag=True, help="Lấy luôn bản nghe lại, giữ chỗ người đã sửa (với --final).")
@WORKERS
@JSON
def transcribe(file: Path | None, engine: str | None, model: str | None, form: str, to: Path | None, final: bool,
               meeting: int | None, take: bool, workers: int | None, as_json: bool) -> None:
    """Ghi lời một tệp âm thanh; bị ngắt giữa chừng thì chạy lại sẽ làm tiếp."""
    if final != (meeting is not None) or final == (file is not None):
        raise click.UsageError(FILE_OR_FINAL)
    if meeting is not None:
        _final(meeting, engine, model, workers, take, as_json)
        return
    from ui import papers, work
    assert file is not None
    with store.open_store() as db, progress_bar() as progress:
        said = work.transcribe_file(db, home(), file, work.Engine(engine or "vietasr", model), progress)
    text = WRITERS["jsonl" if as_json else form](said)
    if to:
        papers.write_text(to, text)
        click.echo(WRITTEN.format(path=to), err=True)
    else:
        click.echo(text, nl=False)


def _final(meeting: int, engine: str | None, model: str | None, workers: int | None, take: bool, as_json: bool) -> None:
    """A final pass over a meeting, and how many stretches differ from what is there."""
    from models import proposals
    from models.merging import Outcome
    from ui import final, work
    with store.open_store() as db:
        with progress_bar() as progress:
            chosen = work.Engine(engine, model) if engine else None
            proposed = final.final_pass(db, home(), meeting, progress, chosen, workers)
        sides = proposals.beside(db, proposed)
        counts = {outcome.value: sum(side.outcome == outcome for side in sides) for outcome in Outcome}
        if take:
            final.take(db, meeting)
    if as_json:
        answer({"generator": proposed.generator, "taken": take, **counts})
    else:
        click.echo(HEARD_AGAIN.format(**counts))
        click.echo(TAKEN if take else TO_BE_TAKEN.format(meeting=meeting), err=True)


@main.command()
@click.argument("folder", type=FILE)
@click.option("--out", type=FILE, metavar="THƯ_MỤC", help="Nơi ghi kết quả; mặc định: ngay cạnh từng tệp.")
@ENGINE
@MODEL
@WORKERS
@click.option("--scheduler", metavar="tcp://…", help="Chia việc cho cụm máy tính Dask tại địa chỉ này.")
def batch(folder: Path, out: Path | None, engine: str, model: str | None, workers: int | None,
          scheduler: str | None) -> int:
    """Ghi lời mọi tệp âm thanh trong thư mục (cả thư mục con); chạy lại sẽ làm tiếp từ chỗ dừng."""
    from ui import batch as many
    from ui import work
    with store.open_store() as db, progress_bar() as progress:
        failed = many.transcribe_folder(db, home(), folder, out or folder, work.Engine(engine, model), progress,
                                        workers, scheduler)
    for path, error in failed:
        click.echo(NOT_HEARD.format(path=path, sentence=explain(error)), err=True)
    return int(bool(failed))


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
    analysis = understand(said, meeting, work.attuned_if_installed())
    if as_json:
        answer(questions_json(analysis, meeting))
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
    with store.open_store() as db, progress_bar() as progress:
        kept = work.keep_meeting(db, meeting)
        assert kept.id is not None
        recording = work.process(db, home(), file, kept.id, work.Engine(engine, model), progress)
        progress(0.97, work.DRAFTING)
        work.write_results(db, home(), kept.id, out)
        progress(1.0, work.DONE)
    warn(work.warning(recording))
    click.echo(WRITTEN.format(path=out), err=True)


@main.command()
@click.argument("words", nargs=-1)
@click.option("--semantic", is_flag=True, help="Tìm cả theo nghĩa, không chỉ theo chữ.")
@click.option("--place", "commune", default="", metavar="XÃ", help="Chỉ các hội nghị của xã, phường này («xã Vũ Lâm»).")
@click.option("--year", type=int, metavar="NĂM", help="Chỉ các hội nghị trong năm này.")
@click.option("--topic", default="", metavar="TÊN", help="Chỉ câu hỏi, câu trả lời thuộc chủ đề này.")
@click.option("--status", "outcome", type=click.Choice([status.value for status in Status]),
              help="Chỉ những câu có kết quả này.")
@click.option("--agency", default="", metavar="TÊN", help="Chỉ những câu do cơ quan này giải quyết.")
@click.option("--role", type=click.Choice(["citizen", "chair", "official", "secretary"]),
              help="Chỉ lời của người dân, chủ trì, cán bộ trả lời hoặc thư ký.")
@click.option("--only", type=click.Choice(["questions", "answers"]), help="Chỉ tìm trong câu hỏi, hoặc câu trả lời.")
@click.option("--limit", default=20, show_default=True, help="Số kết quả nhiều nhất.")
@JSON
def search(words: tuple[str, ...], semantic: bool, commune: str, year: int | None, topic: str, outcome: str | None,
           agency: str, role: str | None, only: str | None, limit: int, as_json: bool) -> None:
    """Tìm trong mọi hội nghị; gõ không dấu cũng được. Không có chữ nào thì liệt kê câu hỏi phù hợp các điều kiện."""
    from models.search import ANYTHING, Filters, Kind
    from ui import searching
    filters = Filters(commune, year, topic, outcome or "", agency, role or "", Kind(only or "all"))
    if not words and filters == ANYTHING:
        raise click.UsageError(NOTHING_ASKED)
    with store.open_store() as db:
        hits = searching.find(db, " ".join(words), semantic, limit, filters)
        meetings = {meeting.id: meeting for meeting in store.meetings(db)}
    if as_json:
        answer([asdict(hit) | {"title": meetings[hit.meeting].title, "date": meetings[hit.meeting].date,
                                "place": meetings[hit.meeting].place} for hit in hits])
    elif not hits:
        click.echo(NOTHING_FOUND.format(words=" ".join(words)))
    else:
        for hit in hits:
            text = hit.text.splitlines()[0]
            click.echo(HIT.format(meeting=hit.meeting, date=meetings[hit.meeting].date, text=text))


@main.command()
@click.argument("meeting", type=int)
@click.option("--paper", type=click.Choice(list(PAPERS)), default="minutes", show_default=True,
              help="; ".join(f"{key}: {paper.name}" for key, paper in PAPERS.items()) + ".")
@click.option("--question", type=int, metavar="SỐ", help="Chỉ công văn trả lời ý kiến số này (với --paper replies).")
@click.option("--to", type=FILE, required=True, metavar="TỆP",
              help="Tệp ghi ra; đuôi tệp chọn dạng: .docx, .pdf, .xlsx, .txt, .srt, .vtt, .jsonl, .json.")
def export(meeting: int, paper: str, question: int | None, to: Path) -> None:
    """Ghi một giấy tờ của hội nghị số MEETING ra tệp."""
    from ui import pdf, work
    with store.open_store() as db:
        work.export(db, home(), meeting, paper, to, question)
    warn(NO_FONT if to.suffix.lower() == ".pdf" and pdf.lacks_font() else "")
    click.echo(WRITTEN.format(path=to), err=True)


@main.command()
@click.argument("meeting", type=int)
@JSON
def rewrite(meeting: int, as_json: bool) -> None:
    """Nhờ mô hình ngôn ngữ trên máy này viết lại các câu tóm tắt của hội nghị số MEETING."""
    from ui import rewriting
    with store.open_store() as db, progress_bar() as progress:
        outcome = rewriting.rewrite(db, home(), meeting, progress)
    answer(asdict(outcome) if as_json else REWRITTEN.format(**asdict(outcome)))


def _print_questions(analysis: Analysis, topics: dict[str, str]) -> None:
    for question in analysis.questions:
        topic = topics.get(question.topic or "", OUTSIDE)
        click.echo(QUESTION.format(number=question.number, status=STATUS[question.status], topic=topic,
                                   summary=question.summary))
    counts = [(STATUS[status], sum(q.status == status for q in analysis.questions)) for status in Status]
    by_status = ", ".join(f"{label} {count}" for label, count in counts if count)
    click.echo(SUMMARY.format(count=len(analysis.questions), by_status=by_status))


for command in (devices, record, status, stop, backup, restore, check, weights):
    main.add_command(command)

if __name__ == "__main__":
    main()
