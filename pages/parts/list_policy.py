"""By which policy a list is judged, where its results are shown: seen, and changed, in one place."""

import streamlit as st

from pages.parts.frame import POLICIES, link, plain
from pages.parts.judging import show_judging, use_policy
from pages.parts.policy_sayings import policy_title
from runtime import Runtime
from storage.policies import NamedPolicy, all_policies, policy_of_list

_PICKER = "list's policy"
WIDTH_PX = 210
"""Pixels of the choice: the way to Policies has room beside it on a phone too."""


def list_policy(runtime: Runtime, upload: int) -> None:
    """Show the policy of a list with the others to choose from; it is judged again where one is chosen."""
    if show_judging(upload):
        return
    given = policy_of_list(runtime.database, upload)
    known = {named.name: named for named in (NamedPolicy(), *all_policies(runtime.database))}
    st.session_state[_PICKER] = given.name
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Policy",
            list({**known, given.name: given}),
            format_func=policy_title,
            key=_PICKER,
            on_change=_give,
            args=(runtime, upload, known),
            help="What counts as risky. Choosing another one judges this list again, and no other; no mail "
            "host is asked.",
            width=WIDTH_PX,
        )
        link(POLICIES, "Edit policies", ":material/rule:", upload, client=given.name)
    if (now := known.get(given.name)) is None:
        st.caption(f"The policy of {plain(given.name)} was deleted; this list keeps its copy.")
    elif now.policy != given.policy:
        _offer_newer(runtime, upload, now)


def _give(runtime: Runtime, upload: int, known: dict[str, NamedPolicy]) -> None:
    if (chosen := known.get(st.session_state[_PICKER])) is not None:
        use_policy(runtime, upload, chosen)


def _offer_newer(runtime: Runtime, upload: int, now: NamedPolicy) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"The policy of {plain(now.name)} has changed since this list was judged.", width="content"
        )
        st.button(
            "Bring up to date",
            icon=":material/update:",
            on_click=use_policy,
            args=(runtime, upload, now),
            key="bring list up to date",
        )
