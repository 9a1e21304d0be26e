"""Start, pause, resume and end a list, and the ways on from it."""

from collections.abc import Callable

import streamlit as st

from engine.reason import Reason
from engine.work_queue import Notice
from pages.parts.asked import show_way_to_addresses
from pages.parts.asked_again import Asked, askable, note_asked, on_purpose
from pages.parts.consent import is_agreed
from pages.parts.counting import count, several
from pages.parts.frame import DOMAINS, EXPORT, PACE, link, notice_of
from pages.parts.kept import kept_let_go
from pages.parts.left_open import say_not_again
from pages.parts.planning import offer_to_plan
from pages.parts.question import Question
from pages.parts.words import DNS_ONLY, TOMORROW
from runtime import Runtime
from storage.sampling import sample_standing
from storage.summaries import Standing, Summary
from storage.uploads import UploadState

ENDED = (UploadState.DONE, UploadState.CANCELLED)
"""The states of lists that have come to their end."""
AGAIN = (
    f"Only the unknown ones are asked again; all other answers stay. Best {TOMORROW}: hosts that were "
    "down or put us off often answer then."
)
HELD_BACK = "Your never-asked list or the policy kept them from being looked up, and does so no more."
_ENDING: Question[int] = Question("cancel asked")
"""Whether a list is to be ended early."""


def steering(runtime: Runtime, summary: Summary) -> None:
    """Show what can be done with a list just now, and where to go from here."""
    standing = summary.standing
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if standing.state in _ACTIONS:
            _ACTIONS[standing.state](runtime, standing)
        if standing.state in ENDED:
            _offer_unknown(runtime, summary)
        link(EXPORT, "Export", ":material/download:", standing.upload)
        link(DOMAINS, "Domains", ":material/dns:", standing.upload)
        offer_to_plan(runtime, standing)
        if standing.entries:
            show_way_to_addresses()
        if standing.state is UploadState.RUNNING:
            link(PACE, "Pace", ":material/speed:")
    if standing.state in ENDED and not standing.is_dns_only:
        _tell_of_others(runtime, summary)


def _tell_of_others(runtime: Runtime, summary: Summary) -> None:
    """Say who of the unknown ones is not asked again."""
    if said := say_not_again(summary.by_reason(), _let_go(runtime, summary)):
        st.caption(f":material/block: {said}")


def _offer_unknown(runtime: Runtime, summary: Summary) -> None:
    """Offer to ask again about those that nobody could tell, where another try may."""
    standing, free = summary.standing, _let_go(runtime, summary)
    if standing.is_dns_only:
        _offer_look_up(runtime, standing, free)
        return
    unknown = askable(summary) + free
    if not unknown:
        return
    label = f"Ask the {count(unknown)} unknown again" if unknown > 1 else "Ask the unknown one again"
    if st.button(label, icon=":material/replay:", help=AGAIN):
        note_asked(standing.upload, Asked(unknown, on_purpose(summary) - free))
        _act("Asking again", runtime.ask_unknown_again, standing.upload)


def _let_go(runtime: Runtime, summary: Summary) -> int:
    """Count who was never asked about, and may be now."""
    has_unasked = any(why is Reason.NEVER_PROBED for _, why, _ in summary.by_reason())
    return kept_let_go(runtime.database, summary.standing) if has_unasked else 0


def _offer_look_up(runtime: Runtime, standing: Standing, free: int) -> None:
    """Offer to look up who was held back, where a list is checked by DNS alone."""
    label = f"Look up {several(free, 'address', 'addresses')} held back before"
    if free and st.button(label, icon=":material/replay:", help=HELD_BACK):
        _act("Looking up", runtime.ask_unknown_again, standing.upload)


def _ready(runtime: Runtime, standing: Standing) -> None:
    if st.button("Start", icon=":material/play_arrow:", type="primary"):
        _act("Starting", runtime.start_upload, standing.upload)
    _offer_to_end(runtime, standing)


def _running(runtime: Runtime, standing: Standing) -> None:
    _offer_rest(runtime, standing)
    if st.button("Pause", icon=":material/pause:"):
        _act("Pausing", runtime.pause_upload, standing.upload)
    _offer_dns_only(runtime, standing)
    _offer_to_end(runtime, standing)


def _offer_dns_only(runtime: Runtime, standing: Standing) -> None:
    """Offer to go on by DNS alone while no mail host can be reached."""
    if standing.is_dns_only or notice_of(runtime) is not Notice.PORT_CLOSED:
        return
    if st.button("Go on by DNS only", icon=":material/dns:", help=f"{DNS_ONLY} {_NO_SEND}"):
        _act("Going on by DNS only", runtime.check_by_dns_only, standing.upload)


_NO_SEND = "A planned send of it is given up: nobody could be asked again before it."


def _paused(runtime: Runtime, standing: Standing) -> None:
    if standing.sample_size and _offer_rest(runtime, standing):
        _offer_to_end(runtime, standing)
        return
    is_main = not standing.sample_size
    if st.button("Resume", icon=":material/play_arrow:", type="primary" if is_main else "secondary"):
        _act("Starting", runtime.start_upload, standing.upload)
    _offer_to_end(runtime, standing)


def _offer_rest(runtime: Runtime, standing: Standing) -> bool:
    """Offer to go on with the whole list after its sample; tell whether that has all its answers."""
    if not standing.sample_size:
        return False
    if st.button("Check the rest", icon=":material/play_arrow:", type="primary"):
        _act("Starting", runtime.check_whole, standing.upload)
    return sample_standing(runtime.database, standing.upload).is_through


_ACTIONS = {
    UploadState.READY: _ready,
    UploadState.RUNNING: _running,
    UploadState.PAUSED: _paused,
}


def _offer_to_end(runtime: Runtime, standing: Standing) -> None:
    """Offer to end it early; the question stays until it is answered, whatever else redraws the page."""
    st.button("Finish early", icon=":material/flag:", on_click=_ENDING.put, args=(standing.upload,))
    if _ENDING.about == standing.upload:
        _ask_once_more(runtime, standing)


@st.dialog("Finish this list early?", on_dismiss=_ENDING.answered)
def _ask_once_more(runtime: Runtime, standing: Standing) -> None:
    st.write(ending_sentence(standing.waiting))
    if is_agreed("Finish now", "Keep checking", _ENDING.answered):
        _act("Finishing", runtime.cancel_upload, standing.upload)


def ending_sentence(waiting: int) -> str:
    """Say what becomes of so many addresses that have no answer yet."""
    become, those = ("It becomes", "the one that is") if waiting == 1 else ("They become", "those that are")
    return (
        f"Without an answer so far: {several(waiting, 'address', 'addresses')}. {become} Unknown, not "
        f"checked; answers that are there already stay. You can have {those} left asked later."
    )


def _act(saying: str, action: Callable[[int], None], upload: int) -> None:
    """Do it, however long a large list takes, then show the page anew."""
    with st.spinner(f"{saying} …"):
        action(upload)
    st.rerun()
