"""A dead host behind many domains: it is let alone as a whole, over a restart, and the rest goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.batch import Pause, Scope
from engine.intake.read import read_sheet
from engine.reason import Reason
from engine.settings import Settings
from runtime import Runtime, close_runtime, open_runtime
from sandbox import Domain, Sandbox, SharedHosts, Slammed, world_of
from sandbox.behaviour import User
from storage.intake import save_upload
from storage.pauses import pauses
from storage.summaries import Summary, summarise
from storage.uploads import Choice, UploadState

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


@contextmanager
def house(settings: Settings, **changed: object) -> Iterator[Runtime]:
    runtime = open_runtime(settings.model_copy(update=changed))
    try:
        yield runtime
    finally:
        close_runtime(runtime)


def start(runtime: Runtime, sandbox: Sandbox) -> int:
    sheet = read_sheet("\n".join(["email", *sandbox.world.addresses]).encode(), "fruits.csv")
    upload = save_upload(runtime.database, sheet, Choice(("email",)))
    runtime.start_upload(upload)
    return upload


def look(runtime: Runtime, upload: int) -> Summary:
    summary = summarise(runtime.database, upload)
    assert summary is not None
    return summary


def dead_pauses(runtime: Runtime) -> list[Pause]:
    return [each for each in pauses(runtime.database) if each.why is Reason.UNREACHABLE]


def calls(sandbox: Sandbox) -> int:
    """Count the connections that are no other domain's."""
    return sum(sandbox.counters().connections_by_host.values())


def all_wait_for_the_dead(summary: Summary) -> bool:
    counts = {each.why: each.count for each in summary.deferred}
    return counts == {Reason.UNREACHABLE: AT_THE_DEAD}


def test_a_dead_host_is_let_alone_over_a_restart_and_the_rest_of_the_list_goes_on(settings_for, eventually):
    with world() as sandbox:
        settings = settings_for(sandbox)
        with house(settings, breaker_minutes=45, outage_retry_seconds=(1.0, 1.0)) as runtime:
            upload = start(runtime, sandbox)
            eventually(lambda: all_wait_for_the_dead(look(runtime, upload)))
            (pause,) = dead_pauses(runtime)
            assert pause.scope is Scope.ROUTE
            assert look(runtime, upload).standing.settled == ELSEWHERE
        called = calls(sandbox)
        assert called <= 8 + 2 * ELSEWHERE
        with house(settings, breaker_minutes=45, outage_retry_seconds=(1.0, 1.0)) as runtime:
            assert dead_pauses(runtime) == [pause]
            eventually(lambda: all_wait_for_the_dead(look(runtime, upload)))
        assert calls(sandbox) == called


def test_without_an_end_the_dead_host_is_given_up_and_the_list_comes_to_its_end(settings_for, eventually):
    with world() as sandbox:
        settings = settings_for(sandbox)
        with house(settings, breaker_minutes=0.01, outage_retry_seconds=(0.3, 0.3)) as runtime:
            upload = start(runtime, sandbox)
            eventually(lambda: look(runtime, upload).standing.state is UploadState.DONE)
            outcomes = {(status, why): number for status, why, number in look(runtime, upload).by_reason()}
        assert outcomes.pop(("valid", Reason.ACCEPTED)) == ELSEWHERE
        assert sum(outcomes.values()) == AT_THE_DEAD
        assert {why for _, why in outcomes} <= {Reason.UNREACHABLE, Reason.DROPPED}
        assert calls(sandbox) <= 20
