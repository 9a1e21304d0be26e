"""One line of the ledger of a domain's health."""

from engine.value import value


@value
class HealthLine:
    """One line of the ledger: a finding with its points, of `most` that there are for it.

    `advice` are sentences that say what is wrong and how to mend it; none where nothing is. A line about what
    nobody knows has no points to give, and none are missed.
    """

    cause: str
    points: int
    most: int = 0
    advice: tuple[str, ...] = ()


def unknown(what: str) -> HealthLine:
    """Say that nobody knows: it gives no points and costs none."""
    return HealthLine(f"{what}: nobody knows yet", 0)
