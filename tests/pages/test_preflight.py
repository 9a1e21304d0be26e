"""The Preflight page: what it found, what that means, and what to do."""

import asyncio
from collections.abc import Iterator

import pytest

from engine.preflight.line import Check, Light, Line, Preflight
from engine.reason import Reason
from engine.settings import Settings
from pages.parts.standing import LAMPS, _looked, standing_headline
from pages.parts.words import CHECKS
from runtime import Runtime, close_runtime, open_runtime
from sandbox import Domain, OwnHost, Sandbox, Shut, Silent, with_asker, world_of
from tests.pages.answers import let_alone

HELO = "winnow.sandbox"
ORCHARD = Domain("orchard.sandbox")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A world that knows us well, with one host that is open, one that is shut, one that stays silent."""
    doors = {"fallow.sandbox": Shut(), "silent.sandbox": Silent()}
    others = [Domain(name, delivery=OwnHost(door)) for name, door in doors.items()]
    world = with_asker(world_of([ORCHARD, *others]), HELO)
    with Sandbox(world) as running:
        yield running


@pytest.fixture
def open_with(sandbox, settings_for):
    """Open a runtime that takes its bearings from these domains."""
    opened: list[Runtime] = []

    def give(*landmarks: str, **settings: str) -> Runtime:
        usual: Settings = settings_for(sandbox)
        opened.append(open_runtime(usual.model_copy(update=settings), landmarks=landmarks))
        return opened[-1]

    yield give
    for runtime in opened:
        close_runtime(runtime)


def _said(page) -> str:
    return " ".join(each.value for each in page.markdown).replace("\\", "")


def test_each_thing_looked_at_has_its_name_its_light_and_what_it_means(open_with, show):
    open_with("orchard.sandbox")
    page = show("PREFLIGHT")
    assert not page.exception
    said = _said(page)
    assert all(f"**{saying.name}**" in said for saying in CHECKS.values())
    assert f"Our HELO name {HELO} leads to this machine." in said
    assert {saying.advice for saying in CHECKS.values()} <= {each.value for each in page.caption}
    badges = [each for each in page.markdown if "-badge[" in each.value]
    assert sum("In order" in each.value for each in badges) == len(Check)
    assert [each.value for each in page.header] == ["Nothing to mend was found on this machine"]


def test_what_needs_something_done_stands_first(open_with, show):
    open_with("fallow.sandbox")
    badges = [each.value for each in show("PREFLIGHT").markdown if "-badge[" in each.value]
    assert "Mend this first" in badges[0]
    assert "In order" in badges[-1]


def test_it_looks_once_a_visit_and_again_when_asked_to(sandbox, open_with, show):
    open_with("orchard.sandbox")
    page = show("PREFLIGHT")
    greeted = sandbox.counters().sessions
    page.run()
    assert sandbox.counters().sessions == greeted
    next(each for each in page.button if each.label == "Look again").click().run()
    assert sandbox.counters().sessions == 2 * greeted == 2
    assert sandbox.counters().rcpts == 0


def test_where_no_host_takes_a_connection_a_check_by_dns_is_offered(open_with, show):
    open_with("fallow.sandbox")
    page = show("PREFLIGHT")
    assert "Mend this first" in _said(page)
    assert "still be checked by DNS alone" in page.info[0].value
    assert "Check a list by DNS only" in [each.label for each in page.get("page_link")]


def test_where_hosts_are_reached_no_other_check_is_offered(open_with, show):
    open_with("orchard.sandbox")
    assert not show("PREFLIGHT").info


def test_a_dead_resolver_neither_hangs_the_page_nor_makes_anything_green(runtime, show):
    page = show("PREFLIGHT")
    assert not page.exception
    assert "The DNS resolver finds no mail host" in _said(page)


def test_who_refuses_us_now_is_named_and_the_headline_does_not_deny_it(open_with, show):
    let_alone(open_with("orchard.sandbox").database, "google", Reason.BLOCKED)
    page = show("PREFLIGHT")
    assert [each.value for each in page.warning if "Google refuses us" in each.value]
    assert "See how many addresses wait for that" in [each.label for each in page.get("page_link")]
    assert [each.value for each in page.header] == ["Nothing to mend was found, yet we are refused"]


class Left(BaseException):
    """The visitor has gone to another page."""


class Place:
    """A place on the page of a visitor who leaves after the first look at it."""

    looks = 0

    def caption(self, _said: str) -> None:
        self.looks += 1
        if self.looks > 1:
            raise Left


def test_a_visitor_who_leaves_does_not_wait_for_a_silent_host(open_with):
    runtime = open_with("silent.sandbox")
    with pytest.raises(Left):
        asyncio.run(_looked(runtime, Place()))


@pytest.mark.parametrize(
    ("lights", "said"),
    [
        ((Light.GREEN,), "Nothing to mend was found on this machine"),
        ((Light.RED, Light.GREEN), "1 thing to mend first"),
        ((Light.RED, Light.AMBER, Light.RED), "2 things to mend first; 1 thing worth a look"),
    ],
)
def test_the_headline_says_what_there_is_to_do(lights, said):
    assert standing_headline(Preflight(tuple(Line(Check.PORT, light, "") for light in lights))) == said


def test_no_light_is_told_by_its_colour_alone():
    assert set(LAMPS) == set(Light)
    assert len({lamp.word for lamp in LAMPS.values()}) == len({lamp.icon for lamp in LAMPS.values()}) == 3
