"""What is shown of a list again and again while it changes by itself, each time as it is then."""

import time
from collections.abc import Callable

import streamlit as st

from pages.parts.cards import LIVE
from runtime import Runtime
from storage.summaries import Summary, summarise
from storage.uploads import UploadState

REFRESH_S = 2
ONE_MOMENT_S = 1.0
_LATEST = "latest summary"


def lively(runtime: Runtime, summary: Summary, show: Callable[[Runtime, Summary], None]) -> None:
    """Show something of a list, again every two seconds while it runs."""
    standing = summary.standing
    _note(summary)
    refresh = REFRESH_S if standing.state in LIVE else None
    st.fragment(_lively, run_every=refresh)(runtime, standing.upload, standing.state, show)


def _lively(
    runtime: Runtime, upload: int, state: UploadState, show: Callable[[Runtime, Summary], None]
) -> None:
    """Ask for the figures and show them; where the list came to another state, begin the whole page anew."""
    summary = _latest(runtime, upload)
    if summary is None or summary.standing.state is not state:
        st.rerun()
    show(runtime, summary)


def _latest(runtime: Runtime, upload: int) -> Summary | None:
    """Give a list's figures of this moment: the parts of a page that are drawn one after the other agree."""
    at, noted = st.session_state.get(_LATEST, (0.0, None))
    if noted is not None and noted.standing.upload == upload and time.monotonic() < at + ONE_MOMENT_S:
        return noted
    summary = summarise(runtime.database, upload)
    if summary is not None:
        _note(summary)
    return summary


def _note(summary: Summary) -> None:
    st.session_state[_LATEST] = time.monotonic(), summary
