"""Slips of the domain, found and corrected."""

import pytest

from engine.address import Address, Malformed
from engine.intake.correction import Correction, Slip, correct, find_slips
from engine.intake.entries import read_entries
from engine.intake.read import read_sheet
from engine.never_probed import never_probed_of, parse_listed

GMAIL = Correction("gmial.com", "gmail.com")


def test_slips_are_found_with_the_most_frequent_first():
    found = find_slips({"hotmial.com": 2, "orchard.com": 90, "gmial.com": 37, "gmail.com": 500})
    assert found == (Slip(GMAIL, 37), Slip(Correction("hotmial.com", "hotmail.com"), 2))


@pytest.mark.parametrize("domain", ["gmail.com", "orchard.com", "mill.con", "ymail.com", "mail.com"])
def test_what_is_right_or_like_no_known_domain_is_no_slip(domain):
    assert find_slips({domain: 1}) == ()


def test_an_entry_is_asked_at_the_right_domain_and_keeps_its_text():
    sheet = read_sheet(b"email\nmailto:Anna.Plum@GMIAL.com\nfig@orchard.com\nno address\n", "l.csv")
    first, second, third = correct(read_entries(sheet, ["email"]), (GMAIL,))
    assert (first.text, first.result) == ("mailto:Anna.Plum@GMIAL.com", Address("Anna.Plum", "gmail.com"))
    assert first.is_corrected
    assert (second.result, second.is_corrected) == (Address("fig", "orchard.com"), False)
    assert isinstance(third.result, Malformed)
    assert not third.is_corrected


def test_only_what_was_chosen_is_corrected():
    sheet = read_sheet(b"email\nfig@gmial.com\nfig@hotmial.com\n", "l.csv")
    drafts = correct(read_entries(sheet, ["email"]), (GMAIL,))
    assert [str(each.result) for each in drafts] == ["fig@gmail.com", "fig@hotmial.com"]


@pytest.mark.parametrize("listed", ["fig@gmial.com", "gmial.com"])
def test_what_is_never_asked_as_it_is_written_is_not_corrected(listed):
    sheet = read_sheet(b"email\nFig@gmial.com\n", "l.csv")
    (draft,) = correct(read_entries(sheet, ["email"]), (GMAIL,), never_probed_of([parse_listed(listed)]))
    assert (draft.result, draft.is_corrected) == (Address("Fig", "gmial.com"), False)
