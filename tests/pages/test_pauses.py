import pytest

from engine.batch import Pause, Scope
from pages.parts.pauses import say_pauses

NOW = 10_000.0


def pause(scope=Scope.PROVIDER, name="google", minutes=40, **more) -> Pause:
    return Pause(scope, name, NOW, NOW + minutes * 60, **more)


def test_where_nobody_refuses_us_nothing_is_said():
    assert say_pauses([], NOW) == ""


@pytest.mark.parametrize(
    ("pauses", "beginning"),
    [
        ([pause()], "Google refuses us just now"),
        ([pause(), pause(name="zoho")], "Google and Zoho refuse us just now"),
        ([pause(Scope.DOMAIN, "plum.example")], "plum.example refuses us just now"),
        (
            [pause(), *(pause(Scope.DOMAIN, f"plum{n}.example") for n in range(3))],
            "Google and 3 domains refuse us just now",
        ),
        ([pause(Scope.ROUTE, "abc")], "A mail host of several domains refuses us just now"),
        ([pause(Scope.ALL, ""), pause()], "Mail hosts of many providers refuse us just now"),
    ],
)
def test_one_sentence_names_who_refuses_us(pauses, beginning):
    said = say_pauses(pauses, NOW)
    assert said.startswith(beginning)
    assert said.count(".") - said.count(".example") == 1


def test_it_says_for_how_long_nobody_is_asked():
    assert "for about 40 minutes" in say_pauses([pause(), pause(name="zoho", minutes=3)], NOW)
    assert "for about 1 minute," in say_pauses([pause(minutes=0)], NOW)


@pytest.mark.parametrize(
    ("waiting", "said"), [(1, "1 address waits,"), (1412, "1,412 addresses wait,"), (0, "your list: nobody")]
)
def test_it_says_how_many_addresses_wait_where_that_is_known(waiting, said):
    assert said in say_pauses([pause()], NOW, waiting)


def test_it_says_when_waiting_was_no_use():
    said = say_pauses([pause(rounds=2)], NOW)
    assert said.startswith("Google refuses us also after a pause")
    assert "unknown" in said
