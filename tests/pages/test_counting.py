"""Numbers in words; and sentences that hold one, walked with 0, 1 and 2."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from engine.intake.correction import Correction, Slip
from engine.readiness import WHOLE_LIST, Concern, Counts, Doubt, Readiness
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Flag, Status
from pages.parts.asked_again import say_asked_again
from pages.parts.comparing import contents
from pages.parts.corrections import say_corrected, say_whom_to_write_to, slips_sentence
from pages.parts.corrections import unsure_sentence as unsure_sentence_of_slips
from pages.parts.counting import count, holdings, several
from pages.parts.digest import Digest, kept_finding, removed_finding, safe_finding
from pages.parts.kept_rows import unchecked_sentence, unsure_sentence
from pages.parts.lanes import more_lanes
from pages.parts.left_open import say_refused, say_unknown
from pages.parts.listed_words import unread_sentence
from pages.parts.pace_words import say_paused
from pages.parts.progress import headline, waiting_headline, waiting_lines
from pages.parts.readiness import told_of
from pages.parts.reckoning import Reckoning, say_reckoning
from pages.parts.sample_board import say_put_off
from pages.parts.steering import ending_sentence
from pages.parts.unasked import client_sentence, listed_sentence
from storage.deferred import Deferred
from storage.sampling import SampleStanding
from storage.summaries import Cell, Standing, Summary
from storage.uploads import UploadState


def test_a_number_has_thousands_separators():
    assert count(1234567) == "1,234,567"


@pytest.mark.parametrize(("number", "said"), [(1, "1 row"), (0, "0 rows"), (5021, "5,021 rows")])
def test_what_is_counted_is_named_with_its_number(number, said):
    assert several(number, "row") == said


def test_what_a_list_holds_is_said_with_all_its_parts():
    assert holdings(5021, 5009, 12) == "5,009 addresses in 5,021 rows (12 rows without an address)"
    assert holdings(1, 1, 0) == "1 address in 1 row"


NOUNS = ("address", "row", "list", "domain", "line", "text", "other", "session", "message", "host")
ONE = "|".join(NOUNS)
MANY = "|".join(f"{noun}{'es' if noun == 'address' else 's'}" for noun in NOUNS)
WRONG = (
    rf"\b1 (?:more )?(?:{MANY})\b",
    rf"\b[02] (?:more )?(?:{ONE})\b",
    rf"\b1 (?:(?:more )?(?:{ONE}) )?(?:are|have|were|stand|go|repeat|look|wait|hold)\b",
    rf"\b(?<! of )[02] (?:(?:more )?(?:{MANY}) )?(?:is|has|was|stands|goes|repeats|looks|waits|holds)\b",
    rf"\b1 of \d+ (?:{ONE}|{MANY}) (?:are|have)\b",
    rf"\b[02] of [02] (?:{MANY}) (?:is|has)\b",
    rf"\b1 (?:{ONE})\b[^.;,]*\b(?:they|them|their)\b",
)
"""What no sentence says: a number beside the wrong form of what is counted, or of what that does."""


def _summary(number: int, status: Status = Status.VALID) -> Summary:
    """Give a list of two that has so many addresses of a status, all of them corrected."""
    statuses = dict.fromkeys(Status, 0) | {status: number}
    standing = Standing(1, "f.csv", "", UploadState.DONE, 2, 2, 2, 0.0, 0.0, 1.0, statuses)
    cells = (Cell(True, status, Reason.ACCEPTED, 95, Flag.CORRECTED, number),)  # noqa: FBT003 - is_first
    return Summary(standing, (), (), (), cells if number else ())


def _digest(number: int, whole: int) -> Digest:
    told = ((Status.VALID, number),)
    return Digest("f", date(2031, 5, 14), "", (), whole, number, number, whole, 0, told, (), (), 0)


def _readiness(number: int) -> str:
    statuses = {Status.VALID: number, Status.INVALID: number}
    counts = Counts(statuses, {}, askable=number)
    concerns = tuple(Concern(doubt, number, 95, number) for doubt in Doubt)
    told = told_of(Readiness(WHOLE_LIST, number, None, concerns, rows=number, counts=counts))
    return " ".join((told.finding, *(f"{each.name} {each.advice}" for each in told.doubts)))


def _put_off(number: int) -> str:
    waiting = (Deferred(Reason.GREYLISTED, number, 100.0, 900.0),)
    running = replace(_summary(0).standing, state=UploadState.RUNNING)
    return f"{waiting_headline(running, waiting, 0.0)} {waiting_lines(running, waiting, 0.0)}"


def _sampled(number: int) -> str:
    running = replace(_summary(0).standing, state=UploadState.RUNNING)
    return say_put_off(running, SampleStanding(200, 900, number, number, 60.0, None), 0.0)


WORDINGS: dict[str, Callable[[int], str]] = {
    "what a list holds": lambda n: holdings(n + n, n, n),
    "headline": lambda n: headline(_summary(n).standing),
    "reckoning": lambda n: say_reckoning(Reckoning(frozenset({Status.VALID}), 6 * n, n, n, n, n, n, n, n)),
    "reckoning of all": lambda n: say_reckoning(Reckoning(frozenset(Status), n)),
    "readiness": _readiness,
    "unknown": lambda n: say_unknown([(Status.UNKNOWN, Reason.TIMEOUT, n)], 1),
    "unknown by DNS": lambda n: say_unknown([(Status.UNKNOWN, Reason.DNS_FAILED, n)], 1, is_dns_only=True),
    "refused": lambda n: say_refused([(Status.UNKNOWN, Reason.BLOCKED, n)]),
    "asked again, none told": lambda n: say_asked_again(n, n),
    "asked again, some told": lambda n: say_asked_again(n + 1, n),
    "corrected": lambda n: say_corrected(_summary(n)),
    "corrected in vain": lambda n: say_corrected(_summary(n, Status.INVALID)),
    "whom to write to": lambda n: say_whom_to_write_to(_summary(n)),
    "slips": lambda n: slips_sentence((Slip(Correction("gmial.com", "gmail.com"), n),)),
    "mistyped and not sure": unsure_sentence_of_slips,
    "mistyped and not sure, beside others": lambda n: unsure_sentence_of_slips(n, is_more=True),
    "rows that nobody could tell of": lambda n: unsure_sentence(n, is_dns_only=False),
    "rows that were not checked": unchecked_sentence,
    "on the never-asked list": listed_sentence,
    "at a client's domains": lambda n: client_sentence(n, "Orchard"),
    "not read": unread_sentence,
    "changed": lambda n: contents(n, n),
    "changed and listed": lambda n: contents(0, n),
    "put off": _put_off,
    "put off of a sample": _sampled,
    "given up": ending_sentence,
    "paused": say_paused,
    "hosts not shown": lambda n: more_lanes(n, n),
    "kept of two": lambda n: kept_finding(_digest(n, 2)),
    "kept of as many": lambda n: kept_finding(_digest(n, n)),
    "safe of two": lambda n: safe_finding(_digest(n, 2)),
    "safe of as many": lambda n: safe_finding(_digest(n, n)),
    "safe of one": lambda n: safe_finding(_digest(n, 1)),
    "removed": lambda n: removed_finding(_digest(n, 2)),
}
"""Sentences with a number, by what they speak of."""


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("wording", WORDINGS)
def test_no_sentence_has_the_wrong_plural(wording, number):
    said = WORDINGS[wording](number)
    assert not [wrong for wrong in WRONG if re.search(wrong, said)], said


@pytest.mark.parametrize(
    "said",
    [
        "1 addresses",
        "0 row",
        "2 more address",
        "1 repeat an earlier row",
        "2 rows goes",
        "1 of 5 addresses are safe",
        "1 address is unknown: keep them",
    ],
)
def test_a_wrong_plural_is_seen(said):
    assert [wrong for wrong in WRONG if re.search(wrong, said)]
