"""New list: how many of the addresses handed in are on the never-asked list, before anything is started."""

from collections.abc import Sequence

import streamlit as st

from engine.intake.correction import Correction
from engine.intake.listed import count_listed
from engine.intake.sheet import Sheet
from pages.parts.counting import several
from pages.parts.frame import NEVER_ASKED, link
from pages.parts.once import once
from storage.database import Database
from storage.never_asked import state_of_list
from storage.never_probed import read_never_probed


def tell_of_listed(
    database: Database, sheet: Sheet, columns: Sequence[str], corrections: Sequence[Correction]
) -> None:
    """Say how many of a list's addresses are never asked and never exported, and where that is laid down."""
    if listed := _count(database, sheet, columns, corrections):
        st.info(listed_sentence(listed), icon=":material/block:")
        link(NEVER_ASKED, "See your never-asked list", ":material/block:")


def listed_sentence(listed: int) -> str:
    """Say how many addresses are on the list, and what that means for them."""
    are, they = ("is", "it is") if listed == 1 else ("are", "they are")
    addresses = several(listed, "address", "addresses")
    return f"{addresses} {are} on your never-asked list: {they} not asked, and not exported."


def _count(
    database: Database, sheet: Sheet, columns: Sequence[str], corrections: Sequence[Correction]
) -> int:
    """Count once for a list, its columns, its corrections and the state of the never-asked list."""
    state = state_of_list(database)
    if not state[0]:
        return 0
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, tuple(columns), tuple(corrections), state)
    with st.spinner("Looking at your never-asked list …"):
        return once(
            "listed", key, lambda: count_listed(sheet, columns, read_never_probed(database), corrections)
        )
