"""A confidence ledger, drawn as steps that add up, and as a table that says the same."""

from itertools import accumulate
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from engine.verdict import LedgerLine
from pages.parts.bars import dressed
from pages.parts.colours import ACCENT

LESS_COLOUR = "#D55E00"
SUM_COLOUR = "#8C8C8C"
_STEP_PX = 46
_LABEL_LETTERS = 22
_SUM = "Confidence"
_ROOM = 0.14
"""What part of the scale a number beside a step takes."""


def show_ledger(ledger: tuple[LedgerLine, ...]) -> None:
    """Show a ledger as a picture and as a table, side by side where there is room."""
    drawn, written = st.columns([1, 1], gap="small", vertical_alignment="center")
    with drawn:
        figure = ledger_steps(ledger)
        st.plotly_chart(
            figure,
            key="ledger steps",
            width="stretch",
            config={"displayModeBar": False},
            alt=say_steps(ledger),
        )
    with written:
        st.table(ledger_table(ledger), border="horizontal", hide_index=True)


def ledger_steps(ledger: tuple[LedgerLine, ...]) -> go.Figure:
    """Draw a ledger as a waterfall: a step for each line, from 0 to the confidence."""
    names = [*(_label(line) for line in ledger), _SUM]
    total = sum(line.points for line in ledger)
    steps = go.Waterfall(
        orientation="h",
        measure=[*("relative" for _ in ledger), "total"],
        x=[*(line.points for line in ledger), None],
        y=names,
        text=[*(_signed(line.points) for line in ledger), str(total)],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": ACCENT}},
        decreasing={"marker": {"color": LESS_COLOUR}},
        totals={"marker": {"color": SUM_COLOUR}},
        connector={"line": {"color": SUM_COLOUR, "width": 1}},
        hoverinfo="skip",
    )
    figure = dressed(go.Figure([steps]), "")
    figure.update_layout(
        margin={"l": 8, "r": 36, "t": 8, "b": 8}, height=16 + _STEP_PX * len(names), showlegend=False
    )
    figure.update_xaxes(visible=False, range=_span(ledger))
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False, ticksuffix="  ")
    return figure


def _span(ledger: tuple[LedgerLine, ...]) -> tuple[float, float]:
    """Give the scale of a ledger's steps, with room for the numbers at either end."""
    totals = [0, *accumulate(line.points for line in ledger)]
    low, high = min(totals), max(totals)
    room = _ROOM * (high - low)
    return low - room if low < 0 else low, high + room


def _label(line: LedgerLine) -> str:
    return "<br>".join(wrap(_capital(line.cause), _LABEL_LETTERS, break_on_hyphens=False))


def _capital(cause: str) -> str:
    return cause[:1].upper() + cause[1:]


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "−")


def say_steps(ledger: tuple[LedgerLine, ...]) -> str:
    """Say what `ledger_steps` draws."""
    said = "; ".join(f"{_capital(line.cause)} {_signed(line.points)}" for line in ledger)
    return f"{said}; confidence {sum(line.points for line in ledger)} of 100."


def ledger_table(ledger: tuple[LedgerLine, ...]) -> pd.DataFrame:
    """Write a ledger as rows: what was seen, the points it moved, and the confidence so far."""
    points = pd.Series([line.points for line in ledger], dtype="int64")
    return pd.DataFrame(
        {
            "What was seen": [_capital(line.cause) for line in ledger],
            "Points": [_signed(line.points) for line in ledger],
            "Confidence": [str(total).replace("-", "−") for total in points.cumsum()],
        }
    )
