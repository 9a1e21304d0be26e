"""What tells whether a list is ready to send, counted from its counters and its domains."""

from engine.never_probed import parse_listed
from engine.reply import Reply, Stage
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


def test_rows_are_counted_as_the_usual_file_has_them(desk):
    upload = desk.begin("pear@orchard.com; fig@mill.com", "PEAR@orchard.com", "plum@mill.com", "no one", "")
    desk.finish()
    counts = counts_for_sending(desk.database, upload)
    assert (counts.statuses[Status.VALID], counts.rows[Status.VALID]) == (4, 2)
    assert counts.rows[Status.INVALID] == 1

    never_probe(desk.database, [parse_listed("fig@mill.com")], Origin())
    assert counts_for_sending(desk.database, upload).rows[Status.VALID] == 1


def test_of_the_unknown_those_can_be_asked_again_of_whom_another_try_may_tell(desk):
    never_probe(desk.database, [parse_listed("orchard.com")], Origin())
    upload = desk.begin("pear@orchard.com", "fig@mill.com", "plum@mill.com")
    desk.finish(Reply(554, "5.7.1 you are on a block list", Stage.RCPT))
    assert counts_for_sending(desk.database, upload).askable == 2
    by_dns = desk.begin("sloe@quay.com", is_dns_only=True)
    assert counts_for_sending(desk.database, by_dns).askable == 0
