"""What the charts are drawn with: bars, their numbers beside them, and a title that says the finding."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from pages.parts.clicks import Hit, hand_on
from pages.parts.colours import ACCENT
from pages.parts.counting import count
from pages.parts.turns import keyed

MOST_BARS = 8
OTHERS = "All others"
TITLE_PX, COUNTED_PX = 44, 20
"""How high a title is, and how much higher with a line below it that says what is counted."""
_SEE_THROUGH = "rgba(0,0,0,0)"
_BAR_PX = 40
_HOVER_LABEL = {"bgcolor": "#1C2126", "bordercolor": "#5A6570", "align": "left"}
_HOVER_LABEL |= {"font": {"color": "#FFFFFF", "size": 13}}
"""Dark on either theme, since what a chart draws itself knows of none."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One lying bar: its name, how long it is, what is written beside it, its colour, and what it opens.

    `tip` is told of it under the mouse, in a chart's own markup.
    """

    name: str
    length: float
    label: str
    colour: str = ACCENT
    opens: tuple[str, ...] = ()
    tip: str = ""


def share(part: int, whole: int) -> str:
    """Write a part as a percentage of the whole: "24.1 %", and "under 0.1 %" where rounding would lie."""
    if not part or not whole:
        return "0 %"
    percent = 100 * part / whole
    if percent < 0.1:  # noqa: PLR2004 - what one decimal can show
        return "under 0.1 %"
    return f"{percent:.1f} %" if part == whole or percent < 99.95 else "over 99.9 %"  # noqa: PLR2004


def part_of(part: int, whole: int) -> str:
    """Write a number with its share of the whole, as it stands beside a bar: "1,204  (24.1 %)"."""
    return f"{count(part)}  ({share(part, whole)})"


_PLAIN: dict[str, bool] = {"displayModeBar": False}


def draw_clickable(
    figure: go.Figure,
    alt: str,
    key: str,
    hand: Callable[[Hit], None],
    *,
    modes: Sequence[Literal["points", "box"]] = ("points",),
) -> None:
    """Show a figure with its text alternative; a bar that is clicked, or a stretch brushed, goes to `hand`.

    The key keeps it in place while its counts change.
    """
    st.plotly_chart(
        figure,
        key=keyed(key),
        width="stretch",
        config=_PLAIN,
        alt=alt,
        on_select=partial(hand_on, key, hand),
        selection_mode=modes,
    )


def lying_bars(finding: str, bars: Sequence[Bar], longest: float = 1.0, counted: str = "") -> go.Figure:
    """Draw lying bars, the first on top, each with its label beside it; there is room for a `longest` one."""
    drawn = go.Bar(
        x=[bar.length for bar in bars],
        y=[bar.name for bar in bars],
        orientation="h",
        text=[bar.label for bar in bars],
        texttemplate="\u00a0%{text}",
        textfont={"size": 14},
        textposition="outside",
        cliponaxis=False,
        marker={"color": [bar.colour for bar in bars]},
        customdata=[list(bar.opens) for bar in bars],
        hovertext=[bar.tip or bar.name for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>" if any(bar.tip for bar in bars) else None,
        hoverinfo="none" if any(bar.opens for bar in bars) else "skip",
    )
    widest = max([*(bar.length for bar in bars), longest])
    layout = {
        "bargap": 0.35,
        "height": _top_px(counted) + 16 + _BAR_PX * max(len(bars), 1),
        "xaxis": {"visible": False, "range": [0, widest * _room([bar.name for bar in bars])]},
        "yaxis": {"autorange": "reversed", "automargin": True, "showgrid": False, "ticksuffix": "  "},
    }
    layout["yaxis"] |= {"tickfont": {"size": 14}}
    return drawn_bars(drawn, finding, layout, counted)


def _room(names: Sequence[str]) -> float:
    """Say how many times the longest bar the axis is, so that on a phone its label fits beside long names."""
    return 1.6 + 0.085 * max(0, max(map(len, names), default=0) - 10)


def drawn_bars(bars: go.Bar, finding: str, layout: Mapping[str, Any], counted: str = "") -> go.Figure:
    """Draw bars with a finding above them, and below that what is counted.

    All of a layout is given at once: each change of it afterwards would have the whole of it looked through.
    """
    axes = {name: {**layout[name], "fixedrange": True} for name in ("xaxis", "yaxis")}
    margin = {"l": 8, "r": 8, "t": _top_px(counted), "b": 8}
    dress = _dress(finding, counted)
    return go.Figure([bars], {"showlegend": False, "margin": margin, **dress, **layout, **axes})


def _top_px(counted: str) -> int:
    return TITLE_PX + (COUNTED_PX if counted else 0)


def dressed(figure: go.Figure, finding: str) -> go.Figure:
    """Put the finding above a figure, and let whatever ground it stands on shine through."""
    figure.update_layout(_dress(finding))
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure


def _dress(finding: str, counted: str = "") -> dict[str, Any]:
    place = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 6}}
    below = {"subtitle": {"text": counted, "font": {"size": 13}}} if counted else {}
    return {
        "hoverlabel": _HOVER_LABEL,
        "title": {"text": finding, **place, **below},
        "paper_bgcolor": _SEE_THROUGH,
        "plot_bgcolor": _SEE_THROUGH,
        "dragmode": False,
    }


def summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up the numbers of equal names."""
    sums: dict[str, int] = {}
    for name, number in pairs:
        sums[name] = sums.get(name, 0) + number
    return sums


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather what stands under equal names."""
    groups: dict[str, list[str]] = {}
    for name, member in pairs:
        groups.setdefault(name, []).append(member)
    return groups


def ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Keep the largest, largest first, and put the rest together behind them."""
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(largest) <= MOST_BARS:
        return dict(largest)
    rest = sum(number for _, number in largest[MOST_BARS - 1 :])
    return dict(largest[: MOST_BARS - 1]) | {OTHERS: rest}


def ranked_bars(
    finding: str,
    counts: Mapping[str, int],
    colour: str = ACCENT,
    opens: Mapping[str, Sequence[str]] = MappingProxyType({}),
    tips: Mapping[str, str] = MappingProxyType({}),
    counted: str = "",
) -> go.Figure:
    """Draw counts as lying bars, the largest on top; by name, what each stands for and what is told of it."""
    largest = ranked(counts)
    whole = sum(largest.values())
    bars = [
        Bar(name, number, part_of(number, whole), colour, tuple(opens.get(name, ())), tips.get(name, ""))
        for name, number in largest.items()
    ]
    return lying_bars(finding, bars, counted=counted)


def say_ranked(finding: str, counts: Mapping[str, int], counted: str = "") -> str:
    """Say what `ranked_bars` draws."""
    bars = [f"{name} {count(number)}" for name, number in ranked(counts).items()]
    return say_bars(finding, bars, counted)


def say_bars(finding: str, parts: Sequence[str], counted: str = "") -> str:
    """Say a chart in words: its finding, what is counted, then its bars."""
    return " ".join(f"{said}." for said in (finding, counted, "; ".join(parts)) if said)
