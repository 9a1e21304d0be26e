"""What became of a domain's addresses in other lists."""

from engine.intake.cell import addresses_in
from engine.verdict import Status
from storage.domain_past import past_of
from storage.runs import delete_upload
from storage.singles import ask_single


def test_other_lists_tell_how_a_domains_addresses_ended_the_newest_first(desk, replies):
    first = desk.begin("a@orchard.com", "b@orchard.com")
    desk.finish({"a@orchard.com": replies["accepted"], "b@orchard.com": replies["missing"]})
    second, third = desk.save("a@orchard.com"), desk.save("c@orchard.com", "x@mill.com")
    found = past_of(desk.database, "orchard.com", but=third)
    assert [(each.upload, each.entries) for each in found] == [(second, 1), (first, 2)]
    assert (found[1].statuses[Status.VALID], found[1].statuses[Status.INVALID]) == (1, 1)


def test_a_deleted_list_tells_nothing(desk):
    upload = desk.save("a@orchard.com")
    delete_upload(desk.database, upload, desk.settings)
    assert past_of(desk.database, "orchard.com", but=99) == []


def test_a_single_check_is_not_one_of_the_other_lists(desk):
    ask_single(desk.database, addresses_in("a@orchard.com")[0], desk.settings)
    listed = desk.save("a@orchard.com")
    assert [each.upload for each in past_of(desk.database, "orchard.com", but=99)] == [listed]
