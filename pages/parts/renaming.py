"""Gives a list another name, in a dialog that stays until it is answered."""

from typing import NoReturn

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.frame import plain
from runtime import Runtime
from storage.catalogue import LONGEST_NAME, UnusableName, rename_list
from storage.summaries import Standing

_ASKED = "name asked"


def ask_for_name(standing: Standing) -> NoReturn:
    """Have the whole page drawn anew with the question for a list's name."""
    st.session_state[_ASKED] = standing
    st.rerun()


def show_naming(runtime: Runtime) -> bool:
    """Show the question where one was asked, and tell whether it is open."""
    asked = st.session_state.get(_ASKED)
    if asked is not None:
        _dialog(runtime, asked)
    return asked is not None


def _answered() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Rename this list", on_dismiss=_answered)
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
    _answered()
    st.rerun()
