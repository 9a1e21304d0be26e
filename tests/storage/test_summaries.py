"""The figures of lists, summed from counters."""

import pytest
from sqlalchemy import Engine, event, text

from engine.batch import Closed
from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.summaries import standings, summarise
from storage.uploads import UploadState


@pytest.fixture
def mixed(desk, replies):
    """A list of which four of six entries are settled, one of them twice in a cell."""
    upload = desk.begin(
        "n,email",
        "1,pear@orchard.com; fig@mill.com",
        "2,plum@orchard.com",
        "3,info@orchard.com",
        "4,PLUM@orchard.com",
        "5,no address",
    )
    answers = {
        "pear@orchard.com": replies["accepted"],
        "plum@orchard.com": replies["missing"],
        "info@orchard.com": replies["accepted"],
    }
    (batch,) = desk.claim(closed=Closed(frozenset({"mill.com"})))
    desk.settle(desk.answer(batch, answers))
    return upload


def test_a_list_that_does_not_exist_has_no_summary(desk):
    assert summarise(desk.database, 7) is None


def test_a_standing_counts_rows_entries_and_statuses(desk, mixed):
    standing = summarise(desk.database, mixed).standing
    assert (standing.rows, standing.entries, standing.settled, standing.waiting) == (5, 6, 5, 1)
    assert standing.share == pytest.approx(5 / 6)
    assert standing.statuses == {
        Status.VALID: 1,
        Status.INVALID: 3,
        Status.ACCEPT_ALL: 0,
        Status.RISKY: 1,
        Status.UNKNOWN: 0,
    }


def test_all_lists_are_given_newest_first_with_the_same_figures_as_alone(desk, mixed):
    second = desk.save("quince@farm.com")
    assert [each.upload for each in standings(desk.database)] == [second, mixed]
    assert standings(desk.database) == [summarise(desk.database, each).standing for each in (second, mixed)]


def test_reasons_flags_and_confidence_add_up(desk, mixed):
    summary = summarise(desk.database, mixed)
    assert {(status, reason): n for status, reason, n in summary.by_reason()} == {
        (Status.INVALID, Reason.MAILBOX_MISSING): 2,
        (Status.INVALID, Reason.MALFORMED): 1,
        (Status.VALID, Reason.ACCEPTED): 1,
        (Status.RISKY, Reason.ROLE): 1,
    }
    assert summary.by_reason()[0][2] == 2, "most first"
    flagged = [sum(c.count for c in summary.cells if flag in c.flags) for flag in (Flag.DUPLICATE, Flag.ROLE)]
    assert flagged == [1, 1]
    bins = summary.by_confidence()
    assert sum(bins.values()) == 5
    confidences = desk.rows("SELECT confidence, status FROM entry WHERE status IS NOT NULL")
    for each in confidences:
        assert bins[min(each.confidence, 99) // 5 * 5, Status(each.status)] >= 1


def test_a_row_without_an_address_is_an_entry_but_no_address(desk):
    upload = desk.begin("n,email", "1,pear@orchard.com", "2,no address", "3,", "4, ")
    for standing in (summarise(desk.database, upload).standing, standings(desk.database)[0]):
        assert (standing.rows, standing.entries, standing.empty) == (4, 4, 2)
        assert (standing.addresses, standing.checked, standing.share) == (2, 1, 0.5)
        assert standing.statuses[Status.INVALID] == 3, "each entry has its one outcome"
        assert standing.address_statuses[Status.INVALID] == 1
    assert sum(summarise(desk.database, upload).by_confidence().values()) == 1


def test_the_same_list_handed_in_again_is_told_apart_as_its_second_check(desk):
    first, other = desk.save("pear@orchard.com"), desk.save("plum@orchard.com")
    second = desk.save("pear@orchard.com")
    anew = desk.save("pear@orchard.com", reuse_days=0.0)
    known = {each.upload: each for each in standings(desk.database)}
    assert {upload: each.check for upload, each in known.items()} == {first: 1, other: 1, second: 2, anew: 1}
    assert [upload for upload, each in known.items() if each.reuse_days == 0] == [anew]
    assert [summarise(desk.database, upload).standing for upload in known] == list(known.values())


def test_a_list_whose_reading_broke_off_was_no_check(desk):
    torn = desk.save("pear@orchard.com")
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'interrupted'"))
    whole = desk.save("pear@orchard.com")
    assert {each.upload: each.check for each in standings(desk.database)} == {torn: 1, whole: 1}


def test_rows_that_wait_are_counted_by_what_is_known_of_them(desk):
    upload = desk.save("pear@orchard.com", "PEAR@orchard.com", "no address")
    assert summarise(desk.database, upload).waiting_rows == {Flag(0): 1, Flag.DUPLICATE: 1}


def test_the_summary_of_a_done_list_reads_counters_and_no_entry(desk, mixed):
    desk.finish()
    statements = []

    def note(_connection, _cursor, statement, *_others):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert summarise(desk.database, mixed).standing.state is UploadState.DONE
        standings(desk.database)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert any("FROM tally" in each for each in statements)
    assert not any(table in each for each in statements for table in ("entry ", "mailbox", "sheet_row"))


def test_a_finished_list_says_when_it_was_done(desk):
    upload = desk.begin("pear@orchard.com")
    assert summarise(desk.database, upload).standing.finished_at is None
    desk.finish()
    standing = summarise(desk.database, upload).standing
    assert standing.state is UploadState.DONE
    assert standing.finished_at is not None
    assert standing.share == 1.0
