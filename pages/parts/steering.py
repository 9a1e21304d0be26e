"""Start, pause, resume and end a list, and the ways on from it."""

from collections.abc import Callable

import streamlit as st

from engine.work_queue import Notice
from pages.parts.counting import several
from pages.parts.frame import DOMAINS, EXPORT, PACE, link, notice_of
from pages.parts.words import DNS_ONLY
from runtime import Runtime
from storage.summaries import Standing
from storage.uploads import UploadState

_ASKED = "cancel asked"


def steering(runtime: Runtime, standing: Standing) -> None:
    """Show what can be done with a list just now, and where to go from here."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _ACTIONS.get(standing.state, _nothing)(runtime, standing)
        link(EXPORT, "Export", ":material/download:", standing.upload)
        link(DOMAINS, "Domains", ":material/dns:", standing.upload)
        if standing.state is UploadState.RUNNING:
            link(PACE, "Pace", ":material/speed:")


def _nothing(_runtime: Runtime, _standing: Standing) -> None:
    """Nothing can be done with a list that has ended."""


def _ready(runtime: Runtime, standing: Standing) -> None:
    if st.button("Start", icon=":material/play_arrow:", type="primary"):
        _act("Starting", runtime.start_upload, standing.upload)
    _offer_to_end(runtime, standing)


def _running(runtime: Runtime, standing: Standing) -> None:
    if st.button("Pause", icon=":material/pause:"):
        _act("Pausing", runtime.pause_upload, standing.upload)
    _offer_dns_only(runtime, standing)
    _offer_to_end(runtime, standing)


def _offer_dns_only(runtime: Runtime, standing: Standing) -> None:
    """Offer to go on by DNS alone while no mail host can be reached."""
    if standing.is_dns_only or notice_of(runtime) is not Notice.PORT_CLOSED:
        return
    if st.button("Go on by DNS only", icon=":material/dns:", help=DNS_ONLY):
        _act("Going on by DNS only", runtime.check_by_dns_only, standing.upload)


def _paused(runtime: Runtime, standing: Standing) -> None:
    if st.button("Resume", icon=":material/play_arrow:", type="primary"):
        _act("Starting", runtime.start_upload, standing.upload)
    _offer_to_end(runtime, standing)


_ACTIONS = {
    UploadState.READY: _ready,
    UploadState.RUNNING: _running,
    UploadState.PAUSED: _paused,
}


def _offer_to_end(runtime: Runtime, standing: Standing) -> None:
    """Offer to cancel; the question stays until it is answered, whatever else redraws the page."""
    st.button("Cancel", icon=":material/block:", on_click=_ask, args=(standing.upload,))
    if st.session_state.get(_ASKED) == standing.upload:
        _ask_once_more(runtime, standing)


def _ask(upload: int) -> None:
    st.session_state[_ASKED] = upload


def _answered() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Cancel this list?", on_dismiss=_answered)
def _ask_once_more(runtime: Runtime, standing: Standing) -> None:
    st.write(
        f"Without an answer so far: {several(standing.waiting, 'address', 'addresses')}. They become Unknown"
        " and are not asked about; answers that are there already stay. This cannot be taken back."
    )
    with st.container(horizontal=True):
        if st.button("Cancel the list"):
            _answered()
            _act("Cancelling", runtime.cancel_upload, standing.upload)
        if st.button("Keep it", type="primary"):
            _answered()
            st.rerun()


def _act(saying: str, action: Callable[[int], None], upload: int) -> None:
    """Do it, however long a large list takes, then show the page anew."""
    with st.spinner(f"{saying} …"):
        action(upload)
    st.rerun()
