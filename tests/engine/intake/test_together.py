"""What several sheets hold together."""

from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.intake.survey import survey
from engine.intake.together import Together, together
from engine.never_probed import NOTHING, never_probed_of, parse_listed


def marks(*cells, corrections=(), never_probed=NOTHING):
    sheet = read_sheet("\n".join(["email", *cells]).encode(), "fruits.csv", has_header=True)
    return survey(sheet, ["email"], corrections, never_probed, is_marked=True).marks


def test_an_address_of_several_sheets_counts_once_and_is_told_as_shared():
    spring, autumn = (
        marks("fig@mill.com", "plum@mill.com", "pear@quay.com"),
        marks("FIG@mill.com", "fig@quay.com"),
    )
    found = together([spring, autumn, marks("fig@mill.com")])
    assert found.by_domain == {"mill.com": 2, "quay.com": 2}
    assert (found.to_ask, found.shared) == (4, 1)


def test_a_duplicate_inside_one_sheet_is_not_shared():
    assert together([marks("fig@mill.com", "fig@mill.com"), marks("plum@mill.com")]).shared == 0


def test_addresses_are_told_apart_as_they_are_asked_about():
    fixed = marks("fig@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    assert together([fixed, marks("fig@gmail.com")]).by_domain == {"gmail.com": 1}


def test_who_is_never_asked_is_marked_in_no_sheet():
    listed = never_probed_of(map(parse_listed, ("mill.com", "pear@quay.com")))
    found = together([marks("fig@mill.com", "pear@quay.com", "fig@quay.com", never_probed=listed)] * 2)
    assert found.by_domain == {"quay.com": 1}


def test_a_sheet_in_which_nobody_is_asked_is_told_from_one_that_was_not_marked():
    nobody = marks("no address")
    assert together([nobody, nobody]) == Together({}, 0)
    sheet = read_sheet(b"email\nfig@mill.com\n", "fruits.csv")
    assert survey(sheet, ["email"]).marks is None
