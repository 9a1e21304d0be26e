"""What a domain's records on forged mail, SPF and DMARC, add to its health: a table each, and one rule."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.dmarc import DmarcReport, DmarcState
from engine.health_line import HealthLine, unknown
from engine.spf import SpfReport, SpfState

_MOST = 15
_FLAW = 3
"""Points that a record loses which works, but has something wrong in it."""


class Grade(NamedTuple):
    """What a record in some state is worth: its points, how that is said, and how to do better."""

    points: int
    cause: str
    advice: str = ""


SPF_GRADES = {
    SpfState.FAIL: Grade(15, "SPF refuses all hosts that it does not name (-all)"),
    SpfState.SOFTFAIL: Grade(13, "SPF doubts all hosts that it does not name (~all)"),
    SpfState.NEUTRAL: Grade(
        5,
        "SPF says nothing of hosts that it does not name",
        "Anybody can send in its name: end the record with “~all”, later with “-all”.",
    ),
    SpfState.PASS_ALL: Grade(
        0,
        "SPF lets anybody send (+all)",
        "That is worse than no record: end it with “~all” or “-all”.",
    ),
    SpfState.NONE: Grade(
        0,
        "It has no SPF record",
        "Publish a TXT record that begins with “v=spf1”, names the hosts that send, and ends with “~all”.",
    ),
    SpfState.PERMERROR: Grade(0, "Its SPF record is broken, and so it does not count"),
}
"""What each state of SPF is worth; the one that is missing says that nobody knows."""

DMARC_GRADES = {
    DmarcState.REJECT: Grade(15, "DMARC has forged mail rejected"),
    DmarcState.QUARANTINE: Grade(13, "DMARC has forged mail put aside as junk"),
    DmarcState.MONITOR: Grade(
        6,
        "DMARC asks to be told of forged mail, and for nothing else",
        "Once the reports show that your own mail passes, set “p” to quarantine, later to reject.",
    ),
    DmarcState.NONE: Grade(
        0,
        "It has no DMARC policy",
        "Publish “v=DMARC1; p=none; rua=mailto:” and an address of yours at _dmarc, then tighten it.",
    ),
    DmarcState.BROKEN: Grade(0, "Its DMARC record is broken, and so it does not count"),
}
"""What each state of DMARC is worth."""


def spf_line(report: SpfReport | None) -> HealthLine:
    """Give the line of a domain's SPF record."""
    if report is None or report.state not in SPF_GRADES:
        return unknown("SPF")
    return _graded(SPF_GRADES[report.state], report.problems)


def dmarc_line(report: DmarcReport | None) -> HealthLine:
    """Give the line of a domain's DMARC policy, which may be that of a domain above it."""
    if report is None:
        return unknown("DMARC")
    source = f", by the policy of {report.found_at}" if report.is_inherited and report.text else ""
    return _graded(DMARC_GRADES[report.state], report.problems, source)


def _graded(grade: Grade, problems: Sequence[str], source: str = "") -> HealthLine:
    kept = max(grade.points - _FLAW, 0) if problems else grade.points
    advice = tuple(each for each in (grade.advice, *problems) if each)
    return HealthLine(grade.cause + source, kept, _MOST, advice)
