"""Whether a list is ready to send: said of the whole list and of a choice, with why not and what to do."""

from collections.abc import Sequence

import streamlit as st

from engine.policy import Policy
from engine.readiness import (
    SAFE_ONLY,
    SMALL_DOMAIN,
    WHOLE_LIST,
    Concern,
    Doubt,
    Readiness,
    readiness_of,
)
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

_NEAR_AN_END = 10
_A_TENTH = 0.1
_HUNDRED = 100

ADVICE = {
    Doubt.NOBODY: "Keep more statuses, or check another list.",
    Doubt.UNANSWERED: "Wait until the check is done.",
    Doubt.FEW_VALID: "Send to the valid ones only, and to the others later, in small portions.",
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
    if not found.addresses:
        finding = f"{_whom(found.keeps)}: nobody to send to"
    else:
        ready = "ready to send" if found.is_ready else "not ready to send"
        finding = f"{_whom(found.keeps)}, {several(found.addresses, 'address', 'addresses')}: {ready}"
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


def _said(concern: Concern) -> str:
    return _SAID[concern.doubt](concern)


def _waiting(concern: Concern) -> str:
    return f"{several(round(concern.found), 'address has', 'addresses have')} no answer yet."


_SAID = {
    Doubt.NOBODY: lambda _: "No address is left.",
    Doubt.UNANSWERED: _waiting,
    Doubt.FEW_VALID: lambda each: (
        f"{_of(each)} are valid; the policy asks for at least {_percent(each.limit)}."
    ),
    Doubt.SMALL_UNKNOWN: lambda each: (
        f"At domains with fewer than {SMALL_DOMAIN} rows, {_found(each)} are unknown; "
        f"the policy allows {_percent(each.limit)}."
    ),
    Doubt.BOUNCES: lambda each: (
        f"About {_found(each)} are expected to bounce; the policy allows {_percent(each.limit)}."
    ),
}


def _of(concern: Concern) -> str:
    return f"Only {_found(concern)}" if concern.found else "None"


def _found(concern: Concern) -> str:
    """Write the share found with as many decimals as tell it from its limit."""
    apart = abs(concern.found - concern.limit)
    if apart >= 1:
        return _percent(concern.found)
    return f"{concern.found:.1f}\xa0%" if apart >= _A_TENTH else f"{concern.found:.2f}\xa0%"


def _percent(share: float) -> str:
    """Write a share, with a decimal where it is near either end; the sign stays on its line."""
    is_near_an_end = min(share, _HUNDRED - share) < _NEAR_AN_END
    return f"{share:.1f}\xa0%" if share % 1 and is_near_an_end else f"{share:.0f}\xa0%"


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
