"""The commands about a microphone: which there are, start, look, stop."""

from __future__ import annotations

from dataclasses import asdict

import click

from models import store
from models.folders import home
from models.formats import clock
from ui.labels import RECORDER_STATE
from ui.terminal import JSON, answer

# Rooms are imported inside the commands: `doithoai --help` must not wait for neural networks.

DEVICE = "{mark} {name}  ({rate} Hz)"
RECORDING = "Đang ghi âm hội nghị số {meeting} vào {folder}\nNgừng ghi: doithoai stop --meeting {meeting}"
NOT_RECORDING = "Không có hội nghị nào đang được ghi âm."
STATUS_ROW = ("Hội nghị số {meeting}: {state}, {length}, {gaps} chỗ mất tiếng (tổng cộng {lost:.1f} giây), "
              "còn chỗ cho {left:.0f} phút")
STOPPED_RECORDING = "Đã ngừng và cất bản ghi dài {length} của hội nghị số {meeting}; đang ghi lời ở phía sau."


@click.command()
@JSON
def devices(as_json: bool) -> None:
    """Liệt kê các micro của máy này."""
    from recorder.devices import inputs
    found = inputs()
    if as_json:
        answer([asdict(device) for device in found])
        return
    for device in found:
        click.echo(DEVICE.format(mark="*" if device.is_default else " ", name=device.name, rate=device.rate))


@click.command()
@click.option("--meeting", type=int, required=True, metavar="SỐ", help="Số của hội nghị.")
@click.option("--device", metavar="TÊN", help="Tên micro (hoặc một phần tên); mặc định: micro của hệ thống.")
def record(meeting: int, device: str | None) -> None:
    """Bắt đầu ghi âm hội nghị bằng một tiến trình riêng; đóng cửa sổ này không làm ngừng ghi."""
    from ui import recording
    with store.open_store() as db:
        live = recording.begin(db, home(), meeting, device)
    click.echo(RECORDING.format(meeting=meeting, folder=live))


@click.command()
@JSON
def status(as_json: bool) -> None:
    """Cho biết hội nghị nào đang được ghi âm, đã ghi bao lâu, còn chỗ cho bao nhiêu phút."""
    from ui import recording
    from ui.troubles import trouble
    with store.open_store() as db:
        found = recording.running(db, home())
    if as_json:
        answer([{"meeting": meeting, **asdict(said)} for meeting, said in found])
    elif not found:
        click.echo(NOT_RECORDING)
    for meeting, said in found if not as_json else ():
        click.echo(STATUS_ROW.format(meeting=meeting, state=RECORDER_STATE[said.state], length=clock(said.seconds),
                                     gaps=said.gaps, lost=said.lost, left=said.minutes_left))
        if words := trouble(said):
            click.echo(words)


@click.command()
@click.option("--meeting", type=int, required=True, metavar="SỐ", help="Số của hội nghị.")
def stop(meeting: int) -> None:
    """Ngừng ghi âm hội nghị, cất bản ghi và bắt đầu ghi lời."""
    from ui import recording
    with store.open_store() as db:
        kept = recording.end(db, home(), meeting)
    click.echo(STOPPED_RECORDING.format(length=clock(kept.duration), meeting=meeting))
