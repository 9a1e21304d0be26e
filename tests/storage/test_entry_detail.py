"""One entry in full."""

from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import Status
from storage.entries import Search, find_entries
from storage.entry_detail import read_entry
from storage.never_probed import Origin
from storage.policies import NamedPolicy
from storage.runs import pause_upload
from storage.withholding import never_probe


def test_an_entry_says_whether_its_list_runs(desk):
    upload = desk.begin("pear@orchard.com")
    (line,) = find_entries(desk.database, upload, Search())
    assert read_entry(desk.database, upload, line.entry).is_running
    pause_upload(desk.database, upload, desk.settings)
    assert not read_entry(desk.database, upload, line.entry).is_running


def test_an_entry_in_full_has_its_verdict_trace_and_earlier_checks(desk, replies):
    desk.begin("pear@orchard.com")
    desk.finish()
    upload = desk.begin("plum@orchard.com", "PEAR@orchard.com", "pear@orchard.com", reuse_days=0.0)
    desk.finish(replies["missing"])
    line = find_entries(desk.database, upload, Search())[2]
    detail = read_entry(desk.database, upload, line.entry)
    assert detail.line == line
    assert (detail.verdict.status, detail.verdict.confidence) == (line.status, line.confidence)
    assert sum(each.points for each in detail.verdict.ledger) == detail.verdict.confidence
    assert [each.speaker for each in detail.trace] == ["us", "host"]
    assert [each.status for each in detail.past] == [Status.INVALID, Status.VALID], "newest first"
    assert detail.first_number == 3, "as a spreadsheet counts, with the header"
    first = read_entry(desk.database, upload, detail.first_entry)
    assert first.line.text == "PEAR@orchard.com"
    assert (first.first_number, first.first_entry) == (None, None)


def test_a_malformed_entry_says_what_is_wrong_with_it(desk):
    upload = desk.save("n,email", "1,pear.orchard.com", "2,a@b.com")
    line = find_entries(desk.database, upload, Search())[0]
    detail = read_entry(desk.database, upload, line.entry)
    assert detail.detail
    assert (detail.verdict, detail.past, detail.trace) == (None, (), ())


def test_an_entry_of_another_list_is_not_shown(desk):
    first, second = desk.save("pear@orchard.com"), desk.save("plum@orchard.com")
    entry = find_entries(desk.database, first, Search())[0].entry
    assert read_entry(desk.database, second, entry) is None


def test_an_entry_that_waits_says_why_and_until_when(desk, clock):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    due_at = clock() + 900
    desk.settle(desk.put_off(batch, due_at))
    (line,) = find_entries(desk.database, upload, Search(is_waiting=True))
    assert (line.status, line.reason, line.due_at, line.attempts) == (None, Reason.GREYLISTED, due_at, 1)


def test_of_an_address_that_its_client_has_nobody_asked_about_no_other_lists_answer_is_shown(desk):
    own = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
    upload = desk.begin("fig@orchard.com", policy=own)
    other = desk.begin("fig@orchard.com")
    desk.finish()

    (entry,) = desk.rows("SELECT id FROM entry WHERE upload_id = :u", u=upload)
    detail = read_entry(desk.database, upload, entry.id)
    assert (detail.verdict.reason, detail.evidence.rcpt, detail.trace) == (Reason.NEVER_PROBED, None, ())
    (entry,) = desk.rows("SELECT id FROM entry WHERE upload_id = :u", u=other)
    assert read_entry(desk.database, other, entry.id).trace != ()


def test_of_an_address_that_nobody_asks_about_no_time_attempts_or_earlier_checks_are_told(desk):
    own = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
    upload = desk.begin("fig@orchard.com", policy=own)
    for _ in range(2):
        desk.begin("fig@orchard.com", reuse_days=0.0)
        desk.finish()

    (line,) = find_entries(desk.database, upload, Search())
    detail = read_entry(desk.database, upload, line.entry)
    assert (line.reason, line.checked_at, line.attempts) == (Reason.NEVER_PROBED, None, 0)
    assert (detail.line, detail.past) == (line, ())


def test_what_was_said_before_an_address_was_put_on_the_never_probe_list_is_not_shown(desk):
    desk.begin("fig@orchard.com")
    desk.finish()
    never_probe(desk.database, [parse_listed("orchard.com")], Origin())
    upload = desk.begin("fig@orchard.com", reuse_days=0.0)
    (line,) = find_entries(desk.database, upload, Search())
    detail = read_entry(desk.database, upload, line.entry)
    assert (line.reason, detail.trace, detail.evidence.rcpt) == (Reason.NEVER_PROBED, (), None)
