"""Verdicts written to entries, each by its own list's policy."""

import pytest

from engine.address import Address
from engine.exchange import MailHost, MailHosts
from engine.judge import judge
from engine.policy import DEFAULT_POLICY, Policy, Weight
from engine.reason import Reason
from engine.traits import traits_of
from engine.value import replace
from engine.verdict import NO_FLAGS, AcceptAll, Evidence, Flag, LedgerLine, Status, Verdict
from storage.policies import NamedPolicy
from storage.settle import Settled, settle_entries

LENIENT = Policy(role=Weight.KEPT)
ENDED = Verdict(Status.UNKNOWN, Reason.NOT_CHECKED, 20, (LedgerLine("ended", 20),))


@pytest.fixture
def accepted(replies):
    """What is known of a role account that was accepted."""
    address = Address("info", "mill.com")
    return Evidence(
        address=address,
        traits=traits_of(address),
        route=MailHosts((MailHost("mx.mill.com", 10, ("127.0.0.1",)),)),
        provider="other",
        rcpt=replies["accepted"],
        accept_all=AcceptAll.NO,
    )


def settle(desk, ground, *, upload=None, extra=NO_FLAGS, at=12.5):
    with desk.database.writing() as connection:
        mailbox = desk.value("SELECT id FROM mailbox WHERE folded = 'info'")
        settle_entries(connection, [Settled(mailbox, ground, at)], upload=upload, extra=extra)


def said(desk, upload):
    rows = desk.rows(
        "SELECT status FROM entry WHERE upload_id = :u AND text LIKE 'info%' ORDER BY row", u=upload
    )
    return [row.status for row in rows]


def test_evidence_is_judged_by_the_policy_and_the_usual_verdict_is_not_worked_out_twice(accepted):
    settled = Settled(1, accepted, 12.5)
    assert settled.verdict(DEFAULT_POLICY).status is Status.RISKY
    assert settled.verdict(LENIENT).status is Status.VALID
    usual = replace(judge(accepted, DEFAULT_POLICY), confidence=7)
    known = replace(settled, usual=usual)
    assert known.verdict(DEFAULT_POLICY) is usual
    assert known.verdict(LENIENT).confidence != 7


def test_a_verdict_that_rests_on_no_evidence_is_every_policys():
    assert Settled(1, ENDED, 12.5).verdict(DEFAULT_POLICY) is Settled(1, ENDED, 12.5).verdict(LENIENT)


def test_every_list_that_names_a_mailbox_has_its_own_verdict(desk, accepted, recount):
    usual = desk.save("info@mill.com", "INFO@mill.com", "pear@mill.com")
    lenient = desk.save("info@mill.com", policy=NamedPolicy("Orchard Ltd", LENIENT))
    settle(desk, accepted)
    assert (said(desk, usual), said(desk, lenient)) == (["risky", "risky"], ["valid"])
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NULL") == 1
    assert set(desk.rows("SELECT settled_at FROM entry WHERE status IS NOT NULL")) == {(12.5,)}
    recount(desk)


def test_of_one_list_only_what_is_open_is_settled_and_of_all_what_has_an_outcome_too(desk, accepted, recount):
    one, other = desk.save("info@mill.com"), desk.save("info@mill.com", "pear@mill.com")
    settle(desk, ENDED, upload=one)
    assert (said(desk, one), said(desk, other)) == (["unknown"], [None])
    settle(desk, accepted, upload=one)
    assert said(desk, one) == ["unknown"]
    settle(desk, accepted)
    assert (said(desk, one), said(desk, other)) == (["risky"], ["risky"])
    recount(desk)


def test_what_hosts_say_settles_no_list_that_is_checked_by_dns_alone(desk, accepted):
    by_dns = desk.save("info@mill.com", is_dns_only=True)
    settle(desk, accepted)
    assert said(desk, by_dns) == [None]


def test_flags_of_an_entrys_place_stay_and_others_are_the_verdicts(desk, accepted, recount):
    upload = desk.save("info@mill.com", "info@mill.com", "pear@mill.com; info@mill.com")
    settle(desk, accepted, extra=Flag.REUSED)
    rows = desk.rows("SELECT flags FROM entry WHERE text LIKE 'info%' ORDER BY row")
    assert [Flag(row.flags) & ~Flag.ROLE for row in rows] == [
        Flag.REUSED,
        Flag.REUSED | Flag.DUPLICATE,
        Flag.REUSED | Flag.SEVERAL,
    ]
    settle(desk, accepted)
    assert not any(row.flags & Flag.REUSED for row in desk.rows("SELECT flags FROM entry"))
    assert said(desk, upload) == ["risky"] * 3
    recount(desk)


def test_nothing_settled_writes_nothing(desk):
    desk.save("info@mill.com")
    with desk.database.writing() as connection:
        settle_entries(connection, [])
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NOT NULL") == 0
