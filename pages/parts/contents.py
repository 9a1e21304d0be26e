"""What a list holds, before it is started: its figures, what was cleaned, and what is malformed."""

import streamlit as st

from engine.intake.survey import Survey
from pages.parts.corrections import show_cleaned
from pages.parts.counting import count
from pages.parts.frame import figures
from pages.parts.survey_words import aliases_line, bad_cells, survey_figures, survey_line


def show_contents(found: Survey, empty: int) -> None:
    """Show what the chosen columns hold; `empty` rows hold nothing in any of them."""
    figures(survey_figures(found, empty))
    st.caption(survey_line(found, empty))
    show_faults(found)


def show_faults(found: Survey) -> None:
    """Show what was cleaned, what stands there in several spellings, and what is malformed."""
    if other_spellings := aliases_line(found):
        st.caption(other_spellings)
    show_cleaned(found.cleaned)
    if found.malformed:
        with st.expander(f"What is malformed ({count(found.malformed)})"):
            st.dataframe(bad_cells(found), hide_index=True)
