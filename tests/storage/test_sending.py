"""What tells whether a list is ready to send, counted from its counters and its domains."""

from engine.readiness import SMALL_DOMAIN
from engine.verdict import Status
from storage.sending import counts_for_sending


def test_addresses_are_counted_by_status_and_those_at_small_domains_apart(desk, replies):
    large = [f"pear{number}@orchard.com" for number in range(SMALL_DOMAIN)]
    small = [f"pear{number}@mill.com" for number in range(SMALL_DOMAIN - 1)]
    upload = desk.begin(*large, *small, "not an address")
    desk.finish({**dict.fromkeys(large, replies["accepted"]), **dict.fromkeys(small, replies["missing"])})

    counts = counts_for_sending(desk.database, upload)
    assert (counts.statuses[Status.VALID], counts.statuses[Status.INVALID]) == (10, 10)
    assert (counts.at_small[Status.VALID], counts.at_small[Status.INVALID]) == (0, 9)
    assert sum(stratum.addresses for stratum in counts.strata) == 20
    assert counts.waiting == 0


def test_what_has_no_answer_yet_waits(desk):
    counts = counts_for_sending(desk.database, desk.begin("pear@orchard.com", "fig@orchard.com"))
    assert counts.waiting == 2
    assert sum(counts.statuses.values()) == 0
    assert counts_for_sending(desk.database, 99).waiting == 0
