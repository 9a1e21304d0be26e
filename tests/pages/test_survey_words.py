"""What a list holds, in words."""

import pytest

from engine.intake.read import read_sheet
from engine.intake.survey import survey
from engine.intake.together import Together
from engine.never_probed import never_probed_of, parse_listed
from pages.parts.survey_words import held_line, survey_figures, survey_line, together_line, whom_line

LISTED = never_probed_of([parse_listed("quay.com")])


def found_in(*cells):
    sheet = read_sheet("\n".join(["email", *cells]).encode(), "fruits.csv", has_header=True)
    return survey(sheet, ["email"], (), LISTED)


def test_the_figures_add_up_from_all_addresses_to_those_to_check():
    found = found_in("fig@mill.com", "FIG@mill.com", "plum at mill", "pear@quay.com", "lime@mill.com")
    figures = survey_figures(found)
    others = (figures[name] for name in ("Duplicates", "Malformed", "Never asked"))
    assert figures["Addresses"] - sum(others) == figures["To check"] == 2


def test_who_is_asked_is_said_with_why_the_others_are_not():
    found = found_in("fig@mill.com", "FIG@mill.com", "plum at mill", "pear@quay.com", "lime@mill.com")
    assert whom_line(found) == (
        "2 of 5 addresses are to be checked; the others are not: 1 duplicate, 1 malformed and 1 never asked. "
        "Results counts all of them."
    )


def test_of_a_list_of_whom_nobody_is_asked_only_that_is_said():
    assert whom_line(found_in("pear@quay.com", "fig@quay.com")) == (
        "Nobody is asked: 2 never asked. Results counts all of them."
    )
    assert together_line(Together({})) == "Nobody in these files is asked."


def test_where_everybody_is_asked_nothing_is_said_of_others():
    assert whom_line(found_in("fig@mill.com")) == ""


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        (1, "The row without an address is not lost: Export lists it among the removed rows"),
        (2, "Rows without an address are not lost: Export lists them among the removed rows"),
    ],
)
def test_what_becomes_of_rows_without_an_address_is_said(empty, said):
    assert said in survey_line(found_in("fig@mill.com"), empty)


def test_of_a_list_whose_rows_all_hold_one_nothing_is_said_of_those_that_do_not():
    assert "without an address" not in survey_line(found_in("fig@mill.com"), 0)


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (0, "3 addresses are to be checked in all; none stands in more than one of these files."),
        (
            1,
            "3 addresses are to be checked in all: 1 of them stands in more than one of these files, and is",
        ),
        (
            2,
            "3 addresses are to be checked in all: 2 of them stand in more than one of these files, and are",
        ),
    ],
)
def test_how_many_addresses_files_share_is_said_as_people_do(shared, said):
    assert together_line(Together({"mill.com": 3}, shared)).startswith(said)


def test_a_line_tells_mistyped_ones_apart_by_whether_they_can_be_corrected():
    said = held_line(found_in("fig@gmial.com", "pear@@gmail.com"), 0)
    assert said.endswith(
        "1 address has a mistyped domain · 1 looks mistyped and cannot be corrected for sure"
    )
