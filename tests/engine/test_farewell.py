import asyncio

import pytest

from engine.address import Address
from engine.farewell import is_farewell
from engine.flight import rcpt

FIG = Address("fig", "plum.sandbox")
OFFERING = b"250-mx.plum.sandbox\r\n250 PIPELINING\r\n"


async def _leave(session, settings):
    """Take leave of a host that has greeted us, and tell whether it was in step to the end."""
    await session.hear_banner()
    await session.greet("EHLO", settings.helo)
    await session.quit()
    return session.is_in_step


def test_a_late_answer_before_the_farewell_shows_the_host_out_of_step(converse, scripted):
    assert not converse(scripted(QUIT=b"550 5.1.1 no such user\r\n221 bye\r\n"), _leave)
    assert not converse(scripted(QUIT=(b"250 ok\r\n", lambda: asyncio.sleep(0.05), b"221 bye\r\n")), _leave)


def test_an_answer_that_comes_before_leave_is_taken_shows_the_host_out_of_step(converse, scripted, until):
    script = scripted(EHLO=(b"250 ok\r\n", lambda: asyncio.sleep(0.05), b"250 late\r\n"))

    async def work(session, settings):
        await session.hear_banner()
        await session.greet("EHLO", settings.helo)
        await until(lambda: session.has_surplus)
        await session.quit()
        return session.is_in_step

    assert not converse(script, work)
    assert script.lines[-1] == "QUIT"


@pytest.mark.parametrize(
    "reply", [b"221 bye\r\n", b"250 bye\r\n", b"502 what?\r\n", b"421 bye\r\n", b"?\r\n"]
)
def test_a_host_that_takes_leave_in_its_own_way_is_in_step(converse, scripted, reply):
    assert converse(scripted(QUIT=(reply, scripted.DROP)), _leave)


def test_leave_is_taken_of_a_host_that_does_not_answer_it(converse, scripted):
    script = scripted(QUIT=None)

    assert converse(script, _leave)
    assert script.lines[-1] == "QUIT"


def test_leave_is_taken_at_once_of_a_host_that_still_owes_replies(converse, scripted):
    script = scripted(EHLO=OFFERING, RCPT=[b"421 4.7.0 enough\r\n", b"250 still here\r\n"])

    async def work(session, settings):
        await session.hear_banner()
        await session.greet("EHLO", settings.helo)
        await session.converse([rcpt(FIG), rcpt(FIG)])
        await session.quit()
        return session.is_in_step

    assert converse(script, work)


def test_a_host_may_close_at_any_time_but_say_nothing_else():
    assert is_farewell(b"421 4.4.2 idle\r\n")
    assert not is_farewell(b"250 ok\r\n")
    assert not is_farewell(b"")
