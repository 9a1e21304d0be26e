"""What a claim takes."""

import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.intake.cell import addresses_in
from storage.codec import dump_recipient
from storage.loads import recipient_of, watched_loads
from storage.singles import ask_single


def watched(desk):
    with desk.database.reading() as connection:
        return list(watched_loads(connection, desk.clock()))


def ask(desk, address):
    (found,) = addresses_in(address)
    return ask_single(desk.database, found, desk.settings)


def test_a_recipient_that_answered_before_comes_back_as_it_was_and_a_new_one_from_its_row():
    known = Recipient(7, Address("fig", "mill.com"), 3, mx_host="mx.mill.com")
    assert recipient_of((7, "fig", 3, dump_recipient(known)), "mill.com") == known
    assert recipient_of((7, "fig", 0, None), "mill.com") == Recipient(7, Address("fig", "mill.com"))


def test_single_addresses_are_given_in_the_order_they_were_asked_about_and_no_lists_are(desk):
    desk.begin("plum@mill.com")
    ask(desk, "pear@orchard.com")
    ask(desk, "fig@mill.com")
    desk.resolve()
    loads = watched(desk)
    assert [str(to.address) for load in loads for to in load.recipients] == [
        "pear@orchard.com",
        "fig@mill.com",
    ]
    assert all(load.is_watched for load in loads)
    assert [load.domain.name for load in loads] == [load.facts.name for load in loads]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE mailbox SET due_at = due_at + 900",
        "UPDATE domain SET due_at = due_at + 900",
        "UPDATE domain SET resolve_at = 1",
        "UPDATE domain SET lane = '-'",
        "UPDATE upload SET state = 'paused'",
        "UPDATE mailbox SET is_wanted = 0",
    ],
)
def test_one_that_is_not_due_or_needs_no_host_is_not_given(desk, change):
    ask(desk, "pear@orchard.com")
    assert desk.acquire()
    desk.resolve()
    assert len(watched(desk)) == 1
    with desk.database.writing() as connection:
        connection.exec_driver_sql(change)
    assert watched(desk) == []
