"""What SQLite is told of an address as a list writes it."""

import json

import pytest


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
