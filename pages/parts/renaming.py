"""Gives a list another name, in a dialog that stays until it is answered."""

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.frame import plain
from pages.parts.question import Question
from runtime import Runtime
from storage.catalogue import LONGEST_NAME, UnusableName, rename_list
from storage.summaries import Standing

NAMING: Question[Standing] = Question("name asked")
"""Which name a list is to have."""


def show_naming(runtime: Runtime) -> bool:
    """Show the question where one was asked, and tell whether it is open."""
    return NAMING.show(lambda standing: _dialog(runtime, standing))


@st.dialog("Rename this list", on_dismiss=NAMING.answered)
def _dialog(runtime: Runtime, standing: Standing) -> None:
    with st.form("rename", border=False):
        name = st.text_input("Name", list_name(standing), max_chars=LONGEST_NAME)
        st.caption(plain(f"The file it came from stays {standing.name}."))
        is_sent = st.form_submit_button("Rename", type="primary")
    if is_sent:
        _rename(runtime, standing.upload, name)


def _rename(runtime: Runtime, upload: int, name: str) -> None:
    try:
        rename_list(runtime.database, upload, name)
    except UnusableName as error:
        st.error(f"{error}.", icon=":material/error:")
        return
    NAMING.answered()
    st.rerun()
