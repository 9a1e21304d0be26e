"""Entries that come back later, by reason."""

from engine.reason import Reason
from storage.deferred import deferred_everywhere
from storage.runs import pause_upload
from storage.summaries import summarise


def told(deferred) -> list[tuple[str, int, float, float]]:
    return [(each.why, each.count, each.first_at, each.last_at) for each in deferred]


def test_deferred_entries_are_told_by_reason_with_their_times(desk, clock):
    done = desk.begin("pear@orchard.com")
    desk.finish()
    upload = desk.begin("a@farm.com", "A@farm.com", "b@farm.com", "c@barn.com")
    assert summarise(desk.database, upload).deferred == ()
    times = {"farm.com": (clock() + 60, Reason.GREYLISTED), "barn.com": (clock() + 90, Reason.UNREACHABLE)}
    desk.settle(*(desk.put_off(each, *times[each.domain.name]) for each in desk.claim()))
    first, second = summarise(desk.database, upload).deferred
    assert (first.why, first.count, first.first_at) == (Reason.GREYLISTED, 3, times["farm.com"][0])
    assert (second.why, second.count, second.last_at) == (Reason.UNREACHABLE, 1, times["barn.com"][0])
    assert summarise(desk.database, done).deferred == (), "they are another list's"


def test_what_waits_for_the_same_reason_is_joined_over_all_running_lists(desk, clock):
    first = desk.begin("a@farm.com", "b@farm.com")
    second = desk.begin("c@barn.com", "d@shed.com")
    due = {"farm.com": clock() + 60, "barn.com": clock() + 30, "shed.com": clock() + 90}
    desk.settle(*(desk.put_off(each, due[each.domain.name], Reason.GREYLISTED) for each in desk.claim()))
    everywhere = [(Reason.GREYLISTED, 4, due["barn.com"], due["shed.com"])]
    assert told(deferred_everywhere(desk.database)) == everywhere
    pause_upload(desk.database, second, desk.settings)
    assert told(deferred_everywhere(desk.database)) == told(summarise(desk.database, first).deferred)
