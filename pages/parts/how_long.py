"""How long lists will take that are not started yet, and what makes that long."""

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.intake.survey import Survey
from pages.parts.frame import plain
from pages.parts.once import once
from pages.parts.time_left import left_out_before, takes, what_makes_it_long
from runtime import Runtime
from storage.forecasts import forecast_choice
from storage.uploads import Choice

FOR_MOST = " for most addresses"
AT_ONCE = "Nearly all that is needed seems to be known already and still to hold: this should soon be done."
"""What is said where nobody is left to ask, as far as a sample of the addresses tells."""


def tell_how_long(
    runtime: Runtime, surveys: Sequence[Survey], by_domain: Mapping[str, int], choice: Choice
) -> None:
    """Say how long lists take together; `by_domain` counts who is to be checked; nothing where nobody is.

    They are checked alike, so the choice about any of them speaks for all.
    """
    if not by_domain:
        return
    said = once(
        "forecast",
        (tuple(surveys), choice),  # the same surveys are soon told to be the same: they are made once
        lambda: forecast_choice(runtime.database, surveys, by_domain, choice, runtime.settings),
    )
    if said is None:
        is_asking_possible = runtime.settings.is_probing_allowed or choice.is_dns_only
        if is_asking_possible and choice.reuse_days != 0:
            st.markdown(f":material/schedule: **{AT_ONCE}**")
        return
    meant = "" if choice.is_dns_only else left_out_before(runtime.settings)
    st.markdown(f":material/schedule: **{takes(said)}**{FOR_MOST if meant else ''}")
    if told := " ".join(filter(None, (what_makes_it_long(said), meant))):
        st.caption(plain(told))
