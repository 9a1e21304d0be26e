"""How the engine's pace is said to a person: what it does, how it keeps up, and what the words mean."""

from engine.pace_report import PaceReport
from engine.snapshot import Snapshot
from pages.parts.clock import day_and_time
from pages.parts.counting import several
from pages.parts.words import Saying
from storage.pace import Backlog, Heard

LATE_S = 1.0
"""A shorter delay of the engine's loop nobody notices: it is as long as a slow host's answer."""

NOTHING_ASKED = (
    "While a list runs, you see here which mail hosts are asked, in how many sessions at once, and "
    "what waits until when."
)

MEANINGS = (
    Saying("Session", "One connection to a mail host, in which it is asked about several addresses."),
    Saying(
        "Mail hosts",
        "Many domains have their mail at the same hosts. These share one limit: what the hosts bear of us.",
    ),
    Saying(
        "Limit",
        "How many sessions may be open there at once. It grows while a host is content, and is cut as soon "
        "as it wants less.",
    ),
    Saying("Slowed down", "The host asked for a slower pace; we keep to that, and nobody loses an answer."),
    Saying(
        "Let alone",
        "The host does not answer or turns us away. Its addresses wait and are asked later; none of them is "
        "called invalid for that.",
    ),
    Saying(
        "Put off", "The host said “later” to an address, as many do to strangers. It is asked again then."
    ),
)
"""What the page's own words mean."""


def headline(heard: Heard | None, backlog: Backlog) -> str:
    """Say the one thing that is going on."""
    if heard is None:
        return "No engine is at work"
    if heard.is_stale:
        return "The engine has fallen silent"
    sessions = heard.snapshot.pace.sessions if heard.snapshot else 0
    if sessions:
        return f"Asking in {several(sessions, 'session')} at once"
    if backlog.waiting:
        return f"{several(backlog.waiting, 'address waits', 'addresses wait')}, and no session is open"
    return "Nothing is being asked"


def say_silence(heard: Heard | None) -> str:
    """Say since when nothing was heard of the engine; nothing where it was heard of lately."""
    if heard is None or not heard.is_stale:
        return ""
    return (
        f"The engine was last heard of {day_and_time(heard.heard_at)}, so what stands here may be long over. "
        "If it does not come back by itself, start the app again; nothing is lost."
    )


def say_paused(lists: int) -> str:
    """Say that lists wait for whoever paused them."""
    are, them = ("is", "it") if lists == 1 else ("are", "them")
    until = f"until you open {them} on Lists and go on"
    return f"{several(lists, 'list')} {are} paused: nobody of {them} is asked {until}."


def say_lag(snapshot: Snapshot) -> str:
    """Say that the engine does not keep up, by how late its loop was at worst; nothing where it does."""
    if snapshot.worst_lag_s < LATE_S:
        return ""
    return (
        "This machine is very busy: in the last minute Winnow fell behind by up to"
        f" {snapshot.worst_lag_s:,.1f} seconds. Lists take longer while that lasts; no answer is lost."
    )


def say_domains(pace: PaceReport) -> list[str]:
    """Say how many domains wait as a whole and for what, one line each."""
    domains = ((pace.domains_held, _HELD), (pace.domains_open, _OPEN), (pace.domains_half_open, _HALF_OPEN))
    return [f"**{several(number, 'domain')}**: {said}" for number, said in domains if number]


_HELD = "between two sessions; each domain is asked only so often a minute."
_OPEN = "let alone for a while, since their hosts do not answer."
_HALF_OPEN = "on trial; one session finds out whether the host answers again."
