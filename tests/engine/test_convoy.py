"""Which domains go along in a session, and how many RCPTs each needs of it."""

from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.convoy import rcpts_for, space_beside
from engine.reply import Reply, Stage
from engine.verdict import AcceptAll

KNOWN = DomainFacts("plum.example", route_key="mx", provider="other", accept_all=AcceptAll.NO, portion=20)
UNKNOWN = replace(KNOWN, accept_all=None)


def people(count: int, **known) -> list[Recipient]:
    return [Recipient(n, Address(f"pear{n}", "plum.example"), **known) for n in range(count)]


def test_a_domain_needs_a_question_each_and_one_for_a_decoy_that_was_not_asked_yet():
    assert rcpts_for(KNOWN, people(3)) == 3
    assert rcpts_for(UNKNOWN, people(3)) == 4


def test_who_waits_for_the_decoy_with_an_answer_is_not_asked_again():
    told = people(2, answer=Reply(250, "ok", Stage.RCPT))
    assert rcpts_for(UNKNOWN, told) == 1


def test_where_the_provider_bears_no_decoy_none_needs_a_question():
    assert rcpts_for(replace(UNKNOWN, provider="outlook"), people(3)) == 3


def test_a_batch_that_fills_its_session_leaves_no_space():
    assert not space_beside(KNOWN, people(20)).is_left
    assert not space_beside(UNKNOWN, people(20)).is_left, "the decoy may go over, but nobody else"


def test_domains_come_along_while_their_questions_fit():
    space = space_beside(KNOWN, people(10))
    assert space.take(UNKNOWN, people(5))
    assert not space.take(KNOWN, people(5)), "six questions of ten are gone"
    assert space.take(KNOWN, people(4))
    assert not space.is_left


def test_no_more_domains_share_a_session_than_the_provider_allows():
    space = space_beside(KNOWN, people(1))
    assert [space.take(KNOWN, people(1)) for _ in range(8)] == [True] * 7 + [False]
    assert not space_beside(replace(KNOWN, provider="outlook", portion=1), people(1)).is_left


def test_a_domain_without_due_recipients_takes_no_place():
    assert not space_beside(KNOWN, people(1)).take(KNOWN, [])


@pytest.mark.parametrize("alone", [{"session_limit": 6}, {"cut_short": 1}, {"route_key": ""}])
def test_where_a_host_cut_a_session_short_a_domain_travels_alone(alone):
    loner = replace(KNOWN, **alone)
    assert not space_beside(loner, people(1)).is_left
    assert not space_beside(KNOWN, people(1)).take(loner, people(1))
