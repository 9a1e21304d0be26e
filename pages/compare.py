"""Compare: what became of the addresses of one list in another, such as its next check."""

import streamlit as st

from pages.parts.cards import NOT_WHOLE
from pages.parts.comparing import choose_two, comparison
from pages.parts.frame import LISTS, enter, link
from storage.summaries import standings

runtime = enter("Compare")
link(LISTS, "All lists", ":material/arrow_back:")
known = [standing for standing in standings(runtime.database) if standing.state not in NOT_WHOLE]
if len(known) < 2:  # noqa: PLR2004 - to compare takes two
    st.info("There is no other list to compare with yet.", icon=":material/compare_arrows:")
    st.stop()
two = choose_two(known)
if two is not None:
    comparison(runtime, *two)
