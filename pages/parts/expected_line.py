"""What may bounce of what is kept, as a line on a page."""

from collections.abc import Collection

import streamlit as st

from engine.expected import expected_bounces
from pages.parts.expectation import HELP, say_expected
from storage.database import Database
from storage.removals import Outcomes
from storage.strata import kept_strata, safe_strata


def tell_expected(database: Database, upload: int, kept: Outcomes, without: Collection[str] = ()) -> None:
    """Say how many messages to what is kept of a list, `without` some providers, may bounce; or nothing."""
    safe = [each for each in safe_strata(database, upload) if each.provider not in without]
    strata = kept_strata(kept, safe)
    if expected := expected_bounces(strata):
        rows = round(sum(each.addresses for each in strata))
        st.markdown(say_expected(expected, rows, "the rows kept"), help=HELP)
