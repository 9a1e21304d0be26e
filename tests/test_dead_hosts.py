"""A dead host behind many domains: it is let alone as a whole, over a restart, and the rest goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.batch import Pause, Scope
from engine.reason import Reason
from sandbox import Domain, Sandbox, SharedHosts, Slammed, world_of
from sandbox.behaviour import User
from storage.pauses import pauses
from storage.summaries import Summary
from storage.uploads import UploadState

DEAD = "mx1.orchard.sandbox"
AT_THE_DEAD = 60
ELSEWHERE = 3


@contextmanager
def world() -> Iterator[Sandbox]:
    hosts = SharedHosts((DEAD,))
    people = {"pear": User.EXISTING}
    dead = [Domain(f"plum{n}.sandbox", users=people, delivery=hosts) for n in range(AT_THE_DEAD)]
    elsewhere = [Domain(f"mill{n}.sandbox", users=people) for n in range(ELSEWHERE)]
    with Sandbox(world_of([*dead, *elsewhere], shared={DEAD: Slammed()})) as sandbox:
        yield sandbox


def dead_pauses(home) -> list[Pause]:
    return [each for each in pauses(home.runtime.database) if each.why is Reason.UNREACHABLE]


def calls(sandbox: Sandbox) -> int:
    """Count the connections that are no other domain's."""
    return sum(sandbox.counters().connections_by_host.values())


def all_wait_for_the_dead(summary: Summary) -> bool:
    counts = {each.why: each.count for each in summary.deferred}
    return counts == {Reason.UNREACHABLE: AT_THE_DEAD}


def test_a_dead_host_is_let_alone_over_a_restart_and_the_rest_of_the_list_goes_on(house, eventually):
    long = {"breaker_minutes": 45, "outage_retry_seconds": (1.0, 1.0)}
    with world() as sandbox:
        with house(sandbox, **long) as home:
            upload = home.start(sandbox.world.addresses)
            eventually(lambda: all_wait_for_the_dead(home.look(upload)))
            (pause,) = dead_pauses(home)
            assert pause.scope is Scope.ROUTE
            assert home.look(upload).standing.settled == ELSEWHERE
        called = calls(sandbox)
        assert called <= 8 + 2 * ELSEWHERE
        with house(sandbox, **long) as home:
            assert dead_pauses(home) == [pause]
            eventually(lambda: all_wait_for_the_dead(home.look(upload)))
        assert calls(sandbox) == called


def test_without_an_end_the_dead_host_is_given_up_and_the_list_comes_to_its_end(house, eventually):
    with world() as sandbox:
        with house(sandbox, breaker_minutes=0.01, outage_retry_seconds=(0.3, 0.3)) as home:
            upload = home.start(sandbox.world.addresses)
            eventually(lambda: home.look(upload).standing.state is UploadState.DONE)
            outcomes = {(status, why): number for status, why, number in home.look(upload).by_reason()}
        assert outcomes.pop(("valid", Reason.ACCEPTED)) == ELSEWHERE
        assert sum(outcomes.values()) == AT_THE_DEAD
        assert {why for _, why in outcomes} <= {Reason.UNREACHABLE, Reason.DROPPED}
        assert calls(sandbox) <= 20
