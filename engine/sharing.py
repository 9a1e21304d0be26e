"""In how many sessions domains are asked that lie behind the same MX hosts, since they share some. Pure."""

from collections.abc import Sequence
from math import ceil

from engine.ahead import Kind, Stretch
from engine.provider import provider_named
from engine.value import value

MOST_REFUSED = 6
"""Domains after which a session has had about as many refusals as it bears: one made-up address each."""


def domains_together(provider: str) -> int:
    """Say how many domains share a session at the most."""
    return max(min(provider_named(provider).domains_per_session, MOST_REFUSED), 1)


def sessions_of(visits: float, rcpts: float, portion: int, together: int) -> int:
    """Say in how many sessions domains are asked that need so many visits and RCPTs in all.

    A visit is what a domain would have a session for alone; a session holds `portion` RCPTs, made-up
    addresses included, of up to so many domains `together`.
    """
    return ceil(min(visits, max(ceil(visits / together), rcpts / max(portion, 1))))


@value
class Crowd:
    """Domains of one lane (`""` for the common one), with what is left of them and what is done.

    They take `visits`, in so many `sessions`; `made_up` addresses are still to be asked besides.
    """

    lane: str
    addresses: float
    visits: float
    sessions: float
    made_up: float = 0
    done: float = 0
    done_visits: float = 0
    done_sessions: float = 0


def stretch_of(kind: Kind, name: str, crowds: Sequence[Crowd]) -> Stretch:
    """Sum crowds up to a stretch."""
    sessions = round(sum(each.sessions for each in crowds))
    done_sessions = round(sum(each.done_sessions for each in crowds))
    return Stretch(
        kind,
        name,
        round(sum(each.addresses for each in crowds)),
        sessions,
        round(sum(each.done for each in crowds)),
        done_sessions,
        max(round(sum(each.visits for each in crowds)) - sessions, 0),
        max(round(sum(each.done_visits for each in crowds)) - done_sessions, 0),
        round(sum(each.made_up for each in crowds)),
    )
