"""What is shown of a list again and again while it changes by itself, each time as it is then."""

from collections.abc import Callable

import streamlit as st

from pages.parts.cards import LIVE
from runtime import Runtime
from storage.summaries import Summary, summarise
from storage.uploads import UploadState

REFRESH_S = 2


def lively(runtime: Runtime, summary: Summary, show: Callable[[Runtime, Summary], None]) -> None:
    """Show something of a list, again every two seconds while it runs."""
    standing = summary.standing
    refresh = REFRESH_S if standing.state in LIVE else None
    st.fragment(_lively, run_every=refresh)(runtime, standing.upload, standing.state, show)


def _lively(
    runtime: Runtime, upload: int, state: UploadState, show: Callable[[Runtime, Summary], None]
) -> None:
    """Ask for the figures and show them; where the list came to another state, begin the whole page anew."""
    summary = summarise(runtime.database, upload)
    if summary is None or summary.standing.state is not state:
        st.rerun()
    show(runtime, summary)
