"""The report to hand on."""

import re
from dataclasses import replace
from datetime import date

import pytest

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.digest import Digest
from pages.parts.handout import handout, say_invalid
from pages.parts.readiness import COUNTED, COUNTED_NARROWED, Told
from pages.parts.words import STATUSES, Saying

DIGEST = Digest(
    name="customers.csv",
    day=date(2031, 5, 14),
    policy_name="",
    keeps=(Status.VALID, Status.ACCEPT_ALL),
    rows=1_300,
    kept=1_000,
    removed=300,
    addresses=1_250,
    empty=50,
    statuses=((Status.VALID, 1_000), (Status.INVALID, 200), (Status.UNKNOWN, 50)),
    removals=(("Invalid: Mailbox does not exist", 200), ("Unknown: Asked us to come back", 50)),
    unknown=((Reason.GREYLISTED, 40), (Reason.BLOCKED, 10)),
    invalid=((Reason.MAILBOX_MISSING, 200),),
    waiting=7,
    reckoned="1,100 addresses are of the statuses you keep. Of these, 100 repeat. That leaves 1,000 rows.",
)


def test_it_says_the_figures_what_they_mean_what_nobody_knows_and_when():
    said = handout(DIGEST)
    assert "1,000 of 1,250 addresses are safe to send" in said
    assert "1,000 of 1,300 rows are kept; 300 rows are removed. The choice keeps" in said
    assert "rows that are: Valid, Accept-all." in said
    assert "1,250 addresses in 1,300 rows (50 rows without an address)" in said
    assert "That leaves 1,000 rows" in said
    assert "Mail to them would come back. Remove them." in said
    assert "50 addresses stayed unknown. 7 addresses had no answer yet" in said
    assert "Asked us to come back" in said
    assert "14 May 2031" in said
    assert "Judged by the usual policy." in said


def test_it_asks_nobody_for_anything_and_runs_nothing():
    said = handout(DIGEST)
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|<img|\bsrc=|\bhref=", said)
    assert said.count("<svg") == 7
    assert "@page { size: A4" in said


def test_whatever_comes_from_the_list_or_its_policy_is_only_text():
    evil = "<script>alert(1)</script>\"'&"
    said = handout(replace(DIGEST, name=evil, policy_name=evil, removals=((evil, 3),)))
    assert "<script" not in said
    assert said.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;") == 4


def test_a_list_that_keeps_all_and_knows_all_says_so():
    said = handout(replace(DIGEST, kept=1_300, removed=0, removals=(), unknown=(), waiting=0))
    assert "1,300 of 1,300 rows are kept; no row is removed." in said
    assert "keeps no row" in handout(replace(DIGEST, keeps=()))
    assert "Nothing stayed unknown." in said
    assert "What was removed" not in said


def test_a_list_of_nothing_has_a_report_too():
    nothing = tuple((status, 0) for status in Status)
    assert "0 of 0 addresses are safe" in handout(replace(DIGEST, addresses=0, rows=0, statuses=nothing))


def test_a_list_checked_by_dns_only_does_not_claim_that_hosts_were_asked():
    assert "no mail host was asked" in handout(replace(DIGEST, is_dns_only=True))
    assert "no mail host was asked" not in handout(DIGEST)


def test_reasons_of_unknown_ones_add_up():
    found = (Reason.GREYLISTED, Reason.BLOCKED, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.DNS_FAILED)
    unknown = (*((reason, 20) for reason in found), (Reason.DROPPED, 4), (Reason.UNCLEAR, 3))
    said = handout(replace(DIGEST, unknown=unknown))
    assert "107 addresses stayed unknown" in said
    assert re.search(r"All other reasons.*?7 \(6\.5 %\)", said, re.DOTALL)


def test_on_a_dark_screen_it_is_dark_and_on_paper_always_light():
    said = handout(DIGEST)
    dark = said.index("@media screen and (prefers-color-scheme: dark)")
    assert "--ground: #14191d" in said[dark:]
    assert said.index("@media print", dark) < said.index("color-scheme: light }", dark)
    assert "#fff;" in said[:dark]


def test_it_says_whether_the_list_and_the_choice_are_ready_to_send_and_why_not():
    told = (
        Told(is_ready=True, finding="Only what is safe, 9 rows: ready to send", doubts=()),
        Told(
            is_ready=False,
            finding="The whole list, 20 rows: not ready to send",
            doubts=(Saying("Only 45 % <b>.", "Wait."),),
        ),
    )
    said = handout(replace(DIGEST, readiness=told))
    assert "<h2>Ready to send?</h2>" in said
    assert COUNTED in said
    assert said.index("Only what is safe, 9 rows") < said.index("The whole list, 20 rows")
    assert "<li>Only 45 % &lt;b&gt;. Wait.</li>" in said
    assert "Ready to send?" not in handout(DIGEST)


ALL_THREE = (
    "Mail to 1 would come back, to 2 came back before and to 1,203 may arrive, but the policy leaves such "
    "addresses out. Remove them."
)


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ((), STATUSES[Status.INVALID].advice),
        ([(Reason.NULL_MX, 2), (Reason.MALFORMED, 1)], "Mail to them would come back. Remove them."),
        ([(Reason.MAILBOX_MISSING, 1)], "Mail to it would come back. Remove it."),
        ([(Reason.BOUNCED, 4)], "Mail to them came back before. Remove them."),
        (
            [(Reason.ROLE, 3)],
            "Mail to them may arrive, but the policy leaves such addresses out. Remove them.",
        ),
        (
            [(Reason.ROLE, 1_200), (Reason.NULL_MX, 1), (Reason.FREE, 3), (Reason.BOUNCED, 2)],
            ALL_THREE,
        ),
    ],
)
def test_of_what_is_invalid_it_says_whose_word_that_is(reasons, said):
    assert say_invalid(reasons) == said


def test_beside_further_choices_the_figures_are_those_of_the_file_that_is_made():
    told = (Told(is_ready=True, finding="Only what is safe, 1,200 rows: ready to send", doubts=()),)
    said = handout(replace(DIGEST, readiness=told, is_usual=False))
    assert COUNTED not in said
    assert COUNTED_NARROWED in said
