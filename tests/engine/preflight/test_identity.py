import asyncio

import pytest

from engine.lookup import Failure, Records
from engine.preflight.identity import reverse_name, say_address, say_helo, say_ptr, say_spf
from engine.preflight.line import Check, Light
from engine.settings import Settings

OURS = "203.0.113.5"
HELO = "probe.example.org"
POINTER = (reverse_name(OURS), "PTR")
IDENTITY = Settings(validator_helo=HELO, validator_mail_from=f"verify@{HELO}")


def dns(records):
    """A DNS that knows the records it is given, by name and type."""

    async def ask(name, kind):
        found = records.get((name, kind), Records(is_name_known=False))
        return found if isinstance(found, Records | Failure) else Records(found)

    return ask


def ptr_line(records):
    return asyncio.run(say_ptr(OURS, HELO, dns(records)))


def test_a_ptr_that_leads_back_to_our_name_is_green():
    line = ptr_line({POINTER: (HELO,), (HELO, "A"): (OURS,)})
    assert (line.check, line.light, line.advice) == (Check.PTR, Light.GREEN, "")


def test_an_address_without_ptr_is_red_and_says_whom_to_ask():
    line = ptr_line({})
    assert line.light is Light.RED
    assert HELO in line.advice


def test_a_ptr_whose_name_leads_elsewhere_is_red():
    line = ptr_line({POINTER: (HELO,), (HELO, "A"): ("198.51.100.1",)})
    assert line.light is Light.RED
    assert "lead back" in line.finding


def test_a_ptr_of_another_name_than_our_helo_is_amber():
    line = ptr_line({POINTER: ("mail.example.org",), ("mail.example.org", "A"): (OURS,)})
    assert line.light is Light.AMBER
    assert "mail.example.org" in line.advice


def test_of_several_ptr_names_the_one_that_is_our_helo_counts():
    records = {POINTER: ("mail.example.org", HELO), (HELO, "A"): (OURS,)}
    assert ptr_line(records).light is Light.GREEN


def test_a_ptr_that_looks_like_a_dial_up_line_is_amber():
    name = "5.113.0.203.dynamic.example.net"
    line = asyncio.run(say_ptr(OURS, name, dns({POINTER: (name,), (name, "A"): (OURS,)})))
    assert line.light is Light.AMBER


def test_a_failed_look_up_of_the_ptr_is_no_accusation():
    assert ptr_line({POINTER: Failure("SERVFAIL")}).light is Light.AMBER


@pytest.mark.parametrize(
    ("named", "address", "is_name_real", "light"),
    [
        ((OURS,), OURS, True, Light.GREEN),
        ((OURS,), "", True, Light.GREEN),
        (("198.51.100.1",), OURS, True, Light.AMBER),
        ((), OURS, True, Light.RED),
        ((OURS,), OURS, False, Light.RED),
    ],
)
def test_the_helo_name_must_be_real_exist_and_lead_to_us(named, address, is_name_real, light):
    line = say_helo(HELO, named, address, is_name_real=is_name_real)
    assert line.light is light
    assert bool(line.advice) is (light is not Light.GREEN)


def test_an_unknown_address_says_what_was_not_looked_at():
    assert say_address("").light is Light.AMBER
    assert say_address(OURS).light is Light.GREEN


@pytest.mark.parametrize(
    ("record", "light"),
    [
        (f"v=spf1 ip4:{OURS} -all", Light.GREEN),
        ("v=spf1 -all", Light.RED),
        ("v=spf1 ~all", Light.AMBER),
        ("v=spf1 ?all", Light.AMBER),
        ("v=spf1 nonsense -all", Light.RED),
    ],
)
def test_the_senders_spf_must_allow_our_address(record, light):
    line = asyncio.run(say_spf(OURS, IDENTITY, dns({(HELO, "TXT"): (record,)})))
    assert line.light is light
    assert (f"ip4:{OURS}" in line.advice) is (light is not Light.GREEN)


def test_a_sender_without_spf_is_amber():
    records = {(HELO, "TXT"): Records(())}
    assert asyncio.run(say_spf(OURS, IDENTITY, dns(records))).light is Light.AMBER
