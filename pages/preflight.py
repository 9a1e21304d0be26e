"""Preflight: how this machine stands with mail hosts, and what to mend before a list is asked about."""

import streamlit as st

from pages.parts.frame import PACE, enter, link, link_to_help, offer_dns_only
from pages.parts.standing import look, say_refusals, show, standing_headline
from pages.parts.topics import TOPICS, About
from pages.parts.words import DNS_ONLY

runtime = enter("Preflight", shows_ways_on=False)
st.write(
    "Mail hosts look at who asks before they answer. What they see of this machine decides how many of your "
    "addresses end as unknown."
)
link_to_help(About.STANDING, TOPICS[About.STANDING].title)
found = look(runtime)
refused = say_refusals(runtime.database)
st.header(standing_headline(found, refused), anchor=False)
if found.is_port_open is False:
    st.info(DNS_ONLY, icon=":material/info:")
    offer_dns_only()
if refused:
    st.warning(refused, icon=":material/front_hand:")
    link(PACE, "See how many addresses wait for that", ":material/speed:")
show(found)
