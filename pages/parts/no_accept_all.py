"""Why a choice that keeps accept-all addresses keeps none: the list's policy calls them something else."""

from collections.abc import Sequence

import streamlit as st

from engine.policy import status_of_accept_all
from engine.reason import Reason
from engine.verdict import Status
from pages.parts.counting import several
from pages.parts.frame import POLICIES, link, plain
from pages.parts.words import STATUSES
from storage.policies import NamedPolicy
from storage.summaries import Summary

_OF_ACCEPT_ALL = (Reason.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY)


def show_no_accept_all(kept: Sequence[Status], named: NamedPolicy, summary: Summary) -> None:
    """Say why nothing more is kept, and where to change it; nothing where that is not so."""
    if said := say_no_accept_all(kept, named, summary):
        st.info(said, icon=":material/rule:")
        link(POLICIES, "Change this policy", ":material/rule:", summary.standing.upload, client=named.name)


def say_no_accept_all(kept: Sequence[Status], named: NamedPolicy, summary: Summary) -> str:
    """Say what the policy calls accept-all addresses, and how many; `""` where that is no matter."""
    called = status_of_accept_all(named.policy)
    if Status.ACCEPT_ALL not in kept or called in kept:
        return ""
    moved = sum(n for status, why, n in summary.by_reason() if why in _OF_ACCEPT_ALL and status not in kept)
    here = several(moved, "address", "addresses") if moved else "none"
    return (
        f"The policy of {plain(named.name)} calls accept-all addresses {STATUSES[called].name} ({here} on "
        "this list), so keeping accept-all keeps no more rows. To keep them, choose another policy above or "
        "change this one."
    )
