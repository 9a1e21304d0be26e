import pytest

from engine.decoy import (
    _BY_FIRST,
    _BY_SECOND,
    Conclusion,
    Crowd,
    Next,
    Said,
    conclude,
    crowd_of,
    make_decoy,
    make_second_decoy,
    said_of,
)
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.verdict import AcceptAll

YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted", Stage.RCPT)
CANNOT = Reply(252, "cannot verify", Stage.RCPT)
FULL = Reply(552, "5.2.2 mailbox full", Stage.RCPT)
LATE = Unreached(Stage.RCPT, Reason.TIMEOUT)
TOO_SLOW = Unreached(Stage.RCPT, Reason.BUDGET)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (YES, Said.ACCEPTED),
        (NO, Said.MISSING),
        (VAGUE, Said.MISSING),
        (BLOCKED, Said.OTHER),
        (FULL, Said.OTHER),
        (LATER, Said.LATER),
        (LATE, Said.LATER),
        (CANNOT, Said.UNSURE),
        (TOO_SLOW, Said.UNSURE),
        (Reply(550, "5.1.8 sender refused", Stage.MAIL), Said.UNSURE),
    ],
)
def test_each_answer_comes_to_one_of_five(answer, said):
    assert said_of(answer, "other") is said


@pytest.mark.parametrize(
    ("answers", "crowd"),
    [
        ([YES, LATER, BLOCKED], Crowd.TAKEN),
        ([YES, NO], Crowd.MIXED),
        ([YES, VAGUE], Crowd.TAKEN),
        ([NO, LATER], Crowd.MISSED),
        ([LATER, BLOCKED], Crowd.SILENT),
        ([], Crowd.SILENT),
    ],
)
def test_recipients_are_taken_together(answers, crowd):
    assert crowd_of(answers, "other", has_missing=False) is crowd


def test_who_was_refused_as_missing_before_counts_too():
    assert crowd_of([YES], "other", has_missing=True) is Crowd.MIXED
    assert crowd_of([], "other", has_missing=True) is Crowd.MISSED


@pytest.mark.parametrize("crowd", Crowd)
def test_a_refused_decoy_shows_that_the_domain_does_not_accept_all(crowd):
    assert conclude(crowd, Said.MISSING) == Conclusion(AcceptAll.NO)


@pytest.mark.parametrize("crowd", [Crowd.TAKEN, Crowd.SILENT])
def test_an_accepted_decoy_that_nothing_contradicts_is_enough(crowd):
    assert conclude(crowd, Said.ACCEPTED) == Conclusion(AcceptAll.YES)


@pytest.mark.parametrize("crowd", [Crowd.MIXED, Crowd.MISSED])
@pytest.mark.parametrize(
    ("second", "found"),
    [
        (Said.ACCEPTED, Conclusion(AcceptAll.YES)),
        (Said.MISSING, Conclusion(AcceptAll.UNKNOWN, is_yes_doubtful=True)),
        (Said.OTHER, Conclusion(AcceptAll.UNKNOWN, is_yes_doubtful=True)),
    ],
)
def test_a_decoy_accepted_beside_missing_recipients_is_weighed_by_a_second_one(crowd, second, found):
    assert conclude(crowd, Said.ACCEPTED) is Next.SECOND
    assert conclude(crowd, Said.ACCEPTED, second) == found


@pytest.mark.parametrize(
    ("second", "accept_all"),
    [
        (Said.ACCEPTED, AcceptAll.YES),
        (Said.MISSING, AcceptAll.NO),
        (Said.OTHER, AcceptAll.UNKNOWN),
    ],
)
def test_a_decoy_refused_for_another_reason_beside_accepted_recipients_is_weighed_by_a_second_one(
    second, accept_all
):
    assert conclude(Crowd.TAKEN, Said.OTHER) is Next.SECOND
    assert conclude(Crowd.TAKEN, Said.OTHER, second) == Conclusion(accept_all)


@pytest.mark.parametrize("crowd", [Crowd.MISSED, Crowd.SILENT])
def test_where_nobody_was_accepted_a_decoy_refused_for_another_reason_decides_nothing(crowd):
    assert conclude(crowd, Said.OTHER) is Next.AGAIN


def test_every_answer_has_its_place_in_the_tables():
    assert set(_BY_FIRST) == set(Said)
    assert all(set(row) == set(Crowd) for row in _BY_FIRST.values())
    weighed = {said for said, row in _BY_FIRST.items() if Next.SECOND in row.values()}
    assert set(_BY_SECOND) == {(first, second) for first in weighed for second in Said}


def test_the_two_decoys_are_of_different_shapes_and_never_the_same():
    firsts = {make_decoy() for _ in range(200)}
    seconds = {make_second_decoy() for _ in range(200)}

    assert len(firsts) == len(seconds) == 200
    assert all(len(each) == 13 and "." not in each and any(c.isdigit() for c in each[1:]) for each in firsts)
    assert all(each.replace(".", "").isalpha() and each.count(".") == 1 for each in seconds)
    assert all(6 <= len(each) <= 30 for each in firsts | seconds), "every provider takes such lengths"
