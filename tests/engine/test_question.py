"""What a question says of itself: who is still to be answered, and where they were put off before."""

import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.question import Question, all_of
from engine.reply import Reply, Stage

YES = Reply(250, "ok", Stage.RCPT)
PLAIN = Recipient(1, Address("pear", "plum.sandbox"))
QUINCE = Recipient(2, Address("quitté", "plum.sandbox"))
ANSWERED = Recipient(3, Address("apple", "plum.sandbox"), answer=YES)
PUT_OFF = Recipient(4, Address("peach", "plum.sandbox"), mx_host="mx2.plum.sandbox")
DECOY = Address("k3f9a2b7", "plum.sandbox")


def question(*recipients, **more):
    return Question(hosts=(), recipients=recipients, provider="other", **more)


def test_who_needs_smtputf8_is_asked_last_and_who_has_an_answer_not_at_all():
    assert question(QUINCE, ANSWERED, PLAIN).unanswered == (PLAIN, QUINCE)


@pytest.mark.parametrize(("recipients", "host"), [((PLAIN, PUT_OFF), "mx2.plum.sandbox"), ((PLAIN,), "")])
def test_the_host_that_put_somebody_off_is_known(recipients, host):
    assert question(*recipients).known_host == host


@pytest.mark.parametrize("more", [{}, {"decoy": DECOY}, {"second_decoy": DECOY}])
def test_it_has_nobody_to_ask_about_where_all_are_answered_and_no_decoy_is_due(more):
    assert question(ANSWERED, **more).has_any is bool(more)


def test_all_are_granted_where_nobody_limits_them():
    assert all_of(7) == 7
