"""Preflight: how this machine stands with mail hosts, and what to mend before a list is asked about."""

import streamlit as st

from pages.parts.frame import enter, offer_dns_only
from pages.parts.standing import look, show, standing_headline
from pages.parts.words import DNS_ONLY

runtime = enter("Preflight", shows_ways_on=False)
st.write(
    "Mail hosts look at who asks before they answer. What they see of this machine decides how many of your "
    "addresses end as unknown."
)
found = look(runtime)
st.header(standing_headline(found), anchor=False)
if found.is_port_open is False:
    st.info(DNS_ONLY, icon=":material/info:")
    offer_dns_only()
show(found)
