import time

import pytest

from engine.allowance import LEAST_S, Allowance
from engine.patience import Patience
from engine.reason import Reason
from engine.reply import Stage

HOUR_S = 3600.0
PATIENCE = Patience(connect_s=6.0, banner_s=30.0, command_s=8.0, rcpt_s=10.0, budget_s=600.0)


def begun(ago_s: float = 0.0) -> Allowance:
    return Allowance(PATIENCE, time.monotonic() - ago_s)


@pytest.mark.parametrize(
    ("stage", "usual_s"), [(Stage.BANNER, 30.0), (Stage.EHLO, 8.0), (Stage.MAIL, 8.0), (Stage.RCPT, 10.0)]
)
def test_each_step_may_take_what_is_usual_for_it(stage, usual_s):
    assert begun().left_at(stage) == (usual_s, Reason.TIMEOUT)


def test_a_set_up_that_took_too_long_leaves_no_time_and_is_over_its_budget():
    assert begun(ago_s=HOUR_S).left_at(Stage.EHLO) == (0.0, Reason.BUDGET)


def test_what_the_host_wants_before_it_answers_may_take_as_long_again():
    allowance = begun(ago_s=HOUR_S)
    allowance.renew()

    assert allowance.left_at(Stage.MAIL) == (8.0, Reason.TIMEOUT)


def test_a_recipient_is_charged_the_set_up_as_it_was_when_the_sender_was_first_named():
    allowance = begun(ago_s=HOUR_S)
    assert allowance.left_at(Stage.RCPT) == (10.0, Reason.TIMEOUT), "nothing is charged before that"
    allowance.end_set_up()
    assert allowance.left_at(Stage.RCPT) == (LEAST_S, Reason.BUDGET)

    quick = begun(ago_s=1.0)
    quick.end_set_up()
    quick.began_at -= HOUR_S
    quick.end_set_up()
    assert quick.left_at(Stage.RCPT) == (10.0, Reason.TIMEOUT), "the sender was named before"
