"""What a list has ahead of it, as frozen values: what an estimate of its end is made from."""

from dataclasses import field
from enum import StrEnum

from engine.value import value

LONG_WAIT_S = 120.0
"""Seconds: who waits longer is not waited for by an estimate."""

LIKELY = 0.7
"""So many of something that are expected are taken for one."""


class Kind(StrEnum):
    """What holds a stretch back."""

    DOMAIN = "domain"
    PROVIDER = "provider"
    NUMBER = "number"
    RETRIES = "retries"
    LOOK_UPS = "look_ups"


@value
class Stretch:
    """Addresses that share a limit: those left to ask, in how many sessions, and those answered already.

    `name` is a domain's, a lane's, or `""` for all of the list. A session turns to several domains where they
    have the same MX hosts: `turns` are those beyond the first, in what is left. `made_up` addresses are
    still to be asked besides. The last of a domain come back after up to so many `waits`, once due.
    """

    kind: Kind
    name: str
    addresses: int
    sessions: int
    done: int = 0
    done_sessions: int = 0
    turns: int = 0
    done_turns: int = 0
    made_up: int = 0
    waits: int = 0


@value
class Return:
    """Addresses that were put off and come back within `LONG_WAIT_S`.

    They are at so many `domains`, each of which takes up to `sessions`. Those that were asked least, which is
    `attempts` times, come back in `due_s` seconds at the latest. `is_again` where somebody was put off twice.
    """

    addresses: int
    sessions: int
    due_s: float
    attempts: int = 1
    domains: int = 1
    is_again: bool = False


@value
class Later:
    """Addresses that wait longer than that: how many, and when the first and the last come back (seconds)."""

    addresses: int = 0
    first_s: float = 0.0
    last_s: float = 0.0


@value
class Ahead:
    """What a list has ahead of it. `active_s` is how long it has been at work.

    `pace` is what sessions took so far, as a part of what they usually do; 1 where nobody knows yet.
    `put_off_share` (0-1) of the domains asked so far put somebody off, and `again_share` of these more than
    once; `fresh_domains` are still to be asked for the first time.
    """

    stretches: tuple[Stretch, ...]
    active_s: float = 0.0
    pace: float = 1.0
    returns: tuple[Return, ...] = ()
    later: Later = field(default_factory=Later)
    fresh_domains: int = 0
    put_off_share: float = 0.0
    again_share: float = 0.0


@value
class LookUps:
    """What a list that is checked by DNS alone has ahead of it: domains to look up, and their addresses.

    The latest that are `done` in this run, with `done_addresses`, took `active_s` seconds, and the last of
    them came back `still_s` seconds ago. Of all that are done, a part got no answer in time (`failed_share`,
    0-1).
    """

    domains: int
    addresses: int
    done: int = 0
    done_addresses: int = 0
    active_s: float = 0.0
    still_s: float = 0.0
    failed_share: float = 0.0
