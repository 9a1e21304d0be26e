"""The Pace page: what the engine does now, what waits, and nothing of it when there is nothing."""

import time

import pytest
from sqlalchemy import text

from engine.pace_report import LaneReport, PaceReport
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.work_queue import Notice
from pages.parts.lanes import lane_rows
from pages.parts.pace import FIRST_LANES
from storage.codec import dump_snapshot
from storage.lease import SILENCE_S, beat, take_lease
from tests.pages.answers import let_alone

LANES = (LaneReport("google", 5, 3, 42, 60), LaneReport("a1b2", 2, 1, 3))
SNAPSHOT = Snapshot(PaceReport(0.0, 4, 96, LANES, domains_held=14), {"a1b2": "mx.plum.sandbox"}, 0, 0.008)


@pytest.fixture
def say(runtime, eventually):
    """Have another engine, which only says so, do this (`ago_s` seconds ago)."""

    def tell(snapshot: Snapshot, ago_s: float = 0.0) -> None:
        runtime.engine.stop()
        eventually(lambda: not runtime.engine.is_alive)
        with runtime.database.writing() as connection:
            assert take_lease(connection, "another", time.time())
            beat(connection, "another", time.time() - ago_s, Notice.RUNNING, dump_snapshot(snapshot))

    return tell


def headers(page) -> list[str]:
    return [each.value for each in page.header]


def test_where_nothing_is_asked_the_page_says_so_and_leads_on(runtime, show):
    page = show("PACE")
    assert not page.exception
    assert headers(page) in (["Nothing is being asked"], ["No engine is at work"])
    assert {"New list", "All lists"} <= {each.label for each in page.get("page_link")}
    assert not page.metric
    assert not page.subheader


def test_where_a_list_is_paused_the_page_says_so(runtime, save, show):
    upload = save("email", "quince@orchard.sandbox")
    runtime.start_upload(upload)
    runtime.pause_upload(upload)
    assert [each.value for each in show("PACE").info if "1 list is paused" in each.value]


def test_who_is_asked_and_what_waits_is_shown(save, say, show):
    save("a@plum.sandbox", "b@plum.sandbox", is_started=True)
    say(SNAPSHOT)
    page = show("PACE")
    assert not page.exception
    assert headers(page) == ["Asking in 4 sessions at once"]
    assert {each.label: each.value for each in page.metric} == {
        "Sessions open": "4 of 96",
        "Addresses to ask now": "2",
        "Put off till later": "0",
    }
    (table,) = page.table
    assert table.value.to_dict("records") == lane_rows(SNAPSHOT)
    assert [each.value for each in page.subheader] == ["Who is asked", "What waits"]
    assert any("**14 domains**: between two sessions" in each.value for each in page.markdown)
    assert not any("fell behind" in each.value for each in page.caption)


def test_many_groups_of_hosts_are_shown_below_the_first(save, say, show):
    save("a@plum.sandbox", is_started=True)
    lanes = tuple(LaneReport(f"k{number}", 5, 1) for number in range(FIRST_LANES + 3))
    say(Snapshot(PaceReport(0.0, 11, 96, lanes), lanes_left_out=40))
    page = show("PACE")
    assert [len(each.value) for each in page.table] == [FIRST_LANES, 3]
    assert "More mail hosts (3; 40 others are not shown)" in [each.label for each in page.expander]


def test_what_is_put_off_is_listed_with_its_reason(runtime, save, say, show):
    save("a@plum.sandbox", "b@plum.sandbox", is_started=True)
    say(SNAPSHOT)
    with runtime.database.writing() as connection:
        connection.execute(
            text("UPDATE mailbox SET state = 'deferred', why = 'greylisted', attempts = 1, due_at = :at"),
            {"at": time.time() + 240},
        )
    page = show("PACE")
    figures = {each.label: each.value for each in page.metric}
    assert (figures["Addresses to ask now"], figures["Put off till later"]) == ("0", "2")
    assert any("**Asked us to come back**: 2 addresses, in about 4" in each.value for each in page.markdown)


def test_hosts_that_are_let_alone_are_named_with_the_reason(runtime, save, say, show):
    save("a@plum.sandbox", is_started=True)
    say(SNAPSHOT)
    let_alone(runtime.database, "google", Reason.BLOCKED)
    let_alone(runtime.database, "icloud", Reason.UNREACHABLE)
    page = show("PACE")
    assert any(each.value.startswith("Google refuses us just now") for each in page.warning)
    assert any(each.value.startswith("Apple iCloud does not answer just now") for each in page.info)
    assert "See how this machine stands" in [each.label for each in page.get("page_link")]


def test_an_engine_that_has_fallen_silent_is_not_believed(save, say, show):
    save("a@plum.sandbox", is_started=True)
    say(SNAPSHOT, ago_s=SILENCE_S + 5)
    page = show("PACE")
    assert headers(page) == ["The engine has fallen silent"]
    assert any("what stands here may be long over" in each.value for each in page.warning)


def test_the_page_follows_work_that_begins_and_ends(runtime, save, say, show):
    upload = save("a@plum.sandbox")
    say(Snapshot())
    page = show("PACE")
    assert headers(page) == ["Nothing is being asked"]
    runtime.start_upload(upload)
    page.run()
    assert headers(page) == ["1 address waits, and no session is open"]
    runtime.pause_upload(upload)
    page.run()
    assert headers(page) == ["Nothing is being asked"]
    assert not page.metric
