"""Lists: every list that was handed in, and how far each is."""

import streamlit as st

from pages.parts.cards import LIVE, list_cards
from pages.parts.frame import NEW_LIST, enter, go
from pages.parts.words import SAMPLE
from storage.summaries import standings

REFRESH_S = 2.0

runtime = enter("Lists")
known = standings(runtime.database)

if not known:
    st.write(
        "Winnow tells you which addresses of a mailing list will arrive, by asking each address's own mail "
        "host. It never sends a message, and it shows your list to no one else."
    )
    with st.container(horizontal=True):
        if st.button("Check your first list", type="primary", icon=":material/add:"):
            go(NEW_LIST)
        if runtime.sample and st.button(SAMPLE, icon=":material/grain:"):
            go(NEW_LIST, sample="1")
    st.stop()

is_live = any(standing.state in LIVE for standing in known)


@st.fragment(run_every=REFRESH_S if is_live else None)
def show() -> None:
    """Show all lists as they are now, and look again while any of them is under way."""
    now = standings(runtime.database)
    list_cards(now)
    if is_live and not any(standing.state in LIVE for standing in now):
        st.rerun()


if st.button("New list", type="primary", icon=":material/add:"):
    go(NEW_LIST)
show()
