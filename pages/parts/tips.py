"""What statuses, reasons and flags mean, as tooltips: beside fields, in the heads of tables, on bars."""

from collections.abc import Iterable
from textwrap import wrap

from engine.reason import Reason
from engine.verdict import Flag
from pages.parts.reasons import REASONS
from pages.parts.words import FLAGS, STATUSES, Saying

_MOST = 8
"""A longer tooltip is not read: Help tells of the others."""
_BAR_SIGNS = 48
"""The most characters of a line in a tooltip of a chart, which breaks none by itself."""


def tip_of(sayings: Iterable[Saying]) -> str:
    """Write sayings below each other, each name with what it means; of many only the first."""
    told = list(dict.fromkeys(sayings))
    lines = [f"**{saying.name}**: {saying.advice}" for saying in told[:_MOST]]
    return "\n\n".join([*lines, *(["Help tells of the others."] if len(told) > _MOST else [])])


def statuses_tip() -> str:
    """Say what each status means."""
    return tip_of(STATUSES.values())


def reasons_tip(reasons: Iterable[Reason]) -> str:
    """Say what these reasons mean."""
    return tip_of(REASONS[reason] for reason in reasons)


def flags_tip(flags: Iterable[Flag]) -> str:
    """Say what these flags mean."""
    return tip_of(FLAGS[flag] for flag in flags)


def on_a_bar(saying: Saying) -> str:
    """Write a saying for a chart's tooltip, in lines."""
    return "<br>".join([f"<b>{saying.name}</b>", *wrap(saying.advice, _BAR_SIGNS)])
