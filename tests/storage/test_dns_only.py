"""Lists that are checked by DNS alone: settled by their domains' routes, with nobody asked."""

import asyncio
from dataclasses import replace

import pytest

from engine.exchange import MailHost, MailHosts, NoMail
from engine.intake.read import read_sheet
from engine.never_probed import parse_listed
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.verdict import Status
from engine.work_queue import Notice
from storage import dns_only, queue
from storage.never_probed import Origin, remove_lines
from storage.routes import keep_routes
from storage.runs import cancel_upload, check_by_dns_only, pause_upload, start_upload
from storage.summaries import summarise
from storage.uploads import Choice, UploadState, continuation_of
from storage.withholding import never_probe

NULL_MX = NoMail(Reason.NULL_MX)
HOSTS = MailHosts((MailHost("mx.orchard.com", 10, ("127.0.0.1",)),))


def _outcomes(desk, upload):
    sql = "SELECT status, reason FROM entry WHERE upload_id = :u ORDER BY row, ordinal"
    return [(row.status, row.reason) for row in desk.rows(sql, u=upload)]


def _state(desk, upload):
    return summarise(desk.database, upload).standing.state


def _begin(desk, *lines, **choice):
    return desk.begin(*lines, is_dns_only=True, **choice)


def test_a_list_by_dns_alone_is_done_when_its_routes_are_known(desk, recount):
    upload = _begin(desk, "pear@orchard.com", "plum@mill.com", "PEAR@orchard.com")
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)] * 3
    assert _state(desk, upload) is UploadState.DONE
    assert desk.claim() == []
    recount(desk)


def test_domains_that_take_no_mail_are_invalid(desk, recount):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    desk.resolve(route=NULL_MX)
    assert _outcomes(desk, upload) == [(Status.INVALID, Reason.NULL_MX)]
    recount(desk)


def test_more_mailboxes_than_a_chunk_holds_are_all_settled(desk, recount, monkeypatch):
    monkeypatch.setattr(dns_only, "CHUNK_MAILBOXES", 2)
    upload = _begin(desk, *(f"pear{n}@orchard.com" for n in range(9)))
    assert set(_outcomes(desk, upload)) == {(Status.UNKNOWN, Reason.DNS_ONLY)}
    assert desk.rows("SELECT id FROM domain WHERE is_awaited = 1") == []
    recount(desk)


def test_a_heartbeat_settles_for_a_while_only_since_it_keeps_the_lease(desk, recount, monkeypatch):
    monkeypatch.setattr(dns_only, "CHUNK_MAILBOXES", 2)
    monkeypatch.setattr(queue, "ANSWER_S", 0.0)
    upload = desk.save(*(f"pear{n}@orchard.com" for n in range(9)), is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    with desk.database.writing() as connection:
        keep_routes(connection, [desk.facts("orchard.com")])

    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert 0 < sum(status is not None for status, _ in _outcomes(desk, upload)) < 9
    for _ in range(9):
        asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert _state(desk, upload) is UploadState.DONE
    recount(desk)


def test_a_route_that_is_known_settles_at_the_start(desk, recount):
    desk.begin("fig@orchard.com")
    desk.finish()
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]
    recount(desk)


def test_an_answer_that_still_holds_is_better_than_the_dns(desk):
    desk.begin("pear@orchard.com")
    desk.finish()
    upload = _begin(desk, "pear@orchard.com")
    assert _outcomes(desk, upload) == [(Status.VALID, Reason.ACCEPTED)]


def test_a_full_check_of_the_same_mailbox_goes_on_beside_it(desk, recount):
    whole = desk.begin("pear@orchard.com")
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]
    assert desk.finish() == ["pear@orchard.com"]
    assert _outcomes(desk, whole) == [(Status.VALID, Reason.ACCEPTED)]
    recount(desk)


def test_what_hosts_say_later_does_not_change_a_list_by_dns_alone(desk, recount):
    upload = _begin(desk, "pear@orchard.com")
    whole = desk.begin("pear@orchard.com")
    assert desk.finish() == ["pear@orchard.com"]
    assert _outcomes(desk, whole) == [(Status.VALID, Reason.ACCEPTED)]
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]
    recount(desk)


