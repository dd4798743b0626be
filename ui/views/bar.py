"""A bar of coloured parts with words and numbers below: shares at one glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from ui.views.wording import Colour


@dataclass(frozen=True)
class Part:
    """One part of the bar: how large, and how it is named and counted in words."""

    label: str
    amount: float
    words: str
    colour: Colour


def bar(title: str, parts: Sequence[Part]) -> None:
    """Draws the parts that are not empty."""
    shown = [part for part in parts if part.amount > 0]
    if not shown:
        return
    strips = "".join(f'<span class="dt-{part.colour}" style="flex-grow:{part.amount:.4f}"></span>' for part in shown)
    legend = "".join(f'<span><i class="dt-{part.colour}"></i>{escape(part.label)}: <b>{escape(part.words)}</b></span>'
                     for part in shown)
    st.html(f'<div class="dt-bar-title">{escape(title)}</div><div class="dt-bar" aria-hidden="true">{strips}</div>'
            f'<div class="dt-legend">{legend}</div>')
