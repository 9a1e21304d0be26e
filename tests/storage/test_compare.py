"""Two lists compared: who died, who came back, who is new, who is gone."""

import pytest

from engine.intake.correction import Correction
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import Status
from storage.compare import Kind, compare_lists, lines_of
from storage.policies import NamedPolicy
from storage.runs import delete_upload


@pytest.fixture
def run(desk):
    """Check a list whose addresses get these answers, every one asked anew, an hour after the last."""

    def check(answers, *further):
        _an_hour_goes_by(desk)
        upload = desk.begin(*answers, *further, reuse_days=0.0)
        desk.finish(answers)
        return upload

    return check


def _an_hour_goes_by(desk):
    """Make all that happened an hour older."""
    with desk.database.writing() as connection:
        for table, column in TIMES:
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {column} - 3600")


TIMES = (
    ("upload", "created_at"),
    ("upload", "finished_at"),
    ("mailbox", "checked_at"),
    ("settled_check", "settled_at"),
)


@pytest.fixture
def two(run, replies):
    """Two checks of nearly the same list."""
    yes, no, full = replies["accepted"], replies["missing"], replies["full"]
    first = run(
        {
            "dies@orchard.com": yes,
            "back@orchard.com": no,
            "fills@mill.com": yes,
            "same@mill.com": yes,
            "gone@mill.com": no,
        }
    )
    second = run(
        {
            "dies@orchard.com": no,
            "back@orchard.com": yes,
            "fills@mill.com": full,
            "same@mill.com": yes,
            "new@farm.com": yes,
        }
    )
    return first, second


def test_every_address_counts_once_by_what_became_of_it(desk, two):
    found = compare_lists(desk.database, *two)
    assert found.counts == {
        Kind.DIED: 1,
        Kind.CAME_BACK: 1,
        Kind.CHANGED: 1,
        Kind.NEW: 1,
        Kind.GONE: 1,
        Kind.SAME: 1,
        Kind.OPEN: 0,
    }
    assert (found.earlier, found.later, found.shared) == (*two, 4)


def test_the_order_in_which_two_lists_are_named_means_nothing(desk, two):
    assert compare_lists(desk.database, *reversed(two)) == compare_lists(desk.database, *two)


@pytest.mark.parametrize(
    ("kind", "address", "then", "now", "why"),
    [
        (Kind.DIED, "dies@orchard.com", Status.VALID, Status.INVALID, Reason.MAILBOX_MISSING),
        (Kind.CAME_BACK, "back@orchard.com", Status.INVALID, Status.VALID, Reason.ACCEPTED),
        (Kind.CHANGED, "fills@mill.com", Status.VALID, Status.RISKY, Reason.MAILBOX_FULL),
        (Kind.SAME, "same@mill.com", Status.VALID, Status.VALID, Reason.ACCEPTED),
        (Kind.NEW, "new@farm.com", None, Status.VALID, Reason.ACCEPTED),
        (Kind.GONE, "gone@mill.com", Status.INVALID, None, None),
    ],
)
def test_each_kind_names_its_addresses_with_what_was_said_of_them(desk, two, kind, address, then, now, why):
    (line,) = lines_of(desk.database, *two, kind)
    assert (line.address, line.then, line.now, line.why) == (address, then, now, why)


def test_a_later_check_by_a_third_list_changes_nothing_of_the_two_before(desk, two, run, replies):
    before = compare_lists(desk.database, *two)
    run({"dies@orchard.com": replies["accepted"], "same@mill.com": replies["missing"]})
    assert compare_lists(desk.database, *two) == before


def test_an_address_that_stands_twice_counts_once(desk, run, replies):
    answers = {"pear@orchard.com": replies["accepted"]}
    first, second = run(answers, "PEAR@orchard.com"), run(answers, "pear@orchard.com", "pear@orchard.com")
    found = compare_lists(desk.database, first, second)
    assert (found.counts[Kind.SAME], found.shared) == (1, 1)


def test_what_has_no_answer_yet_is_left_open(desk, run, replies):
    first = desk.save("pear@orchard.com")
    second = run({"pear@orchard.com": replies["accepted"]})
    assert compare_lists(desk.database, first, second).counts[Kind.OPEN] == 1
    (line,) = lines_of(desk.database, first, second, Kind.OPEN)
    assert (line.then, line.now) == (None, Status.VALID)


