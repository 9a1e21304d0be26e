"""In how many sessions a domain is asked that puts people off again and again."""

from math import ceil

from engine.ahead import Kind, Stretch
from engine.rounds import PutOff, with_rounds

FULL = Stretch(Kind.DOMAIN, "barn.sandbox", 114, 6)


def test_all_who_were_put_off_are_asked_again_up_to_the_end():
    found = with_rounds(Stretch(Kind.DOMAIN, "barn.sandbox", 8, 1), PutOff(8, 16, 2, portion=8), 4)
    assert (found.addresses, found.sessions, found.done_sessions) == (8, 2, 2)


def test_who_was_not_asked_yet_is_expected_to_be_put_off_as_often_as_the_others():
    found = with_rounds(FULL, PutOff(18, 18, portion=8), 4)
    assert found.sessions == ceil((18 * 3 + 96 * 4) / 8)


def test_where_others_were_let_in_at_once_fewer_are_expected_to_be_put_off():
    begun = Stretch(Kind.DOMAIN, "barn.sandbox", 40, 2, done=30, done_sessions=2)
    found = with_rounds(begun, PutOff(10, 10, portion=10), 4)
    assert found.sessions == ceil((10 * 3 + 30 * (30 + 10 * 4) / 40) / 10)


def test_questions_of_those_who_are_done_count_as_sessions_that_were_held():
    begun = Stretch(Kind.DOMAIN, "barn.sandbox", 60, 3, done=54, done_sessions=3)
    found = with_rounds(begun, PutOff(18, 24, portion=8, usual=4.0), 4)
    assert found.done_sessions == (54 * 4 + 24) / 8


def test_the_last_wait_as_often_as_they_may_still_be_put_off():
    alone = Stretch(Kind.DOMAIN, "barn.sandbox", 8, 1)
    assert [with_rounds(alone, PutOff(8, 8, tries), 4).waits for tries in (1, 2, 3, 4)] == [2, 1, 0, 0]


def test_where_nobody_of_the_last_is_likely_to_be_put_off_they_do_not_wait():
    begun = Stretch(Kind.DOMAIN, "barn.sandbox", 60, 3, done=400, done_sessions=20)
    some, all_of_them = (with_rounds(each, PutOff(8, 24, 3, portion=8), 4) for each in (begun, FULL))
    assert (some.waits, all_of_them.waits) == (0, 3)
    assert with_rounds(begun, PutOff(0, 0, 0, portion=8, usual=1.1), 4).waits == 0


def test_nobody_who_comes_back_is_left_without_a_question():
    found = with_rounds(Stretch(Kind.DOMAIN, "barn.sandbox", 8, 1), PutOff(8, 40, 5, portion=8), 4)
    assert found.sessions == 1
