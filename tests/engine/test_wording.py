import pytest

from engine.reason import Reason
from engine.wording import day, readable, spaced, times


@pytest.mark.parametrize(("attempts", "said"), [(1, "once"), (2, "twice"), (3, "3 times")])
def test_how_often_is_said_as_people_say_it(attempts, said):
    assert times(attempts) == said


def test_a_time_is_written_as_its_day():
    assert day(86_399.0) == "1970-01-01"
    assert day(86_400.0) == "1970-01-02"


def test_our_names_are_written_as_words():
    assert spaced(Reason.MAILBOX_MISSING) == "mailbox missing"


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("plum.example", "plum.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("xn--999999999.example", "xn--999999999.example"),
    ],
)
def test_a_domain_is_written_as_people_read_it_where_that_can_be(domain, said):
    assert readable(domain) == said
