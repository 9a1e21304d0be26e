import asyncio
import sys

import pytest

from engine.loop import run


async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_what_is_run_gives_what_it_returns_and_leaves_no_loop_behind():
    assert run(_loop()).is_closed()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")
def test_checks_run_on_uvloop_and_nothing_else_does():
    assert type(run(_loop())).__module__.startswith("uvloop")
    assert not type(asyncio.run(_loop())).__module__.startswith("uvloop")


def test_without_uvloop_checks_run_on_asyncios_own_loop(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert isinstance(run(_loop()), asyncio.BaseEventLoop)
