"""What tells whether a list is ready to send, counted from its counters and its domains."""

from engine.never_probed import parse_listed
from engine.verdict import Status
from storage.never_probed import Origin
from storage.sending import counts_for_sending
from storage.withholding import never_probe


def test_addresses_are_counted_by_status_and_by_the_size_of_their_domain(desk, replies):
    large = [f"pear{number}@orchard.com" for number in range(10)]
    small = [f"pear{number}@mill.com" for number in range(9)]
    upload = desk.begin(*large, *small, "not an address")
    desk.finish({**dict.fromkeys(large, replies["accepted"]), **dict.fromkeys(small, replies["missing"])})

    counts = counts_for_sending(desk.database, upload)
    assert (counts.statuses[Status.VALID], counts.statuses[Status.INVALID]) == (10, 10)
    assert (counts.below(10)[Status.VALID], counts.below(10)[Status.INVALID]) == (0, 9)
    assert (counts.below(11)[Status.VALID], counts.below(9)[Status.INVALID]) == (10, 0)
    assert sum(stratum.addresses for stratum in counts.strata) == 20
    assert counts.waiting == 0


def test_a_repeated_address_counts_as_often_as_it_stands_there(desk):
    upload = desk.begin("pear@orchard.com", "PEAR@orchard.com")
    desk.finish()
    assert counts_for_sending(desk.database, upload).statuses[Status.VALID] == 2


def test_who_is_on_the_never_probe_list_is_counted_nowhere_whenever_the_line_was_added(desk):
    never_probe(desk.database, [parse_listed("orchard.com")], Origin())
    upload = desk.begin("pear@orchard.com", "plum@mill.com", "fig@mill.com", "fig@quay.com", "not one")
    desk.finish()
    before = counts_for_sending(desk.database, upload)
    assert (before.statuses[Status.UNKNOWN], before.unasked[Status.UNKNOWN]) == (0, 1)

    never_probe(desk.database, [parse_listed("fig@mill.com"), parse_listed("quay.com")], Origin())
    counts = counts_for_sending(desk.database, upload)
    assert (counts.statuses[Status.VALID], counts.unasked[Status.VALID]) == (1, 2)
    assert counts.below(10) == {Status.VALID: 1} | dict.fromkeys({*Status} - {Status.VALID}, 0)
    assert sum(stratum.addresses for stratum in counts.strata) == 2


def test_what_has_no_answer_yet_waits(desk):
    counts = counts_for_sending(desk.database, desk.begin("pear@orchard.com", "fig@orchard.com"))
    assert counts.waiting == 2
    assert sum(counts.statuses.values()) == 0
    assert counts_for_sending(desk.database, 99).waiting == 0
