import pytest

from engine.batch import Pause, Scope
from engine.reason import Reason
from pages.parts.pauses import say_pauses, say_unanswering

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
            "Google, plum0.example, plum1.example and plum2.example refuse us just now",
        ),
        (
            [pause(Scope.DOMAIN, f"plum{n}.example") for n in range(4)],
            "plum0.example, plum1.example, plum2.example and 1 more domain refuse us just now",
        ),
        (
            [pause(Scope.DOMAIN, f"plum{n}.example") for n in range(24)],
            "plum0.example, plum1.example, plum2.example and 21 more domains refuse us just now",
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


def silent(scope=Scope.ROUTE, name="abc", minutes=40, **more) -> Pause:
    return pause(scope, name, minutes, why=Reason.UNREACHABLE, borne=3, **more)


def test_hosts_that_do_not_answer_are_said_apart_from_those_that_refuse_us():
    both = [pause(), silent()]
    assert say_pauses(both, NOW).startswith("Google refuses us just now")
    assert say_unanswering(both, NOW).startswith("A mail host of several domains does not answer just now")
    assert say_unanswering([pause()], NOW) == say_pauses([silent()], NOW) == ""


def test_it_says_when_those_that_do_not_answer_are_asked_again_and_that_nothing_is_decided():
    said = say_unanswering([silent(), silent(name="def", minutes=3)], NOW, waiting=2)
    assert said.startswith("2 mail hosts of several domains do not answer just now: 2 addresses wait")
    assert "for about 40 minutes" in said
    assert "Nothing is decided" in said
    assert "and nobody" not in say_unanswering([silent()], NOW)


def test_it_says_when_those_that_do_not_answer_are_given_up():
    said = say_unanswering([silent(rounds=4)], NOW)
    assert said.startswith("A mail host of several domains does not answer also after several pauses")
    assert "unknown" in said


def test_where_fewer_addresses_wait_than_hosts_are_silent_it_is_said_why():
    silent = [pause(Scope.DOMAIN, f"plum{n}.example", why=Reason.UNREACHABLE) for n in range(5)]
    assert (
        "2 addresses wait (the others there have an outcome already or stand in line), and"
        in say_unanswering(silent, NOW, 2)
    )
    assert "stand in line" not in say_unanswering(silent, NOW, 5)
