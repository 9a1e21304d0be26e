"""Rows that hold several addresses: which of them decides, what is said of that, and what it would keep."""

import streamlit as st

from engine.value import replace
from pages.parts.cards import LIVE
from pages.parts.counting import several
from pages.parts.once import stay
from pages.parts.presets import PRESET, STATUSES_KEPT
from pages.parts.segment import kept_by_another
from storage.database import Database
from storage.removals import rows_with_several
from storage.selection import Decides, Selection
from storage.summaries import Summary

DECIDES = "which address decides"
"""The key of the choice."""

CHOICES = {
    Decides.FIRST: "by its first address",
    Decides.ANY: "if any of its addresses may be kept",
}


def remember_choices() -> None:
    """Keep what was chosen on Export while other pages are shown."""
    stay(PRESET, STATUSES_KEPT, DECIDES)


def choose_decides(summary: Summary) -> Decides:
    """Offer the choice where a list has rows with several addresses; else the first one decides."""
    if not rows_with_several(summary):
        return Decides.FIRST
    st.session_state.setdefault(DECIDES, Decides.FIRST)
    return st.segmented_control(
        "A row with several addresses is kept",
        list(CHOICES),
        format_func=CHOICES.__getitem__,
        key=DECIDES,
        required=True,
        help="Any of its addresses: the first of them that may be kept is the one to write to. The column "
        "send_to holds it, and the other columns that Winnow adds speak of it.",
    )


def show_shared(summary: Summary, selection: Selection) -> None:
    """Say how a list's rows with several addresses are treated, if it has any."""
    if shared := rows_with_several(summary):
        st.caption(shared_sentence(shared, selection))


def shared_sentence(rows: int, selection: Selection) -> str:
    """Say which address of so many rows decides, and which columns tell of it and of the others."""
    where = f"Several addresses stand together in {several(rows, 'row')}."
    if selection.decides is Decides.FIRST:
        return (
            f"{where} What was found of the first one decides; the column other_results tells of the others."
        )
    new = " and that no row above is written to" if selection.writes_once else ""
    return (
        f"{where} The first one that may be kept{new} is the one to write to: it stands in the column "
        "send_to, and status, reason and the other added columns speak of it; other_results tells of the "
        "others."
    )


def offer_others(database: Database, summary: Summary, selection: Selection) -> None:
    """Offer to keep the rows that go by their first address, though another of theirs may be kept.

    While a list changes by itself nothing is offered: some first addresses have no answer yet.
    """
    is_settled = summary.standing.state not in LIVE and rows_with_several(summary) > 0
    if not is_settled or selection.decides is not Decides.FIRST:
        return
    if rows := kept_by_another(database, summary, selection):
        st.info(others_sentence(rows), icon=":material/alternate_email:")
        label = "Keep this row too" if rows == 1 else "Keep these rows too"
        st.button(label, icon=":material/playlist_add:", key="keep by any", on_click=_let_any_decide)


def others_sentence(rows: int) -> str:
    """Say how many rows go for their first address, though they need not."""
    go, their = ("goes", "its") if rows == 1 else ("go", "their")
    return (
        f"{several(rows, 'row')} {go} because of {their} first address, though another of {their} addresses "
        "may be kept."
    )


def _let_any_decide() -> None:
    st.session_state[DECIDES] = Decides.ANY


def by_status_sentence(summary: Summary, selection: Selection) -> str:
    """Say in which file of a zip rows with several addresses stand; `""` where there are none."""
    if not rows_with_several(summary):
        return ""
    whose = "its first address"
    if selection.decides is Decides.ANY:
        whose = "its best address, which send_to holds; duplicates stand there too"
    return f"A row with several addresses stands in the file of {whose}."


def for_every_row(selection: Selection) -> Selection:
    """Give what keeps all rows but those never to be asked: where any address decides, by the best one."""
    by_best = Decides.FIRST if selection.decides is Decides.FIRST else Decides.BEST
    return replace(Selection(), keeps_listed=selection.keeps_listed, decides=by_best)
