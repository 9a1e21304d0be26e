"""Help: what Winnow can and cannot know, and what each of its words means."""

import streamlit as st

from pages.parts.frame import enter
from pages.parts.glossary import ask_words, show_help
from pages.parts.tour import offer_tour

runtime = enter("What Winnow can and cannot know")
offer_tour(runtime)
show_help(ask_words(), st.query_params.get("about", ""))
