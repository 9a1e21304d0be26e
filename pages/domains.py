"""Domains: where a list's addresses have their mail, how well that is set up, and which cause trouble."""

import streamlit as st

from pages.parts.asked_domains import DOMAINS
from pages.parts.choice import chosen_list
from pages.parts.domain_table import domain_finder
from pages.parts.frame import enter, link_to_help
from pages.parts.health import domain_charts, domain_headline, health, say_unresolved
from pages.parts.kept import kept_domains
from pages.parts.stakes import stakes
from pages.parts.topics import TOPICS, About

runtime = enter("Domains")
summary = chosen_list(runtime)
if summary is None:
    st.stop()
standing = summary.standing
board = kept_domains(runtime.database, standing)
if not board.domains:
    st.info("This list names no domain: none of its texts is an address.", icon=":material/info:")
    st.stop()
st.header(domain_headline(board), anchor=False)
with st.container():  # it goes once all are looked up: the search below stays where it stands
    if unresolved := say_unresolved(board):
        st.caption(unresolved)
link_to_help(About.DOMAINS, TOPICS[About.DOMAINS].title)
stakes(runtime.database, standing)
st.subheader("Where they have their mail", anchor=False)
domain_charts(board)
st.subheader("How well they are set up", anchor=False)
health(runtime.database, standing)
with st.container(key=DOMAINS):
    st.subheader("All domains", anchor=False)
    domain_finder(runtime.database, standing.upload, board.domains)
