"""What a sample tells of its whole list: shares and their intervals, each stratum weighed as there. Pure.

A share of the list is the mean of its strata's shares, each weighed by its size. Its interval is Wilson's
with the sample's effective size (L. Kish, Survey Sampling, 1965, 11.7): as many addresses as would tell as
much without strata and weights. The expected bounce rate has two reasons to be wrong, and its interval is put
together from both: what the sample does not show of the list, and what is not known of each kind of address.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import hypot

from engine.expected import Prior, Share, Stratum, bounces_of, prior_of, wilson
from engine.value import value
from engine.verdict import Status


@value
class Drawn:
    """Addresses of a sample that were answered alike; `size` is how many of the list their stratum has."""

    stratum: str
    size: int
    answered: Stratum


@value
class SampleEstimate:
    """What is to be expected of a list, from so many answered addresses of its sample."""

    answered: int
    bounces: Share
    statuses: dict[Status, Share]


def estimate_whole(drawn: Sequence[Drawn]) -> SampleEstimate | None:
    """Say what is to be expected of the whole list; None where nobody in the sample has an answer yet.

    A stratum of which nobody has an answer yet is taken to be like the others.
    """
    weights = _weights(drawn)
    if not weights:
        return None
    known = 1 / sum(weight**2 * each.answered.addresses for each, weight in weights.items())
    statuses = {status: _share(weights, known, partial(_is_of, status)) for status in Status}
    answered = round(sum(each.answered.addresses for each in drawn))
    return SampleEstimate(answered, _bounces(weights, known), statuses)


def _is_of(status: Status, stratum: Stratum) -> float:
    return float(stratum.status is status)


_Weights = dict[Drawn, float]
"""The part (0-1) of the whole list that each single address of a group stands for."""


def _weights(drawn: Iterable[Drawn]) -> _Weights:
    answered: defaultdict[str, float] = defaultdict(float)
    for each in drawn:
        answered[each.stratum] += each.answered.addresses
    sizes = {each.stratum: each.size for each in drawn}
    whole = sum(sizes.values())
    return {each: each.size / whole / answered[each.stratum] for each in drawn}


def _share(weights: _Weights, known: float, worth: Callable[[Stratum], float]) -> Share:
    """Weigh what each address is worth (0-1), with Wilson's interval for so many that tell as much."""
    point = sum(weight * each.answered.addresses * worth(each.answered) for each, weight in weights.items())
    within = wilson(point * known, known)
    return Share(point, min(within.low, point), max(within.high, point))


def _bounces(weights: _Weights, known: float) -> Share:
    sizes: defaultdict[Prior, float] = defaultdict(float)
    for each, weight in weights.items():
        sizes[prior_of(each.answered)] += weight * each.answered.addresses
    assumed = bounces_of(sizes)
    drawn = _share(weights, known, _bounce_rate)
    below = hypot(assumed.point - assumed.low, drawn.point - drawn.low)
    above = hypot(assumed.high - assumed.point, drawn.high - drawn.point)
    return Share(assumed.point, max(assumed.point - below, 0.0), min(assumed.point + above, 1.0))


def _bounce_rate(answered: Stratum) -> float:
    prior = prior_of(answered)
    return wilson(prior.bounced, prior.sent).point