def test_lists_by_dns_alone_are_compared_by_their_own_answers(desk, run, replies):
    first = run({"pear@orchard.com": replies["accepted"]})
    second = desk.begin("pear@orchard.com", is_dns_only=True, reuse_days=0.0)
    assert compare_lists(desk.database, first, second).counts[Kind.CHANGED] == 1
    (line,) = lines_of(desk.database, first, second, Kind.CHANGED)
    assert (line.then, line.now, line.why) == (Status.VALID, Status.UNKNOWN, Reason.DNS_ONLY)


def test_only_so_many_addresses_are_given_in_the_order_of_the_list(desk, run, replies):
    first = run({"pear@orchard.com": replies["accepted"]})
    second = run({f"{name}@orchard.com": replies["accepted"] for name in ("fig", "date", "kiwi")})
    found = lines_of(desk.database, first, second, Kind.NEW, limit=2)
    assert [each.address for each in found] == ["fig@orchard.com", "date@orchard.com"]
    assert [each.address for each in lines_of(desk.database, first, second, Kind.GONE)] == [
        "pear@orchard.com"
    ]


def test_a_list_that_is_not_there_is_compared_with_none(desk, two):
    assert compare_lists(desk.database, two[0], 99) is None
    assert compare_lists(desk.database, two[0], two[0]) is None
    delete_upload(desk.database, two[1], desk.settings)
    assert compare_lists(desk.database, *two) is None
    assert lines_of(desk.database, *two, Kind.DIED) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_found_by_index(desk, two, kind):
    from sqlalchemy import event

    seen = []
    with desk.database.reading() as connection:
        engine = connection.engine

    def note(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    compare_lists(desk.database, *two)
    lines_of(desk.database, *two, kind)
    event.remove(engine, "before_cursor_execute", note)
    with desk.database.reading() as connection:
        plans = [
            row[-1]
            for statement, parameters in seen
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN entry") and "USING" not in plan] == []


def test_an_address_that_stands_only_behind_others_in_its_rows_counts_once(desk):
    shared = '"plum@orchard.com; fig@mill.com"', '"pear@orchard.com; fig@mill.com"'
    earlier = desk.save(*shared, '"lime@farm.com; nut@farm.com"', '"date@farm.com; nut@farm.com"')
    later = desk.save(*shared, '"kiwi@farm.com; rye@farm.com"', "rye@farm.com")
    found = compare_lists(desk.database, earlier, later)
    assert found.shared == 3
    assert (found.counts[Kind.NEW], found.counts[Kind.GONE]) == (2, 3)
    gone = [line.address for line in lines_of(desk.database, earlier, later, Kind.GONE)]
    assert gone == ["lime@farm.com", "nut@farm.com", "date@farm.com"]
    new = [line.address for line in lines_of(desk.database, earlier, later, Kind.NEW)]
    assert new == ["kiwi@farm.com", "rye@farm.com"]


def test_an_address_that_was_corrected_is_compared_as_the_one_that_was_asked(desk, run, replies):
    first = run({"fig@gmail.com": replies["accepted"]})
    _an_hour_goes_by(desk)
    corrections = (Correction("gmial.com", "gmail.com"),)
    second = desk.begin("email", "fig@gmial.com", reuse_days=0.0, corrections=corrections)
    desk.finish({"fig@gmail.com": replies["missing"]})
    assert [line.address for line in lines_of(desk.database, first, second, Kind.DIED)] == ["fig@gmail.com"]


def test_whom_a_list_has_nobody_ask_about_is_compared_by_its_own_word(desk, run, replies):
    first = run({"pear@orchard.com": replies["accepted"]})
    own = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
    second = desk.begin("pear@orchard.com", policy=own)
    _an_hour_goes_by(desk)
    third = run({"pear@orchard.com": replies["missing"]})

    (line,) = lines_of(desk.database, first, second, Kind.CHANGED)
    assert (line.then, line.now, line.why) == (Status.VALID, Status.UNKNOWN, Reason.NEVER_PROBED)
    (line,) = lines_of(desk.database, second, third, Kind.CHANGED)
    assert (line.then, line.now) == (Status.UNKNOWN, Status.INVALID)
