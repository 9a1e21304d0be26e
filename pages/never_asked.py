"""Never asked: the people and domains that are never asked about, and left out of exports."""

import streamlit as st

from pages.parts.frame import enter, figures, link_to_help
from pages.parts.listed_sources import download_listed, show_sources
from pages.parts.listed_table import listed_finder, undo_taking_off
from pages.parts.listed_words import EMPTY_STATE, HELD_TO, kind_figures
from pages.parts.listing import show_adding, tell_of_added
from pages.parts.topics import TOPICS, About
from storage.never_asked import count_lines

runtime = enter("Never asked")
undo_taking_off(runtime)
tell_of_added(runtime.database)

counted = count_lines(runtime.database)
total = sum(counted.values())
if not total:
    st.markdown(EMPTY_STATE)
    link_to_help(About.LISTED, TOPICS[About.LISTED].title)
    show_adding(runtime)
    st.stop()
st.write(HELD_TO)
link_to_help(About.LISTED, TOPICS[About.LISTED].title)
figures(kind_figures(counted))
with st.expander("Add to the list", icon=":material/add:"):
    show_adding(runtime)
st.subheader("Who is on it", anchor=False)
listed_finder(runtime)
show_sources(runtime)
download_listed()
