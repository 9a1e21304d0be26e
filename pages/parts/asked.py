"""What a hit in a chart of Results asks its table for: the rows behind a bar, and nothing else besides."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from engine.reason import Reason
from engine.shown_domain import readable
from engine.spelling import as_domain
from engine.verdict import Flag, Status
from pages.parts.charts import BIN_POINTS
from pages.parts.clicks import Hit, ask_for
from pages.parts.frame import plain

ADDRESSES = "addresses"
"""The container that the table stands in."""

WHOLE_SCALE = (0, 100)
STATUS, WORDS, WHERE, REASONS, FLAGS, POINTS = (
    "find status",
    "find words",
    "find where",
    "find reasons",
    "find flags",
    "find confidence",
)
"""The keys of what the table is asked."""

ANYWHERE = "anywhere"
NOTHING = MappingProxyType(
    {STATUS: None, WORDS: "", WHERE: ANYWHERE, REASONS: [], FLAGS: [], POINTS: WHOLE_SCALE}
)
"""What the table is asked where nobody asked it anything: it shows all addresses."""


def show_way_to_addresses() -> None:
    """Offer to bring the table into sight, as it is asked: on a phone it stands far below the charts."""
    st.button(
        "Go to the addresses",
        icon=":material/arrow_downward:",
        type="tertiary",
        on_click=ask_for,
        args=(ADDRESSES, {}),
    )


def clear() -> None:
    """Ask for all addresses."""
    _all_domains()
    st.session_state.update(NOTHING)


def keep_to_domain() -> str:
    """Give the domain that the page's address asks for, and offer to leave it; `""` where it asks for all."""
    domain = as_domain(st.query_params.get("domain", "").lower())
    if domain:
        name = plain(readable(domain))
        st.button(f"Only addresses at {name}", icon=":material/close:", on_click=_all_domains)
    return domain


def _all_domains() -> None:
    st.query_params.pop("domain", None)


_ASKED_OF = "find in"
"""Where the session remembers of which list the table was asked last."""


def ask_of(upload: int) -> None:
    """Ask for all addresses of a list that is not the one asked of last: what is asked belongs to one list.

    The domain in the page's address stays: a link to that list may have brought it.
    """
    if st.session_state.get(_ASKED_OF, upload) != upload:
        st.session_state.update(NOTHING)
    note_asked_of(upload)


def note_asked_of(upload: int) -> None:
    """Note of which list the table is asked from another page: there it stays asked."""
    st.session_state[_ASKED_OF] = upload


def rows_of_status(hit: Hit) -> None:
    """Ask for the addresses of a bar's status."""
    _ask({STATUS: Status(hit.opens[0])})


def rows_of_reason(hit: Hit) -> None:
    """Ask for the addresses of a bar's reason."""
    _ask({REASONS: [Reason(hit.opens[0])]})


def rows_of_flag(flag: Flag, reasons: Sequence[Reason] = ()) -> None:
    """Ask for the addresses of which something else is true; with `reasons`, for those of them alone."""
    _ask({FLAGS: [flag], REASONS: list(reasons)})


def rows_of_points(hit: Hit) -> None:
    """Ask for the addresses of a stretch of the confidence scale."""
    if hit.stretch is not None:
        _ask({POINTS: bins_of(*hit.stretch)})


def bins_of(low: float, high: float) -> tuple[int, int]:
    """Widen a stretch of points to whole bins: what is seen to be touched is found."""
    first, last = (int(min(max(edge, 0), 99)) // BIN_POINTS * BIN_POINTS for edge in (low, high))
    end = last + BIN_POINTS - 1
    return first, 100 if end == 99 else end  # noqa: PLR2004 - the last bin holds 100 too


def _ask(answers: dict[str, object]) -> None:
    _all_domains()
    ask_for(ADDRESSES, {**NOTHING, **answers})
