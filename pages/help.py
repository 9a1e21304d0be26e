"""Help: what Winnow can and cannot know, and what each of its words means."""

import streamlit as st

from pages.parts.frame import enter
from pages.parts.glossary import ask_topic, ask_words, show_help
from pages.parts.tour import offer_tour

runtime = enter("What Winnow can and cannot know")
offer_tour(runtime)
searched, listed = st.columns(2)
with searched:
    words = ask_words()
with listed:
    topic = ask_topic()
show_help(words, topic)
