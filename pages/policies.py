"""Policies: what each client wants called risky, tried on a list before it is saved."""

import streamlit as st

from pages.parts.clients import chosen_client, naming_and_deleting
from pages.parts.frame import enter, link_to_help
from pages.parts.policy_editor import edit, show_saving
from pages.parts.policy_lists import lists_of
from pages.parts.policy_preview import preview
from pages.parts.policy_sayings import show_usual
from pages.parts.topics import TOPICS, About

runtime = enter("Policies")
st.write(
    "A policy says what counts as risky for a client. Each list is judged by one; a list that was given none "
    "is judged by the usual policy. Changing a policy asks no mail host anything."
)
link_to_help(About.POLICIES, TOPICS[About.POLICIES].title)
naming_and_deleting(runtime)
client = chosen_client(runtime)
if client is None:
    show_usual()
    st.stop()
editor, tried = st.columns([3, 2], gap="large")
with editor:
    draft = edit(client)
beside_save = show_saving(runtime, client, draft)
with tried:
    found = preview(runtime, client, draft)
if found and draft != client.policy:
    beside_save.caption(found, width="content")
lists_of(runtime, client)
