"""Several commands at once, and one session for several questions, as a real Postfix sees them."""

import asyncio

import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.line import Line
from engine.prober import probe
from engine.question import Question

pytestmark = pytest.mark.postfix

HAVE = ("apple", "pear", "quince", "plum")


def question(ip: str, domain: str, *names: str) -> Question:
    recipients = tuple(Recipient(n, Address(name, domain)) for n, name in enumerate(names))
    hosts = (MailHost(f"mx.{domain}", 10, (ip,)),)
    return Question(hosts, recipients, "other", decoy=Address("k3f9a2b7", domain))


@pytest.fixture
def on_a_line(postfix, settings):
    """Ask several questions one after the other, in one session if the host bears it; and give the log."""

    def run(*questions):
        async def hold():
            line = Line()
            try:
                return [await probe(each, settings, line) for each in questions]
            finally:
                await line.leave()

        start = len(postfix.log())
        found = asyncio.run(hold())
        return found, postfix.closed_log(start)

    return run


def codes(probing) -> list[int]:
    return [heard.answer.code for heard in probing.heard]


@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_a_flight_and_a_session_that_goes_on_are_what_postfix_expects(on_a_line, postfix, kind):
    domain = f"{kind}.sandbox"
    ip = postfix.hosts[domain]

    found, log = on_a_line(
        question(ip, domain, *HAVE, "nobody"),
        question(ip, domain, "nobody", "apple"),
        question(ip, domain, "plum"),
    )

    assert [codes(each) for each in found] == [[250] * 4 + [550], [550, 250], [250]]
    assert [each.decoy.code for each in found] == [550] * 3
    assert all(each.session.is_in_step and each.session.flights for each in found)
    assert "improper command pipelining" not in log
    (counted,) = [line for line in log.splitlines() if "disconnect from" in line]
    assert " mail=3 " in counted
    assert " rset=2 " in counted
    assert " rcpt=6/11 " in counted


def test_a_session_that_goes_on_stops_before_the_errors_that_postfix_slows_down_at(on_a_line, postfix):
    ip = postfix.hosts["patient.sandbox"]
    asked = [question(ip, "patient.sandbox", f"nobody{n}", "apple") for n in range(8)]

    found, log = on_a_line(*asked)

    assert [codes(each) for each in found] == [[550, 250]] * 8
    assert "too many errors" not in log
    assert log.count("disconnect from") > 1
