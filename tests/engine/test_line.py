import asyncio
from dataclasses import replace

import pytest

from engine.address import Address
from engine.asking import Asker
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.greeting import Tls, introduce
from engine.interview import MAX_REFUSALS
from engine.line import Call, Line
from engine.question import Question
from engine.reply import is_yes

HOST = MailHost("mx1.plum.sandbox", 10, ("127.20.0.1",))
DECOY = Address("k3f9a2b7", "plum.sandbox")


def question(count=1, **more) -> Question:
    recipients = tuple(Recipient(n, Address(f"pear{n}", "plum.sandbox")) for n in range(count))
    known = {"hosts": (HOST,), "recipients": recipients, "provider": "other", "decoy": DECOY}
    return Question(**(known | more))


@pytest.fixture
def calling(converse, scripted):
    """Let a function have a call that has been introduced."""

    def run(work, script=None, **changed):
        async def hold(session, settings):
            assert is_yes(await introduce(session, settings, Tls.OFFERED))
            return await work(Call(Asker(session, settings), HOST.name, "127.20.0.1"))

        return converse(script or scripted(), hold, **changed)

    return run


@pytest.fixture
def suits(calling):
    """Tell whether a question suits a call after so many RCPTs and refusals."""

    def run(asked, *, rcpts=0, refusals=0, **changed):
        async def ask(call):
            call.asker.asked, call.asker.refused = rcpts, refusals
            return call.suits(asked)

        return calling(ask, **changed)

    return run


def test_a_question_suits_a_session_at_one_of_its_hosts(suits):
    elsewhere = replace(HOST, name="mx2.plum.sandbox")
    assert suits(question())
    assert suits(question(hosts=(elsewhere, HOST)))
    assert not suits(question(hosts=(elsewhere,)))
    assert not suits(question(hosts=(replace(HOST, addresses=("127.20.0.2",)),)))


def test_who_was_put_off_by_another_host_is_asked_there(suits):
    waited = Recipient(1, Address("pear", "plum.sandbox"), mx_host="mx2.plum.sandbox")
    assert not suits(question(recipients=(waited,)))
    assert suits(question(recipients=(replace(waited, mx_host=HOST.name),)))


def test_a_session_has_room_for_as_many_as_a_provider_bears_or_is_set(suits):
    assert suits(question(4), rcpts=15)
    assert not suits(question(5), rcpts=15)
    assert suits(question(5), rcpts=15, rcpts_per_session=21)
    assert suits(question(1, provider="qq"), rcpts=5)
    assert not suits(question(2, provider="qq"), rcpts=5)


def test_a_session_has_room_for_the_refusals_that_are_likely(suits):
    assert suits(question(1), refusals=MAX_REFUSALS - 2)
    assert not suits(question(1), refusals=MAX_REFUSALS - 1)
    assert not suits(question(9), refusals=MAX_REFUSALS - 3)
    assert suits(question(9, decoy=None), refusals=MAX_REFUSALS - 3)


def test_a_host_that_has_spoken_up_or_hung_up_meanwhile_is_not_asked_on(calling, scripted, until):
    async def ask(call):
        await until(lambda: call.asker.session.has_surplus)
        return call.suits(question())

    ends = (b"421 4.4.2 idle\r\n", b"250 ok\r\n", scripted.DROP)
    for end in ends:
        script = scripted(EHLO=(b"250 mx\r\n", lambda: asyncio.sleep(0.05), end))
        assert not calling(ask, script)


def test_a_line_gives_its_session_once_and_leaves_one_that_does_not_suit(calling, scripted):
    script = scripted()

    async def use(call):
        line = Line()
        line.keep(call)
        taken, again = await line.resume(question()), await line.resume(question())
        line.keep(call)
        unsuited = await line.resume(question(hosts=()))
        return taken is call, again, unsuited, call.asker.session.is_open

    assert calling(use, script) == (True, None, None, False)
    assert script.lines[-1] == "QUIT"


def test_leave_of_a_line_without_a_session_is_nothing():
    asyncio.run(Line().leave())
