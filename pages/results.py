"""Results: how a list turned out, live while it runs, down to what was said about a single address."""

import streamlit as st

from pages.parts.asked import ADDRESSES
from pages.parts.board import board
from pages.parts.choice import chosen_list
from pages.parts.finder import address_finder
from pages.parts.frame import RESULTS, enter
from pages.parts.glance import glance
from pages.parts.list_policy import list_policy
from pages.parts.looking_on import arrive
from pages.parts.mistyped import offer_to_fix
from pages.parts.planning import show_plan, show_planning
from pages.parts.safe_rows import tell_of_other_rows
from pages.parts.state_words import NOT_BEGUN, is_nothing_known
from pages.parts.steering import steering
from pages.parts.telling import offer_to_tell, tell_if_ended
from pages.parts.tour import show_tour

runtime = enter("Results")
arrive()
show_tour(runtime, RESULTS)
which, judged = st.columns(2)
with which:
    summary = chosen_list(runtime)
if summary is None:
    st.stop()
with judged:
    list_policy(runtime, summary.standing.upload)
show_planning(runtime)
with st.container():  # its length changes as a list ends; what is typed below stays where it stands
    glance(runtime, summary)
    others = st.container()
    steering(runtime, summary)
    offer_to_fix(runtime, summary)
    show_plan(runtime, summary.standing)
    offer_to_tell(summary.standing)
with st.container():
    if is_nothing_known(summary):
        st.caption(NOT_BEGUN)
    else:
        board(runtime, summary)
if summary.standing.entries:
    with st.container(key=ADDRESSES):
        st.subheader("Addresses", anchor=False)
        address_finder(runtime, summary)
tell_if_ended(summary.standing)
with others:  # filled last: a look at rows with several addresses may take a moment
    tell_of_other_rows(runtime.database, summary)
