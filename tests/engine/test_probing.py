import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.probing import Probing, has_failed_at_tls, is_in_vain, joined, tries_next_host, without_answers
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

PEAR = Recipient(1, Address("pear", "plum.example"))
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
RELAY = Reply(554, "5.7.1 relay access denied", Stage.RCPT)
BUSY = Reply(421, "4.3.2 busy", Stage.BANNER)
SHUT = Unreached(Stage.CONNECT, Reason.UNREACHABLE)


def heard(*answers, **more) -> Probing:
    told = tuple(Heard(PEAR, answer) for answer in answers)
    return Probing(told, **({"mx_host": "mx1", "has_connected": True} | more))


def test_only_a_failed_handshake_with_nobody_answered_is_a_failure_at_tls():
    broken = Unreached(Stage.STARTTLS, Reason.DROPPED)
    assert has_failed_at_tls(Probing(stopped=broken))
    assert not has_failed_at_tls(heard(YES, stopped=broken))
    assert not has_failed_at_tls(Probing(stopped=Reply(454, "not now", Stage.STARTTLS)))


def test_of_a_session_out_of_step_no_answer_is_left_but_why():
    believed = without_answers(heard(YES, decoy=YES, second_decoy=YES, control=YES, borne=3))
    assert (believed.heard, believed.decoy, believed.second_decoy, believed.control) == ((), None, None, None)
    assert (believed.stopped.failure, believed.borne, believed.cut_short) == (Reason.UNCLEAR, 3, 4)
    drop = Unreached(Stage.RCPT, Reason.DROPPED)
    assert without_answers(heard(stopped=drop)).stopped == drop


def test_a_session_was_in_vain_where_it_ended_before_anybody_was_answered():
    assert is_in_vain(heard(stopped=BUSY))
    assert not is_in_vain(heard(YES, stopped=BUSY))
    assert not is_in_vain(heard(decoy=YES, stopped=BUSY))
    assert not is_in_vain(heard()), "nobody was to be asked, which is no failure"


@pytest.mark.parametrize(
    ("result", "is_tried"),
    [
        (heard(YES), False),
        (heard(RELAY, RELAY), True),
        (heard(YES, RELAY), False),
        (heard(stopped=BUSY), True),
        (heard(stopped=Reply(554, "5.7.1 blocked", Stage.BANNER)), False),
        (heard(stopped=Reply(530, "5.7.0 Must issue a STARTTLS command first", Stage.MAIL)), True),
        (heard(stopped=SHUT), True),
        (heard(), False),
    ],
)
def test_the_next_host_is_tried_where_this_one_told_nothing_lasting(result, is_tried):
    assert tries_next_host(result, "other") is is_tried


def test_of_two_hosts_the_one_is_kept_that_tells_most():
    answered, busy = heard(RELAY, offers_tls=True), heard(stopped=BUSY, mx_host="mx2")
    shut = Probing(stopped=SHUT, has_connected=False)
    untried = Probing(stopped=SHUT)
    assert joined(answered, busy).heard == answered.heard
    assert joined(busy, answered) == answered
    assert (joined(busy, shut).stopped, joined(shut, busy)) == (BUSY, busy)
    assert joined(shut, untried).has_connected is False
    assert joined(heard(stopped=BUSY, offers_tls=False), heard(YES)).offers_tls is False
    assert joined(heard(stopped=BUSY, cut_short=2), heard(YES, cut_short=1)).cut_short == 3
