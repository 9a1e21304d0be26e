"""What the chosen columns of a sheet hold, counted."""

import pytest

from engine.intake.cleaning import Cleaned, Cleaning
from engine.intake.correction import Correction, Slip
from engine.intake.read import read_sheet
from engine.intake.survey import BadCell, survey
from engine.never_probed import never_probed_of, parse_listed

GMAIL = Correction("gmial.com", "gmail.com")


def test_a_survey_counts_what_the_columns_hold():
    sheet = read_sheet(
        b"fruit,email\npear,Pear@X.com\npear,pear@x.com\nplum,plum@y.com;fig@y.com\nfig,\nlime,lime.com\n",
        "l.csv",
    )
    found = survey(sheet, ["email"])
    assert (found.rows, found.addresses, found.distinct, found.duplicates) == (5, 4, 3, 1)
    assert (found.malformed, found.empty, found.several, found.domains) == (1, 1, 1, 2)
    assert found.examples == (BadCell(6, "lime.com", "there is no @"),)


def test_a_survey_counts_further_spellings_of_the_same_mailbox():
    lines = [
        "Anna.Plum@gmail.com",
        "annaplum+news@googlemail.com",
        "anna.plum@GMAIL.com",
        "a.n.naplum@gmail.com",
    ]
    others = ["bert@gmail.com", "anna+a@orchard.com", "anna@orchard.com"]
    found = survey(read_sheet("\n".join(["email", *lines, *others]).encode(), "l.csv"), ["email"])
    assert (found.addresses, found.distinct, found.duplicates, found.aliases) == (7, 6, 1, 2)


def test_a_survey_shows_no_more_than_a_hundred_examples():
    sheet = read_sheet(b"email\na@x.com\n" + b"pear\n" * 250, "list.csv")
    found = survey(sheet, ["email"])
    assert found.malformed == 250
    assert len(found.examples) == 100


def test_a_survey_of_no_column_counts_rows_only():
    found = survey(read_sheet(b"fruit,city\npear,Lyon\n", "list.csv"), [])
    assert (found.rows, found.addresses, found.malformed) == (1, 0, 0)


MESSY = b"email\nanna@gmial.com\nanna@gmial.com\n anna@gmail.com\nmailto:fig@gmial.com\n fig@orchard.com \n"


def test_a_survey_counts_slips_and_what_was_cleaned_as_often_as_they_stand():
    found = survey(read_sheet(MESSY, "l.csv"), ["email"])
    assert found.slips == (Slip(GMAIL, 3),)
    assert found.cleaned == (
        Cleaned(Cleaning.SPACES, 2, (" anna@gmail.com", " fig@orchard.com ")),
        Cleaned(Cleaning.MAILTO, 1, ("mailto:fig@gmial.com",)),
    )
    assert (found.addresses, found.distinct, found.domains) == (5, 4, 3)


def test_a_corrected_address_may_be_a_duplicate_and_is_still_told_as_a_slip():
    found = survey(read_sheet(MESSY, "l.csv"), ["email"], (GMAIL,))
    assert (found.addresses, found.distinct, found.domains) == (5, 3, 2)
    assert found.by_domain == {"gmail.com": 2, "orchard.com": 1}
    assert found.slips == (Slip(GMAIL, 3),)


def test_a_survey_shows_three_examples_of_each_cleaning():
    content = b"email\n" + b"".join(b" fig%d@x.com\n" % number for number in range(20))
    (cleaned,) = survey(read_sheet(content, "l.csv"), ["email"]).cleaned
    assert cleaned == Cleaned(Cleaning.SPACES, 20, (" fig0@x.com", " fig1@x.com", " fig2@x.com"))


@pytest.mark.parametrize("line", ["anna@gmial.com", "gmial.com"])
def test_who_is_never_asked_as_written_is_no_slip_and_is_not_corrected(line):
    listed = never_probed_of([parse_listed(line)])
    found = survey(read_sheet(MESSY, "l.csv"), ["email"], (GMAIL,), listed)
    is_all = line == "gmial.com"
    assert found.slips == (() if is_all else (Slip(GMAIL, 1),))
    assert found.by_domain == {"gmail.com": 1 if is_all else 2, "orchard.com": 1}
    assert found.domains == 3
    assert found.addresses == 5


def test_who_is_never_asked_as_corrected_is_still_a_slip():
    listed = never_probed_of([parse_listed("anna@gmail.com")])
    assert survey(read_sheet(MESSY, "l.csv"), ["email"], never_probed=listed).slips == (Slip(GMAIL, 3),)


def test_those_nobody_is_asked_about_are_counted_among_the_addresses_but_not_by_domain():
    lines = ("fig@orchard.com", "FIG@orchard.com", "plum@orchard.com", "pear@sub.mill.com", "quince@quay.com")
    listed = never_probed_of(map(parse_listed, ("fig@orchard.com", "mill.com", "quince@quay.com", "a@b.com")))
    sheet = read_sheet("\n".join(("email", *lines)).encode(), "l.csv")
    found = survey(sheet, ["email"], never_probed=listed)
    assert found.by_domain == {"orchard.com": 1}
    assert (found.distinct, found.domains) == (4, 3)


def test_those_who_are_asked_and_those_who_never_are_make_up_the_distinct_ones():
    listed = never_probed_of(map(parse_listed, ("x.com", "fig@y.com")))
    sheet = read_sheet(b"email\na@x.com\nfig@y.com\nFIG@y.com\nplum@y.com\nlime\n", "l.csv")
    found = survey(sheet, ["email"], (), listed)
    assert (found.distinct, found.to_ask, found.never_asked) == (3, 1, 2)
    assert found.marks is None, "nobody wanted to tell them from those of other sheets"


def test_what_looks_mistyped_but_cannot_be_corrected_for_sure_is_counted_apart():
    sheet = read_sheet(b"email\nfig@gmial.com\npear@@gmail.com\nlime@orchard.con\nnonsense\n", "l.csv")
    found = survey(sheet, ["email"])
    assert found.slips == (Slip(GMAIL, 1),)
    assert found.unsure_slips == 2, "one is malformed, of the other it is not sure what was meant"
