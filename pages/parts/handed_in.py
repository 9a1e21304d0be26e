"""Lists that were handed in before: told of before they are checked once more."""

import streamlit as st

from engine.intake.sheet import Sheet
from pages.parts.clock import when
from pages.parts.frame import RESULTS, link
from pages.parts.state_words import state_in_words
from storage.database import Database
from storage.summaries import summarise
from storage.uploads import Choice, continuation_of, find_upload


def tell_of_earlier(database: Database, sheet: Sheet, choice: Choice) -> bool:
    """Say when the same list was handed in to be checked alike, and how that stands; tell whether it was."""
    earlier = find_upload(database, continuation_of(sheet, choice))
    known = None if earlier is None else summarise(database, earlier)
    if known is None:
        return False
    st.info(
        f"You handed in this list before, {when(known.standing.created_at)}. "
        f"It stands at: {state_in_words(database, known.standing).lower()}.",
        icon=":material/history:",
    )
    link(RESULTS, "Open that one", ":material/insights:", earlier)
    return True
