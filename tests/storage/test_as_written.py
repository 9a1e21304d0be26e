"""What SQLite is told of an address as a list writes it."""

import json

import pytest

from storage.as_written import as_read, signs_around


@pytest.fixture
def held(database):
    """Ask SQLite which lines of the never-probe list are over a text."""

    def ask(written):
        with database.reading() as connection:
            said = connection.exec_driver_sql("SELECT lines_over(?)", (written,)).scalar_one()
        return [tuple(line) for line in json.loads(said)]

    return ask


@pytest.mark.parametrize(
    "written",
    ["fig@sub.mill.com", " FIG@Sub.Mill.com ", '"Fig, A." <Fig@sub.mill.com>', "mailto:fig@sub.mill.com"],
)
def test_an_address_is_under_its_own_line_and_those_of_its_domain_whatever_stands_round_it(held, written):
    domains = [("domain", name) for name in ("sub.mill.com", "mill.com", "com")]
    assert held(written) == [("address", "fig@sub.mill.com"), *domains]


@pytest.mark.parametrize("written", ["", "none", "fig@"])
def test_what_holds_no_address_is_under_no_line(held, written):
    assert held(written) == []


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ("fig@mill.com", "fig@mill.com"),
        (" Fig@Mill.com ", "Fig@Mill.com"),
        ("Fig <fig@mill.com>", "fig@mill.com"),
        ("mailto:fig@mill.com", "fig@mill.com"),
        ("fig@mill.com.", "fig@mill.com"),
        ("no address", "no address"),
        ("“fig@mill.com”", "fig@mill.com"),
        ("\u200bfig@mill.com\ufeff", "fig@mill.com"),
        ("fi\u00adg@mill.com", "fig@mill.com"),
        ("fig@bücher.example", "fig@bücher.example"),
        ("«fig@bücher.example»", "fig@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_given_as_it_was_read_without_what_stood_round_it(database, found, read):
    assert as_read(found) == read
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT as_read(?)", (found,)).scalar_one() == read


ROUND = (
    "{}fig@mill.com",
    "{0}fig@mill.com{0}",
    "Jo {}fig@mill.com",
    "mailto{}fig@mill.com",
    "(Jo{}fig@mill.com",
)


@pytest.mark.parametrize("around", [*ROUND, "Jo <{}fig@mill.com>", "<Jo{}fig@mill.com"])
def test_each_sign_that_is_taken_off_right_before_an_address_is_known(around):
    signs = [chr(number) for number in range(1, 0x10000) if not 0xD800 <= number < 0xE000]
    taken = {sign for sign in signs if not sign.isalnum() and as_read(around.format(sign)) == "fig@mill.com"}
    assert taken <= set(signs_around())
