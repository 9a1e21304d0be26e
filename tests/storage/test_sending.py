"""What tells whether a list is ready to send, counted from its counters and its domains."""

from engine.never_probed import parse_listed
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.verdict import Status
from storage.never_probed import Origin
from storage.removals import at_small_domains, kept_of, outcomes_of
from storage.selection import Selection
from storage.sending import counts_for_sending, counts_of_choice
from storage.summaries import summarise
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


def test_what_may_bounce_is_reckoned_of_the_rows_of_the_file_and_not_of_what_is_repeated(desk, replies):
    upload = desk.begin("pear@orchard.com", *["fig@mill.com"] * 9)
    desk.finish({"pear@orchard.com": replies["accepted"], "fig@mill.com": replies["missing"]})
    counts = counts_for_sending(desk.database, upload)
    assert (counts.statuses[Status.INVALID], counts.rows[Status.INVALID]) == (9, 1)
    assert {each.status: each.addresses for each in counts.strata} == {Status.VALID: 1, Status.INVALID: 1}


def test_further_choices_leave_the_rows_of_their_file_also_at_small_domains(desk, replies):
    upload = desk.begin("pear@orchard.com", "fig@mill.com", "plum@mill.com", "PLUM@mill.com", "sloe@quay.com")
    desk.finish(
        {
            "pear@orchard.com": replies["accepted"],
            "fig@mill.com": replies["accepted"],
            "plum@mill.com": Reply(554, "5.7.1 you are on a block list", Stage.RCPT),
            "sloe@quay.com": replies["missing"],
        }
    )
    counts = counts_for_sending(desk.database, upload)
    summary = summarise(desk.database, upload)
    selection = Selection(reasons=frozenset({Reason.MAILBOX_MISSING}))
    kept = kept_of(outcomes_of(summary), selection)
    small = kept_of(at_small_domains(desk.database, upload, 3), selection)
    told = counts_of_choice(counts, kept, small, ())
    assert told.rows == told.statuses == {Status.VALID: 2, Status.UNKNOWN: 2}
    assert sum(each.addresses for each in told.strata) == 4
    assert told.below(3) == {Status.VALID: 1}, "mill.com has three addresses of the list"


def test_of_the_unknown_those_can_be_asked_again_of_whom_another_try_may_tell(desk):
    never_probe(desk.database, [parse_listed("orchard.com")], Origin())
    upload = desk.begin("pear@orchard.com", "fig@mill.com", "plum@mill.com")
    desk.finish(Reply(554, "5.7.1 you are on a block list", Stage.RCPT))
    assert counts_for_sending(desk.database, upload).askable == 2
    by_dns = desk.begin("sloe@quay.com", is_dns_only=True)
    assert counts_for_sending(desk.database, by_dns).askable == 0
