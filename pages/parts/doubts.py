"""Where an address's outcome leaves a doubt, the way to where more is said of it."""

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.frame import link_to_help, link_to_preflight
from pages.parts.reasons import ABOUT_US
from pages.parts.topics import TOPICS, About

_OF_A_YES = frozenset({Reason.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY, Reason.WEAK_YES})


def topic_for(status: Status | None, reason: Reason | None) -> About | None:
    """Choose what Help says of such an outcome (None: there is none yet); None where it leaves no doubt."""
    if status is None:
        return About.WAITING
    if reason in _OF_A_YES:
        return About.YES
    return About.UNKNOWN if status is Status.UNKNOWN else None


def lead_on(status: Status | None, reason: Reason | None) -> None:
    """Show the ways on from an outcome that leaves a doubt."""
    if status and reason in ABOUT_US:
        link_to_preflight()
    if about := topic_for(status, reason):
        link_to_help(about, TOPICS[about].title)
