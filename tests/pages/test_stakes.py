"""What puts addresses at stake, on Domains."""

import pytest

from engine.batch import DomainFacts
from engine.exchange import NoMail
from engine.reason import Reason
from pages.parts.stakes import GROUPS, STAKES, sayings_table, stake_finding, stake_words
from storage.routes import keep_routes
from storage.sayings import HostSaying
from storage.stake import Stake
from storage.stakes import StakeBoard, StakeLine

LINE = StakeLine(Stake.BLOCKED, 1204, (7, 9, 4, 5), (("mill.com", 900), ("b_a.com", 300)), (0, 0, 0, 0))


@pytest.fixture
def upload(runtime, save):
    """A list with a dead domain of two addresses, one that takes no mail, and one nobody knows of."""
    upload = save("a@dead.sandbox", "b@dead.sandbox", "a@null.sandbox", "a@heath.sandbox")
    dead = DomainFacts("dead.sandbox", NoMail(Reason.NO_SUCH_DOMAIN))
    with runtime.database.writing() as connection:
        keep_routes(connection, [dead, DomainFacts("null.sandbox", NoMail(Reason.NULL_MX))])
    return upload


def test_what_is_at_stake_stands_a_line_each_the_most_first(upload, show):
    page = show("DOMAINS")
    assert not page.exception
    assert "3 of 4 addresses stand at domains in question" in [each.value for each in page.subheader]
    assert [each.value for each in page.caption if " of the list: " in each.value] == [
        r"2 addresses, 50.0 % of the list: dead\.sandbox (2)",
        r"1 address, 25.0 % of the list: null\.sandbox (1)",
    ]
    parts = [each.value for each in page.markdown if each.value in {f"**{name}**" for name in GROUPS}]
    assert parts == ["**Mail there comes back: take these off**"]


def test_a_click_on_a_line_filters_the_table_and_says_what_to_do(upload, show):
    page = show("DOMAINS")
    page.button(key="show no_such_domain").click().run()
    assert not page.exception
    assert page.dataframe[0].value["Domain"].tolist() == ["dead.sandbox"]
    assert any("What to do." in each.value for each in page.markdown)
    next(each for each in page.button if each.label.startswith("Only: ")).click().run()
    assert len(page.dataframe[0].value) == 3
    assert not any("What to do." in each.value for each in page.markdown)


def test_a_line_names_the_largest_domains_and_counts_the_others():
    assert stake_words(LINE, 5000) == (
        r"1,204 addresses, 24.1 % of the list: mill\.com (900), b\_a\.com (300) and 2 more"
    )


def test_a_list_without_anything_at_stake_says_so():
    assert stake_finding(StakeBoard(0, ()), 5) == "No domain looked up so far puts an address at stake"
    assert stake_finding(StakeBoard(1, (LINE,)), 1) == "1 of 1 address stands at domains in question"


def test_what_hosts_said_is_shown_as_it_stands_with_who_said_it():
    many = tuple(f"mx{n}.mill.com" for n in range(5))
    table = sayings_table([HostSaying("550 *no*", many, 1204), HostSaying("", ("mx.b.com",), 1)])
    assert table.iloc[0].tolist() == [
        "`550 *no*`  \nmx0\\.mill\\.com, mx1\\.mill\\.com, mx2\\.mill\\.com and 2 more",
        "1,204",
    ]
    assert table.iloc[1, 0] == "Nothing  \nmx\\.b\\.com"


def test_every_stake_has_its_words():
    assert set(STAKES) == set(Stake)


def test_every_stake_stands_in_one_part():
    assert sorted(stake for kinds in GROUPS.values() for stake in kinds) == sorted(Stake)
