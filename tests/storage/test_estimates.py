import asyncio

import pytest

from engine.adaptive import GROWS_FOR_S
from engine.ahead import Kind
from engine.batch import Outcome, Pause, Scope
from engine.pace_report import LaneReport, PaceReport
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.snapshot import Snapshot
from engine.work_queue import Notice
from storage.due import refresh_due
from storage.estimates import estimate_list
from storage.holds import hold_for_pause
from storage.runs import pause_upload

MISSING = Reply(550, "5.1.1 no such mailbox here", Stage.RCPT)
ORCHARD = [f"plum{number}@orchard.sandbox" for number in range(40)]
MILL = [f"pear{number}@mill.sandbox" for number in range(5)]


def said_of(desk, upload, after_s=0.0):
    return estimate_list(desk.database, upload, desk.settings, desk.clock() + after_s)


def cause(said, kind, name=""):
    return next((each for each in said.causes if (each.kind, each.name) == (kind, name)), None)


def test_a_list_that_begins_is_estimated_by_what_is_left_at_each_domain(desk):
    said = said_of(desk, desk.begin(*ORCHARD, *MILL))
    orchard, mill = (cause(said, Kind.DOMAIN, name) for name in ("orchard.sandbox", "mill.sandbox"))
    assert (orchard.addresses, orchard.sessions, orchard.per_minute) == (40, 2, 10)
    assert (mill.addresses, mill.sessions) == (5, 1)
    assert cause(said, Kind.NUMBER).addresses == 45


def test_what_is_answered_is_left_no_more(desk):
    upload = desk.begin(*ORCHARD, *MILL)
    desk.settle(*(desk.answer(batch) for batch in desk.claim()))
    said = said_of(desk, upload)
    assert cause(said, Kind.NUMBER).addresses == 20
    assert cause(said, Kind.DOMAIN, "mill.sandbox") is None


def test_sessions_hold_fewer_recipients_where_many_are_refused(desk):
    upload = desk.begin(*ORCHARD)
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, MISSING))
    assert cause(said_of(desk, upload), Kind.DOMAIN, "orchard.sandbox").sessions == 3


def test_who_comes_back_within_two_minutes_is_waited_for(desk):
    upload = desk.begin(*MILL)
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, desk.clock() + 90))
    said = said_of(desk, upload)
    assert cause(said, Kind.RETRIES).addresses == 5
    assert said.low_s < 92 < said.high_s
    assert not said.later.addresses


def test_who_waits_longer_is_left_out_and_named_with_the_time(desk):
    upload = desk.begin(*ORCHARD, *MILL)
    batches = {batch.domain.name: batch for batch in desk.claim()}
    desk.settle(
        desk.put_off(batches["mill.sandbox"], desk.clock() + 900), given_back(batches["orchard.sandbox"])
    )
    said = said_of(desk, upload)
    assert cause(said, Kind.NUMBER).addresses == 40
    assert (said.later.addresses, round(said.later.last_s, -1)) == (5, 900)
    assert said.high_s < 900


def given_back(batch):
    return Outcome(batch, batch.domain, released=batch.recipients)


def test_where_only_long_waits_are_left_there_is_no_estimate(desk):
    upload = desk.begin(*MILL)
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, desk.clock() + 900))
    assert said_of(desk, upload) is None
    assert said_of(desk, upload, after_s=850) is not None, "then they are about to be asked again"


def test_a_held_domain_waits_with_everybody_who_was_not_asked(desk):
    upload = desk.begin(*ORCHARD)
    (domain,) = desk.rows("SELECT id FROM domain")
    with desk.database.writing() as connection:
        hold_for_pause(connection, [(domain.id, desk.clock() + 3000, Reason.BLOCKED)])
        refresh_due(connection, [domain.id])
    assert said_of(desk, upload) is None


def take_back(desk, batch):
    """Begin a pause of 3000 s for a domain whose hosts refuse us, and take back what they said."""
    desk.settle(desk.answer(batch, MISSING))
    pause = Pause(Scope.DOMAIN, batch.domain.name, desk.clock(), desk.clock() + 3000)
    doubted = tuple(each.mailbox for each in batch.recipients)
    desk.settle(Outcome(batch, batch.domain, pause=pause, doubted=doubted))


