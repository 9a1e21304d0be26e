"""Whether a list is ready to send: said of the whole list and of a choice, with why not and what to do."""

from collections.abc import Callable, Sequence

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
from engine.reason import Reason
from engine.value import value
from engine.verdict import Status
from pages.parts.counting import several
from pages.parts.expectation import span
from pages.parts.frame import EXPORT, link
from pages.parts.kept import kept_counts, kept_small
from pages.parts.presets import usual_rows
from pages.parts.segment import small_for
from pages.parts.steering import ENDED
from pages.parts.words import STATUSES, TOMORROW, Saying
from storage.database import Database
from storage.policies import policy_of_list
from storage.removals import Outcomes, kept_of
from storage.selection import Selection
from storage.sending import counts_of_choice
from storage.summaries import Standing, Summary


def _of_nobody(found: Readiness) -> str:
    if not found.counts.askable:
        return "Check another list."
    those = "the one that is" if found.counts.askable == 1 else "those that are"
    return f"Ask again about {those} unknown, or check another list."


def _of_few_valid(found: Readiness) -> str:
    held = {status for status in found.keeps if found.counts.statuses.get(status)}
    if Status.VALID in held:
        return "Send to the valid ones only, and leave the others out of this mailing."
    if held <= {Status.INVALID}:
        return "Write to none of them: what is sent there comes back."
    first = "Leave out the invalid ones. Of the others, do" if Status.INVALID in held else "Do"
    return f"{first} not write to all at once: try a small portion, and see what comes back."


def _of_small_unknown(found: Readiness) -> str:
    if not found.counts.askable:
        return "Keep them, and send without them."
    return f"Keep them, {TOMORROW}, and send without them until then."


def _of_bounces(found: Readiness) -> str:
    worst = (Status.INVALID, Status.RISKY)
    held = [each for each in worst if each in found.keeps and found.counts.statuses.get(each)]
    names = " and the ".join(STATUSES[each].name.lower() for each in held)
    first = f"Leave out the {names} ones" if held else "Write to a small portion first"
    return f"{first}; mail tools stop senders whose mail comes back."


ADVICE: dict[Doubt, Callable[[Readiness], str]] = {
    Doubt.NOBODY: _of_nobody,
    Doubt.UNANSWERED: lambda _: "Let the check come to its end first.",
    Doubt.FEW_VALID: _of_few_valid,
    Doubt.SMALL_UNKNOWN: _of_small_unknown,
    Doubt.BOUNCES: _of_bounces,
}
"""What to do about each doubt: nothing that leads nowhere with this list."""


@value
class Told:
    """What is said of a mailing: the finding, and each doubt with what to do about it."""

    is_ready: bool
    finding: str
    doubts: tuple[Saying, ...]


def told_of(found: Readiness, *, is_narrowed: bool = False) -> Told:
    """Say of a mailing whether it is ready, and why not; of one that further choices narrow, that they do."""
    whom = f"{_whom(found.keeps)}, with your further choices" if is_narrowed else _whom(found.keeps)
    finding = f"{whom}: nobody to send to"
    if found.rows:
        ready = "ready to send" if found.is_ready else "not ready to send"
        finding = f"{whom}, {several(found.rows, 'row')}: {ready}"
    doubts = tuple(Saying(_said(each), ADVICE[each.doubt](found)) for each in found.concerns)
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


def told_of_file(
    database: Database, summary: Summary, outcomes: Outcomes, selection: Selection
) -> tuple[Told, ...]:
    """Say of the whole list, and of the file that a selection makes of it, whether they are ready to send."""
    keeps = tuple(status for status in Status if status not in selection.statuses)
    if not keeps or selection == usual_rows(keeps):
        return tuple(told_of(each) for each in readiness_for(database, summary.standing, (WHOLE_LIST, keeps)))
    (whole,) = readiness_for(database, summary.standing, (WHOLE_LIST,))
    narrowed = _narrowed(database, summary, kept_of(_answered(summary, outcomes), selection), selection)
    return told_of(narrowed, is_narrowed=True), told_of(whole)


def _answered(summary: Summary, outcomes: Outcomes) -> Outcomes:
    """Leave out the rows that wait, as the figures of the whole list do."""
    if not summary.standing.waiting:
        return outcomes
    return tuple((found, rows) for found, rows in outcomes if found.reason is not Reason.NOT_CHECKED)


def _narrowed(database: Database, summary: Summary, kept: Outcomes, selection: Selection) -> Readiness:
    """Hold the file that further choices leave against the policy: small domains matter with unknown ones.

    Each row is judged by the address that speaks for it: the one to write to.
    """
    standing = summary.standing
    policy: Policy = policy_of_list(database, standing.upload).policy
    small: Outcomes = ()
    if any(found.status is Status.UNKNOWN for found, _ in kept):
        at_small = kept_small(database, standing, policy.small_domain)
        at_small = small_for(database, summary, selection, at_small)
        small = kept_of(_answered(summary, at_small), selection)
    counts = counts_of_choice(kept_counts(database, standing), kept, small, selection.providers)
    keeps = tuple(status for status in Status if status not in selection.statuses)
    return readiness_of(counts, keeps, policy)


COUNTED = "Counted in rows, as Export does: each address once, and nobody who is on your never-asked list."
COUNTED_NARROWED = (
    "Counted in rows: with your further choices those of the file; of the whole list each address once, and "
    "nobody who is on your never-asked list."
)
"""What the figures of mailings are, as Export has them by itself; and beside a choice that differs."""


def readiness_panel(database: Database, summary: Summary) -> None:
    """Show whether an ended list is ready to send: the whole of it, and what is safe of it."""
    standing = summary.standing
    if standing.state not in ENDED or not standing.addresses:
        return
    with st.container(border=True, key="readiness"):
        st.markdown("**Ready to send?**")
        found = readiness_for(database, standing, (WHOLE_LIST, SAFE_ONLY))
        for each in found:
            _show(each)
        st.caption(COUNTED)
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
