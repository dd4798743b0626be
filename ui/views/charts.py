"""Charts that are read in colour and on grey paper alike: parts told apart by lightness, order and a number in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

INK, PAPER = "#1c2733", "#ffffff"
ROW = 34
"""Pixels for each bar."""
LEAST_LABELLED = 0.045
"""Share of the widest bar that a part must have for its number to fit."""


@dataclass(frozen=True)
class Part:
    """A kind of part: its name, its fill, and whether its number stands in dark or light ink on it."""

    name: str
    fill: str
    is_light: bool


@dataclass(frozen=True)
class Cell:
    """One part of one bar: how large, and the words in it."""

    bar: str
    part: str
    amount: float
    words: str


def stacked(bars: Sequence[str], parts: Sequence[Part], cells: Sequence[Cell],
            as_shares: bool = False) -> alt.LayerChart:
    """A bar for each name, from the top; the parts of each in the same order as in the legend.

    `as_shares` makes all bars as long as the whole.
    """
    order = {part.name: place for place, part in enumerate(parts)}
    widest = 1.0 if as_shares else max(_lengths(cells).values(), default=1.0)
    rows = [row for bar in bars for row in _placed(bar, cells, order, widest, as_shares)]
    names = [part.name for part in parts]
    y = alt.Y("bar:N", sort=list(bars), title=None, axis=alt.Axis(
        labelLimit=300, labelFontSize=14, labelColor=INK, ticks=False, domain=False, labelPadding=8))
    axis = alt.Axis(format="%" if as_shares else "d", tickMinStep=0.25 if as_shares else 1, grid=True, title=None,
                    labelFontSize=12, gridColor="#d9dfe6", labelColor=INK, domain=False)
    legend = None if len(parts) == 1 else alt.Legend(
        orient="top", title=None, labelFontSize=14, labelLimit=300, columns=3, labelColor=INK, symbolType="square",
        symbolStrokeColor=INK, symbolSize=180)
    drawn = _chart(rows).mark_bar(stroke=INK, strokeWidth=1).encode(
        x=alt.X("from:Q", axis=axis, scale=alt.Scale(nice=True, zero=True)), x2="to:Q", y=y,
        color=alt.Color("part:N", sort=names, legend=legend,
                        scale=alt.Scale(domain=names, range=[part.fill for part in parts])),
        tooltip=[alt.Tooltip(name, title=" " * place) for place, name in enumerate(("bar:N", "part:N", "words:N"), 1)])
    light = {part.name for part in parts if part.is_light}
    layers: list[alt.Chart] = [drawn]
    for ink, chosen in ((INK, light), (PAPER, set(names) - light)):
        shown = [row for row in rows if row["part"] in chosen and row["fits"]]
        layers.append(_chart(shown).mark_text(color=ink, fontSize=14, fontWeight="bold").encode(
            x="middle:Q", y=y, text="words:N"))
    whole: alt.LayerChart = alt.LayerChart(layer=layers, background=PAPER, height=alt.Step(ROW), width="container",
                                           config=alt.Config(view=alt.ViewConfig(stroke=None)))
    return whole


def _chart(rows: list[dict[str, object]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _placed(bar: str, cells: Sequence[Cell], order: dict[str, int], widest: float,
            as_shares: bool) -> list[dict[str, object]]:
    """The parts of a bar one after another, from where to where each reaches; `widest` is the longest bar."""
    own = sorted((cell for cell in cells if cell.bar == bar and cell.amount > 0), key=lambda cell: order[cell.part])
    whole = sum(cell.amount for cell in own) if as_shares else 1
    placed, at = [], 0.0
    for cell in own:
        size = cell.amount / whole
        placed.append({"bar": bar, "part": cell.part, "words": cell.words, "from": at, "to": at + size,
                       "middle": at + size / 2, "fits": size / widest >= LEAST_LABELLED})
        at += size
    return placed


def _lengths(cells: Sequence[Cell]) -> dict[str, float]:
    found: dict[str, float] = {}
    for cell in cells:
        found[cell.bar] = found.get(cell.bar, 0.0) + cell.amount
    return found
