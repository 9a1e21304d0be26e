"""The never-probe list over the whole way: what is on it causes no DNS query and no connection."""

import asyncio
from collections.abc import Callable

import pytest

from engine.address import Address
from engine.never_probed import NeverProbed, never_probed_of, parse_listed
from engine.reason import Reason
from engine.single import check_one
from engine.verdict import Status
from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import NEVER, Greylisting, User
from storage.entries import Search, find_entries
from storage.never_probed import Origin, remove_lines
from storage.uploads import UploadState
from storage.withholding import never_probe

USERS = {"fig": User.EXISTING, "plum": User.EXISTING}
WORLD = (
    Domain("orchard.sandbox", users=USERS),
    Domain("deep.in.orchard.sandbox", users=USERS),
    Domain("mill.sandbox", users=USERS),
    Domain("quay.sandbox", users=USERS),
    Domain("grey.sandbox", Greylisting(NEVER), users=USERS),
)


@pytest.fixture
def patient(house):
    """A sandbox of this world, and an installation that comes back to who was put off after a long time."""
    with Sandbox(world_of(WORLD)) as sandbox, house(sandbox, greylist_retry_seconds=(900.0,)) as home:
        yield sandbox, home


def never(home, *texts: str) -> None:
    never_probe(home.runtime.database, [parse_listed(text) for text in texts], Origin("asked us not to"))


def finish(home, upload: int, eventually: Callable[[Callable[[], bool]], None]) -> dict[str, str]:
    """Wait until a list is done, and give each address's reason."""
    eventually(lambda: home.look(upload).standing.state is UploadState.DONE)
    return {line.text: line.reason.value for line in find_entries(home.runtime.database, upload, Search())}


def about(sandbox: Sandbox, name: str) -> int:
    """Count all that a domain and its host were asked: DNS queries, connections, recipients."""
    counted = sandbox.counters()
    asked = sum(count for query, count in counted.queries.items() if query.endswith(f" {name}"))
    hosts = [ip for ip, host in sandbox.world.hosts.items() if host.name == f"mx.{name}"]
    connected = sum(counted.connections_by_host.get(ip, 0) for ip in hosts)
    return asked + connected + counted.rcpts_by_domain.get(name, 0)


def test_a_listed_domain_and_its_subdomains_are_neither_looked_up_nor_connected_to(patient, eventually):
    sandbox, home = patient
    never(home, "orchard.sandbox", "plum@quay.sandbox")
    upload = home.start(
        ["fig@orchard.sandbox", "fig@deep.in.orchard.sandbox", "plum@quay.sandbox", "fig@mill.sandbox"]
    )

    assert finish(home, upload, eventually) == {
        "fig@orchard.sandbox": "never_probed",
        "fig@deep.in.orchard.sandbox": "never_probed",
        "plum@quay.sandbox": "never_probed",
        "fig@mill.sandbox": "accepted",
    }
    held = ("orchard.sandbox", "deep.in.orchard.sandbox", "quay.sandbox")
    assert [about(sandbox, name) for name in held] == [0, 0, 0]
    assert not any("orchard" in query or "quay" in query for query in sandbox.counters().queries)
    assert about(sandbox, "mill.sandbox") > 0


def test_only_the_listed_address_of_a_domain_is_left_out(patient, eventually):
    sandbox, home = patient
    never(home, "plum@quay.sandbox")
    reasons = finish(home, home.start(["plum@quay.sandbox", "fig@quay.sandbox"]), eventually)

    assert reasons == {"plum@quay.sandbox": "never_probed", "fig@quay.sandbox": "accepted"}
    assert "plum@quay.sandbox" not in sandbox.counters().rcpts_by_address


def test_a_domain_with_a_host_under_a_listed_suffix_is_looked_up_but_not_connected_to(patient, eventually):
    sandbox, home = patient
    never(home, "mx:mx.quay.sandbox")
    reasons = finish(home, home.start(["fig@quay.sandbox", "fig@mill.sandbox"]), eventually)

    assert reasons == {"fig@quay.sandbox": "never_probed", "fig@mill.sandbox": "accepted"}
    counted = sandbox.counters()
    assert counted.queries["MX quay.sandbox"] == 1
    assert sum(counted.connections_by_host.values()) == 1
    assert counted.rcpts_by_domain.keys() == {"mill.sandbox"}


def test_a_line_added_while_a_list_runs_ends_what_still_waits(patient, eventually):
    sandbox, home = patient
    upload = home.start(["fig@grey.sandbox"])
    eventually(lambda: home.look(upload).deferred != ())
    before = about(sandbox, "grey.sandbox")
    never(home, "grey.sandbox")

    assert finish(home, upload, eventually) == {"fig@grey.sandbox": "never_probed"}
    assert about(sandbox, "grey.sandbox") == before


@pytest.mark.parametrize("text", ["quay.sandbox", "fig@quay.sandbox", "mx:quay.sandbox"])
def test_what_is_taken_off_is_asked_when_its_list_is_asked_again(patient, eventually, text):
    sandbox, home = patient
    never(home, text)
    assert finish(home, home.start(["fig@quay.sandbox"]), eventually) == {"fig@quay.sandbox": "never_probed"}
    assert remove_lines(home.runtime.database, [parse_listed(text)]) == 1

    assert finish(home, home.start(["fig@quay.sandbox"]), eventually) == {"fig@quay.sandbox": "accepted"}
    assert sandbox.counters().rcpts_by_address["fig@quay.sandbox"] == 1


@pytest.mark.parametrize(
    ("text", "queries"), [("quay.sandbox", 0), ("fig@quay.sandbox", 0), ("mx:quay.sandbox", 1)]
)
def test_a_check_of_one_address_holds_to_the_list_as_well(settings_for, text, queries):
    listed: NeverProbed = never_probed_of([parse_listed(text)])
    with Sandbox(world_of(WORLD)) as sandbox:
        fig = Address("fig", "quay.sandbox")
        single = asyncio.run(check_one(fig, settings_for(sandbox), 5.0, never_probed=listed))
        counted = sandbox.counters()

    assert single.verdict is not None
    assert (single.verdict.status, single.verdict.reason) == (Status.UNKNOWN, Reason.NEVER_PROBED)
    assert counted.queries.get("MX quay.sandbox", 0) == queries
    assert sum(counted.connections_by_host.values()) == 0
