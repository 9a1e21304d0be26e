"""New list: how many of the addresses handed in nobody is asked about, before anything is started."""

import streamlit as st

from engine.intake.listed import Unasked, count_unasked
from engine.intake.sheet import Sheet
from pages.parts.counting import several
from pages.parts.frame import NEVER_ASKED, POLICIES, link, plain
from pages.parts.once import once
from storage.database import Database
from storage.never_asked import state_of_list
from storage.never_probed import read_never_probed
from storage.uploads import Choice


def tell_of_unasked(database: Database, sheet: Sheet, choice: Choice, shelf: str = "") -> None:
    """Say how many of a list's addresses are never asked, by whose word, and where that is laid down.

    Of one of several files that is remembered on its `shelf`.
    """
    unasked = _count(database, sheet, choice, shelf)
    if unasked.by_list:
        st.info(listed_sentence(unasked.by_list), icon=":material/block:")
        link(NEVER_ASKED, "See your never-asked list", ":material/block:")
    if unasked.by_client:
        st.info(client_sentence(unasked.by_client, choice.policy.name), icon=":material/block:")
        link(POLICIES, "See this policy", ":material/rule:", client=choice.policy.name)


def listed_sentence(listed: int) -> str:
    """Say how many addresses are on the list, and what that means for them."""
    are, they = _WORDS[listed == 1]
    addresses = several(listed, "address", "addresses")
    return f"{addresses} {are} on your never-asked list: {they} {are} not asked, and not exported."


def client_sentence(unasked: int, client: str) -> str:
    """Say how many addresses are at domains of which a client's policy lets nobody be asked."""
    are, they = _WORDS[unasked == 1]
    at = "at a domain" if unasked == 1 else "at domains"
    addresses = several(unasked, "address", "addresses")
    return f"{addresses} {are} {at} that {plain(client)} lets nobody be asked about: {they} {are} not asked."


_WORDS = {True: ("is", "it"), False: ("are", "they")}
"""Verb and pronoun, by whether it is one address."""


def _count(database: Database, sheet: Sheet, choice: Choice, shelf: str) -> Unasked:
    """Count once for a list, its columns, its corrections, the never-asked list's state and the policy."""
    state, own = state_of_list(database), choice.policy.policy.never_probed_domains
    if not (state[0] or own):
        return Unasked()
    read = (sheet.sha256, sheet.sheet_name, sheet.has_header, choice.columns)
    with st.spinner("Looking at whom nobody is asked about …"):
        return once(
            f"unasked{shelf}",
            (*read, choice.corrections, state, own),
            lambda: count_unasked(
                sheet, choice.columns, read_never_probed(database), own, choice.corrections
            ),
        )
