"""Whether a list, or a choice of its statuses, is ready to send by its client's policy, and why not. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import field
from enum import StrEnum

from engine.expected import Share, Stratum, expected_bounces
from engine.policy import Policy
from engine.value import value
from engine.verdict import Status

WHOLE_LIST = tuple(Status)
SAFE_ONLY = (Status.VALID,)
"""What may be sent to: all statuses, or the safe one."""
_HUNDRED = 100


class Doubt(StrEnum):
    """What keeps a mailing from being ready."""

    NOBODY = "nobody"
    UNANSWERED = "unanswered"
    FEW_VALID = "few_valid"
    SMALL_UNKNOWN = "small_unknown"
    BOUNCES = "bounces"


@value
class Counts:
    """A list's addresses by status: all with an outcome, and by how many of them are at their domain.

    Of large domains `by_size` need not tell. `waiting` have no outcome yet. Those of the never-probe list,
    `unasked`, are in none of them: no file that is to be sent to has them. `rows` are the rows that such a
    file has, by status: of an address that is repeated the first. `strata` are these rows by what tells how
    many bounce. So many of the unknown can be asked about once more: `askable`.
    """

    statuses: Mapping[Status, int]
    by_size: Mapping[int, Mapping[Status, int]]
    strata: tuple[Stratum, ...] = ()
    waiting: int = 0
    unasked: Mapping[Status, int] = field(default_factory=Counter)
    rows: Mapping[Status, int] = field(default_factory=Counter)
    askable: int = 0

    def below(self, addresses: int) -> Counter[Status]:
        """Count the addresses at domains that have fewer than that, by status."""
        small: Counter[Status] = Counter()
        for size, statuses in self.by_size.items():
            small.update(statuses if size < addresses else {})
        return small


NO_COUNTS = Counts(Counter(), {})
"""Of a list that holds nobody."""


@value
class Concern:
    """A doubt with what was found and the policy's limit: shares in percent, addresses where they wait.

    One of small domains says from how many addresses on (`small`) a domain is none.
    """

    doubt: Doubt
    found: float
    limit: float = 0.0
    small: int = 0


@value
class Readiness:
    """What is said of a mailing to so many addresses; it is ready where nothing speaks against it.

    Besides, so many addresses of these statuses (`unasked`) stand in rows of the never-probe list. A file of
    them has `rows`: with none it is sent to nobody. `counts` are those of the whole list.
    """

    keeps: tuple[Status, ...]
    addresses: int
    expected: Share | None
    concerns: tuple[Concern, ...]
    unasked: int = 0
    rows: int = 0
    counts: Counts = NO_COUNTS

    @property
    def is_ready(self) -> bool:
        """Whether nothing speaks against sending."""
        return not self.concerns


def readiness_of(counts: Counts, keeps: Collection[Status], policy: Policy) -> Readiness:
    """Hold a mailing to a list's addresses of these statuses against its policy's limits."""
    addresses = sum(counts.statuses[status] for status in keeps)
    expected = expected_bounces(stratum for stratum in counts.strata if stratum.status in keeps)
    kept = tuple(status for status in Status if status in keeps)
    unasked = sum(counts.unasked.get(status, 0) for status in keeps)
    rows = sum(counts.rows.get(status, 0) for status in keeps)
    if not rows and not counts.waiting:
        return Readiness(kept, addresses, None, (Concern(Doubt.NOBODY, 0),), unasked, rows, counts)
    found = (
        Concern(Doubt.UNANSWERED, counts.waiting),
        _valid(counts, kept, policy),
        _small(counts, kept, policy),
        Concern(Doubt.BOUNCES, _HUNDRED * expected.point if expected else 0.0, policy.most_bounces),
    )
    concerns = tuple(each for each in found if _is_doubt(each))
    return Readiness(kept, addresses, expected, concerns, unasked, rows, counts)


def _valid(counts: Counts, keeps: Collection[Status], policy: Policy) -> Concern:
    rows = sum(counts.rows.get(status, 0) for status in keeps)
    valid = counts.rows.get(Status.VALID, 0) if Status.VALID in keeps else 0
    share = _share(valid, rows) if rows else float(_HUNDRED)
    return Concern(Doubt.FEW_VALID, share, policy.least_valid)


def _small(counts: Counts, keeps: Collection[Status], policy: Policy) -> Concern:
    small = counts.below(policy.small_domain)
    unknown = small[Status.UNKNOWN] if Status.UNKNOWN in keeps else 0
    share = _share(unknown, sum(small[status] for status in keeps))
    return Concern(Doubt.SMALL_UNKNOWN, share, policy.most_unknown, policy.small_domain)


def _share(part: int, whole: int) -> float:
    return _HUNDRED * part / whole if whole else 0.0


def _is_doubt(concern: Concern) -> bool:
    """Tell whether what was found is over the limit; of valid ones there may be too few."""
    if concern.doubt is Doubt.FEW_VALID:
        return concern.found < concern.limit
    return concern.found > concern.limit