def test_a_running_list_can_go_on_by_dns_alone(desk, recount):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    check_by_dns_only(desk.database, upload, desk.settings)
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)] * 2
    assert desk.claim() == []
    recount(desk)


def test_going_on_by_dns_alone_keeps_what_another_list_wants(desk):
    other = desk.begin("pear@orchard.com")
    upload = desk.begin("pear@orchard.com")
    check_by_dns_only(desk.database, upload, desk.settings)
    assert desk.finish() == ["pear@orchard.com"]
    assert _outcomes(desk, other) == [(Status.VALID, Reason.ACCEPTED)]


def test_a_paused_list_waits_and_a_resumed_one_goes_on(desk):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    pause_upload(desk.database, upload, desk.settings)
    desk.acquire()
    assert desk.resolve() == [], "while it is paused, nothing is looked up for it"
    assert _outcomes(desk, upload) == [(None, None)]
    start_upload(desk.database, upload, desk.settings)
    desk.resolve()
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]


def test_a_paused_list_stops_no_other(desk):
    upload, other = (desk.save("pear@orchard.com", is_dns_only=True) for _ in range(2))
    for each in (upload, other):
        desk.start(each)
    pause_upload(desk.database, upload, desk.settings)
    desk.acquire()
    assert desk.resolve() == ["orchard.com"]
    assert _outcomes(desk, other) == [(Status.UNKNOWN, Reason.DNS_ONLY)]


def test_a_look_up_under_way_when_the_list_is_paused_settles_nothing_and_serves_later(desk):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    (facts,) = asyncio.run(desk.queue.claim_domains(10))
    pause_upload(desk.database, upload, desk.settings)
    asyncio.run(desk.queue.keep([replace(facts, route=HOSTS, resolved_at=desk.clock())]))
    assert _outcomes(desk, upload) == [(None, None)]
    start_upload(desk.database, upload, desk.settings)
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]


def test_a_cancelled_list_is_not_settled_by_the_dns_afterwards(desk):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    cancel_upload(desk.database, upload, desk.settings)
    desk.acquire()
    assert desk.resolve() == []
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.NOT_CHECKED)]


def test_what_a_kill_left_between_route_and_entries_is_made_up_for(desk):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    waiting = asyncio.run(desk.queue.claim_domains(10))
    with desk.database.writing() as connection:
        keep_routes(connection, [replace(facts, route=HOSTS, resolved_at=desk.clock()) for facts in waiting])
    assert _outcomes(desk, upload) == [(None, None)]
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert _outcomes(desk, upload) == [(Status.UNKNOWN, Reason.DNS_ONLY)]


@pytest.mark.parametrize("is_dns_only", [False, True])
def test_the_same_file_checked_otherwise_is_another_list(desk, is_dns_only):
    sheet = read_sheet(b"email\npear@orchard.com\n", "fruits.csv", has_header=True)
    choice = Choice(("email",), is_dns_only=is_dns_only)
    assert (continuation_of(sheet, choice) == continuation_of(sheet, Choice(("email",)))) is not is_dns_only


def test_routes_that_have_come_are_found_however_many_others_are_awaited(desk):
    desk.start(desk.save("pear@orchard.com", "plum@mill.com", is_dns_only=True))
    plan = desk.rows(f"EXPLAIN QUERY PLAN {dns_only.ANSWERED}")
    assert "USING INDEX ix_domain_awaited (resolve_at=?)" in str(plan)


def test_a_domain_taken_off_the_never_probe_list_is_looked_up_for_the_list_handed_in_again(desk, recount):
    lines = [parse_listed("orchard.com")]
    never_probe(desk.database, lines, Origin())
    before = _begin(desk, "pear@orchard.com")
    assert _outcomes(desk, before) == [(Status.UNKNOWN, Reason.NEVER_PROBED)]
    remove_lines(desk.database, lines)
    again = _begin(desk, "pear@orchard.com")
    assert _outcomes(desk, again) == [(Status.UNKNOWN, Reason.DNS_ONLY)]
    assert _outcomes(desk, before) == [(Status.UNKNOWN, Reason.NEVER_PROBED)]
    recount(desk)
