"""The lists as they are looked through: searched, put in order, some at a time."""

import streamlit as st

from pages.parts.cards import LIVE, list_cards
from pages.parts.counting import count, several
from runtime import Runtime
from storage.catalogue import Order, find_lists
from storage.summaries import standings_of

HANDFUL = 5
"""So many lists are seen at a glance, without a search."""
AT_ONCE = 20
REFRESH_S = 2.0
_SHOWN = "lists shown"

_ORDERS = {Order.NEWEST: "Newest", Order.NAME: "Name", Order.SIZE: "Size"}


def shelf(runtime: Runtime, *, is_still: bool) -> None:
    """Show the lists, again every two seconds while any in sight is under way, unless it is to keep still."""
    words, order = _ask(find_lists(runtime.database, limit=0).whole)
    refresh = REFRESH_S if not is_still and _is_live(runtime, words, order) else None
    st.fragment(_shelf, run_every=refresh)(runtime, words, order, is_live=refresh is not None)


def _is_live(runtime: Runtime, words: str, order: Order) -> bool:
    found = find_lists(runtime.database, words, order, _shown())
    return any(each.state in LIVE for each in standings_of(runtime.database, found.uploads))


def _ask(whole: int) -> tuple[str, Order]:
    """Ask what is looked for and how it is to be put in order, where there are more than a handful."""
    if whole <= HANDFUL:
        return "", Order.NEWEST
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", placeholder="Part of a list's name", key="find list")
        order = st.segmented_control(
            "Order",
            list(Order),
            default=Order.NEWEST,
            required=True,
            format_func=_ORDERS.__getitem__,
            key="order",
        )
    return words, order or Order.NEWEST


def _shown() -> int:
    shown: int = st.session_state.get(_SHOWN, AT_ONCE)
    return shown


def _shelf(runtime: Runtime, words: str, order: Order, *, is_live: bool) -> None:
    """Show the lists found; where the last of them came to its end, begin the whole page anew."""
    found = find_lists(runtime.database, words, order, _shown())
    now = standings_of(runtime.database, found.uploads)
    if not now:
        st.info("No list is called that.", icon=":material/search_off:")
    list_cards(runtime, now, is_only=found.whole == 1)
    if found.fitting > len(now):
        _offer_more(len(now), found.fitting)
    if is_live and not any(each.state in LIVE for each in now):
        st.rerun()


def _offer_more(shown: int, fitting: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Show more", icon=":material/expand_more:"):
            st.session_state[_SHOWN] = shown + AT_ONCE
            st.rerun()
        st.caption(f"{count(shown)} of {several(fitting, 'list')}", width="content")
