"""Which list a page is about: the list picker, and how lists are told apart by name."""

import streamlit as st

from pages.parts.clock import day_and_time
from pages.parts.counting import several
from pages.parts.frame import LISTS, NEW_LIST, link
from runtime import Runtime
from storage.summaries import Standing, Summary, standings, summarise

_PICKER = "list picker"


_SEEN_LAST = "list seen last"


def chosen_list(runtime: Runtime) -> Summary | None:
    """Show the list picker and give the chosen list's figures; without any list, show the way to a new one.

    The choice stands in the address (`?list=ID`); without one there it is the list seen last, or the newest.
    Where the address names a list that is not there, nothing is shown but the lists there are.
    """
    known = {standing.upload: standing for standing in standings(runtime.database)}
    if not known:
        st.write("There is no list yet.")
        link(NEW_LIST, "New list", ":material/add:")
        return None
    chosen = _asked_for(list(known))
    with st.container():  # so that the picker stays where it stands
        if chosen is None:
            st.warning("There is no such list. Choose one of yours.", icon=":material/search_off:")
    st.session_state[_PICKER] = chosen
    st.selectbox(
        "List",
        list(known),
        index=None if chosen is None else 0,
        format_func=lambda upload: _line(known[upload]) if upload in known else "",
        key=_PICKER,
        on_change=_remember_pick,
        placeholder="Choose a list",
    )
    if chosen is None:
        link(LISTS, "All lists", ":material/checklist:")
        return None
    _remember(chosen)
    if _is_sample(runtime, known[chosen]):
        st.caption(":material/science: This is the sample list: its addresses are made up.")
    return summarise(runtime.database, chosen)


def _is_sample(runtime: Runtime, standing: Standing) -> bool:
    """Tell whether a list is the demo's own, by the name of its file."""
    return runtime.sample is not None and standing.name == runtime.sample()[0]


def _asked_for(uploads: list[int]) -> int | None:
    """Tell which list is asked for: by the address, by what was seen last, or else the newest."""
    asked = st.query_params.get("list", "")
    if asked:
        return next((upload for upload in uploads if str(upload) == asked), None)
    seen: int = st.session_state.get(_SEEN_LAST, uploads[0])
    return seen if seen in uploads else uploads[0]


def _remember(upload: int) -> None:
    st.session_state[_SEEN_LAST] = upload
    if st.query_params.get("list") != str(upload):
        st.query_params["list"] = str(upload)


def _remember_pick() -> None:
    if (picked := st.session_state[_PICKER]) is not None:
        st.query_params.pop("domain", None)  # it was asked of the list before
        _remember(picked)


def _line(standing: Standing) -> str:
    parts = [list_name(standing), day_and_time(standing.created_at), several(standing.rows, "row")]
    return ", ".join(parts)


def list_name(standing: Standing) -> str:
    """Name a list as its owner does, else so that no two look alike: its sheet, and which check it is."""
    if standing.title:
        return standing.title
    sheet = f" ({standing.sheet_name})" if standing.sheet_name else ""
    return ", ".join(part for part in (standing.name + sheet, check_name(standing)) if part)


def check_name(standing: Standing) -> str:
    """Say which check of the same list it is, "second check"; nothing of the first one."""
    if standing.check == 1:
        return ""
    ordinal = _ORDINALS.get(standing.check)
    return f"{ordinal} check" if ordinal else f"check no. {standing.check}"


_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
