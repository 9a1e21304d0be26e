"""The navigation: which screens there are, and in which order."""

import streamlit as st

from pages.parts.frame import (
    COMPARE,
    DOMAINS,
    EXPORT,
    LISTS,
    NEW_LIST,
    PACE,
    POLICIES,
    PREFLIGHT,
    RESULTS,
    dress,
)

dress()
screens = [
    st.Page(LISTS, title="Lists", icon=":material/checklist:", default=True),
    st.Page(NEW_LIST, title="New list", icon=":material/add:", url_path="new_list"),
    st.Page(RESULTS, title="Results", icon=":material/insights:", url_path="results"),
    st.Page(DOMAINS, title="Domains", icon=":material/dns:", url_path="domains"),
    st.Page(EXPORT, title="Export", icon=":material/download:", url_path="export"),
    st.Page(POLICIES, title="Policies", icon=":material/rule:", url_path="policies"),
    st.Page(PREFLIGHT, title="Preflight", icon=":material/flight_takeoff:", url_path="preflight"),
    st.Page(PACE, title="Pace", icon=":material/speed:", url_path="pace"),
    st.Page(
        COMPARE, title="Compare", icon=":material/compare_arrows:", url_path="compare", visibility="hidden"
    ),
]
st.navigation(screens).run()
