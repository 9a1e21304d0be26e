"""A comparison as a file."""

import csv

import pytest

from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from storage.compare import compare_lists
from storage.comparison_file import HEADER, comparison_lines
from storage.files import EXACT, FOR_SPREADSHEETS
from storage.never_probed import Origin
from storage.runs import delete_upload
from storage.withholding import never_probe


@pytest.fixture
def run(desk):
    """Check a list whose addresses get these answers, every one asked anew, an hour after the last."""

    def check(answers):
        with desk.database.writing() as connection:
            connection.exec_driver_sql("UPDATE upload SET created_at = created_at - 3600")
            connection.exec_driver_sql("UPDATE upload SET finished_at = finished_at - 3600")
            connection.exec_driver_sql("UPDATE mailbox SET checked_at = checked_at - 3600")
            connection.exec_driver_sql("UPDATE settled_check SET settled_at = settled_at - 3600")
        upload = desk.begin(*answers, reuse_days=0.0)
        desk.finish(answers)
        return upload

    return check


@pytest.fixture
def two(run, replies):
    yes, no, full = replies["accepted"], replies["missing"], replies["full"]
    first = run({"dies@orchard.com": yes, "same@mill.com": yes, "gone@mill.com": no})
    second = run({"dies@orchard.com": no, "=new@farm.com": full, "same@mill.com": yes})
    return first, second


def rows(desk, two, dialect=EXACT):
    lines = comparison_lines(desk.database, *two, dialect)
    return list(csv.reader("".join(lines).splitlines()))


def test_the_file_says_who_changed_from_what_to_what_and_why(desk, two):
    assert rows(desk, two) == [
        list(HEADER),
        ["dies@orchard.com", "died", "valid", "accepted", "invalid", "mailbox_missing"],
        ["=new@farm.com", "new", "", "", "risky", "mailbox_full"],
        ["gone@mill.com", "gone", "invalid", "mailbox_missing", "", ""],
    ]


def test_the_order_in_which_two_lists_are_named_means_nothing(desk, two):
    assert rows(desk, two) == rows(desk, two[::-1])


def test_what_a_spreadsheet_would_run_as_a_formula_is_made_harmless(desk, two):
    assert rows(desk, two, FOR_SPREADSHEETS)[2][0] == "'=new@farm.com"


def test_there_is_no_file_where_one_of_the_lists_is_gone(desk, two):
    delete_upload(desk.database, two[0], desk.settings)
    assert comparison_lines(desk.database, *two, EXACT) is None
    assert comparison_lines(desk.database, two[1], two[1], EXACT) is None


@pytest.mark.parametrize(
    ("listed", "left"),
    [
        ("dies@orchard.com", ["=new@farm.com", "gone@mill.com"]),
        ("farm.com", ["dies@orchard.com", "gone@mill.com"]),
        ("mill.com", ["dies@orchard.com", "=new@farm.com"]),
        ("com", []),
        ("same@mill.com", ["dies@orchard.com", "=new@farm.com", "gone@mill.com"]),
    ],
)
def test_whoever_is_never_asked_is_left_out_and_counted(desk, two, listed, left):
    never_probe(desk.database, [parse_listed(listed)], Origin())
    assert [row[0] for row in rows(desk, two)[1:]] == left
    found = compare_lists(desk.database, *two)
    assert (found.changed, found.changed - found.never_asked) == (3, len(left))


def test_an_address_that_was_corrected_is_left_out_by_either_of_its_names(desk, run, replies):
    yes = {"fig@gmail.com": replies["accepted"]}
    first = run(yes)
    slips = (Correction("gmial.com", "gmail.com"),)
    second = desk.begin("fig@gmail.com", "plum@gmial.com", "pear@gmial.com", corrections=slips)
    desk.finish()
    never_probe(desk.database, [parse_listed("plum@gmial.com")], Origin())
    assert [row[0] for row in rows(desk, (first, second))[1:]] == ["pear@gmail.com"]
    assert compare_lists(desk.database, first, second).never_asked == 1
