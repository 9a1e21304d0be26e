"""What a workbook's summary and the report to hand on both say of a list, in figures and sentences."""

from dataclasses import dataclass
from datetime import date

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.choice import list_name
from pages.parts.counting import count, several
from pages.parts.presets import usual_rows
from pages.parts.readiness import COUNTED, COUNTED_NARROWED, Told
from pages.parts.reckoning import reckon, say_reckoning
from pages.parts.removal_words import said_of
from pages.parts.words import STATUSES
from storage.policies import USUAL
from storage.removals import Outcomes, removed_by, rows_with_several, split
from storage.selection import Decides, Selection
from storage.summaries import Summary

MOST_REMOVALS = 10
"""How many grounds of removal are told of; the rest are told of as one."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A list's figures with a choice: what is kept, what goes and why, and what nobody could tell."""

    name: str
    day: date
    policy_name: str
    keeps: tuple[Status, ...]
    rows: int
    kept: int
    removed: int
    addresses: int
    empty: int
    statuses: tuple[tuple[Status, int], ...]
    removals: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[Reason, int], ...]
    waiting: int
    is_dns_only: bool = False
    readiness: tuple[Told, ...] = ()
    reckoned: str = ""
    """How the addresses of the statuses kept become the rows kept."""
    invalid: tuple[tuple[Reason, int], ...] = ()
    """Why addresses are invalid, and how many for each reason."""
    is_usual: bool = True
    """Whether rows go by nothing but what removes them usually: then `readiness` counts the rows kept."""
    is_by_any: bool = False
    """Whether a row with several addresses is kept for any of them."""


def digest_of(
    summary: Summary,
    outcomes: Outcomes,
    selection: Selection,
    policy_name: str,
    day: date,
    readiness: tuple[Told, ...] = (),
) -> Digest:
    """Gather the figures of a list and a choice."""
    parted, standing = split(outcomes, selection), summary.standing
    keeps = tuple(status for status in Status if status not in selection.statuses)
    statuses = standing.address_statuses
    return Digest(
        name=list_name(standing),
        day=day,
        policy_name=policy_name,
        keeps=keeps,
        rows=parted.kept + parted.removed,
        kept=parted.kept,
        removed=parted.removed,
        addresses=standing.addresses,
        empty=standing.empty,
        statuses=tuple((status, statuses[status]) for status in Status),
        removals=_removals(outcomes, selection),
        unknown=_of_status(summary, Status.UNKNOWN),
        invalid=_of_status(summary, Status.INVALID),
        waiting=standing.waiting,
        is_dns_only=standing.is_dns_only,
        readiness=readiness,
        reckoned=say_reckoning(reckon(summary, outcomes, selection)),
        is_usual=selection == usual_rows(keeps),
        is_by_any=selection.decides is Decides.ANY and rows_with_several(summary) > 0,
    )


def _of_status(summary: Summary, wanted: Status) -> tuple[tuple[Reason, int], ...]:
    found = (each for each in summary.by_reason() if each[1] is not Reason.EMPTY)
    return tuple((reason, number) for status, reason, number in found if status is wanted)


def _removals(outcomes: Outcomes, selection: Selection) -> tuple[tuple[str, int], ...]:
    said: dict[str, int] = {}
    for removal, number in removed_by(outcomes, selection):
        saying = said_of(removal)
        name = f"{saying.name}: {saying.advice}"
        said[name] = said.get(name, 0) + number
    ranked = list(said.items())
    rest = sum(number for _, number in ranked[MOST_REMOVALS:])
    return (*ranked[:MOST_REMOVALS], *([("All other reasons", rest)] if rest else []))


def policy_sentence(policy_name: str) -> str:
    """Say by which policy a list is judged."""
    if policy_name == USUAL:
        return "Judged by the usual policy."
    return f"Judged by the policy of {policy_name}."


def kept_finding(digest: Digest) -> str:
    """Say how much is kept: "1,204 of 5,000 rows are kept"."""
    are = "is" if 1 in (digest.kept, digest.rows) else "are"
    return f"{count(digest.kept)} of {several(digest.rows, 'row')} {are} kept"


def keeps_sentence(digest: Digest) -> str:
    """Say which statuses the choice keeps."""
    names = ", ".join(STATUSES[status].name for status in digest.keeps)
    if not names:
        return "The choice keeps no row."
    also = " A row with several addresses is kept if any of them is such a one." if digest.is_by_any else ""
    return f"The choice keeps rows that are: {names}.{also}"


def safe_finding(digest: Digest) -> str:
    """Say how many addresses are safe: "1,204 of 5,000 addresses are safe to send"."""
    valid = dict(digest.statuses)[Status.VALID]
    of = several(digest.addresses, "address", "addresses")
    return f"{count(valid)} of {of} {'is' if 1 in (valid, digest.addresses) else 'are'} safe to send"


def counted_sentence(digest: Digest) -> str:
    """Say what the figures of mailings are."""
    return COUNTED if digest.is_usual else COUNTED_NARROWED


def parted_finding(digest: Digest) -> str:
    """Say in one sentence how much is kept, and how much goes."""
    removed = removed_finding(digest) if digest.removed else "no row is removed"
    return f"{kept_finding(digest)}; {removed}."


def removed_finding(digest: Digest) -> str:
    """Say how many rows go."""
    if not digest.removed:
        return "No row is removed"
    return f"{several(digest.removed, 'row')} {'is' if digest.removed == 1 else 'are'} removed"


def day_in_words(day: date) -> str:
    """Say a day as people do: "14 May 2031"."""
    return f"{day.day} {day:%B %Y}"
