"""How many messages may bounce, in words, and how sure that is."""

from engine.expected import Share
from pages.parts.counting import count

HELP = (
    "How many messages to such addresses come back, by what the address was answered and who runs its mail. "
    "There are no outcomes of your own mailings yet, so the figures are assumed. The range holds the true "
    "share 19 times out of 20, if they are right. It is for a first mailing within some days of the check; "
    "the longer you wait, the more will bounce."
)
"""What stands behind the figure, for who asks."""

_HUNDRED = 100
_THOUSAND = 1_000
_FEW = 0.01


def say_expected(share: Share, number: int, whom: str = "these") -> str:
    """Say what may bounce of so many safe addresses or rows: "About 1 in 100 of these may still bounce …"."""
    among = "its kind" if number == 1 else whom
    return (
        f"About {one_in(share.point)} of {among} may still bounce. That is assumed, not measured: "
        f"{span(share)}."
    )


def one_in(share: float) -> str:
    """Say a share as people do: "5 in 1,000", "1 in 100"."""
    whole = _THOUSAND if share < _FEW else _HUNDRED
    return f"{max(round(share * whole), 1)} in {count(whole)}"


def span(share: Share) -> str:
    """Say the interval of a share in percent: "0.4 to 1.8 %"."""
    return f"{in_percent(share.low)} to {in_percent(share.high)} %"


def in_percent(share: float) -> str:
    """Write a share in percent, without the sign; rounded as its interval is, so that it lies in that."""
    percent = share * _HUNDRED
    return f"{percent:.1f}" if percent < 10 else f"{percent:.0f}"  # noqa: PLR2004 - decimals tell no more then
