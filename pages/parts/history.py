"""The earlier checks of an address."""

import pandas as pd
import streamlit as st

from pages.parts.clock import when
from pages.parts.reasons import REASONS
from pages.parts.words import STATUSES
from storage.entry_detail import PastCheck


def say_before(past: tuple[PastCheck, ...]) -> str:
    """Say of what waits for its turn whether it had an answer before."""
    if not past:
        return "It has not been asked about yet."
    last = past[0]
    status = STATUSES[last.status].name.lower()
    return f"It is being asked again. Before, it was {status} ({when(last.settled_at)})."


def show_past(past: tuple[PastCheck, ...]) -> None:
    """Show the checks before the last one, where there are any."""
    if len(past) > 1:
        st.markdown("##### Earlier checks")
        st.table(past_table(past[1:]), border="horizontal", hide_index=True)


def past_table(past: tuple[PastCheck, ...]) -> pd.DataFrame:
    """Write checks as rows: when, and how they ended."""
    return pd.DataFrame(
        {
            "When": [when(check.settled_at) for check in past],
            "Status": [STATUSES[check.status].name for check in past],
            "Reason": [REASONS[check.reason].name for check in past],
            "Times asked": [str(check.attempts) for check in past],
        }
    )
