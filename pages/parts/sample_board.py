"""A list of which a sample is checked first: how far that is, and what it tells of the whole list."""

import pandas as pd
import streamlit as st

from engine.expected import Share
from engine.sample_estimate import SampleEstimate
from engine.verdict import Status
from pages.parts.clock import when
from pages.parts.counting import count, several
from pages.parts.expectation import in_percent, one_in, span
from pages.parts.starting import say_sample
from pages.parts.words import STATUSES
from runtime import Runtime
from storage.sampling import SampleStanding, sample_standing
from storage.summaries import Standing
from storage.uploads import UploadState

LEAST_TOLD = 30
"""Fewer answers say too little to be shown."""
HELP = (
    "If a message went to every address of this list as it is. The range holds the true share 19 times out "
    "of 20: it allows for the addresses that are not in the sample, and for what is assumed of each kind of "
    "address, as there are no outcomes of your own mailings yet."
)


def sample_board(runtime: Runtime, standing: Standing) -> None:
    """Show how far a list's sample is, and what it tells of the whole list as soon as it tells enough."""
    sample = sample_standing(runtime.database, standing.upload)
    st.header(sample_headline(sample), anchor=False)
    if sample.is_through:
        st.caption(say_what_it_rests_on(sample))
    else:
        _show_progress(standing, sample)
    told = sample.estimate
    if told is not None and told.answered >= LEAST_TOLD:
        _show_estimate(told, sample)


def sample_headline(sample: SampleStanding) -> str:
    """Say the one thing about a sample that its list's owner wants to know."""
    if not sample.is_through or sample.estimate is None:
        return f"Checking a {say_sample(sample.drawn, sample.whole)}"
    valid = sample.estimate.statuses[Status.VALID]
    return f"About {_rough(valid.point * sample.whole)} of {count(sample.whole)} addresses are safe to send"


def say_what_it_rests_on(sample: SampleStanding) -> str:
    """Say of whom the figures are, and that nobody else was asked yet."""
    return (
        f"By a {say_sample(sample.drawn, sample.whole)}, picked by provider and by the size of domains, and "
        "weighed as these stand in the list. Duplicates and malformed ones are left out. Nobody else has "
        "been asked yet."
    )


def _rough(number: float) -> str:
    """Round what is only estimated: to two figures, to three where the first is a one."""
    whole = round(number)
    figures = 3 if str(whole).startswith("1") else 2
    return count(round(whole, figures - len(str(whole))))


def _show_progress(standing: Standing, sample: SampleStanding) -> None:
    answered = sample.drawn - sample.waiting
    st.progress(answered / sample.drawn, text=progress_of(standing, sample))
    if put_off := say_put_off(standing, sample):
        st.caption(put_off)


def progress_of(standing: Standing, sample: SampleStanding) -> str:
    """Say how far the sample is: "124 checked · sample of 200 of 12,345 addresses"."""
    checked = f"{count(sample.drawn - sample.waiting)} checked"
    paused = ["paused"] if standing.state is UploadState.PAUSED else []
    return " · ".join([checked, say_sample(sample.drawn, sample.whole), *paused])


def say_put_off(standing: Standing, sample: SampleStanding, now: float | None = None) -> str:
    """Say of those in the sample whom their hosts want back later, and that nobody has to wait for them."""
    if sample.first_at is None or standing.state is not UploadState.RUNNING:
        return ""
    waiting = several(sample.put_off, "address waits", "addresses wait")
    again = "; it is asked again" if sample.put_off == 1 else ", the first"
    return (
        f"{waiting} for hosts that ask us to come back later{again} {when(sample.first_at, now)}. "
        "You need not wait for that: what is below holds without them, and you can check the rest now."
    )


def _show_estimate(told: SampleEstimate, sample: SampleStanding) -> None:
    st.markdown(say_bounces(told, sample), help=HELP)
    st.table(status_table(told, sample.whole), border="horizontal", hide_index=True)


def say_bounces(told: SampleEstimate, sample: SampleStanding) -> str:
    """Say what is expected to bounce of the whole list as it is."""
    so_far = "" if sample.is_through else "So far: "
    return (
        f"{so_far}**If you mailed the whole list as it is, about {one_in(told.bounces.point)} messages would "
        f"bounce ({span(told.bounces)}).**"
    )


def status_table(told: SampleEstimate, whole: int) -> pd.DataFrame:
    """Set out what part of the list is expected to have which status, and how many addresses that is."""
    shown = [(status, share) for status, share in told.statuses.items() if share.point > 0]
    return pd.DataFrame(
        {
            "Status": [STATUSES[status].name for status, _ in shown],
            "Of the whole list": [f"{in_percent(share.point)} % ({span(share)})" for _, share in shown],
            "Addresses": [_between(share, whole) for _, share in shown],
        }
    )


def _between(share: Share, whole: int) -> str:
    return f"{_rough(share.low * whole)} to {_rough(share.high * whole)}"
