"""A provider that begins to refuse us in the middle of a list: nothing that it said then stays."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.batch import Pause, Scope
from engine.reason import Reason
from sandbox import Domain, Open, Sandbox, SharedHosts, world_of
from sandbox.behaviour import NEVER, TurnsAgainst, User
from storage.entries import Search, find_entries
from storage.pauses import pauses
from storage.summaries import Summary
from storage.uploads import UploadState

PEOPLE = {f"pear{n}": User.EXISTING for n in range(6)} | {f"fig{n}": User.MISSING for n in range(3)}
ELSEWHERE = tuple(Domain(f"mill{n}.sandbox", users=PEOPLE) for n in range(3))


def harvest(against: TurnsAgainst) -> tuple[Domain, ...]:
    hosts = SharedHosts(("mx1.harvest.sandbox",))
    return tuple(Domain(f"plum{n}.sandbox", against, PEOPLE, hosts) for n in range(12))


@contextmanager
def world(against: TurnsAgainst) -> Iterator[Sandbox]:
    shared = {"mx1.harvest.sandbox": Open()}
    with Sandbox(world_of([*harvest(against), *ELSEWHERE], shared=shared)) as sandbox:
        yield sandbox


def shared_pause(home) -> Pause | None:
    """Give the pause of the hosts that the twelve domains share, while there is one."""
    return next((each for each in pauses(home.runtime.database) if each.scope is Scope.ROUTE), None)


def wrong(home, upload: int, sandbox: Sandbox) -> dict[str, str]:
    """Give the outcomes that are not the truth, by their addresses."""
    lines = find_entries(home.runtime.database, upload, Search(), limit=1000)
    return {line.text: line.status for line in lines if line.status != sandbox.world.truth(line.text).status}


def test_after_the_pause_every_entry_ends_with_the_truth(house, eventually):
    against = TurnsAgainst("harvest", after=40, for_s=2.0)
    with world(against) as sandbox, house(sandbox, breaker_minutes=0.04) as home:
        upload = home.start(sandbox.world.addresses)
        eventually(lambda: shared_pause(home) is not None)
        eventually(lambda: home.look(upload).standing.state is UploadState.DONE)
        assert wrong(home, upload, sandbox) == {}
        summary = home.look(upload)
        assert (summary.standing.settled, summary.deferred) == (len(sandbox.world.addresses), ())


def test_a_pause_goes_on_over_a_restart_and_the_rest_of_the_list_is_not_held_up(house, eventually):
    with world(TurnsAgainst("harvest", after=40, for_s=NEVER)) as sandbox:
        with house(sandbox, breaker_minutes=45) as home:
            upload = home.start(sandbox.world.addresses)
            eventually(lambda: shared_pause(home) is not None)
        asked = sandbox.counters().rcpts_by_domain
        with house(sandbox, breaker_minutes=45) as home:
            assert shared_pause(home) is not None
            elsewhere = {f"mill{n}.sandbox" for n in range(3)}
            eventually(lambda: only_blocked_is_left(home.look(upload)))
            again = sandbox.counters().rcpts_by_domain
            assert all(again[name] == count for name, count in asked.items() if name not in elsewhere)
            assert wrong_but_waiting(home, upload, sandbox) == {}


def only_blocked_is_left(summary: Summary) -> bool:
    """Tell whether all that waits is known to wait for the end of the pause."""
    deferred = {each.why: each.count for each in summary.deferred}
    return set(deferred) == {Reason.BLOCKED} and deferred[Reason.BLOCKED] == summary.standing.waiting


def wrong_but_waiting(home, upload: int, sandbox: Sandbox) -> dict[str, str]:
    return {text: status for text, status in wrong(home, upload, sandbox).items() if status is not None}


def test_without_an_end_the_provider_is_given_up_and_the_list_comes_to_its_end(house, eventually):
    against = TurnsAgainst("harvest", after=40, for_s=NEVER)
    with world(against) as sandbox, house(sandbox, breaker_minutes=0.03) as home:
        upload = home.start(sandbox.world.addresses)
        eventually(lambda: home.look(upload).standing.state is UploadState.DONE)
        reasons = {reason for _, reason, _ in home.look(upload).by_reason()}
        assert reasons == {Reason.ACCEPTED, Reason.MAILBOX_MISSING, Reason.BLOCKED}
        assert set(wrong(home, upload, sandbox).values()) == {"unknown"}
