"""The lists that a client's policy was given to, and those among them that have an older copy of it."""

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.counting import held, several
from pages.parts.frame import RESULTS, link, plain
from pages.parts.judging import use_policy
from runtime import Runtime
from storage.policies import JudgedList, NamedPolicy, lists_judged_by
from storage.summaries import Standing, standings_of

MOST_SHOWN = 20


def lists_of(runtime: Runtime, client: NamedPolicy) -> None:
    """Show a client's lists; those judged by an older copy of the policy can be brought up to date."""
    found = lists_judged_by(runtime.database, client)
    st.subheader("Lists judged by it", anchor=False)
    if not found:
        st.caption("No list yet. Try it on one above, and use it there.")
        return
    _offer_update(runtime, client, [each.upload for each in found if not each.is_current])
    shown = found[:MOST_SHOWN]
    standings = {each.upload: each for each in standings_of(runtime.database, [one.upload for one in shown])}
    for each in shown:
        if each.upload in standings:
            _show(standings[each.upload], each)
    if more := found[MOST_SHOWN:]:
        st.caption(f"And {several(len(more), 'older list')}.")


def _offer_update(runtime: Runtime, client: NamedPolicy, older: list[int]) -> None:
    if not older:
        return
    are = "is" if len(older) == 1 else "are"
    st.info(
        f"{several(len(older), 'list')} {are} still judged by an older copy of this policy.",
        icon=":material/update:",
    )
    if st.button("Bring up to date", icon=":material/update:", key="bring lists up to date"):
        for upload in older:
            use_policy(runtime, upload, client)
        st.rerun()


def _show(standing: Standing, judged: JudgedList) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        older = "" if judged.is_current else " · older copy of the policy"
        st.markdown(f"**{plain(list_name(standing))}**  \n:small[{held(standing)}{older}]", width="stretch")
        link(RESULTS, "Open", ":material/insights:", standing.upload)
