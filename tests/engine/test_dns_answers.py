import pytest

from engine.dns_answers import LONGEST_S, Answers
from engine.lookup import Records

QUESTION = ("example.com", "MX")


@pytest.fixture
def answers(clock):
    return Answers(3, clock)


@pytest.mark.parametrize(("ttl", "holds_s"), [(10.0, 10.0), (LONGEST_S * 2, LONGEST_S)])
def test_an_answer_is_kept_for_its_ttl_but_not_for_ever(answers, clock, ttl, holds_s):
    found = Records(("a",), ttl=ttl)
    answers.keep(QUESTION, found)
    clock.now += holds_s - 0.1
    assert answers.get(QUESTION) is found
    clock.now += 0.1
    assert answers.get(QUESTION) is None


def test_an_answer_without_a_ttl_is_not_kept(answers):
    answers.keep(QUESTION, Records(("a",)))
    assert answers.get(QUESTION) is None


def test_a_later_answer_stands_in_the_place_of_an_earlier_one(answers):
    for value in ("a", "b"):
        answers.keep(QUESTION, Records((value,), ttl=60))
    assert answers.get(QUESTION) == Records(("b",), ttl=60)


def test_of_too_many_the_oldest_are_let_go(answers):
    for name in "abcd":
        answers.keep((name, "A"), Records((name,), ttl=60))
    assert [answers.get((name, "A")) is None for name in "abcd"] == [True, False, False, False]


def test_what_holds_no_more_takes_no_room(answers, clock):
    answers.keep(("a", "A"), Records(("a",), ttl=1))
    clock.now += 1
    answers.keep(("b", "A"), Records(("b",), ttl=60))
    assert list(answers._kept) == [("b", "A")]
