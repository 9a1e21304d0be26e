"""One cell: which addresses stand in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.address import Address, Malformed
from engine.intake.cell import addresses_in
from engine.intake.entries import read_entries
from engine.intake.read import read_sheet
from engine.reason import Reason


def found_in(cell: str) -> list[str]:
    return [str(found.result) if isinstance(found.result, Address) else "?" for found in addresses_in(cell)]


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.com;b@y.com",
        "a@x.com, b@y.com",
        "a@x.com b@y.com",
        "a@x.com\u00a0b@y.com",
        "a@x.com/b@y.com",
        "a@x.com | b@y.com",
        "a@x.com\nb@y.com",
        "a@x.com;;b@y.com;",
        '"a@x.com;b@y.com"',
        "<a@x.com;b@y.com>",
        "<a@x.com> <b@y.com>",
        "<a@x.com>,<b@y.com>",
        "Apple <a@x.com> Banana <b@y.com>",
        "Apple, Red <a@x.com>, Banana, Ripe <b@y.com>",
        '"Apple; Red" <a@x.com>; b@y.com',
        "a@x.com Banana <b@y.com>",
        "a@x.com <b@y.com>",
        "'a@x.com' 'b@y.com'",
        "a@x.com (work), b@y.com (home)",
        "mailto:a@x.com, mailto:b@y.com",
        "a@x.com，b@y.com",
    ],
)
def test_a_cell_with_two_addresses_gives_two_entries(cell):
    assert found_in(cell) == ["a@x.com", "b@y.com"]


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.com",
        " a@x.com. ",
        "Apple <a@x.com>",
        "Apple, Red <a@x.com>",
        '"Apple, Red" <a@x.com>',
        "a@x.com <a@x.com>",
        '"a@x.com" <a@x.com>',
        '"apple@work" <a@x.com>',
        "mailto:a@x.com?cc=b@y.com",
        "a@x.com; -",
    ],
)
def test_a_cell_with_one_address_gives_one_entry_with_the_cell_as_its_text(cell):
    assert found_in(cell) == ["a@x.com"]
    assert addresses_in(cell)[0].text == cell


@pytest.mark.parametrize(
    "cell", ["pear @orchard.com", "pear@ orchard.com", " pear @ orchard.com ", "<pear @orchard.com>"]
)
def test_blanks_around_the_sign_of_an_address_that_stands_alone_are_no_part_of_it(cell):
    (found,) = addresses_in(cell)
    assert (found.text, found.result) == (cell, Address("pear", "orchard.com"))


@pytest.mark.parametrize("cell", ["Pear, Ripe @orchard.com", "ripe pear @orchard.com"])
def test_nothing_is_joined_to_what_may_be_half_a_name(cell):
    assert not any(isinstance(found.result, Address) for found in addresses_in(cell))


def test_a_slash_may_belong_to_an_address():
    assert found_in("apple/red@x.com") == ["apple/red@x.com"]
    assert found_in("apple/red@x.com plum@y.com") == ["apple/red@x.com", "plum@y.com"]


def test_a_space_inside_an_address_never_makes_another_address():
    assert found_in("red apple@x.com") == ["?"]
    assert found_in("apple@orchard .com") == ["?"]


def test_a_word_beside_an_address_is_an_entry_of_its_own():
    assert [(found.text, type(found.result)) for found in addresses_in("none; a@x.com")] == [
        ("none", Malformed),
        ("a@x.com", Address),
    ]


@pytest.mark.parametrize("cell", ["", "n/a", "no, thanks", "Apple <none>", ";", "   "])
def test_a_cell_without_address_gives_at_least_one_malformed_entry(cell):
    found = addresses_in(cell)
    assert found
    assert all(isinstance(each.result, Malformed) for each in found)


@pytest.mark.parametrize("cell", ["n/a", " N/A ", "#N/A", "-", "--", "keine", "k.A.", "null", "NA"])
def test_a_word_for_nothing_is_an_empty_cell(cell):
    (found,) = addresses_in(cell)
    assert isinstance(found.result, Malformed)
    assert found.result.why is Reason.EMPTY
    sheet = read_sheet(f"email,fruit\n{cell},pear\n".encode(), "list.csv")
    assert [(each.text, each.result) for each in read_entries(sheet, ["email"])] == [(cell, found.result)]


@pytest.mark.parametrize("cell", ["na@", "n/a.com", "pear", "keinepear"])
def test_a_text_that_only_begins_like_a_word_for_nothing_is_malformed(cell):
    (found,) = addresses_in(cell)
    assert isinstance(found.result, Malformed)
    assert found.result.why is Reason.MALFORMED


PIECES = st.lists(st.sampled_from([*"ab@.,; /|<>\"'\n()", "a@x.com", "b@y.com", "Pear", "é"]), max_size=12)


@settings(max_examples=1000, deadline=None)
@given(PIECES.map("".join))
def test_no_letter_of_a_cell_is_lost(cell):
    found = addresses_in(cell)
    assert found
    kept = "".join(each.text for each in found)
    assert [sign for sign in kept if sign.isalnum() or sign == "@"] == [
        sign for sign in cell if sign.isalnum() or sign == "@"
    ] or len(found) == 1


@pytest.mark.parametrize(
    "cell", ["a" * 32_000, "@" * 32_000, '"' * 32_001, "<" * 32_000, "a@ " * 10_000, "( " * 9999]
)
@pytest.mark.timeout(60)
def test_an_absurd_cell_is_read_and_nothing_hangs(cell):
    assert addresses_in(cell)


@pytest.mark.parametrize("cell", ["fig@gmail,com", "damson.77@orchard,co"])
def test_a_comma_that_stands_for_a_dot_tears_no_address_in_two(cell):
    (found,) = addresses_in(cell)
    assert isinstance(found.result, Malformed)
    assert found.result.detail == "a comma stands in the domain, perhaps for a dot"
    assert len(addresses_in("fig@mill.com,plum@mill.com")) == 2
    assert len(addresses_in("fig@mill.com,com")) == 2
