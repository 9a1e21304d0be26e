"""Whether a list is ready to send: said of the whole list and of a choice, with why not and what to do."""

from collections.abc import Sequence

import streamlit as st

from engine.policy import Policy
from engine.readiness import (
    SAFE_ONLY,
    WHOLE_LIST,
    Concern,
    Doubt,
    Readiness,
    readiness_of,
)
from engine.readiness_words import said_of
from engine.value import value
from engine.verdict import Status
from pages.parts.counting import several
from pages.parts.expectation import span
from pages.parts.frame import EXPORT, link
from pages.parts.kept import kept_counts
from pages.parts.steering import ENDED
from pages.parts.words import STATUSES, TOMORROW, Saying
from storage.database import Database
from storage.policies import policy_of_list
from storage.summaries import Standing

ADVICE = {
    Doubt.NOBODY: "Check another list, or ask again about those that are unknown.",
    Doubt.UNANSWERED: "Wait until the check is done.",
    Doubt.FEW_VALID: "Send to the valid ones only, and leave the others out of this mailing.",
    Doubt.SMALL_UNKNOWN: f"Keep them, {TOMORROW}, and send without them until then.",
    Doubt.BOUNCES: "Leave out the invalid and the risky ones; mail tools stop senders whose mail comes back.",
}
"""What to do about each doubt."""


@value
class Told:
    """What is said of a mailing: the finding, and each doubt with what to do about it."""

    is_ready: bool
    finding: str
    doubts: tuple[Saying, ...]


def told_of(found: Readiness) -> Told:
    """Say of a mailing whether it is ready, and why not."""
    whom = f"{_whom(found.keeps)}{_but(found.unasked)}"
    finding = f"{whom}: nobody to send to"
    if found.addresses:
        ready = "ready to send" if found.is_ready else "not ready to send"
        finding = f"{whom}, {several(found.addresses, 'address', 'addresses')}: {ready}"
    doubts = tuple(Saying(_said(each), ADVICE[each.doubt]) for each in found.concerns)
    return Told(found.is_ready, finding, doubts)


def _whom(keeps: Sequence[Status]) -> str:
    if {*keeps} == {*WHOLE_LIST}:
        return "The whole list"
    if {*keeps} == {*SAFE_ONLY}:
        return "Only what is safe"
    names = [STATUSES[status].name for status in keeps]
    return (
        f"Only what is {', '.join(names[:-1])} or {names[-1]}"
        if len(names) > 1
        else f"Only what is {names[0]}"
    )


def _but(unasked: int) -> str:
    """Say who is left out of it in any case."""
    return f" but {several(unasked, 'address', 'addresses')} on your never-asked list" if unasked else ""


def _said(concern: Concern) -> str:
    """Say a doubt with its figures; a percent sign stays on its figure's line."""
    return said_of(concern).replace(" %", "\xa0%")


def readiness_for(
    database: Database, standing: Standing, choices: Sequence[Sequence[Status]]
) -> tuple[Readiness, ...]:
    """Hold mailings to these choices of a list's statuses against its policy, the narrowest choice first."""
    counts = kept_counts(database, standing)
    policy: Policy = policy_of_list(database, standing.upload).policy
    wanted = {tuple(status for status in Status if status in keeps) for keeps in choices}
    ordered = sorted(wanted, key=len)
    return tuple(readiness_of(counts, keeps, policy) for keeps in ordered if keeps)


def readiness_panel(database: Database, standing: Standing) -> None:
    """Show whether an ended list is ready to send: the whole of it, and what is safe of it."""
    if standing.state not in ENDED or not standing.addresses:
        return
    with st.container(border=True, key="readiness"):
        st.markdown("**Ready to send?**")
        for found in readiness_for(database, standing, (WHOLE_LIST, SAFE_ONLY)):
            _show(found)
        link(EXPORT, "Choose what to send", ":material/download:", standing.upload)


def _show(found: Readiness) -> None:
    told = told_of(found)
    colour, icon = _LAMPS[told.is_ready]
    st.markdown(f":{colour}[{icon}] **{told.finding}.**{_bounces(found)}")
    if told.doubts:
        st.markdown("\n".join(f"- {each.name} {each.advice}" for each in told.doubts))


def _bounces(found: Readiness) -> str:
    """Say what may bounce of a mailing that is ready; of what is safe, the headline has said it."""
    if found.expected is None or not found.is_ready or {*found.keeps} == {*SAFE_ONLY}:
        return ""
    return f" Expected to bounce: {span(found.expected)}, assumed."


_LAMPS = {True: ("green", ":material/check_circle:"), False: ("orange", ":material/error:")}
"""How a finding looks, by whether it is ready; it is told in words too."""
