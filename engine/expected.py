"""How many messages of a list may bounce: what is known of each kind of address, put together. Pure.

Addresses are sorted into strata by status, main reason and provider. Of each stratum a row of
lists/priors.toml says how many of so many messages bounced. A stratum's interval is Wilson's score
interval (E. B. Wilson, 1927, Journal of the American Statistical Association 22, 209-212): it stays within 0
and 1, and holds where few or none bounced, as the usual one does not.

The whole list's share is the mean of its strata's, each weighed by its addresses. Its interval is put
together by square-and-add (R. G. Newcombe, 1998, Statistics in Medicine 17, 873-890; for any weighted sum
G. Y. Zou and A. Donner, 2008, Statistics in Medicine 27, 1693-1702): each end lies as far from the mean as
the root of the summed squares of what the strata's ends lie from theirs. Strata that rest on the same row are
one stratum first, since they would be wrong together. It is the interval of what is to be expected of such
addresses; what a small list brings varies more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import hypot, sqrt
from typing import Any

from engine.name_lists import Lists, UnusableList, lists_in_use
from engine.provider import Kind, provider_named
from engine.reason import WEIGHED, Reason
from engine.value import replace, value
from engine.verdict import Status

Z_95 = 1.959964
"""Standard deviations within which 95 % of a normal distribution lie."""
_REMEMBERED = 8  # sets of lists; there is one in use


@value
class Share:
    """A share (0-1) of messages, and the 95 % interval that it lies in."""

    point: float
    low: float
    high: float


@value
class Stratum:
    """So many addresses of one status, main reason and provider (its name in providers.toml, or `""`).

    They need not be a whole number, as where only the share of each provider is known.
    """

    status: Status
    reason: Reason | None
    provider: str
    addresses: float


@value
class Prior:
    """One row of lists/priors.toml: `bounced` of `sent` messages to such addresses; empty fields fit any."""

    name: str
    status: Status
    bounced: int
    sent: int
    source: str
    reasons: frozenset[Reason] = frozenset()
    providers: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    @property
    def breadth(self) -> tuple[bool, bool, bool]:
        """What it leaves open, the smaller the narrower: whose mail hosts, of what kind, and why."""
        return not self.providers, not self.kinds, not self.reasons

    def fits(self, stratum: Stratum) -> bool:
        """Tell whether the row speaks of such addresses."""
        return (
            stratum.status is self.status
            and (not self.reasons or stratum.reason in self.reasons)
            and (not self.providers or stratum.provider in self.providers)
            and (not self.kinds or provider_named(stratum.provider).kind in self.kinds)
        )


def wilson(bounced: float, sent: float) -> Share:
    """Give a share with Wilson's score interval (95 %); of nothing sent nothing is known, 0 to 1."""
    if not sent:
        return Share(0.5, 0.0, 1.0)
    point, square = bounced / sent, Z_95**2
    middle = (bounced + square / 2) / (sent + square)
    half = Z_95 * sqrt(bounced * (sent - bounced) / sent + square / 4) / (sent + square)
    return Share(point, max(middle - half, 0.0), min(middle + half, 1.0))


def expected_bounces(strata: Iterable[Stratum]) -> Share | None:
    """Say what share of these addresses' messages is expected to bounce; None for no address."""
    sizes: defaultdict[Prior, float] = defaultdict(float)
    for stratum in strata:
        sizes[prior_of(stratum)] += stratum.addresses
    return bounces_of(sizes) if sum(sizes.values()) else None


def bounces_of(sizes: Mapping[Prior, float]) -> Share:
    """Say what share bounces where each row speaks of so many addresses, or of such a part of them all."""
    whole = sum(sizes.values())
    return _together([(size / whole, wilson(prior.bounced, prior.sent)) for prior, size in sizes.items()])


def _together(parts: list[tuple[float, Share]]) -> Share:
    """Weigh shares and put their intervals together by square-and-add."""
    point = sum(weight * share.point for weight, share in parts)
    below = hypot(*(weight * (share.point - share.low) for weight, share in parts))
    above = hypot(*(weight * (share.high - share.point) for weight, share in parts))
    return Share(point, max(point - below, 0.0), min(point + above, 1.0))


def prior_of(stratum: Stratum) -> Prior:
    """Give the row that speaks of such addresses: the first one that fits.

    Where a client's policy alone makes them invalid, they bounce as under any other: by the usual one's row.
    """
    if stratum.status is Status.INVALID and stratum.reason in WEIGHED:
        is_yes_to_all = stratum.reason in _YES_TO_ALL
        stratum = replace(stratum, status=Status.ACCEPT_ALL if is_yes_to_all else Status.RISKY)
    return next(prior for prior in priors() if prior.fits(stratum))


_YES_TO_ALL = (Reason.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY)


def priors() -> tuple[Prior, ...]:
    """Give the rows of lists/priors.toml, the narrower before the wider, else as they stand there."""
    return _read(lists_in_use())


def prove_priors(lists: Lists) -> None:
    """Read the rows, so that a fault in the user's shows at once. Raises UnusableList."""
    try:
        fault = _fault(_read(lists))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        fault = f"it is not laid out as the list of that name: {error}"
    if fault:
        raise UnusableList(f"{lists.folder}/priors.toml cannot be used: {fault}")


def _fault(rows: tuple[Prior, ...]) -> str:
    """Say what keeps rows from being used; `""` where every address has one, with a share from 0 to 1."""
    if wrong := [row.name for row in rows if not 0 <= row.bounced <= row.sent]:
        return f"in {wrong[0]}, bounced is not between 0 and sent"
    common = {row.status for row in rows if not (row.reasons or row.providers or row.kinds)}
    missing = [status for status in Status if status not in common]
    return f"no row is left for all other {missing[0]} addresses" if missing else ""


@lru_cache(_REMEMBERED)
def _read(lists: Lists) -> tuple[Prior, ...]:
    rows = [_prior(row) for row in lists.table("priors.toml")["prior"]]
    return tuple(sorted(rows, key=lambda row: row.breadth))


def _prior(row: dict[str, Any]) -> Prior:
    return Prior(
        name=row["name"],
        status=Status(row["status"]),
        bounced=row["bounced"],
        sent=row["sent"],
        source=row["source"],
        reasons=frozenset(map(Reason, row.get("reasons", ()))),
        providers=frozenset(row.get("providers", ())),
        kinds=frozenset(map(Kind, row.get("kinds", ()))),
    )
