"""The navigation: which screens there are, and in which order."""

import streamlit as st

from pages.parts.frame import (
    CHECK_ONE,
    COMPARE,
    DOMAINS,
    EXPORT,
    HELP,
    LISTS,
    NEVER_ASKED,
    NEW_LIST,
    PACE,
    POLICIES,
    PREFLIGHT,
    RESULTS,
    dress,
)
from pages.parts.together import remember_choices

dress()
remember_choices()
screens = [
    st.Page(LISTS, title="Lists", icon=":material/checklist:", default=True),
    st.Page(NEW_LIST, title="New list", icon=":material/add:", url_path="new_list"),
    st.Page(CHECK_ONE, title="Check one", icon=":material/person_search:", url_path="check_one"),
    st.Page(RESULTS, title="Results", icon=":material/insights:", url_path="results"),
    st.Page(DOMAINS, title="Domains", icon=":material/dns:", url_path="domains"),
    st.Page(EXPORT, title="Export", icon=":material/download:", url_path="export"),
    st.Page(POLICIES, title="Policies", icon=":material/rule:", url_path="policies"),
    st.Page(NEVER_ASKED, title="Never asked", icon=":material/block:", url_path="never_asked"),
    st.Page(PREFLIGHT, title="Preflight", icon=":material/flight_takeoff:", url_path="preflight"),
    st.Page(PACE, title="Pace", icon=":material/speed:", url_path="pace"),
    st.Page(HELP, title="Help", icon=":material/help:", url_path="help"),
    st.Page(
        COMPARE, title="Compare", icon=":material/compare_arrows:", url_path="compare", visibility="hidden"
    ),
]
st.navigation(screens).run()
