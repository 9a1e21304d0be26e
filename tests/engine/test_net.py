import asyncio

import pytest

from engine.net import caught


def fail_with(error: BaseException):
    async def fail():
        raise error

    return fail()


def test_what_goes_well_is_given_as_it_is(caplog):
    async def work():
        return "plum"

    assert asyncio.run(caught(work(), lambda: "fallen")) == "plum"
    assert caplog.messages == []


def test_a_fault_is_logged_by_its_kind_and_place_but_not_in_its_own_words(caplog):
    fault = fail_with(KeyError("fig@plum.example"))

    assert asyncio.run(caught(fault, lambda: "fallen")) == "fallen"
    assert "a check failed for a fault of our own: KeyError" in caplog.text
    assert "test_net.py" in caplog.text
    assert "@" not in caplog.text


def test_whoever_ends_the_work_ends_it():
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(caught(fail_with(asyncio.CancelledError()), lambda: "fallen"))
