"""What puts addresses at stake, on Domains."""

import pytest

from engine.batch import DomainFacts
from engine.exchange import NoMail
from engine.policy import AcceptAllAs, Policy, Weight
from engine.reason import Reason
from pages.parts.stake_policy import policy_sentence
from pages.parts.stakes import GROUPS, STAKES, sayings_table, stake_finding, stake_words
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
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


@pytest.mark.parametrize(
    ("stake", "policy", "said"),
    [
        (Stake.ACCEPT_ALL, Policy(accept_all=AcceptAllAs.INVALID), "accept-all domains as invalid"),
        (Stake.ACCEPT_ALL, Policy(accept_all=AcceptAllAs.RISKY), "accept-all domains as risky"),
        (Stake.DISPOSABLE, Policy(disposable=Weight.KEPT), "does not hold it against"),
        (Stake.DISPOSABLE, Policy(disposable=Weight.INVALID), "such addresses as invalid"),
    ],
)
def test_a_line_says_what_the_lists_policy_makes_of_it(stake, policy, said):
    assert said in policy_sentence(stake, NamedPolicy("Plum & Sons", policy))
    assert "Plum & Sons" in policy_sentence(stake, NamedPolicy("Plum & Sons", policy)).replace("\\", "")
    assert policy_sentence(Stake.BLOCKED, NamedPolicy("Plum & Sons", policy)) == ""


@pytest.mark.parametrize("stake", Stake)
def test_the_usual_policy_is_not_told_of_beside_a_line(stake):
    assert policy_sentence(stake, NamedPolicy()) == ""


def test_what_a_policy_says_stands_beside_its_line_and_where_that_is_opened(runtime, save, settle, show):
    upload = save("any.fig@orchard.sandbox", "any.plum@orchard.sandbox")
    settle()
    apply_policy(runtime.database, upload, NamedPolicy("Plum", Policy(accept_all=AcceptAllAs.INVALID)))
    page = show("DOMAINS")
    told = "The policy of Plum counts accept-all domains as invalid: their rows go with the invalid ones."
    assert told in [each.value for each in page.caption]
    page.button(key="show accept_all").click().run()
    assert told in [each.value for each in page.markdown]


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
