import json
import socket
import struct

from sandbox import Counters, Domain, Sandbox, world_of
from sandbox.behaviour import User

PLUM = Domain("plum.sandbox", users={"pear7": User.EXISTING})
FIG = Domain("fig.sandbox", users={"pear7": User.EXISTING})


def test_recipients_are_counted_by_address_and_domain_and_strangers_apart(serve, rcpt):
    sandbox = serve(PLUM)

    for local_part in ("pear7", "PEAR7", "sloe", "postmaster"):
        rcpt(sandbox, f"{local_part}@plum.sandbox")

    counters = sandbox.counters()
    assert (counters.sessions, counters.rcpts, counters.strangers) == (4, 4, 2)
    assert counters.rcpts_by_address == {
        "pear7@plum.sandbox": 2,
        "sloe@plum.sandbox": 1,
        "postmaster@plum.sandbox": 1,
    }
    assert counters.rcpts_by_domain == {"plum.sandbox": 4}
    assert counters.connections_by_host == {next(iter(sandbox.world.hosts)): 4}
    assert (counters.abandoned, counters.forced_disconnects, counters.data_commands) == (0, 0, 0)


def test_sessions_at_once_are_those_that_have_named_the_domain(serve, call, rcpt):
    sandbox = serve(PLUM, FIG)
    first, second, third = (call(sandbox, "plum.sandbox").introduce() for _ in range(3))
    first.rcpt("pear7@plum.sandbox")
    first.rcpt("sloe@plum.sandbox")
    second.rcpt("pear7@plum.sandbox")
    third.rcpt("pear7@fig.sandbox")
    assert sandbox.counters().sessions_at_once == {"plum.sandbox": 2, "fig.sandbox": 1}

    first.say("QUIT")
    second.say("QUIT")
    for _ in range(3):
        rcpt(sandbox, "pear7@plum.sandbox")

    assert sandbox.counters().sessions_at_once == {"plum.sandbox": 2, "fig.sandbox": 1}


def test_a_session_left_without_quit_is_abandoned(serve, call, eventually):
    sandbox = serve(PLUM)
    caller = call(sandbox, "plum.sandbox").introduce()
    assert sandbox.counters().abandoned == 0

    caller.close()

    eventually(lambda: sandbox.counters().abandoned == 1)
    assert sandbox.counters().forced_disconnects == 0


def test_a_session_reset_by_the_client_is_abandoned(serve, call, eventually):
    sandbox = serve(PLUM)
    caller = call(sandbox, "plum.sandbox").introduce()
    caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    caller.close()

    eventually(lambda: sandbox.counters().abandoned == 1)


def test_stopping_the_sandbox_blames_nobody(call):
    with Sandbox(world_of([PLUM])) as sandbox:
        call(sandbox, "plum.sandbox").introduce()

    counters = sandbox.counters()
    assert (counters.sessions, counters.abandoned, counters.forced_disconnects) == (1, 0, 0)


def test_a_snapshot_does_not_change_and_can_be_written_as_json(serve, rcpt):
    sandbox = serve(PLUM)
    before = sandbox.counters()

    rcpt(sandbox, "pear7@plum.sandbox")

    assert before == Counters()
    assert json.loads(json.dumps(sandbox.counters().as_json()))["rcpts_by_address"] == {
        "pear7@plum.sandbox": 1
    }
