"""The engine thread over the SQL queue, joined as every door of the house joins them."""

import time
from collections import Counter

import pytest

from engine.intake.read import read_sheet
from engine.name_lists import use_lists
from engine.settings import UnusableSettings
from runtime import NotRunning, close_runtime, current, open_runtime
from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import AcceptAll, ClosesAfter, User
from storage.entries import Search, find_entries
from storage.intake import save_upload
from storage.summaries import summarise
from storage.uploads import Choice, UploadState

LONGEST_S = 60.0


def check(runtime, addresses):
    """Hand a list in, wait until it is done, and give the statuses of its entries."""
    sheet = read_sheet("\n".join(["email", *addresses]).encode(), "fruits.csv")
    upload = save_upload(runtime.database, sheet, Choice(("email",)))
    runtime.start_upload(upload)
    ends_at = time.monotonic() + LONGEST_S
    while summarise(runtime.database, upload).standing.state is not UploadState.DONE:
        assert time.monotonic() < ends_at, "the list comes to its end"
        time.sleep(0.02)
    return Counter(line.status for line in find_entries(runtime.database, upload, Search(), limit=1000))


@pytest.fixture
def house(settings_for):
    """Open the runtime in a sandbox of these domains; both close with the test."""
    opened = []

    def give(*domains):
        sandbox = Sandbox(world_of(domains)).__enter__()
        runtime = open_runtime(settings_for(sandbox))
        opened.append((sandbox, runtime))
        return sandbox, runtime

    yield give
    for sandbox, runtime in opened:
        close_runtime(runtime)
        sandbox.__exit__()


def many(count):
    return {f"plum{number}": User.EXISTING for number in range(count)}


def test_a_host_that_cuts_sessions_short_is_still_asked_for_the_decoy_early(house):
    sandbox, runtime = house(Domain("plum.sandbox", ClosesAfter(3), users=many(60)))

    statuses = check(runtime, [f"plum{number}@plum.sandbox" for number in range(60)])

    assert statuses == {"valid": 60}
    counted = sandbox.counters()
    assert counted.strangers == 1, "the decoy is asked once"
    assert counted.rcpts - counted.forced_disconnects == 61, "only what a cut left unanswered is asked again"
    assert counted.sessions <= 35


def test_at_a_domain_that_accepts_all_only_the_first_session_asks(house):
    sandbox, runtime = house(Domain("plum.sandbox", AcceptAll()))

    statuses = check(runtime, [f"plum{number}@plum.sandbox" for number in range(200)])

    assert statuses == {"accept_all": 200}
    assert sandbox.counters().rcpts <= 21


def test_the_current_runtime_is_the_one_that_is_open(house):
    with pytest.raises(NotRunning):
        current()
    _, runtime = house(Domain("plum.sandbox", users=many(1)))
    assert current() is runtime


def test_the_user_s_lists_beside_the_database_are_used(house, own_list):
    own_list("disposable_domains.txt", "plum.sandbox\n")
    sandbox, runtime = house(Domain("plum.sandbox", users=many(2)), Domain("pear.sandbox", users=many(2)))

    statuses = check(runtime, ["plum0@plum.sandbox", "plum0@pear.sandbox"])

    assert statuses == {"risky": 1, "valid": 1}
    assert sandbox.counters().rcpts == 2, "the recipient and the decoy of the other domain"


@pytest.mark.parametrize(
    ("name", "text"),
    [("typos.toml", "= plum"), ("mailbox_rules.toml", "provider = 7"), ("priors.toml", "prior = 7")],
)
def test_a_list_of_the_user_s_that_cannot_be_read_keeps_the_house_shut(settings_for, own_list, name, text):
    own_list(name, text)
    with Sandbox(world_of([])) as sandbox, pytest.raises(UnusableSettings, match=name):
        open_runtime(settings_for(sandbox))


@pytest.fixture
def own_list(tmp_path):
    """Write a list of the user's where the database of `settings_for` will be."""

    def give(name, text):
        tmp_path.joinpath("lists").mkdir(exist_ok=True)
        tmp_path.joinpath("lists", name).write_text(text)

    yield give
    use_lists(None)