def test_what_was_taken_back_is_left_out_until_the_pause_ends(desk):
    upload = desk.begin(*ORCHARD, *MILL)
    batches = {batch.domain.name: batch for batch in desk.claim()}
    take_back(desk, batches["mill.sandbox"])
    desk.settle(given_back(batches["orchard.sandbox"]))
    said = said_of(desk, upload)
    assert cause(said, Kind.NUMBER).addresses == 40
    assert (said.later.addresses, round(said.later.first_s, -1)) == (5, 3000)


def test_where_only_what_was_taken_back_is_left_there_is_no_estimate(desk):
    upload = desk.begin(*MILL)
    (batch,) = desk.claim()
    take_back(desk, batch)
    assert said_of(desk, upload) is None
    assert said_of(desk, upload, after_s=2950) is not None, "then they are about to be asked again"


def test_several_lists_share_the_sessions(desk):
    desk.settings = desk.settings.model_copy(update={"global_concurrency": 1})
    upload = desk.begin(*(f"plum@orchard{number}.sandbox" for number in range(40)))
    one = cause(said_of(desk, upload), Kind.NUMBER).takes_s
    two = desk.settings.model_copy(update={"global_concurrency": 2})
    desk.start(desk.save("fig@tree.sandbox"))
    assert cause(estimate_list(desk.database, upload, two), Kind.NUMBER).takes_s == pytest.approx(one)


def test_a_list_that_does_not_run_has_no_estimate(desk):
    upload = desk.save(*MILL)
    assert said_of(desk, upload) is None
    desk.start(upload)
    pause_upload(desk.database, upload, desk.settings)
    assert said_of(desk, upload) is None
    assert said_of(desk, 999) is None


def test_a_list_by_dns_alone_is_estimated_by_the_look_ups_that_are_left(desk):
    upload = desk.save(*ORCHARD, *MILL, is_dns_only=True)
    desk.start(upload)
    assert desk.acquire()
    (look_ups,) = said_of(desk, upload).causes
    assert (look_ups.kind, look_ups.domains, look_ups.addresses) == (Kind.LOOK_UPS, 2, 45)
    desk.resolve()
    assert said_of(desk, upload) is None


def test_domains_behind_the_same_hosts_are_counted_in_the_sessions_they_share(desk):
    upload = desk.save(*(f"plum@orchard{number}.sandbox" for number in range(60)))
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(route_key="a1b2")
    number = cause(said_of(desk, upload), Kind.NUMBER)
    assert (number.addresses, number.sessions) == (60, 10)


def test_a_lane_whose_hosts_warned_us_takes_the_minutes_that_its_rate_wants(desk):
    upload = desk.save(*ORCHARD)
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(route_key="a1b2")
    lane = LaneReport("a1b2", 2, 1, 20, 20, warned_at=desk.clock() - GROWS_FOR_S)
    snapshot = Snapshot(PaceReport(lanes=(lane,)), {"a1b2": "mx.orchard.sandbox"})
    asyncio.run(desk.queue.renew(Notice.RUNNING, snapshot))
    taught = cause(said_of(desk, upload), Kind.PROVIDER, "mx.orchard.sandbox")
    assert (taught.addresses, taught.rcpts_per_minute) == (40, 20)
    assert taught.takes_s == pytest.approx(120, rel=0.01)
    assert cause(said_of(desk, upload, after_s=60), Kind.PROVIDER, "mx.orchard.sandbox") is None, "long ago"


def test_a_domain_that_puts_people_off_again_takes_the_sessions_of_all_their_rounds(desk):
    desk.settings = desk.settings.model_copy(update={"greylist_retry_seconds": (45.0, 45.0, 45.0)})
    upload = desk.begin(*(f"plum{number}@barn.sandbox" for number in range(10)))
    (batch,) = desk.claim()
    desk.put_off_twice(batch, soon_s=30, later_s=60)
    barn = cause(said_of(desk, upload), Kind.DOMAIN, "barn.sandbox")
    assert (barn.addresses, barn.sessions) == (10, 3), "22 questions are left, of which a session bears nine"


def test_who_was_put_off_for_long_takes_no_sessions_of_rounds_that_are_not_waited_for(desk):
    upload = desk.begin(*(f"plum{number}@barn.sandbox" for number in range(10)))
    (batch,) = desk.claim()
    desk.put_off_twice(batch, soon_s=800, later_s=900)
    assert said_of(desk, upload) is None
