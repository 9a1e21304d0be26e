"""What keeps a row of a list, and what removes it."""

import pytest

from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from storage.selection import (
    CONFIDENCE,
    PROVIDER,
    Outcome,
    Removal,
    Selection,
    UnknownWord,
    parse_selection,
)

GOOD = Outcome(Status.VALID, NO_FLAGS, Reason.ACCEPTED, 95, "pomona")


def test_a_selection_is_read_from_words():
    selection = parse_selection("valid, Risky", "role,accept-all")
    assert selection == Selection(frozenset({"valid", "risky"}), frozenset({"role", "accept_all"}))
    assert selection.keeps(Status.VALID, Flag.FREE)
    assert not selection.keeps(Status.RISKY, Flag.ROLE)
    assert not selection.keeps(Status.UNKNOWN, Flag(0))
    assert not selection.keeps(Status.RISKY, Flag.ACCEPT_ALL)
    assert parse_selection() == Selection(keeps_listed=True)


@pytest.mark.parametrize("words", ["vaild", "valid;risky", "valid,pear"])
def test_a_word_that_is_no_status_and_no_flag_is_refused_by_name(words):
    with pytest.raises(UnknownWord, match=words.split(",")[-1]):
        parse_selection("", words)


@pytest.mark.parametrize(
    ("selection", "removal"),
    [
        (Selection(), None),
        (Selection(exclude=frozenset({"valid"})), Removal("valid", Reason.ACCEPTED)),
        (Selection(include=frozenset({"risky"})), Removal("valid", Reason.ACCEPTED)),
        (Selection(reasons=frozenset({Reason.ACCEPTED})), Removal("valid", Reason.ACCEPTED)),
        (Selection(reasons=frozenset({Reason.ROLE})), None),
        (Selection(least=95), None),
        (Selection(least=96), Removal(CONFIDENCE)),
        (Selection(most=94), Removal(CONFIDENCE)),
        (Selection(providers=frozenset({"pomona"})), Removal(PROVIDER)),
        (Selection(providers=frozenset({"other"})), None),
    ],
)
def test_a_row_is_removed_by_whatever_leaves_it_out(selection, removal):
    assert selection.removes(GOOD) == removal


def test_what_removes_a_row_is_its_status_before_a_flag_and_the_first_flag_before_others():
    found = Outcome(Status.RISKY, Flag.ROLE | Flag.DUPLICATE, Reason.ROLE, 50)
    by_flags = Selection(exclude=frozenset({"role", "duplicate"}))
    assert by_flags.removes(found) == Removal("role")
    by_both = Selection(exclude=frozenset({"risky", "duplicate"}))
    assert by_both.removes(found) == Removal("risky", Reason.ROLE)


def test_a_status_that_is_left_out_leaves_out_no_flag_of_the_same_name():
    risky = Outcome(Status.RISKY, Flag.ROLE | Flag.ACCEPT_ALL, Reason.ROLE, 50)
    assert Selection(statuses=frozenset({Status.ACCEPT_ALL})).removes(risky) is None
    assert Selection(exclude=frozenset({"accept_all"})).removes(risky) == Removal("accept_all")
    by_both = Selection(statuses=frozenset({Status.RISKY}), exclude=frozenset({"role"}))
    assert by_both.removes(risky) == Removal("risky", Reason.ROLE)
