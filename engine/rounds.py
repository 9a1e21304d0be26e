"""How often the addresses of a domain are still asked that puts them off again and again. Pure.

Mailboxes may be put off each for itself, as full ones are: their domain does not wait as a whole, and whoever
comes back takes a session from those who were not asked yet. Few go into one, since a session ends after some
refusals. So the domain takes as long as all their sessions need that are still to come.
"""

from math import ceil

from engine.ahead import LIKELY, Stretch
from engine.value import replace, value


@value
class PutOff:
    """Addresses of one domain that were put off: how many, and how often they were asked in all.

    Who was asked least was asked `attempts` times. A session asks `portion` of them. Those that are done took
    `usual` questions each.
    """

    addresses: int
    asked: int
    attempts: int = 1
    portion: int = 1
    usual: float = 1.0


def with_rounds(stretch: Stretch, put_off: PutOff, most: int) -> Stretch:
    """Count in a domain's sessions that each who is put off is asked up to `most` times.

    Of those that were not asked yet, as many are expected to be put off as of the others.
    """
    first = max(stretch.addresses - put_off.addresses, 0)
    known = put_off.usual * stretch.done + most * put_off.addresses
    usual = known / max(stretch.done + put_off.addresses, 1)
    left = max(most * put_off.addresses - put_off.asked, put_off.addresses) + first * usual
    done = put_off.usual * stretch.done + put_off.asked
    return replace(
        stretch,
        sessions=ceil(left / put_off.portion),
        done_sessions=round(done / put_off.portion),
        waits=_last_waits(put_off, most, min(first, put_off.portion) * (usual - 1)),
    )


def _last_waits(put_off: PutOff, most: int, expected: float) -> int:
    """Say how often the last come back, where so many further questions are `expected` of the last asked."""
    if expected >= LIKELY * (most - 1):
        return most - 1
    return max(most - 1 - put_off.attempts, 0) if put_off.addresses else 0
