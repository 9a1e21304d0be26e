"""Lists: every list that was handed in, and how far each is."""

import streamlit as st

from pages.parts.deleting import recently_deleted, show_deleting, undo_deleting
from pages.parts.frame import LISTS, NEW_LIST, enter, go, link_to_help
from pages.parts.looking_on import arrive
from pages.parts.planning import show_planning
from pages.parts.renaming import show_naming
from pages.parts.shelf import shelf
from pages.parts.topics import TOPICS, About
from pages.parts.tour import show_tour
from pages.parts.words import SAMPLE
from storage.catalogue import find_lists

runtime = enter("Lists")
arrive()
show_tour(runtime, LISTS)
undo_deleting(runtime)

if not find_lists(runtime.database, limit=0).whole:
    st.write(
        "Winnow tells you which addresses of a mailing list will arrive, by asking each address's own mail "
        "host. It never sends a message, and it shows your list to no one else."
    )
    with st.container(horizontal=True):
        if st.button("Check your first list", type="primary", icon=":material/add:"):
            go(NEW_LIST)
        if runtime.sample and st.button(SAMPLE, icon=":material/grain:"):
            go(NEW_LIST, sample="1")
    show_deleting(runtime)
    recently_deleted(runtime)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    if st.button("New list", type="primary", icon=":material/add:"):
        go(NEW_LIST)
    link_to_help(About.LISTS, TOPICS[About.LISTS].title)
is_asked = show_naming(runtime) or show_deleting(runtime) or show_planning(runtime)
shelf(runtime, is_still=is_asked)
recently_deleted(runtime)
